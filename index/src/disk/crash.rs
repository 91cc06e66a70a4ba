//! A simulated disk: a folder whose changes are counted and can fail, and which knows what has
//! reached the disk. [`Disk::kill`] and [`Disk::lose_power`] make the folder that the next process
//! finds.

use std::fs;
use std::io::{self, Write};
use std::mem;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Weak};

use parking_lot::{Mutex, RwLock};

pub use super::entries::Node;
use super::entries::{Directories, Entries};
use super::loss::Loss;

/// What happens at a fail point.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Fault {
    /// The process is killed: this operation and all later ones fail and change nothing.
    Stop,
    /// The operation fails with this error of the operating system; later ones succeed.
    Error(i32),
}

/// The disks of the tests that are running.
static DISKS: RwLock<Vec<Weak<Disk>>> = RwLock::new(Vec::new());

/// A watched folder.
pub struct Disk {
    root: PathBuf,
    /// The folder with a second link to each file, which keeps removed files.
    links: PathBuf,
    state: Mutex<State>,
}

#[derive(Default)]
struct State {
    is_stopped: bool,
    forgets_syncs: bool,
    /// Whether a fault has happened.
    has_happened: bool,
    /// How many operations succeed before the fault, and the fault.
    fault: Option<(u32, Fault)>,
    directories: Directories,
    /// For each file, how many of its bytes are synced.
    synced_bytes: Vec<u64>,
    trace: Vec<String>,
}

impl State {
    /// Counts an operation. Fails if it must not be carried out; the flag says whether the fault
    /// happens at this operation.
    fn enter(&mut self, what: &str, path: &Path) -> Result<(), (bool, io::Error)> {
        let killed = || io::Error::other("the process was killed at a fail point");
        if self.is_stopped {
            return Err((false, killed()));
        }
        self.trace.push(format!("{what} {}", path.display()));
        let Some((left, fault)) = &mut self.fault else {
            return Ok(());
        };
        if *left > 0 {
            *left -= 1;
            return Ok(());
        }
        let fault = *fault;
        self.fault = None;
        self.has_happened = true;
        self.trace.push(format!("  fault: {fault:?}"));
        Err((
            true,
            match fault {
                Fault::Stop => {
                    self.is_stopped = true;
                    killed()
                }
                Fault::Error(code) => io::Error::from_raw_os_error(code),
            },
        ))
    }

    fn add_file(&mut self, synced_bytes: u64) -> usize {
        self.synced_bytes.push(synced_bytes);
        self.synced_bytes.len() - 1
    }
}

impl Disk {
    /// Watches a folder, whose present content counts as synced. `links` is an empty folder on the
    /// same file system.
    pub fn watch(root: PathBuf, links: PathBuf) -> Arc<Self> {
        let mut state = State::default();
        scan(&root, Path::new(""), &links, &mut state);
        Self::register(root, links, state)
    }

    fn register(root: PathBuf, links: PathBuf, state: State) -> Arc<Self> {
        let state = Mutex::new(state);
        let disk = Arc::new(Self { root, links, state });
        let mut disks = DISKS.write();
        disks.retain(|disk| disk.strong_count() > 0);
        disks.push(Arc::downgrade(&disk));
        disk
    }

    /// Returns the disk that a path is on; `None` if no test watches it.
    pub fn of(path: &Path) -> Option<Arc<Self>> {
        let disks = DISKS.read();
        let mut disks = disks.iter().filter_map(Weak::upgrade);
        disks.find(|disk| path.starts_with(&disk.root))
    }

    /// Lets `count` further operations succeed; then `fault` happens.
    pub fn fail_after(&self, count: u32, fault: Fault) {
        self.state.lock().fault = Some((count, fault));
    }

    /// Removes a fault that has not happened yet.
    pub fn disarm(&self) {
        self.state.lock().fault = None;
    }

    /// Makes all later syncs do nothing.
    pub fn forget_syncs(&self) {
        self.state.lock().forgets_syncs = true;
    }

    /// Returns whether a fault has happened since the last call.
    pub fn take_happened(&self) -> bool {
        mem::take(&mut self.state.lock().has_happened)
    }

    /// Makes all later operations fail.
    pub fn stop(&self) {
        self.state.lock().is_stopped = true;
    }

    /// Returns all operations so far.
    pub fn trace(&self) -> String {
        self.state.lock().trace.join("\n")
    }

    /// Makes the stopped disk appear at `root`, as the next process finds it. What was not synced
    /// is still there, and a later loss of power may still undo it.
    pub fn kill(&self, root: PathBuf) -> Arc<Self> {
        let mut locked = self.state.lock();
        let mut state = mem::take(&mut *locked);
        locked.is_stopped = true;
        fs::rename(&self.root, &root).expect("the folder is moved");
        state.is_stopped = false;
        state.fault = None;
        state.has_happened = false;
        Self::register(root, self.links.clone(), state)
    }

    /// Copies to `root` what is left after a loss of power. `links` is a new, empty folder.
    pub fn lose_power(&self, root: PathBuf, links: PathBuf, loss: &mut Loss) -> Arc<Self> {
        self.stop();
        let state = self.state.lock();
        self.copy_survivors(&state, 0, &root, loss);
        let next = Self::watch(root, links);
        next.state.lock().trace.clone_from(&state.trace);
        next
    }

