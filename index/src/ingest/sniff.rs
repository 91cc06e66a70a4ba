//! Detects what a file holds, by its first bytes and, where they do not decide, by its name. It
//! reads no articles.

use super::read::stream::up_to_last;
use super::read::{begins_list, is_whole_value, table};
use super::{
    Archive, ArticleFormat, Class, Compression, Content, Format, HEAD_BYTES, Mapping, Target,
    class, decode, extension, has_few_controls, is_zipped_document_name,
};

use ArticleFormat::{Feed, Html, JsonLines, JsonValues, Table, Text, Trafilatura, Warc};
use Content::{Articles, Compressed, Foreign};

/// The first bytes of formats that hold no articles.
#[rustfmt::skip]
const FOREIGN: &[(&[u8], &str)] = &[
    (b"%PDF", "a PDF file"), (b"\x89PNG", "a picture"), (b"\xFF\xD8\xFF", "a picture"), (b"GIF8", "a picture"),
    (b"RIFF", "a sound or a picture"), (b"ID3", "a sound"), (b"OggS", "a sound"), (b"\xD0\xCF\x11\xE0", "an old Office file"),
    (b"BZh", "compressed with bzip2"), (b"7z\xBC\xAF\x27\x1C", "a 7z archive"), (b"Rar!", "a RAR archive"),
    (b"SQLite format 3", "a database"), (b"\x7FELF", "a program"), (b"MZ", "a program"), (b"PAR1", "a Parquet file"),
    (b"{\\rtf", "an RTF file"),
];

/// Returns what a file holds. `is_asked_for` is false for files in folders and archives: many of
/// those hold no article.
pub fn sniff(
    head: &[u8],
    name: &str,
    is_asked_for: bool,
    format: Format,
    mapping: &Mapping,
) -> Content {
    if let Some(container) = container(head, name) {
        return container;
    }
    Articles(match format {
        Format::Auto => return auto(head, name, is_asked_for, mapping),
        Format::Text => Text,
        Format::Html => Html,
        Format::Jsonl => lines_or_list(head),
        Format::Csv => Table,
        Format::Feed => Feed,
        Format::Warc => Warc,
    })
}

/// Returns what a file with other files inside it holds; `None` for any other file.
fn container(head: &[u8], name: &str) -> Option<Content> {
    Some(match head {
        [0x1F, 0x8B, 8, ..] => Compressed(Compression::Gzip),
        [0xFD, b'7', b'z', b'X', b'Z', 0, ..] => Compressed(Compression::Xz),
        [0x28, 0xB5, 0x2F, 0xFD, ..] => Compressed(Compression::Zstd),
        [b'P', b'K', 3, 4, ..] | [b'P', b'K', 5, 6, ..] if is_zipped_document_name(name) => {
            Foreign(Some("an office document or a book"))
        }
        [b'P', b'K', 3, 4, ..] | [b'P', b'K', 5, 6, ..] => Content::Archive(Archive::Zip),
        _ if head.get(257..262) == Some(b"ustar") => Content::Archive(Archive::Tar),
        // The beginning of the archive is damaged.
        [_, ..] if extension(name) == "tar" => Content::Archive(Archive::Tar),
        [_, ..] if extension(name) == "zip" => Content::Archive(Archive::Zip),
        _ => return None,
    })
}

fn auto(head: &[u8], name: &str, is_asked_for: bool, mapping: &Mapping) -> Content {
    if head.starts_with(b"WARC/") {
        return Articles(Warc);
    }
    if let Some((_, what)) = FOREIGN.iter().find(|(magic, _)| head.starts_with(magic)) {
        return Foreign(Some(what));
    }
    let text = beginning(head);
    let (prolog_is_html, root) = markup(&text);
    Articles(match (extension(name).as_str(), root) {
        ("jsonl" | "ndjson", _) => lines_or_list(head),
        ("json", _) => lines_or_values(head),
        ("csv" | "tsv", _) => Table,
        (_, Some("rss" | "feed" | "rdf:rdf" | "items")) | ("rss" | "atom" | "rdf", _) => Feed,
        (_, Some("doc")) if text.contains("<main") => Trafilatura,
        (_, Some("tei")) => Trafilatura,
        ("html" | "htm" | "xhtml", _) => Html,
        ("warc", _) if !text.trim().is_empty() => {
            return Foreign(Some("not a WARC file, although its name says so"));
        }
        (_, Some(root)) if prolog_is_html || HTML_ROOTS.contains(&root) => Html,
        (extension, Some(root)) if is_xml(&text, root, extension) => {
            return Foreign(Some("XML, but neither RSS nor Atom"));
        }
        _ if is_json(&text) => lines_or_values(head),
        _ if is_table(&text, mapping) => Table,
        ("txt", _) => Text,
        _ if is_text(head) && (is_asked_for || is_arabic(&text)) => Text,
        _ => return Foreign(None),
    })
}

/// The elements that a web page without a doctype may begin with.
const HTML_ROOTS: [&str; 12] = [
    "html", "head", "body", "title", "meta", "link", "div", "article", "section", "main", "p", "h1",
];

