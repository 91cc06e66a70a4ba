//! The current keys of the data directory, read again when their file changes. Permissions are
//! checked elsewhere.

use std::io::ErrorKind;
use std::os::unix::fs::MetadataExt;
use std::path::PathBuf;
use std::sync::Arc;

use parking_lot::RwLock;

use crate::keys::{self, Keys};

/// The keys of a data directory.
pub struct KeyRing {
    data: PathBuf,
    last: RwLock<Option<(FileState, Arc<Keys>)>>,
}

/// Identifies a version of the key file by its inode, its size and the time of its last change. A
/// file that replaces it has another inode.
type FileState = (u64, u64, i64, i64);

impl KeyRing {
    /// Takes the data directory. The keys are read when they are first needed.
    pub fn new(data: PathBuf) -> Self {
        Self {
            data,
            last: RwLock::new(None),
        }
    }

    /// Returns the current keys; none if there is no key file.
    pub fn current(&self) -> anyhow::Result<Arc<Keys>> {
        // The state of the file is taken before the file is read. If the file is replaced in
        // between, the next call reads it again.
        let state = match std::fs::metadata(keys::path(&self.data)) {
            Ok(file) => (file.ino(), file.len(), file.ctime(), file.ctime_nsec()),
            Err(error) if error.kind() == ErrorKind::NotFound => return Ok(Arc::default()),
            Err(error) => return Err(error.into()),
        };
        if let Some((last, keys)) = &*self.last.read()
            && *last == state
        {
            return Ok(Arc::clone(keys));
        }
        let keys = Arc::new(keys::read(&self.data)?);
        *self.last.write() = Some((state, Arc::clone(&keys)));
        Ok(keys)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::keys::Scope;

    #[test]
    fn the_ring_follows_the_file() {
        let data = tempfile::tempdir().unwrap();
        let ring = KeyRing::new(data.path().to_owned());
        let count = || ring.current().map(|keys| keys.0.len()).ok();
        assert_eq!(count(), Some(0));
        let create = || {
            keys::change(data.path(), |keys| {
                Ok((keys.create(None, vec![Scope::Search])?, true))
            })
            .unwrap()
        };
        let (first, _) = create();
        assert_eq!(count(), Some(1));
        create();
        assert_eq!(count(), Some(2));
        keys::change(data.path(), |keys| Ok((keys.revoke(&first.id), true))).unwrap();
        assert_eq!(count(), Some(1));
        std::fs::write(keys::path(data.path()), "{").unwrap();
        assert_eq!((count(), count()), (None, None));
        std::fs::remove_file(keys::path(data.path())).unwrap();
        assert_eq!(count(), Some(0));
    }
}
