//! Tests with nodes that are away, slow, full, closed, of another version or broken: what is reported, and that nothing
//! is lost.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

use serde_json::{Value, json};

use super::bulk::Bulk;
use super::client::Client;
use super::fake::{FakeNode, Reply, Request, nobody, root};
use super::request::Requester;
use super::{Remote, RemoteWriter};
use crate::backend::{Cluster, Login};
use crate::deadline::Deadline;
use crate::error::{Error, ErrorKind, Result};

fn cluster(urls: &[&str]) -> Cluster {
    let urls = urls.iter().map(|url| (*url).to_owned()).collect();
    Cluster {
        timeout: Duration::from_millis(400),
        ..Cluster::new(urls)
    }
}

/// Sends two changes to a node, and returns the outcome.
fn send_two(node: &FakeNode) -> (Result<()>, Bulk) {
    let client = Client::new(&cluster(&[&node.url])).expect("a client");
    let requester = Requester::to_look(&Arc::new(client));
    let bulk = Bulk::new(requester, "articles-write".to_owned());
    for id in ["1", "2"] {
        bulk.put(id, bulk.next_version(), b"{}").expect("gathered");
    }
    (bulk.flush(), bulk)
}

fn items(statuses: &[(u16, &str)]) -> Value {
    let item = |(status, kind): &(u16, &str)| match *kind {
        "" => json!({"index": {"status": status}}),
        kind => json!({"index": {"status": status, "error": {"type": kind, "reason": "because"}}}),
    };
    json!({"items": statuses.iter().map(item).collect::<Vec<_>>()})
}

/// Returns the ids of each batch.
fn batches(node: &FakeNode) -> Vec<Vec<String>> {
    let ids = |request: &Request| {
        let actions = request
            .body
            .lines()
            .filter_map(|line| serde_json::from_str::<Value>(line).ok());
        actions
            .filter_map(|action| Some(action["index"]["_id"].as_str()?.to_owned()))
            .collect()
    };
    node.requests().iter().map(ids).collect()
}

#[test]
fn an_answer_that_breaks_off_is_asked_for_again() {
    let node = FakeNode::opensearch(|_, before| match before {
        0 => Reply::Half(items(&[(201, ""), (201, "")])),
        // The changes were stored the first time.
        _ => Reply::Json(
            200,
            items(&[
                (409, "version_conflict_engine_exception"),
                (409, "version_conflict_engine_exception"),
            ]),
        ),
    });
    let (outcome, bulk) = send_two(&node);
    outcome.expect("sent");
    assert_eq!(batches(&node), [["1", "2"], ["1", "2"]]);
    assert_eq!(bulk.refused(), []);
}

#[test]
fn what_an_answer_leaves_out_or_has_no_room_for_is_sent_again() {
    let node = FakeNode::opensearch(|_, before| {
        Reply::Json(
            200,
            match before {
                0 => items(&[(201, "")]),
                1 => items(&[(429, "rejected_execution_exception")]),
                _ => items(&[(201, "")]),
            },
        )
    });
    send_two(&node).0.expect("sent");
    assert_eq!(batches(&node), [vec!["1", "2"], vec!["2"], vec!["2"]]);
}

#[test]
fn an_article_that_cannot_be_stored_is_told_and_the_others_are_stored() {
    let node = FakeNode::opensearch(|_, _| {
        Reply::Json(200, items(&[(400, "mapper_parsing_exception"), (201, "")]))
    });
    let (outcome, bulk) = send_two(&node);
    outcome.expect("sent");
    let refused: Vec<_> = bulk
        .refused()
        .into_iter()
        .map(|(id, reason)| (id.to_string(), reason))
        .collect();
    assert_eq!(refused, [("1".to_owned(), "because".to_owned())]);
    assert_eq!(bulk.refused(), []);
}

#[test]
fn a_closed_or_full_cluster_is_told_at_once() {
    let check = |status: u16, reason: &'static str, expected: &str| {
        let error = json!({"type": "cluster_block_exception", "reason": reason});
        let node = FakeNode::opensearch(move |_, _| {
            Reply::Json(
                200,
                json!({"items": [{"index": {"status": status, "error": error}}, {"index": {"status": 201}}]}),
            )
        });
        let started = Instant::now();
        let error = send_two(&node).0.expect_err("a refusal");
        assert_eq!(error.kind(), ErrorKind::Unavailable);
        let text = error.to_string();
        assert!(
            text.contains(expected) && text.contains(&node.url),
            "{text}"
        );
        assert!(
            started.elapsed() < Duration::from_secs(5),
            "it is told at once"
        );
    };
    check(
        403,
        "index [a] blocked by: [FORBIDDEN/8/index write (api)];",
        "closed against",
    );
    check(
        429,
        "index [a] blocked by: [TOO_MANY_REQUESTS/12/disk usage exceeded flood-stage watermark];",
        "disks are full",
    );
}

fn open_error(urls: &[&str]) -> Error {
    Remote::open(&cluster(urls)).err().expect("an error")
}

