//! Feeds as programs write them: which elements count, and which entries are left out.

use super::archives::gzip;
use super::index_of;
use crate::support::indexes::stored;

const BODY: &str = "<description>نص.</description>";

/// Indexes a feed of one entry, and checks the title, authors and date of the entry; or the note
/// that it is left out.
#[track_caller]
fn check(feed: &str, expected: &str) {
    let (_home, report, index) = index_of("a.xml", feed.as_bytes());
    assert_eq!(report.rejected_count, 0, "{report:?}");
    let found = match stored(&index, "https://e.example/1") {
        Some(article) => {
            let date = article.published.as_ref().map_or("", |date| &date.date);
            format!(
                "{} | {} | {date}",
                article.title(),
                article.authors.join(", ")
            )
        }
        None => report.notes.iter().map(|note| note.kind.code()).collect(),
    };
    assert_eq!(found, expected, "{feed}");
}

fn rss(entry: &str) -> String {
    format!(
        "<rss xmlns:dc='d' xmlns:dcterms='t' xmlns:x='x'><channel><item><title>خبر</title><guid>https://e.example/1</guid>{entry}{BODY}</item>\
         </channel></rss>"
    )
}

fn atom(entry: &str) -> String {
    format!(
        "<feed xmlns='http://www.w3.org/2005/Atom' xmlns:app='a' xmlns:blogger='b'><entry><title>خبر</title><id>https://e.example/1</id>\
         {entry}<content>نص.</content></entry></feed>"
    )
}

#[test]
fn the_date_of_publication_comes_before_other_dates() {
    let published = "<pubDate>Sun, 15 Mar 2020 09:30:00 GMT</pubDate>";
    let created = "<dcterms:created>2001-01-01</dcterms:created>";
    check(
        &rss(&[created, published].concat()),
        "خبر |  | 2020-03-15T09:30:00Z",
    );
    check(&rss(created), "خبر |  | 2001-01-01");
    check(
        &rss("<dc:date>2020-03-15</dc:date><dcterms:modified>2020-03-16</dcterms:modified>"),
        "خبر |  | 2020-03-15",
    );
}

#[test]
fn an_author_with_two_elements_is_one() {
    let authors = "<author>desk@e.example (سلمى)</author><dc:creator>سلمى</dc:creator><dc:creator>هاني</dc:creator>";
    check(&rss(authors), "خبر | سلمى, هاني | ");
}

#[test]
fn drafts_pages_and_comments_are_left_out() {
    for left_out in [
        "<app:control><app:draft>yes</app:draft></app:control>",
        "<blogger:status>DRAFT</blogger:status>",
        "<blogger:type>PAGE</blogger:type><blogger:status>LIVE</blogger:status>",
        "<blogger:type>COMMENT</blogger:type>",
    ] {
        check(&atom(left_out), "unpublished");
    }
    for post in [
        "<app:control><app:draft>no</app:draft></app:control>",
        "<blogger:type>POST</blogger:type><blogger:status>LIVE</blogger:status>",
    ] {
        check(&atom(post), "خبر |  | ");
    }
}

#[test]
fn an_element_of_another_namespace_is_no_text() {
    let feed = rss("<x:content>غير ذلك</x:content>");
    let (_home, _report, index) = index_of("a.xml", feed.as_bytes());
    let article = stored(&index, "https://e.example/1").expect("an article");
    assert_eq!(article.text, "خبر\n\nنص.");
    assert_eq!(
        article.unmapped.as_deref(),
        Some(r#"{"x:content":"غير ذلك"}"#)
    );
}

#[test]
fn items_of_scrapy() {
    check(
        "<?xml version=\"1.0\" encoding=\"utf-8\"?>\n<items>\n<item><title>خبر</title><text>نص.</text><url>https://e.example/1</url>\
         <authors><value>سلمى</value><value>هاني</value></authors><date>2020-03-15</date></item>\n</items>",
        "خبر | سلمى, هاني | 2020-03-15",
    );
}

#[test]
fn damage_costs_the_entries_that_it_touches() {
    let entry = |id: &str| {
        format!("<item><title>خبر {id}</title><guid>https://e.example/{id}</guid>{BODY}</item>")
    };
    let head = "<rss><channel><title>المنارة</title>";
    let end = "</channel></rss>";
    // The tag that begins the second entry is damaged.
    let damaged = entry("2").replacen("<item>", "item>", 1);
    let feed = [head, &entry("1"), &damaged, &entry("3"), end].concat();
    let member = gzip(entry("2").as_bytes());
    let mut damaged = member.clone();
    damaged[member.len() / 2] ^= 0x55;
    let first = gzip([head, &entry("1")].concat().as_bytes());
    let last = gzip([&*entry("3"), end].concat().as_bytes());
    for (name, bytes) in [
        ("a.rss", feed.into_bytes()),
        ("a.rss.gz", [first, damaged, last].concat()),
    ] {
        let (_home, report, index) = index_of(name, &bytes);
        assert_eq!(
            (report.indexed, report.rejected_count),
            (2, 1),
            "{report:?}"
        );
        let third = stored(&index, "https://e.example/3").expect("an article");
        assert_eq!(third.source.as_deref(), Some("المنارة"));
    }
}
