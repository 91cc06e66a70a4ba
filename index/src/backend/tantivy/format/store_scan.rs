//! Finds the blocks of stored articles in a damaged `.store` file. Tantivy finds a block by the
//! index at the end of the file. If this index or any block is damaged, this module looks for the
//! blocks themselves, and returns those that can be read. It does not decode articles.
//!
//! A block is the length of its content in 4 bytes, and the content as a frame of Zstandard. The
//! content is the documents one after the other, the offset of each in 4 bytes, and their number:
//!
//! ```text
//! 2C 01 00 00   28 B5 2F FD …   28 B5 2F FD begins every frame of Zstandard
//! ```

use std::io::{self, BufReader, Read};

use memchr::memmem;
use tantivy::directory::FileSlice;
use tantivy::schema::Field;
use tantivy::{HasLen, TantivyDocument};

/// The bytes that begin a frame of Zstandard.
const MAGIC: [u8; 4] = [0x28, 0xB5, 0x2F, 0xFD];
/// The size of the length before a frame.
const LENGTH_BYTES: usize = 4;
/// The size of a number in the index at the end of a block.
const NUMBER_BYTES: usize = 4;
/// The number of bytes that are read at a time. It is the size of a page that has a checksum, so
/// that a damaged page spoils no other one.
const PAGE_BYTES: usize = 4096;
/// The greatest size of a block's content. A block has one article that may be long, and otherwise
/// 32 kB.
const MAX_CONTENT_BYTES: u64 = 256 << 20;
/// Tantivy's codes of the types of stored values.
const TEXT: u8 = 0;
const BYTES: u8 = 4;

/// A block that can be read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct StoredBlock {
    /// Where the block begins in the file.
    pub offset: usize,
    /// The number of documents in the block.
    pub documents: u32,
    /// Whether all bytes between the previous block and this one belong to no block, so that no
    /// block is missing between them.
    pub follows: bool,
}

/// Returns the readable blocks of a store in their order. The bytes of `file` need not be verified:
/// a block may have a wrong content.
pub fn scan_store(file: &FileSlice) -> Vec<StoredBlock> {
    let mut blocks = Vec::new();
    let mut offset = 0;
    let mut follows = true;
    loop {
        match read_content(file, offset) {
            Some((content, end)) => {
                let offsets = document_offsets(&content).unwrap_or_default();
                let documents = offsets.len() as u32;
                blocks.push(StoredBlock {
                    offset,
                    documents,
                    follows,
                });
                (offset, follows) = (end, true);
            }
            None => match next_candidate(file, offset + 1) {
                Some(candidate) => (offset, follows) = (candidate, false),
                None => return blocks,
            },
        }
    }
}

/// Returns the documents of a block; `None` for a document that cannot be decoded. Returns none if
/// the block can no longer be read.
pub fn read_block(file: &FileSlice, block: StoredBlock) -> Vec<Option<TantivyDocument>> {
    let Some((content, _)) = read_content(file, block.offset) else {
        return Vec::new();
    };
    let offsets = document_offsets(&content).unwrap_or_default();
    let ends = offsets.iter().skip(1).copied();
    let index_bytes = NUMBER_BYTES * (offsets.len() + 1);
    let ends = ends.chain([content.len().saturating_sub(index_bytes)]);
    let documents = offsets.iter().zip(ends);
    documents
        .map(|(start, end)| decode_document(content.get(*start..end)?))
        .collect()
}

/// Decodes a document as Tantivy encodes it: the number of its values, and for each the number of
/// the field, a code of the type, and the value. Bounds each length, because the bytes may be wrong.
fn decode_document(mut bytes: &[u8]) -> Option<TantivyDocument> {
    let bytes = &mut bytes;
    let mut document = TantivyDocument::new();
    for _ in 0..take_number(bytes)? {
        let (field, rest) = bytes.split_first_chunk()?;
        let field = Field::from_field_id(u32::from_le_bytes(*field));
        let (code, rest) = rest.split_first()?;
        *bytes = rest;
        match *code {
            TEXT => document.add_text(field, str::from_utf8(take_counted(bytes)?).ok()?),
            BYTES => document.add_bytes(field, take_counted(bytes)?),
            // No other stored value is needed for an article.
            _ => return None,
        }
    }
    bytes.is_empty().then_some(document)
}

/// Removes a number from the start of `bytes`: seven bits a byte, the last of which has the highest
/// bit.
fn take_number(bytes: &mut &[u8]) -> Option<u64> {
    let mut number = 0;
    for shift in (0..u64::BITS).step_by(7) {
        let byte = *bytes.split_off_first()?;
        number |= u64::from(byte & 0x7F) << shift;
        if byte & 0x80 != 0 {
            return Some(number);
        }
    }
    None
}

