//! Compresses a graph for storage. The hash of a graph is computed from the uncompressed bytes, so
//! it does not depend on the compressor.

use std::io;

use super::Graph;
use fihrist_arabic::read_compressed;

/// The greatest size of an uncompressed graph. Reading stops there, so that a damaged file cannot
/// exhaust the memory.
const MAX_BYTES: u64 = 64 << 20;

impl Graph {
    /// Returns the graph's bytes, compressed with zstd at this level.
    pub fn to_compressed(&self, level: i32) -> io::Result<Vec<u8>> {
        zstd::encode_all(&self.to_bytes()[..], level)
    }

    /// Decodes the bytes of [`to_compressed`](Self::to_compressed); fails for any others.
    pub fn from_compressed(compressed: &[u8]) -> io::Result<Self> {
        read_compressed(compressed, MAX_BYTES, Self::from_bytes)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_what_it_wrote_and_refuses_what_is_damaged() {
        let graph = Graph::base();
        let mut compressed = graph.to_compressed(3).expect("compressed");
        assert_eq!(
            Graph::from_compressed(&compressed).expect("a graph").hash(),
            graph.hash()
        );
        assert!(Graph::from_compressed(&compressed[..compressed.len() - 3]).is_err());
        compressed[0] ^= 1;
        assert!(Graph::from_compressed(&compressed).is_err());
    }
}
