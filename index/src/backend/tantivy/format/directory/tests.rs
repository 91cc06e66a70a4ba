//! Tests of the directory of an index: what was written is read, damage is found, and nothing is left
//! behind. Queries over a damaged index are tested elsewhere.

use std::fs;
use std::io::{Read, Write};
use std::ops::Range;
use std::path::{Path, PathBuf};

use proptest::prelude::*;
use tantivy::Document as _;
use tantivy::directory::{FileHandle, TerminatingWrite};
use tantivy::schema::{FAST, STORED, Schema, TEXT};
use tantivy::{Directory, HasLen, Index, IndexWriter, ReloadPolicy, TantivyDocument};
use tempfile::TempDir;

use super::*;
use crate::backend::tantivy::format::segment_files;
use crate::damage::Damage;

/// A file that the spilling of large files does not concern.
const NAME: &str = "0123456789abcdef0123456789abcdef.term";

fn files(home: &TempDir, purpose: Purpose) -> IndexFiles {
    IndexFiles::open(home.path(), purpose).unwrap()
}

/// Writes a file of its own in chunks.
fn write_plain(home: &TempDir, chunks: &[Vec<u8>]) -> PathBuf {
    let mut sums = pages::PageSums::default();
    chunks.iter().for_each(|chunk| sums.add(chunk));
    let mut bytes = chunks.concat();
    bytes.extend(sums.into_tail());
    let path = home.path().join(NAME);
    fs::write(&path, bytes).unwrap();
    path
}

/// Returns whether an error names damage to `file`.
fn is_damage(error: &(dyn std::error::Error + 'static), file: &Path) -> bool {
    let io = error.downcast_ref::<io::Error>();
    let damage = io.and_then(|error| error.get_ref()?.downcast_ref::<Damage>());
    damage.is_some_and(|damage| damage.file == file)
}

/// Reads a range of a file of its own; `None` if it is damaged.
fn read(home: &TempDir, purpose: Purpose, range: Range<usize>) -> Option<Vec<u8>> {
    let path = home.path().join(NAME);
    let file = match files(home, purpose).open_file(Path::new(NAME)) {
        Ok(file) => file,
        Err(OpenReadError::IoError { io_error, .. }) => {
            assert!(is_damage(&*io_error, &path), "{io_error}");
            return None;
        }
        Err(error) => panic!("{error}"),
    };
    match file.read_bytes(range) {
        Ok(bytes) => Some(bytes.to_vec()),
        Err(error) => {
            assert!(is_damage(&error, &path), "{error}");
            None
        }
    }
}

fn chunks() -> impl Strategy<Value = Vec<Vec<u8>>> {
    let chunk = prop_oneof![
        prop::collection::vec(any::<u8>(), 0..40),
        (any::<u8>(), 4_000..9_000_usize).prop_map(|(byte, count)| vec![byte; count]),
    ];
    prop::collection::vec(chunk, 0..6)
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 128, ..ProptestConfig::default() })]

    #[test]
    fn what_was_written_in_chunks_is_read_in_ranges(
        chunks in chunks(),
        (one, other) in (any::<prop::sample::Index>(), any::<prop::sample::Index>()),
    ) {
        let home = TempDir::new().unwrap();
        write_plain(&home, &chunks);
        let body = chunks.concat();
        let (one, other) = (one.index(body.len() + 1), other.index(body.len() + 1));
        let range = one.min(other)..one.max(other);
        for purpose in [Purpose::Reading, Purpose::Writing] {
            let found = read(&home, purpose, range.clone());
            prop_assert_eq!(found.as_deref(), Some(&body[range.clone()]));
        }
        let file = files(&home, Purpose::Reading).open_file(Path::new(NAME)).unwrap();
        let mut read = Vec::new();
        file.reader().read_to_end(&mut read).unwrap();
        prop_assert_eq!(read, body);
        file.verify(|_| ()).unwrap();
    }

    #[test]
    fn a_changed_file_is_damaged(
        chunks in chunks(),
        place in any::<prop::sample::Index>(),
        bit in 0..8_u32,
        is_cut in any::<bool>(),
    ) {
        let home = TempDir::new().unwrap();
        let path = write_plain(&home, &chunks);
        let mut bytes = fs::read(&path).unwrap();
        let place = place.index(bytes.len());
        if is_cut {
            bytes.truncate(place);
        } else {
            bytes[place] ^= 1_u8 << bit;
        }
        fs::write(&path, bytes).unwrap();
        let body = chunks.concat();
        for purpose in [Purpose::Reading, Purpose::Writing] {
            prop_assert_eq!(read(&home, purpose, 0..body.len()), None);
            // A page that is whole stays readable.
            if !is_cut && place >= PAGE && place < body.len() {
                let found = read(&home, purpose, 0..PAGE);
                prop_assert_eq!(found.as_deref(), Some(&body[..PAGE]));
            }
        }
    }
}

