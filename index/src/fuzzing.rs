//! Properties that hold for arbitrary input, and inputs to start from. The fuzz targets and the tests
//! use them; the product does not contain them.
//!
//! A property takes bytes and panics if it does not hold. Each fuzz target in `fuzz/` calls one. The
//! tests call all of them, with the seeds, with changed seeds, and with the inputs of old findings.

mod seeds;
#[cfg(test)]
mod tests;

use std::sync::LazyLock;

use fihrist_arabic::{Analyzer, CommonWords, MAX_TERM_CHARS, Model};

use crate::backend::tantivy::words_from_bytes;
use crate::document::{Segment, SegmentKind};
use crate::duplicates::Signature;
use crate::learning::{Boilerplate, graph::Graph};
use crate::query::parse;
use crate::search::{Cursor, Order, SearchRequest};
use crate::snippet::{Fragment, Highlight, Highlighter, Options};
use crate::{Article, ArticleId, Span};
use crate::{backend::tantivy::fuzzing as stored, backup, ingest::fuzzing as ingest};

/// A property with its name and the inputs to start from.
pub struct Target {
    /// The name of the fuzz target.
    pub name: &'static str,
    /// Panics if the property does not hold for these bytes.
    pub check: fn(&[u8]),
    /// Returns the inputs to start from.
    pub seeds: fn() -> Vec<Vec<u8>>,
}

/// All properties.
pub const TARGETS: &[Target] = &[
    target(
        "damaged_index",
        backup::fuzzing::damaged_index,
        backup::fuzzing::damaged_index_seeds,
    ),
    target("decoding", ingest::decoding, seeds::encoded_texts),
    target("reading", ingest::reading, seeds::files),
    target("unpacking", ingest::unpacking, seeds::archives),
    target("dates", ingest::dates, seeds::dates),
    target("query", query, seeds::queries),
    target("snippet", snippet, seeds::snippets),
    target("cursor", cursor, seeds::cursors),
    target("stored", stored_bytes, seeds::stored),
    target("small_files", small_files, seeds::small_files),
    target(
        "restoring",
        backup::fuzzing::restoring,
        backup::fuzzing::seeds,
    ),
];

const fn target(name: &'static str, check: fn(&[u8]), seeds: fn() -> Vec<Vec<u8>>) -> Target {
    Target { name, check, seeds }
}

/// Checks the property with this name. Panics if there is none.
pub fn check(name: &str, input: &[u8]) {
    let target = TARGETS.iter().find(|target| target.name == name);
    (target.expect("a property with this name").check)(input);
}

static ANALYZER: LazyLock<Analyzer> = LazyLock::new(|| Analyzer::new(Model::base()));

/// Parses a text as a query. Every span lies in the text, and the printed query is parsed again.
fn query(input: &[u8]) {
    let Ok(input) = std::str::from_utf8(input) else {
        return;
    };
    let query = parse(input, &ANALYZER);
    for clause in &query.clauses {
        assert!(input.get(clause.span.range()).is_some(), "{clause:?}");
    }
    for text in query.texts() {
        let is_part = input.get(text.span.range()).is_some();
        assert!(!text.terms.is_empty() && is_part, "{text:?}");
    }
    for notice in &query.notices {
        assert!(input.get(notice.span.range()).is_some(), "{notice:?}");
    }
    // The words of a hashtag or an address depend on the text beside it, so the two queries may
    // differ. Both have clauses, or neither has.
    let printed = query.to_string();
    let again = parse(&printed, &ANALYZER);
    assert_eq!(
        again.clauses.is_empty(),
        query.clauses.is_empty(),
        "{printed:?}"
    );
}

/// Analyses a text and makes its snippets for a query. Tokens slice the text, marks do not overlap,
/// and the fragments of a snippet join to its span. The input is the length of the title, the length
/// of a snippet, the query, a zero byte and the text.
fn snippet(input: &[u8]) {
    let [title_chars, max_chars, rest @ ..] = input else {
        return;
    };
    let Some((query, text)) = std::str::from_utf8(rest)
        .ok()
        .and_then(|rest| rest.split_once('\0'))
    else {
        return;
    };
    check_tokens(text);
    let article = article(text, usize::from(*title_chars));
    let query = parse(query, &ANALYZER);
    let matched = Highlighter::new(&query, &ANALYZER, Highlight::Word).find(&article);
    let spans = matched.spans();
    assert!(
        spans.windows(2).all(|pair| pair[0].end <= pair[1].start),
        "{spans:?}"
    );
    let options = Options {
        max_snippets: 3,
        max_snippet_chars: usize::from(*max_chars).max(1),
    };
    for snippet in matched.snippets(&article, options) {
        let part = article.text.get(snippet.span.range());
        assert_eq!(part, Some(&*joined(&snippet.fragments)));
    }
    assert_eq!(joined(&matched.title(&article)), article.title());
    let cores = Highlighter::new(&query, &ANALYZER, Highlight::Stem)
        .find(&article)
        .spans();
    for core in cores {
        let part = article.text.get(core.range());
        assert!(part.is_some_and(|part| !part.is_empty()), "{core:?}");
    }
}

