//! The seal: the last bytes of an archive, which contain a hash of all bytes before. It reveals
//! every missing or changed byte. This module does not interpret the content of the archive.
//!
//! Zstandard and tar have checksums, but these do not cover every bit of an archive. The seal is a
//! frame that decoders of Zstandard skip, so that `tar --zstd` can read a sealed archive.

use std::io::{self, Read, Write};

use sha2::{Digest, Sha256};

/// The header of a skippable frame in the format of Zstandard: its magic number, and the number of
/// bytes after the header.
const FRAME: [u8; 8] = [0x5A, 0x2A, 0x4D, 0x18, HASH_BYTES as u8, 0, 0, 0];
const HASH_BYTES: usize = 32;
const SEAL_BYTES: usize = FRAME.len() + HASH_BYTES;

const BUFFER_BYTES: usize = 256 << 10;

/// A writer that hashes the bytes of an archive and passes them on.
pub struct SealingWriter<W> {
    inner: W,
    hash: Sha256,
    written_bytes: u64,
}

impl<W: Write> SealingWriter<W> {
    /// Returns a writer for a new archive.
    pub fn new(inner: W) -> Self {
        Self {
            inner,
            hash: Sha256::new(),
            written_bytes: 0,
        }
    }

    /// Writes the seal, and returns the size of the archive in bytes.
    pub fn seal(mut self) -> io::Result<u64> {
        self.inner.write_all(&seal_of(self.hash))?;
        self.inner.flush()?;
        Ok(self.written_bytes + SEAL_BYTES as u64)
    }
}

impl<W: Write> Write for SealingWriter<W> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        let count = self.inner.write(bytes)?;
        self.hash.update(&bytes[..count]);
        self.written_bytes += count as u64;
        Ok(count)
    }

    fn flush(&mut self) -> io::Result<()> {
        self.inner.flush()
    }
}

/// A reader that returns the bytes before the seal. Only the end of the input shows which bytes are
/// the seal, so this reader always holds the last bytes back.
pub struct SealedReader<R> {
    inner: R,
    hash: Sha256,
    /// The bytes that were read from the archive and are not returned yet. Invariant: at the end of
    /// the input, these include the seal.
    buffer: Vec<u8>,
    start: usize,
    end: usize,
}

impl<R: Read> SealedReader<R> {
    /// Returns a reader for an archive, which is read from its beginning.
    pub fn new(inner: R) -> Self {
        Self {
            inner,
            hash: Sha256::new(),
            buffer: vec![0; BUFFER_BYTES],
            start: 0,
            end: 0,
        }
    }

    /// Fails if bytes before the seal have not been read, or if the seal is wrong.
    pub fn verify(mut self) -> io::Result<()> {
        let damaged = |what| Err(io::Error::new(io::ErrorKind::InvalidData, what));
        if self.read(&mut [0])? > 0 {
            return damaged("something follows after its end");
        }
        if self.buffer[self.start..self.end] != seal_of(self.hash) {
            return damaged("its last bytes are not the seal of those before");
        }
        Ok(())
    }

    /// Reads more of the archive into the buffer, and returns how many bytes it read; 0 at the end.
    fn fill(&mut self) -> io::Result<usize> {
        self.buffer.copy_within(self.start..self.end, 0);
        (self.start, self.end) = (0, self.end - self.start);
        loop {
            match self.inner.read(&mut self.buffer[self.end..]) {
                Ok(count) => {
                    self.end += count;
                    return Ok(count);
                }
                Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
                Err(error) => return Err(error),
            }
        }
    }
}

impl<R: Read> Read for SealedReader<R> {
    fn read(&mut self, bytes: &mut [u8]) -> io::Result<usize> {
        while self.end - self.start <= SEAL_BYTES {
            if self.fill()? == 0 {
                return Ok(0);
            }
        }
        let count = (&self.buffer[self.start..self.end - SEAL_BYTES]).read(bytes)?;
        self.hash.update(&bytes[..count]);
        self.start += count;
        Ok(count)
    }
}

fn seal_of(hash: Sha256) -> Vec<u8> {
    let mut seal = FRAME.to_vec();
    seal.extend(hash.finalize());
    seal
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    /// Returns a few bytes at a time, as a pipe does.
    struct Dripping<'a>(&'a [u8], usize);

    impl Read for Dripping<'_> {
        fn read(&mut self, bytes: &mut [u8]) -> io::Result<usize> {
            let count = bytes.len().min(self.1);
            self.0.read(&mut bytes[..count])
        }
    }

    fn sealed(bytes: &[u8]) -> Vec<u8> {
        let mut out = Vec::new();
        let mut writer = SealingWriter::new(&mut out);
        writer.write_all(bytes).unwrap();
        assert_eq!(writer.seal().unwrap(), bytes.len() as u64 + 40);
        out
    }

    fn opened(archive: &[u8], drip: usize) -> io::Result<Vec<u8>> {
        let mut reader = SealedReader::new(Dripping(archive, drip));
        let mut out = Vec::new();
        reader.read_to_end(&mut out)?;
        reader.verify().map(|()| out)
    }

    #[test]
    fn a_decoder_of_zstandard_skips_the_seal() {
        let archive = sealed(&zstd::encode_all("نص".as_bytes(), 1).unwrap());
        assert_eq!(
            zstd::decode_all(archive.as_slice()).unwrap(),
            "نص".as_bytes()
        );
    }

    proptest! {
        #[test]
        fn a_changed_archive_is_never_read(
            bytes in proptest::collection::vec(any::<u8>(), 0..200), drip in 1..90_usize, at in any::<usize>(), flip in 1..=u8::MAX
        ) {
            let archive = sealed(&bytes);
            prop_assert_eq!(opened(&archive, drip).unwrap(), bytes);
            let at = at % archive.len();
            let mut flipped = archive.clone();
            flipped[at] ^= flip;
            prop_assert!(opened(&flipped, drip).is_err());
            prop_assert!(opened(&archive[..at], drip).is_err());
            prop_assert!(opened(&[&archive[..], &[flip]].concat(), drip).is_err());
        }
    }
}
