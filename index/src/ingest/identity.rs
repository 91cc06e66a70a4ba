//! The ids of articles that have neither an id nor a URL: such an article is identified by where it
//! is.
//!
//! The id is a hash of these parts:
//!
//! | part | example |
//! |---|---|
//! | the place of the file: the number of a root, and the path below it | `0/2024/news.zip` |
//! | the path in the archives of the file | `!/april.csv` |
//! | for a row or another record: its title and its date, else its text | |
//!
//! The ledger keeps the roots and the places. An edited file therefore replaces its articles. A file
//! that is moved keeps its place: the ledger finds it by the text of its first article, if no file
//! is where it was.

use std::io::ErrorKind;
use std::path::Path;
use std::sync::Arc;

use rustc_hash::{FxHashMap, FxHashSet};
use sha2::{Digest, Sha256};

use super::{Item, Ledger, Place, ReadArticle, id_hash};
use crate::ArticleId;
use crate::document::{Article, DateOrigin};

/// Where an article is found that has neither an id nor a URL.
#[derive(Debug, Clone)]
pub struct Position {
    /// The name of the stream in reports, such as `archive.zip!/name`.
    pub stream: String,
    /// Whether the article is the whole stream.
    pub is_whole: bool,
    /// The hash of the id that its text alone gives.
    pub text_id: u64,
}

/// The places of the files of one pass.
pub struct Places<'a> {
    ledger: &'a Ledger,
    /// The places of the ledger. They are collected for the first new file.
    known: Option<KnownPlaces<'a>>,
    /// The names of the places that this pass has given to new and moved files.
    given: FxHashSet<String>,
    /// The names of the places of files that others were moved over.
    left: FxHashSet<&'a str>,
    /// The hashes of ids that older versions gave by the texts of articles.
    text_ids: FxHashSet<u64>,
}

#[derive(Default)]
struct KnownPlaces<'a> {
    names: FxHashSet<&'a str>,
    /// Maps the text id of a place to the files with it, and their places.
    files: FxHashMap<u64, Vec<(&'a str, &'a Place)>>,
}

/// What identifies the articles of one file.
#[derive(Default)]
pub struct FileIdentity {
    /// The absolute path; `None` for input outside the file system, whose articles are identified
    /// by their texts.
    pub path: Option<String>,
    pub place: Option<Place>,
    pub moved_from: Option<String>,
    /// For each id that was given by place, the hash of the text id of its article.
    located: FxHashMap<u64, u64>,
    text_ids: FxHashSet<u64>,
}

impl<'a> Places<'a> {
    /// Returns the places of a pass, from the ledger of earlier jobs.
    pub fn new(ledger: &'a Ledger) -> Self {
        let old_files = ledger.files().filter(|file| file.has_text_ids);
        Self {
            ledger,
            known: None,
            given: FxHashSet::default(),
            left: FxHashSet::default(),
            text_ids: old_files.flat_map(|file| file.ids).copied().collect(),
        }
    }

    /// Returns the place of a file, and the path from which the file was moved. `text_id` is that
    /// of its first article without an id of its own.
    fn find(&mut self, path: &str, text_id: u64) -> Option<(Place, Option<String>)> {
        let own = self.ledger.file(path).and_then(|file| file.place);
        let own = own.filter(|place| !self.given.contains(&place.name));
        if let Some(place) = own.filter(|place| place.text_id == text_id) {
            return Some((place.clone(), None));
        }
        if let Some((old_path, place)) = self.find_moved(text_id) {
            // Another file was moved over this one, which may itself have been moved.
            self.left.extend(own.map(|place| place.name.as_str()));
            self.given.insert(place.name.clone());
            return Some((place.clone(), Some(old_path.to_owned())));
        }
        let name = match own {
            Some(place) => place.name.clone(),
            None => self.free_name(self.ledger.place_name(path)?)?,
        };
        Some((Place { name, text_id }, None))
    }

    /// Returns a file that is no longer where it was, with its place.
    fn find_moved(&mut self, text_id: u64) -> Option<(&'a str, &'a Place)> {
        let files = self.known().files.get(&text_id)?.clone();
        files.into_iter().find(|(path, place)| {
            let is_elsewhere = self.left.contains(place.name.as_str()) || is_gone(Path::new(path));
            is_elsewhere && !self.given.contains(&place.name)
        })
    }

