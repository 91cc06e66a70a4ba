//! The location of the index: a directory of this machine, or a cluster. Credentials of a cluster
//! come only from the environment, because all users of a machine can read the options of a
//! process.

use std::ops::Deref;
use std::path::{Path, PathBuf};
use std::time::Duration;
use std::{env, fs};

use anyhow::{Context, Result, bail};
use axum::http::Uri;
use fihrist_index::{Cluster, Location, Login};

use super::{duration, is_web_address};

const USER: &str = "FIHRIST_OPENSEARCH_USER";
const PASSWORD: &str = "FIHRIST_OPENSEARCH_PASSWORD";
const API_KEY: &str = "FIHRIST_OPENSEARCH_API_KEY";

const HEADING: &str = "Location of the index";

/// The options of a command that needs an index.
#[derive(clap::Args)]
pub struct IndexArgs {
    #[command(flatten)]
    pub data: DataDir,

    #[command(flatten)]
    backend: BackendArgs,
}

impl IndexArgs {
    /// Returns the location of the index. Fails if the options of a cluster are invalid.
    pub fn location(&self) -> Result<Location> {
        self.backend.location(&self.data)
    }
}

/// The directory of the index.
#[derive(clap::Args)]
pub struct DataDir {
    /// Directory of the index
    #[arg(
        long,
        env = "FIHRIST_DATA",
        default_value = "./data",
        value_name = "DIR"
    )]
    data: PathBuf,
}

impl Deref for DataDir {
    type Target = Path;

    fn deref(&self) -> &Path {
        &self.data
    }
}

/// The options of every command that works on a cluster.
#[derive(clap::Args)]
pub struct BackendArgs {
    /// Storage of the index
    #[arg(
        help_heading = HEADING,
        long,
        env = "FIHRIST_BACKEND",
        value_enum,
        default_value = "tantivy",
        value_name = "BACKEND",
    )]
    backend: Kind,

    /// Address of a node of the cluster; several addresses, repeated or separated by commas, are
    /// tried in turn
    ///
    /// FIHRIST_OPENSEARCH_USER and FIHRIST_OPENSEARCH_PASSWORD, or FIHRIST_OPENSEARCH_API_KEY,
    /// contain the credentials.
    #[arg(
        help_heading = HEADING,
        long = "opensearch-url",
        env = "FIHRIST_OPENSEARCH_URL",
        value_delimiter = ',',
        value_name = "URL",
    )]
    urls: Vec<String>,

    /// Name of the index in the cluster
    #[arg(
        help_heading = HEADING,
        long = "opensearch-index",
        env = "FIHRIST_OPENSEARCH_INDEX",
        default_value = "fihrist",
        value_name = "NAME",
    )]
    index: String,

    /// Certificate of the authority of the cluster, in PEM; it is trusted in addition to those of
    /// the system
    #[arg(help_heading = HEADING, long = "opensearch-ca", env = "FIHRIST_OPENSEARCH_CA", value_name = "FILE")]
    authority: Option<PathBuf>,

    /// Number of shards of a new index: one for about every five million articles
    // Each shard keeps its own statistics, and each search queries all shards.
    #[arg(
        help_heading = HEADING,
        long = "opensearch-shards",
        env = "FIHRIST_OPENSEARCH_SHARDS",
        default_value = "1",
        value_name = "N",
        value_parser = clap::value_parser!(u32).range(1..=1024),
    )]
    shards: u32,

    /// Number of copies of each shard, if there are enough nodes
    // With one copy, a node can fail without loss.
    #[arg(
        help_heading = HEADING,
        long = "opensearch-replicas",
        env = "FIHRIST_OPENSEARCH_REPLICAS",
        default_value = "1",
        value_name = "N",
        value_parser = clap::value_parser!(u32).range(0..=16),
    )]
    replicas: u32,

    /// Time after which another node is tried: 10, 10s, 500ms
    // A search takes milliseconds. A frozen node would never answer.
    #[arg(
        help_heading = HEADING,
        long = "opensearch-timeout",
        env = "FIHRIST_OPENSEARCH_TIMEOUT",
        default_value = "5s",
        value_parser = duration,
        value_name = "TIME",
    )]
    timeout: Duration,
}

/// The storage of an index.
#[derive(Clone, Copy, clap::ValueEnum)]
pub enum Kind {
    /// A directory of this machine
    Tantivy,
    /// An OpenSearch cluster
    Opensearch,
}

