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
use std::sync::Arc;

use memchr::memmem;
use tantivy::directory::{FileSlice, OwnedBytes};
use tantivy::store::StoreReader;
use tantivy::{HasLen, TantivyDocument};
use tantivy_common::VInt;

/// The bytes that begin a frame of Zstandard.
const MAGIC: [u8; 4] = [0x28, 0xB5, 0x2F, 0xFD];
/// The size of the length before a frame.
const LENGTH_BYTES: usize = 4;
/// The number of bytes that are read at a time. It is the size of a page that has a checksum, so
/// that a damaged page spoils no other one.
const PAGE_BYTES: usize = 4096;
/// The greatest size of a block's content. A block has one article that may be long, and otherwise
/// 32 kB.
const MAX_CONTENT_BYTES: u64 = 256 << 20;
/// The version of the documents in a store, and the number that stands for no compression.
const DOCUMENT_VERSION: u32 = 2;
const UNCOMPRESSED: u8 = 0;

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
                let documents = document_count(&content);
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

/// Returns the documents of a block; `None` for those that cannot be decoded. Returns nothing if
/// the block can no longer be read.
pub fn read_block(file: &FileSlice, block: StoredBlock) -> Vec<Option<TantivyDocument>> {
    let store = read_content(file, block.offset)
        .and_then(|(content, _)| StoreReader::open(store_of(&content, block.documents), 1).ok());
    let Some(store) = store else {
        return Vec::new();
    };
    (0..block.documents)
        .map(|document| store.get(document).ok())
        .collect()
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
    let is_block = content.len() as u64 == length && document_count(&content) > 0;
    is_block.then_some((content, end))
}

/// Returns the number of documents in a block's content; 0 if the content is none of a block.
fn document_count(content: &[u8]) -> u32 {
    let number = |at: usize| {
        let bytes = content.get(at..)?.first_chunk()?;
        Some(u32::from_le_bytes(*bytes))
    };
    let count = || -> Option<u32> {
        let count = number(content.len().checked_sub(4)?)?;
        let index_bytes = (count as usize).checked_add(1)?.checked_mul(4)?;
        let start = content.len().checked_sub(index_bytes)?;
        let mut last = 0;
        for document in 0..count as usize {
            let offset = number(start + 4 * document)?;
            let is_first = document == 0 && offset == 0;
            let is_next = document > 0 && last < offset && (offset as usize) < start;
            if !is_first && !is_next {
                return None;
            }
            last = offset;
        }
        Some(count)
    };
    count().unwrap_or(0)
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

/// Returns a store that has only one block, whose content is not compressed.
fn store_of(content: &[u8], documents: u32) -> FileSlice {
    let mut layer = Vec::new();
    // One block, which begins at document 0 and byte 0.
    for number in [1, 0, 0, u64::from(documents), content.len() as u64] {
        VInt(number).serialize_into_vec(&mut layer);
    }
    let mut bytes = content.to_vec();
    for number in [1, layer.len() as u64] {
        VInt(number).serialize_into_vec(&mut bytes);
    }
    bytes.extend(layer);
    bytes.extend(DOCUMENT_VERSION.to_le_bytes());
    bytes.extend((content.len() as u64).to_le_bytes());
    bytes.push(UNCOMPRESSED);
    bytes.extend([0; 15]);
    FileSlice::new(Arc::new(OwnedBytes::new(bytes)))
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

    use tantivy::directory::{Directory, FileHandle, RamDirectory, TerminatingWrite};
    use tantivy::schema::{STORED, Schema};
    use tantivy::store::{Compressor, StoreWriter, ZstdCompressor};

    use super::*;

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

    fn slice(bytes: Vec<u8>) -> FileSlice {
        FileSlice::new(Arc::new(OwnedBytes::new(bytes)))
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
        let whole = StoreReader::open(slice(bytes.clone()), 1).unwrap();
        let expected: Vec<TantivyDocument> = (0..200)
            .map(|document| whole.get(document).unwrap())
            .collect();
        let cut = bytes.len() - 60;
        for file in [slice(bytes.clone()), slice(bytes[..cut].to_vec())] {
            assert!(scan_store(&file).iter().all(|block| block.follows));
            assert_eq!(documents(&file), expected);
        }
    }

    #[test]
    fn an_unreadable_page_costs_only_the_blocks_that_touch_it() {
        let bytes = store(200);
        let all = scan_store(&slice(bytes.clone()));
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
    fn arbitrary_bytes_are_no_blocks() {
        let mut bytes = store(20);
        for at in 0..bytes.len() {
            bytes[at] ^= 0x41;
        }
        assert!(scan_store(&slice(bytes)).is_empty());
        assert!(scan_store(&slice(Vec::new())).is_empty());
        // A length that no memory could hold.
        let mut huge = u32::MAX.to_le_bytes().to_vec();
        huge.write_all(&zstd::encode_all(&[0; 40][..], 1).unwrap())
            .unwrap();
        assert!(scan_store(&slice(huge)).is_empty());
    }
}