const PAGE: usize = pages::PAGE_BYTES;

/// An index with one text in each of `segments` segments.
fn index(home: &TempDir, segments: usize) -> IndexFiles {
    let written = files(home, Purpose::Writing);
    let mut writer = writer(&written);
    for _ in 0..segments {
        add(&mut writer, &[]);
    }
    written
}

/// Opens a writer that merges nothing by itself.
fn writer(written: &IndexFiles) -> IndexWriter {
    let mut schema = Schema::builder();
    schema.add_text_field("text", TEXT | STORED);
    schema.add_u64_field("number", FAST);
    schema.add_bytes_field("bytes", STORED);
    let index = Index::builder().schema(schema.build());
    let index = index.open_or_create(written.clone()).unwrap();
    let writer: IndexWriter = index.writer_with_num_threads(1, 15 << 20).unwrap();
    writer.set_merge_policy(Box::new(tantivy::merge_policy::NoMergePolicy));
    writer
}

/// Commits a document with these bytes.
fn add(writer: &mut IndexWriter, bytes: &[u8]) {
    let schema = writer.index().schema();
    let field = |name| schema.get_field(name).unwrap();
    let mut document = TantivyDocument::default();
    document.add_text(field("text"), "حي على العمل");
    document.add_u64(field("number"), 7);
    document.add_bytes(field("bytes"), bytes);
    writer.add_document(document).unwrap();
    writer.commit().unwrap();
}

/// Returns all that the index stores, as text.
fn content(home: &TempDir) -> tantivy::Result<String> {
    let index = Index::open(files(home, Purpose::Reading))?;
    let reader = index.reader_builder().reload_policy(ReloadPolicy::Manual);
    let reader = reader.try_into()?;
    let mut content = String::new();
    for segment in reader.searcher().segment_readers() {
        let store = segment.get_store_reader(1)?;
        for document in segment.doc_ids_alive() {
            let document: TantivyDocument = store.get(document)?;
            content += &document.to_json(segment.schema());
        }
        let numbers = segment.fast_fields().u64("number")?;
        content += &format!("{:?}", numbers.first(0));
        let text = segment.inverted_index(segment.schema().get_field("text")?)?;
        let mut terms = text.terms().stream()?;
        while let Some((term, info)) = terms.next() {
            content += &format!("{term:?}{}", info.doc_freq);
        }
    }
    Ok(content)
}

/// Returns the paths of all files of an index that have content.
fn paths(home: &TempDir) -> Vec<PathBuf> {
    let entries = fs::read_dir(home.path()).unwrap();
    let mut paths: Vec<_> = entries.map(|entry| entry.unwrap().path()).collect();
    paths.retain(|path| fs::metadata(path).unwrap().len() > 0);
    paths.sort();
    paths
}

#[test]
fn a_small_commit_is_one_compound_file() {
    let home = TempDir::new().unwrap();
    index(&home, 2);
    let names = |path: &PathBuf| path.file_name().unwrap().to_string_lossy().into_owned();
    let names: Vec<_> = paths(&home).iter().map(names).collect();
    assert_eq!(names, ["000001.cfs", "000002.cfs", "meta.json"]);
    assert_eq!(content(&home).unwrap().matches("العمل").count(), 2);
    let index = Index::open(files(&home, Purpose::Reading)).unwrap();
    let names = segment_files(&index.load_metas().unwrap());
    assert_eq!(names.len(), 2 * 6);
    for name in names {
        let file = files(&home, Purpose::Reading).open_file(&name).unwrap();
        assert!(file.has_page_checksums());
        file.verify(|_| ()).unwrap();
    }
}

