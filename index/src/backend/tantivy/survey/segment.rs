//! The stored articles of one segment, of which any file may be damaged.

use std::ops::Range;
use std::time::SystemTime;

use rustc_hash::FxHashMap;
use tantivy::directory::FileSlice;
use tantivy::fastfield::AliveBitSet;
use tantivy::schema::Field;
use tantivy::store::StoreReader;
use tantivy::{DocId, TantivyDocument};

use super::Decoding;
use crate::backend::tantivy::format::{
    StoredBlock, TextEncoding, read_block, scan_store, terms_of,
};
use crate::backend::tantivy::generation::decode;
use crate::document::{Article, content_hash};

/// The number of blocks of a store that stay decompressed while its articles are read.
const CACHED_BLOCKS: usize = 32;

/// A segment, as far as it can be read.
pub struct Segment {
    /// The id of the segment, which begins the names of its files.
    pub id: String,
    /// The number of documents, with the deleted ones.
    pub documents: u32,
    /// When the file with the stored articles was written.
    pub written: Option<SystemTime>,
    /// The number of documents that are deleted.
    pub deleted: u32,
    store: Store,
    alive: Alive,
    /// The content hash of each document; `None` if they cannot be read.
    hashes: Option<Vec<u64>>,
    /// For a damaged store: the document with each content hash, if possible one that is not
    /// deleted.
    numbers: FxHashMap<u64, DocId>,
    terms: Option<(FileSlice, FileSlice)>,
}

/// The stored articles.
pub enum Store {
    /// All of them can be read.
    Whole(Box<StoreReader>),
    /// Only these blocks can be read, each with the number of its first document if that is known.
    Damaged(FileSlice, Vec<(StoredBlock, Option<DocId>)>),
    /// None of them can be read.
    Lost,
}

/// Which documents are deleted.
pub enum Alive {
    /// None.
    All,
    /// Those that are not in the set.
    Some(AliveBitSet),
    /// The list is lost.
    Unknown,
}

/// An article that was found in a segment.
pub struct Found {
    /// Where in the segment: a number that no other article of the segment has.
    pub place: u64,
    /// The number of the document, if that is known.
    pub document: Option<DocId>,
    /// Whether it is known that the article is not deleted.
    pub is_alive: bool,
    /// The article. If it is damaged, what is wrong with it.
    pub article: Result<Article, String>,
}

impl Store {
    /// Returns the store of a file that can be read only in part.
    pub fn damaged(file: FileSlice) -> Self {
        let mut next = Some(0);
        let blocks = scan_store(&file).into_iter().map(|block| {
            let first = next.filter(|_| block.follows);
            next = first.and_then(|first| block.documents.checked_add(first));
            (block, first)
        });
        let blocks = blocks.collect();
        Self::Damaged(file, blocks)
    }
}

impl Segment {
    /// Combines the parts of a segment. `documents` is the number of its documents, if that is
    /// known, and `terms` are the files with the terms and their documents.
    pub fn new(
        id: String,
        documents: Option<u32>,
        (store, alive): (Store, Alive),
        hashes: Option<Vec<u64>>,
        terms: Option<(FileSlice, FileSlice)>,
    ) -> Self {
        let known = documents.or(hashes.as_ref().map(|hashes| hashes.len() as u32));
        let documents = known.unwrap_or_else(|| store.count());
        let deleted = match &alive {
            Alive::Some(alive) => documents.saturating_sub(alive.num_alive_docs() as u32),
            Alive::All | Alive::Unknown => 0,
        };
        let mut segment = Self {
            id,
            documents,
            written: None,
            deleted,
            store,
            alive,
            hashes,
            numbers: FxHashMap::default(),
            terms,
        };
        if let (Store::Damaged(..), Some(hashes)) = (&segment.store, &segment.hashes) {
            let mut numbers = FxHashMap::default();
            for (document, hash) in (0..).zip(hashes) {
                if segment.is_alive(document) || !numbers.contains_key(hash) {
                    numbers.insert(*hash, document);
                }
            }
            segment.numbers = numbers;
        }
        segment
    }

    /// Returns whether the list of deleted documents is lost.
    pub fn has_lost_deletions(&self) -> bool {
        matches!(self.alive, Alive::Unknown)
    }

    /// Returns whether a document is not deleted, as far as is known.
    pub fn is_alive(&self, document: DocId) -> bool {
        let is_in_list =
            |alive: &AliveBitSet| document < alive.bitset().max_value() && alive.is_alive(document);
        let is_deleted = matches!(&self.alive, Alive::Some(alive) if !is_in_list(alive));
        document < self.documents && !is_deleted
    }

    /// Returns the number of parts that can be read: documents, or blocks of a damaged store.
    pub fn parts(&self) -> u32 {
        match &self.store {
            Store::Whole(_) => self.documents,
            Store::Damaged(_, blocks) => blocks.len() as u32,
            Store::Lost => 0,
        }
    }

