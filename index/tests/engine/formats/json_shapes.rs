//! JSON in the shapes that programs and services write, whole and damaged: each record gives one
//! article, and damage costs the record that it is in.

use std::fs;

use fihrist_index::Index;
use fihrist_index::ingest::{IngestJob, Input};
use tempfile::TempDir;

use super::{article, run};

/// Indexes files in one job. Checks the ids of all articles, and what was left out or rejected: the
/// code of the note or the reason of the rejection behind the place, as far as it is given.
#[track_caller]
fn check(files: &[(&str, Vec<u8>)], ids: &[&str], others: &[&str]) -> (TempDir, Index) {
    let home = TempDir::new().expect("a directory");
    let folder = home.path().join("in");
    fs::create_dir(&folder).expect("a folder");
    for (name, content) in files {
        fs::write(folder.join(name), content).expect("written");
    }
    let (report, index) = run(
        home.path(),
        &IngestJob::new(vec![Input::Path(folder.clone())]),
    );
    let prefix = format!("{}/", folder.display());
    let notes = report
        .notes
        .iter()
        .map(|note| format!("{} {}: {}", note.count, note.kind.code(), note.example));
    let rejections = report
        .rejected
        .iter()
        .map(|rejected| format!("{}: {}", rejected.source, rejected.reason));
    let seen: Vec<_> = notes
        .chain(rejections)
        .map(|line| line.replace(&prefix, ""))
        .collect();
    let is_expected = |(seen, expected): (&String, &&str)| seen.starts_with(expected);
    assert!(
        seen.len() == others.len() && seen.iter().zip(others).all(is_expected),
        "expected {others:#?}, found {seen:#?}"
    );
    assert_eq!(report.indexed, ids.len() as u64, "{report:?}");
    for id in ids {
        article(&index, id);
    }
    (home, index)
}

fn file<'n>(name: &'n str, content: &str) -> (&'n str, Vec<u8>) {
    (name, content.into())
}

#[test]
fn texts_in_objects() {
    let languages = r#"{"id": "l1", "title": {"en": "A ship", "ar": "سفينة"}, "body": {"en": "It came.", "ar": "رست صباحا."}, "date": "2020-03-15"}
{"id": "l2", "title": {"ar-SA": "قارب"}, "body": {"ar-SA": ["عاد ليلا.", "ثم أبحر."]}, "date": "2020-03-16"}"#;
    let google = r#"{"feed": {"title": {"$t": "المنارة"}, "entry": [{"id": {"$t": "g1"}, "title": {"$t": "سفينة", "type": "text"},
        "content": {"$t": "رست صباحا.", "type": "html"}, "published": {"$t": "2020-03-15"}, "author": [{"name": {"$t": "سلمى"}}]}]}}"#;
    let xmltodict = r##"[{"id": "x1", "title": {"#text": "سفينة", "@type": "html"}, "body": {"@type": "html", "#text": "رست صباحا."}},
        {"id": "x2", "title": {"_": "قارب", "$": {"type": "html"}}, "content": {"_": "عاد ليلا.", "$": {"type": "html"}}}]"##;
    let (_home, index) = check(
        &[
            file("languages.jsonl", languages),
            file("google.json", google),
            file("xml.json", xmltodict),
        ],
        &["l1", "l2", "g1", "x1", "x2"],
        &[],
    );
    for id in ["l1", "g1", "x1"] {
        assert_eq!(article(&index, id).text, "سفينة\n\nرست صباحا.", "{id}");
    }
    assert_eq!(article(&index, "l2").text, "قارب\n\nعاد ليلا.\nثم أبحر.");
    assert_eq!(article(&index, "x2").text, "قارب\n\nعاد ليلا.");
    let google = article(&index, "g1");
    assert_eq!(google.published.expect("a date").date, "2020-03-15");
    assert_eq!(google.source.as_deref(), Some("المنارة"));
    assert_eq!(google.authors, ["سلمى"]);
    let other = r#"{"body.en":"It came.","title.en":"A ship"}"#;
    assert_eq!(article(&index, "l1").unmapped.as_deref(), Some(other));
}