/// Returns the head as text with ASCII in lower case. A character that the head cuts off is
/// replaced.
fn beginning(head: &[u8]) -> String {
    let (text, _, _) = match encoding_rs::Encoding::for_bom(head) {
        Some((encoding, _)) => encoding.decode(head),
        None => encoding_rs::UTF_8.decode(head),
    };
    let is_blank = |c: char| c.is_whitespace() || c == '\u{FEFF}';
    text.trim_start_matches(is_blank).to_ascii_lowercase()
}

/// Returns whether a doctype says HTML, and the name of the first element.
fn markup(text: &str) -> (bool, Option<&str>) {
    let mut rest = text;
    let mut is_html = false;
    while rest.starts_with("<?") || rest.starts_with("<!") {
        is_html |= rest.starts_with("<!doctype html");
        let after = match rest.strip_prefix("<!--") {
            Some(comment) => comment.split_once("-->"),
            None => rest.split_once('>'),
        };
        rest = after.map_or("", |(_, after)| after.trim_start());
    }
    let tag = rest.strip_prefix('<').unwrap_or_default();
    let is_name = |c: char| c.is_ascii_alphanumeric() || c == ':';
    let end = tag.find(|c| !is_name(c)).unwrap_or(tag.len());
    (is_html, (end > 0).then_some(&tag[..end]))
}

/// Returns whether the text is XML: it has an XML declaration, its name says so, or its first tag has
/// a namespace. A `.txt` file can begin with a tag by chance.
fn is_xml(text: &str, root: &str, extension: &str) -> bool {
    let tag = text.split_once(&format!("<{root}"));
    let tag = tag.map_or("", |(_, after)| after.split('>').next().unwrap_or_default());
    text.starts_with("<?xml") || extension == "xml" || tag.contains("xmlns")
}

/// Returns whether the text begins like JSON: `{"`, `[{"` or `{}`. An article that begins with a
/// bracket does not continue like this.
fn is_json(text: &str) -> bool {
    let mut rest = text.chars().filter(|c| !c.is_whitespace() && *c != '[');
    text.starts_with(['{', '['])
        && rest.next() == Some('{')
        && matches!(rest.next(), Some('"' | '}'))
}

/// Returns whether the first line names at least two known columns, one of them the title or the
/// body.
fn is_table(text: &str, mapping: &Mapping) -> bool {
    let (separator, header) = table::header(text);
    let delimiter = separator.unwrap_or_else(|| table::delimiter(header, mapping));
    let columns = table::columns(header, delimiter);
    let mut known = 0;
    let mut has_text = false;
    for name in &columns {
        if let Some(meaning) = mapping.column(name) {
            known += 1;
            has_text |= matches!(meaning.target, Target::Title | Target::Body);
        }
    }
    // A sentence may contain two such words between commas, but it also has other parts.
    let are_names = columns.iter().all(|name| name.chars().count() <= 40);
    known >= 2 && known * 2 >= columns.len() && has_text && are_names
}

/// Returns `JsonValues` for a list, unless each line is one.
fn lines_or_list(head: &[u8]) -> ArticleFormat {
    let text = without_blank(head);
    let mut lines = text.split(|byte| *byte == b'\n').map(<[u8]>::trim_ascii);
    let first = lines.next().unwrap_or_default();
    let are_lists =
        is_whole_value(first) && lines.next().is_some_and(|line| line.starts_with(b"["));
    if text.starts_with(b"[") && !are_lists {
        JsonValues
    } else {
        JsonLines
    }
}

/// Returns the head without white space and a byte order mark at its beginning.
fn without_blank(head: &[u8]) -> &[u8] {
    let is_blank = |byte: &u8| byte.is_ascii_whitespace() || b"\xEF\xBB\xBF".contains(byte);
    let start = head.iter().position(|byte| !is_blank(byte));
    &head[start.unwrap_or(head.len())..]
}

/// Returns `JsonValues` for a list or for objects that span lines, and `JsonLines` if the first
/// line is a complete object.
fn lines_or_values(head: &[u8]) -> ArticleFormat {
    let text = without_blank(head);
    let first_line = text.split(|byte| *byte == b'\n').next().unwrap_or_default();
    let first_line = first_line.trim_ascii();
    let is_cut_off = !text.contains(&b'\n') && head.len() as u64 >= HEAD_BYTES;
    if is_cut_off && begins_list(first_line) {
        return JsonValues;
    }
    if first_line.first() == Some(&b'{') && (is_cut_off || is_whole_value(first_line)) {
        lines_or_list(head)
    } else {
        JsonValues
    }
}

/// Returns whether the head decodes as text. A head that is cut off is checked up to its last white
/// space.
fn is_text(head: &[u8]) -> bool {
    let mut whole = up_to_last(head, u8::is_ascii_whitespace);
    // A UTF-16 code unit has two bytes; half of one would look like damage.
    if encoding_rs::Encoding::for_bom(head).is_some_and(|(_, mark_bytes)| mark_bytes == 2) {
        whole = &whole[..whole.len() & !1];
    }
    !whole.trim_ascii().is_empty()
        && decode(whole.to_vec()).is_ok_and(|decoded| has_few_controls(&decoded.text))
}

