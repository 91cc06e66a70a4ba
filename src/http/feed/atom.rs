//! Writes an Atom feed (RFC 4287) as XML. All text passes through the writer, which escapes it.

use std::io::Result;

use jiff::Timestamp;
use quick_xml::Writer;
use quick_xml::events::{BytesDecl, BytesText, Event};
use sha2::{Digest, Sha256};

/// The entry title of an article that has no title, as on the page.
const UNTITLED: &str = "بلا عنوان";

/// A feed of the results of a query.
pub struct Feed {
    pub query: String,
    pub self_link: String,
    /// The address of the page with the results of the query.
    pub page: String,
    pub entries: Vec<Entry>,
}

/// One article of the feed.
pub struct Entry {
    pub id: String,
    pub title: String,
    pub summary: String,
    pub page: String,
    /// The address at which the source published the article.
    pub original: Option<String>,
    pub authors: Vec<String>,
    pub section: Option<String>,
    pub published_seconds: Option<i64>,
}

type Xml = Writer<Vec<u8>>;

impl Feed {
    /// Returns the XML document.
    pub fn to_xml(&self) -> Result<Vec<u8>> {
        let mut xml = Writer::new(Vec::new());
        xml.write_event(Event::Decl(BytesDecl::new("1.0", Some("utf-8"), None)))?;
        let root = [("xmlns", "http://www.w3.org/2005/Atom"), ("xml:lang", "ar")];
        xml.create_element("feed")
            .with_attributes(root)
            .write_inner_content(|xml| {
                element(xml, "id", &urn("feed", &self.query))?;
                element(xml, "title", &format!("{} — الفهرست", self.query))?;
                let newest = self
                    .entries
                    .iter()
                    .filter_map(|entry| entry.published_seconds)
                    .max();
                element(xml, "updated", &time(newest))?;
                link(xml, "self", "application/atom+xml", &self.self_link)?;
                link(xml, "alternate", "text/html", &self.page)?;
                person(xml, "الفهرست")?;
                xml.create_element("generator")
                    .with_attribute(("version", env!("CARGO_PKG_VERSION")))
                    .write_text_content(BytesText::new("Fihrist"))?;
                self.entries.iter().try_for_each(|entry| entry.write(xml))
            })?;
        Ok(xml.into_inner())
    }
}

impl Entry {
    fn write(&self, xml: &mut Xml) -> Result<()> {
        xml.create_element("entry").write_inner_content(|xml| {
            element(xml, "id", &urn("article", &self.id))?;
            element(
                xml,
                "title",
                if self.title.trim().is_empty() {
                    UNTITLED
                } else {
                    &self.title
                },
            )?;
            // The element is required, so an article without a date gets the oldest date and never
            // looks new.
            element(xml, "updated", &time(self.published_seconds))?;
            if self.published_seconds.is_some() {
                element(xml, "published", &time(self.published_seconds))?;
            }
            link(xml, "alternate", "text/html", &self.page)?;
            if let Some(original) = &self.original {
                link(xml, "via", "text/html", original)?;
            }
            self.authors
                .iter()
                .filter(|author| !author.trim().is_empty())
                .try_for_each(|author| person(xml, author))?;
            if let Some(section) = &self.section {
                xml.create_element("category")
                    .with_attribute(("term", xml_text(section).as_str()))
                    .write_empty()?;
            }
            element(xml, "summary", &self.summary)
        })?;
        Ok(())
    }
}

fn element(xml: &mut Xml, name: &str, text: &str) -> Result<()> {
    xml.create_element(name)
        .write_text_content(BytesText::new(&xml_text(text)))?;
    Ok(())
}

fn link(xml: &mut Xml, relation: &str, media_type: &str, address: &str) -> Result<()> {
    let attributes = [("rel", relation), ("type", media_type), ("href", address)];
    xml.create_element("link")
        .with_attributes(attributes)
        .write_empty()?;
    Ok(())
}

fn person(xml: &mut Xml, name: &str) -> Result<()> {
    xml.create_element("author")
        .write_inner_content(|xml| element(xml, "name", name))?;
    Ok(())
}

