//! Damaged indexes: a check names the damage, a backup refuses it, a rebuild stops, and a salvage
//! saves all articles that can be read. Every file of an index is damaged in every way.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::sync::OnceLock;

use fihrist_index::check::{CheckReport, Depth, check};
use fihrist_index::progress::NoProgress;
use fihrist_index::salvage::{SalvageReport, salvage};
use fihrist_index::{ErrorKind, Index, IndexWriter, Result, rebuild};
use tempfile::TempDir;

use crate::support::articles::untitled;
use crate::support::backups::{GOES_ON, back_up, indexed, restore};
use crate::support::damages::{WAYS, Way, copy};
use crate::support::indexes::stored;

const ARTICLES: usize = 60;

/// Returns an index of several segments, one of them with a list of deleted documents, and the texts
/// of its articles.
fn whole() -> &'static (TempDir, BTreeMap<String, String>) {
    static INDEX: OnceLock<(TempDir, BTreeMap<String, String>)> = OnceLock::new();
    INDEX.get_or_init(|| {
        let home = indexed(ARTICLES);
        let data = home.path().join("data");
        let mut writer = IndexWriter::open(&data).expect("a writer");
        for id in 0..3 {
            let text = format!("رحل القارب {id} إلى جزيرة بعيدة.");
            writer
                .upsert(&untitled(&id.to_string(), text))
                .expect("written");
        }
        let gone = fihrist_index::ArticleId::new("3").expect("an id");
        assert!(writer.delete(&gone).expect("deleted"));
        writer.commit().expect("committed");
        writer.finish().expect("finished");
        let texts = texts(&data);
        assert_eq!(texts.len(), ARTICLES - 1);
        (home, texts)
    })
}

fn texts(data: &Path) -> BTreeMap<String, String> {
    let index = Index::open(data).expect("an index");
    let ids = (0..ARTICLES).map(|id| id.to_string());
    let texts = ids.filter_map(|id| Some((stored(&index, &id)?.text, id)));
    texts.map(|(text, id)| (id, text)).collect()
}

fn files_of(data: &Path) -> Vec<PathBuf> {
    let mut files = vec![data.join("CURRENT")];
    let generation = data.join("generations/000001");
    for entry in fs::read_dir(generation).expect("a generation") {
        files.push(entry.expect("an entry").path());
    }
    let is_lock = |path: &PathBuf| path.extension().is_some_and(|own| own == "lock");
    files.retain(|path| !is_lock(path));
    files.sort();
    files
}

/// Returns a copy of the index with one damaged file.
fn damaged(file: &Path, way: Way) -> TempDir {
    let home = TempDir::new().expect("a folder");
    let (whole, _) = whole();
    copy(whole.path(), home.path());
    way.damage(&home.path().join(file));
    home
}

fn checked(data: &Path) -> Result<CheckReport> {
    Ok(check(data, Depth::Full, &NoProgress, &GOES_ON)?.expect("not cancelled"))
}

fn salvaged(home: &TempDir) -> SalvageReport {
    let (old, new) = (home.path().join("data"), home.path().join("saved"));
    let report = salvage(&old, &new, &NoProgress, &GOES_ON);
    report.expect("a report").expect("not cancelled")
}

#[test]
fn a_whole_index_is_whole() {
    let (home, texts) = whole();
    let data = home.path().join("data");
    let report = checked(&data).expect("a report");
    assert!(report.is_whole(), "{report:?}");
    assert_eq!(report.articles, texts.len() as u64);
    assert!(
        report.unpaged.is_empty() && report.verified_bytes > 0,
        "{report:?}"
    );
    let quick = check(&data, Depth::Quick, &NoProgress, &GOES_ON);
    assert!(quick.expect("a report").expect("not cancelled").is_whole());
    let empty = TempDir::new().expect("a folder");
    let error = checked(empty.path()).expect_err("no index");
    assert_eq!(error.kind(), ErrorKind::NotFound);
}

#[test]
fn every_damage_is_named_and_costs_only_what_it_holds() {
    let (home, texts) = whole();
    let data = home.path().join("data");
    let mut cases = Vec::new();
    for file in files_of(&data) {
        let is_derived = file.extension().is_none() && !file.ends_with("CURRENT");
        for way in WAYS {
            // All small files are read in the same way.
            if is_derived && !matches!(way, Way::FlipMiddle | Way::Empty | Way::Delete) {
                continue;
            }
            let relative = file.strip_prefix(home.path()).expect("in the folder");
            cases.push((relative.to_owned(), way));
        }
    }
    let threads = 4;
    std::thread::scope(|scope| {
        for first in 0..threads {
            let cases = cases.iter().skip(first).step_by(threads);
            scope.spawn(move || cases.for_each(|(file, way)| case(file, *way, texts)));
        }
    });
}

