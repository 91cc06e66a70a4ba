//! A real OpenSearch cluster on loopback, a process a node, for as long as a test runs. `tests/cluster/opensearch` starts and
//! ends the nodes.

use std::io::{Write, stderr};
use std::process::{Command, Stdio};

use tempfile::TempDir;

const STARTER: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/cluster/opensearch");

pub struct Cluster {
    folder: TempDir,
    pub urls: Vec<String>,
}

impl Cluster {
    /// Starts some nodes where `FIHRIST_TEST_CLUSTER` asks for it; elsewhere the test is skipped aloud, since a cluster takes
    /// Java, Maven and a gigabyte of memory.
    pub fn start(nodes: usize, port: u16) -> Option<Self> {
        if std::env::var_os("FIHRIST_TEST_CLUSTER").is_none() {
            // Not by a macro: the test harness would keep it to itself.
            writeln!(stderr(), "SKIPPED a test with a cluster: tests/cluster/run starts one").expect("stderr");
            return None;
        }
        let mut cluster = Self { folder: tempfile::tempdir().expect("a temporary folder"), urls: Vec::new() };
        let printed = cluster.starter(&["start"], &[&nodes.to_string(), &port.to_string()]);
        cluster.urls = printed.lines().map(str::to_owned).collect();
        assert_eq!(cluster.urls.len(), nodes, "{printed}");
        Some(cluster)
    }

    /// The flags of a command that works on it.
    pub fn flags(&self) -> Vec<String> {
        let mut flags = vec!["--backend".to_owned(), "opensearch".to_owned()];
        flags.extend(self.urls.iter().flat_map(|url| ["--opensearch-url".to_owned(), url.clone()]));
        flags
    }

    /// Ends a node as a loss of power would.
    pub fn kill(&self, node: usize) {
        self.starter(&["kill"], &[&node.to_string()]);
    }

    fn starter(&self, command: &[&str], arguments: &[&str]) -> String {
        let output = Command::new(STARTER)
            .args(command)
            .arg(self.folder.path())
            .args(arguments)
            // The nodes end with the test, however that ends.
            .env("FIHRIST_OPENSEARCH_OWNER", std::process::id().to_string())
            .stderr(Stdio::inherit())
            .output()
            .expect("the starter runs");
        assert!(output.status.success(), "{command:?}: {}", output.status);
        String::from_utf8(output.stdout).expect("text")
    }
}

impl Drop for Cluster {
    fn drop(&mut self) {
        let _ = Command::new(STARTER).arg("stop").arg(self.folder.path()).status();
    }
}
