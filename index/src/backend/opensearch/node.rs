//! A node of a cluster, and whether it has answered lately.

use parking_lot::Mutex;
use std::time::{Duration, Instant};

use opensearch::http::transport::Transport;

/// A node that did not answer is asked last for so long.
const REST: Duration = Duration::from_secs(5);

/// One address of a cluster.
pub struct Node {
    url: String,
    transport: Transport,
    rests_until: Mutex<Option<Instant>>,
}

impl Node {
    /// The node at an address.
    pub fn new(url: &str, transport: Transport) -> Self {
        Self {
            url: url.to_owned(),
            transport,
            rests_until: Mutex::default(),
        }
    }

    /// Its address.
    pub fn url(&self) -> &str {
        &self.url
    }

    /// The way to it.
    pub fn transport(&self) -> &Transport {
        &self.transport
    }

    /// It has answered.
    pub fn answered(&self) {
        self.rest(None);
    }

    /// It has not.
    pub fn failed(&self) {
        self.rest(Some(Instant::now() + REST));
    }

    /// Whether others should be asked first.
    pub fn is_resting(&self) -> bool {
        let until = *self.rests_until.lock();
        until.is_some_and(|until| until > Instant::now())
    }

    fn rest(&self, until: Option<Instant>) {
        *self.rests_until.lock() = until;
    }
}
