//! Properties that hold for all text: no panic, no wrong span, no malformed term. `spec` holds the
//! examples.

use std::sync::{Arc, LazyLock};

use fihrist_index::arabic::{
    Analyzer, MAX_TERM_CHARS, Model, NotedWords, Pretokenized, Token, TokenKind, WordCounter,
};
use fihrist_index::document::{Segment, SegmentKind};
use fihrist_index::query::{Clause, ClauseKind, Query, parse};
use fihrist_index::snippet::{Fragment, Highlight, Highlighter, Options};
use fihrist_index::{Article, Span};
use proptest::prelude::*;

use crate::support::articles::untitled;

/// Text as it arrives: pieces of news, signs of the query language, and arbitrary characters.
fn text() -> impl Strategy<Value = String> {
    let piece = prop_oneof![
        4 => prop::sample::select(vec![
            "وقف", "إطلاق", "بوقف", "اطلاق", "النار", "ليبيا", "لـ", "و", "الـ", "قال", "أ.ف.ب", "#وسم_عربي", "د.", "في",
            "ﷺ", "ﷲ", "كـتـاب", "مُحَمَّد", "س\u{654}", "G20", "BBC", "https://example.org/a?b=1", "a@b.org", "@name", "12,345", "٣٫٥",
        ]).prop_map(str::to_owned),
        3 => prop::sample::select(vec![
            " ", "\n", ". ", "، ", "؟", "«", "»", "“", "”", "\"", "-", " -", "(", ")", "_", "#", ":", "\u{200F}", "\u{A0}", "…", "!",
        ]).prop_map(str::to_owned),
        2 => prop::sample::select(vec![
            " OR ", " AND ", " NOT ", " NEAR/3 ", " قرب/٥ ", " أو ", " ليس ", " title:", " عنوان:", " source:", " date:2020-01..2020-03 ", " date:2020-01 ",
            " date:", " =", " -=", "~3", "*", " م?تمر ", " حكوم*", " (", ") ", "\" ", " \"",
        ]).prop_map(str::to_owned),
        2 => any::<char>().prop_map(String::from),
        1 => "[\u{600}-\u{6FF}]{1,80}",
        1 => "[\u{FB50}-\u{FDFF}\u{FE70}-\u{FEFF}]{1,4}",
    ];
    prop::collection::vec(piece, 0..60).prop_map(|pieces| pieces.concat())
}

/// Text without hashtags, handles and addresses, whose parts depend on the characters beside them.
fn text_without_addresses() -> impl Strategy<Value = String> {
    let is_address = |word: &str| word.contains(['#', '@', '.']);
    text().prop_map(move |text| {
        text.split(' ')
            .filter(|word| !is_address(word))
            .collect::<Vec<_>>()
            .join(" ")
    })
}

fn analyzer() -> Analyzer {
    Analyzer::new(Model::base())
}

/// Returns an analyzer that has numbered its common words.
fn warm_analyzer() -> Analyzer {
    static WARM: LazyLock<Analyzer> = LazyLock::new(|| {
        let analyzer = analyzer();
        analyzer.warm();
        analyzer
    });
    WARM.clone()
}

/// The tokens of the part `span` of a text, and the common words among them.
fn tokens_with(text: &str, span: Span, found: &Pretokenized) -> (Vec<Token>, Pretokenized) {
    let (mut tokens, mut common) = (Vec::new(), Pretokenized::default());
    warm_analyzer().for_each_in(text, span, found, |token| {
        tokens.push(token.to_owned());
        if let Some(number) = token.common_number() {
            common.push(token.span.shifted(span.start), number);
        }
    });
    (tokens, common)
}

fn pretokenized(words: impl IntoIterator<Item = (Span, u16)>) -> Pretokenized {
    let mut pretokenized = Pretokenized::default();
    for (span, number) in words {
        pretokenized.push(span, number);
    }
    pretokenized
}

