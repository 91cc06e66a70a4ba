//! Damage to the files of an index: bytes that are not the ones that were written. Each damaged
//! place is logged once, and counted for the metrics.

use std::collections::HashSet;
use std::io;
use std::path::{Path, PathBuf};
use std::sync::LazyLock;

use parking_lot::Mutex;

use crate::Error;

/// The damaged places that this process has found.
static FOUND: LazyLock<Mutex<HashSet<Damage>>> = LazyLock::new(Mutex::default);

/// The damage that is logged later; `None` if damage is logged when it is found.
static HELD: Mutex<Option<Vec<Damage>>> = Mutex::new(None);

/// The number of damaged places that are remembered. Further ones are neither logged nor counted.
const MAX_FOUND: usize = 10_000;

/// A damaged place. It is the inner error of an [`io::Error`], so that it passes through libraries
/// that read files for the engine. It then becomes an [`Error::Damaged`].
#[derive(Debug, Clone, PartialEq, Eq, Hash, thiserror::Error)]
#[error("`{}` is damaged: {what}", file.display())]
pub(crate) struct Damage {
    /// The file.
    pub file: PathBuf,
    /// What is wrong with the file, and where in it.
    pub what: String,
}

impl Damage {
    /// Describes a damaged place. It is counted and logged when it is found for the first time.
    pub fn new(file: &Path, what: impl Into<String>) -> Self {
        let (file, what) = (file.to_owned(), what.into());
        let damage = Self { file, what };
        let mut found = FOUND.lock();
        if found.len() < MAX_FOUND && found.insert(damage.clone()) {
            match &mut *HELD.lock() {
                Some(held) => held.push(damage.clone()),
                None => damage.log(),
            }
        }
        damage
    }

    fn log(&self) {
        tracing::error!("{self}");
    }

    /// Returns the error of the engine for this damage.
    pub fn into_error(self) -> Error {
        let Self { file, what } = self;
        Error::Damaged { file, what }
    }
}

impl From<Damage> for io::Error {
    fn from(damage: Damage) -> Self {
        Self::new(io::ErrorKind::InvalidData, damage)
    }
}

/// Calls `start`. The damage that it finds is logged once it has succeeded. If it fails, nothing is
/// logged: the caller reports the error.
pub fn log_damage_after<T, E>(start: impl FnOnce() -> Result<T, E>) -> Result<T, E> {
    *HELD.lock() = Some(Vec::new());
    let outcome = start();
    let held = HELD.lock().take().unwrap_or_default();
    if outcome.is_ok() {
        held.iter().for_each(Damage::log);
    }
    outcome
}

/// Returns how many damaged places in files of an index this process has found.
pub fn damage_count() -> usize {
    FOUND.lock().len()
}

/// Returns the names of the files in a directory in which this process has found damage.
pub(crate) fn damaged_files(directory: &Path) -> Vec<PathBuf> {
    let found = FOUND.lock();
    let names = found
        .iter()
        .filter_map(|damage| damage.file.strip_prefix(directory).ok());
    names.map(Path::to_owned).collect()
}
