//! Many clients at once while an indexing job commits: every request is answered, or refused
//! because of overload. The long run is ignored by default:
//!
//! ```sh
//! FIHRIST_LOAD_ARTICLES=articles.jsonl cargo test --release --test it -- load:: --ignored --nocapture
//! ```

use std::collections::BTreeMap;
use std::fs;
use std::path::PathBuf;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread::{scope, sleep};
use std::time::{Duration, Instant};

use serde_json::Value;
use tempfile::TempDir;

use crate::support::server::{Server, fihrist};
use crate::support::{articles, encoded};

/// Queries in realistic shares: mostly words, some phrases and filters, few patterns.
const QUERIES: [&str; 16] = [
    "القمح",
    "الميناء سفينة",
    "\"وقف إطلاق النار\"",
    "رئيس الحكومة",
    "أسعار النفط",
    "حكوم*",
    "مباراة كرة القدم",
    "\"مجلس الأمن\"",
    "سوريا -لبنان",
    "عنوان:فلسطين",
    "الانتخابات NEAR/5 نتائج",
    "مصر OR تونس",
    "وزارة الصحة",
    "الحدود التركية",
    "زيتون",
    "م?تمر",
];

/// The results of a run.
#[derive(Default)]
struct Outcome {
    milliseconds: Vec<f64>,
    statuses: BTreeMap<u16, usize>,
    failures: Vec<String>,
}

/// Sends one query after the other until the run is over.
fn ask(server: &Server, client: usize, is_over: &AtomicBool) -> Outcome {
    let agent = ureq::Agent::config_builder()
        .http_status_as_error(false)
        .timeout_global(Some(Duration::from_secs(30)))
        .build()
        .new_agent();
    let mut outcome = Outcome::default();
    for number in client.. {
        if is_over.load(Ordering::Relaxed) {
            break;
        }
        let query = encoded(QUERIES[number % QUERIES.len()]);
        let path = match number % 10 {
            0 => format!("/api/v1/search?q={query}&facets=source&histogram=auto"),
            1 => format!("/api/v1/suggest?q={query}"),
            2 => format!("/search?q={query}"),
            3 => format!("/api/v1/search?q={query}&sort=newest"),
            _ => format!("/api/v1/search?q={query}"),
        };
        let started = Instant::now();
        let answer = agent
            .get(format!("{}{path}", server.url))
            .call()
            .and_then(|mut answer| {
                let status = answer.status().as_u16();
                answer
                    .body_mut()
                    .read_to_string()
                    .map(|body| (status, body))
            });
        match answer {
            Ok((status, body)) => {
                *outcome.statuses.entry(status).or_default() += 1;
                match status {
                    200 if body.contains("\"hits\"")
                        || body.contains("\"suggestions\"")
                        || body.contains("<main") =>
                    {
                        outcome
                            .milliseconds
                            .push(started.elapsed().as_secs_f64() * 1e3);
                    }
                    // The server is overloaded; a polite client retries a little later.
                    429 | 503 => sleep(Duration::from_millis(100)),
                    _ => outcome.failures.push(format!("{status} {path}: {body}")),
                }
            }
            Err(error) => outcome.failures.push(format!("{path}: {error}")),
        }
    }
    outcome
}

/// Returns the resident memory of the server in MB: all of it, and the anonymous part, without
/// mapped files.
fn memory(server: &Server) -> (f64, f64) {
    let status =
        fs::read_to_string(format!("/proc/{}/status", server.id())).expect("a Linux process");
    let kilobytes = |name: &str| {
        let line = status
            .lines()
            .find(|line| line.starts_with(name))
            .expect("a field");
        line.split_whitespace()
            .nth(1)
            .and_then(|number| number.parse::<f64>().ok())
            .expect("a number")
            / 1e3
    };
    (kilobytes("VmRSS:"), kilobytes("RssAnon:"))
}

