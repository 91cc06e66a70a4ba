//! The last bytes of an archive: a hash of all before them, so that no byte of it can be missing or another without
//! notice. What is in the archive is not its business.
//!
//! Zstandard has checksums, and so has tar, but between them there are bits that nobody checks. The seal is a frame that
//! Zstandard's decoders skip: `tar --zstd` reads a sealed archive as well.

use std::io::{self, Read, Write};

use sha2::{Digest, Sha256};

/// A skippable frame, as Zstandard's format has it: its number, and how many bytes follow.
const FRAME: [u8; 8] = [0x5A, 0x2A, 0x4D, 0x18, HASH_BYTES as u8, 0, 0, 0];
const HASH_BYTES: usize = 32;
const SEAL_BYTES: usize = FRAME.len() + HASH_BYTES;

const BUFFER_BYTES: usize = 256 << 10;

/// Hashes what goes through it.
pub struct SealingWriter<W> {
    inner: W,
    hash: Sha256,
    written_bytes: u64,
}

impl<W: Write> SealingWriter<W> {
    /// Begins an archive.
    pub fn new(inner: W) -> Self {
        Self {
            inner,
            hash: Sha256::new(),
            written_bytes: 0,
        }
    }

    /// Ends it with the seal, and says how long it is.
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

/// Gives what was written before the seal, which is only known to be the seal when nothing follows.
pub struct SealedReader<R> {
    inner: R,
    hash: Sha256,
    /// What was read and not given. Invariant: at the end of the input, the seal is in it.
    held: Vec<u8>,
    start: usize,
    end: usize,
}

impl<R: Read> SealedReader<R> {
    /// Reads an archive from its beginning.
    pub fn new(inner: R) -> Self {
        Self {
            inner,
            hash: Sha256::new(),
            held: vec![0; BUFFER_BYTES],
            start: 0,
            end: 0,
        }
    }

    /// Says whether all was given, and is what was written.
    pub fn verify(mut self) -> io::Result<()> {
        if self.read(&mut [0])? > 0 {
            return Err(io::Error::new(
                io::ErrorKind::InvalidData,
                "something follows after its end",
            ));
        }
        if self.held[self.start..self.end] != seal_of(self.hash) {
            return Err(io::Error::new(
                io::ErrorKind::InvalidData,
                "its last bytes are not the seal of those before",
            ));
        }
        Ok(())
    }

    /// Reads more, where there is more.
    fn fill(&mut self) -> io::Result<usize> {
        self.held.copy_within(self.start..self.end, 0);
        (self.start, self.end) = (0, self.end - self.start);
        loop {
            match self.inner.read(&mut self.held[self.end..]) {
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
        let count = bytes.len().min(self.end - self.start - SEAL_BYTES);
        bytes[..count].copy_from_slice(&self.held[self.start..self.start + count]);
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

    /// Gives a few bytes at a time, as a pipe does.
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
        fn what_was_sealed_comes_back_whole_or_not_at_all(
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
