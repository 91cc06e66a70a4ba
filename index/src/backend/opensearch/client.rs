//! The client of a cluster: its nodes, and how one of them is asked.
//!
//! The official client is asynchronous and knows one address. This one waits on a runtime of its own, and it knows
//! which nodes answered lately. It neither repeats requests nor interprets answers.

use parking_lot::Mutex;
use std::error::Error as StdError;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::sync::mpsc::{RecvTimeoutError, sync_channel};
use std::time::{Duration, Instant};

use once_cell::sync::OnceCell;
use opensearch::auth::Credentials;
use opensearch::cert::{Certificate, CertificateValidation};
pub use opensearch::http::Method;
use opensearch::http::Url;
use opensearch::http::headers::{ACCEPT_ENCODING, AUTHORIZATION, HeaderMap, HeaderValue};
use opensearch::http::transport::{SingleNodeConnectionPool, Transport, TransportBuilder};
use tokio::runtime::{Builder, Runtime};

use crate::backend::{Cluster, Login};
use crate::deadline::Deadline;
use crate::error::{Error, OrInternal, Result};

/// Two threads are enough, because requests wait for the network.
const THREADS: usize = 2;

/// How often a waiting caller checks its deadline.
const LOOK: Duration = Duration::from_millis(50);

/// How long other nodes are asked first after a node did not answer.
const REST: Duration = Duration::from_secs(5);

/// A request to a node.
#[derive(Clone)]
pub struct Request {
    pub method: Method,
    pub path: String,
    pub query: Vec<(&'static str, String)>,
    pub body: Option<Vec<u8>>,
}

/// The client of a cluster, which it reaches by any of several nodes.
pub struct Client {
    nodes: Vec<Node>,
    next: AtomicUsize,
    /// The addresses of the nodes, for messages.
    pub urls: String,
    /// The alias of the generations.
    pub index: String,
    /// How long a node may take to answer.
    pub timeout: Duration,
    /// Whether the cluster is known to have a supported version.
    pub is_checked: AtomicBool,
}

/// A node of a cluster.
pub struct Node {
    pub url: String,
    transport: Transport,
    /// Until then, other nodes are asked first, because this one did not answer.
    rests_until: Mutex<Option<Instant>>,
}

/// The status and the body of an answer.
pub type StatusAndBody = (u16, Vec<u8>);

impl Client {
    /// Returns the client for the cluster of an index. It does not connect yet.
    pub fn new(cluster: &Cluster) -> Result<Self> {
        let nodes = cluster.urls.iter().map(|url| {
            Ok(Node {
                url: url.clone(),
                transport: transport(url, cluster)?,
                rests_until: Mutex::default(),
            })
        });
        Ok(Self {
            nodes: nodes.collect::<Result<_>>()?,
            next: AtomicUsize::new(0),
            urls: cluster.addresses(),
            index: cluster.index.clone(),
            timeout: cluster.timeout,
            is_checked: AtomicBool::new(false),
        })
    }

    /// Returns the nodes in the order in which they are asked. Each node is first in turn, but
    /// nodes that did not answer lately come last.
    pub fn in_turn(&self) -> Vec<&Node> {
        let first = self.next.fetch_add(1, Ordering::Relaxed) % self.nodes.len().max(1);
        let (before, from_first) = self.nodes.split_at(first);
        let mut nodes: Vec<&Node> = from_first.iter().chain(before).collect();
        nodes.sort_by_key(|node| node.is_resting());
        nodes
    }

    /// Sends a request and does not wait for the answer.
    pub fn tell(&self, request: Request) {
        if let (Some(node), Ok(runtime)) = (self.in_turn().first(), runtime()) {
            runtime.spawn(send(node.transport.clone(), request, self.timeout));
        }
    }
}

impl Node {
    /// Sends a request and waits for the answer. Fails at the caller's deadline. If the node gives no
    /// answer, returns the reason as the inner error: then another node may answer.
    pub fn ask(
        &self,
        request: &Request,
        timeout: Duration,
        deadline: &Deadline,
    ) -> Result<Result<StatusAndBody, String>> {
        let runtime = runtime()?;
        let (sender, receiver) = sync_channel(1);
        let sent = send(self.transport.clone(), request.clone(), timeout);
        // The receiver is gone if the caller no longer waits.
        let task = runtime.spawn(async move { drop(sender.send(sent.await)) });
        loop {
            match receiver.recv_timeout(LOOK) {
                Ok(answer) => return Ok(answer.map_err(|error| deepest(&error))),
                Err(RecvTimeoutError::Timeout) => {
                    if let Err(ended) = deadline.check() {
                        task.abort();
                        return Err(ended);
                    }
                }
                Err(RecvTimeoutError::Disconnected) => {
                    return Ok(Err("the request was cancelled".to_owned()));
                }
            }
        }
    }

    /// Records whether the node answered. If not, other nodes are asked first for a while.
    pub fn record(&self, has_answered: bool) {
        *self.rests_until.lock() = (!has_answered).then(|| Instant::now() + REST);
    }

    /// Returns whether other nodes should be asked first, because this one did not answer lately.
    fn is_resting(&self) -> bool {
        let until = *self.rests_until.lock();
        until.is_some_and(|until| until > Instant::now())
    }
}

/// Sends a request and returns the status and the body of the answer. Fails if none comes in time.
async fn send(
    transport: Transport,
    request: Request,
    timeout: Duration,
) -> Result<StatusAndBody, opensearch::Error> {
    let Request {
        method,
        path,
        query,
        body,
    } = request;
    let headers = HeaderMap::new();
    let sent = transport.send(method, &path, headers, Some(&query), body, Some(timeout));
    let response = sent.await?;
    let status = response.status_code().as_u16();
    Ok((status, response.bytes().await?.into()))
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
    static RUNTIME: OnceCell<Runtime> = OnceCell::new();
    let start = || {
        Builder::new_multi_thread()
            .worker_threads(THREADS)
            .thread_name("opensearch")
            .enable_all()
            .build()
    };
    RUNTIME
        .get_or_try_init(start)
        .or_internal("start the client of the cluster")
}

fn transport(url: &str, cluster: &Cluster) -> Result<Transport> {
    let invalid = |reason: String| {
        Error::Invalid(format!(
            "cannot use the address `{url}` of a node: {reason}"
        ))
    };
    let parsed = Url::parse(url).map_err(|error| invalid(error.to_string()))?;
    // The machine's proxy is not used: it is for the web, and the nodes are in the local network.
    // Answers are not compressed: the nodes are near, so compressing takes longer than sending.
    let mut builder = TransportBuilder::new(SingleNodeConnectionPool::new(parsed))
        .disable_proxy()
        .header(ACCEPT_ENCODING, HeaderValue::from_static("identity"));
    match &cluster.login {
        Some(Login::Password { user, password }) => {
            builder = builder.auth(Credentials::Basic(user.clone(), password.clone()));
        }
        Some(Login::ApiKey(key)) => {
            let mut value = HeaderValue::from_str(&format!("ApiKey {key}")).map_err(|_| {
                Error::Invalid(
                    "the API key of the cluster contains a character that an HTTP header cannot hold".to_owned(),
                )
            })?;
            value.set_sensitive(true);
            builder = builder.header(AUTHORIZATION, value);
        }
        None => {}
    }
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
