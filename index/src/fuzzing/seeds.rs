//! Inputs to start from, for each property: short texts of our own in every form that the code reads.

use std::io::{Cursor as Bytes, Write};

use encoding_rs::{ISO_8859_6, WINDOWS_1256};
use fihrist_arabic::{CommonWords, Model};
use flate2::{Compression, write::GzEncoder};

use crate::backend::tantivy::fuzzing as stored;
use crate::learning::graph::Graph;
use crate::search::{Cursor, SearchRequest};

const TITLE: &str = "عودة القوارب إلى الميناء";
const BODY: &str = "عادت القوارب أمس إلى الميناء، بعد رحلة صيد طويلة في البحر.";
const TEXT: &str = "عودة القوارب إلى الميناء\n\nنشر في: 15 مارس 2020\n\nطرابلس (وكالة النهر) - عادت القوارب أمس إلى الميناء.\n\nاقرأ أيضا\n";
const PAGE: &str = "<html lang=\"ar\"><head><meta charset=\"utf-8\"><title>عودة القوارب</title><meta property=\"article:published_time\" content=\"2020-03-15T09:30:00+02:00\"></head><body><article><h1>عودة القوارب</h1><p>عادت القوارب أمس إلى الميناء &amp; البحر، بعد رحلة صيد طويلة.</p></article></body></html>";
const FEED: &str = "<?xml version=\"1.0\"?><rss version=\"2.0\"><channel><title>النهر</title><item><guid>1</guid><title>عودة القوارب</title><description><![CDATA[<p>عادت القوارب.</p>]]></description><pubDate>Sun, 15 Mar 2020 09:30:00 +0200</pubDate></item></channel></rss>";
const ATOM: &str = "<feed xmlns=\"http://www.w3.org/2005/Atom\"><entry><id>1</id><title>عودة</title><content type=\"html\">&lt;p&gt;عادت القوارب&lt;/p&gt;</content><updated>2020-03-15T09:30:00Z</updated></entry></feed>";

/// One input per way to write [`TEXT`] in bytes.
pub fn encoded_texts() -> Vec<Vec<u8>> {
    let utf16 = |to_bytes: fn(u16) -> [u8; 2]| TEXT.encode_utf16().flat_map(to_bytes).collect();
    let garbled = |bytes: &[u8]| {
        bytes
            .iter()
            .map(|byte| char::from(*byte))
            .collect::<String>()
    };
    let arabic = WINDOWS_1256.encode(TEXT).0.into_owned();
    let contents: [Vec<u8>; 8] = [
        TEXT.into(),
        [b"\xEF\xBB\xBF", TEXT.as_bytes()].concat(),
        utf16(u16::to_le_bytes),
        utf16(u16::to_be_bytes),
        ISO_8859_6.encode(TEXT).0.into_owned(),
        garbled(TEXT.as_bytes()).into(),
        garbled(&arabic).into(),
        arabic,
    ];
    tagged(0..8, &contents)
}

/// One input per format and label: each content after each of the bytes.
fn tagged(tags: std::ops::Range<u8>, contents: &[Vec<u8>]) -> Vec<Vec<u8>> {
    let tagged = contents.iter().zip(tags.cycle());
    tagged
        .map(|(content, tag)| [&[tag][..], content].concat())
        .collect()
}

fn json(id: u32) -> String {
    format!(
        "{{\"id\": {id}, \"title\": \"{TITLE}\", \"body\": \"{BODY}\", \"date\": \"15 مارس 2020\", \"author\": [\"سالم\"]}}"
    )
}

fn warc() -> Vec<u8> {
    let http = format!("HTTP/1.1 200 OK\r\nContent-Type: text/html; charset=utf-8\r\n\r\n{PAGE}");
    let head = format!(
        "WARC/1.0\r\nWARC-Type: response\r\nWARC-Target-URI: http://example.org/1\r\nWARC-Date: 2020-03-15T09:30:00Z\r\nContent-Type: application/http; msgtype=response\r\nContent-Length: {}\r\n\r\n",
        http.len()
    );
    [head.as_bytes(), http.as_bytes(), b"\r\n\r\n"].concat()
}