/// Removes a number from the start of `bytes` and as many bytes after it, and returns these bytes.
fn take_counted<'a>(bytes: &mut &'a [u8]) -> Option<&'a [u8]> {
    let count = usize::try_from(take_number(bytes)?).ok()?;
    bytes.split_off(..count)
}

/// Returns the content of the block at an offset, and where the block ends. Returns `None` if no
/// readable block begins there.
fn read_content(file: &FileSlice, offset: usize) -> Option<(Vec<u8>, usize)> {
    let pages = Pages { file, at: offset };
    let mut reader = BufReader::with_capacity(PAGE_BYTES, pages);
    let mut length = [0; LENGTH_BYTES];
    reader.read_exact(&mut length).ok()?;
    let length = u64::from(u32::from_le_bytes(length));
    if length > MAX_CONTENT_BYTES {
        return None;
    }
    let mut decoder = zstd::Decoder::with_buffer(reader).ok()?.single_frame();
    let mut content = Vec::new();
    (&mut decoder)
        .take(length + 1)
        .read_to_end(&mut content)
        .ok()?;
    let rest = decoder.finish();
    let end = rest.get_ref().at.checked_sub(rest.buffer().len())?;
    let is_block = content.len() as u64 == length && document_offsets(&content).is_some();
    is_block.then_some((content, end))
}

/// Returns where the documents of a block begin in its content; `None` if the content is none of a
/// block.
fn document_offsets(content: &[u8]) -> Option<Vec<usize>> {
    let number = |at: usize| {
        let bytes = content.get(at..)?.first_chunk()?;
        Some(u32::from_le_bytes(*bytes) as usize)
    };
    let count = number(content.len().checked_sub(NUMBER_BYTES)?)?;
    let index_bytes = count.checked_add(1)?.checked_mul(NUMBER_BYTES)?;
    let index = content.len().checked_sub(index_bytes)?;
    let offsets: Option<Vec<usize>> = (0..count)
        .map(|document| number(index + NUMBER_BYTES * document))
        .collect();
    let offsets = offsets?;
    let is_block = offsets.first() == Some(&0)
        && offsets.is_sorted_by(|one, next| one < next)
        && offsets.last().is_some_and(|last| *last < index);
    is_block.then_some(offsets)
}

/// Returns the first offset from `from` on where a frame may begin.
fn next_candidate(file: &FileSlice, from: usize) -> Option<usize> {
    let mut page = from;
    while page < file.len() {
        let page_end = (page / PAGE_BYTES + 1) * PAGE_BYTES;
        // A magic number may lie across two pages. If the next one is damaged, so is the frame.
        let overlap = (page_end + LENGTH_BYTES + MAGIC.len() - 1).min(file.len());
        let ends = [overlap, page_end.min(file.len())];
        let bytes = ends
            .into_iter()
            .find_map(|end| file.read_bytes_slice(page..end).ok());
        let found = bytes.and_then(|bytes| {
            let frames = bytes.get(LENGTH_BYTES..)?;
            memmem::find(frames, &MAGIC)
        });
        if let Some(found) = found {
            return Some(page + found);
        }
        page = page_end;
    }
    None
}

/// Reads a file page by page.
struct Pages<'a> {
    file: &'a FileSlice,
    at: usize,
}

impl Read for Pages<'_> {
    fn read(&mut self, out: &mut [u8]) -> io::Result<usize> {
        let page_end = (self.at / PAGE_BYTES + 1) * PAGE_BYTES;
        let end = page_end.min(self.file.len()).min(self.at + out.len());
        if self.at >= end {
            return Ok(0);
        }
        let bytes = self.file.read_bytes_slice(self.at..end)?;
        out[..bytes.len()].copy_from_slice(&bytes);
        self.at = end;
        Ok(bytes.len())
    }
}

#[cfg(test)]
mod tests {
    use std::io::Write;
    use std::ops::Range;
    use std::path::Path;
    use std::sync::Arc;

    use tantivy::Directory;
    use tantivy::directory::{FileHandle, OwnedBytes, RamDirectory};
    use tantivy::schema::{STORED, Schema};
    use tantivy::store::{Compressor, StoreReader, StoreWriter, ZstdCompressor};

    use super::*;

    fn as_file(bytes: Vec<u8>) -> FileSlice {
        FileSlice::new(Arc::new(OwnedBytes::new(bytes)))
    }

    const BLOCK_BYTES: usize = 2_000;