impl BackendArgs {
    /// Returns the location of the index; a directory is at `data`.
    pub fn location(&self, data: &Path) -> Result<Location> {
        match self.backend {
            Kind::Tantivy => Ok(Location::Folder(data.to_owned())),
            Kind::Opensearch => Ok(Location::Cluster(self.cluster()?)),
        }
    }

    fn cluster(&self) -> Result<Cluster> {
        if self.urls.is_empty() {
            bail!("--backend opensearch needs --opensearch-url, the address of a node");
        }
        let urls = self.urls.iter().map(|url| node_url(url));
        let urls = urls.collect::<Result<_>>()?;
        if !is_index_name(&self.index) {
            bail!(
                "--opensearch-index: expected lower-case letters, digits, - and _, starting with a letter"
            );
        }
        let read = |path: &PathBuf| {
            fs::read(path).with_context(|| format!("cannot read `{}`", path.display()))
        };
        Ok(Cluster {
            index: self.index.clone(),
            login: login(&|name| env::var(name).ok().filter(|value| !value.is_empty()))?,
            authority: self.authority.as_ref().map(read).transpose()?,
            shards: self.shards,
            replicas: self.replicas,
            timeout: self.timeout,
            ..Cluster::new(urls)
        })
    }
}

/// Refuses a command that works only on directories if the environment selects a cluster.
pub fn refuse_cluster(command: &str) -> Result<()> {
    if env::var("FIHRIST_BACKEND").is_ok_and(|backend| backend == "opensearch") {
        bail!(
            "`fihrist {command}` works on a directory; a cluster has its own snapshots, see docs/scale.md"
        );
    }
    Ok(())
}

/// Parses the address of a node. Credentials in it are refused, because messages print the address.
fn node_url(text: &str) -> Result<String> {
    let text = text.trim().trim_end_matches('/');
    let expected = "expected an address such as https://search.example:9200";
    if text.contains('@') {
        bail!(
            "--opensearch-url: set user and password as {USER} and {PASSWORD} in the environment"
        );
    }
    let url: Uri = text
        .parse()
        .with_context(|| format!("--opensearch-url: {expected}"))?;
    if !is_web_address(&url) {
        bail!("--opensearch-url: `{text}` is not valid, {expected}");
    }
    Ok(text.to_owned())
}

fn is_index_name(name: &str) -> bool {
    let is_small = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || matches!(c, '-' | '_');
    name.starts_with(|c: char| c.is_ascii_lowercase())
        && name.len() <= 200
        && name.chars().all(is_small)
}

fn login(environment: &dyn Fn(&str) -> Option<String>) -> Result<Option<Login>> {
    match (
        environment(API_KEY),
        environment(USER),
        environment(PASSWORD),
    ) {
        (None, None, None) => Ok(None),
        (Some(key), None, None) => Ok(Some(Login::ApiKey(key))),
        (None, Some(user), Some(password)) => Ok(Some(Login::Password { user, password })),
        _ => bail!("the cluster needs either {USER} and {PASSWORD}, or {API_KEY}"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_addresses_of_nodes() {
        let check = |text: &str, expected: Option<&str>| {
            assert_eq!(node_url(text).ok().as_deref(), expected, "{text}")
        };
        check(
            "https://search.example:9200/",
            Some("https://search.example:9200"),
        );
        check("http://127.0.0.1:9200", Some("http://127.0.0.1:9200"));
        for wrong in [
            "",
            "search.example",
            "ftp://a",
            "https://user:secret@a:9200",
            "http://a?q=1",
        ] {
            check(wrong, None);
        }
    }

    #[test]
    fn a_login_is_one_of_two() {
        let check = |given: &[(&str, &str)], expected: Option<Option<Login>>| {
            let value = |name: &str| {
                given
                    .iter()
                    .find(|(known, _)| *known == name)
                    .map(|(_, value)| value.to_string())
            };
            assert_eq!(login(&value).ok(), expected, "{given:?}");
        };
        check(&[], Some(None));
        check(&[(API_KEY, "k")], Some(Some(Login::ApiKey("k".to_owned()))));
        let password = Login::Password {
            user: "u".to_owned(),
            password: "p".to_owned(),
        };
        check(&[(USER, "u"), (PASSWORD, "p")], Some(Some(password)));
        check(&[(USER, "u")], None);
        check(&[(USER, "u"), (PASSWORD, "p"), (API_KEY, "k")], None);
    }

    #[test]
    fn names_of_indices_are_plain() {
        assert!(is_index_name("fihrist") && is_index_name("press-2_a"));
        assert!(
            !is_index_name("")
                && !is_index_name("Press")
                && !is_index_name("a,b")
                && !is_index_name("_a")
        );
    }
}