const WRAPPED: &str = "{\"name\": \"النهر\", \"id\": 5, \"messages\": [{\"id\": 1, \"text\": [\"عودة \", {\"type\": \"bold\", \"text\": \"القوارب\"}], \"date\": {\"$date\": 1584257400000}}, [{\"title\": NaN, \"body\": \"قارب \\ud83d\"}]]}";
const DOC: &str = "<doc title=\"عودة\" source=\"http://example.org/1\" date=\"2020-03-15\"><main><head rend=\"h2\">البحر</head><p>عادت القوارب &amp; السفن.</p></main></doc>";

fn formats() -> [Vec<u8>; 12] {
    [
        TEXT.into(),
        PAGE.into(),
        format!("{}\n[]\n{}\n", json(1), json(2)).into(),
        format!("[{}, {}]", json(1), json(2)).into(),
        format!("id,title,body,date\n1,{TITLE},\"{BODY}\",2020-03-15\n2,x\n").into(),
        FEED.into(),
        warc(),
        ATOM.into(),
        format!("title\tbody\n{TITLE}\t{BODY}\n").into(),
        WRAPPED.into(),
        DOC.into(),
        [warc(), warc()].concat(),
    ]
}

/// One input per format of articles.
pub fn files() -> Vec<Vec<u8>> {
    let numbers = [0, 1, 2, 3, 4, 5, 6, 5, 4, 3, 7, 6];
    let files = formats().into_iter().zip(numbers);
    files
        .map(|(bytes, number)| [&[number, 7], &bytes[..]].concat())
        .collect()
}

fn gzip(bytes: &[u8]) -> Vec<u8> {
    let mut encoder = GzEncoder::new(Vec::new(), Compression::fast());
    encoder.write_all(bytes).expect("compressed");
    encoder.finish().expect("finished")
}

fn xz(bytes: &[u8]) -> Vec<u8> {
    let mut encoder = liblzma::write::XzEncoder::new(Vec::new(), 1);
    encoder.write_all(bytes).expect("compressed");
    encoder.finish().expect("finished")
}

fn zstandard(bytes: &[u8]) -> Vec<u8> {
    zstd::encode_all(bytes, 1).expect("compressed")
}

fn zip(name: &str, bytes: &[u8]) -> Vec<u8> {
    let mut writer = zip::ZipWriter::new(Bytes::new(Vec::new()));
    let options = zip::write::SimpleFileOptions::default();
    writer.start_file(name, options).expect("a file");
    writer.write_all(bytes).expect("written");
    writer.finish().expect("finished").into_inner()
}

fn tar(name: &str, bytes: &[u8]) -> Vec<u8> {
    let mut builder = tar::Builder::new(Vec::new());
    let mut header = tar::Header::new_gnu();
    header.set_size(bytes.len() as u64);
    builder
        .append_data(&mut header, name, bytes)
        .expect("written");
    builder.into_inner().expect("finished")
}

/// One input per compression and archive, also one inside the other.
pub fn archives() -> Vec<Vec<u8>> {
    let line = format!("{}\n", json(1));
    let line = line.as_bytes();
    let contents = [
        gzip(line),
        xz(line),
        zstandard(line),
        zip("a.jsonl", line),
        zip("b.html", PAGE.as_bytes()),
        tar("a.jsonl", line),
        gzip(&tar("a.xml", FEED.as_bytes())),
        zip("c.tar", &tar("a.txt", TEXT.as_bytes())),
        tar("c.zip", &zip("a.json.gz", &gzip(line))),
        gzip(&gzip(&warc())),
        formats().concat(),
    ];
    tagged(1..2, &contents)
}

