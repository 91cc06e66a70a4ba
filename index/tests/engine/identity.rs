//! Which articles without an id and a URL are the same: edited, moved, copied and deleted files.

use std::collections::BTreeMap;
use std::fs;

use fihrist_index::ingest::{IngestJob, IngestReport, Input, NoProgress, PruneRefusal, Pruned};
use fihrist_index::search::SearchRequest;
use fihrist_index::{Index, IndexWriter};
use tempfile::TempDir;

use crate::support::indexes::{rebuilt, run_job, stored, write_input};

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
        for (name, text) in files {
            world.write(name, text);
        }
        world
    }

    fn write(&self, name: &str, text: &str) {
        write_input(self.input.path(), name, text);
    }

    fn rename(&self, from: &str, to: &str) {
        let (from, to) = (self.input.path().join(from), self.input.path().join(to));
        fs::create_dir_all(to.parent().expect("a folder")).expect("a folder");
        fs::rename(from, to).expect("moved");
    }

    fn remove(&self, name: &str) {
        fs::remove_file(self.input.path().join(name)).expect("removed");
    }

    fn job(&self, paths: &[&str]) -> IngestJob {
        let inputs = paths.iter();
        IngestJob::new(
            inputs
                .map(|path| Input::Path(self.input.path().join(path)))
                .collect(),
        )
    }

    fn index(&self, paths: &[&str]) -> IngestReport {
        run_job(self.data.path(), &self.job(paths), &NoProgress)
    }

    /// Indexes the whole folder as `fihrist up` does. A rehearsal must say the same before.
    fn follow(&self) -> Pruned {
        let job = IngestJob {
            follows_deletions: true,
            ..self.job(&[""])
        };
        let rehearsed = job.rehearse(&self.data.path().into(), &NoProgress);
        let report = run_job(self.data.path(), &job, &NoProgress);
        let planned = match rehearsed.expect("a report").pruned {
            Pruned::Planned {
                count,
                foreign,
                unread,
                ..
            } => Pruned::Done {
                deleted: count,
                foreign,
                unread,
            },
            same => same,
        };
        assert_eq!(planned, report.pruned);
        report.pruned
    }

    /// Returns the ids of all articles, by their titles.
    fn ids(&self) -> BTreeMap<String, String> {
        let index = Index::open(self.data.path()).expect("an index");
        let request = SearchRequest {
            limit: 100,
            ..SearchRequest::new("قرية")
        };
        let hits = index.search(&request).expect("an answer").hits;
        let ids = hits.iter().map(|hit| {
            let id = hit.article.id.as_str();
            let article = stored(&index, id).expect("stored");
            (article.title(), id.to_owned())
        });
        let ids: Vec<_> = ids.collect();
        let count = ids.len();
        let ids: BTreeMap<_, _> = ids.into_iter().collect();
        assert_eq!(ids.len(), count, "two articles have one title");
        ids
    }

    #[track_caller]
    fn check_titles(&self, expected: &[&str]) {
        let ids = self.ids();
        let titles: Vec<&str> = ids.keys().map(String::as_str).collect();
        assert_eq!(titles, expected);
    }
}

/// Returns the text of an article with a title.
fn text(title: &str) -> String {
    format!("{title}\n\nوصف الكاتب قرية بين الجبل والبحر في يوم من أيام الربيع.\n")
}

#[test]
fn an_edited_file_replaces_its_article() {
    let world = World::new(&[("a.txt", &text("الأول"))]);
    world.index(&[""]);
    let id = world.ids()["الأول"].clone();
    for title in ["الثاني", "الثالث وهو أطول"] {
        world.write("a.txt", &text(title));
        world.index(&[""]);
        assert_eq!(world.ids(), [(title.to_owned(), id.clone())].into());
    }
    rebuilt(world.data.path());
    assert_eq!(world.ids()["الثالث وهو أطول"], id);
}

