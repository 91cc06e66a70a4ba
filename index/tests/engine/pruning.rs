//! Which articles `prunes` deletes, and when it deletes none. Each job is rehearsed first.

use std::fs;

use fihrist_index::ingest::{
    IngestJob, IngestReport, Input, NoProgress, PruneRefusal, Pruned, PrunedPath, read_record,
};
use fihrist_index::{Index, IndexWriter};
use tempfile::TempDir;

use crate::support::backups::files;
use crate::support::indexes::{rebuilt, run_job, stored, write_input};

/// An input folder and an index of it.
struct World {
    input: TempDir,
    data: TempDir,
}

impl World {
    /// Creates a folder with these files and indexes it. Each file holds one article for each word
    /// of its text, which is the id.
    fn new(files: &[(&str, &str)]) -> Self {
        let world = Self {
            input: TempDir::new().expect("a folder"),
            data: TempDir::new().expect("a folder"),
        };
        for (name, ids) in files {
            world.write(name, ids);
        }
        world.run(|_| ());
        world
    }

    fn write(&self, name: &str, ids: &str) {
        let lines: String = ids.split(' ').map(|id| line(id, "عنوان") + "\n").collect();
        self.write_text(name, &lines);
    }

    fn write_text(&self, name: &str, text: &str) {
        write_input(self.input.path(), name, text);
    }

    fn remove(&self, name: &str) {
        let path = self.input.path().join(name);
        if path.is_dir() {
            fs::remove_dir_all(path).expect("removed");
        } else {
            fs::remove_file(path).expect("removed");
        }
    }

    fn run(&self, set: impl FnOnce(&mut IngestJob)) -> IngestReport {
        self.run_on(&[""], set)
    }

    fn run_on(&self, paths: &[&str], set: impl FnOnce(&mut IngestJob)) -> IngestReport {
        let inputs = paths
            .iter()
            .map(|path| Input::Path(self.input.path().join(path)))
            .collect();
        let mut job = IngestJob::new(inputs);
        set(&mut job);
        let (data, before) = (self.data.path(), files(self.data.path()));
        let rehearsed = job.rehearse(&data.into(), &NoProgress).expect("a report");
        assert!(files(data) == before, "a rehearsal writes");
        let report = run_job(data, &job, &NoProgress);
        // A rehearsal says what the job then does.
        let plan = match rehearsed.pruned {
            Pruned::Planned {
                count,
                foreign,
                unread,
                paths,
            } => {
                let articles = paths.iter().map(|path| path.articles);
                // An article that left its file before the last job has no path.
                assert!(articles.sum::<u64>() <= count, "{paths:?}");
                done(count, foreign, unread)
            }
            same => same,
        };
        assert_eq!(plan, report.pruned);
        report
    }

    fn prune(&self) -> Pruned {
        self.run(|job| job.prunes = true).pruned
    }

    fn prune_all(&self) -> Pruned {
        let set = |job: &mut IngestJob| (job.prunes, job.prunes_all) = (true, true);
        self.run(set).pruned
    }

    /// Writes an article as a request does.
    fn put(&self, id: &str, title: &str) {
        let mut writer = IndexWriter::open(self.data.path()).expect("a writer");
        let record = read_record(line(id, title).as_bytes()).expect("a record");
        writer.upsert(&record.article).expect("written");
        writer.commit().expect("committed");
        writer.finish().expect("finished");
    }

    #[track_caller]
    fn check(&self, ids: &str) {
        let index = Index::open(self.data.path()).expect("an index");
        let holds = |id: &&str| stored(&index, id).is_some();
        let found: Vec<_> = "1 2 3 4 5 6 7 8 9".split(' ').filter(holds).collect();
        assert_eq!(found.join(" "), ids);
    }
}

fn line(id: &str, title: &str) -> String {
    format!("{{\"id\": \"{id}\", \"title\": \"{title}\", \"body\": \"متن المقالة عن الزيتون.\"}}")
}

fn done(deleted: u64, foreign: u64, unread: u64) -> Pruned {
    Pruned::Done {
        deleted,
        foreign,
        unread,
    }
}

/// Returns the refusal. `paths` are relative to the input folder of `world`.
fn too_many(world: &World, count: u64, articles: u64, paths: &[(&str, u64, bool)]) -> Pruned {
    let absolute = |(path, articles, is_all): &(&str, u64, bool)| {
        let path = world.input.path().join(path);
        let path: std::path::PathBuf = path.components().collect();
        PrunedPath {
            path: path.display().to_string(),
            articles: *articles,
            is_all: *is_all,
        }
    };
    Pruned::Refused(PruneRefusal::TooMany {
        count,
        articles,
        paths: paths.iter().map(absolute).collect(),
    })
}

#[test]
fn articles_that_the_input_no_longer_holds_are_deleted() {
    let world = World::new(&[("a.jsonl", "1 2"), ("b.jsonl", "3"), ("c.jsonl", "4")]);
    assert_eq!(world.prune(), done(0, 0, 0));
    world.write("a.jsonl", "1");
    world.remove("c.jsonl");
    assert_eq!(world.run(|_| ()).pruned, Pruned::NotAsked);
    world.check("1 2 3 4");
    let report = world.run(|job| job.prunes = true);
    assert_eq!(
        (report.pruned, report.indexed, report.unchanged_files),
        (done(2, 0, 0), 0, 2)
    );
    world.check("1 3");
}