/// Dates in the ways in which people and programs write them.
pub fn dates() -> Vec<Vec<u8>> {
    let written = [
        "2020-03-15T09:30:00+02:00",
        "Sun, 15 Mar 2020 09:30:00 +0200",
        "17/05/2015 21:43",
        "1584257400",
        "الأحد 15 مارس/آذار 2020",
        "15 رجب 1441 هـ الموافق 10 مارس 2020 م",
        "نشر في: ١٥ كانون الثاني ٢٠٢٠ الساعة 9:30 مساء",
        "قبل 3 أيام",
        "أمس",
        "من مارس 2019 إلى ابريل 2020",
        "2019..2020-02",
        "P7D",
        "رمضان 1441",
        "le 3 mars 2020",
        "نشر في: 15 مارس 2020\n\nقال الوزير اليوم الأحد 15 مارس 2020 إن القوارب عادت.",
        TEXT,
    ];
    written.map(Into::into).into()
}

/// Queries with every sign and operator of the language.
pub fn queries() -> Vec<Vec<u8>> {
    let queries = [
        "عودة القوارب",
        "\"عودة القوارب\"~5 -الميناء",
        "title:عودة OR (body:قارب* AND NOT source:\"النهر\")",
        "قارب NEAR/3 ميناء",
        "=القوارب ?وارب قارب~1",
        "date:2019..2020 author:سالم",
        "#عودة_القوارب @harbour http://example.org/a?b=c",
        "عودة القوارب إلى الميناء بعد رحلة صيد طويلة في البحر، والميناء مفتوح",
        "((((\"",
    ];
    queries.map(Into::into).into()
}

/// Queries with texts to mark.
pub fn snippets() -> Vec<Vec<u8>> {
    let queries = ["القوارب", "\"رحلة صيد\" -سفينة", "قارب* NEAR/9 بحر"];
    let inputs = queries.map(|query| format!("\x18\x28{query}\0{TEXT}{BODY}").into());
    inputs.into()
}

/// A cursor, and texts that are none.
pub fn cursors() -> Vec<Vec<u8>> {
    let request = SearchRequest::new("سلام");
    let text = Cursor::any().to_text(&request);
    [
        format!("\0{text}"),
        format!("\x01{text}"),
        format!("\0{}", &text[..79]),
    ]
    .map(Into::into)
    .into()
}

/// Stored texts and articles.
pub fn stored() -> Vec<Vec<u8>> {
    let mut inputs = vec![
        [&[2], TEXT.as_bytes()].concat(),
        [&[1], &[7; 32][..]].concat(),
    ];
    inputs.push([&[2], &stored::coded(TEXT)[..]].concat());
    inputs.push([&[0], &stored::fields(TEXT)[..]].concat());
    inputs
}

/// One input per small file.
pub fn small_files() -> Vec<Vec<u8>> {
    let text = format!("{}\nقارب\nميناء\n", Model::empty().hash());
    let model = [b"fihrist model 1\n", "\0اب\0".as_bytes(), &[2, 0, 4][..]].concat();
    let graph = [
        b"fihrist graph 1\n",
        &[2, 0, 1, b'a', 0, 1, b'b', 1, 0, 1, 0, 9][..],
    ]
    .concat();
    let own = Graph::from_bytes(&graph).expect("a graph").to_bytes();
    let boilerplate = [b"FIHLINE1", &[7; 16][..]].concat();
    let ledger = [40_u64, 9, 9, 9, 1, 5]
        .iter()
        .flat_map(|number| number.to_le_bytes());
    let ledger: Vec<u8> = ledger.chain([b'a'; 40]).collect();
    let ledger = [b"FIHLEDG1", &zstandard(&ledger)[..]].concat();
    let contents = [
        model.clone(),
        zstandard(&model),
        own,
        zstandard(&graph),
        boilerplate,
        ledger,
        zstandard(text.as_bytes()),
    ];
    debug_assert!(CommonWords::new(text.lines()).get(0).is_some());
    tagged(0..7, &contents)
}
