//! Properties of restoring, for arbitrary bytes. `fuzzing` lists them; the product does not contain
//! them.

use std::fs;
use std::io::Write;
use std::path::Path;
use std::sync::atomic::AtomicBool;
use std::sync::{Arc, LazyLock};

use fihrist_arabic::Model;
use sha2::{Digest, Sha256};
use tar::{Builder, EntryType, Header};

use super::manifest::{Entry, Manifest};
use super::seal::SealingWriter;
use super::{Restore, backup};
use crate::backend::Basis;
use crate::ingest::read_text;
use crate::progress::NoProgress;
use crate::search::SearchRequest;
use crate::{ArticleId, Index, IndexWriter};

/// Restores an archive into an empty folder. A restore that fails leaves no index behind; one that
/// succeeds gives an index that opens. The first byte says what the other bytes are: an archive, a
/// tar file that is compressed and sealed, or [edits](edited) of an archive.
pub fn restoring(input: &[u8]) {
    let Some((mode, bytes)) = input.split_first() else {
        return;
    };
    let archive = match mode % 3 {
        0 => bytes.to_vec(),
        1 => sealed(|encoder| encoder.write_all(bytes).expect("written")),
        _ => packed(edited(&SMALL.1, bytes)),
    };
    let cancel = AtomicBool::new(false);
    let home = tempfile::tempdir().expect("a folder");
    let data = home.path().join("data");
    let restored = Restore::unpack(&data, archive.as_slice(), false, &NoProgress, &cancel)
        .and_then(|restore| restore.expect("not cancelled").finish(&NoProgress, &cancel));
    match restored {
        Ok(_) => drop(Index::open(&*data).expect("a restored index opens")),
        Err(_) => assert!(!data.join("CURRENT").exists()),
    }
    let names = fs::read_dir(home.path()).expect("a folder");
    assert!(names.count() <= 1, "a restore wrote outside its folder");
}

