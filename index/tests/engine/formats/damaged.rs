//! Damaged files: damage costs the record, the row, the entry or the member that it is in, and the
//! report names the place.

use std::io::Read;

use fihrist_index::Index;
use tempfile::TempDir;

use super::archives::{gzip, http, page, warc_record};
use super::{article, index_of};
use crate::support::archives::zip;
use crate::support::indexes::stored;

/// Indexes one file and checks the number of articles, the notes (`code: place`) and the rejections
/// (`place: reason`).
#[track_caller]
fn check(
    name: &str,
    bytes: &[u8],
    articles: u64,
    notes: &[&str],
    rejections: &[&str],
) -> (TempDir, Index) {
    let (home, report, index) = index_of(name, bytes);
    let prefix = format!("{}/", home.path().display());
    let seen: Vec<_> = report
        .notes
        .iter()
        .map(|note| {
            format!(
                "{}: {}",
                note.kind.code(),
                note.example.replace(&prefix, "")
            )
        })
        .collect();
    let rejected: Vec<_> = report
        .rejected
        .iter()
        .map(|rejected| {
            format!(
                "{}: {}",
                rejected.source.replace(&prefix, ""),
                rejected.reason
            )
        })
        .collect();
    assert_eq!(
        (report.indexed, seen, rejected),
        (
            articles,
            notes.iter().map(ToString::to_string).collect(),
            rejections.iter().map(ToString::to_string).collect()
        )
    );
    (home, index)
}

/// Puts `\xFF` in the place of the letter `ژ`.
fn broken(text: &str) -> Vec<u8> {
    let mut bytes = text.as_bytes().to_vec();
    while let Some(at) = bytes.windows(2).position(|pair| pair == "ژ".as_bytes()) {
        bytes.splice(at..at + 2, [0xFF]);
    }
    bytes
}

const TITLE: &str = "رسو السفينة";
const BODY: &str = "رست السفينة في الميژناء صباحا.";
const READ_BODY: &str = "رست السفينة في المي\u{FFFD}ناء صباحا.";

#[test]
fn a_bad_byte_costs_one_character() {
    let text = broken(&format!("{TITLE}\n\n{BODY}\n"));
    check("a.txt", &text, 1, &["replaced: a.txt: byte 58"], &[]);
    let html = broken(&format!(
        "<title>{TITLE}</title><article><p>{BODY}</p></article>"
    ));
    check("a.html", &html, 1, &["replaced: a.html: byte 83"], &[]);
    let feed = broken(&format!(
        "<?xml version=\"1.0\" encoding=\"utf-8\"?><rss><channel><item><guid>urn:1</guid><title>{TITLE}</title>\
         <description>{BODY}</description></item><item><guid>urn:2</guid><title>{TITLE}</title></item></channel></rss>"
    ));
    let (_home, index) = check("a.rss", &feed, 2, &["replaced: a.rss#1: byte 160"], &[]);
    assert_eq!(
        article(&index, "urn:1").text,
        format!("{TITLE}\n\n{READ_BODY}")
    );
    let table = broken(&format!("id,title,body\n1,{TITLE},{BODY}\n2,{TITLE},x\n"));
    let (_home, index) = check("a.csv", &table, 2, &["replaced: a.csv:2: byte 73"], &[]);
    assert_eq!(article(&index, "1").text, format!("{TITLE}\n\n{READ_BODY}"));
    let lines = broken(&format!(
        "{{\"id\": 1, \"title\": \"{TITLE}\"}}\n{{\"id\": 2, \"title\": \"{TITLE}\", \"body\": \"{BODY}\"}}\n"
    ));
    let (_home, index) = check("a.jsonl", &lines, 2, &["replaced: a.jsonl:2: byte 88"], &[]);
    assert_eq!(article(&index, "2").text, format!("{TITLE}\n\n{READ_BODY}"));
}

