//! Carries out the steps of a sequence on an index and on the model, and compares both.

use std::fs;
use std::path::{Path, PathBuf};
use std::slice;
use std::sync::Arc;
use std::sync::atomic::AtomicBool;

use tempfile::TempDir;

use super::articles::{article, article_id};
use super::contents::{Contents, chain, contents_of, read};
use super::leftovers;
use super::step::{Crash, NO_SPACE, Planned, Step};
use crate::backup::{Restore, backup};
use crate::disk::{Disk, Fault, File, Loss};
use crate::learning::JobControl;
use crate::progress::NoProgress;
use crate::{Error, ErrorKind, Index, IndexWriter};

static GOES_ON: AtomicBool = AtomicBool::new(false);
const CONTROL: JobControl<'static> = JobControl {
    progress: &NoProgress,
    cancel: &GOES_ON,
};

/// The number of operations that a failure shows.
const SHOWN_OPERATIONS: usize = 80;

/// An index, the processes that use it, and what it must hold.
pub struct World {
    _home: TempDir,
    /// The disks of all processes so far. The last one is in use.
    disks: Vec<Arc<Disk>>,
    root: PathBuf,
    writer: Option<IndexWriter>,
    /// The index that a server has open.
    server: Option<Index>,
    /// The fault that is planned.
    planned: Option<Planned>,
    /// What the last answered commit holds.
    committed: Contents,
    /// The same with the changes that are not committed.
    written: Contents,
    /// The ledgers that the index may have.
    ledgers: Vec<Option<u8>>,
    backups: Vec<Backup>,
}

impl World {
    /// Carries out the steps. Fails if the index is not what it must be.
    pub fn run(mut self, steps: &[Step]) -> Result<(), String> {
        let mut steps = steps.iter();
        let outcome = steps
            .try_for_each(|step| self.step(step))
            .and_then(|()| self.end());
        outcome.map_err(|reason| format!("{reason}\nThe last operations:\n{}", self.trace()))
    }

    pub fn new() -> Self {
        let home = TempDir::new().expect("a folder");
        let path = home.path().canonicalize().expect("its path");
        let (root, links) = (path.join("0"), path.join("links-0"));
        for folder in [&root, &links, &root.join("backups")] {
            fs::create_dir(folder).expect("a folder");
        }
        let disk = Disk::watch(root.clone(), links);
        Self {
            _home: home,
            disks: vec![disk],
            root,
            writer: None,
            server: None,
            planned: None,
            committed: Contents::new(),
            written: Contents::new(),
            ledgers: vec![None],
            backups: Vec::new(),
        }
    }

    fn data(&self) -> PathBuf {
        self.root.join("data")
    }

    pub fn disk(&self) -> &Disk {
        self.disks.last().expect("one disk")
    }

    fn trace(&self) -> String {
        let trace = self.disk().trace();
        let lines: Vec<_> = trace.lines().collect();
        lines[lines.len().saturating_sub(SHOWN_OPERATIONS)..].join("\n")
    }

    fn step(&mut self, step: &Step) -> Result<(), String> {
        match step {
            Step::Arm { after, fault } => {
                self.planned = Some(*fault);
                self.disk().fail_after(*after, fault_of(*fault));
                return Ok(());
            }
            Step::Crash(crash) => {
                let committed = self.committed.clone();
                return self.crash(*crash, slice::from_ref(&committed));
            }
            Step::Ask => return self.ask(),
            // A restore needs the lock of the writer.
            Step::Restore(_) if self.writer.is_some() => self.step(&Step::Close)?,
            _ => {}
        }
        let possible = self.possible(step);
        let outcome = self.carry_out(step);
        if !self.disk().take_happened() {
            return outcome.map_err(|error| format!("{step:?} fails: {}", chain(&error)));
        }
        match (self.planned.take(), outcome) {
            (Some(Planned::Crash(crash)), Ok(())) => {
                let committed = self.committed.clone();
                self.crash(crash, slice::from_ref(&committed))
            }
            (Some(Planned::Crash(crash)), Err(_)) => self.crash(crash, &possible),
            (Some(Planned::Error { .. }), Ok(())) => Ok(()),
            (Some(Planned::Error { code, retries }), Err(error)) => {
                check_error(code, &error).map_err(|what| format!("{step:?}: {what}"))?;
                // The second attempt may fail, too.
                let retries = retries && !matches!(step, Step::Close);
                if retries && self.carry_out(step).is_ok() {
                    return Ok(());
                }
                self.reopen(&possible)
            }
            (None, _) => Err("a fault that was not planned".to_owned()),
        }
    }