fn sealed(write: impl FnOnce(&mut zstd::Encoder<'_, SealingWriter<&mut Vec<u8>>>)) -> Vec<u8> {
    let mut out = Vec::new();
    let mut encoder = zstd::Encoder::new(SealingWriter::new(&mut out), 1).expect("an encoder");
    write(&mut encoder);
    encoder.finish().expect("ended").seal().expect("sealed");
    out
}

/// Files with their names.
type Files = Vec<(String, Vec<u8>)>;

/// The manifest of a small index, and its files with their names, in the order of a backup.
static SMALL: LazyLock<(Manifest, Files)> = LazyLock::new(|| {
    let home = tempfile::tempdir().expect("a folder");
    small_index(home.path());
    let mut archive = Vec::new();
    let (out, name) = (&mut archive, Path::new("any"));
    let cancel = AtomicBool::new(false);
    let packed = backup(home.path(), &[], (out, name), &NoProgress, &cancel).expect("packed");
    let manifest = packed.expect("not cancelled").manifest;
    let content = zstd::decode_all(&archive[..]).expect("a backup");
    let mut tar = tar::Archive::new(&content[..]);
    let entries = tar.entries().expect("entries").skip(1);
    let files = manifest.files.iter().zip(entries).map(|(file, entry)| {
        let mut bytes = Vec::new();
        std::io::copy(&mut entry.expect("an entry"), &mut bytes).expect("read");
        (file.name.clone(), bytes)
    });
    (manifest.clone(), files.collect())
});

/// The queries that a damaged index is asked.
const QUERIES: [&str; 5] = ["قارب", "\"عاد القارب\"", "الميناء -عاد", "مينا*", "لا أحد"];

/// What an index answers: for each query the ids it finds, and each article.
type Answers = Vec<Option<String>>;

/// Returns the answers of an index; `None` for each question that fails with an error.
fn answers(index: &Index) -> Answers {
    let found = QUERIES.map(|query| {
        let request = SearchRequest {
            relaxes: false,
            ..SearchRequest::new(query)
        };
        let hits = index.search(&request).ok()?;
        let ids = hits.hits.iter().map(|hit| hit.article.id.as_str());
        Some(format!("{} {:?}", hits.total, ids.collect::<Vec<_>>()))
    });
    let articles = ["1", "2", "3"].map(|id| {
        let id = ArticleId::new(id).expect("an id");
        index
            .article(&id)
            .ok()
            .map(|article| format!("{article:?}"))
    });
    found.into_iter().chain(articles).collect()
}

/// The files of a small index with their paths, and its answers.
static WHOLE: LazyLock<(Files, Answers)> = LazyLock::new(|| {
    let home = tempfile::tempdir().expect("a folder");
    small_index(home.path());
    let answers = answers(&Index::open(home.path()).expect("an index"));
    assert!(answers.iter().all(Option::is_some));
    let mut files = Vec::new();
    for entry in walkdir::WalkDir::new(home.path()).sort_by_file_name() {
        let entry = entry.expect("an entry");
        let path = entry
            .path()
            .strip_prefix(home.path())
            .expect("below the folder");
        if entry.file_type().is_file() {
            let bytes = fs::read(entry.path()).expect("read");
            files.push((path.to_string_lossy().into_owned(), bytes));
        }
    }
    (files, answers)
});

/// Opens an index after some [edits](edited) of its files, and asks it. Each answer is the one
/// before the edits, or an error.
pub fn damaged_index(edits: &[u8]) {
    let (files, truth) = &*WHOLE;
    let home = tempfile::tempdir().expect("a folder");
    for (path, bytes) in edited(files, edits) {
        let path = home.path().join(path);
        fs::create_dir_all(path.parent().expect("a folder")).expect("made");
        fs::write(path, bytes).expect("written");
    }
    let Ok(index) = Index::open(home.path()) else {
        return;
    };
    for (number, (answer, truth)) in answers(&index).iter().zip(truth).enumerate() {
        assert!(answer.is_none() || answer == truth, "{number}: {answer:?}");
    }
}

/// Returns inputs to start from: an edit of each file.
pub fn damaged_index_seeds() -> Vec<Vec<u8>> {
    let numbers = 0..WHOLE.0.len() as u8;
    let edits = numbers.map(|number| vec![number, 0, number.wrapping_mul(31), number % 3]);
    edits.collect()
}

/// Writes an index of two articles, with the model without words, so that it is small.
fn small_index(data: &Path) {
    let mut writer = IndexWriter::open(data).expect("a writer");
    let basis = Basis {
        model: Arc::new(Model::empty()),
        ..Basis::default()
    };
    writer.backend.begin(basis).expect("begun");
    for (id, text) in [("1", "قارب في الميناء"), ("2", "عاد القارب إلى الميناء")]
    {
        let id = ArticleId::new(id).expect("an id");
        writer
            .upsert(&read_text(id, text.to_owned()))
            .expect("written");
    }
    writer.commit().expect("committed");
    writer.finish().expect("finished");
}

/// Returns the files after some edits of four bytes: the number of the file, an offset in two bytes,
/// and the bits to change. If these are zero, the file ends at the offset.
fn edited(files: &Files, edits: &[u8]) -> Files {
    let mut files = files.clone();
    let (edits, _) = edits.as_chunks::<4>();
    for [file, high, low, bits] in edits {
        let number = usize::from(*file) % files.len();
        let bytes = &mut files[number].1;
        let offset = usize::from(u16::from_be_bytes([*high, *low])) % (bytes.len() + 1);
        match bytes.get_mut(offset) {
            Some(byte) if *bits > 0 => *byte ^= bits,
            _ => bytes.truncate(offset),
        }
    }
    files
}

/// Returns an archive of the files, with the manifest that they need.
fn packed(files: Files) -> Vec<u8> {
    let entry = |(name, bytes): &(String, Vec<u8>)| Entry {
        name: name.clone(),
        size_bytes: bytes.len() as u64,
        sha256: hex::encode(Sha256::digest(bytes)),
    };
    let manifest = Manifest {
        files: files.iter().map(entry).collect(),
        ..SMALL.0.clone()
    };
    let json = manifest.to_json().expect("a manifest");
    sealed(|encoder| {
        let mut tar = Builder::new(encoder);
        let mut append = |path: &str, bytes: &[u8]| {
            let mut header = Header::new_ustar();
            header.set_path(path).expect("a short name");
            header.set_entry_type(EntryType::Regular);
            header.set_size(bytes.len() as u64);
            header.set_cksum();
            tar.append(&header, bytes).expect("appended");
        };
        append(super::manifest::NAME, &json);
        for (name, bytes) in &files {
            append(&format!("index/{name}"), bytes);
        }
        tar.finish().expect("ended");
    })
}

/// Returns inputs to start from: whole archives in each of the three forms.
pub fn seeds() -> Vec<Vec<u8>> {
    let archive = packed(SMALL.1.clone());
    let tar = zstd::decode_all(&archive[..]).expect("an archive");
    vec![
        [&[0], &archive[..]].concat(),
        [&[1], &tar[..]].concat(),
        vec![2],
        vec![2, 0, 0, 9, 1],
        vec![2, 1, 0, 9, 0],
    ]
}