fn case(file: &Path, way: Way, texts: &BTreeMap<String, String>) {
    let name = file.file_name().expect("a name").to_string_lossy();
    let place = format!("{name}, {way:?}");
    let home = damaged(file, way);
    let data = home.path().join("data");

    let report = checked(&data).unwrap_or_else(|error| panic!("{place}: {error}"));
    // A generation need not have these files.
    let may_be_absent = matches!(&*name, "graph" | "ledger") && way == Way::Delete;
    // The list of segments names only the files within a compound file.
    let is_nameless = name.ends_with("cfs") && way == Way::Delete;
    let mut damage = report.damage.iter();
    let is_named = damage.any(|damage| damage.file.ends_with(&*name) || is_nameless);
    assert!(is_named || may_be_absent, "{place}: {report:?}");
    assert!(
        is_nameless || report.damage.len() <= 2,
        "{place}: {report:?}"
    );

    match back_up(&data) {
        Ok((archive, _)) => {
            let other = home.path().join("restored");
            restore(&other, &archive, false).unwrap_or_else(|error| panic!("{place}: {error}"));
            assert_eq!(self::texts(&other), *texts, "{place}");
            let report = checked(&other).expect("a report");
            assert!(report.is_whole(), "{place}: {report:?}");
        }
        Err(error) => {
            let is_expected = matches!(error.kind(), ErrorKind::Damaged | ErrorKind::Incompatible);
            assert!(is_expected, "{place}: {error}");
        }
    }

    // Saving articles takes long, so not every way is tried with every file.
    let is_tried = match &*name {
        "graph" | "ledger" | "recurring" => way == Way::FlipMiddle,
        "words" | "model" | "stamp.json" | "CURRENT" => way == Way::Delete,
        // These are read in the same way, in whatever way they are damaged.
        "meta.json" | "000002.cfs" => {
            matches!(way, Way::FlipMiddle | Way::Empty | Way::Delete)
        }
        _ => true,
    };
    if is_tried {
        let lost = check_saved(&home, texts, &place);
        assert!(lost == 0 || name.ends_with("cfs"), "{place}: {lost} lost");
    }
}

/// Saves the articles of a damaged index. Checks that what was saved is right and that exactly the
/// rest is reported. Returns the number of lost articles.
fn check_saved(home: &TempDir, texts: &BTreeMap<String, String>, place: &str) -> u64 {
    let report = salvaged(home);
    let saved = if report.articles == 0 {
        BTreeMap::new()
    } else {
        self::texts(&home.path().join("saved"))
    };
    for (id, text) in &saved {
        let original = texts.get(id);
        let is_returned = report.maybe_deleted > 0 && original != Some(text);
        assert!(
            original == Some(text) || is_returned,
            "{place}: {id}: {report:?}"
        );
    }
    let missing = texts.keys().filter(|id| !saved.contains_key(*id)).count() as u64;
    let lost = report
        .lost
        .iter()
        .map(|lost| lost.ids.len() as u64 + lost.unnamed);
    let lost: u64 = lost.sum();
    assert!(
        missing <= lost,
        "{place}: {missing} are missing: {report:?}"
    );
    let mut named = report.lost.iter().flat_map(|lost| &lost.ids);
    assert!(
        named.all(|id| texts.contains_key(id)),
        "{place}: {report:?}"
    );
    lost
}

/// Returns the files in a compound file: their names and places.
fn parts_of(compound: &Path) -> Vec<(String, std::ops::Range<usize>)> {
    let bytes = fs::read(compound).expect("a compound file");
    let starts = (0..bytes.len()).rev();
    let mut tables = starts.filter(|start| bytes[*start..].starts_with(b"[[\""));
    let table = &bytes[tables.next().expect("a table")..];
    let mut tables = serde_json::Deserializer::from_slice(table).into_iter();
    let table: Vec<(String, usize)> = tables.next().expect("a table").expect("a table");
    let mut end = 0;
    let parts = table.into_iter().map(|(name, size)| {
        end += size;
        (name, end - size..end)
    });
    parts.collect()
}

/// Returns an index in which one bit of a part is flipped, whose name ends with `ending`. Of several
/// such parts, it is the one in the last or first compound file.
fn with_flipped(ending: &str, in_last: bool) -> TempDir {
    let (whole, _) = whole();
    let home = TempDir::new().expect("a folder");
    copy(whole.path(), home.path());
    let mut files = files_of(&home.path().join("data"));
    files.retain(|file| file.extension().is_some_and(|own| own == "cfs"));
    let found = files.iter().flat_map(|file| {
        let parts = parts_of(file).into_iter();
        parts.map(move |(name, range)| (file, name, range))
    });
    let mut found = found.filter(|(_, name, _)| name.ends_with(ending));
    let found = if in_last {
        found.next_back()
    } else {
        found.next()
    };
    let (file, _, range) = found.expect("a part");
    let mut bytes = fs::read(file).expect("a compound file");
    bytes[range.start + range.len() / 3] ^= 4;
    fs::write(file, bytes).expect("our file");
    home
}