#[test]
fn a_moved_file_keeps_its_article() {
    let world = World::new(&[("a.txt", &text("الأول")), ("b.txt", &text("الثاني"))]);
    world.index(&[""]);
    let before = world.ids();
    world.rename("a.txt", "archive/2024/c.txt");
    world.rename("b.txt", "a.txt");
    world.index(&[""]);
    assert_eq!(world.ids(), before);
    // The file is known under its new name.
    world.write("archive/2024/c.txt", &text("الأول منقحا"));
    world.index(&[""]);
    let edited = world.ids();
    assert_eq!(edited["الأول منقحا"], before["الأول"]);
    assert_eq!(edited.len(), 2);
    // Another file comes to where the first one was.
    world.write("b.txt", &text("الثالث"));
    world.index(&[""]);
    world.rename("archive", "old");
    assert_eq!(world.follow(), Pruned::NotAsked);
    let last = world.ids();
    assert_eq!(last.len(), 3);
    assert!(edited.iter().all(|(title, id)| last[title] == *id));
}

#[test]
fn files_of_equal_content_are_two_articles() {
    let world = World::new(&[("a.txt", &text("الخبر")), ("b/a.txt", &text("الخبر"))]);
    let report = world.index(&[""]);
    assert_eq!((report.indexed, report.unchanged), (2, 0));
    let index = Index::open(world.data.path()).expect("an index");
    let request = SearchRequest {
        collapses: true,
        ..SearchRequest::new("قرية")
    };
    let hits = index.search(&request).expect("an answer");
    assert_eq!((hits.total, hits.hits[0].duplicates), (1, 1));
    assert_eq!(world.index(&[""]).indexed, 0);
}

#[test]
fn a_folder_in_a_known_one_has_the_same_articles() {
    for first in ["", "2024", "2024/a.txt"] {
        let world = World::new(&[("2024/a.txt", &text("الأول")), ("b.txt", &text("الثاني"))]);
        world.index(&[first]);
        world.index(&[""]);
        let ids = world.ids();
        assert_eq!(ids.len(), 2);
        let link = world.data.path().join("link");
        std::os::unix::fs::symlink(world.input.path(), &link).expect("a link");
        for paths in [&["2024"][..], &["2024/a.txt", "b.txt"], &["2024/../2024"]] {
            assert_eq!(world.index(paths).indexed, 0, "{first} then {paths:?}");
        }
        let job = IngestJob::new(vec![Input::Path(link)]);
        assert_eq!(run_job(world.data.path(), &job, &NoProgress).indexed, 0);
        assert_eq!(world.ids(), ids);
    }
}

/// Returns a JSON line without an id and a URL.
fn row(title: &str, date: &str, body: &str) -> String {
    format!("{{\"title\": \"{title}\", \"date\": \"{date}\", \"body\": \"{body} في قرية.\"}}\n")
}

#[test]
fn a_row_is_identified_by_its_title_and_date() {
    let first = row("سوق", "2024-03-01", "باع التاجر التمر");
    let second = row("مطر", "2024-03-01", "هطل المطر");
    let world = World::new(&[("a.jsonl", &format!("{first}{second}"))]);
    world.index(&[""]);
    let before = world.ids();
    let first = row("سوق", "2024-03-01", "باع التاجر التمر والتين");
    let third = row("بحر", "2024-03-02", "هدأ البحر");
    world.write("a.jsonl", &format!("{third}{second}{first}"));
    assert_eq!(world.index(&[""]).indexed, 2);
    let after = world.ids();
    assert_eq!(after.len(), 3);
    assert!(before.iter().all(|(title, id)| after[title] == *id));
    // A file elsewhere has rows of its own.
    world.write("b.jsonl", &second);
    assert_eq!(world.index(&[""]).indexed, 1);
}

