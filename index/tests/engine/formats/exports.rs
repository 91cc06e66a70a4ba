//! Exports of programs and services, as they write them: each gives its articles without `--map`.

use fihrist_index::document::{Article, SegmentKind};
use fihrist_index::ingest::{IngestJob, IngestReport, Input, Mapping};
use fihrist_index::{Index, ingest};
use tempfile::TempDir;

use super::{article, run};

fn index_of(name: &str, content: &str, maps: &[&str]) -> (TempDir, IngestReport, Index) {
    let home = TempDir::new().expect("a directory");
    let file = home.path().join(name);
    std::fs::write(&file, content).expect("written");
    let mut job = IngestJob::new(vec![Input::Path(file)]);
    let maps = maps.iter().map(|map| map.parse().expect("a mapping"));
    job.mapping = Mapping::new(&maps.collect::<Vec<ingest::FieldName>>());
    let (report, index) = run(home.path(), &job);
    (home, report, index)
}

/// Indexes a file and returns the articles with these ids. The file holds no others.
#[track_caller]
fn articles<const N: usize>(name: &str, content: &str, ids: [&str; N]) -> [Article; N] {
    let (_home, report, index) = index_of(name, content, &[]);
    assert_eq!(
        (report.indexed, report.rejected_count),
        (N as u64, 0),
        "{report:?}"
    );
    ids.map(|id| article(&index, id))
}

fn date(article: &Article) -> &str {
    article
        .published
        .as_ref()
        .map_or("", |published| &published.date)
}

#[test]
fn objects_around_lists() {
    let a = r#"{"id": "a", "title": "خبر أول", "body": "نص أول."}"#;
    let b = r#"{"id": "b", "title": "خبر ثان", "body": "نص ثان."}"#;
    for content in [
        format!(r#"{{"status": "ok", "totalResults": 2, "articles": [{a}, {b}]}}"#),
        format!("{{\n \"data\": {{\"posts\": [\n{a},\n{b}]}},\n \"next\": null}}"),
        format!(r#"{{"features": [{{"name": "x"}}], "rows": [{{"row_idx": 0, "row": {a}}}, {{"row_idx": 1, "row": {b}}}]}}"#),
        format!(r#"{{"took": 1, "hits": {{"total": 2, "hits": [{{"_id": "x", "_source": {a}}}, {{"_id": "y", "_source": {b}}}]}}}}"#)
            .replace("\"id\": ", "\"n\": ")
            .replace("\"x\"", "\"a\"")
            .replace("\"y\"", "\"b\""),
        format!("[[{a}], [{b}]]"),
        format!("{{\"_index\": \"n\", \"_id\": \"a\", \"_source\": {a}}}\n{{\"_index\": \"n\", \"_id\": \"b\", \"_source\": {b}}}\n"),
        format!("{{\"index\": {{\"_id\": \"a\"}}}}\n{a}\n{{\"index\": {{\"_id\": \"b\"}}}}\n{b}\n").replace(", \"id\": \"a\"", ""),
    ] {
        let [first, second] = articles("a.json", &content, ["a", "b"]);
        assert_eq!(first.text, "خبر أول\n\nنص أول.", "{content}");
        assert_eq!(second.title(), "خبر ثان", "{content}");
    }
}

#[test]
fn the_bulk_format_gives_ids() {
    let lines = "{\"create\": {\"_index\": \"n\", \"_id\": \"k1\"}}\n{\"title\": \"خبر\", \"body\": \"نص.\"}\n\
                 {\"delete\": {\"_id\": \"k0\"}}\n{\"update\": {\"_id\": 7}}\n{\"doc\": {\"title\": \"آخر\"}}\n";
    let [first, second] = articles("a.jsonl", lines, ["k1", "7"]);
    assert_eq!(
        (first.title(), second.title()),
        ("خبر".to_owned(), "آخر".to_owned())
    );
}

#[test]
fn json_feeds_and_messages() {
    let feed = r#"{"version": "https://jsonfeed.org/version/1.1", "title": "المنارة", "description": "أخبار الساحل", "items": [
        {"id": "1", "url": "https://e.example/1", "title": "رسو السفينة", "content_html": "<p>رست السفينة.</p>",
         "date_published": "2020-03-15T09:30:00Z", "authors": [{"name": "سلمى"}]},
        {"id": "urn:2", "url": "https://e.example/2", "content_text": "عادت القوارب."}]}"#;
    let [first, second] = articles("a.json", feed, ["https://e.example/1", "urn:2"]);
    assert_eq!(
        (first.source.as_deref(), date(&first)),
        (Some("المنارة"), "2020-03-15T09:30:00Z")
    );
    assert_eq!(
        (first.authors, second.text),
        (vec!["سلمى".to_owned()], "عادت القوارب.".to_owned())
    );
    let messages = r#"{"name": "المنارة", "type": "public_channel", "id": 12, "messages": [
        {"id": 1, "type": "service", "date": "2020-03-15T09:30:00", "text": ""},
        {"id": 2, "type": "message", "date": "2020-03-15T09:30:00", "from": "المنارة",
         "text": ["رست ", {"type": "bold", "text": "السفينة الكبيرة"}, " صباحا."]}]}"#;
    let [message] = articles("a.json", messages, ["12/2"]);
    assert_eq!(message.text, "رست السفينة الكبيرة صباحا.");
    assert_eq!(message.source.as_deref(), Some("المنارة"));
}

