//! A node of a cluster, and whether it answered lately.

use parking_lot::Mutex;
use std::time::{Duration, Instant};

use opensearch::http::transport::Transport;

/// How long other nodes are asked first after a node did not answer.
const REST: Duration = Duration::from_secs(5);

/// A node of a cluster.
pub struct Node {
    url: String,
    transport: Transport,
    rests_until: Mutex<Option<Instant>>,
}

impl Node {
    /// Returns the node at an address.
    pub fn new(url: &str, transport: Transport) -> Self {
        Self {
            url: url.to_owned(),
            transport,
            rests_until: Mutex::default(),
        }
    }

    /// Returns its address.
    pub fn url(&self) -> &str {
        &self.url
    }

    /// Returns the connection to the node.
    pub fn transport(&self) -> &Transport {
        &self.transport
    }

    /// Records that the node answered.
    pub fn answered(&self) {
        self.rest(None);
    }

    /// Records that the node did not answer.
    pub fn failed(&self) {
        self.rest(Some(Instant::now() + REST));
    }

    /// Returns whether other nodes should be asked first, because this one did not answer lately.
    pub fn is_resting(&self) -> bool {
        let until = *self.rests_until.lock();
        until.is_some_and(|until| until > Instant::now())
    }

    fn rest(&self, until: Option<Instant>) {
        *self.rests_until.lock() = until;
    }
}
