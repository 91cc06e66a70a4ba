//! Work whose caller no longer waits: it stops soon at any stage, with an error that says so.

use std::path::Path;
use std::time::{Duration, Instant};

use fihrist_index::ingest::{IngestJob, Input, NoProgress};
use fihrist_index::search::SearchRequest;
use fihrist_index::{ArticleId, Deadline, ErrorKind, Index};

use crate::support::indexes::run_job;

/// The number of word pairs in a long article. A slow query has to read all of their positions.
const PAIRS: usize = 20_000;
const LONG_ARTICLES: usize = 4;

fn index(home: &Path) -> Index {
    let long = "قمح سكر ".repeat(PAIRS);
    let mut lines = String::new();
    for i in 0..LONG_ARTICLES {
        lines += &format!(
            "{{\"id\": \"long-{i}\", \"title\": \"حمولة السفينة {i}\", \"body\": \"{long}\"}}\n"
        );
    }
    lines += "{\"id\": \"short\", \"title\": \"مرفأ الصيد\", \"body\": \"افتتح الصيادون المرفأ صباح السبت.\"}\n";
    let file = home.join("articles.jsonl");
    std::fs::write(&file, lines).expect("a file of ours");
    let data = home.join("data");
    run_job(
        &*data,
        &IngestJob::new(vec![Input::Path(file)]),
        &NoProgress,
    );
    Index::open(&data).expect("an index")
}

/// Returns a query that takes minutes for a long article: a long chain of `NEAR`.
fn endless_query() -> String {
    let mut query = "قمح".to_owned();
    for i in 0..120 {
        query += if i % 2 == 0 {
            " NEAR/9 سكر"
        } else {
            " NEAR/9 قمح"
        };
    }
    query
}

fn soon(duration: Duration) -> Deadline {
    Deadline::until(Instant::now() + duration)
}

#[test]
fn no_work_starts_after_the_deadline_or_a_cancellation() {
    let home = tempfile::tempdir().expect("a directory");
    let index = index(home.path());
    let id = ArticleId::new("short").expect("an id");
    let check = |deadline: Deadline, expected: ErrorKind| {
        let index = index.within(deadline);
        let request = SearchRequest::new("الصيادون");
        assert_eq!(
            index.search(&request).map_err(|error| error.kind()).err(),
            Some(expected)
        );
        assert_eq!(
            index
                .explain(&request, &id)
                .map_err(|error| error.kind())
                .err(),
            Some(expected)
        );
        assert_eq!(
            index.suggest("الصي", 5).map_err(|error| error.kind()).err(),
            Some(expected)
        );
        assert_eq!(
            index
                .article_with_matches(&id, "الصيد")
                .map_err(|error| error.kind())
                .err(),
            Some(expected)
        );
    };
    check(soon(Duration::ZERO), ErrorKind::TimedOut);
    let gone = soon(Duration::from_secs(600));
    gone.cancel();
    check(gone, ErrorKind::Cancelled);
    // The index itself has no deadline.
    assert_eq!(
        index
            .search(&SearchRequest::new("الصيادون"))
            .expect("an answer")
            .total,
        1
    );
}

#[test]
fn long_work_stops_soon_after_its_deadline_or_a_cancellation() {
    let home = tempfile::tempdir().expect("a directory");
    let index = index(home.path());
    let long = ArticleId::new("long-0").expect("an id");
    let check = |name: &str, work: &(dyn Fn(&Index) -> Option<ErrorKind> + Sync)| {
        let started = Instant::now();
        assert_eq!(
            work(&index.within(soon(Duration::from_millis(60)))),
            Some(ErrorKind::TimedOut),
            "{name}"
        );
        // The limit is far below the time of the whole work, and far above the time on an idle
        // machine.
        assert!(
            started.elapsed() < Duration::from_millis(1_000),
            "{name}: {:?}",
            started.elapsed()
        );

        let deadline = soon(Duration::from_secs(600));
        let index = index.within(deadline.clone());
        let given_up = std::thread::scope(|scope| {
            let working = scope.spawn(|| work(&index));
            std::thread::sleep(Duration::from_millis(60));
            deadline.cancel();
            let given_up = Instant::now();
            assert_eq!(
                working.join().expect("no panic"),
                Some(ErrorKind::Cancelled),
                "{name}"
            );
            given_up.elapsed()
        });
        assert!(
            given_up < Duration::from_millis(1_000),
            "{name}: {given_up:?}"
        );
        println!("{name}: {given_up:?}");
    };
    let request = SearchRequest::new(&endless_query());
    check("search", &|index| {
        index.search(&request).err().map(|error| error.kind())
    });
    check("explain", &|index| {
        index
            .explain(&request, &long)
            .err()
            .map(|error| error.kind())
    });
    check("matches", &|index| {
        index
            .article_with_matches(&long, &request.query)
            .err()
            .map(|error| error.kind())
    });
}

#[test]
fn words_near_one_another_in_a_long_article_are_found_in_time() {
    let home = tempfile::tempdir().expect("a directory");
    let index = index(home.path());
    for query in ["قمح NEAR/3 سكر", "\"قمح سكر\"~5", "\"قمح سكر\""] {
        let started = Instant::now();
        let hits = index.search(&SearchRequest::new(query)).expect("an answer");
        println!("{query}: {:?}", started.elapsed());
        assert_eq!(hits.total, LONG_ARTICLES as u64, "{query}");
        assert!(hits.hits.iter().all(|hit| !hit.snippets.is_empty()));
    }
}
