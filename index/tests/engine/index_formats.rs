//! Indexes that released versions of the program wrote: each is opened, searched, written to, rebuilt
//! and read. `index/tests/indexes/` has an archive for each format, and says how to make one.

mod damaged;

use std::fs::{self, File};
use std::path::{Path, PathBuf};

use fihrist_index::search::SearchRequest;
use fihrist_index::{Article, Index, IndexWriter, Remedy};
use serde_json::Value;
use tempfile::TempDir;

use crate::support::articles::article;
use crate::support::backups::{back_up, files, restore};
use crate::support::indexes::{ids, rebuilt, stats, stored};

/// The small files in the order in which a commit brings them into a newer format.
const SMALL_FILES: [&str; 6] = [
    "model",
    "recurring",
    "words",
    "ledger",
    "graph",
    "stamp.json",
];

/// An index that another version of the program wrote.
struct Written {
    home: TempDir,
    /// The archive that the index comes from.
    name: String,
}

impl Written {
    /// Returns the indexes of all archives.
    fn all() -> Vec<Self> {
        let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/indexes");
        let entries = fs::read_dir(folder).expect("a folder");
        let paths = entries.map(|entry| entry.expect("an entry").path());
        let mut archives: Vec<PathBuf> = paths
            .filter(|path| path.extension().is_some_and(|own| own == "zst"))
            .collect();
        archives.sort();
        assert!(!archives.is_empty());
        archives.iter().map(|path| Self::unpack(path)).collect()
    }

    fn unpack(archive: &Path) -> Self {
        let home = TempDir::new().expect("a directory");
        let decoder = zstd::Decoder::new(File::open(archive).expect("an archive"));
        let mut tar = tar::Archive::new(decoder.expect("a decoder"));
        tar.unpack(home.path()).expect("unpacked");
        let name = archive.display().to_string();
        Self { home, name }
    }

    fn data(&self) -> PathBuf {
        self.home.path().join("data")
    }

    /// Returns the directory of the first generation.
    fn generation(&self) -> PathBuf {
        self.data().join("generations/000001")
    }

    /// Rebuilds the index if this program cannot search it as it is. Returns whether it can.
    fn make_searchable(&self) -> bool {
        let Some(error) = Index::open(self.data()).err() else {
            return true;
        };
        assert_eq!(error.remedy(), Some(Remedy::Rebuild), "{}", self.name);
        rebuilt(self.data());
        false
    }

    /// Returns the articles that the index holds.
    fn articles(&self) -> Vec<Article> {
        let lines = fs::read_to_string(self.home.path().join("articles.jsonl")).expect("articles");
        let records = lines
            .lines()
            .map(|line| serde_json::from_str::<Value>(line).expect("JSON"));
        records
            .map(|record| {
                let field = |name: &str| record[name].as_str().expect("a text");
                article(field("id"), field("title"), field("body"))
            })
            .collect()
    }
}

/// Asserts that the index holds these articles, and that searches find them.
fn check(case: &str, data: &Path, articles: &[Article]) {
    let index = Index::open(data).unwrap_or_else(|error| panic!("{case}: {error}"));
    assert_eq!(
        index.stats().expect("figures").articles,
        articles.len() as u64,
        "{case}"
    );
    for Article { id, text, .. } in articles {
        let found = stored(&index, id.as_str()).map(|article| article.text);
        assert_eq!(found.as_ref(), Some(text), "{case}");
        let title = text.lines().next().unwrap_or_default();
        let hits = index.search(&SearchRequest::new(&format!("\"{title}\"")));
        assert_eq!(ids(&hits.expect("an answer")), [id.as_str()], "{case}");
    }
}

/// Returns the format in the stamp of a generation.
fn format_of(generation: &Path) -> Value {
    let stamp = fs::read_to_string(generation.join("stamp.json")).expect("a stamp");
    let json = stamp.lines().next().expect("a line");
    serde_json::from_str::<Value>(json).expect("JSON")["schema"].clone()
}

/// Returns the format that this program writes.
fn our_format() -> Value {
    let data = TempDir::new().expect("a directory");
    let writer = IndexWriter::open(data.path()).expect("a writer");
    let article = article("1", "قارب", "عاد القارب.");
    writer.upsert(&article).expect("written");
    writer.finish().expect("finished");
    format_of(&data.path().join("generations/000001"))
}

/// Writes, replaces and deletes an article. Returns the articles that the index then holds.
fn write(data: &Path, mut articles: Vec<Article>) -> Vec<Article> {
    let mut writer = IndexWriter::open(data).expect("a writer");
    let deleted = articles.remove(0);
    assert!(writer.delete(&deleted.id).expect("deleted"));
    articles[0] = article(
        articles[0].id.as_str(),
        "خبر تغير عنوانه",
        "وتغير نصه أيضًا.",
    );
    articles.push(article("جديد", "خبر جديد في الفهرس", "كتبه الإصدار الحالي."));
    writer.upsert(&articles[0]).expect("written");
    let last = articles.last().expect("an article");
    writer.upsert(last).expect("written");
    writer.commit().expect("committed");
    writer.finish().expect("finished");
    articles
}

#[test]
fn every_format_is_read_and_rebuilt() {
    for index in Written::all() {
        let (data, articles) = (index.data(), index.articles());
        let before = files(&data);
        if index.make_searchable() {
            check(&index.name, &data, &articles);
            assert!(files(&data) == before, "{}: reading writes", index.name);
        }
        check(&index.name, &data, &articles);
        let (archive, _) = back_up(&data).expect("backed up");
        rebuilt(&data);
        check(&index.name, &data, &articles);
        let other = TempDir::new().expect("a directory");
        restore(other.path(), &archive, false).expect("restored");
        check(&index.name, other.path(), &articles);
    }
}

#[test]
fn a_commit_brings_an_index_into_the_current_format() {
    let ours = our_format();
    for index in Written::all() {
        if !index.make_searchable() {
            continue;
        }
        let (data, generation) = (index.data(), index.generation());
        let articles = write(&data, index.articles());
        check(&index.name, &data, &articles);
        assert_eq!(stats(&data).generation, "000001", "{}", index.name);
        assert_eq!(format_of(&generation), ours, "{}", index.name);
        // Damage to any small file is noticed now.
        for name in SMALL_FILES {
            let path = generation.join(name);
            let whole = fs::read(&path).expect("a file");
            assert!(whole.ends_with(b"\n"), "{}: {name}", index.name);
        }
        rebuilt(&data);
        check(&index.name, &data, &articles);
    }
}

#[test]
fn a_writer_that_is_killed_while_it_changes_the_format_loses_nothing() {
    for done in 0..=SMALL_FILES.len() {
        for index in Written::all() {
            if !index.make_searchable() {
                continue;
            }
            let case = format!("{}, {done} files written", index.name);
            let changed = Written::unpack(Path::new(&index.name));
            write(&changed.data(), changed.articles());
            for name in &SMALL_FILES[..done] {
                let (from, to) = (changed.generation().join(name), index.generation());
                fs::copy(from, to.join(name)).expect("copied");
            }
            let articles = index.articles();
            check(&case, &index.data(), &articles);
            let articles = write(&index.data(), articles);
            check(&case, &index.data(), &articles);
        }
    }
}
