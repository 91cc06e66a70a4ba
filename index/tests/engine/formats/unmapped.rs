//! Fields that are no part of an article are stored with it, up to a limit.

use super::{article, index_of};
use crate::support::indexes::rebuilt;
use fihrist_index::Index;

/// Indexes a file with one article and returns the article's unmapped fields.
#[track_caller]
fn check(name: &str, content: &str, id: &str, expected: &str) {
    let (_home, report, index) = index_of(name, content.as_bytes());
    assert_eq!(
        (report.indexed, report.rejected_count),
        (1, 0),
        "{report:?}"
    );
    let found = article(&index, id).unmapped;
    assert_eq!(
        found.as_deref().unwrap_or("{}"),
        expected,
        "{name}: {content}"
    );
}

#[test]
fn fields_of_objects() {
    check(
        "a.json",
        r#"{"id": "a", "title": "خبر", "body": "نص.", "tags": ["ميناء", "تجارة"], "words": 12, "premium": false, "note": null,
            "source": {"id": 7, "name": "المنارة"}, "geo": {"lat": 32.5, "city": " "}, "list": [], "empty": ""}"#,
        "a",
        r#"{"geo":{"city":" ","lat":32.5},"premium":false,"source.id":7,"tags":["ميناء","تجارة"],"words":12}"#,
    );
    // What an article has no room for is no part of it: a summary beside the text, a second date, more sections.
    check(
        "a.json",
        r#"{"id": "a", "title": "خبر", "text": "نص.", "summary": "موجز.", "date": "2020-03-15", "modified": "2020-03-16",
            "categories": ["محليات", "بحر"], "author": 5, "content_html": "<p>نص.</p>"}"#,
        "a",
        r#"{"author":5,"categories":["محليات","بحر"],"modified":"2020-03-16","summary":"موجز."}"#,
    );
    check(
        "a.json",
        r#"{"_id": "a", "_score": 1.5, "_source": {"title": "خبر", "body": "نص.", "views": 3,
            "authors": [{"name": "سلمى", "id": 1}, {"name": "هاني", "id": 2}]}}"#,
        "a",
        r#"{"_score":1.5,"authors.id":[1,2],"views":3}"#,
    );
    check(
        "a.json",
        r#"{"id": "a", "title": "خبر", "body": "نص."}"#,
        "a",
        "{}",
    );
}

#[test]
fn columns_of_tables() {
    let table = "id,title,text,views,note\na,خبر,نص.,12,\\N\n";
    check("a.csv", table, "a", r#"{"views":"12"}"#);
}

#[test]
fn elements_of_feeds() {
    check(
        "a.rss",
        "<rss xmlns:media=\"m\" xmlns:wp=\"w\"><channel><title>المنارة</title><item><title>خبر</title><guid>https://e.example/1</guid>\
         <description>نص.</description><category>بحر</category><category>تجارة</category><comments>https://e.example/c</comments>\
         <enclosure url=\"https://e.example/a.mp3\" type=\"audio/mpeg\"/><media:credit>هاني</media:credit>\
         <wp:comment><wp:comment_content>تعليق</wp:comment_content></wp:comment></item></channel></rss>",
        "https://e.example/1",
        r#"{"category":["بحر","تجارة"],"comments":"https://e.example/c","enclosure":{"type":"audio/mpeg","url":"https://e.example/a.mp3"},"media:credit":"هاني"}"#,
    );
}

#[test]
fn metadata_of_texts_and_pages() {
    check(
        "0298d090f25e48f7.md",
        "---\ntitle: خبر\ntags: [ميناء, تجارة]\nlayout: post\n---\nنص طويل.",
        "0298d090f25e48f7",
        r#"{"layout":"post","tags":["ميناء","تجارة"]}"#,
    );
    check(
        "a.xml",
        "<doc url=\"https://e.example/1\" title=\"خبر\" sitename=\"المنارة\" tags=\"ميناء;تجارة\" categories=\"بحر\"><main><p>نص طويل.</p></main></doc>",
        "https://e.example/1",
        r#"{"tags":"ميناء;تجارة"}"#,
    );
    check(
        "0298d090f25e48f7.html",
        "<!doctype html><title>رسو السفينة</title><meta name=keywords content='ميناء، تجارة'><meta property='article:tag' content=بحر>\
         <meta property='article:tag' content=سفن><h1>رسو السفينة</h1><p>رست السفينة في الميناء صباح اليوم بعد رحلة طويلة.</p>",
        "0298d090f25e48f7",
        r#"{"article:tag":["بحر","سفن"],"keywords":"ميناء، تجارة"}"#,
    );
    // A page says where it has the parts of the article.
    check(
        "0298d090f25e48f7.html",
        "<!doctype html><title>رسو السفينة</title><link rel=canonical href='https://e.example/1'><meta property='og:site_name' content=المنارة>\
         <meta name=author content='سلمى الهادي'><h1>رسو السفينة</h1><time datetime='2020-03-15'>أمس</time>\
         <p>رست السفينة في الميناء صباح اليوم بعد رحلة طويلة.</p>",
        "0298d090f25e48f7",
        r#"{"origins":{"author":"meta","date":"time","source":"og:site_name","url":"canonical"}}"#,
    );
}

#[test]
fn long_fields_are_named_and_a_rebuild_keeps_the_others() {
    let page = "x".repeat(5_000);
    let nested = "[".repeat(300) + &"]".repeat(300);
    let record = format!(
        r#"{{"id": "a", "title": "خبر", "body": "نص.", "page": "{page}", "tree": {nested}, "views": 3}}"#
    );
    let (home, report, _index) = index_of("a.json", record.as_bytes());
    let note = &report.notes[0];
    assert_eq!((note.kind.code(), note.count), ("unstored_field", 1));
    assert!(
        note.example.contains("`page`, `tree`: not stored"),
        "{}",
        note.example
    );
    let data = home.path().join("index-data");
    rebuilt(&*data);
    let index = Index::open(&*data).expect("an index");
    assert_eq!(
        article(&index, "a").unmapped.as_deref(),
        Some(r#"{"views":3}"#)
    );
}