    fn copy_survivors(&self, state: &State, directory: usize, to: &Path, loss: &mut Loss) {
        fs::create_dir(to).expect("a folder");
        let entries: Entries = state
            .directories
            .after_power_loss(directory, &mut || loss.keeps());
        for (name, node) in entries {
            let to = to.join(name);
            match node {
                Node::Directory(number) => self.copy_survivors(state, number, &to, loss),
                Node::File(number) => {
                    let content = fs::read(self.link(number)).expect("its link");
                    let content = loss.cut(content, state.synced_bytes[number]);
                    fs::write(to, content).expect("a copy");
                }
            }
        }
    }

    /// Returns what is at a path.
    pub fn node(&self, path: &Path) -> Option<Node> {
        self.state.lock().directories.find(self.below_root(path))
    }

    pub fn create(
        &self,
        path: &Path,
        create: impl FnOnce() -> io::Result<fs::File>,
    ) -> io::Result<(fs::File, Node)> {
        let mut state = self.state.lock();
        state.enter("create", path).map_err(|(_, error)| error)?;
        let file = create()?;
        let node = match state.directories.find(self.below_root(path)) {
            Some(Node::File(number)) => {
                state.synced_bytes[number] = 0;
                Node::File(number)
            }
            _ => self.adopt(&mut state, path),
        };
        Ok((file, node))
    }

    pub fn write(&self, node: Node, to: &mut fs::File, bytes: &[u8]) -> io::Result<usize> {
        let mut state = self.state.lock();
        let what = format!("write {} bytes", bytes.len());
        match state.enter(&what, &self.name(node)) {
            Ok(()) => to.write(bytes),
            Err((is_first, error)) => {
                if is_first {
                    to.write_all(&bytes[..bytes.len() / 2])?;
                }
                Err(error)
            }
        }
    }

    pub fn sync(&self, node: Node) -> io::Result<()> {
        let mut state = self.state.lock();
        let entered = state.enter("sync", &self.name(node));
        entered.map_err(|(_, error)| error)?;
        match node {
            _ if state.forgets_syncs => {}
            Node::Directory(number) => state.directories.sync(number),
            Node::File(number) => {
                state.synced_bytes[number] = fs::metadata(self.link(number))?.len();
            }
        }
        Ok(())
    }

    pub fn create_directory(&self, path: &Path) -> io::Result<()> {
        let mut state = self.state.lock();
        let entered = state.enter("create directory", path);
        entered.map_err(|(_, error)| error)?;
        fs::create_dir(path)?;
        let number = state.directories.create();
        state
            .directories
            .set(self.below_root(path), Node::Directory(number));
        Ok(())
    }

    pub fn remove(&self, path: &Path, remove: impl FnOnce() -> io::Result<()>) -> io::Result<()> {
        let mut state = self.state.lock();
        state.enter("remove", path).map_err(|(_, error)| error)?;
        remove()?;
        state.directories.remove(self.below_root(path));
        Ok(())
    }

    pub fn rename(&self, from: &Path, to: &Path) -> io::Result<()> {
        let mut state = self.state.lock();
        let what = format!("rename {} to", from.display());
        state.enter(&what, to).map_err(|(_, error)| error)?;
        let node = state.directories.find(self.below_root(from));
        let node = node.unwrap_or_else(|| self.adopt(&mut state, from));
        fs::rename(from, to)?;
        let (from, to) = (self.below_root(from), self.below_root(to));
        state.directories.rename(from, to, node);
        Ok(())
    }

    /// Watches a file that has just appeared, none of whose bytes are synced.
    fn adopt(&self, state: &mut State, path: &Path) -> Node {
        let number = state.add_file(0);
        fs::hard_link(path, self.link(number)).expect("a second link");
        let node = Node::File(number);
        state.directories.set(self.below_root(path), node);
        node
    }

    fn below_root<'a>(&self, path: &'a Path) -> &'a Path {
        path.strip_prefix(&self.root).unwrap_or(path)
    }

    fn link(&self, file: usize) -> PathBuf {
        self.links.join(file.to_string())
    }

    /// Returns how a trace names a node.
    fn name(&self, node: Node) -> PathBuf {
        format!("{node:?}").into()
    }
}

/// Enters the content of a folder as synced.
fn scan(root: &Path, folder: &Path, links: &Path, state: &mut State) {
    let number = match state.directories.find(folder) {
        Some(Node::Directory(number)) => number,
        other => unreachable!("{folder:?} is {other:?}"),
    };
    for entry in fs::read_dir(root.join(folder)).expect("a folder") {
        let entry = entry.expect("an entry");
        let path = folder.join(entry.file_name());
        if entry.path().is_dir() {
            let number = state.directories.create();
            state.directories.set(&path, Node::Directory(number));
            scan(root, &path, links, state);
        } else {
            let size_bytes = entry.metadata().expect("its size").len();
            let number = state.add_file(size_bytes);
            let link = links.join(number.to_string());
            fs::hard_link(entry.path(), link).expect("a second link");
            state.directories.set(&path, Node::File(number));
        }
    }
    state.directories.sync(number);
}
