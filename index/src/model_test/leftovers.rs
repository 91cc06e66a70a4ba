//! Finds files of an index folder that its current commit does not need.

use std::fs;
use std::path::Path;

use crate::backend::tantivy::Commit;

/// Files beside the generations, and files of a generation that a commit does not list. Tantivy's
/// locks begin with a point.
const EXPECTED: [&str; 5] = [
    "CURRENT",
    "generations",
    "writer.lock",
    "writer.next",
    "meta.json",
];

/// Fails if a folder holds files that its current commit does not need.
pub fn check(data: &Path) -> Result<(), String> {
    let commit = Commit::open(data).map_err(|error| format!("no commit: {error}"))?;
    let generations = data.join("generations");
    let is_needed = |name: &str| {
        EXPECTED.contains(&name)
            || name.starts_with('.')
            || commit.files.iter().any(|file| file.name_on_disk() == name)
    };
    let mut leftovers: Vec<String> = [data, &generations.join(&commit.generation)]
        .into_iter()
        .flat_map(names)
        .filter(|name| !is_needed(name))
        .collect();
    leftovers.extend(names(&generations).filter(|name| *name != commit.generation));
    if leftovers.is_empty() {
        return Ok(());
    }
    Err(format!("leftover files: {leftovers:?}"))
}

fn names(folder: &Path) -> impl Iterator<Item = String> {
    let entries = fs::read_dir(folder).into_iter().flatten().flatten();
    entries.map(|entry| entry.file_name().to_string_lossy().into_owned())
}