#[test]
fn a_flipped_bit_costs_only_the_part_that_it_is_in() {
    let (_, texts) = whole();
    for part in ["term", "idx", "pos", "fieldnorm", "fast"] {
        assert_eq!(
            check_saved(&with_flipped(part, false), texts, part),
            0,
            "{part}"
        );
    }
    let home = with_flipped("store", true);
    let report = checked(&home.path().join("data")).expect("a report");
    let ids: Vec<_> = report.lost.iter().flat_map(|lost| &lost.ids).collect();
    assert!(!ids.is_empty(), "{report:?}");
    assert!(
        ids.iter().all(|id| ["0", "1", "2"].contains(&id.as_str())),
        "{report:?}"
    );
    let lost = ids.len() as u64;
    assert_eq!(report.articles + lost, texts.len() as u64, "{report:?}");
    assert_eq!(check_saved(&home, texts, "store"), lost);
}

#[test]
fn a_rebuild_stops_at_damage_and_changes_nothing() {
    let home = with_flipped("store", false);
    let data = home.path().join("data");
    let error = rebuild(&*data, &NoProgress, &GOES_ON)
        .map(drop)
        .expect_err("damage");
    assert_eq!(error.kind(), ErrorKind::Damaged, "{error}");
    let current = fs::read_to_string(data.join("CURRENT")).expect("a name");
    assert_eq!(current.trim(), "000001");
    assert!(!data.join("generations/000002").exists());
}

#[test]
fn the_newest_copy_is_saved_if_the_deletions_are_lost() {
    let (_, texts) = whole();
    let home = with_flipped("del", true);
    let report = salvaged(&home);
    assert_eq!(report.older_copies, 3, "{report:?}");
    assert!(
        report.is_complete() && report.maybe_deleted > 0,
        "{report:?}"
    );
    let saved = self::texts(&home.path().join("saved"));
    assert_eq!(saved.len(), texts.len() + 1, "the deleted article is back");
    assert!(texts.iter().all(|(id, text)| saved.get(id) == Some(text)));
}

#[test]
fn articles_are_saved_without_the_list_of_segments_and_the_stamp() {
    let (whole, texts) = whole();
    let lost = ["meta.json", "stamp.json"];
    for also_lost in [&[][..], &["model"], &["words"], &["recurring", "graph"]] {
        for way in [Way::Delete, Way::FlipMiddle] {
            let home = TempDir::new().expect("a folder");
            copy(whole.path(), home.path());
            let data = home.path().join("data");
            for name in lost.iter().chain(also_lost) {
                let path = data.join("generations/000001").join(name);
                if path.exists() {
                    way.damage(&path);
                }
            }
            let report = salvaged(&home);
            assert!(report.is_complete(), "{also_lost:?}: {report:?}");
            let is_named = |name| {
                report
                    .damage
                    .iter()
                    .any(|damage| damage.file.ends_with(name))
            };
            assert!(lost.iter().all(is_named), "{report:?}");
            let saved = self::texts(&home.path().join("saved"));
            assert_eq!(report.maybe_deleted, saved.len() as u64, "{report:?}");
            let missing = texts.iter().find(|(id, text)| saved.get(*id) != Some(text));
            assert_eq!(missing, None, "{also_lost:?}: {report:?}");
        }
    }
}

#[test]
fn without_the_common_words_the_rest_of_the_texts_is_saved() {
    let (whole, texts) = whole();
    let home = TempDir::new().expect("a folder");
    copy(whole.path(), home.path());
    for name in ["model", "words"] {
        Way::FlipMiddle.damage(&home.path().join("data/generations/000001").join(name));
    }
    let report = salvaged(&home);
    assert!(report.has_lost_words && !report.is_complete(), "{report:?}");
    let saved = self::texts(&home.path().join("saved"));
    assert!(saved.keys().eq(texts.keys()));
    let text = saved.get("10").expect("an article");
    assert!(text.contains("…") && text.contains("10"), "{text}");
}

#[test]
fn a_salvage_never_writes_over_an_index() {
    let (home, _) = whole();
    let data = home.path().join("data");
    for new in [data.clone(), data.join("new"), data.join("generations")] {
        let error = salvage(&data, &new, &NoProgress, &GOES_ON)
            .map(drop)
            .expect_err("in use");
        assert!(error.to_string().contains("new folder"), "{error}");
    }
    let other = indexed(2);
    let error = salvage(&data, &other.path().join("data"), &NoProgress, &GOES_ON);
    assert!(
        error
            .expect_err("an index")
            .to_string()
            .contains("has an index already")
    );
}
