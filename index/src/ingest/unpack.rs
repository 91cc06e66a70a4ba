//! A file → its articles: it removes compression, detects the format and calls the reader for it.
//! Archives are opened by `archive`.
//!
//! Streams pass through fixed buffers. A zip archive inside another file is copied to a temporary
//! file first, because it is read from its end.

use std::borrow::Cow;
use std::cell::Cell;
use std::io::{self, BufRead, BufReader, Read, Seek};
use std::ops::ControlFlow;
use std::sync::atomic::AtomicU64;

use super::open::open;
use super::read::read;
use super::read::stream::read_head;
use super::sniff::sniff;
use super::spool::Spool;
use super::{
    Archive, Compression, Content, Entry, ExpansionLimit, File, Format, GzipMembers, Item,
    ItemSink, LostMember, Mapping, MeteredReader, Rejected, SkippedFile, SmallReads,
    is_zipped_document_name, open_failure, read_failure,
};

/// The maximum memory of a decoder. A stream that needs more is rejected; `xz -9` needs 65 MiB.
const MAX_DECODER_BYTES: u64 = 256 << 20;
/// The maximum number of archives around a file. An archive in an archive is opened; a third level
/// is rejected.
const MAX_ARCHIVES: u8 = 2;
/// The maximum number of compression layers that are removed.
const MAX_COMPRESSIONS: u8 = 2;
/// The maximum size of a zip archive inside another file, which is copied to a temporary file.
const MAX_INNER_ZIP_BYTES: u64 = 1 << 30;
const BUFFER_BYTES: usize = 256 << 10;

/// Reads files and passes their items to a sink.
pub struct Unpack<'a> {
    /// The format of the files, or `Auto` to detect it.
    pub format: Format,
    /// Maps the names of fields and columns to parts of an article.
    pub mapping: &'a Mapping,
    /// The callback for the items.
    pub sink: &'a mut ItemSink<'a>,
}

impl Unpack<'_> {
    /// Reads a file that the walk found. The bytes read are added to `bytes_read`.
    pub fn file(&mut self, file: &File, bytes_read: &AtomicU64) -> ControlFlow<()> {
        let entry = Entry {
            name: Cow::Borrowed(&file.name),
            is_asked_for: file.is_asked_for,
            archives: 0,
            compressions: 0,
        };
        let opened = open(file, bytes_read).and_then(|mut opened| {
            let mut magic = Vec::new();
            (&mut opened).take(4).read_to_end(&mut magic)?;
            opened.rewind()?;
            let is_zip = matches!(&magic[..], b"PK\x03\x04" | b"PK\x05\x06")
                && !is_zipped_document_name(&file.name);
            Ok((is_zip, BufReader::with_capacity(BUFFER_BYTES, opened)))
        });
        match opened {
            Ok((true, opened)) => self.zip(&entry, opened),
            Ok((false, mut opened)) => self.stream(&entry, &mut opened),
            Err(error) => self.reject(&entry, open_failure(&error)),
        }
    }

    /// Detects the content of a stream and reads it.
    pub fn stream(&mut self, entry: &Entry<'_>, stream: &mut dyn BufRead) -> ControlFlow<()> {
        let mut head = read_head(stream);
        // The content may begin after a damaged member.
        while let Some(error) = head.error.take_if(|_| head.bytes.is_empty()) {
            self.reject(entry, read_failure(&error))?;
            if LostMember::in_error(&error).is_none() {
                return ControlFlow::Continue(());
            }
            head = read_head(stream);
            if head.bytes.is_empty() && head.error.is_none() {
                return ControlFlow::Continue(());
            }
        }
        let is_asked_for = entry.is_asked_for;
        let name = &*entry.name;
        let content = sniff(&head.bytes, name, is_asked_for, self.format, self.mapping);
        if let Some(error) = &head.error
            && matches!(content, Content::Foreign(_))
        {
            return self.reject(entry, read_failure(error));
        }
        let mut whole = head.chain(stream);
        match content {
            Content::Compressed(compression) => self.decompress(entry, compression, &mut whole),
            Content::Archive(_) if entry.archives >= MAX_ARCHIVES => {
                let reason = format!("an archive in an archive in an archive: {UNPACK_FIRST}");
                self.reject(entry, reason)
            }
            Content::Archive(Archive::Tar) => self.tar(entry, &mut whole),
            Content::Archive(Archive::Zip) => self.inner_zip(entry, &mut whole),
            Content::Articles(format) => {
                (self.sink)(Item::File)?;
                read(format, &entry.name, &mut whole, self.mapping, self.sink)
            }
            Content::Foreign(what) if !entry.is_asked_for => {
                let mut skipped = SkippedFile::named(entry.name.as_ref());
                if let Some(what) = what {
                    skipped.kind = what.into();
                }
                (self.sink)(Item::Skipped(skipped))
            }
            Content::Foreign(what) => self.reject(entry, unknown_format(what)),
        }
    }

    fn decompress(
        &mut self,
        entry: &Entry<'_>,
        compression: Compression,
        stream: &mut dyn BufRead,
    ) -> ControlFlow<()> {
        if entry.compressions >= MAX_COMPRESSIONS {
            let reason =
                format!("more than {MAX_COMPRESSIONS} layers of compression: {UNPACK_FIRST}");
            return self.reject(entry, reason);
        }
        let taken_bytes = Cell::new(0);
        let metered = MeteredReader {
            inner: stream,
            taken_bytes: &taken_bytes,
        };
        match decoder(compression, metered) {
            Ok(decoder) => {
                let limited = ExpansionLimit::new(decoder, &taken_bytes);
                let mut content = BufReader::with_capacity(BUFFER_BYTES, limited);
                self.stream(&entry.decompressed(), &mut content)
            }
            Err(error) => self.reject(entry, read_failure(&error)),
        }
    }

    /// Copies a zip archive to a temporary file and reads it. The index of a zip archive is at its
    /// end, so the whole archive is needed.
    fn inner_zip(&mut self, entry: &Entry<'_>, stream: &mut dyn BufRead) -> ControlFlow<()> {
        let mut limited = stream.take(MAX_INNER_ZIP_BYTES + 1);
        match Spool::copy(&mut limited, &std::env::temp_dir()) {
            Ok(copy) if copy.size_bytes() > MAX_INNER_ZIP_BYTES => {
                let max_gib = MAX_INNER_ZIP_BYTES >> 30;
                let reason = format!("an inner archive larger than {max_gib} GiB: {UNPACK_FIRST}");
                self.reject(entry, reason)
            }
            Ok(copy) => self.zip(entry, BufReader::new(copy.file())),
            Err(error) => self.reject(entry, read_failure(&error)),
        }
    }

    /// Sends a rejection of the file to the sink.
    pub fn reject(&mut self, entry: &Entry<'_>, reason: impl Into<String>) -> ControlFlow<()> {
        let rejected = Rejected::new(entry.name.as_ref(), reason);
        (self.sink)(Item::Rejected(rejected))
    }
}

const UNPACK_FIRST: &str = "unpack it first";

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
        Compression::Gzip => Box::new(SmallReads::new(GzipMembers::new(raw))),
        Compression::Xz => {
            let stream = liblzma::stream::Stream::new_stream_decoder(
                MAX_DECODER_BYTES,
                liblzma::stream::CONCATENATED,
            )?;
            let decoder = liblzma::bufread::XzDecoder::new_stream(raw, stream);
            Box::new(SmallReads::new(decoder))
        }
        Compression::Zstd => {
            let decoder = zstd::stream::read::Decoder::with_buffer(raw)?;
            Box::new(SmallReads::new(decoder))
        }
    })
}
