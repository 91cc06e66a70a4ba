//! A file → the streams of articles in it: compression is taken off, archives are opened, what is none of ours is skipped.
//! Nothing is held but buffers, except a zip archive within another file, which goes to a temporary one.

use std::borrow::Cow;
use std::cell::Cell;
use std::io::{self, BufRead, BufReader, Read, Seek};
use std::ops::ControlFlow;
use std::sync::atomic::AtomicU64;

use super::Format;
use super::archive;
use super::limits::{ExpansionLimit, MeteredReader};
use super::mapping::Mapping;
use super::open::open;
use super::read::{self, Item};
use super::report::Rejected;
use super::sniff::{Archive, Compression, Content, HEAD_BYTES, sniff};
use super::spool::Spool;
use super::walk::{File, unreadable};

/// A stream that asks for more memory than this to be decompressed is refused. `xz -9` needs 65 MiB.
const MAX_DECODER_BYTES: u64 = 256 << 20;
/// An archive within an archive is opened, one within that is not.
const MAX_ARCHIVES: u8 = 2;
/// Nobody compresses thrice.
const MAX_COMPRESSIONS: u8 = 2;
/// A zip archive within another file is copied to be read; one of more is refused.
const MAX_INNER_ZIP_BYTES: u64 = 1 << 30;
const BUFFER_BYTES: usize = 256 << 10;

/// How files are read, and where what is in them goes.
pub struct Unpack<'a> {
    pub format: Format,
    pub mapping: &'a Mapping,
    pub sink: &'a mut dyn FnMut(Item) -> ControlFlow<()>,
}

/// A file, or a file within one.
#[derive(Debug, Clone)]
pub struct Entry<'a> {
    /// How reports call it.
    pub name: Cow<'a, str>,
    /// Someone named it; it was not just found.
    pub is_asked_for: bool,
    /// How many archives it lies in.
    pub archives: u8,
    /// How many layers of compression were taken off since.
    pub compressions: u8,
}

