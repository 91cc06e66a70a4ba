//! What crawlers and extractors write: pages and Markdown in fields, and metadata beside the text.

use fihrist_index::document::Article;

use super::{article, index_of};

/// Indexes a file with one article and returns it, with the codes of the notes.
#[track_caller]
fn read(name: &str, content: &str, id: &str) -> (Article, Vec<&'static str>) {
    let (_home, report, index) = index_of(name, content.as_bytes());
    let counts = (report.indexed, report.rejected_count);
    assert_eq!(counts, (1, 0), "{report:?}");
    let notes = report.notes.iter().map(|note| note.kind.code()).collect();
    (article(&index, id), notes)
}

fn segments(article: &Article) -> Vec<String> {
    let segments = article.segments.iter();
    let line = |kind: &str, text: &str| format!("{kind}: {text}");
    segments
        .map(|segment| line(segment.kind.name(), segment.span.slice(&article.text)))
        .collect()
}

#[test]
fn a_whole_page_in_a_field_is_read_as_a_page() {
    let page = r#"<!DOCTYPE html><html><head><title>سفينة في الميناء - المرسى</title>
        <meta property="og:site_name" content="المرسى"><meta property="article:published_time" content="2024-05-11T08:30:00+03:00">
        </head><body><nav><a href="/">الرئيسية</a> <a href="/s">رياضة</a></nav><article><h1>سفينة في الميناء</h1>
        <p>رست السفينة صباح السبت في الميناء القديم، وعلى متنها مئة راكب.</p></article></body></html>"#;
    for field in ["html", "content", "body"] {
        let record =
            serde_json::json!({"url": "https://a.example/1", field: page, "author": "سلمى"});
        let (article, _) = read("a.jsonl", &record.to_string(), "https://a.example/1");
        let expected = [
            "title: سفينة في الميناء",
            "body: رست السفينة صباح السبت في الميناء القديم، وعلى متنها مئة راكب.",
        ];
        assert_eq!(segments(&article), expected, "{field}");
        assert_eq!(article.source.as_deref(), Some("المرسى"));
        assert_eq!(article.authors, ["سلمى"]);
        assert!(article.published.is_some());
    }
}

#[test]
fn metadata_beside_the_text() {
    let metadata = r#""metadata": {"title": "سفينة", "author": "سلمى", "sourceURL": "https://a.example/1",
        "publishedTime": "2024-05-11T08:30:00+03:00"}"#;
    for record in [
        format!(r##"{{"markdown": "# سفينة\n\nرست **صباحا**.", {metadata}}}"##),
        format!(r##"{{"success": true, "data": {{"markdown": "رست صباحا.", {metadata}}}}}"##),
        format!(r#"{{"text": "رست صباحا.", {metadata}}}"#),
        format!(r#"{{"page_content": "رست صباحا.", {metadata}}}"#),
    ] {
        let (article, _) = read("a.json", &record, "https://a.example/1");
        let text = segments(&article);
        let text: Vec<_> = text
            .iter()
            .filter(|line| !line.starts_with("furniture"))
            .collect();
        assert_eq!(text, ["title: سفينة", "body: رست صباحا."], "{record}");
        assert_eq!(article.authors, ["سلمى"]);
        assert!(article.published.is_some(), "{record}");
    }
}

#[test]
fn markdown_files() {
    let text = "+++\ntitle = \"سفينة\"\nid = \"m1\"\nauthors = [\n    \"سلمى\",\n    \"هاني\",\n]\n+++\n\n# سفينة\n\nرست **صباحا**.\n\n## الركاب\n\nنزل مئة.\n";
    let (article, _) = read("a.md", text, "m1");
    let expected = [
        "title: سفينة",
        "furniture: سفينة",
        "body: رست صباحا.",
        "subhead: الركاب",
        "body: نزل مئة.",
    ];
    assert_eq!(segments(&article), expected);
    assert_eq!(article.authors, ["سلمى", "هاني"]);
}

#[test]
fn messages_of_a_channel_are_articles_and_error_messages_are_not() {
    let message = r#"{"_": "Message", "id": 7, "date": "2024-05-11T08:30:00+00:00", "message": "رست سفينة صباحا."}"#;
    let (article, _) = read("a.jsonl", message, "7");
    assert_eq!(article.text, "رست سفينة صباحا.");
    let (_home, report, _) = index_of(
        "a.json",
        r#"{"code": 7, "message": "لا توجد صفحة"}"#.as_bytes(),
    );
    assert_eq!(report.indexed, 0);
}
