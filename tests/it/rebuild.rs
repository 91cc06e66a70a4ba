//! `fihrist rebuild` from outside: under a running server with constant requests, and its messages.
//! The engine's tests check what a rebuild does to an index.

use std::sync::Mutex;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};

use serde_json::{Value, json};

use crate::support::encoded;
use crate::support::server::{Server, wait_until};

const SAMPLES: &str = include_str!("../../static/samples/articles.jsonl");

/// Searches whose answers do not depend on the model, which stems no number and no Latin word.
const SEARCHES: [&str; 5] = [
    "harbour",
    "\"red boat\"",
    "40017",
    "harbour -boat",
    "boat harbour",
];
const CLIENTS: usize = 4;
const REBUILDS: usize = 3;

/// Returns articles of one length that mention the harbour and boats more or less often, so that
/// their scores differ.
fn articles() -> Vec<Value> {
    let own = (0..400_usize).map(|number| {
        let times = |every: usize| if number % every == 0 { number / every + 1 } else { 0 };
        let (harbours, boats) = (times(40), times(100));
        let words = [("harbour ", harbours), ("red boat ", boats), ("ship ", 20 - harbours - 2 * boats)];
        let words: String = words.iter().map(|(word, times)| word.repeat(*times)).collect();
        json!({"id": format!("own-{number}"), "title": format!("يوميات الميناء {}", 40_000 + number),
            "body": format!("{words}.\nعاد الصيادون من البحر مع الفجر وامتلأت الأسواق بالأسماك.")})
    });
    own.chain(
        SAMPLES
            .lines()
            .map(|line| serde_json::from_str(line).expect("a sample")),
    )
    .collect()
}

fn ask(server: &Server, query: &str) -> Result<Value, String> {
    let answer = server.get(&format!("/api/v1/search?limit=50&q={}", encoded(query)));
    if answer.status != 200 {
        return Err(format!("{query}: {} {}", answer.status, answer.body));
    }
    let mut found = answer.json();
    found["took_ms"] = Value::Null;
    Ok(found)
}

#[test]
fn a_rebuild_under_load_fails_no_request_and_changes_no_answer() {
    let articles = articles();
    let server = Server::with(&articles[..50], &["--max-searches", "32"]);
    // The model has learnt from fifty articles, so the first rebuild gives another model.
    std::fs::write(
        server.path("all.jsonl"),
        articles
            .iter()
            .map(|article| format!("{article}\n"))
            .collect::<String>(),
    )
    .expect("a file of ours");
    server.run(&["index", "all.jsonl", "--no-rebuild"]);
    let count = articles.len();
    wait_until(|| (server.get("/api/v1/stats").json()["articles"] == count).then_some(()));
    let expected: Vec<Value> = SEARCHES
        .iter()
        .map(|query| ask(&server, query).expect("an answer"))
        .collect();
    assert_eq!(
        expected
            .iter()
            .map(|found| found["total"]["value"].as_u64())
            .collect::<Vec<_>>(),
        [10, 4, 1, 8, 12].map(Some)
    );

    let (is_over, answers, failures) = (
        AtomicBool::new(false),
        AtomicUsize::new(0),
        Mutex::new(Vec::new()),
    );
    let fail = |failure: String| failures.lock().expect("no panic inside").push(failure);
    std::thread::scope(|scope| {
        for client in 0..CLIENTS {
            let (server, expected, is_over, answers, fail) =
                (&server, &expected, &is_over, &answers, &fail);
            scope.spawn(move || {
                for turn in client.. {
                    if is_over.load(Ordering::Relaxed) {
                        return;
                    }
                    let search = turn % SEARCHES.len();
                    match ask(server, SEARCHES[search]) {
                        Ok(found) if found == expected[search] => {}
                        Ok(found) => fail(format!("{} instead of {}", found, expected[search])),
                        Err(failure) => fail(failure),
                    }
                    let stats = server.get("/api/v1/stats");
                    if stats.status != 200 || stats.json()["articles"] != count {
                        fail(format!("{} {}", stats.status, stats.body));
                    }
                    let article = server.get("/api/v1/articles/own-17");
                    if article.status != 200 {
                        fail(format!("{} {}", article.status, article.body));
                    }
                    answers.fetch_add(3, Ordering::Relaxed);
                }
            });
        }
        // A failure here must not leave the clients running.
        let rebuilding = std::panic::catch_unwind(std::panic::AssertUnwindSafe(|| {
            rebuild_again_and_again(&server)
        }));
        is_over.store(true, Ordering::Relaxed);
        rebuilding.unwrap_or_else(|panic| std::panic::resume_unwind(panic));
    });
    let failures = failures.into_inner().expect("no panic inside");
    let answers = answers.into_inner();
    assert!(
        failures.is_empty(),
        "{} of {answers} answers, the first: {}",
        failures.len(),
        failures[0]
    );
    assert!(answers > 100, "{answers} answers are too few for a load");
    server.terminate();
    let (status, log) = server.wait();
    assert!(
        status.success() && !log.contains("cannot open the newest commit"),
        "{log}"
    );
}

/// Rebuilds several times. Each time, it waits until the server answers from the new generation.
fn rebuild_again_and_again(server: &Server) {
    let mut model = server.get("/api/v1/stats").json()["model_hash"].clone();
    for number in 1..=REBUILDS {
        let report = server.run_json(&["rebuild", "--json"]);
        assert_eq!(
            (&report["old_model_hash"], report["model_hash"] != model),
            (&model, number == 1),
            "{report}"
        );
        assert_eq!(report["generation"], format!("{:06}", number + 1));
        model = report["model_hash"].clone();
        let stats = wait_until(|| {
            let stats = server.get("/api/v1/stats").json();
            (stats["generation"] == report["generation"]).then_some(stats)
        });
        assert_eq!(
            (&stats["model_hash"], &stats["learnt_articles"]),
            (&model, &stats["articles"])
        );
    }
}