#[test]
fn containers_whose_names_are_data() {
    let record = |id: &str| format!(r#"{{"id": "{id}", "title": "خبر {id}", "body": "نص {id}."}}"#);
    let [a, b, c, d, e, f, g, h, i, j] =
        ["a", "b", "c", "d", "e", "f", "g", "h", "i", "j"].map(record);
    let no_id = r#"{"title": "خبر", "body": "نص."}"#;
    let channel = |item: &str| {
        format!(
            r#"{{"rss": {{"@version": "2.0", "channel": {{"title": "المنارة", "description": "أخبار", "item": {item}}}}}}}"#
        )
    };
    let (_home, index) = check(
        &[
            file(
                "fundus.json",
                &format!(r#"{{"صحيفة المرفأ": [{a}], "x": [], "الشراع": [{b}]}}"#),
            ),
            file(
                "firebase.json",
                &format!(r#"{{"articles": {{"-Nk1": {no_id}}}, "users": {{"u": {{"n": 1}}}}}}"#)
                    .replace("-Nk1\": ", &format!("k\": {c}, \"-Nk1\": ")),
            ),
            file(
                "nodes.json",
                &format!(
                    r#"{{"data": {{"posts": {{"pageInfo": {{"next": null}}, "nodes": [{d}]}}}}}}"#
                ),
            ),
            file(
                "pages.json",
                &format!(
                    r#"{{"batchcomplete": true, "query": {{"pages": {{"1": {e}, "2": {f}}}}}}}"#
                ),
            ),
            file(
                "single.json",
                &format!(r#"{{"status": "success", "data": {g}}}"#),
            ),
            file(
                "search.json",
                &format!(
                    r#"{{"took": 3, "responses": [{{"took": 1, "hits": {{"total": 1, "hits": [{{"_source": {h}}}]}}}}]}}"#
                ),
            ),
            file("rss.json", &channel(&format!("[{i}]"))),
            file("rss-one.json", &channel(&j)),
            file(
                "urls.json",
                &format!(
                    r#"{{"https:\/\/e.example\/1": {no_id}, "https:\/\/e.example\/2": {no_id}}}"#
                ),
            ),
        ],
        &[
            "a",
            "b",
            "c",
            "d",
            "e",
            "f",
            "g",
            "h",
            "i",
            "j",
            "-Nk1",
            "https://e.example/1",
            "https://e.example/2",
        ],
        &[],
    );
    let source = |id: &str| article(&index, id).source;
    assert_eq!(source("a").as_deref(), Some("صحيفة المرفأ"));
    assert_eq!(source("i").as_deref(), Some("المنارة"));
    let url = article(&index, "https://e.example/2").url;
    assert_eq!(url.as_deref(), Some("https://e.example/2"));
}

#[test]
fn the_full_text_and_names_in_objects() {
    let full = "رست السفينة في الميناء صباح اليوم بعد رحلة طويلة. ".repeat(6);
    let lines = format!(
        r#"{{"id": "a", "title": "خبر", "body": "<Element body at 0x7f26>", "text": "{full}"}}
{{"id": "b", "title": "خبر", "text": "رست السفينة.", "content_html": "<p>{full}</p>"}}
{{"id": "c", "title": "خبر", "text": "رست السفينة.", "html": "<!DOCTYPE html><p>{full}</p>"}}
{{"id": "d", "title": "خبر", "text": "نص.", "domain": "e.example", "opengraph": {{"site_name": "المنارة"}}, "byline": {{"original": "سلمى"}}}}
{{"id": "e", "title": "خبر", "text": "نص.", "author": {{"displayName": "سلمى", "id": 7}}}}
{{"id": "f", "title": "خبر", "body": "<Element body at 0x7f26>"}}"#
    );
    let feed = r#"{"status": "ok", "feed": {"title": "المنارة"}, "items": [{"guid": "g", "title": "خبر", "content": "نص."}]}"#;
    let (_home, index) = check(
        &[file("a.jsonl", &lines), file("feed.json", feed)],
        &["a", "b", "c", "d", "e", "f", "g"],
        &[],
    );
    for id in ["a", "b"] {
        assert!(article(&index, id).text.len() > full.len(), "{id}");
    }
    assert_eq!(article(&index, "c").text, "خبر\n\nرست السفينة.");
    assert_eq!(article(&index, "f").text, "خبر");
    for id in ["d", "g"] {
        let source = article(&index, id).source;
        assert_eq!(source.as_deref(), Some("المنارة"), "{id}");
    }
    for id in ["d", "e"] {
        assert_eq!(article(&index, id).authors, ["سلمى"], "{id}");
    }
}

#[test]
fn what_is_no_article_is_left_out() {
    let sequence =
        "\u{1E}{\"id\": \"s1\", \"title\": \"خبر\"}\n\u{1E}{\"id\": \"s2\", \"title\": \"خبر\"}\n";
    let pretty = sequence
        .replace("{\"id", "{\n \"id")
        .replace("s1", "p1")
        .replace("s2", "p2");
    let posts = r#"[{"id": "w1", "status": "publish", "type": "post", "title": {"rendered": "خبر"}, "content": {"rendered": "نص"}},
        {"id": "w2", "status": "draft", "type": "post", "title": {"rendered": "مسودة"}, "content": {"rendered": "نص"}},
        {"id": "w3", "status": "publish", "type": "page", "title": {"rendered": "عنا"}, "content": {"rendered": "نص"}},
        {"id": "w4", "status": "draft", "title": "مسودة", "html": "<p>نص</p>", "lexical": null},
        {"id": "w5", "status": "draft", "title": "خبر", "body": "نص"},
        {"id": 6, "name": "ثقافة", "description": "أخبار الثقافة", "taxonomy": "category"}]"#;
    let updates = "{\"update\": {\"_id\": \"u1\"}}\n{\"doc\": {\"views\": 3}}\n{\"doc\": {\"id\": \"u2\", \"title\": \"خبر\"}}\n";
    check(
        &[
            file(
                "package.json",
                r#"{"name": "scraper", "version": "1.0.0", "description": "Scrapes news"}"#,
            ),
            file(
                "datapackage.json",
                r#"{"profile": "data-package", "resources": [{"name": "x", "bytes": 1}]}"#,
            ),
            file("pretty.json", &pretty),
            file("posts.json", posts),
            file("sequence.jsonl", sequence),
            file("updates.ndjson", updates),
        ],
        &["w1", "w5", "s1", "s2", "p1", "p2", "u2"],
        &["7 unpublished: "],
    );
}

#[test]
fn rows_that_are_lists() {
    let list = r#"[["id", "title", "body", "tags"], ["r1", "سفينة", "رست صباحا.", ["ميناء"]], ["r2", "قارب", "عاد ليلا.", []]]"#;
    let lines = r#"["id", "title", "body"]
["UInt64", "String", "LowCardinality(String)"]
["r3", "سفينة", "رست صباحا."]
["r4", "قارب", "عاد ليلا."]"#;
    let (_home, index) = check(
        &[file("a.json", list), file("b.jsonl", lines)],
        &["r1", "r2", "r3", "r4"],
        &[],
    );
    for id in ["r1", "r3"] {
        assert_eq!(article(&index, id).text, "سفينة\n\nرست صباحا.", "{id}");
    }
}

#[test]
fn texts_below_their_type() {
    let firestore = r#"{"documents": [{"name": "projects/p/news/1", "fields": {"id": {"integerValue": "71"},
        "title": {"stringValue": "سفينة"}, "body": {"stringValue": "رست صباحا."},
        "source": {"mapValue": {"fields": {"name": {"stringValue": "المرسى"}}}},
        "date": {"timestampValue": "2020-03-15T08:00:00Z"}}}]}"#;
    let dynamo = r#"{"Item": {"id": {"S": "d1"}, "title": {"S": "سفينة"}, "body": {"S": "رست صباحا."}, "authors": {"L": [{"S": "سلمى"}]}}}
{"Item": {"id": {"S": "d2"}, "title": {"S": "قارب"}, "body": {"S": "عاد ليلا."}, "views": {"N": "4"}}}"#;
    let (_home, index) = check(
        &[
            file("firestore.json", firestore),
            file("dynamo.json", dynamo),
        ],
        &["71", "d1", "d2"],
        &[],
    );
    assert_eq!(article(&index, "d1").authors, ["سلمى"]);
    let article = article(&index, "71");
    assert_eq!(article.text, "سفينة\n\nرست صباحا.");
    assert_eq!(article.source.as_deref(), Some("المرسى"));
    assert_eq!(
        article.published.expect("a date").date,
        "2020-03-15T08:00:00Z"
    );
}

