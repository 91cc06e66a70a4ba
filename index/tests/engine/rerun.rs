//! A second job over the same input reads only the files that have changed.

use std::fs;
use std::path::Path;

use fihrist_index::Index;
use fihrist_index::ingest::{IngestJob, IngestReport, Input, NoProgress};
use tempfile::TempDir;

use crate::support::indexes::{rebuilt, run_job, stored, strict_total, write_input};

/// An input folder and an index of it.
struct World {
    input: TempDir,
    data: TempDir,
}

impl World {
    fn new(files: &[(&str, &str)]) -> Self {
        let world = Self {
            input: TempDir::new().expect("a folder"),
            data: TempDir::new().expect("a folder"),
        };
        files
            .iter()
            .for_each(|(name, text)| world.write(name, text));
        world
    }

    fn write(&self, name: &str, text: &str) {
        write_input(self.input.path(), name, text);
    }

    fn run(&self) -> IngestReport {
        let job = IngestJob::new(vec![Input::Path(self.input.path().to_owned())]);
        run_job(self.data.path(), &job, &NoProgress)
    }

    /// Runs a job and checks its counts: articles indexed, articles unchanged, files not read.
    #[track_caller]
    fn check(&self, expected: (u64, u64, u64)) {
        let report = self.run();
        assert_eq!(
            (report.indexed, report.unchanged, report.unchanged_files),
            expected
        );
    }

    fn title(&self, id: &str) -> Option<String> {
        let index = Index::open(self.data.path()).expect("an index");
        stored(&index, id).map(|article| article.title())
    }

    fn count(&self, query: &str) -> u64 {
        strict_total(self.data.path(), query)
    }
}

fn line(id: &str, title: &str) -> String {
    format!("{{\"id\": \"{id}\", \"title\": \"{title}\", \"body\": \"متن المقالة عن الزيتون.\"}}\n")
}

#[test]
fn a_file_that_has_not_changed_is_not_read_again() {
    let world = World::new(&[
        ("a.jsonl", &(line("1", "أول") + &line("2", "ثان"))),
        ("b.txt", "عنوان\n\nمتن عن الزيتون."),
    ]);
    world.check((3, 0, 0));
    world.check((0, 3, 2));
    world.write("a.jsonl", &(line("1", "أول") + &line("2", "معدل ثان")));
    world.check((1, 2, 1));
    world.check((0, 3, 2));
    assert_eq!(world.title("2").as_deref(), Some("معدل ثان"));
    assert_eq!(world.count("الزيتون"), 3);
}

#[test]
fn a_file_with_rejected_records_reports_them_every_time() {
    let world = World::new(&[
        ("a.jsonl", &(line("1", "أول") + "{\"id\": 2,\n")),
        ("b.jsonl", &line("3", "ثالث")),
    ]);
    for unchanged_files in [0, 1] {
        let report = world.run();
        assert_eq!(
            (report.rejected_count, report.unchanged_files),
            (1, unchanged_files)
        );
    }
}

#[test]
fn a_file_that_has_just_changed_is_read_again() {
    let world = World::new(&[("a.jsonl", &line("1", "أول"))]);
    world.check((1, 0, 0));
    fs::write(world.input.path().join("a.jsonl"), line("1", "عاجل")).expect("written");
    world.check((1, 0, 0));
    assert_eq!(world.title("1").as_deref(), Some("عاجل"));
}

#[test]
fn the_last_copy_of_an_article_counts_whichever_files_are_read() {
    let world = World::new(&[
        ("b.jsonl", &line("1", "من ب")),
        ("c.jsonl", &line("2", "ثان")),
    ]);
    world.check((2, 0, 0));
    // This file comes before the file with the copy that counts.
    world.write("a.jsonl", &line("1", "من ألف"));
    world.check((0, 3, 2));
    assert_eq!(world.title("1").as_deref(), Some("من ب"));
    // Both files that hold the article are read, and the last copy counts.
    world.check((2, 1, 1));
    assert_eq!(world.title("1").as_deref(), Some("من ب"));
    world.write("d.jsonl", &line("2", "من دال"));
    world.check((3, 1, 1));
    assert_eq!(world.title("2").as_deref(), Some("من دال"));
}

#[test]
fn files_are_read_again_without_a_ledger_but_not_after_a_rebuild() {
    let world = World::new(&[("a.jsonl", &line("1", "أول"))]);
    world.check((1, 0, 0));
    rebuilt(world.data.path());
    world.check((0, 1, 1));
    let ledger = fs::read_dir(world.data.path().join("generations")).expect("a folder");
    let ledger = ledger
        .flatten()
        .map(|entry| entry.path().join("ledger"))
        .find(|path| path.exists())
        .expect("a ledger");
    damage(&ledger);
    world.check((0, 1, 0));
    world.check((0, 1, 1));
}

fn damage(path: &Path) {
    let mut bytes = fs::read(path).expect("read");
    let middle = bytes.len() / 2;
    bytes[middle] ^= 0xFF;
    fs::write(path, bytes).expect("written");
}