    /// Returns a name that no file has. A file that was moved may have kept the natural one.
    fn free_name(&mut self, natural: String) -> Option<String> {
        self.known();
        let names = self.known.as_ref().map(|known| &known.names)?;
        let numbered = (2..).map(|number| format!("{natural}?{number}"));
        let mut candidates = std::iter::once(natural.clone()).chain(numbered);
        let name =
            candidates.find(|name| !names.contains(name.as_str()) && !self.given.contains(name))?;
        self.given.insert(name.clone());
        Some(name)
    }

    fn known(&mut self) -> &KnownPlaces<'a> {
        let ledger = self.ledger;
        self.known.get_or_insert_with(|| KnownPlaces::of(ledger))
    }
}

impl<'a> KnownPlaces<'a> {
    fn of(ledger: &'a Ledger) -> Self {
        let mut known = Self::default();
        for file in ledger.files() {
            if let Some(place) = file.place {
                known.names.insert(&place.name);
                let same_text = known.files.entry(place.text_id).or_default();
                same_text.push((file.path, place));
            }
        }
        known
    }
}

impl FileIdentity {
    /// Creates it for the file with this absolute path.
    pub fn of(path: Option<String>) -> Self {
        Self {
            path,
            ..Self::default()
        }
    }

    /// Gives an article its id if it has none of its own. `file_name` is the name of the file in
    /// reports. For an article whose id was given before, the id is the same again.
    pub fn locate(&mut self, item: &mut Item, file_name: &str, places: &mut Places<'_>) {
        let Item::Article(read) = item else { return };
        let Some(position) = &read.position else {
            return;
        };
        if places.text_ids.contains(&position.text_id) {
            self.text_ids.insert(position.text_id);
        }
        let Some(id) = self.id(read, position, file_name, places) else {
            return;
        };
        self.located.insert(id_hash(&id), position.text_id);
        if let Some(read) = Arc::get_mut(read) {
            read.article.id = id;
        }
    }

    fn id(
        &mut self,
        read: &ReadArticle,
        position: &Position,
        file_name: &str,
        places: &mut Places<'_>,
    ) -> Option<ArticleId> {
        if self.place.is_none() {
            let found = places.find(self.path.as_deref()?, position.text_id);
            let (place, moved_from) = found?;
            (self.place, self.moved_from) = (Some(place), moved_from);
        }
        let place = &self.place.as_ref()?.name;
        let stream = position.stream.strip_prefix(file_name).unwrap_or_default();
        let key = if position.is_whole {
            String::new()
        } else {
            row_key(&read.article, position.text_id)
        };
        let id = place_id([place, stream, &key]);
        let known = self.located.get(&id_hash(&id));
        Some(
            if known.is_none_or(|text_id| *text_id == position.text_id) {
                id
            } else {
                // Another article of the file has the same title and date.
                place_id([place, stream, &format!("{key}\0{:x}", position.text_id)])
            },
        )
    }

    /// Returns whether the id with this hash was given by place.
    pub fn is_located(&self, id: u64) -> bool {
        self.located.contains_key(&id)
    }

    /// Returns the hashes of ids that earlier jobs gave to articles of the file, and that the ids
    /// in `ids` replace. A file with rejections may still hold the articles that it does not show.
    pub fn replaced_ids(&self, places: &Places<'_>, ids: &[u64], has_rejections: bool) -> Vec<u64> {
        let mut replaced = self.text_ids.clone();
        let path = self.moved_from.as_ref().or(self.path.as_ref());
        let file = path.and_then(|path| places.ledger.file(path));
        if let Some(file) = file.filter(|_| !has_rejections && !ids.is_empty()) {
            if file.has_text_ids {
                replaced.extend(file.ids);
            } else if let Some(place) = file.place {
                // The article of the whole file has got an id of its own.
                let whole = id_hash(&place_id([&place.name, "", ""]));
                replaced.extend(file.located_ids.iter().filter(|id| **id == whole));
            }
        }
        for id in ids {
            replaced.remove(id);
        }
        replaced.into_iter().collect()
    }
}

/// Returns what identifies a record in its file.
fn row_key(article: &Article, text_id: u64) -> String {
    let title = article.title();
    if title.is_empty() {
        return format!("{text_id:x}");
    }
    let published = article.published.as_ref();
    let dated = published.filter(|published| published.origin == DateOrigin::Metadata);
    format!(
        "{title}\0{}",
        dated.map_or("", |published| published.date.as_str())
    )
}