#[test]
fn a_cluster_that_is_away_or_silent_is_told_with_its_address() {
    let silent = FakeNode::new(|_, _| Reply::Silence);
    for url in [nobody(), silent.url.clone()] {
        let started = Instant::now();
        let error = open_error(&[&url]);
        assert_eq!(error.kind(), ErrorKind::Unavailable);
        assert!(error.to_string().contains(&url), "{error}");
        assert!(
            started.elapsed() < Duration::from_secs(5),
            "it does not wait for ever"
        );
        assert!(RemoteWriter::open(&cluster(&[&url]), false).is_err());
    }
}

#[test]
fn another_node_is_asked_where_one_is_away_or_silent() {
    let silent = FakeNode::new(|_, _| Reply::Silence);
    let well = FakeNode::opensearch(|_, _| Reply::Json(404, json!({})));
    let error = open_error(&[&nobody(), &silent.url, &well.url]);
    assert!(matches!(error, Error::NoClusterIndex { .. }), "{error}");
}

#[test]
fn a_node_that_has_too_much_to_do_is_asked_again() {
    let node = FakeNode::opensearch(|_, before| {
        if before < 2 {
            Reply::Text(503, "busy")
        } else {
            Reply::Json(404, json!({}))
        }
    });
    assert!(matches!(
        open_error(&[&node.url]),
        Error::NoClusterIndex { .. }
    ));
}

#[test]
fn other_programs_and_versions_are_refused_by_name() {
    let check = |node: &FakeNode, kind: ErrorKind, expected: &str| {
        let error = open_error(&[&node.url]);
        assert!(
            error.kind() == kind && error.to_string().contains(expected),
            "{error}"
        );
    };
    let old = FakeNode::new(|_, _| root("opensearch", "1.3.20"));
    check(&old, ErrorKind::Incompatible, "opensearch 1.3.20");
    let cousin = FakeNode::new(|_, _| Reply::Json(200, json!({"version": {"number": "8.15.0"}})));
    check(&cousin, ErrorKind::Incompatible, "8.15.0");
    let page = FakeNode::new(|_, _| Reply::Text(200, "<html>It works!</html>"));
    check(&page, ErrorKind::Unavailable, "not JSON");
    let locked = FakeNode::new(|_, _| Reply::Text(401, "Unauthorized"));
    check(&locked, ErrorKind::Unavailable, "does not know the user");
}

#[test]
fn a_cluster_whose_version_was_not_learnt_is_asked_for_it_again() {
    let is_away = Arc::new(AtomicBool::new(true));
    let away = Arc::clone(&is_away);
    let node = FakeNode::new(move |request, _| match request.path.as_str() {
        "/" if away.load(Ordering::Relaxed) => Reply::Half(json!({})),
        "/" => root("opensearch", "1.3.20"),
        _ => Reply::Json(200, json!({})),
    });
    let client = Client::new(&cluster(&[&node.url])).expect("a client");
    let requester = Requester::to_look(&Arc::new(client));
    let refusal = || {
        requester
            .get("/a".to_owned())
            .err()
            .map(|error| error.kind())
    };
    assert_eq!(refusal(), Some(ErrorKind::Unavailable));
    is_away.store(false, Ordering::Relaxed);
    assert_eq!(refusal(), Some(ErrorKind::Incompatible));
    assert_eq!(node.requests().len(), 0, "an unchecked request was sent");
}

#[test]
fn a_caller_who_goes_away_is_not_waited_for() {
    let silent = FakeNode::opensearch(|_, _| Reply::Silence);
    let client = Client::new(&Cluster {
        timeout: Duration::from_secs(30),
        ..cluster(&[&silent.url])
    })
    .expect("a client");
    let deadline = Deadline::until(Instant::now() + Duration::from_millis(200));
    let started = Instant::now();
    let answer = Requester::to_search(&Arc::new(client), &deadline).get("/a".to_owned());
    assert_eq!(
        answer.err().map(|error| error.kind()),
        Some(ErrorKind::TimedOut)
    );
    assert!(started.elapsed() < Duration::from_secs(5));
}

#[test]
fn whoever_asks_says_who_it_is_and_no_message_does() {
    let check = |login: Login, expected: &str| {
        let node = FakeNode::opensearch(|_, _| Reply::Text(403, "no"));
        let cluster = Cluster {
            login: Some(login),
            ..cluster(&[&node.url])
        };
        let error = Remote::open(&cluster).err().expect("a refusal").to_string();
        let head = node
            .requests()
            .first()
            .expect("a request")
            .head
            .to_lowercase();
        assert!(head.contains(&expected.to_lowercase()), "{head}");
        assert!(
            !error.contains("secret") && !format!("{cluster:?}").contains("secret"),
            "{error}"
        );
    };
    check(
        Login::ApiKey("secret".to_owned()),
        "authorization: ApiKey secret",
    );
    let password = Login::Password {
        user: "u".to_owned(),
        password: "secret".to_owned(),
    };
    check(password, "authorization: Basic dTpzZWNyZXQ=");
}
