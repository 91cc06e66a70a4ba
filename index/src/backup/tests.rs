//! Archives with a right seal and a wrong content. Somebody made them on purpose, so no checksum
//! notices them.

use std::io::Write;
use std::sync::atomic::AtomicBool;

use sha2::{Digest, Sha256};
use tar::{Builder, EntryType, Header};

use super::manifest::{Entry, Manifest};
use super::seal::SealingWriter;
use super::{JobControl, unpack};
use crate::error::ErrorKind;
use crate::progress::NoProgress;

/// An entry of a tar archive: its path, kind and content.
type TarEntry<'a> = (&'a str, EntryType, &'a [u8]);

/// Returns a compressed and sealed tar file with any entries.
fn archive(entries: &[TarEntry<'_>]) -> Vec<u8> {
    let mut out = Vec::new();
    let mut tar = Builder::new(zstd::Encoder::new(SealingWriter::new(&mut out), 1).unwrap());
    for (path, kind, content) in entries {
        let mut header = Header::new_ustar();
        // Written directly: the library refuses some of these paths.
        header.as_old_mut().name[..path.len()].copy_from_slice(path.as_bytes());
        header.set_entry_type(*kind);
        header.set_size(content.len() as u64);
        header.set_cksum();
        tar.append(&header, *content).unwrap();
    }
    tar.into_inner().unwrap().finish().unwrap().seal().unwrap();
    out
}

/// Returns the manifest of files that all hold `نص`.
fn manifest(names: &[&str]) -> Vec<u8> {
    let mut manifest = Manifest::new("2024-01-01T00:00:00Z".to_owned());
    let sha256 = hex::encode(Sha256::digest("نص"));
    let entry = |name: &&str| Entry {
        name: (*name).to_owned(),
        size_bytes: 4,
        sha256: sha256.clone(),
    };
    manifest.files = names.iter().map(entry).collect();
    manifest.to_json().unwrap()
}

#[track_caller]
fn check(archive: &[u8], expected: &str) {
    let cancel = AtomicBool::new(false);
    match unpack::unpack(
        archive,
        |_| Ok(None),
        JobControl {
            progress: &NoProgress,
            cancel: &cancel,
        },
    ) {
        Ok(_) => assert!(
            expected.is_empty(),
            "it was taken for whole, not for: {expected}"
        ),
        Err(error) => {
            assert_eq!(error.kind(), ErrorKind::Invalid, "{error}");
            assert!(
                !expected.is_empty() && error.to_string().contains(expected),
                "{error}"
            );
        }
    }
}

const FILE: EntryType = EntryType::Regular;
const TEXT: &[u8] = "نص".as_bytes();

#[test]
fn entries_are_those_of_the_manifest_in_its_order() {
    let of_two = manifest(&["a", "b"]);
    let (head, a, b) = (
        ("manifest.json", FILE, &of_two[..]),
        ("index/a", FILE, TEXT),
        ("index/b", FILE, TEXT),
    );
    check(&archive(&[head, a, b]), "");
    check(
        &archive(&[head, b, a]),
        "the entry for `index/a` does not match the manifest",
    );
    check(&archive(&[head, a]), "cut off");
    check(&archive(&[head, a, b, b]), "more than its manifest says");
    check(
        &archive(&[head, a, a]),
        "the entry for `index/b` does not match",
    );
    check(
        &archive(&[head, a, ("index/b", FILE, b"text")]),
        "`b` is not what was backed up",
    );
    check(
        &archive(&[head, a, ("index/b", FILE, b"longer")]),
        "the entry for `index/b` does not match",
    );
    check(&archive(&[a, head, b]), "not a backup of an index");
    check(&archive(&[]), "not a backup of an index");
    check(
        &archive(&[("manifest.json", FILE, b"{}")]),
        "its manifest cannot be read",
    );
}

#[test]
fn no_entry_leads_out_of_the_directory() {
    let of_one = manifest(&["a"]);
    let head = ("manifest.json", FILE, &of_one[..]);
    for path in [
        "../a",
        "/index/a",
        "index/../../a",
        "index/./a",
        "beside/a",
        "a",
    ] {
        check(
            &archive(&[head, (path, FILE, TEXT)]),
            "the entry for `index/a` does not match",
        );
    }
    for kind in [
        EntryType::Symlink,
        EntryType::Link,
        EntryType::Directory,
        EntryType::GNUSparse,
        EntryType::XHeader,
    ] {
        check(
            &archive(&[head, ("index/a", kind, TEXT)]),
            "the entry for `index/a` does not match",
        );
    }
    for name in ["../../CURRENT", "/etc/hosts", ".managed.json"] {
        let manifest = manifest(&[name]);
        check(
            &archive(&[("manifest.json", FILE, &manifest)]),
            "no name of a file in an index",
        );
    }
    let twice = manifest(&["a", "a"]);
    check(
        &archive(&[
            ("manifest.json", FILE, &twice),
            ("index/a", FILE, TEXT),
            ("index/a", FILE, TEXT),
        ]),
        "twice",
    );
}

#[test]
fn nothing_follows_what_was_written() {
    let mut out = Vec::new();
    let mut encoder = zstd::Encoder::new(SealingWriter::new(&mut out), 1).unwrap();
    let of_none = manifest(&[]);
    let mut tar = Builder::new(&mut encoder);
    let mut header = Header::new_ustar();
    header.set_path("manifest.json").unwrap();
    header.set_size(of_none.len() as u64);
    header.set_cksum();
    tar.append(&header, &of_none[..]).unwrap();
    tar.into_inner().unwrap();
    // A gigabyte of zeros, which takes almost no room in the archive.
    let nothing = vec![0; 1 << 20];
    (0..1_000)
        .try_for_each(|_| encoder.write_all(&nothing))
        .unwrap();
    let mut sealing = encoder.finish().unwrap();
    sealing.flush().unwrap();
    sealing.seal().unwrap();
    assert!(out.len() < 1 << 20);
    check(&out, "something follows after its last file");
}
