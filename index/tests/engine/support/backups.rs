//! Helpers of the backup tests: an index of boats, and a backup and a restore in memory.

use std::collections::BTreeMap;
use std::fs;
use std::io::ErrorKind;
use std::path::Path;
use std::sync::atomic::AtomicBool;

use fihrist_index::Result;
use fihrist_index::backup::{BackedUp, Restore, Restored, backup};
use fihrist_index::ingest::{IngestJob, Input};
use fihrist_index::progress::NoProgress;
use tempfile::TempDir;

use super::indexes::run_job;

pub static GOES_ON: AtomicBool = AtomicBool::new(false);

fn record(id: usize) -> String {
    format!(
        "{{\"id\": \"{id}\", \"title\": \"قارب رقم {id}\", \"body\": \"عاد القارب {id} إلى المرفأ قبل الغروب وأنزل الصيادون السمك.\"}}\n"
    )
}

/// Indexes by a job, which writes a ledger, a graph and the boilerplate.
pub fn index(home: &TempDir, ids: std::ops::Range<usize>) {
    let path = home.path().join("boats.jsonl");
    fs::write(&path, ids.map(record).collect::<String>()).expect("our file");
    let mut job = IngestJob::new(vec![Input::Path(path)]);
    job.rebuilds = false;
    run_job(home.path().join("data"), &job, &NoProgress);
}

pub fn indexed(count: usize) -> TempDir {
    let home = TempDir::new().expect("a folder");
    index(&home, 0..count);
    home
}

pub fn back_up(data: &Path) -> Result<(Vec<u8>, BackedUp)> {
    let mut archive = Vec::new();
    let done = backup(
        data,
        &[],
        (&mut archive, Path::new("memory")),
        &NoProgress,
        &GOES_ON,
    )?;
    Ok((archive, done.expect("not cancelled")))
}

pub fn restore(data: &Path, archive: &[u8], replaces: bool) -> Result<Restored> {
    let unpacked =
        Restore::unpack(data, archive, replaces, &NoProgress, &GOES_ON)?.expect("not cancelled");
    Ok(unpacked
        .finish(&NoProgress, &GOES_ON)?
        .expect("not cancelled"))
}

/// Returns all files below a folder. Left out are the locks, which name the last writer, and files
/// that a merge removes meanwhile.
pub fn files(folder: &Path) -> BTreeMap<String, Vec<u8>> {
    let mut found = BTreeMap::new();
    let mut folders = vec![folder.to_owned()];
    while let Some(folder_below) = folders.pop() {
        for entry in fs::read_dir(folder_below).into_iter().flatten() {
            let path = entry.expect("an entry").path();
            let name = path
                .strip_prefix(folder)
                .expect("below")
                .display()
                .to_string();
            if path.is_dir() {
                found.insert(name + "/", Vec::new());
                folders.push(path);
            } else if !name.ends_with(".lock") {
                match fs::read(&path) {
                    Ok(bytes) => found.insert(name, bytes),
                    Err(error) if error.kind() == ErrorKind::NotFound => None,
                    Err(error) => panic!("{name}: {error}"),
                };
            }
        }
    }
    found
}
