//! A model as it is stored: its bytes, compressed. The hash is computed from the uncompressed
//! bytes, so it does not depend on the compressor.

use std::io::{self, Read};

use super::Model;

/// A limit on the decompressed size, larger than any model. It prevents damaged data from filling
/// the memory.
const MAX_BYTES: u64 = 256 << 20;

impl Model {
    /// Returns how many written forms the model contains. Several forms may fold to one word.
    pub fn form_count(&self) -> usize {
        super::format::decode(self.to_bytes()).count()
    }

    /// Compresses the model's bytes with zstd at `level`. Fails only if zstd fails.
    pub fn to_compressed(&self, level: i32) -> io::Result<Vec<u8>> {
        zstd::encode_all(self.to_bytes(), level)
    }

    /// Reads the output of [`to_compressed`](Self::to_compressed). Fails if the bytes are damaged
    /// or no model.
    pub fn from_compressed(compressed: &[u8]) -> io::Result<Self> {
        let mut bytes = Vec::new();
        zstd::Decoder::new(compressed)?
            .take(MAX_BYTES)
            .read_to_end(&mut bytes)?;
        Self::from_bytes(&bytes).map_err(|error| io::Error::new(io::ErrorKind::InvalidData, error))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::WordCounter;

    #[test]
    fn reads_what_it_wrote_and_refuses_what_is_damaged() {
        let mut counter = WordCounter::default();
        counter.add_text("هطلت أمطار غزيرة على الساحل");
        let model = counter.finish().finish(10);
        let mut compressed = model.to_compressed(3).expect("compressed");
        assert_eq!(
            Model::from_compressed(&compressed).expect("a model").hash(),
            model.hash()
        );
        assert!(Model::from_compressed(&compressed[..compressed.len() - 3]).is_err());
        compressed[0] ^= 1;
        assert!(Model::from_compressed(&compressed).is_err());
    }
}