/// Returns the id that the parts give: the first 16 hex digits of their SHA-256.
fn place_id(parts: [&str; 3]) -> ArticleId {
    let mut hasher = Sha256::new();
    for part in parts {
        hasher.update((part.len() as u64).to_le_bytes());
        hasher.update(part);
    }
    let hex = hex::encode(&hasher.finalize()[..8]);
    ArticleId::new(&hex).expect("16 hex digits are an id")
}

/// Returns whether there is certainly no file at a path. What cannot be reached may be there.
pub fn is_gone(path: &Path) -> bool {
    match path.symlink_metadata() {
        Ok(found) => found.is_dir(),
        Err(error) => matches!(error.kind(), ErrorKind::NotFound | ErrorKind::NotADirectory),
    }
}

#[cfg(test)]
mod tests {
    use std::fs;
    use std::path::PathBuf;

    use super::super::read::record::text_id;
    use super::super::{IngestJob, Input, NoProgress, read_text};
    use super::*;
    use crate::{Index, IndexWriter};

    const SHARED: &str = "خبر مشترك\n\nنشرت صحيفتان الخبر نفسه.";

    /// Returns a ledger of the first version: each file with the hashes of the ids of its texts.
    fn old_ledger(files: &[(PathBuf, &str)]) -> Vec<u8> {
        let mut content = Vec::new();
        for (path, text) in files {
            let path = path.to_str().unwrap();
            let numbers = [path.len() as u64, 1, 1, 1, 1, id_hash(&text_id(text))];
            content.extend(numbers.iter().flat_map(|number| number.to_le_bytes()));
            content.extend(path.as_bytes());
        }
        let compressed = zstd::encode_all(content.as_slice(), 1).unwrap();
        [b"FIHLEDG1".as_slice(), &compressed].concat()
    }

    #[test]
    fn a_job_replaces_the_ids_that_older_versions_gave() {
        let home = tempfile::tempdir().unwrap();
        let home_path = fs::canonicalize(home.path()).unwrap();
        let (data, input) = (home_path.join("data"), home_path.join("input"));
        fs::create_dir_all(input.join("moved")).unwrap();
        let [kept, before, moved, gone] = ["أول", "ثان", "ثالث", "رابع"]
            .map(|title| format!("{title}\n\nمتن الخبر عن {title} الأشياء."));
        let files = [
            (input.join("kept.txt"), kept.as_str()),
            (input.join("edited.txt"), &before),
            (input.join("moved.txt"), &moved),
            (input.join("gone.txt"), &gone),
            (input.join("copy.txt"), SHARED),
            (home_path.join("other.txt"), SHARED),
        ];
        let mut writer = IndexWriter::open(data.as_path()).unwrap();
        for (_, text) in &files {
            let article = read_text(text_id(text), (*text).to_owned());
            writer.upsert(&article).unwrap();
        }
        writer.backend.set_ledger(&old_ledger(&files)).unwrap();
        writer.commit().unwrap();
        writer.finish().unwrap();
        fs::write(input.join("kept.txt"), &kept).unwrap();
        fs::write(input.join("edited.txt"), format!("{before} نُقّح.")).unwrap();
        fs::write(input.join("moved/moved.txt"), &moved).unwrap();
        fs::write(input.join("copy.txt"), SHARED).unwrap();
        fs::write(home_path.join("other.txt"), SHARED).unwrap();

        let index = |path: &Path| {
            let mut writer = IndexWriter::open(data.as_path()).unwrap();
            let job = IngestJob::new(vec![Input::Path(path.to_owned())]);
            let report = job.run(&mut writer, &NoProgress).unwrap();
            writer.finish().unwrap();
            let articles = Index::open(data.as_path())
                .unwrap()
                .stats()
                .unwrap()
                .articles;
            (report.indexed, articles)
        };
        // The article of the missing file stays, and that of the file which this job does not read.
        assert_eq!(index(&input), (4, 6));
        assert_eq!(index(&home_path.join("other.txt")), (1, 6));
        assert_eq!(index(&input), (0, 6));
        let index = Index::open(data.as_path()).unwrap();
        let is_old = |text: &str| index.article(&text_id(text)).unwrap().is_some();
        assert_eq!(
            [&kept, &before, &moved, &gone, SHARED].map(is_old),
            [false, false, false, true, false]
        );
    }
}
