//! Opens the segments of a generation, as far as their files can be read. It reads no article.

use std::collections::BTreeMap;
use std::path::Path;

use tantivy::directory::FileSlice;
use tantivy::fastfield::AliveBitSet;

use super::open_files::{OpenFiles, Readable};
use super::segment::{Alive, Segment, Store};
use crate::backend::tantivy::format::{
    SegmentFacts, column, segment_of, segments, whole_despite_tail,
};
use crate::backend::tantivy::generation::CONTENT_HASH;

/// Opens the segments of a generation. Calls `note` with the name of each damaged file and what is
/// wrong with it, as far as that is not known before. `proves` says whether a content hash can prove
/// that an article is right.
pub fn open_segments(
    files: &OpenFiles,
    readable: &BTreeMap<String, Readable>,
    proves: bool,
    note: &mut dyn FnMut(&str, String),
) -> Vec<Segment> {
    let facts = files.meta.iter().flat_map(segments);
    let facts: BTreeMap<String, SegmentFacts> =
        facts.map(|facts| (facts.id.clone(), facts)).collect();
    let mut ids: Vec<String> = match files.meta {
        Ok(_) => facts.keys().cloned().collect(),
        Err(_) => readable
            .keys()
            .filter_map(|name| segment_of(Path::new(name)).map(str::to_owned))
            .collect(),
    };
    ids.dedup();
    let mut nameless: Vec<Store> = files.nameless.iter().filter_map(nameless_store).collect();
    let mut segments: Vec<Segment> = ids
        .into_iter()
        .map(|id| {
            let written = files.written(&format!("{id}.store"));
            let facts = facts.get(&id);
            let mut segment = open_segment(id, facts, (readable, proves), &mut nameless, note);
            segment.written = written;
            segment
        })
        .collect();
    if files.meta.is_err() {
        // The names of these segments are lost, and nothing else tells which ones they are.
        let new = |store| Segment::new(String::new(), None, (store, Alive::Unknown), None, None);
        segments.extend(nameless.into_iter().map(new));
    }
    segments
}

/// Returns a file as a store if it is one. Tantivy's own checksum of the file must be right.
fn nameless_store(file: &FileSlice) -> Option<Store> {
    let store = Store::damaged(whole_despite_tail(file)?);
    (store.count() > 0).then_some(store)
}

fn open_segment(
    id: String,
    facts: Option<&SegmentFacts>,
    (readable, proves): (&BTreeMap<String, Readable>, bool),
    nameless: &mut Vec<Store>,
    note: &mut dyn FnMut(&str, String),
) -> Segment {
    let whole = |extension: &str| match readable.get(&format!("{id}.{extension}")) {
        Some(Readable::Whole(file)) => Some(file.clone()),
        _ => None,
    };
    let columns_name = format!("{id}.fast");
    let hashes = whole("fast").and_then(|file| match column(&file, CONTENT_HASH) {
        Ok(hashes) => Some(hashes),
        Err(error) => {
            note(&columns_name, format!("it cannot be read: {error}"));
            None
        }
    });
    // Old formats have no content hashes.
    let hashes = hashes.and_then(|hashes| hashes.into_iter().collect::<Option<Vec<u64>>>());
    let store = match readable.get(&format!("{id}.store")) {
        Some(Readable::Whole(file)) => Some(Store::whole(file.clone())),
        Some(Readable::Damaged { pages, raw }) => {
            // If content hashes prove that an article is right, damaged pages are read, too.
            let (first, second) = if proves && hashes.is_some() {
                (raw, pages)
            } else {
                (pages, raw)
            };
            first
                .as_ref()
                .or(second.as_ref())
                .cloned()
                .map(Store::damaged)
        }
        None => None,
    };
    // A store without a name that has as many documents is the one.
    let store = store.or_else(|| {
        let documents = facts?.documents;
        let found = nameless
            .iter()
            .position(|store| store.count() == documents)?;
        Some(nameless.swap_remove(found))
    });
    let store = store.unwrap_or(Store::Lost);
    let deletions = match facts {
        Some(facts) => facts.deletions.clone(),
        None => last_deletions(&id, readable),
    };
    let alive = match deletions {
        None => Alive::All,
        Some(name) => match readable.get(&name) {
            Some(Readable::Whole(file)) => match alive_set(file, facts) {
                Ok(alive) => Alive::Some(alive),
                Err(what) => {
                    note(&name, what);
                    Alive::Unknown
                }
            },
            _ => Alive::Unknown,
        },
    };
    let documents = facts.map(|facts| facts.documents);
    if let (Some(documents), Some(hashes)) = (documents, &hashes)
        && documents as usize != hashes.len()
    {
        let what = format!("it has {} documents instead of {documents}", hashes.len());
        note(&columns_name, what);
    }
    let terms = whole("term").zip(whole("idx"));
    Segment::new(id, documents, (store, alive), hashes, terms)
}

/// Returns the set of documents that are not deleted, or why it does not fit the segment.
fn alive_set(file: &FileSlice, facts: Option<&SegmentFacts>) -> Result<AliveBitSet, String> {
    let bytes = file
        .read_bytes()
        .map_err(|error| format!("it cannot be read: {error}"))?;
    // The number of documents, then a bit for each in words of eight bytes.
    let documents = bytes.first_chunk().map(|bytes| u32::from_le_bytes(*bytes));
    let words = documents.map(|documents| documents.div_ceil(64) as usize);
    if words.is_none_or(|words| bytes.len() != 4 + 8 * words) {
        return Err("its length does not fit its number of documents".to_owned());
    }
    let alive = AliveBitSet::open(bytes);
    let documents = alive.bitset().max_value();
    let Some(facts) = facts else {
        return Ok(alive);
    };
    if documents != facts.documents {
        let expected = facts.documents;
        return Err(format!(
            "it is for {documents} documents instead of {expected}"
        ));
    }
    let left = alive.num_alive_docs();
    if left as u32 != facts.alive {
        return Err(format!(
            "it leaves {left} documents instead of {}",
            facts.alive
        ));
    }
    Ok(alive)
}

/// Returns the name of the last list of deleted documents of a segment; `None` if it has none.
fn last_deletions(id: &str, files: &BTreeMap<String, Readable>) -> Option<String> {
    let numbered = files.keys().filter_map(|name| {
        let number = name.strip_prefix(id)?.strip_prefix('.')?;
        let number: u64 = number.strip_suffix(".del")?.parse().ok()?;
        Some((number, name))
    });
    numbered.max().map(|(_, name)| name.clone())
}
