//! Tests of the simulated disk itself.

use std::io::Write;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use tempfile::TempDir;

use super::*;

struct Fixture {
    home: TempDir,
    disk: Arc<Disk>,
    root: PathBuf,
}

fn fixture() -> Fixture {
    let home = TempDir::new().unwrap();
    let root = home.path().join("root");
    let links = home.path().join("links");
    for folder in [&root, &links] {
        std::fs::create_dir(folder).unwrap();
    }
    let disk = Disk::watch(root.clone(), links);
    Fixture { home, disk, root }
}

fn write_file(path: &Path, content: &str, syncs: bool) {
    let mut file = File::create(path).unwrap();
    file.write_all(content.as_bytes()).unwrap();
    if syncs {
        file.sync_all().unwrap();
    }
}

/// Returns the content of two files after a loss of power that keeps nothing without a sync.
fn after_power_loss(fixture: &Fixture) -> [Option<String>; 2] {
    let links = fixture.home.path().join("links-2");
    std::fs::create_dir(&links).unwrap();
    let root = fixture.home.path().join("root-2");
    let mut loss = Loss::new(0);
    let next = fixture.disk.lose_power(root.clone(), links, &mut loss);
    assert!(Disk::of(&root.join("a")).is_some_and(|disk| Arc::ptr_eq(&disk, &next)));
    ["a", "b"].map(|name| read_to_string(root.join(name)).ok())
}

#[test]
fn a_loss_of_power_undoes_what_was_not_synced() {
    let check = |syncs_file, syncs_directory, renames, expected: [Option<&str>; 2]| {
        let fixture = fixture();
        let [a, b] = ["a", "b"].map(|name| fixture.root.join(name));
        write_file(&a, "نص", syncs_file);
        if syncs_directory {
            File::open(&fixture.root).unwrap().sync_all().unwrap();
        }
        if renames {
            rename(&a, &b).unwrap();
        }
        let found = after_power_loss(&fixture);
        assert_eq!(found.each_ref().map(Option::as_deref), expected);
    };
    check(true, false, false, [None, None]);
    check(false, true, false, [Some(""), None]);
    check(true, true, false, [Some("نص"), None]);
    check(true, true, true, [Some("نص"), None]);
}

#[test]
fn a_removed_file_comes_back_until_the_directory_is_synced() {
    for syncs in [false, true] {
        let fixture = fixture();
        let path = fixture.root.join("a");
        write_file(&path, "نص", true);
        let directory = File::open(&fixture.root).unwrap();
        directory.sync_all().unwrap();
        remove_file(&path).unwrap();
        if syncs {
            directory.sync_all().unwrap();
        }
        let [a, _] = after_power_loss(&fixture);
        assert_eq!(a.is_none(), syncs);
    }
}

#[test]
fn a_killed_process_changes_nothing_and_the_next_one_finds_the_rest() {
    let fixture = fixture();
    let path = fixture.root.join("a");
    fixture.disk.fail_after(2, Fault::Stop);
    write_file(&path, "نص", false);
    assert!(remove_file(&path).is_err());
    assert!(fixture.disk.take_happened());
    assert!(File::create(fixture.root.join("b")).is_err());
    let root = fixture.home.path().join("root-2");
    let _next = fixture.disk.kill(root.clone());
    assert_eq!(read_to_string(root.join("a")).unwrap(), "نص");
    assert!(!root.join("b").exists());
    remove_file(root.join("a")).unwrap();
}

#[test]
fn an_error_happens_once() {
    let fixture = fixture();
    fixture.disk.fail_after(0, Fault::Error(28));
    let path = fixture.root.join("a");
    let error = File::create(&path).map(drop).unwrap_err();
    assert_eq!(error.kind(), std::io::ErrorKind::StorageFull);
    write_file(&path, "نص", true);
}
