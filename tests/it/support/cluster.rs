//! A real OpenSearch cluster on loopback for the time of a test, with one process a node.
//! `tests/cluster/opensearch` starts and stops the nodes.

use std::net::TcpListener;
use std::process::{Command, Stdio};
use std::sync::atomic::{AtomicU16, Ordering};

use tempfile::TempDir;

/// The script adds this number to a port for the traffic between nodes.
const BETWEEN_NODES: u16 = 500;

const STARTER: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/cluster/opensearch");

pub struct Cluster {
    folder: TempDir,
    port: u16,
    pub urls: Vec<String>,
}

impl Cluster {
    /// Starts nodes if `FIHRIST_TEST_CLUSTER` is set. Otherwise the test says that it is skipped,
    /// since a cluster needs Java, Maven and a gigabyte of memory.
    pub fn start(nodes: u16) -> Option<Self> {
        if std::env::var_os("FIHRIST_TEST_CLUSTER").is_none() {
            super::skip("a test with a cluster: tests/cluster/run starts one");
            return None;
        }
        let (folder, port) = (
            tempfile::tempdir().expect("a temporary folder"),
            free_port(nodes),
        );
        let mut cluster = Self {
            folder,
            port,
            urls: Vec::new(),
        };
        let printed = cluster.starter(&["start"], &[&nodes.to_string(), &port.to_string()]);
        cluster.urls = printed.lines().map(str::to_owned).collect();
        assert_eq!(cluster.urls.len(), usize::from(nodes), "{printed}");
        Some(cluster)
    }

    /// Returns the flags with which a command uses the cluster.
    pub fn flags(&self) -> Vec<String> {
        let mut flags = vec!["--backend".to_owned(), "opensearch".to_owned()];
        flags.extend(
            self.urls
                .iter()
                .flat_map(|url| ["--opensearch-url".to_owned(), url.clone()]),
        );
        flags
    }

    /// Returns the number of the node that manages the cluster.
    pub fn manager(&self) -> usize {
        let url = format!("{}/_cat/cluster_manager?h=node", self.urls[0]);
        let name = ureq::get(url)
            .call()
            .expect("an answer")
            .body_mut()
            .read_to_string()
            .expect("text");
        name.trim()
            .trim_start_matches("node-")
            .parse()
            .expect("node-N")
    }

    /// Starts the nodes that do not run, with their old data.
    pub fn restart(&self) {
        self.starter(
            &["start"],
            &[&self.urls.len().to_string(), &self.port.to_string()],
        );
    }

    /// Kills a node, as a power failure would.
    pub fn kill(&self, node: usize) {
        self.starter(&["kill"], &[&node.to_string()]);
    }

    fn starter(&self, command: &[&str], arguments: &[&str]) -> String {
        let output = Command::new(STARTER)
            .args(command)
            .arg(self.folder.path())
            .args(arguments)
            // The nodes end with the test, even if it crashes.
            .env("FIHRIST_OPENSEARCH_OWNER", std::process::id().to_string())
            .stderr(Stdio::inherit())
            .output()
            .expect("the starter runs");
        assert!(output.status.success(), "{command:?}: {}", output.status);
        String::from_utf8(output.stdout).expect("text")
    }
}

/// Finds a port for each node, and a second one for the traffic between nodes. The ports are below
/// the system's ephemeral range.
fn free_port(nodes: u16) -> u16 {
    // Concurrent tests start their search at different ports.
    static BEGUN: AtomicU16 = AtomicU16::new(0);
    let begun = BEGUN.fetch_add(1, Ordering::Relaxed) * 100;
    let is_free = |port: u16| TcpListener::bind(("127.0.0.1", port)).is_ok();
    let first = 10_000 + (std::process::id() % 1_000) as u16 * 10;
    let mut ports = (0..1_000).map(|step| 10_000 + (first - 10_000 + begun + step * 10) % 20_000);
    ports
        .find(|port| {
            (0..nodes).all(|node| is_free(port + node) && is_free(port + BETWEEN_NODES + node))
        })
        .expect("a free port")
}

impl Drop for Cluster {
    fn drop(&mut self) {
        let _ = Command::new(STARTER)
            .arg("stop")
            .arg(self.folder.path())
            .status();
    }
}