fn article(text: String, title_chars: usize) -> Article {
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
    Article {
        segments,
        ..untitled("any", text)
    }
}

/// Returns the clauses of a query without their spans in the input.
fn without_spans(mut query: Query) -> Vec<Clause> {
    query.for_each_clause_mut(&mut |clause| {
        clause.span = Span::new(0, 0);
        match &mut clause.kind {
            ClauseKind::Text(text) => text.span = Span::new(0, 0),
            ClauseKind::Near { texts, .. } => texts
                .iter_mut()
                .for_each(|text| text.span = Span::new(0, 0)),
            ClauseKind::Pattern(_)
            | ClauseKind::Any(_)
            | ClauseKind::All(_)
            | ClauseKind::Filter(_) => {}
        }
    });
    query.clauses
}

fn joined(fragments: &[Fragment]) -> String {
    fragments
        .iter()
        .map(|fragment| fragment.text.as_str())
        .collect()
}

fn check_tokens(text: &str, tokens: &[Token]) {
    let mut last_start = 0;
    let mut next_position = 0;
    let mut last_sentence = 0;
    for token in tokens {
        assert!(
            text.get(token.span.range())
                .is_some_and(|slice| !slice.is_empty()),
            "{token:?}"
        );
        assert!(
            token.span.start >= last_start,
            "spans go backwards at {token:?}"
        );
        assert!(
            token.sentence >= last_sentence,
            "sentences go backwards at {token:?}"
        );
        for term in [&token.surface, &token.stem] {
            assert!(
                !term.is_empty() && !term.contains(char::is_whitespace),
                "{token:?}"
            );
            assert!(term.chars().count() <= MAX_TERM_CHARS, "{token:?}");
        }
        assert_eq!(
            token.position, next_position,
            "positions are not dense at {token:?}"
        );
        next_position += u32::from(token.kind != TokenKind::Whole);
        (last_start, last_sentence) = (token.span.start, token.sentence);
    }
}

#[test]
fn warming_changes_no_token() {
    let fresh = || Model::from_bytes(Model::base().to_bytes()).expect("the base model");
    let (cold, warm) = (
        Analyzer::new(Arc::new(fresh())),
        Analyzer::new(Arc::new(fresh())),
    );
    warm.warm();
    for (word, _) in Model::base().words().take(5_000) {
        let text = format!("{word} و{word}ها بغ{word}");
        assert_eq!(cold.analyze(&text), warm.analyze(&text));
    }
}