#[test]
fn the_rest_interface_of_wordpress() {
    let posts = r#"[{"id": 31, "date": "2020-03-15T09:30:00", "link": "https://e.example/31", "author": 4, "categories": [2],
        "guid": {"rendered": "https://e.example/?p=31"}, "title": {"rendered": "رسو &#8220;السفينة&#8221;"},
        "content": {"rendered": "<p>رست السفينة.</p>\n", "protected": false}, "excerpt": {"rendered": "<p>رست</p>"}}]"#;
    let [post] = articles("a.json", posts, ["31"]);
    assert_eq!(post.text, "رسو “السفينة”\n\nرست السفينة.");
    assert_eq!(
        (post.url.as_deref(), date(&post)),
        (Some("https://e.example/31"), "2020-03-15T09:30:00")
    );
    assert!(post.authors.is_empty());
}

#[test]
fn the_names_of_crawlers() {
    let lines = r#"{"id": "newsplease", "title": "رسو السفينة", "maintext": "رست السفينة.\nثم أبحرت.", "date_publish": "2020-03-15 09:30:00", "date_download": "2021-01-01 00:00:00", "source_domain": "e.example", "authors": ["سلمى"], "description": "رست", "url": "https://e.example/1"}
{"id": "newspaper4k", "title": "رسو السفينة", "text": "رست السفينة.\nثم أبحرت.", "publish_date": "2020-03-15T09:30:00", "source_url": "https://e.example", "authors": ["سلمى"], "summary": "رست", "url": "https://e.example/1"}
{"id": "trafilatura", "title": "رسو السفينة", "text": "رست السفينة.\nثم أبحرت.", "raw_text": "رسو", "date": "2020-03-15", "filedate": "2021-01-01", "source": "https://e.example/1", "source-hostname": "e.example", "author": "سلمى", "categories": "", "fingerprint": "x", "excerpt": "رست"}
{"id": "fundus", "title": "رسو السفينة", "body": {"summary": [], "sections": [{"headline": [], "paragraphs": ["رست السفينة.", "ثم أبحرت."]}]}, "publishing_date": "2020-03-15 09:30:00+00:00", "authors": ["سلمى"], "topics": ["x"], "html": {"responded_url": "https://e.example/1", "source_info": {"publisher": "e.example"}}}
{"id": "scrapy", "title": ["رسو السفينة"], "content": ["رست السفينة.", "ثم أبحرت."], "date": ["2020-03-15"], "url": ["https://e.example/1"], "author": ["سلمى"], "site": "e.example"}"#;
    let ids = [
        "newsplease",
        "newspaper4k",
        "trafilatura",
        "fundus",
        "scrapy",
    ];
    for (article, id) in articles("a.jsonl", lines, ids).into_iter().zip(ids) {
        assert_eq!(
            article.text, "رسو السفينة\n\nرست السفينة.\nثم أبحرت.",
            "{id}"
        );
        assert!(date(&article).starts_with("2020-03-15"), "{id}");
        assert_eq!(article.url.as_deref(), Some("https://e.example/1"), "{id}");
        assert_eq!(article.authors, ["سلمى"], "{id}");
        assert!(
            id == "newspaper4k" || article.source.as_deref() == Some("e.example"),
            "{id}"
        );
    }
}

