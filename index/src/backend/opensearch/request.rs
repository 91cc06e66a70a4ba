//! Requests as callers make them: a path and JSON, with the time that the caller allows.

use std::sync::Arc;
use std::sync::atomic::Ordering;
use std::thread::sleep;
use std::time::{Duration, Instant};

use serde_json::Value;

use super::{Answer, Client, Method, Refusal, Request, check_version};
use crate::deadline::Deadline;
use crate::error::{Error, Remedy, Result};

/// How long all attempts of a search may take. People do not wait longer.
const SEARCHING: Duration = Duration::from_secs(30);

/// How long all attempts of a job's request may take. In this time, a lost node is replaced, disk
/// space is freed, or the cluster restarts after an update.
const WRITING: Duration = Duration::from_secs(120);

/// How long one node may take to answer a job's request, at least. A merge or a large batch can take
/// long although the node works.
const WRITING_NODE: Duration = Duration::from_secs(30);

/// The path whose answer names the version of the cluster.
const ROOT: &str = "/";

/// The pause after the first round over all nodes. It is short, because another node may take over
/// soon. Each later pause is twice as long.
const FIRST_PAUSE: Duration = Duration::from_millis(100);
const LONGEST_PAUSE: Duration = Duration::from_secs(5);

/// Sends requests for one caller, within the caller's deadline and a time limit.
#[derive(Clone)]
pub struct Requester {
    pub client: Arc<Client>,
    deadline: Deadline,
    /// How long all attempts of a request may take.
    within: Duration,
    /// How long one node may take to answer a request other than a search.
    node_timeout: Duration,
}

impl Requester {
    /// Returns a requester for searches.
    pub fn to_search(client: &Arc<Client>, deadline: &Deadline) -> Self {
        Self {
            deadline: deadline.clone(),
            within: SEARCHING,
            ..Self::to_look(client)
        }
    }

    /// Returns a requester with a short time limit, for requests that the caller soon makes again.
    pub fn to_look(client: &Arc<Client>) -> Self {
        Self {
            client: Arc::clone(client),
            deadline: Deadline::default(),
            within: client.timeout,
            node_timeout: client.timeout,
        }
    }

    /// Returns a requester for jobs, which wait longer.
    pub fn to_write(client: &Arc<Client>) -> Self {
        Self {
            within: WRITING,
            node_timeout: client.timeout.max(WRITING_NODE),
            ..Self::to_look(client)
        }
    }

    /// Sends a request to one node after the other until one answers, or until the time is over.
    /// The answer may be a refusal.
    pub fn send(
        &self,
        method: Method,
        path: String,
        query: Vec<(&'static str, String)>,
        body: Option<Vec<u8>>,
    ) -> Result<Answer> {
        let request = Request {
            method,
            path,
            query,
            body,
        };
        self.send_within(self.within, self.node_timeout, &request)
    }

    /// Gets the document at a path.
    pub fn get(&self, path: String) -> Result<Answer> {
        self.send(Method::Get, path, Vec::new(), None)
    }

    /// Posts JSON to a path, and returns the JSON of the answer.
    pub fn post(&self, path: String, body: &Value) -> Result<Value> {
        self.send(
            Method::Post,
            path,
            Vec::new(),
            Some(body.to_string().into()),
        )?
        .accepted()
    }

    /// Puts JSON at a path, and returns the JSON of the answer.
    pub fn put(&self, path: String, body: &Value) -> Result<Value> {
        self.send(Method::Put, path, Vec::new(), Some(body.to_string().into()))?
            .accepted()
    }

    /// Deletes the document at a path. A failure is ignored.
    pub fn delete(&self, path: String) {
        drop(self.send(Method::Delete, path, Vec::new(), None));
    }

    /// Searches an index until a node answers or the caller's time is over. Returns the JSON of the
    /// answer.
    pub fn search(&self, index: &str, body: &Value) -> Result<Value> {
        self.search_within(self.within, format!("/{index}/_search"), body)?
            .accepted()
    }

    /// Searches the point in time that `body` names. Asks each node at most once, until one answers.
    pub fn search_once(&self, body: &Value) -> Result<Answer> {
        self.search_within(Duration::ZERO, "/_search".to_owned(), body)
    }

    /// Sends a search. Fails if a shard is missing, because the answer would be incomplete.
    fn search_within(&self, within: Duration, path: String, body: &Value) -> Result<Answer> {
        let time = format!("{}ms", self.within.as_millis());
        let request = Request {
            method: Method::Post,
            path,
            query: vec![
                ("allow_partial_search_results", "false".to_owned()),
                // The nodes stop a search that the caller no longer waits for.
                ("cancel_after_time_interval", time),
            ],
            body: Some(body.to_string().into()),
        };
        self.send_within(within, self.client.timeout, &request)
    }

    /// Fails if the cluster has an unsupported version.
    fn check(&self) -> Result<()> {
        let request = Request {
            method: Method::Get,
            path: ROOT.to_owned(),
            query: Vec::new(),
            body: None,
        };
        let timeout = self.client.timeout;
        let root = self.send_within(timeout, timeout, &request)?;
        check_version(&root.accepted()?).map_err(|reason| {
            self.unusable(&self.client.index, reason, Remedy::UseSupportedCluster)
        })?;
        self.client.is_checked.store(true, Ordering::Relaxed);
        Ok(())
    }

    /// Sends a request until a node answers, or until `within` has passed. Each node may take
    /// `node_timeout` to answer. Before the first request, checks the version of the cluster.
    fn send_within(
        &self,
        within: Duration,
        node_timeout: Duration,
        request: &Request,
    ) -> Result<Answer> {
        let client = &self.client;
        if !client.is_checked.load(Ordering::Relaxed) && request.path != ROOT {
            self.check()?;
        }
        let retry_until = Instant::now() + within;
        let mut pause = FIRST_PAUSE;
        loop {
            let mut last = String::new();
            for node in client.in_turn() {
                let url = &node.url;
                match node.ask(request, node_timeout, &self.deadline)? {
                    Ok((status, body)) => {
                        let urls = client.urls.clone();
                        let answer = Answer { status, body, urls };
                        if !answer.is_overrun() {
                            node.record(true);
                            return Ok(answer);
                        }
                        let Refusal { kind, reason, .. } = answer.refusal();
                        last = format!("{url} answers {status} {kind} {reason}");
                    }
                    Err(reason) => {
                        // The node may run another version when it answers again.
                        client.is_checked.store(false, Ordering::Relaxed);
                        node.record(false);
                        last = format!("{url} does not answer: {reason}");
                    }
                }
            }
            if Instant::now() + pause >= retry_until {
                return Err(self.unavailable(last, Remedy::CheckCluster));
            }
            self.deadline.check()?;
            sleep(pause);
            pause = (pause * 2).min(LONGEST_PAUSE);
        }
    }

    /// Returns the error for a cluster that cannot be used.
    pub fn unavailable(&self, reason: String, remedy: Remedy) -> Error {
        Error::Unavailable {
            urls: self.client.urls.clone(),
            reason,
            remedy,
        }
    }

    /// Returns the error for an index that cannot be used.
    pub fn unusable(&self, index: &str, reason: String, remedy: Remedy) -> Error {
        Error::Unusable {
            urls: self.client.urls.clone(),
            index: index.to_owned(),
            reason,
            remedy,
        }
    }
}