#[test]
fn a_feed_that_declares_the_wrong_encoding() {
    let feed = format!(
        "<?xml version=\"1.0\" encoding=\"UTF-8\"?><rss><channel><title>أخبار الساحل</title>\
         <item><guid>urn:1</guid><title>{TITLE}</title><description>عادت القوارب إلى الميناء بعد العاصفة.</description></item>\
         <item><guid>urn:2</guid><title>حالة الطقس غدا</title></item></channel></rss>"
    );
    let (bytes, _, _) = encoding_rs::WINDOWS_1256.encode(&feed);
    let (_home, index) = check("a.rss", &bytes, 2, &["decoded_as: a.rss"], &[]);
    assert_eq!(article(&index, "urn:2").title(), "حالة الطقس غدا");
    let feed = feed.replace("UTF-8", "windows-1256");
    let (_home, index) = check("a.rss", feed.as_bytes(), 2, &[], &[]);
    assert_eq!(article(&index, "urn:1").title(), TITLE);
}

#[test]
fn a_bad_entry_costs_that_entry() {
    let feed = "<rss><channel>\
        <item><guid>urn:1</guid><title>الأول</title></item>\
        <item><guid>urn:2</guid><title>الثاني</item>\
        <item><guid>urn:3</guid><title><![CDATA[الثالث</title></item>\n\
        <item><guid>urn:4</guid><title>الرابع<b>ب</title></item>\
        <item><guid>urn:5</guid><title>الخامس</title>\
        <item><guid>urn:6</guid><title>السادس & غيره</title></item></channel></rss>";
    let (_home, index) = check(
        "a.rss",
        feed.as_bytes(),
        3,
        &[],
        &[
            "a.rss#2: broken XML: `<title>` has no end",
            "a.rss#3: broken XML: syntax error: CDATA not closed: `]]>` not found before end of input",
            "a.rss#5: damaged: the entry has no end",
        ],
    );
    assert_eq!(article(&index, "urn:6").title(), "السادس & غيره");
}

#[test]
fn a_broken_object_of_a_list_costs_that_object() {
    let object = |number: u8| {
        format!(
            "  {{\n    \"id\": \"{number}\",\n    \"author\": {{\"id\": 9}},\n    \"title\": \"خبر {number}\"\n  }}"
        )
    };
    let objects = [1, 2, 3, 4].map(object);
    for damaged in [
        // Without its end, without a quote, and cut.
        objects[1].trim_end_matches('}').to_owned(),
        objects[1].replace("خبر 2\"", "خبر 2"),
        objects[1][..20].to_owned(),
        objects[1].replace("\"id\"", "id\""),
    ] {
        let list = [&objects[0], &damaged, &objects[2], &objects[3]].map(String::as_str);
        let list = format!("[\n{}\n]\n", list.join(",\n"));
        let (_home, report, index) = index_of("a.json", list.as_bytes());
        assert_eq!(report.indexed, 3, "{report:?}");
        assert!(report.rejected_count > 0, "{report:?}");
        assert!(
            report.rejected[0].source.ends_with("a.json:7"),
            "{report:?}"
        );
        article(&index, "4");
    }
}

/// Returns the members of three pages.
fn members() -> [Vec<u8>; 3] {
    ["1", "2", "3"].map(|number| {
        let block = http(
            "Content-Type: text/html; charset=utf-8",
            page(number).as_bytes(),
        );
        let uri = format!("https://e.example/{number}");
        let answer = "application/http; msgtype=response";
        warc_record("response", &uri, answer, &block)
    })
}

#[test]
fn a_damaged_gzip_member_costs_one_record() {
    let members = members().map(|member| gzip(&member));
    let at = members[0].len();
    for offset in [0, 40, members[1].len() / 2, members[1].len() - 6] {
        let mut bytes = members.concat();
        bytes[at + offset] ^= 0x55;
        let (_home, report, index) = index_of("a.warc.gz", &bytes);
        assert_eq!(
            (report.indexed, report.rejected_count),
            (2, 1),
            "{offset}: {report:?}"
        );
        assert!(
            report.rejected[0]
                .reason
                .starts_with("cut off or damaged: ")
        );
        article(&index, "https://e.example/3");
    }
    // The content begins after the damage.
    let mut bytes = members.concat();
    bytes[20] ^= 0x55;
    let (_home, report, _index) = index_of("a.warc.gz", &bytes);
    assert_eq!(
        (report.indexed, report.rejected_count),
        (2, 1),
        "{report:?}"
    );
    let whole = members.concat();
    let (_home, report, _index) =
        index_of("a.warc.gz", &whole[..whole.len() - members[2].len() / 2]);
    assert_eq!(
        (report.indexed, report.rejected_count),
        (2, 1),
        "{report:?}"
    );
}

