//! Failures in a real cluster of three nodes, two servers and a job: a node and a server are killed
//! during indexing and searching. No article is lost.

use std::fs::File;
use std::io::{BufWriter, Write};
use std::path::Path;
use std::process::Stdio;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread::{scope, sleep};
use std::time::{Duration, Instant};

use serde_json::{Value, json};

use super::proxy;
use crate::support::cluster::Cluster;
use crate::support::encoded;
use crate::support::server::{Server, fihrist};

const FIRST: usize = 500;
const ALL: usize = 20_000;

/// Searches may fail for this time, until the cluster has replaced the lost node.
const RECOVERY: Duration = Duration::from_secs(40);

/// Returns an invented word; some of them are rare.
fn word(number: usize) -> String {
    const LETTERS: [char; 12] = ['ب', 'ت', 'ج', 'د', 'ر', 'س', 'ع', 'ف', 'ق', 'ك', 'ل', 'م'];
    [1, 12, 144]
        .iter()
        .map(|power| LETTERS[number / power % LETTERS.len()])
        .chain(['ا', 'ن'])
        .collect()
}

fn article(number: usize) -> Value {
    let body: Vec<String> = (0..120)
        .map(|place| word((number * 31 + place * place * 7) % 1_700))
        .collect();
    json!({
        "id": format!("a-{number}"),
        "title": format!("خبر {} {}", word(number % 1_700), number),
        "body": body.join(" "),
        "source": format!("صحيفة {}", number % 7),
        "date": format!("20{:02}-{:02}-{:02}", number % 20, number % 12 + 1, number % 28 + 1),
    })
}

fn write(path: &Path, numbers: std::ops::Range<usize>) {
    let mut file = BufWriter::new(File::create(path).expect("a file of ours"));
    numbers.for_each(|number| writeln!(file, "{}", article(number)).expect("written"));
}

/// Searches while `work` runs. Returns the failures with their times in seconds since the start,
/// and the number of successes.
fn searched<T>(url: &str, work: impl FnOnce() -> T) -> (T, Vec<(f64, String)>, usize) {
    let (started, done) = (Instant::now(), AtomicBool::new(false));
    let agent = ureq::Agent::from(
        ureq::Agent::config_builder()
            .http_status_as_error(false)
            .build(),
    );
    let search = |thread: usize| {
        let (mut failures, mut successes) = (Vec::new(), 0);
        while !done.load(Ordering::Relaxed) {
            let query = format!(
                "{} {}",
                word((successes * 13 + thread) % 1_700),
                word(successes * 17 % 1_700)
            );
            let answer = agent
                .get(format!("{url}/api/v1/search?q={}", encoded(&query)))
                .call();
            match answer {
                Ok(answer) if answer.status() == 200 => successes += 1,
                Ok(mut answer) => {
                    let body = answer.body_mut().read_to_string().unwrap_or_default();
                    failures.push((
                        started.elapsed().as_secs_f64(),
                        format!("{} {body}", answer.status()),
                    ));
                }
                Err(error) => failures.push((started.elapsed().as_secs_f64(), error.to_string())),
            }
            sleep(Duration::from_millis(20));
        }
        (failures, successes)
    };
    scope(|scope| {
        let threads = [0, 1].map(|thread| scope.spawn(move || search(thread)));
        let outcome = work();
        done.store(true, Ordering::Relaxed);
        let (mut failures, mut successes) = (Vec::new(), 0);
        for (failed, succeeded) in threads.map(|thread| thread.join().expect("no panic inside")) {
            failures.extend(failed);
            successes += succeeded;
        }
        (outcome, failures, successes)
    })
}

#[test]
fn losing_a_node_and_a_server_loses_no_article() {
    let Some(cluster) = Cluster::start(3) else {
        return;
    };
    let flags = cluster.flags();
    let flags: Vec<&str> = [
        flags.iter().map(String::as_str).collect(),
        vec!["--opensearch-timeout", "3s"],
    ]
    .concat();
    let folder = tempfile::tempdir().expect("a temporary folder");
    write(&folder.path().join("first.jsonl"), 0..FIRST);
    write(&folder.path().join("rest.jsonl"), FIRST..ALL);
    let index = |file: &str| {
        let mut command = fihrist(&folder);
        command
            .args(["index", file, "--no-rebuild", "--commit-every", "4000"])
            .args(&flags)
            .stderr(Stdio::inherit());
        command
    };
    assert!(
        index("first.jsonl")
            .status()
            .expect("the binary runs")
            .success()
    );
    let mut servers = [(); 2].map(|()| Server::without_index(&flags));
    let proxy = proxy::before(&[&servers[0].url, &servers[1].url]);

    let (recovered_after, failures, successes) = searched(&proxy, || {
        let started = Instant::now();
        let mut job = index("rest.jsonl").spawn().expect("the binary starts");
        sleep(Duration::from_secs(4));
        // This node manages the others.
        cluster.kill(cluster.manager());
        let killed = started.elapsed();
        assert!(
            job.wait().expect("our process").success(),
            "the job finishes"
        );
        sleep(RECOVERY.saturating_sub(started.elapsed() - killed));
        let recovered_after = started.elapsed();
        // In this time no search may fail.
        sleep(Duration::from_secs(5));
        recovered_after
    });
    eprintln!(
        "{successes} searches, {} failed: {failures:?}",
        failures.len()
    );
    let late: Vec<_> = failures
        .iter()
        .filter(|(at, _)| *at > recovered_after.as_secs_f64())
        .collect();
    assert!(
        late.is_empty() && successes > 100,
        "after {recovered_after:?}: {late:?}"
    );
    let count = |server: &Server| server.get("/api/v1/stats").json()["articles"].clone();
    assert_eq!(count(&servers[0]), ALL, "no article is lost");
    assert_eq!(count(&servers[1]), ALL, "all servers see the same");

    let (ended, failures, successes) = searched(&proxy, || {
        sleep(Duration::from_secs(1));
        servers[0].kill();
        sleep(Duration::from_secs(3));
        servers[0].ended()
    });
    assert!(
        failures.is_empty() && successes > 50 && !ended.success(),
        "{successes}: {failures:?}"
    );
    let phrase = servers[1].search(&format!("\"{} {}\"", word(31), word(38)), "");
    assert!(
        phrase["hits"]
            .as_array()
            .is_some_and(|hits| !hits.is_empty()),
        "{phrase}"
    );
}
