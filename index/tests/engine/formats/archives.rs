//! Files inside other files: zip and tar archives, the archives of crawlers, and compressed streams.

use std::io::Write;

use fihrist_index::ingest::{IngestJob, Input, Spool};
use tempfile::TempDir;

use super::{article, check, run};
use crate::support::archives::zip;

const TEXT: &[u8] = "وصول القافلة\n\nوصلت القافلة إلى الواحة بعد رحلة طويلة في الصحراء.".as_bytes();

pub fn gzip(bytes: &[u8]) -> Vec<u8> {
    let mut encoder = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
    encoder.write_all(bytes).expect("compressed");
    encoder.finish().expect("finished")
}

pub fn tar(files: &[(&str, &[u8])]) -> Vec<u8> {
    let mut builder = tar::Builder::new(Vec::new());
    for (name, bytes) in files {
        let mut header = tar::Header::new_gnu();
        header.set_size(bytes.len() as u64);
        header.set_mode(0o644);
        builder
            .append_data(&mut header, name, *bytes)
            .expect("written");
    }
    builder.into_inner().expect("finished")
}

/// Returns a short page with this number in its title.
pub fn page(number: &str) -> String {
    format!(
        "<html><head><title>عنوان {number}</title></head><body><article>\
         <p>رست في الميناء سفينة شحن كبيرة تحمل القمح من الشمال، وهي السفينة {number} هذا الشهر.</p></article></body></html>"
    )
}

/// Returns an HTTP response.
pub fn http(headers: &str, body: &[u8]) -> Vec<u8> {
    let head = format!("HTTP/1.1 200 OK\r\n{headers}\r\n\r\n");
    [head.as_bytes(), body].concat()
}

pub fn warc_record(kind: &str, uri: &str, content_type: &str, block: &[u8]) -> Vec<u8> {
    let head = format!(
        "WARC/1.0\r\nWARC-Type: {kind}\r\nWARC-Target-URI: {uri}\r\nWARC-Date: 2016-02-03T04:05:06Z\r\nContent-Type: {content_type}\r\nContent-Length: {}\r\n\r\n",
        block.len()
    );
    [head.as_bytes(), block, b"\r\n\r\n"].concat()
}

#[test]
fn archives_of_crawlers() {
    let page = "<html><head><title>سفينة في الميناء</title></head><body><article><p>رست في الميناء سفينة شحن كبيرة تحمل القمح من الشمال.</p></article></body></html>";
    let squeezed = gzip(page.as_bytes());
    let chunked = [
        format!("{:x}\r\n", squeezed.len()).as_bytes(),
        &squeezed,
        b"\r\n0\r\n\r\n",
    ]
    .concat();
    let answer = "application/http; msgtype=response";
    let records = [
        warc_record("warcinfo", "", "application/warc-fields", b"software: x"),
        warc_record(
            "request",
            "https://e.example/1",
            "application/http; msgtype=request",
            b"GET / HTTP/1.1\r\n\r\n",
        ),
        warc_record(
            "response",
            "https://e.example/1",
            answer,
            &http("Content-Type: text/html; charset=utf-8", page.as_bytes()),
        ),
        warc_record(
            "response",
            "https://e.example/2",
            answer,
            &http(
                "Content-Type: text/html\r\nTransfer-Encoding: chunked\r\nContent-Encoding: gzip",
                &chunked,
            ),
        ),
        warc_record(
            "response",
            "https://e.example/p.png",
            answer,
            &http("Content-Type: image/png", b"\x89PNG"),
        ),
        warc_record(
            "response",
            "https://e.example/3",
            answer,
            b"HTTP/1.1 404 Not Found\r\nContent-Type: text/html\r\n\r\n<p>no",
        ),
        warc_record(
            "response",
            "https://e.example/4",
            answer,
            &http(
                "Content-Type: text/html\r\nContent-Encoding: br",
                b"\xFF\xFE\x01",
            ),
        ),
    ];
    let by_member = records.iter().flat_map(|record| gzip(record)).collect();
    let (_home, index) = check(
        &[
            ("a.warc.gz", by_member),
            ("b.warc", records.concat()[..1_100].to_vec()),
        ],
        (2, 0),
        &[
            "a.warc.gz#7: the page is cut off or damaged",
            "b.warc#4: cut off: the last record has no end",
        ],
    );
    for id in ["https://e.example/1", "https://e.example/2"] {
        let article = article(&index, id);
        assert_eq!(
            (article.title().as_str(), article.url.as_deref()),
            ("سفينة في الميناء", Some(id))
        );
        assert_eq!(
            article.published, None,
            "the date of the crawl is not the date of publication"
        );
    }
}

#[test]
fn files_in_archives() {
    let record = "{\"id\": \"z\", \"title\": \"من الأرشيف\"}\n".as_bytes();
    let deepest = zip(&[("c.txt", "قرية بعيدة\n\nلا تصل إليها الطريق.".as_bytes())]);
    let inner = zip(&[
        (
            "b.jsonl",
            "{\"id\": \"y\", \"title\": \"في الداخل\"}".as_bytes(),
        ),
        ("c.zip", &deepest),
    ]);
    let outer = zip(&[
        ("فصل/000_0298d090f25e48f7.txt", TEXT),
        ("a.jsonl", record),
        ("b.zip", &inner),
        ("p.png", b"\x89PNG"),
        ("__MACOSX/._a.txt", b"\0"),
        ("bad.txt", b"\0\x01\x02"),
    ]);
    let tarred = gzip(&tar(&[
        (
            "d/e.html",
            "<title>من تار</title><p>نص قصير في صفحة.".as_bytes(),
        ),
        ("d/f.jsonl.gz", &gzip(b"{\"id\": \"t\", \"title\": \"x\"}")),
    ]));
    let (_home, index) = check(
        &[("a.zip", outer), ("b.tar.gz", tarred)],
        (5, 1),
        &[
            "a.zip!/b.zip!/c.zip: an archive in an archive in an archive",
            "a.zip!/bad.txt: not a text: byte 0 is zero",
        ],
    );
    assert_eq!(article(&index, "0298d090f25e48f7").title(), "وصول القافلة");
    assert_eq!(article(&index, "z").title(), "من الأرشيف");
    assert_eq!(article(&index, "y").title(), "في الداخل");
}

#[test]
fn a_stream_is_read_twice() {
    let home = TempDir::new().expect("a directory");
    let lines = "{\"id\": \"1\", \"title\": \"من المجرى\"}\n{\"id\": \"2\", \"title\": \"ثان\"}\n";
    let spool = Spool::copy(&mut gzip(lines.as_bytes()).as_slice(), home.path()).expect("a copy");
    let job = IngestJob::new(vec![Input::Stream {
        name: "standard input".to_owned(),
        spool,
    }]);
    let (report, index) = run(home.path(), &job);
    assert_eq!((report.indexed, report.rejected_count), (2, 0));
    assert_eq!(article(&index, "1").title(), "من المجرى");
}