fn check_tokens(text: &str) {
    for token in &ANALYZER.analyze(text) {
        let word = text.get(token.span.range());
        assert!(word.is_some_and(|word| !word.is_empty()), "{token:?}");
        for term in [&token.surface, &token.stem, &token.form(text)] {
            let is_term = !term.is_empty() && !term.contains(char::is_whitespace);
            assert!(
                is_term && term.chars().count() <= MAX_TERM_CHARS,
                "{token:?}"
            );
        }
    }
}

fn article(text: &str, title_chars: usize) -> Article {
    let cut = text.char_indices().nth(title_chars);
    let cut = cut.map_or(text.len(), |(offset, _)| offset);
    let segment = |kind, start, end| Segment {
        kind,
        span: Span::new(start, end),
    };
    Article {
        id: ArticleId::new("any").expect("an id"),
        text: text.to_owned(),
        segments: vec![
            segment(SegmentKind::Title, 0, cut),
            segment(SegmentKind::Body, cut, text.len()),
        ],
        source: None,
        section: None,
        authors: Vec::new(),
        url: None,
        published: None,
        unmapped: None,
    }
}

fn joined(fragments: &[Fragment]) -> String {
    fragments
        .iter()
        .map(|fragment| fragment.text.as_str())
        .collect()
}

/// Parses a text as the cursor of a search. The first byte chooses the search. A cursor that is
/// parsed is written as the same text, in small letters, and belongs to no other search.
fn cursor(input: &[u8]) {
    let Some((choice, text)) = input.split_first() else {
        return;
    };
    let Ok(text) = std::str::from_utf8(text) else {
        return;
    };
    let request = |query: &str| SearchRequest {
        order: if choice & 1 > 0 {
            Order::Newest
        } else {
            Order::Relevance
        },
        collapses: choice & 2 > 0,
        ..SearchRequest::new(query)
    };
    if let Some(cursor) = Cursor::parse(text, &request("سلام")) {
        assert_eq!(cursor.to_text(&request("سلام")), text.to_ascii_lowercase());
        assert_eq!(Cursor::parse(text, &request("حرب")), None);
    }
}

/// Decodes bytes as they are stored for an article. The first byte chooses the field.
fn stored_bytes(input: &[u8]) {
    match input.split_first() {
        Some((0, bytes)) => stored::stored_article(bytes),
        Some((1, bytes)) => {
            if let Some(signature) = Signature::from_bytes(bytes) {
                assert_eq!(signature.to_bytes(), bytes);
                assert!(signature.is_copy_of(&signature));
            }
        }
        Some((_, bytes)) => stored::text_codec(bytes),
        None => {}
    }
}

/// Decodes bytes as one of the small files of a generation. The first byte chooses the file. What is
/// decoded is encoded as the same bytes.
fn small_files(input: &[u8]) {
    let Some((choice, bytes)) = input.split_first() else {
        return;
    };
    match choice % 7 {
        0 => {
            if let Ok(model) = Model::from_bytes(bytes) {
                assert_eq!(model.to_bytes(), bytes);
            }
        }
        1 => drop(Model::from_compressed(bytes)),
        2 => {
            if let Ok(graph) = Graph::from_bytes(bytes) {
                assert_eq!(graph.to_bytes(), bytes);
            }
        }
        3 => drop(Graph::from_compressed(bytes)),
        4 => {
            if let Ok(boilerplate) = Boilerplate::from_bytes(bytes) {
                let again = Boilerplate::from_bytes(&boilerplate.to_bytes());
                assert_eq!(again.ok(), Some(boilerplate));
            }
        }
        5 => ingest::ledger(bytes),
        _ => {
            let words = words_from_bytes(bytes, Model::empty().hash());
            if let Ok(words) = words {
                let again = CommonWords::new(words.iter());
                assert!(again.iter().eq(words.iter()));
            }
        }
    }
}
