//! The directories of a simulated disk: which entries they have, and which of their changes a loss
//! of power may undo.

use std::collections::{BTreeMap, HashSet};
use std::ffi::{OsStr, OsString};
use std::path::Path;

/// A file or a directory, by its number on the disk.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Node {
    File(usize),
    Directory(usize),
}

pub type Entries = BTreeMap<OsString, Node>;

/// All directories that were ever there. The first one is the root.
pub struct Directories(Vec<Directory>);

#[derive(Default)]
struct Directory {
    entries: Entries,
    /// The entries at the last sync.
    synced: Entries,
    /// The changes since then, in order.
    unsynced: Vec<Change>,
}

#[derive(Clone)]
enum Change {
    Set(OsString, Node),
    Remove(OsString),
    Rename(OsString, OsString, Node),
}

impl Default for Directories {
    fn default() -> Self {
        Self(vec![Directory::default()])
    }
}

impl Directories {
    /// Returns what is at a path below the root.
    pub fn find(&self, path: &Path) -> Option<Node> {
        let mut node = Node::Directory(0);
        for name in path {
            let Node::Directory(number) = node else {
                return None;
            };
            node = *self.0[number].entries.get(name)?;
        }
        Some(node)
    }

    /// Returns the number of a new, empty directory without a name.
    pub fn create(&mut self) -> usize {
        self.0.push(Directory::default());
        self.0.len() - 1
    }

    pub fn set(&mut self, path: &Path, node: Node) {
        if let Some((parent, name)) = self.parent(path) {
            parent.change(Change::Set(name.to_owned(), node));
        }
    }

    pub fn remove(&mut self, path: &Path) {
        if self.find(path).is_some()
            && let Some((parent, name)) = self.parent(path)
        {
            parent.change(Change::Remove(name.to_owned()));
        }
    }

    /// Renames an entry within its directory.
    pub fn rename(&mut self, from: &Path, to: &Path, node: Node) {
        assert_eq!(from.parent(), to.parent(), "a rename between directories");
        if let (Some(old), Some((parent, new))) = (from.file_name(), self.parent(to)) {
            parent.change(Change::Rename(old.to_owned(), new.to_owned(), node));
        }
    }

    pub fn sync(&mut self, number: usize) {
        let directory = &mut self.0[number];
        directory.synced = directory.entries.clone();
        directory.unsynced.clear();
    }

    /// Returns the entries of a directory after a loss of power. `keeps` says whether the next
    /// unsynced change reached the disk. A change whose name has an earlier change that did not
    /// reach the disk did not reach it either.
    pub fn after_power_loss(&self, number: usize, keeps: &mut impl FnMut() -> bool) -> Entries {
        let directory = &self.0[number];
        let mut entries = directory.synced.clone();
        let mut undone = HashSet::new();
        for change in &directory.unsynced {
            let names = change.names();
            if keeps() && !names.iter().any(|name| undone.contains(name)) {
                change.apply(&mut entries);
            } else {
                undone.extend(names);
            }
        }
        entries
    }

    fn parent<'a>(&mut self, path: &'a Path) -> Option<(&mut Directory, &'a OsStr)> {
        match self.find(path.parent()?)? {
            Node::Directory(number) => Some((&mut self.0[number], path.file_name()?)),
            Node::File(_) => None,
        }
    }
}

impl Directory {
    fn change(&mut self, change: Change) {
        change.apply(&mut self.entries);
        self.unsynced.push(change);
    }
}

impl Change {
    fn names(&self) -> Vec<&OsStr> {
        match self {
            Self::Set(name, _) | Self::Remove(name) => vec![name],
            Self::Rename(from, to, _) => vec![from, to],
        }
    }

    fn apply(&self, entries: &mut Entries) {
        match self {
            Self::Set(name, node) => {
                entries.insert(name.clone(), *node);
            }
            Self::Remove(name) => {
                entries.remove(name);
            }
            Self::Rename(from, to, node) => {
                entries.remove(from);
                entries.insert(to.clone(), *node);
            }
        }
    }
}
