//! Reads all stored articles of a generation in several threads, as the input of a
//! [`rebuild`](crate::rebuild). The generation may have any readable schema version. This module
//! reads no terms and writes nothing.

use std::ops::Range;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use tantivy::schema::Schema;
use tantivy::{DocId, ReloadPolicy, Searcher, TantivyDocument};

use super::scan::{Scan, scan_parts};
use super::{Stamp, directory, incompatible, open_index, read_model, words};
use crate::backend::tantivy::format::{
    EncodedArticle, SCHEMA_WITH_LETTERS, StoredFields, TextEncoding,
};
use crate::backend::{ScanWork, StoredArticles};
use crate::damage::Damage;
use crate::document::{Article, content_hash};
use crate::error::{OrInternal, Remedy, Result};
use crate::learning::JobControl;
use crate::parallel::max_threads;
use crate::progress::Phase;
use fihrist_arabic::CommonWords;

/// The name of the column with the content hashes.
pub const CONTENT_HASH: &str = "content_hash";
const READ: &str = "read the stored articles";

/// The number of documents that a thread takes at a time. They fill several blocks of the store, so
/// that few blocks are decompressed twice.
const CHUNK_DOCUMENTS: u32 = 256;

/// Neighbouring documents of the segment with this index.
type Chunk = (usize, Range<DocId>);

/// The stored articles of a generation's last commit. Later commits do not change them.
pub struct EmbeddedArticles {
    searcher: Searcher,
    fields: StoredFields,
    encoding: TextEncoding,
    directory: PathBuf,
    /// The hash of the generation's model.
    pub model_hash: String,
}

impl EmbeddedArticles {
    /// Opens the articles of a generation, which another version of this program may have written.
    /// Fails when they cannot be read.
    pub fn open(data: &Path, name: &str) -> Result<Self> {
        let directory = directory(data, name);
        let stamp = Stamp::read(data, &directory)?;
        stamp.check_readable(data)?;
        let (index, _) = open_index(&directory)?;
        let (fields, encoding) = decoding(data, &directory, &index.schema(), &stamp)?;
        let reader = index
            .reader_builder()
            .reload_policy(ReloadPolicy::Manual)
            .try_into();
        let searcher = reader.or_internal(READ)?.searcher();
        Ok(Self {
            searcher,
            fields,
            encoding,
            directory,
            model_hash: stamp.model_hash,
        })
    }

    /// Returns the number of stored articles.
    pub fn count(&self) -> u64 {
        self.searcher.num_docs()
    }

    /// Returns all documents in chunks.
    fn chunks(&self) -> impl Iterator<Item = Chunk> {
        let segments = self.searcher.segment_readers().iter().enumerate();
        segments.flat_map(|(segment, reader)| {
            let end = reader.max_doc();
            let starts = (0..end).step_by(CHUNK_DOCUMENTS as usize);
            starts.map(move |start| {
                (
                    segment,
                    start..end.min(start.saturating_add(CHUNK_DOCUMENTS)),
                )
            })
        })
    }

    /// Calls `each` for the articles of the chunks that `next` returns, until the scan is stopped.
    fn read_chunks(
        &self,
        next: &dyn Fn() -> Option<Chunk>,
        scan: &Scan,
        each: impl Fn(&Article) -> Result<()>,
    ) -> Result<()> {
        let mut segments = Vec::new();
        for segment in self.searcher.segment_readers() {
            let store = segment.get_store_reader(2).or_internal(READ)?;
            // Old formats have no such column.
            let hashes = segment.fast_fields().u64(CONTENT_HASH).ok();
            segments.push((segment, store, hashes));
        }
        while let Some((segment, documents)) = next() {
            let (segment, store, hashes) = &segments[segment];
            for document in documents.filter(|document| !segment.is_deleted(*document)) {
                if scan.is_stopped() {
                    return Ok(());
                }
                let hash = hashes.as_ref().and_then(|hashes| hashes.first(document));
                let stored: TantivyDocument = store.get(document).or_internal(READ)?;
                let article = decode(&stored, self.fields, &self.encoding, hash);
                each(&article.map_err(|what| {
                    let name = format!("{}.store", segment.segment_id().uuid_string());
                    let what = format!("document {document} {what}");
                    Damage::new(&self.directory.join(name), what).into_error()
                })?)?;
                scan.count_article();
            }
        }
        Ok(())
    }
}

/// Decodes a stored article. `hash` is its content hash, if that is known. If the article is not the
/// one that was written, returns what is wrong with it.
pub fn decode(
    document: &TantivyDocument,
    fields: StoredFields,
    encoding: &TextEncoding,
    hash: Option<u64>,
) -> Result<Article, String> {
    let decoded = EncodedArticle::of(document, fields).and_then(|article| article.decode(encoding));
    let article = decoded
        .map_err(|error| format!("cannot be decoded: {error}"))?
        .article;
    let has_words = !matches!(encoding, TextEncoding::LostWords);
    if has_words && hash.is_some_and(|hash| hash != content_hash(&article)) {
        return Err("is not what was written".to_owned());
    }
    Ok(article)
}

/// Returns the fields that store the articles of a generation, and how their texts are encoded.
/// `schema` is that of the index. Fails when this program cannot read the articles.
pub fn decoding(
    data: &Path,
    directory: &Path,
    schema: &Schema,
    stamp: &Stamp,
) -> Result<(StoredFields, TextEncoding)> {
    let fields = StoredFields::in_schema(schema)
        .map_err(|reason| incompatible(data, format!("it {reason}"), Remedy::Salvage))?;
    let is_plain = schema.get_field_entry(fields.text).field_type().is_str();
    let encoding = match stamp.schema {
        _ if is_plain => TextEncoding::Plain,
        SCHEMA_WITH_LETTERS => TextEncoding::Letters,
        _ => TextEncoding::Words(match words::read(directory, stamp) {
            Ok(words) => Arc::new(words),
            // The model has the same words as the file that cannot be read.
            Err(_) => {
                let model = read_model(data, directory, stamp)?;
                Arc::new(CommonWords::of(&model))
            }
        }),
    };
    Ok((fields, encoding))
}

impl StoredArticles for EmbeddedArticles {
    fn threads(&self) -> usize {
        max_threads()
    }

    fn scan(&self, phase: Phase, control: JobControl<'_>, work: &ScanWork<'_>) -> Result<bool> {
        let size = (phase, self.count());
        scan_parts(self.chunks(), size, control, |thread, next, scan| {
            self.read_chunks(next, scan, |article| work(thread, article))
        })
    }
}