#[test]
fn a_file_that_comes_back_is_read_again() {
    let world = World::new(&[("a.jsonl", "1 2"), ("b.jsonl", "3")]);
    let (file, aside) = (
        world.input.path().join("b.jsonl"),
        world.data.path().join("b"),
    );
    fs::rename(&file, &aside).expect("moved");
    assert_eq!(world.prune(), done(1, 0, 0));
    fs::rename(&aside, &file).expect("moved");
    world.prune();
    world.check("1 2 3");
}

#[test]
fn nothing_is_deleted_after_a_rejection() {
    let world = World::new(&[("a.jsonl", "1"), ("b.jsonl", "2")]);
    let refused = Pruned::Refused(PruneRefusal::RejectedInput);
    world.write_text("b.jsonl", "{\"id\": \"2\", \"title\": \n");
    assert_eq!(world.prune(), refused);
    let report = world.run_on(&["a.jsonl", "gone"], |job| {
        (job.prunes, job.prunes_all) = (true, true);
    });
    assert_eq!(report.pruned, refused);
    world.check("1 2");
}

#[test]
fn an_empty_folder_does_not_empty_the_index() {
    let world = World::new(&[("a/1.jsonl", "1 2"), ("a/2.jsonl", "3")]);
    world.remove("a");
    let expected = too_many(&world, 3, 3, &[("", 3, true)]);
    assert_eq!(world.prune(), expected);
    world.write("b.jsonl", "4");
    assert_eq!(world.prune(), too_many(&world, 3, 4, &[("", 3, false)]));
    world.check("1 2 3 4");
    assert_eq!(world.prune_all(), done(3, 0, 0));
    world.check("4");
}

#[test]
fn a_path_does_not_lose_all_its_articles() {
    let world = World::new(&[("a/1.jsonl", "1 2 3 4 5")]);
    world.write("b/1.jsonl", "6");
    world.run_on(&["a", "b"], |_| ());
    world.remove("b/1.jsonl");
    let prune = |paths: &[&str]| world.run_on(paths, |job| job.prunes = true).pruned;
    let expected = too_many(&world, 1, 6, &[("b", 1, true)]);
    assert_eq!(prune(&["a", "b"]), expected);
    assert_eq!(prune(&["a"]), expected);
    world.check("1 2 3 4 5 6");
}

#[test]
fn articles_that_came_over_http_stay() {
    let world = World::new(&[("a.jsonl", "1 2 3"), ("b.jsonl", "4")]);
    world.put("5", "من الشبكة");
    // The file held this article first.
    world.put("4", "عنوان جديد");
    world.remove("b.jsonl");
    assert_eq!(world.prune(), done(0, 2, 0));
    world.write("a.jsonl", "1 2");
    assert_eq!(world.prune(), done(1, 2, 0));
    assert_eq!(world.prune_all(), done(0, 2, 0));
    world.check("1 2 4 5");
}

#[test]
fn an_article_that_came_over_http_first_stays_until_a_file_changes_it() {
    let world = World::new(&[("a.jsonl", "1 2 3")]);
    world.put("4", "عنوان");
    world.put("5", "عنوان آخر");
    world.write("b.jsonl", "4 5");
    world.run(|_| ());
    world.remove("b.jsonl");
    assert_eq!(world.prune(), done(1, 1, 0));
    world.check("1 2 3 4");
}

#[test]
fn a_file_that_is_there_but_not_read_keeps_its_articles() {
    let world = World::new(&[("a.jsonl", "1 2 3"), ("b.jsonl", "4")]);
    world.remove("b.jsonl");
    std::os::unix::fs::symlink("/dev/zero", world.input.path().join("b.jsonl")).expect("a link");
    assert_eq!(world.prune(), done(0, 0, 1));
    world.check("1 2 3 4");
    assert_eq!(world.prune_all(), done(1, 0, 0));
}

#[test]
fn a_lost_ledger_makes_the_origin_unknown_and_a_rebuild_does_not() {
    // The line recurs in all articles, so a rebuild makes it boilerplate.
    let world = World::new(&[("a.jsonl", "1")]);
    let recurring = |ids: &str| -> String {
        let line = |id: &str| {
            let word = [
                "بحر",
                "جبل",
                "نهر",
                "سهل",
                "واد",
                "غابة",
                "جزيرة",
                "صحراء",
                "بحيرة",
                "شاطئ",
                "خليج",
                "ميناء",
            ];
            let place = word[id.len() % word.len()];
            format!(
                "{{\"id\": \"{id}\", \"source\": \"المنارة\", \"title\": \"{place} {id}\", \"body\": \"{place} {id} وصفه الكاتب في رحلة طويلة بين المدن والقرى القريبة منه.\\nحمّلوا تطبيقنا على الهاتف\"}}\n"
            )
        };
        ids.split(' ').map(line).collect()
    };
    let ids: Vec<String> = (1..=40).map(|count| "7".repeat(count)).collect();
    let (gone, kept) = ids.split_at(10);
    world.write_text("b.jsonl", &recurring(&gone.join(" ")));
    world.write_text("c.jsonl", &recurring(&kept.join(" ")));
    world.run(|_| ());
    rebuilt(world.data.path());
    world.remove("b.jsonl");
    assert_eq!(world.prune(), done(10, 0, 0));
    let ledger = fs::read_dir(world.data.path().join("generations")).expect("a folder");
    let ledger = ledger.flatten().map(|entry| entry.path().join("ledger"));
    ledger
        .filter(|path| path.exists())
        .for_each(|path| fs::remove_file(path).expect("removed"));
    world.remove("c.jsonl");
    assert_eq!(world.prune(), done(0, 30, 0));
}
