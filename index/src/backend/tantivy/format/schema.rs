//! The fields of the embedded index. It holds no article and runs no query.

use tantivy::index::IndexSettings;
use tantivy::schema::{
    FAST, Field, IndexRecordOption, STORED, STRING, Schema, TextFieldIndexing, TextOptions,
};
use tantivy::store::{Compressor, ZstdCompressor};

use crate::document;
use crate::query::Keyword;

/// Version of the fields, of what is stored in them and of the files beside them. Raised with every change.
pub const SCHEMA_VERSION: u32 = 6;

/// The oldest version whose stored articles this binary reads, for a rebuild. Raised when their form changes.
pub const OLDEST_READABLE_SCHEMA: u32 = 1;

/// The one version that stores texts a byte a letter. Those before it store them as they are, later ones with words as numbers.
pub const WITH_LETTERS: u32 = 5;

/// The name of [`Fields::segments`].
pub const SEGMENTS: &str = "segments";

/// The name of [`Fields::signature`].
pub const SIGNATURE: &str = "signature";

/// The fields by what they hold.
#[derive(Debug, Clone, Copy)]
pub struct Fields {
    /// The id, one term.
    pub id: Field,
    /// [`AnalyzedArticle::content_hash`](crate::document::AnalyzedArticle).
    pub content_hash: Field,
    /// [`Signature::to_bytes`](crate::duplicates::Signature::to_bytes), by which copies of the article are found.
    pub signature: Field,
    /// The stored text, [compact](super::compact).
    pub text: Field,
    /// The rest of the stored article, but for its segments.
    pub meta: Field,
    /// [Its segments](crate::document::Meta::split_segments).
    pub segments: Field,
    /// The outlet, one term.
    pub source: Field,
    /// The section, one term.
    pub section: Field,
    /// The authors, a term each.
    pub author: Field,
    /// Seconds since 1970.
    pub published: Field,
    /// Levels of each searched field, in the order of [`Field::ALL`].
    pub levels: [Levels; 3],
}

impl Fields {
    /// The field that holds the values of a keyword.
    pub const fn of_keyword(&self, keyword: Keyword) -> Field {
        match keyword {
            Keyword::Source => self.source,
            Keyword::Section => self.section,
            Keyword::Author => self.author,
        }
    }
}

/// The two levels of a searched field.
#[derive(Debug, Clone, Copy)]
pub struct Levels {
    /// Words as they are spelled; where they stand, [`places`](super::places) tells.
    pub form: Field,
    /// Stems.
    pub stem: Field,
}

/// How what is stored is compressed. Beside the usual blocks of half the size these take a twentieth less room, and 20 µs
/// more to read one.
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

/// The schema and its fields.
pub fn schema() -> (Schema, Fields) {
    let mut builder = Schema::builder();
    // No tokenizer is ever asked: the analysis is done, and a segment takes the terms as they are.
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