#[test]
fn garbled_names_are_repaired_with_the_text() {
    let record = r#"{"id": "1", "title": "ÞÇá ÇáæÒíÑ Åä ÇáãÏíäÉ ÂãäÉ.", "body": "نص", "author": "Óáãì ÇáæÑÏ",
        "source": "ÃæÑÇÞ", "date": "15 ãÇÑÓ 2020"}"#;
    let (_home, index) = check(&[file("a.json", record)], &["1"], &["1 repaired: a.json"]);
    let article = article(&index, "1");
    assert_eq!(article.title(), "قال الوزير إن المدينة آمنة.");
    assert_eq!(article.authors, ["سلمى الورد"]);
    assert_eq!(article.source.as_deref(), Some("أوراق"));
    assert_eq!(article.published.expect("a date").date, "2020-03-15");
}

#[test]
fn json_in_utf_16() {
    let text = "{\"id\": \"1\", \"title\": \"سفينة\"}\n{\"id\": \"2\", \"title\": \"قارب\"}\n";
    let units = |mark: &str, text: &str, to_bytes: fn(u16) -> [u8; 2]| -> Vec<u8> {
        let text = format!("{mark}{text}");
        text.encode_utf16().flat_map(to_bytes).collect()
    };
    let list = "[{\"id\": \"3\", \"title\": \"سفينة\"}]";
    let (_home, index) = check(
        &[
            ("a.jsonl", units("\u{FEFF}", text, u16::to_le_bytes)),
            ("b.json", units("", list, u16::to_be_bytes)),
        ],
        &["1", "2", "3"],
        &["1 decoded_as: a.jsonl", "1 decoded_as: b.json"],
    );
    assert_eq!(article(&index, "2").title(), "قارب");
}

