//! The operations of [`std::fs`] that change the disk, with fail points. Paths below the root of a
//! simulated disk belong to that disk. All other paths go straight to the operating system.

use std::io::{self, Write};
use std::path::Path;
use std::sync::Arc;

pub use std::fs::{Metadata, read, read_dir, read_to_string, write};

use super::crash::{Disk, Node};

/// A file that is open for writing, or a directory that is open for a sync.
pub struct File {
    inner: std::fs::File,
    on: Option<(Arc<Disk>, Node)>,
}

impl File {
    pub fn create(path: impl AsRef<Path>) -> io::Result<Self> {
        Self::begin(path.as_ref(), |path| std::fs::File::create(path))
    }

    pub fn create_new(path: impl AsRef<Path>) -> io::Result<Self> {
        Self::begin(path.as_ref(), |path| std::fs::File::create_new(path))
    }

    pub fn open(path: impl AsRef<Path>) -> io::Result<Self> {
        let inner = std::fs::File::open(&path)?;
        let on = Disk::of(path.as_ref());
        let on = on.and_then(|disk| disk.node(path.as_ref()).map(|node| (disk, node)));
        Ok(Self { inner, on })
    }

    fn begin(path: &Path, create: impl Fn(&Path) -> io::Result<std::fs::File>) -> io::Result<Self> {
        match Disk::of(path) {
            Some(disk) => {
                let (inner, node) = disk.create(path, || create(path))?;
                let on = Some((disk, node));
                Ok(Self { inner, on })
            }
            None => Ok(Self {
                inner: create(path)?,
                on: None,
            }),
        }
    }

    pub fn sync_all(&self) -> io::Result<()> {
        match &self.on {
            // Nothing has to reach the real disk.
            Some((disk, node)) => disk.sync(*node),
            None => self.inner.sync_all(),
        }
    }

    pub fn sync_data(&self) -> io::Result<()> {
        match &self.on {
            Some(_) => self.sync_all(),
            None => self.inner.sync_data(),
        }
    }

    pub fn metadata(&self) -> io::Result<Metadata> {
        self.inner.metadata()
    }
}

impl Write for File {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        match &self.on {
            Some((disk, node)) => disk.write(*node, &mut self.inner, bytes),
            None => self.inner.write(bytes),
        }
    }

    fn flush(&mut self) -> io::Result<()> {
        self.inner.flush()
    }
}

pub fn create_dir(path: impl AsRef<Path>) -> io::Result<()> {
    let path = path.as_ref();
    match Disk::of(path) {
        Some(disk) => disk.create_directory(path),
        None => std::fs::create_dir(path),
    }
}

pub fn create_dir_all(path: impl AsRef<Path>) -> io::Result<()> {
    let path = path.as_ref();
    if Disk::of(path).is_none() {
        return std::fs::create_dir_all(path);
    }
    if path.is_dir() {
        return Ok(());
    }
    path.parent().map_or(Ok(()), create_dir_all)?;
    create_dir(path)
}

pub fn remove_file(path: impl AsRef<Path>) -> io::Result<()> {
    let path = path.as_ref();
    match Disk::of(path) {
        Some(disk) => disk.remove(path, || std::fs::remove_file(path)),
        None => std::fs::remove_file(path),
    }
}

pub fn remove_dir(path: impl AsRef<Path>) -> io::Result<()> {
    let path = path.as_ref();
    match Disk::of(path) {
        Some(disk) => disk.remove(path, || std::fs::remove_dir(path)),
        None => std::fs::remove_dir(path),
    }
}

pub fn remove_dir_all(path: impl AsRef<Path>) -> io::Result<()> {
    let path = path.as_ref();
    if Disk::of(path).is_none() {
        return std::fs::remove_dir_all(path);
    }
    for entry in read_dir(path)? {
        let entry = entry?;
        if entry.file_type()?.is_dir() {
            remove_dir_all(entry.path())?;
        } else {
            remove_file(entry.path())?;
        }
    }
    remove_dir(path)
}

pub fn rename(from: impl AsRef<Path>, to: impl AsRef<Path>) -> io::Result<()> {
    let (from, to) = (from.as_ref(), to.as_ref());
    match Disk::of(to) {
        Some(disk) => disk.rename(from, to),
        None => std::fs::rename(from, to),
    }
}