/// Lets clients search while `write` runs repeatedly; returns their results.
fn run(server: &Server, clients: usize, seconds: u64, mut write: impl FnMut(usize)) -> Outcome {
    let is_over = AtomicBool::new(false);
    let started = Instant::now();
    let outcomes: Vec<Outcome> = scope(|scope| {
        let asked: Vec<_> = (0..clients)
            .map(|client| {
                scope.spawn({
                    let is_over = &is_over;
                    move || ask(server, client, is_over)
                })
            })
            .collect();
        let mut next_look = 0;
        for round in 0.. {
            if started.elapsed() >= Duration::from_secs(seconds) {
                break;
            }
            if started.elapsed().as_secs() >= next_look {
                let (resident, anonymous) = memory(server);
                println!(
                    "{:>3} s: {resident:.0} MB resident, {anonymous:.0} MB of it anonymous",
                    started.elapsed().as_secs()
                );
                next_look += seconds.div_ceil(6);
            }
            write(round);
        }
        is_over.store(true, Ordering::Relaxed);
        asked
            .into_iter()
            .map(|asked| asked.join().expect("a client"))
            .collect()
    });
    let took = started.elapsed().as_secs_f64();
    let mut all = Outcome::default();
    for outcome in outcomes {
        all.milliseconds.extend(outcome.milliseconds);
        all.failures.extend(outcome.failures);
        outcome
            .statuses
            .into_iter()
            .for_each(|(status, count)| *all.statuses.entry(status).or_default() += count);
    }
    all.milliseconds.sort_by(f64::total_cmp);
    let percentile = |part: f64| {
        all.milliseconds
            .get((all.milliseconds.len() as f64 * part) as usize)
            .copied()
            .unwrap_or(0.0)
    };
    println!(
        "{clients} clients, {took:.0} s: {:.0} answers a second, p50 {:.1} ms, p99 {:.1} ms, longest {:.1} ms; statuses {:?}",
        all.milliseconds.len() as f64 / took,
        percentile(0.5),
        percentile(0.99),
        all.milliseconds.last().copied().unwrap_or(0.0),
        all.statuses
    );
    all
}

#[test]
fn nothing_fails_while_articles_are_written() {
    let server = Server::with(&articles(), &["--rate-limit", "off"]);
    let outcome = run(&server, 16, 4, |round| {
        let mut changed = articles();
        changed
            .iter_mut()
            .for_each(|article| article["section"] = Value::from(format!("باب {round}")));
        server.index(&changed);
    });
    assert_eq!(outcome.failures, Vec::<String>::new());
    assert!(outcome.milliseconds.len() > 100, "{:?}", outcome.statuses);
}

#[test]
#[ignore = "it takes a minute and needs articles: FIHRIST_LOAD_ARTICLES"]
fn sixty_four_clients_for_a_minute() {
    let articles =
        PathBuf::from(std::env::var_os("FIHRIST_LOAD_ARTICLES").expect("FIHRIST_LOAD_ARTICLES"));
    let lines = fs::read_to_string(&articles).expect("articles, a JSON object a line");
    let folder = TempDir::new().expect("a folder");
    assert!(
        fihrist(&folder)
            .arg("index")
            .arg(&articles)
            .status()
            .expect("the binary runs")
            .success()
    );
    let batches = TempDir::new().expect("a folder");
    let server = Server::over(folder, &["--rate-limit", "off"]);
    let outcome = run(&server, 64, 60, |round| {
        // Two thousand more articles under new ids, so the collection keeps growing.
        let batch = lines
            .lines()
            .cycle()
            .skip(round * 2_000)
            .take(2_000)
            .map(|line| {
                let mut article: Value = serde_json::from_str(line).expect("an article");
                article["id"] =
                    Value::from(format!("{}-{round}", article["id"].as_str().unwrap_or("x")));
                article.to_string()
            });
        let path = batches.path().join(format!("{round}.jsonl"));
        fs::write(&path, batch.collect::<Vec<_>>().join("\n")).expect("a file of ours");
        server.run(&[
            "index",
            "--commit-every",
            "500",
            path.to_str().expect("an ASCII path"),
        ]);
    });
    assert_eq!(outcome.failures, Vec::<String>::new());
    let (resident, anonymous) = memory(&server);
    println!("at the end: {resident:.0} MB resident, {anonymous:.0} MB of it anonymous");
}
