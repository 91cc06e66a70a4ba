//! An index in a real cluster over time: concurrent jobs, a rebuild under a server, a read-only
//! cluster, a cluster that stops and returns.

use std::io::Write;
use std::path::Path;
use std::process::{Output, Stdio};
use std::thread::sleep;
use std::time::{Duration, Instant};

use serde_json::{Value, json};

use crate::support::cluster::Cluster;
use crate::support::server::{Server, fihrist};
use crate::support::{articles, encoded};

/// A node takes a while to start.
const TIME_LIMIT: Duration = Duration::from_secs(90);

fn wait_until(what: &str, mut is_so: impl FnMut() -> bool) {
    let started = Instant::now();
    while !is_so() {
        assert!(started.elapsed() < TIME_LIMIT, "waited in vain: {what}");
        sleep(Duration::from_millis(200));
    }
}

fn write(path: &Path, articles: &[Value]) {
    let mut file = std::fs::File::create(path).expect("a file of ours");
    articles
        .iter()
        .for_each(|article| writeln!(file, "{article}").expect("written"));
}

fn diary(numbers: std::ops::Range<usize>) -> Vec<Value> {
    let article = |number| {
        let body =
            format!("اليوم رقم {number} في البحر. عادت القوارب قبل الغروب وامتلأ السوق بالسمك.");
        json!({"id": format!("d-{number}"), "title": format!("يوميات القارب {number}"), "body": body})
    };
    numbers.map(article).collect()
}

#[test]
fn an_index_lives_in_a_cluster() {
    let Some(cluster) = Cluster::start(1) else {
        return;
    };
    let flags = cluster.flags();
    let flags: Vec<&str> = [
        flags.iter().map(String::as_str).collect(),
        vec!["--opensearch-timeout", "2s"],
    ]
    .concat();
    let folder = tempfile::tempdir().expect("a temporary folder");
    let start = |arguments: &[&str]| {
        let mut command = fihrist(&folder);
        command
            .args(arguments)
            .args(&flags)
            .stdout(Stdio::piped())
            .stderr(Stdio::piped());
        command.spawn().expect("the binary starts")
    };
    let stderr = |output: &Output| String::from_utf8_lossy(&output.stderr).into_owned();
    let run = |arguments: &[&str]| start(arguments).wait_with_output().expect("it ends");

    // Concurrent jobs create the same index.
    for (part, numbers) in [0..60, 60..120, 120..180].into_iter().enumerate() {
        write(
            &folder.path().join(format!("part-{part}.jsonl")),
            &diary(numbers),
        );
    }
    let jobs = ["part-0.jsonl", "part-1.jsonl", "part-2.jsonl"].map(|part| start(&["index", part]));
    for job in jobs {
        let output = job.wait_with_output().expect("it ends");
        assert!(
            output.status.success() && stderr(&output).contains("60 indexed"),
            "{}",
            stderr(&output)
        );
    }
    let mut server = Server::without_index(&flags);
    let total = |server: &Server, query: &str| {
        let answer = server.get(&format!("/api/v1/search?q={}", encoded(query)));
        (answer.status == 200).then(|| answer.json()["total"]["value"].as_u64().expect("a total"))
    };
    assert_eq!(total(&server, "القوارب"), Some(180));

    // A rebuild replaces the generation, and the running server follows.
    let rebuilt = run(&["rebuild"]);
    assert!(
        rebuilt.status.success() && stderr(&rebuilt).contains("180"),
        "{}",
        stderr(&rebuilt)
    );
    wait_until("the next generation", || {
        server.get("/api/v1/stats").json()["generation"] == "000002"
    });
    assert_eq!(total(&server, "القوارب"), Some(180));
    write(&folder.path().join("harbour.jsonl"), &articles());
    assert!(run(&["index", "harbour.jsonl"]).status.success());
    wait_until("the new articles", || total(&server, "الميناء") == Some(13));

    // A read-only index is searched, and refuses writes with an error.
    let close = |is_closed: bool| {
        let url = format!("{}/fihrist/_settings", cluster.urls[0]);
        let body = format!(
            r#"{{"index.blocks.read_only_allow_delete": {}}}"#,
            if is_closed { "true" } else { "null" }
        );
        ureq::put(url)
            .header("content-type", "application/json")
            .send(body)
            .expect("set");
    };
    close(true);
    write(&folder.path().join("more.jsonl"), &diary(180..190));
    let refused = run(&["index", "more.jsonl"]);
    assert!(
        refused.status.code() == Some(2) && stderr(&refused).contains("disk"),
        "{}",
        stderr(&refused)
    );
    let key = server.key("ingest");
    let article = json!({"id": "one", "title": "قارب", "body": "عادت القوارب"}).to_string();
    let post = |server: &Server| {
        let headers = [
            ("authorization", format!("Bearer {key}")),
            ("content-type", "application/x-ndjson".to_owned()),
        ];
        let headers: Vec<(&str, &str)> = headers
            .iter()
            .map(|(name, value)| (*name, value.as_str()))
            .collect();
        server.send(
            "POST",
            "/api/v1/articles?refresh=wait",
            &headers,
            article.as_bytes(),
        )
    };
    let answer = post(&server);
    assert!(
        answer.status == 503 && answer.json()["code"] == "index_unavailable",
        "{} {}",
        answer.status,
        answer.body
    );
    assert_eq!(total(&server, "القوارب"), Some(180));
    close(false);
    assert!(run(&["index", "more.jsonl"]).status.success());
    let answer = post(&server);
    assert!(answer.status < 300, "{} {}", answer.status, answer.body);
    wait_until("all articles", || total(&server, "القوارب") == Some(191));

    // The cluster stops and returns; the same server continues.
    cluster.kill(1);
    let answer = server.get(&format!("/api/v1/search?q={}", encoded("القوارب")));
    assert!(
        answer.status == 503 || answer.status == 504,
        "{} {}",
        answer.status,
        answer.body
    );
    cluster.restart();
    wait_until("the cluster is back", || {
        total(&server, "القوارب") == Some(191)
    });
    server.kill();
}