#[test]
fn the_xml_of_trafilatura() {
    let xml = "<doc sitename=\"المنارة\" title=\"رسو السفينة\" author=\"سلمى; هاني\" date=\"2020-03-15\" \
               source=\"https://e.example/1\" hostname=\"e.example\" excerpt=\"رست\"><main><head rend=\"h2\">في الميناء</head>\
               <p>رست السفينة &amp; أبحرت.</p><list><item>أولا</item></list></main><comments><p>تعليق</p></comments></doc>";
    let [doc] = articles("a.xml", xml, ["https://e.example/1"]);
    assert_eq!(
        doc.text,
        "رسو السفينة\n\nفي الميناء\n\nرست السفينة & أبحرت.\n\nأولا"
    );
    assert_eq!(
        (doc.authors, doc.source.as_deref()),
        (vec!["سلمى".to_owned(), "هاني".to_owned()], Some("المنارة"))
    );
}

#[test]
fn json_of_pandas_and_firebase() {
    for json in [
        r#"{"id": ["a", "b"], "title": ["الأول", "الثاني"], "body": ["متن أول.", "متن ثان."]}"#,
        r#"{"id": {"0": "a", "1": "b"}, "title": {"0": "الأول", "1": "الثاني"}, "body": {"0": "متن أول.", "1": "متن ثان."}}"#,
        r#"{"columns": ["id", "title", "body"], "index": [0, 1], "data": [["a", "الأول", "متن أول."], ["b", "الثاني", "متن ثان."]]}"#,
        r#"{"0": {"id": "a", "title": "الأول", "body": "متن أول."}, "1": {"id": "b", "title": "الثاني", "body": "متن ثان."}}"#,
        r#"{"a": {"title": "الأول", "body": "متن أول."}, "b": {"title": "الثاني", "body": "متن ثان."}}"#,
    ] {
        let articles = articles("a.json", json, ["a", "b"]);
        let texts = articles.map(|article| article.text);
        assert_eq!(texts, ["الأول\n\nمتن أول.", "الثاني\n\nمتن ثان."], "{json}");
    }
}

#[test]
fn tables_of_programs() {
    let csv = "id,title,body,author,section\n1,خبر,\"['فقرة أولى.', 'فقرة ثانية.']\",\"['سلمى', \"\"هاني\"\"]\",NaN\n";
    let [article] = articles("a.csv", csv, ["1"]);
    assert_eq!(article.text, "خبر\n\nفقرة أولى.\nفقرة ثانية.");
    assert_eq!(
        (article.authors.join("/"), article.section),
        ("سلمى/هاني".to_owned(), None)
    );
    let tsv = "id\ttitle\tbody\tauthor\n1\tخبر\tسطر أول.\\nسطر ثان.\t\\N\n";
    let [article] = articles("a.tsv", tsv, ["1"]);
    assert_eq!(article.text, "خبر\n\nسطر أول.\nسطر ثان.");
    assert!(article.authors.is_empty());
}

