//! A file → a buffered stream of its decompressed bytes, counting what is read. It does not look at what they say.

use std::fs;
use std::io::{self, BufRead, BufReader, Read};
use std::sync::atomic::{AtomicU64, Ordering};

use super::walk::{Compression, File, Place};

/// A stream that asks for more memory than this to be decompressed is refused. `xz -9` needs 65 MiB.
const MAX_DECODER_BYTES: u64 = 256 << 20;

const BUFFER_BYTES: usize = 256 << 10;

/// Opens `file`. Bytes taken from it, still compressed, are added to `bytes_read`.
pub fn open<'a>(file: &File, bytes_read: &'a AtomicU64) -> io::Result<Box<dyn BufRead + 'a>> {
    let inner: Box<dyn Read> = match &file.place {
        Place::Disk(path) => Box::new(fs::File::open(path)?),
        Place::Memory(bytes) => Box::new(*bytes),
    };
    let raw = BufReader::with_capacity(BUFFER_BYTES, Counting { inner, bytes_read });
    Ok(match file.compression {
        Compression::None => Box::new(raw),
        Compression::Gzip => buffered(flate2::bufread::MultiGzDecoder::new(raw)),
        Compression::Xz => {
            let stream = liblzma::stream::Stream::new_stream_decoder(MAX_DECODER_BYTES, liblzma::stream::CONCATENATED)?;
            buffered(liblzma::bufread::XzDecoder::new_stream(raw, stream))
        }
        Compression::Zstd => buffered(zstd::stream::read::Decoder::with_buffer(raw)?),
    })
}

fn buffered<'a>(decoder: impl Read + 'a) -> Box<dyn BufRead + 'a> {
    Box::new(BufReader::with_capacity(BUFFER_BYTES, decoder))
}

struct Counting<'a> {
    inner: Box<dyn Read>,
    bytes_read: &'a AtomicU64,
}

impl Read for Counting<'_> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let count = self.inner.read(buffer)?;
        self.bytes_read.fetch_add(count as u64, Ordering::Relaxed);
        Ok(count)
    }
}