#[test]
fn every_flipped_bit_and_every_cut_is_found_or_makes_no_difference() {
    let home = TempDir::new().unwrap();
    index(&home, 1);
    let truth = content(&home).unwrap();
    let mut failures = 0;
    for path in paths(&home) {
        let whole = fs::read(&path).unwrap();
        for place in 0..whole.len() {
            let mut flipped = whole.clone();
            flipped[place] ^= 1 << (place % 8);
            for bytes in [&flipped[..], &whole[..place]] {
                fs::write(&path, bytes).unwrap();
                match content(&home) {
                    Ok(found) => assert_eq!(found, truth, "{place} in {}", path.display()),
                    Err(_) => failures += 1,
                }
            }
        }
        fs::write(&path, whole).unwrap();
    }
    assert_eq!(content(&home).unwrap(), truth);
    assert!(failures > 1_000, "{failures}");
}

#[test]
fn a_compound_file_is_removed_with_its_last_file() {
    let home = TempDir::new().unwrap();
    let written = index(&home, 3);
    let mut writer = writer(&written);
    let segments = writer.index().searchable_segment_ids().unwrap();
    written.end_commit();
    writer.merge(&segments).wait().unwrap();
    // The merge waits for the next commit.
    assert_eq!(paths(&home).len(), 4);
    assert_eq!(content(&home).unwrap().matches("العمل").count(), 3);
    written.begin_commit();
    writer.commit().unwrap();
    writer.wait_merging_threads().unwrap();
    written.flush().unwrap();
    assert_eq!(content(&home).unwrap().matches("العمل").count(), 3);
    assert_eq!(paths(&home).len(), 2, "{:?}", paths(&home));
}

#[test]
fn a_damaged_segment_is_not_merged_and_stays() {
    let home = TempDir::new().unwrap();
    let written = files(&home, Purpose::Writing);
    let mut writer = writer(&written);
    // Bytes that cannot be compressed, so that the store is a file of its own.
    let mut state = 1_u64;
    let noise = std::iter::repeat_with(|| {
        state = state
            .wrapping_mul(6_364_136_223_846_793_005)
            .wrapping_add(1);
        (state >> 56) as u8
    });
    add(&mut writer, &noise.take(600_000).collect::<Vec<_>>());
    add(&mut writer, &[]);
    let is_store = |path: &PathBuf| has_extension(path, STORE);
    let store = paths(&home).into_iter().find(is_store).unwrap();
    let mut bytes = fs::read(&store).unwrap();
    bytes[100_000] ^= 4;
    fs::write(&store, bytes).unwrap();

    let segments = writer.index().searchable_segment_ids().unwrap();
    // Tantivy does not pass the cause on, but the damage is noted.
    assert!(writer.merge(&segments).wait().is_err());
    add(&mut writer, &[]);
    let metas = writer.index().searchable_segment_metas().unwrap();
    assert_eq!(metas.len(), 3);
    let damaged: Vec<_> = metas
        .iter()
        .filter(|meta| written.is_damaged(meta))
        .collect();
    assert_eq!(damaged.len(), 1);
    let name = damaged[0].id().uuid_string();
    assert!(store.to_string_lossy().contains(&name));
    // Only the store's damaged page is lost.
    assert!(content(&home).is_err());
    let reader = Index::open(files(&home, Purpose::Reading)).unwrap();
    assert_eq!(reader.reader().unwrap().searcher().num_docs(), 3);
}