#[test]
fn metadata_above_a_text() {
    let text = "---\nid: 7\ntitle: \"رسو السفينة\"\nauthor: [سلمى, هاني]\ndate: 2020-03-15\ntags:\n- بحر\n---\n\nرست السفينة.\n";
    let [article] = articles("a.txt", text, ["7"]);
    assert_eq!(article.title(), "رسو السفينة");
    assert_eq!(article.authors, ["سلمى", "هاني"]);
    assert_eq!(
        article.published.map(|date| date.date).as_deref(),
        Some("2020-03-15")
    );
}

#[test]
fn names_in_objects() {
    let json = r#"{"id": 1, "title": [{"value": "خبر"}], "body": [{"value": "متن.", "summary": "م."}], "source": {"name": "المنارة"},
        "category": {"name": "محليات"}, "author": {"node": {"name": "سلمى"}}, "date_modified": "2020-03-15"}"#;
    let [article] = articles("a.json", json, ["1"]);
    assert_eq!(article.text, "خبر\n\nمتن.");
    assert_eq!(article.authors, ["سلمى"]);
    let [source, section] = [article.source, article.section].map(Option::unwrap_or_default);
    assert_eq!([source, section], ["المنارة", "محليات"]);
    assert!(article.published.is_some());
    let json = r#"{"id": 1, "title": "خبر", "body": "متن.", "authors": ["desk@e.example (سلمى)", "سلمى", "هاني (h@e.example)"]}"#;
    let [article] = articles("a.json", json, ["1"]);
    assert_eq!(article.authors, ["سلمى", "هاني"]);
}

#[test]
fn the_tei_of_trafilatura() {
    let titles =
        "<titleStmt><title type=\"main\">رسو السفينة</title><author>سلمى</author></titleStmt>";
    let xml = format!(
        "<TEI xmlns=\"http://www.tei-c.org/ns/1.0\"><teiHeader><fileDesc>{titles}<sourceDesc>\
         <bibl>رسو السفينة, المنارة</bibl><biblFull>{titles}<publicationStmt><publisher>المنارة (e.example)</publisher>\
         <ptr type=\"URL\" target=\"https://e.example/1\"/><date>2020-03-15</date></publicationStmt></biblFull></sourceDesc>\
         </fileDesc><profileDesc><abstract><p>ملخص</p></abstract><textClass><keywords><term type=\"categories\">محليات</term>\
         </keywords></textClass><creation><date type=\"download\">2021-01-01</date></creation></profileDesc></teiHeader>\
         <text><body><div type=\"entry\"><ab rend=\"h1\" type=\"header\">رسو السفينة</ab><p>رست السفينة.</p>\
         <ab type=\"header\">في الميناء</ab><p>ثم أبحرت.</p></div><div type=\"comments\"><p>تعليق</p></div></body></text></TEI>"
    );
    let [doc] = articles("a.xml", &xml, ["https://e.example/1"]);
    assert_eq!(
        doc.text,
        "رسو السفينة\n\nرسو السفينة\n\nرست السفينة.\n\nفي الميناء\n\nثم أبحرت."
    );
    // The title comes again as the first paragraph.
    assert_eq!(doc.segments[1].kind, SegmentKind::Furniture);
    let date = doc.published.map(|published| published.date);
    assert_eq!(date.as_deref(), Some("2020-03-15"));
    assert_eq!(doc.authors, ["سلمى"]);
    let [source, section] = [doc.source, doc.section].map(Option::unwrap_or_default);
    assert_eq!([source, section], ["المنارة", "محليات"]);
}

