//! Reads single files of a segment, without opening the segment. So the files that are whole can be
//! read if others are damaged. All functions take a file without Tantivy's footer and expect
//! verified bytes, except [`whole_despite_tail`].

use std::io;

use tantivy::columnar::ColumnarReader;
use tantivy::directory::footer::Footer;
use tantivy::directory::{CompositeFile, FileSlice};
use tantivy::schema::Field;
use tantivy::termdict::TermDictionary;
use tantivy::{DocId, HasLen};

/// The number of bytes that are read at a time.
const CHUNK_BYTES: usize = 1 << 20;
/// The size of the header of a field's postings.
const POSTINGS_HEADER_BYTES: usize = 8;
/// Tantivy stores longer lists of documents in blocks. The list of an id is short.
const MAX_LIST: u32 = 127;
/// The sizes of a page, of its checksum, and of the trailer after the page checksums.
const PAGE_BYTES: usize = 4096;
const SUM_BYTES: usize = 4;
const TRAILER_BYTES: usize = 20;
/// The last bytes of Tantivy's footer.
pub const FOOTER_MAGIC: [u8; 4] = 1337_u32.to_le_bytes();

/// Returns a file without Tantivy's footer.
pub fn without_footer(file: FileSlice) -> io::Result<FileSlice> {
    Ok(Footer::extract_footer(file)?.1)
}

/// Returns a file without its footer if the checksum in the footer is right, although the page
/// checksums or the trailer behind it may be damaged. `raw` is the file as it is on disk, or a part
/// of a compound file.
pub fn whole_despite_tail(raw: &FileSlice) -> Option<FileSlice> {
    body_sizes(raw.len()).find_map(|body| {
        let (footer, content) = Footer::extract_footer(raw.slice_to(body)).ok()?;
        (checksum(&content).ok()? == footer.crc).then_some(content)
    })
}

/// Returns the sizes that the body of a file of this size can have: with page checksums, and without.
pub fn body_sizes(file_bytes: usize) -> impl Iterator<Item = usize> {
    // One of these numbers of pages is right if the file has page checksums.
    let pages = file_bytes / (PAGE_BYTES + SUM_BYTES);
    let bodies = (pages..=pages + 1).filter_map(move |pages| {
        let body = file_bytes.checked_sub(SUM_BYTES * pages + TRAILER_BYTES)?;
        (body.div_ceil(PAGE_BYTES) == pages).then_some(body)
    });
    bodies.chain([file_bytes])
}

fn checksum(file: &FileSlice) -> io::Result<u32> {
    let mut hasher = crc32fast::Hasher::new();
    for start in (0..file.len()).step_by(CHUNK_BYTES) {
        let end = file.len().min(start + CHUNK_BYTES);
        hasher.update(&file.read_bytes_slice(start..end)?);
    }
    Ok(hasher.finalize())
}

/// Returns the numbers of a column, one for each document. `fast` is a segment's file of columns.
pub fn column(fast: &FileSlice, name: &str) -> io::Result<Vec<Option<u64>>> {
    let columns = ColumnarReader::open(fast.clone())?;
    let documents = columns.num_docs();
    for column in columns.read_columns(name)? {
        if let Some(column) = column.open_u64_lenient()? {
            let value = |document| column.first(document);
            return Ok((0..documents).map(value).collect());
        }
    }
    Ok(vec![None; documents as usize])
}

/// Returns the terms of a field with their documents, as far as `wanted` returns true. `terms` and
/// `postings` are a segment's files of these.
pub fn terms_of(
    (terms, postings): (&FileSlice, &FileSlice),
    field: Field,
    wanted: impl Fn(DocId) -> bool,
) -> io::Result<Vec<(DocId, String)>> {
    let mut found = Vec::new();
    let terms = CompositeFile::open(terms)?.open_read(field);
    let postings = CompositeFile::open(postings)?.open_read(field);
    let (Some(terms), Some(postings)) = (terms, postings) else {
        return Ok(found);
    };
    let terms = TermDictionary::open(terms)?;
    let postings = postings.slice_from(POSTINGS_HEADER_BYTES).read_bytes()?;
    let mut stream = terms.stream()?;
    while let Some((term, info)) = stream.next() {
        if info.doc_freq > MAX_LIST {
            continue;
        }
        let list = postings
            .get(info.postings_range.clone())
            .unwrap_or_default();
        for document in documents(list, info.doc_freq) {
            if wanted(document) {
                found.push((document, String::from_utf8_lossy(term).into_owned()));
            }
        }
    }
    Ok(found)
}

/// Decodes a short list of documents: the difference of each to the one before, in seven bits a
/// byte. The last byte of a number has the highest bit.
fn documents(list: &[u8], count: u32) -> Vec<DocId> {
    let mut documents = Vec::new();
    let (mut last, mut difference, mut shift) = (0_u32, 0_u32, 0);
    for byte in list {
        if documents.len() == count as usize {
            break;
        }
        difference |= u32::from(byte & 0x7F).checked_shl(shift).unwrap_or(0);
        shift += 7;
        if byte & 0x80 != 0 {
            last = last.wrapping_add(difference);
            documents.push(last);
            (difference, shift) = (0, 0);
        }
    }
    documents
}

#[cfg(test)]
mod tests {
    use tantivy::schema::{FAST, STRING, Schema};
    use tantivy::{Directory, Index, IndexWriter, TantivyDocument};

    use super::*;

    #[test]
    fn ids_and_columns_are_read_without_the_segment() {
        let mut schema = Schema::builder();
        let id = schema.add_text_field("id", STRING);
        let number = schema.add_u64_field("number", FAST);
        let index = Index::create_in_ram(schema.build());
        let mut writer: IndexWriter = index.writer_with_num_threads(1, 15 << 20).unwrap();
        for document in 0..300_u64 {
            let mut stored = TantivyDocument::new();
            // The documents 7, 207 and so on have the same id.
            stored.add_text(id, format!("m-{}", document % 200));
            stored.add_u64(number, document * document);
            writer.add_document(stored).unwrap();
        }
        writer.commit().unwrap();
        let segment = index.searchable_segment_ids().unwrap()[0].uuid_string();
        let open = |extension: &str| {
            let name = format!("{segment}.{extension}");
            index.directory().open_read(name.as_ref()).unwrap()
        };
        let files = (&open("term"), &open("idx"));
        let mut found = terms_of(files, id, |document| document % 50 == 7).unwrap();
        found.sort();
        let expected = (0..6).map(|n| (7 + 50 * n, format!("m-{}", (7 + 50 * n) % 200)));
        assert_eq!(found, expected.collect::<Vec<_>>());
        let numbers = column(&open("fast"), "number").unwrap();
        assert_eq!(numbers, (0..300).map(|n| Some(n * n)).collect::<Vec<_>>());
        assert_eq!(column(&open("fast"), "none").unwrap(), vec![None; 300]);
    }
}
