//! The location of an index: a directory, or a name in a cluster. This module opens no index.

use std::fmt;
use std::path::{Path, PathBuf};
use std::time::Duration;

/// The location of an index.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Location {
    /// A directory on this machine.
    Folder(PathBuf),
    /// An index in an OpenSearch cluster.
    Cluster(Cluster),
}

/// An index in an OpenSearch cluster.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Cluster {
    /// The addresses of some nodes, such as `https://search-1.example:9200`. One node that answers
    /// is enough.
    pub urls: Vec<String>,
    /// The alias that names the current generation: lower-case letters, digits, `-` and `_`.
    pub index: String,
    /// How the program authenticates itself; `None` if the cluster asks for no login.
    pub login: Option<Login>,
    /// The PEM certificate of an authority that is trusted in addition to the system's authorities;
    /// `None` to trust only those.
    pub authority: Option<Vec<u8>>,
    /// The number of shards of a new generation.
    pub shards: u32,
    /// The number of replicas of each shard.
    pub replicas: u32,
    /// How long one node may take to answer before the program asks another one.
    pub timeout: Duration,
}

/// Credentials for a cluster.
#[derive(Clone, PartialEq, Eq)]
pub enum Login {
    /// A user's name and password.
    Password {
        /// The user's name.
        user: String,
        /// The password.
        password: String,
    },
    /// An API key, as it follows `ApiKey` in the `Authorization` header.
    ApiKey(String),
}

impl Cluster {
    /// Returns an index with the usual name and settings in the cluster of these nodes.
    pub fn new(urls: Vec<String>) -> Self {
        Self {
            urls,
            index: "fihrist".to_owned(),
            login: None,
            authority: None,
            // A shard may grow to some tens of gigabytes, so one shard holds a few million
            // articles. With a single shard, term statistics cover the whole index.
            shards: 1,
            // With one replica, the index survives the loss of one node.
            replicas: 1,
            timeout: Duration::from_secs(10),
        }
    }

    /// Returns the addresses of the nodes as one text, for messages.
    pub fn addresses(&self) -> String {
        self.urls.join(",")
    }
}

impl fmt::Debug for Login {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Password { user, .. } => write!(f, "Password({user})"),
            Self::ApiKey(_) => f.write_str("ApiKey"),
        }
    }
}

impl fmt::Display for Location {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Folder(path) => path.display().fmt(f),
            Self::Cluster(cluster) => write!(f, "{} in {}", cluster.index, cluster.addresses()),
        }
    }
}

impl From<PathBuf> for Location {
    fn from(path: PathBuf) -> Self {
        Self::Folder(path)
    }
}

impl<P: AsRef<Path> + ?Sized> From<&P> for Location {
    fn from(path: &P) -> Self {
        Self::Folder(path.as_ref().to_owned())
    }
}

impl From<&Location> for Location {
    fn from(location: &Location) -> Self {
        location.clone()
    }
}