/// Returns JSON lines with these ids, in random words that compress little.
fn lines(ids: std::ops::Range<usize>) -> Vec<u8> {
    let mut state = 1u64;
    let mut word = || {
        state = state
            .wrapping_mul(6_364_136_223_846_793_005)
            .wrapping_add(1);
        format!("{:x}", state >> 20)
    };
    let lines = ids.map(|id| {
        let words: Vec<_> = (0..12).map(|_| word()).collect();
        format!(
            "{{\"id\": \"{id}\", \"title\": \"خبر\", \"body\": \"{}\"}}\n",
            words.join(" ")
        )
    });
    lines.collect::<String>().into_bytes()
}

#[test]
fn a_compressed_stream_is_read_up_to_the_damage() {
    let plain = lines(0..2_000);
    let mut xz = Vec::new();
    let mut encoder = liblzma::read::XzEncoder::new(plain.as_slice(), 1);
    encoder.read_to_end(&mut xz).expect("compressed");
    let zstd = zstd::encode_all(plain.as_slice(), 1).expect("compressed");
    for (name, mut bytes) in [("a.gz", gzip(&plain)), ("a.xz", xz), ("a.zst", zstd)] {
        let half = bytes.len() / 2;
        bytes[half..half + 20].fill(0xFF);
        let (_home, report, _index) = index_of(&format!("{name}.jsonl"), &bytes);
        // The words compress evenly, so half of the bytes hold half of the articles.
        assert!(report.indexed > 900, "{name}: {report:?}");
        assert!(report.rejected_count > 0, "{name}: {report:?}");
    }
}

#[test]
fn a_zip_archive_without_its_directory_is_read() {
    let texts = ["1", "2", "3", "4"]
        .map(|number| format!("{{\"id\": \"{number}\", \"title\": \"خبر {number}\"}}"));
    let names = ["1.json", "a/2.json", "3.json", "4.json"];
    let files: Vec<_> = names
        .into_iter()
        .zip(texts.iter().map(|text| text.as_bytes()))
        .collect();
    let whole = zip(&files);
    let starts: Vec<_> = memchr::memmem::find_iter(&whole, b"PK\x03\x04").collect();
    let cut = whole[..starts[3] + 20].to_vec();
    let inserted = [&whole[..starts[1] + 40], b"\x00", &whole[starts[1] + 40..]].concat();
    let missing = [&whole[..starts[2] - 3], &whole[starts[2]..]].concat();
    for (damage, bytes, lost) in [
        ("cut", cut, "4"),
        ("inserted", inserted, "2"),
        ("missing", missing, "2"),
    ] {
        let (_home, report, index) = index_of("a.zip", &bytes);
        assert_eq!(report.indexed, 3, "{damage}: {report:?}");
        assert!(report.rejected_count > 0, "{damage}: {report:?}");
        assert!(stored(&index, lost).is_none(), "{damage}");
    }
}

