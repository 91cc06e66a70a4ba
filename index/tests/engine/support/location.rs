//! The location of a test's index: a new directory, or a new name in the cluster at
//! `FIHRIST_TEST_OPENSEARCH`. The same tests run on both backends.

use std::hash::{BuildHasher, RandomState};
use std::io::{Read, Write};
use std::net::TcpStream;
use std::path::Path;

use fihrist_index::{Cluster, Location};
use tempfile::TempDir;

/// A location that is removed when the test ends.
pub struct TestLocation {
    location: Location,
    folder: Option<TempDir>,
}

impl TestLocation {
    /// Creates a new location.
    pub fn new() -> Self {
        match std::env::var("FIHRIST_TEST_OPENSEARCH") {
            Ok(urls) => {
                let index = format!("test-{:016x}", RandomState::new().hash_one(0));
                let urls = urls.split(',').map(str::to_owned).collect();
                Self {
                    location: Location::Cluster(Cluster {
                        index,
                        ..Cluster::new(urls)
                    }),
                    folder: None,
                }
            }
            Err(_) => {
                let folder = TempDir::new().expect("a directory");
                Self {
                    location: folder.path().into(),
                    folder: Some(folder),
                }
            }
        }
    }

    /// Returns the location of the index.
    pub fn at(&self) -> &Location {
        &self.location
    }

    /// Returns the directory; `None` for a cluster.
    pub fn folder(&self) -> Option<&Path> {
        self.folder.as_ref().map(TempDir::path)
    }
}

impl Drop for TestLocation {
    fn drop(&mut self) {
        let Location::Cluster(cluster) = &self.location else {
            return;
        };
        let Some(address) = cluster
            .urls
            .first()
            .and_then(|url| url.strip_prefix("http://"))
        else {
            return;
        };
        // Errors are ignored: an index that stays disturbs no other test.
        if let Ok(mut stream) = TcpStream::connect(address) {
            let request = format!(
                "DELETE /{}-* HTTP/1.0\r\nhost: {address}\r\n\r\n",
                cluster.index
            );
            drop(
                stream
                    .write_all(request.as_bytes())
                    .and_then(|()| stream.read_to_end(&mut Vec::new())),
            );
        }
    }
}
