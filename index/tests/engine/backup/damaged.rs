//! Damaged archives and arbitrary bytes: none is restored, and none changes the index.

use std::collections::BTreeMap;
use std::path::Path;
use std::sync::OnceLock;

use fihrist_index::ErrorKind;
use fihrist_index::backup::{Beside, backup, inspect};
use fihrist_index::progress::NoProgress;
use parking_lot::Mutex;
use proptest::prelude::*;
use tempfile::TempDir;

use crate::support::backups::{GOES_ON, files, index, indexed, restore};

type Replaceable = (TempDir, BTreeMap<String, Vec<u8>>, Vec<u8>);

/// Returns a folder with an index, the files of the index, and an archive of a smaller index.
fn replaceable() -> &'static Replaceable {
    static INDEX: OnceLock<Replaceable> = OnceLock::new();
    INDEX.get_or_init(|| {
        let home = indexed(3);
        let data = home.path().join("data");
        let keys = Beside {
            name: "keys.json".to_owned(),
            content: b"{}".to_vec(),
        };
        let mut archive = Vec::new();
        backup(
            &data,
            &[keys],
            (&mut archive, Path::new("memory")),
            &NoProgress,
            &GOES_ON,
        )
        .expect("backed up");
        index(&home, 0..5);
        let before = files(&data);
        (home, before, archive)
    })
}

/// Checks that restoring a damaged archive over the index fails and changes no file.
fn changes_nothing(archive: &[u8]) {
    // The tests share the folder, so only one restores at a time.
    static TURN: Mutex<()> = Mutex::new(());
    let _turn = TURN.lock();
    let (home, before, _) = replaceable();
    let data = home.path().join("data");
    let error = restore(&data, archive, true)
        .map(drop)
        .expect_err("a damaged archive");
    assert_eq!(error.kind(), ErrorKind::Invalid, "{error}");
    assert!(files(&data) == *before, "the index has changed: {error}");
}

#[test]
fn every_byte_of_an_archive_is_checked() {
    let (_, _, archive) = replaceable();
    let whole = inspect(archive.as_slice(), &NoProgress, &GOES_ON)
        .expect("whole")
        .expect("not cancelled");
    assert_eq!((whole.articles, whole.beside.len()), (3, 1));
    // The ends hold headers and checksums, so every byte of them is flipped; the rest is sampled.
    let ends = (0..48).chain(archive.len() - 120..archive.len());
    for at in ends.chain((0..archive.len()).step_by(archive.len() / 150)) {
        let mut flipped = archive.clone();
        flipped[at] ^= 1 << (at % 8);
        inspect(&flipped[..], &NoProgress, &GOES_ON).expect_err(&format!("byte {at} was flipped"));
        inspect(&archive[..at], &NoProgress, &GOES_ON).expect_err(&format!("cut at byte {at}"));
    }
    changes_nothing(&archive[..archive.len() - 1]);
    changes_nothing(&[archive, &b"\n"[..]].concat());
    changes_nothing(&[&archive[..], archive].concat());
    changes_nothing(b"");
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(48))]

    #[test]
    fn a_flipped_byte_changes_nothing(at in any::<prop::sample::Index>(), flip in 1..=u8::MAX) {
        let mut archive = replaceable().2.clone();
        let at = at.index(archive.len());
        archive[at] ^= flip;
        changes_nothing(&archive);
    }

    #[test]
    fn a_cut_archive_changes_nothing(at in any::<prop::sample::Index>()) {
        let archive = &replaceable().2;
        changes_nothing(&archive[..at.index(archive.len())]);
    }

    #[test]
    fn any_bytes_change_nothing(bytes in proptest::collection::vec(any::<u8>(), 0..400), is_headed in any::<bool>()) {
        let head = if is_headed { &replaceable().2[..200] } else { &[] };
        changes_nothing(&[head, &bytes].concat());
    }
}