    /// Returns a store of documents with pseudorandom texts.
    fn store(documents: u64) -> Vec<u8> {
        let mut schema = Schema::builder();
        let field = schema.add_bytes_field("text", STORED);
        let schema = schema.build();
        let directory = RamDirectory::create();
        let path = Path::new("a.store");
        let compressor = Compressor::Zstd(ZstdCompressor::default());
        let writer = directory.open_write(path).unwrap();
        let mut writer = StoreWriter::new(writer, compressor, BLOCK_BYTES, false).unwrap();
        let mut state = 1_u64;
        for _ in 0..documents {
            let text = (0..300).map(|_| {
                state = state
                    .wrapping_mul(6_364_136_223_846_793_005)
                    .wrapping_add(1);
                (state >> 60) as u8
            });
            let mut document = TantivyDocument::new();
            document.add_bytes(field, &text.collect::<Vec<u8>>());
            writer.store(&document, &schema).unwrap();
        }
        writer.close().unwrap();
        directory
            .open_read(path)
            .unwrap()
            .read_bytes()
            .unwrap()
            .to_vec()
    }

    /// A file whose page with this number cannot be read.
    #[derive(Debug)]
    struct Unreadable(OwnedBytes, usize);

    impl HasLen for Unreadable {
        fn len(&self) -> usize {
            self.0.len()
        }
    }

    impl FileHandle for Unreadable {
        fn read_bytes(&self, range: Range<usize>) -> io::Result<OwnedBytes> {
            let pages = range.start / PAGE_BYTES..range.end.div_ceil(PAGE_BYTES);
            if pages.contains(&self.1) {
                return Err(io::ErrorKind::InvalidData.into());
            }
            Ok(self.0.slice(range))
        }
    }

    fn documents(file: &FileSlice) -> Vec<TantivyDocument> {
        let blocks = scan_store(file).into_iter();
        blocks
            .flat_map(|block| read_block(file, block))
            .flatten()
            .collect()
    }

    #[test]
    fn a_whole_store_is_found_without_its_index() {
        let bytes = store(200);
        let whole = StoreReader::open(as_file(bytes.clone()), 1).unwrap();
        let expected: Vec<TantivyDocument> = (0..200)
            .map(|document| whole.get(document).unwrap())
            .collect();
        let cut = bytes.len() - 60;
        for file in [as_file(bytes.clone()), as_file(bytes[..cut].to_vec())] {
            assert!(scan_store(&file).iter().all(|block| block.follows));
            assert_eq!(documents(&file), expected);
        }
    }

    #[test]
    fn an_unreadable_page_costs_only_the_blocks_that_touch_it() {
        let bytes = store(200);
        let all = scan_store(&as_file(bytes.clone()));
        for page in 0..bytes.len() / PAGE_BYTES {
            let file = FileSlice::new(Arc::new(Unreadable(OwnedBytes::new(bytes.clone()), page)));
            let found: Vec<_> = scan_store(&file).iter().map(|block| block.offset).collect();
            let page_bytes = page * PAGE_BYTES..(page + 1) * PAGE_BYTES;
            let next = all.iter().skip(1).map(|block| block.offset);
            let ends = next.chain([bytes.len()]);
            let untouched = all
                .iter()
                .zip(ends)
                .filter(|(block, end)| *end <= page_bytes.start || block.offset >= page_bytes.end);
            // The end of the last block is not known here.
            let untouched: Vec<_> = untouched.map(|(block, _)| block.offset).collect();
            assert!(
                untouched.iter().all(|offset| found.contains(offset)),
                "page {page}"
            );
            assert!(found.len() < all.len(), "page {page}");
        }
    }

    #[test]
    fn wrong_bytes_of_a_document_are_refused() {
        let bytes = store(1);
        let file = as_file(bytes);
        let (content, _) = read_content(&file, 0).unwrap();
        assert!(decode_document(&content[..content.len() - 8]).is_some());
        for end in 0..content.len() - 8 {
            assert!(decode_document(&content[..end]).is_none(), "{end}");
        }
        // Lengths that no memory could hold.
        let huge = [&[0x81, 0, 0, 0, 0, BYTES][..], &[0x7F; 9], &[0x81]].concat();
        assert!(decode_document(&huge).is_none());
    }

    #[test]
    fn arbitrary_bytes_are_no_blocks() {
        let mut bytes = store(20);
        for byte in &mut bytes {
            *byte ^= 0x41;
        }
        assert!(scan_store(&as_file(bytes)).is_empty());
        assert!(scan_store(&as_file(Vec::new())).is_empty());
        // A length that no memory could hold.
        let mut huge = u32::MAX.to_le_bytes().to_vec();
        huge.write_all(&zstd::encode_all(&[0; 40][..], 1).unwrap())
            .unwrap();
        assert!(scan_store(&as_file(huge)).is_empty());
    }
}