/// Replaces characters that XML 1.0 cannot represent, even when escaped.
fn xml_text(text: &str) -> String {
    let is_allowed = |c: char| matches!(c, '\t' | '\n' | '\r' | ' '..='\u{FFFD}' | '\u{10000}'..);
    text.chars()
        .map(|c| {
            if is_allowed(c) {
                c
            } else {
                char::REPLACEMENT_CHARACTER
            }
        })
        .collect()
}

fn time(seconds: Option<i64>) -> String {
    Timestamp::from_second(seconds.unwrap_or(0))
        .unwrap_or(Timestamp::UNIX_EPOCH)
        .to_string()
}

/// Returns an id that is the same at every address of the server: a UUID of version 8 (RFC 9562)
/// from a hash.
fn urn(kind: &str, name: &str) -> String {
    let digest = Sha256::new()
        .chain_update(kind)
        .chain_update([0])
        .chain_update(name)
        .finalize();
    let bytes = digest.first_chunk().expect("a digest has 32 bytes");
    let id = uuid::Builder::from_custom_bytes(*bytes).into_uuid();
    id.urn().to_string()
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use roxmltree::Document;

    use super::*;

    fn entry(text: &str) -> Entry {
        Entry {
            id: text.to_owned(),
            title: text.to_owned(),
            summary: text.to_owned(),
            page: "https://example.org/a/1".to_owned(),
            original: None,
            authors: vec![text.to_owned()],
            section: Some(text.to_owned()),
            published_seconds: None,
        }
    }

    fn feed(text: &str) -> String {
        let self_link = "https://example.org/feed.atom?q=a&limit=3".to_owned();
        let page = "https://example.org/".to_owned();
        let feed = Feed {
            query: text.to_owned(),
            self_link,
            page,
            entries: vec![entry(text)],
        };
        String::from_utf8(feed.to_xml().unwrap()).unwrap()
    }

    #[track_caller]
    fn check(text: &str, expected: &str) {
        let xml = feed(text);
        let document = Document::parse(&xml).unwrap_or_else(|error| panic!("{error}: {xml}"));
        let entry = document
            .root_element()
            .children()
            .find(|node| node.has_tag_name("entry"))
            .unwrap();
        let child = |name: &str| {
            entry
                .children()
                .find(|node| node.tag_name().name() == name)
                .unwrap()
        };
        assert_eq!(child("summary").text().unwrap_or_default(), expected);
    }

    #[test]
    fn text_stays_text() {
        check(
            "ميناء & <b>\"رصيف\"</b> ]]> &amp;",
            "ميناء & <b>\"رصيف\"</b> ]]> &amp;",
        );
        check(
            "ميناء\u{0}\u{1B}\u{FFFE}\tرصيف",
            "ميناء\u{FFFD}\u{FFFD}\u{FFFD}\tرصيف",
        );
        check("<!--", "<!--");
        check("🚢", "🚢");
    }

    #[test]
    fn names_last_and_differ() {
        assert_eq!(urn("article", "truce"), urn("article", "truce"));
        assert_ne!(urn("article", "truce"), urn("feed", "truce"));
        let urn = urn("article", "truce");
        assert!(
            urn.len() == 45 && &urn[23..24] == "8" && "89ab".contains(&urn[28..29]),
            "{urn}"
        );
    }

    #[test]
    fn unknown_times_are_the_oldest() {
        assert_eq!(time(None), "1970-01-01T00:00:00Z");
        assert_eq!(time(Some(1_583_366_400)), "2020-03-05T00:00:00Z");
        assert_eq!(time(Some(i64::MAX)), "1970-01-01T00:00:00Z");
    }

    proptest! {
        #[test]
        fn any_text_makes_a_well_formed_feed(text in any::<String>(), odd in "[\\x00-\\x20<>&'\"\\]!\\[\u{FFFE}\u{FFFF}-]{0,30}") {
            for text in [&text, &odd] {
                let xml = feed(text);
                prop_assert!(Document::parse(&xml).is_ok(), "{xml}");
            }
        }
    }
}
