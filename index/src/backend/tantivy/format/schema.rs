//! The fields of the embedded index, and its format. This module holds no articles and runs
//! no queries.

use tantivy::Term;
use tantivy::index::IndexSettings;
use tantivy::schema::{
    FAST, Field, IndexRecordOption, STORED, STRING, Schema, TextFieldIndexing, TextOptions,
};
use tantivy::store::{Compressor, ZstdCompressor};

use crate::document::{self, ArticleId};
use crate::query::{Keyword, Level};

/// The format that this program writes: the version of the fields, of their stored content, of the
/// segments' files, and of the files beside the index. Every change of these raises it.
pub const SCHEMA_VERSION: u32 = 7;

/// The oldest format that this program searches and writes to. The next commit brings the index into
/// the format of this program.
pub const OLDEST_SEARCHABLE_SCHEMA: u32 = 6;

/// The first format in which the small files of a generation have checksums.
pub const FIRST_CHECKED_SCHEMA: u32 = 7;

/// The oldest format whose stored articles this program can read, for a rebuild.
pub const OLDEST_READABLE_SCHEMA: u32 = 1;

/// The only format that stores texts with one byte for each letter. Formats before it store
/// UTF-8, later ones use the [text codec](super::text_codec).
pub const SCHEMA_WITH_LETTERS: u32 = 5;

/// The name of [`Fields::segments`].
pub const SEGMENTS: &str = "segments";

/// The name of [`Fields::signature`].
pub const SIGNATURE: &str = "signature";

/// The fields, named after their content.
#[derive(Debug, Clone, Copy)]
pub struct Fields {
    /// The id, as one term.
    pub id: Field,
    /// [`AnalyzedArticle::content_hash`](crate::document::AnalyzedArticle).
    pub content_hash: Field,
    /// [`Signature::to_bytes`](crate::duplicates::Signature::to_bytes), which finds copies of the
    /// article.
    pub signature: Field,
    /// The stored text, [encoded](super::text_codec).
    pub text: Field,
    /// The stored article without its text and its segments.
    pub meta: Field,
    /// The [segments](crate::document::Meta::split_segments) of the article.
    pub segments: Field,
    /// The source, as one term.
    pub source: Field,
    /// The section, as one term.
    pub section: Field,
    /// The authors, each as one term.
    pub author: Field,
    /// The time of publication, in seconds since 1970.
    pub published: Field,
    /// The levels of each searched field, in the order of [`Field::ALL`](document::Field::ALL).
    pub levels: [Levels; 3],
}

impl Fields {
    /// Returns the field that holds the values of a keyword field.
    pub const fn of_keyword(&self, keyword: Keyword) -> Field {
        match keyword {
            Keyword::Source => self.source,
            Keyword::Section => self.section,
            Keyword::Author => self.author,
        }
    }

    /// Returns the term of an id.
    pub fn id_term(&self, id: &ArticleId) -> Term {
        Term::from_field_text(self.id, id.as_str())
    }
}

/// The two levels of a searched field.
#[derive(Debug, Clone, Copy)]
pub struct Levels {
    /// The forms, with [form positions](super::form_positions).
    pub form: Field,
    /// The stems, with positions.
    pub stem: Field,
}

impl Levels {
    /// Returns the field of a level.
    pub const fn at(&self, level: Level) -> Field {
        match level {
            Level::Exact => self.form,
            Level::Stem => self.stem,
        }
    }
}

/// Returns how stored fields are compressed. Compared with Tantivy's usual blocks of half the size,
/// the store is a twentieth smaller, and reading a block takes 20 µs more.
pub fn settings() -> IndexSettings {
    IndexSettings {
        docstore_compression: Compressor::Zstd(ZstdCompressor {
            compression_level: Some(3),
        }),
        docstore_blocksize: 32 << 10,
        docstore_compress_dedicated_thread: false,
        ..IndexSettings::default()
    }
}

/// Returns the schema and its fields.
pub fn schema() -> (Schema, Fields) {
    let mut builder = Schema::builder();
    // No tokenizer is ever used: the terms of an article are ready when a segment is written.
    let terms = TextOptions::default().set_indexing_options(
        TextFieldIndexing::default()
            .set_tokenizer("raw")
            .set_index_option(IndexRecordOption::WithFreqsAndPositions),
    );
    let fields = Fields {
        id: builder.add_text_field("id", STRING),
        content_hash: builder.add_u64_field("content_hash", FAST),
        signature: builder.add_bytes_field(SIGNATURE, FAST),
        text: builder.add_bytes_field("text", STORED),
        meta: builder.add_bytes_field("meta", STORED),
        segments: builder.add_bytes_field(SEGMENTS, STORED),
        source: builder.add_text_field("source", STRING | FAST),
        section: builder.add_text_field("section", STRING | FAST),
        author: builder.add_text_field("author", STRING | FAST),
        published: builder.add_i64_field("published", FAST),
        levels: document::Field::ALL.map(|field| Levels {
            form: builder.add_text_field(&format!("{}_form", field.name()), terms.clone()),
            stem: builder.add_text_field(&format!("{}_stem", field.name()), terms.clone()),
        }),
    };
    (builder.build(), fields)
}
