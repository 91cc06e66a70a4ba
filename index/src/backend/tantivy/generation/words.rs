//! Reads and writes the file with the words that stand as numbers in stored texts. The model has these words, too; with the file,
//! the articles survive the loss of the model. It decodes no text.

use std::fs;
use std::io::{self, Read, Write};
use std::path::Path;

use super::current::write_whole;
use crate::error::{Error, Result};
use fihrist_arabic::{Model, WrittenWords};

/// The name of the file.
pub const WORDS: &str = "words";

const COMPRESSION_LEVEL: i32 = 3;

/// Far more than the words of a model take. A damaged file must not use up the memory.
const MAX_BYTES: u64 = 16 << 20;

/// Writes the words of a model into the directory of its generation.
pub fn write(directory: &Path, model: &Model) -> Result<()> {
    let path = directory.join(WORDS);
    write_whole(&path, &to_bytes(model).map_err(Error::io("write", &path))?)
}

/// Reads the words of the model with this hash.
pub fn read(directory: &Path, model_hash: &str) -> io::Result<WrittenWords> {
    from_bytes(&fs::read(directory.join(WORDS))?, model_hash)
}

/// A line with the hash of the model, then a line a word, compressed, with a checksum.
fn to_bytes(model: &Model) -> io::Result<Vec<u8>> {
    let mut text = String::new();
    for line in [model.hash()]
        .into_iter()
        .chain(model.written_words().iter())
    {
        text.push_str(line);
        text.push('\n');
    }
    let mut out = zstd::Encoder::new(Vec::new(), COMPRESSION_LEVEL)?;
    out.include_checksum(true)?;
    out.write_all(text.as_bytes())?;
    out.finish()
}

fn from_bytes(bytes: &[u8], model_hash: &str) -> io::Result<WrittenWords> {
    let mut text = String::new();
    zstd::Decoder::new(bytes)?
        .take(MAX_BYTES)
        .read_to_string(&mut text)?;
    let mut lines = text.lines();
    if lines.next() != Some(model_hash) {
        return Err(io::Error::new(
            io::ErrorKind::InvalidData,
            "they belong to another model",
        ));
    }
    Ok(WrittenWords::new(lines))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_come_back_in_their_places_and_damage_is_noticed() {
        let model = Model::base();
        let bytes = to_bytes(&model).expect("written");
        let words = from_bytes(&bytes, model.hash()).expect("read");
        assert!(words.get(30_000).is_some());
        assert!(words.iter().eq(model.written_words().iter()));
        assert!(from_bytes(&bytes, Model::empty().hash()).is_err());
        for place in (0..bytes.len()).step_by(bytes.len() / 40) {
            let mut damaged = bytes.clone();
            damaged[place] ^= 0x55;
            assert!(from_bytes(&damaged, model.hash()).is_err(), "{place}");
            assert!(
                from_bytes(&bytes[..place], model.hash()).is_err(),
                "{place}"
            );
        }
    }
}
