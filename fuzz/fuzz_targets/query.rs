//! Parses any string as a query: every span lies in the string, and the printed query can be parsed again.
#![no_main]

use std::sync::LazyLock;

use fihrist_index::arabic::{Analyzer, Model};
use fihrist_index::query::parse;
use libfuzzer_sys::fuzz_target;

static ANALYZER: LazyLock<Analyzer> = LazyLock::new(|| Analyzer::new(Model::base()));

fuzz_target!(|input: &str| {
    let query = parse(input, &ANALYZER);
    for clause in &query.clauses {
        assert!(input.get(clause.span.range()).is_some(), "{clause:?}");
    }
    for text in query.texts() {
        assert!(
            !text.terms.is_empty() && input.get(text.span.range()).is_some(),
            "{text:?}"
        );
    }
    for notice in &query.notices {
        assert!(input.get(notice.span.range()).is_some(), "{notice:?}");
    }
    // The words of a hashtag or an address depend on the text beside it, so the two queries may differ. Both must parse.
    let printed = query.to_string();
    let again = parse(&printed, &ANALYZER);
    assert_eq!(
        again.clauses.is_empty(),
        query.clauses.is_empty(),
        "{printed:?}"
    );
});
