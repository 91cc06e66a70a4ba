//! A folder of hostile files: the report names every one, the good file among them is indexed.
//! Nothing crashes, hangs or fills the memory.

use std::fs;
use std::io::{Read, Write};
use std::path::Path;

use fihrist_index::ingest::{IngestJob, Input, NoProgress};
use tempfile::TempDir;

use crate::support::archives::zip;
use crate::support::indexes::run_job;

/// Returns a gzip stream of `mib` MiB of blanks.
fn blanks(mib: u64, beginning: &[u8]) -> Vec<u8> {
    let mut encoder = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::best());
    encoder.write_all(beginning).expect("compressed");
    std::io::copy(&mut std::io::repeat(b' ').take(mib << 20), &mut encoder).expect("compressed");
    encoder.finish().expect("finished")
}

/// Sets the encryption flag on the first file of a zip archive.
fn encrypted(mut archive: Vec<u8>) -> Vec<u8> {
    archive[6] |= 1;
    let central = archive
        .windows(4)
        .rposition(|bytes| bytes == b"PK\x01\x02")
        .expect("a directory");
    archive[central + 8] |= 1;
    archive
}

fn lay(folder: &Path) {
    let write = |name: &str, bytes: &[u8]| fs::write(folder.join(name), bytes).expect("written");
    write("good.txt", "خبر سليم\n\nبين ملفات كثيرة معطوبة.".as_bytes());
    write(
        "deep.json",
        [
            "[{\"title\": ",
            &"[".repeat(100_000),
            &"]".repeat(100_000),
            "}]",
        ]
        .concat()
        .as_bytes(),
    );
    write(
        "deep.jsonl",
        format!("{{\"x\": {}", "{\"x\": ".repeat(100_000)).as_bytes(),
    );
    write("deep.html", "<div>".repeat(100_000).as_bytes());
    write(
        "deep.xml",
        format!("<rss><channel>{}", "<a>".repeat(100_000)).as_bytes(),
    );
    write("quote.csv", b"title,body\n\"never closed\n");
    write("bomb.jsonl.gz", &blanks(100, b"{\"title\": \""));
    write("bomb.txt.gz", &blanks(100, b"x"));
    write("bomb.zip", &zip(&[("a.txt", &blanks(100, b"x"))]));
    write(
        "cut.zip",
        &zip(&[("a.txt", "نص".repeat(100).as_bytes())])[..60],
    );
    write("locked.zip", &encrypted(zip(&[("a.txt", "سر".as_bytes())])));
    write(
        "cut.warc",
        b"WARC/1.0\r\nContent-Length: 99999999999\r\nWARC-Type: response\r\n\r\nHTTP/1.1 200 OK\r\n\r\n<p>",
    );
    write(
        "noise.bin2",
        &(0..4_000u32)
            .map(|i| (i.wrapping_mul(2_654_435_761) >> 13) as u8)
            .collect::<Vec<_>>(),
    );
    write("picture.txt2", b"\x89PNG\r\n\x1A\n");
    write("empty", b"");
}

#[test]
fn each_hostile_file_is_a_line_of_the_report() {
    let home = TempDir::new().expect("a directory");
    let folder = home.path().join("in");
    fs::create_dir(&folder).expect("made");
    lay(&folder);
    #[cfg(unix)]
    {
        std::os::unix::fs::symlink(&folder, folder.join("loop")).expect("linked");
        std::os::unix::fs::symlink("gone", folder.join("nowhere.txt")).expect("linked");
    }
    let data = home.path().join("data");
    let job = IngestJob::new(vec![Input::Path(folder.clone())]);
    let report = run_job(&*data, &job, &NoProgress);

    let prefix = format!("{}/", folder.display());
    let seen: Vec<_> = report
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
    let expected = [
        "bomb.jsonl.gz: cut off or damaged: it expands to more than 250 times its size",
        "bomb.txt.gz: cut off or damaged: it expands to more than 250 times its size",
        "bomb.zip!/a.txt: cut off or damaged: it expands to more than 250 times its size",
        "cut.warc#1: cut off: the last record has no end",
        "cut.zip: cut off or damaged",
        "deep.html: not a readable page",
        "deep.json:1: broken JSON",
        "deep.jsonl:1: broken JSON",
        "deep.xml: not a feed: its elements are nested more than 1000 deep",
        "locked.zip!/a.txt: encrypted: it needs a password",
        "nowhere.txt: no such file or folder",
        "quote.csv:2: 1 cells under 2 columns: perhaps a quote or a delimiter is missing",
    ];
    let is_as_expected =
        seen.len() == expected.len() && seen.iter().zip(expected).all(|(a, b)| a.starts_with(b));
    assert!(is_as_expected, "expected {expected:#?}, found {seen:#?}");
    // Of the cut zip archive, the text is whole.
    assert_eq!((report.indexed, report.skipped_files), (2, 3), "{report:?}");
}
