//! Damaged zip and tar archives: each file of theirs that is whole is read.

use std::io::Write;

use flate2::write::DeflateEncoder;

use super::archives::tar;
use super::index_of;
use crate::support::archives::zip;
use crate::support::indexes::stored;

const NUMBERS: [&str; 4] = ["1", "2", "3", "4"];

/// Returns a file for each of the [`NUMBERS`], with one article whose id is the number.
fn files() -> Vec<(String, String)> {
    let file = |number: &str| {
        let body = "رست السفينة في الميناء ".repeat(40);
        let article =
            format!("{{\"id\": \"{number}\", \"title\": \"خبر {number}\", \"body\": \"{body}\"}}");
        (format!("{number}.json"), article)
    };
    NUMBERS.map(file).to_vec()
}

/// Checks that the articles with the ids in `lost` are missing, no others, and that it is reported.
#[track_caller]
fn check(name: &str, bytes: &[u8], lost: &[&str]) {
    let (_home, report, index) = index_of(name, bytes);
    let missing: Vec<_> = NUMBERS
        .into_iter()
        .filter(|id| stored(&index, id).is_none())
        .collect();
    assert_eq!(missing, lost, "{:?}", report.rejected);
    assert!(report.rejected_count > 0, "{report:?}");
}

/// Returns a zip archive whose sizes stand behind the files.
fn streamed_zip() -> Vec<u8> {
    let (mut archive, mut directory) = (Vec::new(), Vec::new());
    for (name, text) in &files() {
        let mut encoder = DeflateEncoder::new(Vec::new(), flate2::Compression::fast());
        encoder.write_all(text.as_bytes()).expect("compressed");
        let data = encoder.finish().expect("finished");
        let [crc, packed, plain] = [
            crc32fast::hash(text.as_bytes()),
            data.len() as u32,
            text.len() as u32,
        ];
        let sizes = [crc, packed, plain].map(u32::to_le_bytes).concat();
        let lengths = [(name.len() as u16).to_le_bytes(), [0; 2]].concat();
        let start = (archive.len() as u32).to_le_bytes();
        archive.extend(
            [
                b"PK\x03\x04\x14\0\x08\0\x08\0",
                &[0; 16][..],
                &lengths,
                name.as_bytes(),
                &data,
            ]
            .concat(),
        );
        archive.extend([b"PK\x07\x08", &*sizes].concat());
        let after = [&[0; 10][..], &start].concat();
        directory.extend(
            [
                b"PK\x01\x02\x14\0\x14\0\x08\0\x08\0\0\0\0\0",
                &*sizes,
                &lengths,
                &after,
                name.as_bytes(),
            ]
            .concat(),
        );
    }
    let count = 4u16.to_le_bytes();
    let place = [directory.len() as u32, archive.len() as u32]
        .map(u32::to_le_bytes)
        .concat();
    let end = [b"PK\x05\x06\0\0\0\0", &count[..], &count, &place, &[0; 2]].concat();
    [archive, directory, end].concat()
}

#[test]
fn files_whose_sizes_stand_behind_them() {
    let whole = streamed_zip();
    let (_home, report, _index) = index_of("a.zip", &whole);
    assert_eq!(
        (report.indexed, report.rejected_count),
        (4, 0),
        "{report:?}"
    );
    let starts: Vec<_> = memchr::memmem::find_iter(&whole, b"PK\x03\x04").collect();
    let directory = memchr::memmem::find(&whole, b"PK\x01\x02").expect("a directory");
    check("a.zip", &whole[..directory], &[]);
    check("a.zip", &whole[..directory - 40], &["4"]);
    let inserted = [&whole[..starts[1] + 60], b"\x55", &whole[starts[1] + 60..]].concat();
    check("a.zip", &inserted, &["2"]);
    // The checksum shows the damage only at the end of the file, so its article may be kept.
    let mut flipped = whole[..directory].to_vec();
    flipped[starts[2] + 90] ^= 4;
    let (_home, report, index) = index_of("a.zip", &flipped);
    let last = report.rejected.last().expect("a rejection");
    assert!(last.source.ends_with("3.json"), "{report:?}");
    assert!(
        ["1", "2", "4"]
            .iter()
            .all(|id| stored(&index, id).is_some())
    );
}

#[test]
fn files_that_the_directory_does_not_name() {
    let files = files();
    let files: Vec<_> = files
        .iter()
        .map(|(name, text)| (&**name, text.as_bytes()))
        .collect();
    let whole = zip(&files);
    let end = memchr::memmem::rfind(&whole, b"PK\x05\x06").expect("an end");
    // The number of files in the directory stands twice in the end.
    for count in [0, 2] {
        let mut damaged = whole.clone();
        (damaged[end + 8], damaged[end + 10]) = (count, count);
        check("a.zip", &damaged, &[]);
    }
}

#[test]
fn a_damaged_header_or_a_shift_costs_one_file_of_a_tar_archive() {
    let files = files();
    let files: Vec<_> = files
        .iter()
        .map(|(name, text)| (&**name, text.as_bytes()))
        .collect();
    let whole = tar(&files);
    let starts: Vec<_> = memchr::memmem::find_iter(&whole, b"ustar")
        .map(|at| at - 257)
        .collect();
    for at in [0, 100, 130, 150, 300] {
        let mut damaged = whole.clone();
        damaged[starts[1] + at] ^= 3;
        check("a.tar", &damaged, &["2"]);
    }
    let place = starts[2] - 20;
    for inserted in [1, 30] {
        let shifted = [&whole[..place], &vec![0; inserted], &whole[place..]].concat();
        check("a.tar", &shifted, &[]);
    }
    let zeros = [&whole[..place], &[0; 600], &whole[place..]].concat();
    let (_home, report, _index) = index_of("a.tar", &zeros);
    assert_eq!(report.indexed, 4, "{report:?}");
    for missing in [1, 15] {
        check(
            "a.tar",
            &[&whole[..place], &whole[place + missing..]].concat(),
            &[],
        );
    }
    check("a.tar", &whole[..starts[3] + 700], &["4"]);
    // The compressed stream fails, not the archive.
    let mut squeezed = super::archives::gzip(&whole);
    let half = squeezed.len() / 2;
    squeezed[half] ^= 0x55;
    let (_home, report, _index) = index_of("a.tar.gz", &squeezed);
    assert!(report.rejected_count > 0, "{report:?}");
}