#[test]
fn damage_in_a_list_costs_its_record() {
    let record = |id: u8| format!(r#"{{"title": "خبر {id}", "id": "{id}", "body": "نص."}}"#);
    let records = [1, 2, 3, 4].map(record);
    let wrapped =
        |records: &str| format!(r#"{{"status": "ok", "articles": [{records}], "next": null}}"#);
    let feed = |records: &str| {
        format!(
            r#"{{"version": "https://jsonfeed.org/version/1.1", "title": "المنارة", "items": [{records}]}}"#
        )
    };
    let bare = |records: &str| format!("[{records}]");
    let shapes: [&dyn Fn(&str) -> String; 3] = [&wrapped, &feed, &bare];
    let second = |damaged: &str| records.join(", ").replace(&records[1], damaged);
    let first = |damaged: &str| records.join(", ").replace(&records[0], damaged);
    let without_brace = records[1].trim_start_matches('{').to_owned();
    for (list, kept) in [
        // A bracket or a brace too many, and one too few.
        (
            second(&format!("{}]", records[1])),
            &["1", "2", "3", "4"][..],
        ),
        (second(&format!("{}}}", records[1])), &["1", "3", "4"]),
        (second(&without_brace), &["1", "3", "4"]),
        // A quote too many, before and in a record.
        (second(&format!("\" {}", records[1])), &["1", "3", "4"]),
        (second(&records[1].replace("نص", "ن\"ص")), &["1", "3", "4"]),
        (
            first(&records[0].replace("\"title\"", "\"title")),
            &["2", "3", "4"],
        ),
        (first(&records[0].replace("خبر", "خ\"بر")), &["2", "3", "4"]),
    ] {
        for shape in shapes {
            let home = TempDir::new().expect("a directory");
            let path = home.path().join("a.json");
            fs::write(&path, shape(&list)).expect("written");
            let (report, index) = run(home.path(), &IngestJob::new(vec![Input::Path(path)]));
            let content = shape(&list);
            assert!(report.rejected_count <= 3, "{content}: {report:?}");
            assert!(
                report.rejected_count > 0 || report.indexed == 4,
                "{content}: {report:?}"
            );
            for id in kept {
                let found = crate::support::indexes::stored(&index, id);
                assert!(found.is_some(), "{id} of {content}: {report:?}");
            }
        }
    }
}

#[test]
fn damage_in_records_by_key_costs_its_record() {
    let record =
        |id: &str, title: &str| format!(r#""{id}": {{"title": "{title}", "body": "نص."}}"#);
    let object = |records: [String; 3]| format!("{{{}}}", records.join(", "));
    let whole = object([record("g", "خبر"), record("h", "خبر"), record("i", "خبر")]);
    let cut: String = whole.chars().take(whole.chars().count() - 20).collect();
    check(
        &[
            file(
                "first.json",
                &object([record("x", "خ\"بر"), record("a", "خبر"), record("b", "خبر")]),
            ),
            file("last.json", &cut),
            file(
                "second.json",
                &object([record("d", "خبر"), record("y", "خ\"بر"), record("e", "خبر")]),
            ),
            file(
                "third.json",
                &object([
                    record("k", "خبر"),
                    record("l", "خبر") + "}",
                    record("m", "خبر"),
                ]),
            ),
        ],
        &["a", "b", "d", "e", "g", "h", "k", "l", "m"],
        &[
            "first.json:1: broken JSON",
            "last.json:1: broken JSON",
            "second.json:1: broken JSON",
            "third.json:1: damaged: a bracket too many",
        ],
    );
}
