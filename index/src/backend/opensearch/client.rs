//! The client of a cluster: sends one request from the caller's thread, to a node that answers.
//!
//! The official client is asynchronous and knows one address. This one waits on a runtime of its own. If a node is
//! gone, slow or overloaded, it asks the next one. It does not interpret answers.

use std::error::Error as StdError;
use std::sync::OnceLock;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::sync::mpsc::{RecvTimeoutError, sync_channel};
use std::thread::sleep;
use std::time::{Duration, Instant};

use opensearch::auth::Credentials;
use opensearch::cert::{Certificate, CertificateValidation};
pub use opensearch::http::Method;
use opensearch::http::Url;
use opensearch::http::headers::{ACCEPT_ENCODING, AUTHORIZATION, HeaderMap, HeaderValue};
use opensearch::http::transport::{SingleNodeConnectionPool, Transport, TransportBuilder};
use serde_json::Value;
use tokio::runtime::{Builder, Runtime};

use super::answer::Answer;
use super::node::Node;
use crate::backend::{Cluster, Login};
use crate::deadline::Deadline;
use crate::error::{Error, Remedy, Result};

/// Two threads are enough, because requests wait for the network.
const THREADS: usize = 2;

/// How often a waiting caller checks its deadline.
const LOOK: Duration = Duration::from_millis(50);

/// The pause after the first round over all nodes. It is short, because another node may take over
/// soon. Each later pause is twice as long.
const FIRST_PAUSE: Duration = Duration::from_millis(100);
const LONGEST_PAUSE: Duration = Duration::from_secs(5);

/// A request.
pub struct Call<'a> {
    pub method: Method,
    pub path: String,
    pub query: Vec<(&'static str, String)>,
    pub body: Option<Vec<u8>>,
    /// How long all attempts together may take.
    pub within: Duration,
    /// How long one node may take to answer. `None` means the timeout of the client.
    pub node_timeout: Option<Duration>,
    pub deadline: &'a Deadline,
}

/// The client of a cluster, which it reaches by any of several nodes.
pub struct Client {
    nodes: Vec<Node>,
    next: AtomicUsize,
    urls: String,
    index: String,
    timeout: Duration,
    /// Whether the cluster is known to have a supported version.
    is_checked: AtomicBool,
}

/// Why a node gave no answer.
enum Failure {
    /// The caller's deadline has passed.
    Ended(Error),
    /// The node gave no answer, for this reason. Another node may answer.
    Silent(String),
}

impl Client {
    /// Returns the client for the cluster of an index. It does not connect yet.
    pub fn new(cluster: &Cluster) -> Result<Self> {
        let nodes = cluster
            .urls
            .iter()
            .map(|url| Ok(Node::new(url, transport(url, cluster)?)));
        Ok(Self {
            nodes: nodes.collect::<Result<_>>()?,
            next: AtomicUsize::new(0),
            urls: cluster.addresses(),
            index: cluster.index.clone(),
            timeout: cluster.timeout,
            is_checked: AtomicBool::new(false),
        })
    }

    /// Returns the addresses of the nodes, for messages.
    pub fn urls(&self) -> &str {
        &self.urls
    }

    /// Returns the alias of the generations.
    pub fn index(&self) -> &str {
        &self.index
    }

    /// Returns how long a node may take to answer.
    pub fn timeout(&self) -> Duration {
        self.timeout
    }

    /// Sends a request to one node after the other until one answers, or until [`Call::within`] has
    /// passed. The answer may be a refusal.
    pub fn send(&self, call: &Call<'_>) -> Result<Answer> {
        if !self.is_checked.load(Ordering::Relaxed) {
            self.check(call.deadline)?;
        }
        self.send_unchecked(call)
    }

    /// Fails if the cluster has an unsupported version.
    fn check(&self, deadline: &Deadline) -> Result<()> {
        let call = Call {
            method: Method::Get,
            path: "/".to_owned(),
            query: Vec::new(),
            body: None,
            within: self.timeout,
            node_timeout: None,
            deadline,
        };
        let root = self.send_unchecked(&call)?.accepted(&self.urls)?;
        if let Err(reason) = root.check_version() {
            return Err(Error::Unusable {
                urls: self.urls.clone(),
                index: self.index.clone(),
                reason,
                remedy: Remedy::UseSupportedCluster,
            });
        }
        self.is_checked.store(true, Ordering::Relaxed);
        Ok(())
    }

    fn send_unchecked(&self, call: &Call<'_>) -> Result<Answer> {
        let retry_until = Instant::now() + call.within;
        let mut pause = FIRST_PAUSE;
        loop {
            let mut last = String::new();
            for node in self.in_turn() {
                match ask(node, call, call.node_timeout.unwrap_or(self.timeout)) {
                    Ok(answer) if answer.is_overrun() => {
                        last = format!("{} answers {answer}", node.url())
                    }
                    Ok(answer) => {
                        node.answered();
                        return Ok(answer);
                    }
                    Err(Failure::Ended(error)) => return Err(error),
                    Err(Failure::Silent(reason)) => {
                        // The node may run another version when it answers again.
                        self.is_checked.store(call.path == "/", Ordering::Relaxed);
                        node.failed();
                        last = format!("{} does not answer: {reason}", node.url());
                    }
                }
            }
            if Instant::now() + pause >= retry_until {
                return Err(Error::Unavailable {
                    urls: self.urls.clone(),
                    reason: last,
                    remedy: Remedy::CheckCluster,
                });
            }
            call.deadline.check()?;
            sleep(pause);
            pause = (pause * 2).min(LONGEST_PAUSE);
        }
    }