#[test]
fn a_record_of_the_wrong_length_ends_where_the_next_begins() {
    let [first, second, third] = members().map(|member| String::from_utf8(member).expect("UTF-8"));
    let length = |record: &str| {
        let (_, after) = record.split_once("Content-Length: ").expect("a length");
        after
            .split_once("\r\n")
            .expect("a line")
            .0
            .parse::<u64>()
            .expect("a number")
    };
    for wrong in [
        length(&second) - 40,
        length(&second) + 500,
        length(&second) + 8,
        length(&second) + 30,
        0,
    ] {
        let damaged = second.replace(
            &format!("Content-Length: {}", length(&second)),
            &format!("Content-Length: {wrong}"),
        );
        let note = format!(
            "wrong_length: a.warc#2: {wrong} declared, {} found",
            length(&second)
        );
        let file = [&*first, &damaged, &third].concat();
        let (_home, index) = check("a.warc", file.as_bytes(), 3, &[&note], &[]);
        assert_eq!(article(&index, "https://e.example/2").title(), "عنوان 2");
    }
    let file = [&*first, &second.replace("WARC/1.0", "WURC/1.0"), &third].concat();
    let reason = format!(
        "a.warc#2: damaged: {} bytes that belong to no record were left out",
        second.len()
    );
    check("a.warc", file.as_bytes(), 2, &[], &[&reason]);
}

#[test]
fn a_small_file_that_was_cut_keeps_its_lines() {
    let lines: String = (0..40)
        .map(|id| {
            format!(
                "{{\"id\": {id}, \"title\": \"خبر من الميناء {}\"}}\n",
                id * 7919
            )
        })
        .collect();
    let bytes = gzip(lines.as_bytes());
    let (_home, report, index) = index_of("a.jsonl.gz", &bytes[..bytes.len() * 2 / 3]);
    assert!((5..40).contains(&report.indexed), "{report:?}");
    assert_eq!(report.rejected_count, 1);
    article(&index, "0");
    let (_home, report, _index) = index_of("a.jsonl.gz", &bytes[..12]);
    let reason = &report.rejected[0].reason;
    assert!(report.indexed == 0 && !reason.contains("kept"), "{reason}");
}

#[test]
fn rows_with_stray_quotes_and_cells() {
    let table = "sep=;\nid;title;body;date\n1;خبر;\"نص \\\"مقتبس\\\"; وبقية\";2020\n2;خبر;\"بلا نهاية;2020\n\
                 3;خبر;\"نص\";2020\n4;خبر;نص\n5;خبر;نص; وبقية;2020\n";
    let (_home, index) = check(
        "a.csv",
        table.as_bytes(),
        5,
        &["uneven_row: a.csv:6: 3 cells under 4 columns"],
        &[],
    );
    assert_eq!(article(&index, "1").text, "خبر\n\nنص \"مقتبس\"; وبقية");
    assert_eq!(article(&index, "2").text, "خبر\n\n\"بلا نهاية");
    assert_eq!(article(&index, "5").text, "خبر\n\nنص; وبقية");
}

#[test]
fn json_that_is_none() {
    let lines = "{\"id\": 1, \"title\": \"خبر\", \"score\": NaN}\n\
                 \u{FEFF}{\"id\": 2, \"title\": \"رمز \\ud83d\"}\n\
                 {\"id\": 3, \"title\": \"قديم\", \"title\": \"جديد\"}\n\
                 {\"id\": 4, \"title\": \"خبر\", \"date\": {\"$date\": {\"$numberLong\": \"1584257400000\"}}}\n\
                 {\"id\": 5, \"title\": \"خبر\", \"date\": {\"epoch\": 1584257400}, \"section\": {\"x\": 1}}\n\
                 {\"id\": 6, \"title\": \"خ\n";
    let (_home, index) = check(
        "a.jsonl",
        lines.as_bytes(),
        5,
        &[
            "replaced: a.jsonl:2: 1 surrogates without their pair",
            "duplicate_field: a.jsonl:3: `title` occurs twice; the last value is used",
            "ignored_field: a.jsonl:5: `section` must be a string, not an object",
        ],
        &["a.jsonl:6: broken JSON at column 21: EOF while parsing a string"],
    );
    assert_eq!(article(&index, "2").title(), "رمز \u{FFFD}");
    assert_eq!(article(&index, "3").title(), "جديد");
    for id in ["4", "5"] {
        let date = article(&index, id).published.expect("a date").date;
        assert_eq!(date, "2020-03-15T07:30:00Z");
    }
}
