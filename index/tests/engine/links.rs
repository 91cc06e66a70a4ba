//! Links and special files in an indexed folder.

use std::fs;
use std::os::unix::fs::symlink;
use std::os::unix::net::UnixListener;
use std::path::Path;
use std::process::Command;

use fihrist_index::Index;
use fihrist_index::ingest::{IngestJob, IngestReport, Input, NoProgress};
use tempfile::TempDir;

use crate::support::indexes::{run_job, stored};

/// A folder with the indexed folder `in` and the folder `out` beside it.
struct World {
    home: TempDir,
}

impl World {
    /// Creates the files. Each holds one article, whose id is the name of the file.
    fn new(files: &[&str]) -> Self {
        let world = Self {
            home: TempDir::new().expect("a folder"),
        };
        for file in ["in/1", "out/9"].iter().chain(files) {
            let path = world.path(&format!("{file}.jsonl"));
            fs::create_dir_all(path.parent().expect("a folder")).expect("a folder");
            let id = path.file_stem().expect("a name").to_string_lossy();
            let line =
                format!("{{\"id\": \"{id}\", \"title\": \"خبر\", \"body\": \"متن {id}\"}}\n");
            fs::write(path, line).expect("written");
        }
        world
    }

    fn path(&self, name: &str) -> std::path::PathBuf {
        self.home.path().join(name)
    }

    fn link(&self, name: &str, target: &str) {
        symlink(target, self.path(name)).expect("a link");
    }

    /// Runs a job over `path` and checks the ids of the articles, how many times files were read,
    /// how many links were not followed, and how many inputs were rejected.
    #[track_caller]
    fn check(
        &self,
        path: &str,
        follows_links: bool,
        ids: &str,
        expected: [u64; 3],
    ) -> IngestReport {
        let data = TempDir::new().expect("a folder");
        let mut job = IngestJob::new(vec![Input::Path(self.path(path))]);
        job.follows_links = follows_links;
        let report = run_job(data.path(), &job, &NoProgress);
        assert_eq!(ids_in(data.path()), ids);
        assert_eq!(
            [report.files, report.skipped_links, report.rejected_count],
            expected,
            "{report:?}"
        );
        report
    }
}

fn ids_in(data: &Path) -> String {
    let index = Index::open(data).expect("an index");
    let holds = |id: &&str| stored(&index, id).is_some();
    let found: Vec<_> = "1 2 3 4 5 6 7 8 9".split(' ').filter(holds).collect();
    found.join(" ")
}

#[test]
fn a_link_that_leads_out_is_reported_and_not_followed() {
    let world = World::new(&[]);
    world.link("in/folder", "../out");
    world.link("in/file.jsonl", "../out/9.jsonl");
    world.link("in/up", "..");
    let report = world.check("in", false, "1", [1, 3, 0]);
    let file = world.path("in/file.jsonl").display().to_string();
    assert_eq!(report.first_skipped_links.len(), 3);
    assert_eq!(report.first_skipped_links[0], file);
    world.check("in", true, "1 9", [2, 0, 0]);
}

#[test]
fn a_path_that_is_a_link_is_followed() {
    let world = World::new(&[]);
    world.link("folder", "in");
    world.link("file.jsonl", "out/9.jsonl");
    world.check("folder", false, "1", [1, 0, 0]);
    world.check("file.jsonl", false, "9", [1, 0, 0]);
}

#[test]
fn a_file_is_read_once_however_many_links_lead_to_it() {
    let world = World::new(&["in/a/2", "in/b/3", "in/.hidden/4", "in/.hidden/deep/5"]);
    for (name, target) in [
        ("in/0.jsonl", "1.jsonl"),
        ("in/a/b", "../b"),
        ("in/b/a", "../a"),
        ("in/b/up", ".."),
        ("in/self", "."),
        ("in/first", ".hidden"),
        ("in/second", ".hidden"),
        ("in/third", ".hidden/deep"),
    ] {
        world.link(name, target);
    }
    world.check("in", false, "1 2 3 4 5", [5, 0, 0]);
    world.check("in", true, "1 2 3 4 5", [5, 0, 0]);
}

#[test]
fn followed_links_end() {
    let world = World::new(&["out/deep/8"]);
    world.link("in/a", "../out/deep");
    world.link("in/b", "../out");
    world.link("in/c", "..");
    world.link("out/back", "../in");
    world.check("in", true, "1 8 9", [3, 0, 0]);
}

#[test]
fn a_link_that_leads_nowhere_is_rejected() {
    let world = World::new(&[]);
    world.link("in/gone.jsonl", "nothing.jsonl");
    world.link("in/itself", "itself");
    world.check("in", false, "1", [1, 0, 2]);
}

#[test]
fn pipes_sockets_and_devices_are_never_opened() {
    let world = World::new(&[]);
    let pipe = world.path("in/pipe.jsonl");
    let made = Command::new("mkfifo").arg(&pipe).status();
    assert!(made.expect("mkfifo").success());
    let _socket = UnixListener::bind(world.path("in/socket.jsonl")).expect("a socket");
    world.link("in/piped.jsonl", "pipe.jsonl");
    world.link("in/zero.jsonl", "/dev/zero");
    world.link("in/kernel.jsonl", "/proc/kmsg");
    world.check("in", false, "1", [1, 2, 0]);
    // A file without a size is read as an empty file.
    world.check("in", true, "1", [2, 0, 0]);
    let job = IngestJob::new(vec![Input::Path(pipe), Input::Path("/dev/zero".into())]);
    let data = TempDir::new().expect("a folder");
    let report = run_job(data.path(), &job, &NoProgress);
    assert_eq!((report.files, report.rejected_count), (0, 2));
    assert!(
        report.rejected[0]
            .reason
            .contains("a pipe, socket or device")
    );
}