    /// Returns the number of parts that a thread should take at a time.
    pub fn parts_at_a_time(&self) -> u32 {
        match self.store {
            Store::Whole(_) => 256,
            Store::Damaged(..) | Store::Lost => 16,
        }
    }

    /// Reads the articles of some parts. Calls `each` with each article that is not deleted, until it
    /// returns false.
    pub fn read(
        &self,
        parts: Range<u32>,
        decoding: &Decoding,
        mut each: impl FnMut(Found) -> bool,
    ) {
        match &self.store {
            Store::Whole(store) => {
                for document in parts.filter(|document| self.is_alive(*document)) {
                    let stored = store.get::<TantivyDocument>(document);
                    let stored = stored.map_err(|error| format!("cannot be read: {error}"));
                    let hashes = self.hashes.as_ref();
                    let hash = hashes.and_then(|hashes| hashes.get(document as usize).copied());
                    let found = Found {
                        place: u64::from(document),
                        document: Some(document),
                        is_alive: !self.has_lost_deletions(),
                        article: stored.and_then(|stored| decoded(&stored, decoding, hash)),
                    };
                    if !each(found) {
                        return;
                    }
                }
            }
            Store::Damaged(file, blocks) => {
                for number in parts {
                    let Some((block, first)) = blocks.get(number as usize) else {
                        continue;
                    };
                    for (position, stored) in (0_u32..).zip(read_block(file, *block)) {
                        let document = first.and_then(|first| position.checked_add(first));
                        let place = u64::from(number) << 32 | u64::from(position);
                        let found = self.find(stored.as_ref(), decoding, place, document);
                        if found.is_some_and(|found| !each(found)) {
                            return;
                        }
                    }
                }
            }
            Store::Lost => {}
        }
    }

    /// Returns an article of a damaged store; `None` if it is deleted.
    fn find(
        &self,
        stored: Option<&TantivyDocument>,
        decoding: &Decoding,
        place: u64,
        counted: Option<DocId>,
    ) -> Option<Found> {
        let article = stored.ok_or_else(|| "cannot be read".to_owned());
        let mut article = article.and_then(|stored| decoded(stored, decoding, None));
        let mut document = counted;
        let has_words = !matches!(decoding, Ok((_, TextEncoding::LostWords)));
        if let (Ok(read), Some(_), true) = (&article, &self.hashes, has_words) {
            // The content hash says which document this is, and that nothing in it is wrong.
            document = self.numbers.get(&content_hash(read)).copied();
            if document.is_none() {
                article = Err("is not what was written".to_owned());
                document = counted;
            }
        }
        if document.is_some_and(|document| !self.is_alive(document)) {
            return None;
        }
        let is_known = match self.alive {
            Alive::All => true,
            Alive::Some(_) => document.is_some(),
            Alive::Unknown => false,
        };
        Some(Found {
            place,
            document,
            is_alive: is_known,
            article,
        })
    }

    /// Returns the ids of documents, as far as the terms can be read. `wanted` says which documents.
    pub fn ids(&self, field: Field, wanted: impl Fn(DocId) -> bool) -> Vec<(DocId, String)> {
        let Some((terms, postings)) = &self.terms else {
            return Vec::new();
        };
        terms_of((terms, postings), field, wanted).unwrap_or_default()
    }
}

impl Store {
    /// Opens a store whose bytes are right.
    pub fn whole(file: FileSlice) -> Self {
        match StoreReader::open(file.clone(), CACHED_BLOCKS) {
            Ok(store) => Self::Whole(Box::new(store)),
            Err(_) => Self::damaged(file),
        }
    }

    /// Returns the number of documents that can be read.
    pub fn count(&self) -> u32 {
        match self {
            Self::Whole(store) => {
                let has = |document: u32| store.get_document_bytes(document).is_ok();
                let mut end = 1_u32;
                while has(end - 1) && end < 1 << 31 {
                    end *= 2;
                }
                // The first document that the store does not have.
                let (mut low, mut high) = (end / 2, end);
                while low < high {
                    let middle = low + (high - low) / 2;
                    (low, high) = if has(middle) {
                        (middle + 1, high)
                    } else {
                        (low, middle)
                    };
                }
                low
            }
            Self::Damaged(_, blocks) => blocks.iter().map(|(block, _)| block.documents).sum(),
            Self::Lost => 0,
        }
    }
}

fn decoded(
    stored: &TantivyDocument,
    decoding: &Decoding,
    hash: Option<u64>,
) -> Result<Article, String> {
    let (fields, encoding) = decoding.as_ref().map_err(Clone::clone)?;
    decode(stored, *fields, encoding, hash)
}