/// Returns whether most letters are Arabic. Bytes that are not UTF-8 count as Arabic, because the
/// other known encodings are Arabic ones.
fn is_arabic(text: &str) -> bool {
    let mut arabic = 0;
    let mut letters = 0;
    for character in text.chars() {
        let is_arabic = class(character) == Class::Arabic;
        arabic += usize::from(is_arabic || character == char::REPLACEMENT_CHARACTER);
        letters += usize::from(character.is_alphabetic());
    }
    arabic > letters / 2
}

#[cfg(test)]
mod tests {
    use super::ArticleFormat::{Feed, Html, JsonLines, JsonValues, Table, Text, Warc};
    use super::*;

    fn seen(name: &str, head: &[u8]) -> Content {
        sniff(head, name, false, Format::Auto, &Mapping::default())
    }

    fn check(name: &str, head: &str, expected: ArticleFormat) {
        assert_eq!(
            seen(name, head.as_bytes()),
            Content::Articles(expected),
            "{name}: {head}"
        );
    }

    fn check_foreign(name: &str, head: &[u8]) {
        assert!(
            matches!(seen(name, head), Content::Foreign(_)),
            "{name}: {:?}",
            seen(name, head)
        );
    }

    #[test]
    fn content_goes_before_the_name() {
        check("a.txt", "<!DOCTYPE html>\n<html lang=ar>", Html);
        check("a.txt", "\u{FEFF}<!-- نسخة --> <HTML>", Html);
        check("a.txt", "{\"title\": \"خبر\"}\n", JsonLines);
        check("a", "<?xml version=\"1.0\"?>\n<rss version=\"2.0\">", Feed);
        check(
            "a.xml",
            "<?xml version=\"1.0\"?><!-- x --><feed xmlns=\"http://www.w3.org/2005/Atom\">",
            Feed,
        );
        check(
            "a.xml",
            "<?xml version=\"1.0\"?><!DOCTYPE html PUBLIC \"x\"><html>",
            Html,
        );
        check("a.dat", "WARC/1.0\r\nWARC-Type: warcinfo", Warc);
        check("a.txt", "العنوان;النص;التاريخ\nخبر;متن;2020", Table);
    }

    #[test]
    fn the_name_tells_where_content_does_not() {
        check("a.html", "خبر عاجل", Html);
        check("a.HTM.gz", "<p>خبر", Html);
        check("a.txt", "title", Text);
        check("a.jsonl", "{broken", JsonLines);
        check("a.csv", "a,b\n1,2", Table);
        check("a.json", "{\n \"title\": \"خبر\"}", JsonValues);
        check(
            "a.json",
            "{\"title\": \"خبر\"}\n{\"title\": \"آخر\"}",
            JsonLines,
        );
        check("a.jsonl", "\u{FEFF} [{\"title\": \"خبر\"}]", JsonValues);
        check("a.json", "\u{FEFF}\u{FEFF}{\"title\": \"خبر\"}", JsonLines);
        let long = "خبر ".repeat(4_000);
        check("a.json", &format!("{{\"title\": \"{long}"), JsonLines);
        check(
            "a.json",
            &format!("{{\"n\": 1, \"items\": [{{\"a\": \"{long}"),
            JsonValues,
        );
    }

    #[test]
    fn text_without_a_known_name() {
        check("ar/0001", "وصلت السفينة إلى الميناء.", Text);
        check("[صور] خبر", "[صور] وصلت السفينة، العنوان، النص طويل", Text);
        check_foreign("README", b"What is in this folder, and where it is from.");
        check_foreign("a.xml", b"<?xml version=\"1.0\"?><sitemap/>");
        check_foreign("a.xml", b"<sitemap><url/></sitemap>");
        check_foreign(
            "a",
            b"<mediawiki xmlns=\"http://www.mediawiki.org/xml/export-0.10/\">",
        );
        check("a.txt", "<خبر> عاجل", Text);
        check("a.txt", "<note> of an editor", Text);
        check_foreign("empty", b"");
        check_foreign("a.dat", b"\0\x01\x02\x03 some bytes");
        check_foreign("a.dat", b"%PDF-1.7");
        assert_eq!(
            sniff(
                b"In English.",
                "a.doc",
                true,
                Format::Auto,
                &Mapping::default()
            ),
            Content::Articles(Text)
        );
    }

    #[test]
    fn what_holds_other_files() {
        assert_eq!(
            seen("a.txt", b"\x1F\x8B\x08\0"),
            Content::Compressed(Compression::Gzip)
        );
        assert_eq!(seen("a", b"PK\x03\x04"), Content::Archive(Archive::Zip));
        let mut tar = vec![b'a'; 512];
        tar[257..262].copy_from_slice(b"ustar");
        assert_eq!(seen("a", &tar), Content::Archive(Archive::Tar));
    }
}