impl Unpack<'_> {
    /// Reads a file that the walk has found.
    pub fn file(&mut self, file: &File, bytes_read: &AtomicU64) -> ControlFlow<()> {
        let entry = Entry {
            name: Cow::Borrowed(&file.name),
            is_asked_for: file.is_asked_for,
            archives: 0,
            compressions: 0,
        };
        let opened = open(file, bytes_read).and_then(|mut opened| {
            let mut magic = [0; 4];
            let is_zip = read_up_to(&mut opened, &mut magic)? == 4
                && (&magic == b"PK\x03\x04" || &magic == b"PK\x05\x06");
            opened.rewind()?;
            Ok((opened, is_zip))
        });
        match opened {
            Ok((opened, true)) => {
                let buffered = BufReader::with_capacity(BUFFER_BYTES, opened);
                archive::zip(&entry, buffered, self)
            }
            Ok((opened, false)) => {
                self.stream(&entry, &mut BufReader::with_capacity(BUFFER_BYTES, opened))
            }
            Err(error) => self.reject(&entry.name, unreadable(&error)),
        }
    }

    /// Reads a stream, whatever is in it.
    pub fn stream(&mut self, entry: &Entry<'_>, stream: &mut dyn BufRead) -> ControlFlow<()> {
        let mut head = Vec::new();
        if let Err(error) = (&mut *stream).take(HEAD_BYTES).read_to_end(&mut head) {
            return self.reject(&entry.name, read::broken_off(&error));
        }
        let content = sniff(
            &head,
            &entry.name,
            entry.is_asked_for,
            self.format,
            self.mapping,
        );
        let mut whole = head.chain(stream);
        match content {
            Content::Compressed(compression) => self.decompress(entry, compression, &mut whole),
            Content::Archive(_) if entry.archives >= MAX_ARCHIVES => self.reject(
                &entry.name,
                format!("an archive in an archive in an archive: {UNPACK}"),
            ),
            Content::Archive(Archive::Tar) => archive::tar(entry, &mut whole, self),
            Content::Archive(Archive::Zip) => self.inner_zip(entry, &mut whole),
            Content::Articles(kind) => {
                (self.sink)(Item::File)?;
                read::read(kind, &entry.name, &mut whole, self)
            }
            Content::Foreign(_) if !entry.is_asked_for => (self.sink)(Item::Skipped),
            Content::Foreign(what) => self.reject(&entry.name, unknown_format(what)),
        }
    }

    fn decompress(
        &mut self,
        entry: &Entry<'_>,
        compression: Compression,
        stream: &mut dyn BufRead,
    ) -> ControlFlow<()> {
        if entry.compressions >= MAX_COMPRESSIONS {
            return self.reject(
                &entry.name,
                format!("compressed more than {MAX_COMPRESSIONS} times: {UNPACK}"),
            );
        }
        let inner = Entry {
            compressions: entry.compressions + 1,
            ..entry.clone()
        };
        let taken_bytes = Cell::new(0);
        let metered = MeteredReader {
            inner: stream,
            taken_bytes: &taken_bytes,
        };
        let decoder = decoder(compression, metered);
        match decoder {
            Ok(decoder) => {
                let decoder = ExpansionLimit::new(decoder, &taken_bytes);
                self.stream(&inner, &mut BufReader::with_capacity(BUFFER_BYTES, decoder))
            }
            Err(error) => self.reject(&entry.name, read::broken_off(&error)),
        }
    }

    /// The index of a zip archive stands at its end, so it must be whole.
    fn inner_zip(&mut self, entry: &Entry<'_>, stream: &mut dyn BufRead) -> ControlFlow<()> {
        let copied = Spool::copy(
            &mut stream.take(MAX_INNER_ZIP_BYTES + 1),
            &std::env::temp_dir(),
        );
        match copied {
            Ok(copy) if copy.size_bytes() > MAX_INNER_ZIP_BYTES => self.reject(
                &entry.name,
                format!(
                    "an inner archive larger than {} GiB: {UNPACK}",
                    MAX_INNER_ZIP_BYTES >> 30
                ),
            ),
            Ok(copy) => archive::zip(entry, BufReader::new(copy.file()), self),
            Err(error) => self.reject(&entry.name, read::broken_off(&error)),
        }
    }

    /// Reports what can't be read.
    pub fn reject(&mut self, name: &str, reason: impl Into<String>) -> ControlFlow<()> {
        (self.sink)(Item::Rejected(Rejected::new(name, reason)))
    }
}

const UNPACK: &str = "unpack it first";

fn unknown_format(what: Option<&str>) -> String {
    let reason = "not a known format: give text, HTML, JSON, CSV, RSS, Atom or WARC, plain, compressed (.gz, .xz, .zst) or \
                  in a zip or tar archive, or say --format";
    match what {
        Some(what) => format!("{what}: {reason}"),
        None => reason.to_owned(),
    }
}

fn decoder<'a>(compression: Compression, raw: impl BufRead + 'a) -> io::Result<Box<dyn Read + 'a>> {
    Ok(match compression {
        Compression::Gzip => Box::new(flate2::bufread::MultiGzDecoder::new(raw)),
        Compression::Xz => {
            let stream = liblzma::stream::Stream::new_stream_decoder(
                MAX_DECODER_BYTES,
                liblzma::stream::CONCATENATED,
            )?;
            Box::new(liblzma::bufread::XzDecoder::new_stream(raw, stream))
        }
        Compression::Zstd => Box::new(zstd::stream::read::Decoder::with_buffer(raw)?),
    })
}

/// As many bytes as there are, up to the length of `buffer`.
fn read_up_to(stream: &mut dyn Read, buffer: &mut [u8]) -> io::Result<usize> {
    let mut bytes = Vec::new();
    stream.take(buffer.len() as u64).read_to_end(&mut bytes)?;
    buffer[..bytes.len()].copy_from_slice(&bytes);
    Ok(bytes.len())
}
