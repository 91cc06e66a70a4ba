//! What must hold for all text: no panic, no wrong span, no malformed term. Examples are in `spec`.

use std::sync::Arc;

use fihrist_index::analysis::{Analyzer, Kind, MAX_TERM_CHARS, Model, Token};
use fihrist_index::article::{Segment, SegmentKind};
use fihrist_index::query::parse;
use fihrist_index::snippet::{self, Fragment, Options};
use fihrist_index::{Article, ArticleId, Span};
use proptest::prelude::*;

/// Text such as crosses the door: pieces of news, signs that mean something to us, and any characters at all.
fn text() -> impl Strategy<Value = String> {
    let piece = prop_oneof![
        4 => prop::sample::select(vec![
            "وقف", "إطلاق", "بوقف", "اطلاق", "النار", "ليبيا", "لـ", "و", "الـ", "قال", "أ.ف.ب", "#وسم_عربي", "د.", "في",
            "ﷺ", "ﷲ", "كـتـاب", "مُحَمَّد", "س\u{654}", "G20", "BBC", "https://example.org/a?b=1", "a@b.org", "@name", "12,345", "٣٫٥",
        ]).prop_map(str::to_owned),
        3 => prop::sample::select(vec![
            " ", "\n", ". ", "، ", "؟", "«", "»", "“", "”", "\"", "-", " -", "(", ")", "_", "#", ":", "\u{200F}", "\u{A0}", "…", "!",
        ]).prop_map(str::to_owned),
        2 => any::<char>().prop_map(String::from),
        1 => "[\u{600}-\u{6FF}]{1,80}",
        1 => "[\u{FB50}-\u{FDFF}\u{FE70}-\u{FEFF}]{1,4}",
    ];
    prop::collection::vec(piece, 0..60).prop_map(|pieces| pieces.concat())
}

fn analyzer() -> Analyzer {
    Analyzer::new(Model::base())
}

fn article(text: String, title_chars: usize) -> Article {
    let cut = text.char_indices().nth(title_chars).map_or(text.len(), |(offset, _)| offset);
    let segments = vec![
        Segment { kind: SegmentKind::Title, span: Span::new(0, cut) },
        Segment { kind: SegmentKind::Body, span: Span::new(cut, text.len()) },
    ];
    let id = ArticleId::new("any").expect("an id");
    Article { id, text, segments, source: None, section: None, authors: Vec::new(), url: None, published: None }
}

fn joined(fragments: &[Fragment]) -> String {
    fragments.iter().map(|fragment| fragment.text.as_str()).collect()
}

fn check_tokens(text: &str, tokens: &[Token]) {
    let mut last_start = 0;
    let mut next_position = 0;
    let mut last_sentence = 0;
    for token in tokens {
        assert!(text.get(token.span.range()).is_some_and(|slice| !slice.is_empty()), "{token:?}");
        assert!(token.span.start >= last_start, "spans go backwards at {token:?}");
        assert!(token.sentence >= last_sentence, "sentences go backwards at {token:?}");
        for term in [&token.surface, &token.stem] {
            assert!(!term.is_empty() && !term.contains(char::is_whitespace), "{token:?}");
            assert!(term.chars().count() <= MAX_TERM_CHARS, "{token:?}");
        }
        assert_eq!(token.position, next_position, "positions are not dense at {token:?}");
        next_position += u32::from(token.kind != Kind::Whole);
        (last_start, last_sentence) = (token.span.start, token.sentence);
    }
}

#[test]
fn warming_changes_no_token() {
    let fresh = || Model::from_bytes(Model::base().to_bytes()).expect("the base model");
    let (cold, warm) = (Analyzer::new(Arc::new(fresh())), Analyzer::new(Arc::new(fresh())));
    warm.warm();
    for (word, _) in Model::base().words().take(5_000) {
        let text = format!("{word} و{word}ها بغ{word}");
        assert_eq!(cold.analyze(&text), warm.analyze(&text));
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(512))]

    #[test]
    fn tokens_slice_the_text_and_their_terms_are_well_formed(text in text()) {
        check_tokens(&text, &analyzer().analyze(&text));
    }

    #[test]
    fn the_core_of_any_string_is_a_part_of_it(text in text()) {
        let analyzer = analyzer();
        let words = analyzer.analyze(&text).into_iter().map(|token| token.span.slice(&text));
        for word in words.chain([text.as_str()]) {
            let core = analyzer.core(word);
            prop_assert!(word.get(core.range()).is_some_and(|core| word.is_empty() || !core.is_empty()), "{word:?}");
        }
    }

    #[test]
    fn any_string_is_a_query_whose_ranges_lie_in_it(text in text()) {
        let query = parse(&text, &analyzer());
        for clause in &query.clauses {
            prop_assert!(!clause.terms.is_empty());
            prop_assert!(text.get(clause.span.range()).is_some());
        }
        for notice in &query.notices {
            prop_assert!(text.get(notice.span.range()).is_some());
        }
    }

    #[test]
    fn fragments_join_to_their_range(text in text(), query in text(), title in 0_usize..40, chars in 1_usize..300, max in 0_usize..5) {
        let analyzer = analyzer();
        let article = article(text, title);
        let query = parse(&query, &analyzer);
        let options = Options { max_snippets: max, max_snippet_chars: chars };
        let snippets = snippet::snippets(&article, &query, &analyzer, options);
        prop_assert!(snippets.len() <= max);
        for snippet in &snippets {
            let whole = article.text.get(snippet.span.range());
            prop_assert_eq!(Some(joined(&snippet.fragments)), whole.map(str::to_owned));
        }
        for pair in snippets.windows(2) {
            prop_assert!(pair[0].span.end <= pair[1].span.start);
        }
        let titles = snippet::title_fragments(&article, &query, &analyzer);
        prop_assert_eq!(joined(&titles), article.title());
    }

    #[test]
    fn marks_begin_and_end_at_words(text in text(), query in text()) {
        let analyzer = analyzer();
        let article = article(text, 0);
        let tokens = analyzer.analyze(&article.text);
        let spans = snippet::match_spans(&article, &parse(&query, &analyzer), &analyzer);
        for span in &spans {
            prop_assert!(tokens.iter().any(|token| token.span.start == span.start));
            prop_assert!(tokens.iter().any(|token| token.span.end == span.end));
        }
        for pair in spans.windows(2) {
            prop_assert!(pair[0].end <= pair[1].start);
        }
    }
}