#[test]
fn rows_with_one_title_and_date_are_all_kept() {
    let rows =
        ["ارتفع السعر", "هبط السعر", "ثبت السعر"].map(|body| row("السوق", "2024-03-01", body));
    let world = World::new(&[("a.jsonl", &rows.concat())]);
    let report = world.index(&[""]);
    assert_eq!((report.indexed, report.unchanged), (3, 0));
    world.write("a.jsonl", &(rows.concat() + "\n"));
    assert_eq!(world.index(&[""]).indexed, 0);
    // The same row twice is one article.
    world.write("a.jsonl", &(rows.concat() + &rows[0]));
    assert_eq!(world.index(&[""]).indexed, 0);
}

#[test]
fn files_in_an_archive_are_identified_by_their_names_in_it() {
    let archive = |texts: &[(&str, &str)]| {
        let mut builder = tar::Builder::new(Vec::new());
        for (name, title) in texts {
            let content = text(title);
            let mut header = tar::Header::new_gnu();
            header.set_size(content.len() as u64);
            header.set_cksum();
            builder
                .append_data(&mut header, name, content.as_bytes())
                .expect("appended");
        }
        builder.into_inner().expect("an archive")
    };
    let world = World::new(&[]);
    let path = world.input.path().join("a.tar");
    fs::write(&path, archive(&[("1.txt", "الأول"), ("2.txt", "الثاني")])).expect("written");
    world.index(&[""]);
    let before = world.ids();
    let edited = archive(&[("2.txt", "الثاني منقحا"), ("1.txt", "الأول")]);
    fs::write(&path, edited).expect("written");
    world.index(&[""]);
    let after = world.ids();
    assert_eq!(after["الثاني منقحا"], before["الثاني"]);
    assert_eq!(after["الأول"], before["الأول"]);
}

fn deleted(deleted: u64) -> Pruned {
    Pruned::Done {
        deleted,
        foreign: 0,
        unread: 0,
    }
}

#[test]
fn articles_of_deleted_files_are_deleted() {
    let own_id = "{\"id\": \"7\", \"title\": \"ميناء\", \"body\": \"وصلت سفينة إلى قرية.\"}\n";
    let world = World::new(&[
        ("a.txt", &text("الأول")),
        ("b.txt", &text("الثاني")),
        ("c.txt", &text("الثالث")),
        ("d.jsonl", own_id),
    ]);
    assert_eq!(world.follow(), Pruned::NotAsked);
    world.remove("b.txt");
    world.remove("d.jsonl");
    assert_eq!(world.index(&[""]).pruned, Pruned::NotAsked);
    world.check_titles(&["الأول", "الثالث", "الثاني", "ميناء"]);
    assert_eq!(world.follow(), deleted(2));
    world.check_titles(&["الأول", "الثالث"]);
    assert_eq!(world.follow(), Pruned::NotAsked);
    // A folder takes the place of a file.
    world.remove("a.txt");
    world.write("a.txt/1.txt", &text("الرابع"));
    assert_eq!(world.follow(), deleted(1));
    // A file that was rejected keeps its article until it is deleted.
    world.write("c.txt", "");
    assert_eq!(world.follow(), Pruned::NotAsked);
    world.check_titles(&["الثالث", "الرابع"]);
    world.remove("c.txt");
    assert_eq!(world.follow(), deleted(1));
    world.check_titles(&["الرابع"]);
}