    /// Returns what the index may hold if a step is not answered.
    fn possible(&self, step: &Step) -> Vec<Contents> {
        let mut possible = vec![self.committed.clone()];
        match step {
            Step::Commit | Step::LearnGraph | Step::Rebuild | Step::Close => {
                possible.push(self.written.clone());
            }
            Step::Restore(number) => {
                possible.extend(self.backup(*number).map(|backup| backup.contents.clone()));
            }
            _ => {}
        }
        possible
    }

    fn backup(&self, number: usize) -> Option<&Backup> {
        self.backups.get(number % self.backups.len().max(1))
    }

    fn writer(&mut self) -> Result<&mut IndexWriter, Error> {
        let writer = match self.writer.take() {
            Some(writer) => writer,
            None => IndexWriter::open(self.data())?,
        };
        Ok(self.writer.insert(writer))
    }

    fn carry_out(&mut self, step: &Step) -> Result<(), Error> {
        match step {
            Step::Upsert { id, version } => {
                self.writer()?.upsert(&article(*id, *version))?;
                self.written.insert(*id, *version);
            }
            Step::Delete { id } => {
                self.writer()?.delete(&article_id(*id))?;
                self.written.remove(id);
            }
            Step::Commit => {
                self.writer()?.commit()?;
                self.committed.clone_from(&self.written);
            }
            Step::SetLedger(number) => {
                if !self.writer()?.is_new() {
                    self.ledgers.push(Some(*number));
                    self.writer()?.backend.set_ledger(&ledger(*number))?;
                    self.ledgers = vec![Some(*number)];
                }
            }
            Step::LearnGraph | Step::Rebuild => {
                let writer = self.writer()?;
                if !writer.is_new() {
                    let is_done = match step {
                        Step::Rebuild => writer.rebuild(CONTROL)?.is_some(),
                        _ => writer.learn_graph(CONTROL)?.is_some(),
                    };
                    assert!(is_done, "nobody cancels");
                    self.committed.clone_from(&self.written);
                }
            }
            Step::BackUp => self.back_up()?,
            Step::Restore(number) => {
                if let Some(backup) = self.backup(*number).cloned() {
                    self.ledgers.extend(&backup.ledgers);
                    restore(&self.data(), &backup.archive)?;
                    self.ledgers = backup.ledgers;
                    self.committed.clone_from(&backup.contents);
                    self.written = backup.contents;
                }
            }
            Step::Close => {
                if let Some(writer) = self.writer.take() {
                    writer.finish()?;
                    self.committed.clone_from(&self.written);
                }
            }
            Step::Arm { .. } | Step::Crash(_) | Step::Ask => {}
        }
        Ok(())
    }

    fn back_up(&mut self) -> Result<(), Error> {
        let path = self
            .root
            .join("backups")
            .join(self.backups.len().to_string());
        let mut file = File::create(&path).map_err(Error::io("create", &path))?;
        let done = backup(&self.data(), &[], (&mut file, &path), &NoProgress, &GOES_ON);
        if let Err(Error::NoIndex(_)) = done
            && self.committed.is_empty()
        {
            return Ok(());
        }
        done?.expect("nobody cancels");
        file.sync_all().map_err(Error::io("write", &path))?;
        self.backups.push(Backup {
            archive: fs::read(&path).map_err(Error::io("read", &path))?,
            contents: self.committed.clone(),
            ledgers: self.ledgers.clone(),
        });
        Ok(())
    }

