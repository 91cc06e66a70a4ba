//! The fields of the embedded index. It holds no article and runs no query.

use tantivy::schema::{
    FAST, Field, INDEXED, IndexRecordOption, STORED, STRING, Schema, TextFieldIndexing, TextOptions,
};
use tantivy::tokenizer::{TextAnalyzer, Token, TokenStream, Tokenizer, TokenizerManager};

use crate::article;
use crate::query::Keyword;

/// Version of the fields, of what is stored in them and of the files beside them. Raised with every change.
pub const SCHEMA_VERSION: u32 = 4;

/// The oldest version whose stored articles this binary reads, for a rebuild. Raised when their form changes.
pub const OLDEST_READABLE_SCHEMA: u32 = 1;

const TERMS: &str = "terms";

/// The name of [`Fields::signature`].
pub const SIGNATURE: &str = "signature";

/// The fields by what they hold.
#[derive(Debug, Clone, Copy)]
pub struct Fields {
    /// The id, one term.
    pub id: Field,
    /// [`AnalyzedArticle::content_hash`](crate::backend::AnalyzedArticle).
    pub content_hash: Field,
    /// [`Signature::to_bytes`](crate::duplicates::Signature::to_bytes), by which copies of the article are found.
    pub signature: Field,
    /// The stored text.
    pub text: Field,
    /// The rest of the stored article.
    pub meta: Field,
    /// The outlet, one term.
    pub source: Field,
    /// The section, one term.
    pub section: Field,
    /// The authors, a term each.
    pub author: Field,
    /// Seconds since 1970.
    pub published: Field,
    /// Levels of each searched field, in the order of [`article::Field::ALL`].
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
    /// Words as they are spelled.
    pub form: Field,
    /// Stems.
    pub stem: Field,
}

/// The schema and its fields.
pub fn schema() -> (Schema, Fields) {
    let mut builder = Schema::builder();
    let terms = TextOptions::default().set_indexing_options(
        TextFieldIndexing::default().set_tokenizer(TERMS).set_index_option(IndexRecordOption::WithFreqsAndPositions),
    );
    let fields = Fields {
        id: builder.add_text_field("id", STRING),
        content_hash: builder.add_u64_field("content_hash", FAST),
        signature: builder.add_bytes_field(SIGNATURE, FAST),
        text: builder.add_text_field("text", STORED),
        meta: builder.add_bytes_field("meta", STORED),
        source: builder.add_text_field("source", STRING | FAST),
        section: builder.add_text_field("section", STRING | FAST),
        author: builder.add_text_field("author", STRING | FAST),
        published: builder.add_i64_field("published", INDEXED | FAST),
        levels: article::Field::ALL.map(|field| Levels {
            form: builder.add_text_field(&format!("{}_form", field.name()), terms.clone()),
            stem: builder.add_text_field(&format!("{}_stem", field.name()), terms.clone()),
        }),
    };
    (builder.build(), fields)
}

/// The tokenizers that the schema names: ours takes terms apart at spaces, since the analysis is done.
pub fn tokenizers() -> TokenizerManager {
    let manager = TokenizerManager::default();
    manager.register(TERMS, TextAnalyzer::builder(TermsAtSpaces::default()).build());
    manager
}

/// Splits joined terms at single spaces, one position each.
#[derive(Debug, Clone, Default)]
struct TermsAtSpaces {
    token: Token,
}

struct TermStream<'a> {
    rest: Option<&'a str>,
    token: &'a mut Token,
}

impl Tokenizer for TermsAtSpaces {
    type TokenStream<'a> = TermStream<'a>;

    fn token_stream<'a>(&'a mut self, text: &'a str) -> TermStream<'a> {
        self.token.reset();
        TermStream { rest: Some(text).filter(|text| !text.is_empty()), token: &mut self.token }
    }
}

impl TokenStream for TermStream<'_> {
    fn advance(&mut self) -> bool {
        let Some(rest) = self.rest.take() else { return false };
        let (term, rest) = match rest.split_once(' ') {
            Some((term, rest)) => (term, Some(rest)),
            None => (rest, None),
        };
        self.rest = rest;
        self.token.position = self.token.position.wrapping_add(1);
        self.token.text.clear();
        self.token.text.push_str(term);
        true
    }

    fn token(&self) -> &Token {
        self.token
    }

    fn token_mut(&mut self) -> &mut Token {
        self.token
    }
}