#[test]
fn an_edited_file_loses_the_rows_that_it_no_longer_holds() {
    let own_id = |id: u8| {
        format!("{{\"id\": \"{id}\", \"title\": \"{id} ميناء\", \"body\": \"سفينة قرية.\"}}\n")
    };
    let [one, two, three] = ["سوق", "مطر", "بحر"].map(|title| row(title, "2024", title));
    let all = [one.clone(), two, three.clone(), own_id(1), own_id(2)].concat();
    let world = World::new(&[("a.jsonl", &all)]);
    world.follow();
    // The row `2` has an id of its own: it may have left a list of the newest articles.
    let edited = row("غابة", "2024", "غابة");
    world.write("a.jsonl", &[one.clone(), edited, three, own_id(1)].concat());
    assert_eq!(world.follow(), deleted(1));
    world.check_titles(&["1 ميناء", "2 ميناء", "بحر", "سوق", "غابة"]);
    // A rejected line may be a row that was there before.
    world.write("a.jsonl", &[one.clone(), "{\n".to_owned()].concat());
    assert_eq!(world.follow(), Pruned::NotAsked);
    world.write("a.jsonl", &one);
    assert_eq!(world.follow(), deleted(2));
    world.check_titles(&["1 ميناء", "2 ميناء", "سوق"]);
}

#[test]
fn a_folder_that_vanished_or_is_empty_keeps_its_articles() {
    let world = World::new(&[("a/1.txt", &text("الأول")), ("b/2.txt", &text("الثاني"))]);
    let job = |world: &World| IngestJob {
        follows_deletions: true,
        ..world.job(&["a", "b"])
    };
    let follow = |world: &World| run_job(world.data.path(), &job(world), &NoProgress).pruned;
    follow(&world);
    world.rename("a", "aside");
    assert_eq!(follow(&world), Pruned::NotAsked);
    fs::create_dir(world.input.path().join("a")).expect("a folder");
    assert!(matches!(
        follow(&world),
        Pruned::Refused(PruneRefusal::TooMany {
            count: 1,
            articles: 2,
            ..
        })
    ));
    world.check_titles(&["الأول", "الثاني"]);
    // It is mounted again.
    fs::remove_dir(world.input.path().join("a")).expect("removed");
    world.rename("aside", "a");
    assert_eq!(follow(&world), Pruned::NotAsked);
    world.check_titles(&["الأول", "الثاني"]);
}

#[test]
fn articles_of_other_folders_and_of_requests_stay() {
    let world = World::new(&[
        ("a/1.txt", &text("الأول")),
        ("a/2.txt", &text("الثاني")),
        ("a/3.txt", &text("الثالث")),
        ("b/1.txt", &text("الرابع")),
    ]);
    world.index(&["a", "b"]);
    let ids = world.ids();
    let index = Index::open(world.data.path()).expect("an index");
    let mut changed = stored(&index, &ids["الأول"]).expect("stored");
    changed.source = Some("المنارة".to_owned());
    let mut writer = IndexWriter::open(world.data.path()).expect("a writer");
    writer.upsert(&changed).expect("written");
    writer.commit().expect("committed");
    writer.finish().expect("finished");
    world.remove("a/1.txt");
    world.remove("a/2.txt");
    world.remove("b/1.txt");
    let job = IngestJob {
        follows_deletions: true,
        ..world.job(&["a"])
    };
    let report = run_job(world.data.path(), &job, &NoProgress);
    let expected = Pruned::Done {
        deleted: 1,
        foreign: 1,
        unread: 0,
    };
    assert_eq!(report.pruned, expected);
    world.check_titles(&["الأول", "الثالث", "الرابع"]);
}

#[test]
fn samples_give_way_to_articles() {
    let world = World::new(&[]);
    let sample = Input::Memory {
        name: "samples/a.txt".to_owned(),
        bytes: Box::leak(text("عينة").into_bytes().into_boxed_slice()),
    };
    let job = IngestJob::new(vec![sample]);
    run_job(world.data.path(), &job, &NoProgress);
    // Without an article of its own, a job changes nothing.
    world.write("empty.txt", "\n");
    assert_eq!(world.index(&[""]).deleted_samples, 0);
    world.check_titles(&["عينة"]);
    world.write("b.txt", &text("مقالة"));
    assert_eq!(world.index(&[""]).deleted_samples, 1);
    world.check_titles(&["مقالة"]);
    assert_eq!(world.index(&[""]).deleted_samples, 0);
}
