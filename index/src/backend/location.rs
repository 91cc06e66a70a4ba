//! Where an index is: a directory of this machine, or a name in a cluster. It opens nothing.

use std::fmt;
use std::path::{Path, PathBuf};
use std::time::Duration;

/// Where an index is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Location {
    /// A directory of this machine.
    Folder(PathBuf),
    /// An OpenSearch cluster.
    Cluster(Cluster),
}

/// An index in an OpenSearch cluster.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Cluster {
    /// Addresses of nodes, any of which will do: `https://search-1.example:9200`.
    pub urls: Vec<String>,
    /// The alias of its generations: lower-case letters, digits, `-` and `_`.
    pub index: String,
    /// Who asks.
    pub login: Option<Login>,
    /// The certificate of an authority in PEM that is trusted besides those of the system.
    pub authority: Option<Vec<u8>>,
    /// Parts that a new generation is cut into.
    pub shards: u32,
    /// Copies of each part beside the first.
    pub replicas: u32,
    /// How long one node may take to answer before another is asked.
    pub timeout: Duration,
}

/// What a cluster knows a caller by.
#[derive(Clone, PartialEq, Eq)]
pub enum Login {
    /// A user.
    Password {
        /// The name.
        user: String,
        /// The password.
        password: String,
    },
    /// A key, as the header takes it.
    ApiKey(String),
}

impl Cluster {
    /// An index of the usual name and settings in the cluster that these nodes belong to.
    pub fn new(urls: Vec<String>) -> Self {
        Self {
            urls,
            index: "fihrist".to_owned(),
            login: None,
            authority: None,
            // A shard may grow to some tens of gigabytes: one is enough for a few million articles, and splits no statistics.
            shards: 1,
            // One node may go.
            replicas: 1,
            timeout: Duration::from_secs(10),
        }
    }

    /// The addresses, for messages.
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

impl From<&PathBuf> for Location {
    fn from(path: &PathBuf) -> Self {
        Self::Folder(path.clone())
    }
}

impl From<&Path> for Location {
    fn from(path: &Path) -> Self {
        Self::Folder(path.to_owned())
    }
}

impl From<&Location> for Location {
    fn from(location: &Location) -> Self {
        location.clone()
    }
}

impl From<Cluster> for Location {
    fn from(cluster: Cluster) -> Self {
        Self::Cluster(cluster)
    }
}
