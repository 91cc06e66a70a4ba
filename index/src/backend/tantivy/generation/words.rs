//! Reads and writes the file with the words that stand as numbers in stored texts. The model has
//! these words, too. With this file, the stored texts can be read even if the model is lost. This
//! module decodes no text.

use std::io::{self, Read, Write};
use std::path::Path;

use super::Stamp;
use super::whole_files::{read_checked, write_checked};
use crate::error::{Error, Result};
use fihrist_arabic::{Analyzer, CommonWords};

/// The name of the file with the words.
pub const WORDS: &str = "words";

const COMPRESSION_LEVEL: i32 = 3;

/// The greatest size of the words in bytes, far more than the words of a model take. It keeps a
/// damaged file from using up the memory.
const MAX_BYTES: u64 = 16 << 20;

/// Writes the common words of an analyzer into the directory of its generation.
pub fn write(directory: &Path, analyzer: &Analyzer) -> Result<()> {
    let path = directory.join(WORDS);
    let bytes = to_bytes(analyzer).map_err(Error::io("write", &path))?;
    write_checked(&path, &bytes)
}

/// Reads the words of the generation with a stamp. Fails when they are missing or damaged, and when
/// they belong to another model.
pub fn read(directory: &Path, stamp: &Stamp) -> io::Result<CommonWords> {
    let bytes = read_checked(&directory.join(WORDS), stamp.has_checksums())?;
    let bytes = bytes.ok_or(io::ErrorKind::NotFound)?;
    from_bytes(&bytes, &stamp.model_hash)
}

/// Returns the hash of the model that the words in a directory belong to; `None` if they are missing
/// or damaged. They have a checksum if `has_checksum`.
pub fn model_hash(directory: &Path, has_checksum: bool) -> Option<String> {
    let bytes = read_checked(&directory.join(WORDS), has_checksum).ok()??;
    let text = decompressed(&bytes).ok()?;
    text.lines().next().map(str::to_owned)
}

/// Returns the content of the file: a line with the hash of the model and a line for each word,
/// compressed and with a checksum.
fn to_bytes(analyzer: &Analyzer) -> io::Result<Vec<u8>> {
    let mut text = String::new();
    let hash = analyzer.model().hash();
    for line in [hash].into_iter().chain(analyzer.common_words().iter()) {
        text.push_str(line);
        text.push('\n');
    }
    let mut out = zstd::Encoder::new(Vec::new(), COMPRESSION_LEVEL)?;
    out.include_checksum(true)?;
    out.write_all(text.as_bytes())?;
    out.finish()
}

/// Reads the content of the file. Fails when the words belong to a model with another hash.
pub fn from_bytes(bytes: &[u8], model_hash: &str) -> io::Result<CommonWords> {
    let text = decompressed(bytes)?;
    let mut lines = text.lines();
    if lines.next() != Some(model_hash) {
        return Err(io::Error::new(
            io::ErrorKind::InvalidData,
            "they belong to another model",
        ));
    }
    Ok(CommonWords::new(lines))
}

fn decompressed(bytes: &[u8]) -> io::Result<String> {
    let mut text = String::new();
    zstd::Decoder::new(bytes)?
        .take(MAX_BYTES)
        .read_to_string(&mut text)?;
    Ok(text)
}

#[cfg(test)]
mod tests {
    use fihrist_arabic::Model;

    use super::*;

    #[test]
    fn words_keep_their_numbers_and_damage_is_noticed() {
        let analyzer = Analyzer::new(Model::base());
        let hash = analyzer.model().hash();
        let bytes = to_bytes(&analyzer).expect("written");
        let words = from_bytes(&bytes, hash).expect("read");
        assert!(words.get(30_000).is_some());
        assert!(words.iter().eq(analyzer.common_words().iter()));
        assert!(from_bytes(&bytes, Model::empty().hash()).is_err());
        for i in (0..bytes.len()).step_by(bytes.len() / 40) {
            let mut damaged = bytes.clone();
            damaged[i] ^= 0x55;
            assert!(from_bytes(&damaged, hash).is_err(), "{i}");
            assert!(from_bytes(&bytes[..i], hash).is_err(), "{i}");
        }
    }
}