#[test]
fn a_new_writer_removes_what_a_killed_one_left() {
    let home = TempDir::new().unwrap();
    let written = index(&home, 1);
    let before = paths(&home);
    for name in [NAME, "meta.json.tmp", "000009.cfs.tmp", ".managed.json"] {
        fs::write(home.path().join(name), "x").unwrap();
    }
    let bytes = OwnedBytes::new(b"x".to_vec());
    compound::write(&home.path().join("000008.cfs"), &[(NAME.into(), bytes)]).unwrap();
    drop(written);
    let _writer = writer(&files(&home, Purpose::Writing));
    assert_eq!(paths(&home), before);
}

#[test]
fn a_large_file_is_a_file_of_its_own() {
    let home = TempDir::new().unwrap();
    let written = files(&home, Purpose::Writing);
    let content = vec![7; 300 << 10];
    let mut file = written.open_write(Path::new(NAME)).unwrap();
    file.write_all(&content).unwrap();
    file.terminate().unwrap();
    assert!(home.path().join(NAME).exists());
    assert_eq!(
        read(&home, Purpose::Reading, 0..content.len()),
        Some(content)
    );
}

#[test]
fn a_file_without_page_checksums_is_verified_as_a_whole() {
    let home = TempDir::new().unwrap();
    let mut body = b"some bytes".to_vec();
    let footer = format!("{{\"version\":{{}},\"crc\":{}}}", crc32fast::hash(&body));
    body.extend(footer.as_bytes());
    body.extend((footer.len() as u32).to_le_bytes());
    body.extend(1337_u32.to_le_bytes());
    let path = home.path().join(NAME);
    fs::write(&path, &body).unwrap();
    let name = Path::new(NAME);
    let purposes = [Purpose::Reading, Purpose::Writing];
    for purpose in purposes {
        assert_eq!(read(&home, purpose, 0..body.len()), Some(body.clone()));
        files(&home, purpose).get_file_handle(name).unwrap();
    }
    body[3] ^= 1;
    fs::write(&path, &body).unwrap();
    for purpose in purposes {
        let error = files(&home, purpose).get_file_handle(name).unwrap_err();
        assert!(is_damage(&io_error(error), &path));
        let file = files(&home, purpose).open_file(name).unwrap();
        assert!(is_damage(&file.verify(|_| ()).unwrap_err(), &path));
    }
}

#[test]
fn a_file_that_changes_in_place_is_noticed_and_verified_again() {
    let home = TempDir::new().unwrap();
    let path = write_plain(&home, &[vec![7; 3 * PAGE]]);
    let files = files(&home, Purpose::Reading);
    let open = files.open_file(Path::new(NAME)).unwrap();
    open.read_bytes(0..PAGE).unwrap();
    files.find_change();
    assert_eq!(files.changes(), 0);

    let mut bytes = fs::read(&path).unwrap();
    bytes[5] ^= 1;
    fs::write(&path, bytes).unwrap();
    let later =
        fs::metadata(&path).unwrap().modified().unwrap() + std::time::Duration::from_secs(1);
    fs::File::open(&path).unwrap().set_modified(later).unwrap();
    files.find_change();
    assert_eq!(files.changed_since(0), Some(path.clone()));
    let open_again = files.open_file(Path::new(NAME)).unwrap();
    assert!(is_damage(
        &open_again.read_bytes(0..PAGE).unwrap_err(),
        &path
    ));

    fs::remove_file(&path).unwrap();
    files.find_change();
    assert_eq!(files.changes(), 1);
}

#[test]
fn a_segment_without_its_positions_is_not_opened() {
    let home = TempDir::new().unwrap();
    index(&home, 1);
    let path = home.path().join("000001.cfs");
    let inner = files(&home, Purpose::Reading);
    inner.inner.scan().unwrap();
    let names: Vec<PathBuf> = inner.inner.places.lock().names().cloned().collect();
    let others = names.iter().filter(|name| !has_extension(name, "pos"));
    let bytes = |name: &PathBuf| {
        let file = inner.open_file(name).unwrap();
        (name.clone(), file.read_bytes(0..file.len()).unwrap())
    };
    let others: Vec<_> = others.map(bytes).collect();
    assert_eq!(others.len() + 1, names.len());
    compound::write(&path, &others).unwrap();
    let error = content(&home).unwrap_err().to_string();
    assert!(error.contains(".pos"), "{error}");
}