#[test]
fn text_that_only_looks_like_a_field_is_printed_as_text() {
    let analyzer = Analyzer::new(Model::base());
    for input in ["$date:5", "#title:خبر", "$متن:كلام date:2020", "$date:.ل"] {
        let query = parse(input, &analyzer);
        let again = parse(&query.to_string(), &analyzer);
        assert_eq!(
            without_spans(again),
            without_spans(query.clone()),
            "{input}: {query}"
        );
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(512))]

    #[test]
    fn tokens_slice_the_text_and_their_terms_are_well_formed(text in text()) {
        check_tokens(&text, &analyzer().analyze(&text));
    }

    #[test]
    fn known_common_words_change_no_token(text in text(), cut in 0..80_usize, known in any::<u64>()) {
        let cut = text.char_indices().nth(cut).map_or(text.len(), |(offset, _)| offset);
        let span = Span::new(cut, text.len());
        let (tokens, common) = tokens_with(&text, span, &Pretokenized::default());
        let is_known = |(index, _): &(u32, (Span, u16))| known >> (index % 64) & 1 == 1;
        let some = pretokenized((0..).zip(common.words()).filter(is_known).map(|(_, word)| word));
        for known in [&common, &some] {
            let (again, common) = tokens_with(&text, span, known);
            prop_assert_eq!(&again, &tokens);
            prop_assert!(known.words().next().is_none() || &common == known);
        }
    }

    #[test]
    fn words_noted_while_counting_change_no_token(text in text(), cut in 0..80_usize) {
        let cut = text.char_indices().nth(cut).map_or(text.len(), |(offset, _)| offset);
        let (mut counter, mut noted) = (WordCounter::default(), NotedWords::for_counting(0));
        for span in [Span::new(0, cut), Span::new(cut, text.len())] {
            counter.add_text_noting(span.slice(&text), span.start, &mut noted);
        }
        let analyzer = warm_analyzer();
        let found = analyzer.renumber(&noted);
        for span in [Span::new(0, cut), Span::new(cut, text.len())] {
            let (expected, all) = tokens_with(&text, span, &Pretokenized::default());
            let mut tokens = Vec::new();
            analyzer.for_each_in(&text, span, &found, |token| {
                tokens.push((token.common_number(), token.to_owned()));
            });
            prop_assert_eq!(tokens.iter().filter(|(common, _)| common.is_some()).count(), all.words().count());
            prop_assert_eq!(tokens.into_iter().map(|(_, token)| token).collect::<Vec<_>>(), expected);
        }
    }

    #[test]
    fn wrong_numbers_and_ranges_give_tokens_within_the_text(
        text in text(),
        wrong in prop::collection::vec((0..200_usize, 0..30_usize, any::<u16>()), 0..20),
    ) {
        let words = wrong.into_iter().map(|(start, size, number)| (Span::new(start, start + size), number));
        let mut wrong = pretokenized(words);
        wrong.sort();
        for token in tokens_with(&text, Span::new(0, text.len()), &wrong).0 {
            prop_assert!(text.get(token.span.range()).is_some_and(|slice| !slice.is_empty()), "{:?}", token);
        }
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
            prop_assert!(text.get(clause.span.range()).is_some());
        }
        for words in query.texts() {
            prop_assert!(!words.terms.is_empty() && text.get(words.span.range()).is_some_and(|typed| !typed.is_empty()));
        }
        for notice in &query.notices {
            prop_assert!(text.get(notice.span.range()).is_some());
        }
    }

    #[test]
    fn a_printed_query_parses_to_the_same_query(text in text_without_addresses()) {
        let analyzer = analyzer();
        let query = parse(&text, &analyzer);
        let printed = query.to_string();
        let again = parse(&printed, &analyzer);
        prop_assert_eq!(without_spans(again), without_spans(query), "{}", printed);
    }

    #[test]
    fn fragments_join_to_their_range(text in text(), query in text(), title in 0_usize..40, chars in 1_usize..300, max in 0_usize..5) {
        let analyzer = analyzer();
        let article = article(text, title);
        let query = parse(&query, &analyzer);
        let options = Options { max_snippets: max, max_snippet_chars: chars };
        let matched = Highlighter::new(&query, &analyzer, Highlight::Word).find(&article);
        let snippets = matched.snippets(&article, options);
        prop_assert!(snippets.len() <= max);
        for snippet in &snippets {
            let whole = article.text.get(snippet.span.range());
            prop_assert_eq!(Some(joined(&snippet.fragments)), whole.map(str::to_owned));
        }
        for pair in snippets.windows(2) {
            prop_assert!(pair[0].span.end <= pair[1].span.start);
        }
        let titles = matched.title(&article);
        prop_assert_eq!(joined(&titles), article.title());
    }

    #[test]
    fn marks_begin_and_end_at_words(text in text(), query in text()) {
        let analyzer = analyzer();
        let article = article(text, 0);
        let tokens = analyzer.analyze(&article.text);
        let query = parse(&query, &analyzer);
        let spans = Highlighter::new(&query, &analyzer, Highlight::Word).find(&article).spans();
        for span in &spans {
            prop_assert!(tokens.iter().any(|token| token.span.start == span.start));
            prop_assert!(tokens.iter().any(|token| token.span.end == span.end));
        }
        for pair in spans.windows(2) {
            prop_assert!(pair[0].end <= pair[1].start);
        }
    }
}