    /// Asks the server, which was started by the first question.
    fn ask(&mut self) -> Result<(), String> {
        let server = match self.server.take() {
            Some(server) => server.refresh().map(|()| server),
            None => Index::open(self.data()),
        };
        let found = match server {
            Ok(server) => contents_of(self.server.insert(server))?,
            Err(Error::NoIndex(_)) => Contents::new(),
            Err(error) => return Err(format!("the server fails: {}", chain(&error))),
        };
        if found == self.committed {
            return Ok(());
        }
        Err(format!(
            "the server has {found:?} instead of {:?}",
            self.committed
        ))
    }

    /// Ends the process and begins the next one, which may find one of these contents.
    fn crash(&mut self, crash: Crash, possible: &[Contents]) -> Result<(), String> {
        self.disk().stop();
        self.writer = None;
        self.server = None;
        let number = self.disks.len();
        let home = self.root.parent().expect("the folder of all disks");
        let root = home.join(number.to_string());
        let disk = match crash {
            Crash::Kill => self.disk().kill(root.clone()),
            Crash::PowerLoss(seed) => {
                let links = home.join(format!("links-{number}"));
                fs::create_dir(&links).expect("a folder");
                let mut loss = Loss::new(seed);
                self.disk().lose_power(root.clone(), links, &mut loss)
            }
        };
        self.disks.push(disk);
        self.root = root;
        self.reopen(possible)
    }

    /// Closes the writer without a commit, and reads what the index holds.
    fn reopen(&mut self, possible: &[Contents]) -> Result<(), String> {
        self.planned = None;
        self.disk().disarm();
        self.writer = None;
        self.server = None;
        let found = read(&self.data())?;
        if !possible.contains(&found) {
            return Err(format!(
                "the index holds {found:?} instead of one of {possible:?}"
            ));
        }
        self.committed.clone_from(&found);
        self.written = found;
        Ok(())
    }

    /// Lets one more writer work, and checks everything.
    fn end(&mut self) -> Result<(), String> {
        self.planned = None;
        self.disk().disarm();
        self.step(&Step::Close)?;
        self.step(&Step::Ask)?;
        for step in [Step::Upsert { id: 0, version: 0 }, Step::Commit] {
            self.step(&step)?;
        }
        let writer = self.writer().map_err(|error| chain(&error))?;
        let found = writer.backend.ledger().map_err(|error| chain(&error))?;
        let is_known = self.ledgers.iter().any(|known| known.map(ledger) == found);
        if !is_known {
            return Err(format!(
                "the ledger is {found:?}, not one of {:?}",
                self.ledgers
            ));
        }
        self.step(&Step::Close)?;
        self.step(&Step::Ask)?;
        leftovers::check(&self.data())
    }
}

/// A backup that was answered, and what it must restore.
#[derive(Clone)]
struct Backup {
    archive: Vec<u8>,
    contents: Contents,
    ledgers: Vec<Option<u8>>,
}

fn restore(data: &Path, archive: &[u8]) -> Result<(), Error> {
    let restore = Restore::unpack(data, archive, true, &NoProgress, &GOES_ON)?;
    let restored = restore
        .expect("nobody cancels")
        .finish(&NoProgress, &GOES_ON)?;
    restored.map(drop).ok_or(Error::Cancelled)
}

fn ledger(number: u8) -> Vec<u8> {
    vec![number; 99]
}

fn fault_of(planned: Planned) -> Fault {
    match planned {
        Planned::Crash(_) => Fault::Stop,
        Planned::Error { code, .. } => Fault::Error(code),
    }
}

/// Fails if an error does not say what the operating system said.
fn check_error(code: i32, error: &Error) -> Result<(), String> {
    let message = chain(error);
    let is_clear = match code {
        NO_SPACE => error.kind() == ErrorKind::DiskFull,
        _ => message.contains(&format!("os error {code}")),
    };
    if is_clear {
        return Ok(());
    }
    Err(format!(
        "the error hides error {code} of the operating system: {message}"
    ))
}
