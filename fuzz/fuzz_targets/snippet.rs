//! Analyses any text and makes its snippets for any query. Tokens slice the text, marks do not overlap, and the fragments of a
//! snippet join to its span.
#![no_main]

use std::sync::LazyLock;

use fihrist_index::arabic::{Analyzer, MAX_TERM_CHARS, Model};
use fihrist_index::document::{Segment, SegmentKind};
use fihrist_index::query::parse;
use fihrist_index::snippet::{Fragment, Highlight, Highlighter, Options};
use fihrist_index::{Article, ArticleId, Span};
use libfuzzer_sys::fuzz_target;

static ANALYZER: LazyLock<Analyzer> = LazyLock::new(|| Analyzer::new(Model::base()));

fuzz_target!(|input: (&str, &str, u8, u8)| {
    let (query, text, title_chars, max_chars) = input;
    let tokens = ANALYZER.analyze(text);
    for token in &tokens {
        assert!(
            text.get(token.span.range())
                .is_some_and(|word| !word.is_empty()),
            "{token:?}"
        );
        for term in [&token.surface, &token.stem, &token.form(text)] {
            assert!(
                !term.is_empty() && !term.contains(char::is_whitespace),
                "{token:?}"
            );
            assert!(term.chars().count() <= MAX_TERM_CHARS, "{token:?}");
        }
    }
    let article = article(text, usize::from(title_chars));
    let query = parse(query, &ANALYZER);
    let matched = Highlighter::new(&query, &ANALYZER, Highlight::Word).find(&article);
    let spans = matched.spans();
    assert!(
        spans.windows(2).all(|pair| pair[0].end <= pair[1].start),
        "{spans:?}"
    );
    let options = Options {
        max_snippets: 3,
        max_snippet_chars: usize::from(max_chars).max(1),
    };
    for snippet in matched.snippets(&article, options) {
        assert_eq!(
            article.text.get(snippet.span.range()),
            Some(&*joined(&snippet.fragments))
        );
    }
    assert_eq!(joined(&matched.title(&article)), article.title());
    let cores = Highlighter::new(&query, &ANALYZER, Highlight::Stem)
        .find(&article)
        .spans();
    assert!(
        cores.iter().all(|core| article
            .text
            .get(core.range())
            .is_some_and(|part| !part.is_empty())),
        "{cores:?}"
    );
});

fn article(text: &str, title_chars: usize) -> Article {
    let cut = text
        .char_indices()
        .nth(title_chars)
        .map_or(text.len(), |(offset, _)| offset);
    let segments = vec![
        Segment {
            kind: SegmentKind::Title,
            span: Span::new(0, cut),
        },
        Segment {
            kind: SegmentKind::Body,
            span: Span::new(cut, text.len()),
        },
    ];
    let id = ArticleId::new("any").expect("an id");
    let text = text.to_owned();
    Article {
        id,
        text,
        segments,
        source: None,
        section: None,
        authors: Vec::new(),
        url: None,
        published: None,
    }
}

fn joined(fragments: &[Fragment]) -> String {
    fragments
        .iter()
        .map(|fragment| fragment.text.as_str())
        .collect()
}