#[test]
fn exports_of_wordpress() {
    let item = |id: u32, kind: &str, status: &str| {
        format!(
            "<item><title>خبر {id}</title><link>https://e.example/{id}</link><dc:creator>s.h</dc:creator>\
             <excerpt:encoded><![CDATA[ملخص]]></excerpt:encoded><content:encoded><![CDATA[<!-- wp:paragraph --><p>نص {id}.</p>\
             [gallery ids=\"1,2\"]]]></content:encoded><wp:post_date>2020-03-15 09:30:00</wp:post_date>\
             <category domain=\"post_tag\">وسم</category><category domain=\"category\">محليات</category>\
             <wp:status>{status}</wp:status><wp:post_type>{kind}</wp:post_type>\
             <wp:comment><wp:comment_content>تعليق</wp:comment_content></wp:comment></item>"
        )
    };
    let items = [
        item(1, "post", "publish"),
        item(2, "post", "draft"),
        item(3, "page", "publish"),
        item(4, "attachment", "inherit"),
    ];
    let xml = format!(
        "<?xml version=\"1.0\"?><rss xmlns:wp=\"w\"><channel><title>المنارة</title><wp:author><wp:author_login>s.h</wp:author_login>\
         <wp:author_display_name>سلمى الحداد</wp:author_display_name></wp:author>{}</channel></rss>",
        items.concat()
    );
    let (_home, report, index) = index_of("a.xml", &xml, &[]);
    assert_eq!(
        (report.indexed, report.rejected_count, report.notes[0].count),
        (1, 0, 3),
        "{report:?}"
    );
    let post = article(&index, "https://e.example/1");
    assert_eq!(post.text, "خبر 1\n\nنص 1.");
    assert_eq!(
        (post.section.as_deref(), date(&post)),
        (Some("محليات"), "2020-03-15T09:30:00")
    );
    assert_eq!(post.authors, ["سلمى الحداد"]);
}

#[test]
fn a_mapping_reaches_into_lists() {
    let record = r#"{"key": "k", "blocks": [{"kind": "h", "t": "رسو السفينة"}, {"t": "رست."}, {"t": "ثم أبحرت."}]}"#;
    let (_home, _, index) = index_of("a.json", record, &["id=key", "body=blocks.t"]);
    assert_eq!(article(&index, "k").text, "رسو السفينة\nرست.\nثم أبحرت.");
}

#[test]
fn records_without_a_text_say_what_they_have() {
    let lines = "{\"h\": \"رسو السفينة\", \"t\": \"رست السفينة في الميناء صباحا.\"}\n{\"h\": \"x y\", \"t\": \"z\"}\n{\"h\": \"x\"}\n";
    let (_home, report, _index) = index_of("a.jsonl", lines, &[]);
    let reasons: Vec<_> = report
        .rejected
        .iter()
        .map(|rejected| &*rejected.reason)
        .collect();
    assert_eq!(
        reasons,
        [
            "no field is known as title or body; the fields are `h`, `t`; if they are the text and the title, say --map body=t --map title=h",
            "no field is known as title or body, as in line 1",
            "no field is known as title or body; the fields are `h`; none of them holds a text",
        ]
    );
    let long = "رست السفينة في الميناء. ".repeat(5);
    let line = format!("{{\"title\": \"رسو السفينة\", \"txt\": \"{long}\"}}");
    let (_home, report, _index) = index_of("a.jsonl", &line, &[]);
    assert_eq!(
        (report.indexed, report.notes[0].kind.code()),
        (1, "title_only")
    );
    assert!(
        report.notes[0]
            .example
            .ends_with("`txt` may be its text: --map body=txt")
    );
}

#[test]
fn xml_that_is_no_feed_is_rejected() {
    let xml = "<mediawiki xmlns=\"http://www.mediawiki.org/xml/export-0.10/\"><page><title>جسر</title></page></mediawiki>";
    for (name, xml) in [
        ("a.xml", xml),
        ("a", xml),
        ("a.xml", "<sitemap><url/></sitemap>"),
    ] {
        let (_home, report, _index) = index_of(name, xml, &[]);
        assert_eq!(report.indexed, 0);
        assert!(
            report.rejected[0]
                .reason
                .starts_with("XML, but neither RSS nor Atom"),
            "{report:?}"
        );
    }
}