    /// Returns the nodes in the order in which they are asked. Each node is first in turn, but
    /// nodes that did not answer lately come last.
    fn in_turn(&self) -> Vec<&Node> {
        let first = self.next.fetch_add(1, Ordering::Relaxed);
        let mut nodes: Vec<&Node> = (0..self.nodes.len())
            .filter_map(|i| self.nodes.get((first + i) % self.nodes.len()))
            .collect();
        nodes.sort_by_key(|node| node.is_resting());
        nodes
    }

    /// Sends a request and does not wait for the answer.
    pub fn tell(&self, method: Method, path: &'static str, body: &Value) {
        let (Some(node), Ok(runtime)) = (self.in_turn().first().copied(), runtime()) else {
            return;
        };
        let transport = node.transport().clone();
        let body = body.to_string();
        let timeout = self.timeout;
        runtime.spawn(async move {
            let none: Option<&()> = None;
            drop(
                transport
                    .send(
                        method,
                        path,
                        HeaderMap::new(),
                        none,
                        Some(body),
                        Some(timeout),
                    )
                    .await,
            );
        });
    }
}

/// Asks one node and waits for its answer, at most until the caller's deadline.
fn ask(node: &Node, call: &Call<'_>, timeout: Duration) -> Result<Answer, Failure> {
    let runtime = runtime().map_err(Failure::Ended)?;
    let (sender, receiver) = sync_channel(1);
    let transport = node.transport().clone();
    let method = call.method;
    let path = call.path.clone();
    let body = call.body.clone();
    let query = call.query.clone();
    let task = runtime.spawn(async move {
        let sent = transport
            .send(
                method,
                &path,
                HeaderMap::new(),
                Some(&query),
                body,
                Some(timeout),
            )
            .await;
        let answer = match sent {
            Ok(response) => {
                let status = response.status_code().as_u16();
                response
                    .bytes()
                    .await
                    .map(|bytes| Answer::new(status, bytes.into()))
            }
            Err(error) => Err(error),
        };
        // The receiver is gone if the caller no longer waits.
        drop(sender.send(answer));
    });
    loop {
        match receiver.recv_timeout(LOOK) {
            Ok(Ok(answer)) => return Ok(answer),
            Ok(Err(error)) => return Err(Failure::Silent(deepest(&error))),
            Err(RecvTimeoutError::Timeout) => {
                if let Err(ended) = call.deadline.check() {
                    task.abort();
                    return Err(Failure::Ended(ended));
                }
            }
            Err(RecvTimeoutError::Disconnected) => {
                return Err(Failure::Silent("the request was cancelled".to_owned()));
            }
        }
    }
}

/// Returns the innermost cause of a client error. The outer causes say only that a request failed.
fn deepest(error: &opensearch::Error) -> String {
    if error.is_timeout() {
        return "it did not answer in time".to_owned();
    }
    let mut deepest: &dyn StdError = error;
    while let Some(source) = deepest.source() {
        deepest = source;
    }
    deepest.to_string()
}

/// Returns the one runtime of the process. It is never dropped, because dropping it would wait for its tasks.
fn runtime() -> Result<&'static Runtime> {
    static RUNTIME: OnceLock<Result<Runtime, String>> = OnceLock::new();
    let made = RUNTIME.get_or_init(|| {
        let mut builder = Builder::new_multi_thread();
        builder
            .worker_threads(THREADS)
            .thread_name("opensearch")
            .enable_all()
            .build()
            .map_err(|error| error.to_string())
    });
    made.as_ref()
        .map_err(|error| Error::internal("start the client of the cluster")(error.clone()))
}

fn transport(url: &str, cluster: &Cluster) -> Result<Transport> {
    let invalid = |reason: String| {
        Error::Invalid(format!(
            "cannot use the address `{url}` of a node: {reason}"
        ))
    };
    let parsed = Url::parse(url).map_err(|error| invalid(error.to_string()))?;
    // The machine's proxy is not used: it is for the web, and the nodes are in the local network.
    let mut builder = TransportBuilder::new(SingleNodeConnectionPool::new(parsed)).disable_proxy();
    // Answers are not compressed: the nodes are near, so compressing takes longer than sending.
    builder = builder.header(ACCEPT_ENCODING, HeaderValue::from_static("identity"));
    builder = match &cluster.login {
        Some(Login::Password { user, password }) => {
            builder.auth(Credentials::Basic(user.clone(), password.clone()))
        }
        Some(Login::ApiKey(key)) => {
            let mut value = HeaderValue::from_str(&format!("ApiKey {key}")).map_err(|_| {
                Error::Invalid(
                    "the API key of the cluster contains a character that an HTTP header cannot hold".to_owned(),
                )
            })?;
            value.set_sensitive(true);
            builder.header(AUTHORIZATION, value)
        }
        None => builder,
    };
    if let Some(authority) = &cluster.authority {
        let certificate = Certificate::from_pem(authority).map_err(|error| {
            Error::Invalid(format!(
                "cannot use the certificate of the cluster's authority: {error}"
            ))
        })?;
        builder = builder.cert_validation(CertificateValidation::Full(certificate));
    }
    builder.build().map_err(|error| invalid(error.to_string()))
}
