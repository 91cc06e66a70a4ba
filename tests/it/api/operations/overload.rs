//! A service under overload: slow searches stop, excess requests are refused, others are served.

use std::io::Write;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

use serde_json::{Value, json};

use super::figures;
use crate::api::problems::problem;
use crate::support::server::{Answer, Server, wait_until};
use crate::support::{articles, encoded};

/// Returns articles that repeat two words: queries with `NEAR` and their snippets are slow in them.
fn long_articles(count: usize, pairs: usize) -> Vec<Value> {
    let long = "قمح سكر ".repeat(pairs);
    let article =
        |i: usize| json!({"id": format!("long-{i}"), "title": format!("حمولة {i}"), "body": long});
    (0..count).map(article).chain(articles()).collect()
}

/// Returns the path of a search that takes minutes for a long article.
fn endless_query() -> String {
    let near: String = (0..100)
        .map(|i| {
            if i % 2 == 0 {
                " NEAR/9 سكر"
            } else {
                " NEAR/9 قمح"
            }
        })
        .collect();
    format!(
        "/api/v1/search?relax=off&q={}",
        encoded(&format!("قمح{near}"))
    )
}

#[test]
fn a_search_that_times_out_frees_its_slot() {
    let server = Server::with(
        &long_articles(2, 20_000),
        &["--max-searches", "1", "--request-timeout", "300ms"],
    );
    let started = Instant::now();
    problem(&server.get(&endless_query()), 504, "timed_out");
    assert!(
        started.elapsed() < Duration::from_secs(5),
        "{:?}",
        started.elapsed()
    );
    let answered =
        wait_until(|| Some(server.get("/api/v1/search?q=x")).filter(|answer| answer.status == 200));
    assert_eq!(answered.status, 200);
    let figures = figures(&server);
    assert_eq!(
        figures.value("fihrist_pool_stopped_total{class=\"costly\"}"),
        1.0
    );
    assert_eq!(figures.value("fihrist_pool_running{class=\"search\"}"), 0.0);
}

#[test]
fn a_search_stops_when_its_client_disconnects() {
    let server = Server::with(
        &long_articles(2, 20_000),
        &["--max-searches", "1", "--request-timeout", "10m"],
    );
    let running = || figures(&server).value("fihrist_pool_running{class=\"costly\"}");
    let mut stream = server.connect();
    write!(
        stream,
        "GET {} HTTP/1.1\r\nhost: x\r\n\r\n",
        endless_query()
    )
    .expect("a request");
    wait_until(|| (running() == 1.0).then_some(()));
    drop(stream);
    let gone = Instant::now();
    wait_until(|| (running() == 0.0).then_some(()));
    assert!(
        gone.elapsed() < Duration::from_secs(5),
        "{:?}",
        gone.elapsed()
    );
    let requests =
        "fihrist_http_requests_total{method=\"GET\",route=\"/api/v1/search\",status=\"499\"}";
    assert_eq!(figures(&server).value(requests), 1.0);
}

#[test]
fn a_flood_of_costly_searches_leaves_slots_for_others() {
    let server = Server::with(
        &long_articles(2, 20_000),
        &["--max-searches", "2", "--request-timeout", "20s"],
    );
    let floods = AtomicBool::new(true);
    let statuses = std::thread::scope(|scope| {
        for _ in 0..8 {
            scope.spawn(|| {
                let path = endless_query().replace("relax=off", "limit=1");
                let mut stream = None;
                while floods.load(Ordering::Relaxed) {
                    let mut next = server.connect();
                    write!(next, "GET {path} HTTP/1.1\r\nhost: x\r\n\r\n").expect("a request");
                    // The previous connection closes. Its request was refused, or it never ends.
                    stream.replace(next);
                    std::thread::sleep(Duration::from_millis(250));
                }
            });
        }
        wait_until(|| {
            (figures(&server).value("fihrist_pool_running{class=\"costly\"}") == 1.0).then_some(())
        });
        let ask = |_| {
            let plain = server
                .get(&format!("/api/v1/search?q={}", encoded("زيتون")))
                .status;
            (
                plain,
                server.get("/api/v1/articles/garden").status,
                server.get("/api/v1/suggest?q=%D8%B2%D9%8A").status,
            )
        };
        let statuses: Vec<_> = (0..20).map(ask).collect();
        let waited = "fihrist_pool_refused_total{class=\"costly\",reason=\"waited_too_long\"}";
        wait_until(|| (figures(&server).value(waited) > 0.0).then_some(()));
        floods.store(false, Ordering::Relaxed);
        statuses
    });
    assert!(
        statuses.iter().all(|answered| *answered == (200, 200, 200)),
        "{statuses:?}"
    );
    assert_eq!(
        figures(&server)
            .value("fihrist_pool_refused_total{class=\"search\",reason=\"queue_full\"}"),
        0.0
    );
}

#[test]
fn requests_beyond_the_queue_are_refused_at_once() {
    let server = Server::with(
        &long_articles(2, 20_000),
        &["--max-searches", "1", "--request-timeout", "2s"],
    );
    let ask = |path: &str| {
        let started = Instant::now();
        (server.get(path), started.elapsed())
    };
    let path = endless_query();
    let answers: Vec<(Answer, Duration)> = std::thread::scope(|scope| {
        let asked: Vec<_> = (0..100).map(|_| scope.spawn(|| ask(&path))).collect();
        asked
            .into_iter()
            .map(|asked| asked.join().expect("an answer"))
            .collect()
    });
    let busy: Vec<_> = answers
        .iter()
        .filter(|(answer, _)| answer.status == 503)
        .collect();
    assert!(busy.len() >= 80, "{}", busy.len());
    for (answer, duration) in &busy {
        assert_eq!(answer.header("retry-after"), "1");
        assert!(*duration < Duration::from_millis(1_500), "{duration:?}");
    }
    let refused = figures(&server)
        .value("fihrist_pool_refused_total{class=\"costly\",reason=\"queue_full\"}");
    assert!(refused >= 80.0, "{refused}");
}
