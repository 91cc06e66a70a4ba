//! The indexing job from files to hits, against a real index in a temporary directory. Formats have
//! tests of their own.

use std::fs;
use std::sync::atomic::{AtomicU64, Ordering};

use fihrist_index::ingest::{
    IngestJob, IngestReport, Input, NoProgress, Phase, Progress, ProgressUpdate,
};
use fihrist_index::{Error, Index};
use tempfile::TempDir;

use crate::support::indexes::{run_job, stats, stored};

fn record(id: usize, body: &str) -> String {
    format!("{{\"id\": \"{id}\", \"title\": \"خبر\", \"body\": \"{body}\"}}\n")
}

/// Writes `lines` to a file. Returns a job over it, and the directory that holds the file and the
/// index.
fn job(lines: &str) -> (TempDir, IngestJob) {
    let home = TempDir::new().expect("a directory");
    let file = home.path().join("articles.jsonl");
    fs::write(&file, lines).expect("written");
    let job = IngestJob::new(vec![Input::Path(file)]);
    (home, job)
}

fn counts(report: &IngestReport) -> (u64, u64, u64) {
    (report.indexed, report.unchanged, report.rejected_count)
}

#[test]
fn a_second_run_finds_everything_unchanged() {
    let lines: String = (0..500)
        .map(|id| record(id, &format!("متن رقم {id}.")))
        .collect();
    let (home, job) = job(&lines);
    let data = home.path().join("data");
    assert_eq!(counts(&run_job(&data, &job, &NoProgress)), (500, 0, 0));
    assert_eq!(counts(&run_job(&data, &job, &NoProgress)), (0, 500, 0));
    assert_eq!(stats(&data).articles, 500);
}

#[test]
fn the_last_copy_of_an_article_wins_however_often_the_job_commits() {
    let lines: String = (0..600)
        .map(|line| record(line % 3, &format!("نسخة {line}.")))
        .collect();
    let (home, mut job) = job(&lines);
    job.commit_every = 50;
    let data = home.path().join("data");
    run_job(&data, &job, &NoProgress);
    let index = Index::open(&data).expect("an index");
    for id in 0..3 {
        let article = stored(&index, &id.to_string()).expect("an article");
        assert!(
            article.text.ends_with(&format!("نسخة {}.", 597 + id)),
            "{}",
            article.text
        );
    }
}

#[test]
fn bad_input_is_reported_and_the_rest_is_indexed() {
    let (home, mut job) = job(&(record(1, "متن.") + "{broken\n" + &record(2, "متن.")));
    job.inputs
        .insert(0, Input::Path(home.path().join("gone.jsonl")));
    let report = run_job(home.path().join("data"), &job, &NoProgress);
    assert_eq!(counts(&report), (2, 0, 2));
    let sources: Vec<_> = report
        .rejected
        .iter()
        .filter_map(|rejected| rejected.source.rsplit('/').next())
        .collect();
    assert_eq!(sources, ["gone.jsonl", "articles.jsonl:2"]);
}

#[test]
fn a_damaged_stream_keeps_what_came_before() {
    // Compressors work in blocks of 128 KiB. A file of one block holds nothing before the damage.
    let unlike = |id: usize| id.wrapping_mul(0x9E37_79B9);
    let lines: String = (0..10_000)
        .map(|id| record(id, &format!("متن {}.", unlike(id))))
        .collect();
    let (home, mut job) = job(&lines);
    let whole = zstd::encode_all(lines.as_bytes(), 3).expect("compressed");
    let cut = home.path().join("cut.jsonl.zst");
    fs::write(&cut, &whole[..whole.len() * 3 / 4]).expect("written");
    job.inputs = vec![Input::Path(cut)];
    let report = run_job(home.path().join("data"), &job, &NoProgress);
    assert_eq!(
        (report.rejected_count, report.indexed > 0),
        (1, true),
        "{report:?}"
    );
    assert!(
        report.rejected[0].reason.starts_with("cut off or damaged"),
        "{:?}",
        report.rejected
    );
}

/// Cancels the job in a phase, after a number of articles.
struct CancelIn<'a>(&'a IngestJob, Phase, u64);

impl Progress for CancelIn<'_> {
    fn advanced(&self, now: ProgressUpdate) {
        self.0.cancel.fetch_or(
            now.phase == self.1 && now.articles >= self.2,
            Ordering::Relaxed,
        );
    }
}

/// Returns a job that runs long enough to report its progress.
fn long_job() -> (TempDir, IngestJob) {
    let body = "فقرة طويلة عن أخبار المدينة والميناء والسوق. ".repeat(100);
    job(&(0..5_000).map(|id| record(id, &body)).collect::<String>())
}

#[test]
fn a_job_that_is_cancelled_while_it_learns_creates_no_index() {
    let (home, job) = long_job();
    let data = home.path().join("data");
    let report = run_job(&data, &job, &CancelIn(&job, Phase::CountingWords, 0));
    assert!(report.is_cancelled && report.articles() == 0, "{report:?}");
    assert!(matches!(Index::open(&data), Err(Error::NoIndex(_))));
    assert!(!data.join("generations").exists());
}

#[test]
fn a_cancelled_job_commits_its_work_and_the_next_run_does_the_rest() {
    let (home, job) = long_job();
    let data = home.path().join("data");
    let report = run_job(&data, &job, &CancelIn(&job, Phase::Indexing, 1));
    assert!(
        report.is_cancelled && report.articles() < 5_000,
        "{}",
        report.articles()
    );
    assert_eq!(stats(&data).articles, report.indexed);
    job.cancel.store(false, Ordering::Relaxed);
    assert_eq!(
        counts(&run_job(&data, &job, &NoProgress)),
        (5_000 - report.indexed, report.indexed, 0)
    );
}

#[test]
fn a_signal_after_the_last_article_cancels_nothing() {
    struct CancelAtTheEnd<'a>(&'a IngestJob, u64);
    impl Progress for CancelAtTheEnd<'_> {
        fn advanced(&self, now: ProgressUpdate) {
            self.0.cancel.store(
                now.phase == Phase::Indexing && now.articles == self.1,
                Ordering::Relaxed,
            );
        }
    }
    let (home, job) = job(&(0..20).map(|id| record(id, "متن.")).collect::<String>());
    let report = run_job(home.path().join("data"), &job, &CancelAtTheEnd(&job, 20));
    assert!(job.cancel.load(Ordering::Relaxed) && !report.is_cancelled);
}

#[test]
fn progress_ends_at_the_total() {
    #[derive(Default)]
    struct Last(AtomicU64, AtomicU64);
    impl Progress for Last {
        fn advanced(&self, now: ProgressUpdate) {
            assert!(now.done <= now.total);
            self.0.store(now.done, Ordering::Relaxed);
            self.1.store(now.articles, Ordering::Relaxed);
        }
    }
    let lines: String = (0..100).map(|id| record(id, "متن.")).collect();
    let (home, job) = job(&lines);
    let last = Last::default();
    let report = run_job(home.path().join("data"), &job, &last);
    assert_eq!(
        (last.0.into_inner(), last.1.into_inner()),
        (report.bytes_read, 100)
    );
    assert_eq!(report.bytes_read, lines.len() as u64);
}
