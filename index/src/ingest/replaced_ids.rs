//! Deletes articles whose place in the index others take: under an id that an older version gave, and
//! the samples.

use rustc_hash::FxHashSet;

use super::prune::{candidates, delete};
use super::{ReadFile, UnchangedFiles};
use crate::{IndexWriter, Result};

/// Deletes the articles that earlier jobs gave to files of this job under other ids, and the sample
/// articles if the job has indexed others. Returns the number of sample articles.
pub fn delete_replaced(
    writer: &mut IndexWriter,
    unchanged: &mut UnchangedFiles,
    read: &[ReadFile],
) -> Result<u64> {
    let has_others = read
        .iter()
        .any(|file| !file.is_sample && !file.ids.is_empty());
    let samples = unchanged
        .ledger
        .files()
        .filter(|file| file.is_sample && has_others);
    let samples: FxHashSet<u64> = samples.flat_map(|file| file.ids).copied().collect();
    let mut replaced: FxHashSet<u64> = read
        .iter()
        .flat_map(|file| &file.replaced_ids)
        .copied()
        .collect();
    if samples.is_empty() && replaced.is_empty() {
        return Ok(0);
    }
    keep_shared(&mut replaced, unchanged, read);
    let in_input = unchanged.ids_in_input(read);
    let committed = &mut |is_wanted: &dyn Fn(&str) -> bool| writer.backend.committed(is_wanted);
    let is_wanted =
        |id: u64| !in_input.contains(&id) && (samples.contains(&id) || replaced.contains(&id));
    let mut ids = candidates(committed, unchanged, &is_wanted)?.ids;
    // An id of another form is the article's own. The article may have left its file.
    ids.retain(|hash, id| samples.contains(hash) || is_hash(id.as_str()));
    let deleted_samples = ids.keys().filter(|id| samples.contains(id)).count() as u64;
    delete(writer, unchanged, ids)?;
    Ok(deleted_samples)
}

/// Returns whether an id looks like a hash, as the ids from texts and places do.
fn is_hash(id: &str) -> bool {
    id.len() == 16 && id.bytes().all(|byte| byte.is_ascii_hexdigit())
}

/// Keeps the ids that an older version also gave to a file that this job does not read.
fn keep_shared(replaced: &mut FxHashSet<u64>, unchanged: &UnchangedFiles, read: &[ReadFile]) {
    if replaced.is_empty() {
        return;
    }
    let read: FxHashSet<&str> = read.iter().map(|file| file.path.as_str()).collect();
    for file in unchanged.ledger.files().filter(|file| file.has_text_ids) {
        let is_shared =
            file.ids.iter().any(|id| replaced.contains(id)) && !read.contains(file.path);
        // An older version wrote the path with its links.
        let real_path = is_shared
            .then(|| std::fs::canonicalize(file.path).ok())
            .flatten();
        if real_path.is_some_and(|path| path.to_str().is_none_or(|path| !read.contains(path))) {
            for id in file.ids {
                replaced.remove(id);
            }
        }
    }
}
