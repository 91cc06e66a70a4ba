//! The query language over a real index: which articles a query finds, and which text is marked.
//! `spec/queries.md` specifies how a query is parsed.

mod clauses;
mod relaxation;

use fihrist_index::search::{Operator, SearchRequest};
use fihrist_index::snippet::Highlight;

use crate::support::stories::World;

impl World {
    fn ids(&self, request: &SearchRequest) -> Vec<String> {
        let hits = self.index.search(request).expect("an answer").hits;
        let mut ids: Vec<String> = hits
            .iter()
            .map(|hit| hit.article.id.as_str().to_owned())
            .collect();
        ids.sort();
        ids
    }

    /// Checks which articles match all clauses of a query.
    #[track_caller]
    fn check(&self, query: &str, expected: &[&str]) {
        let mut expected = expected.to_vec();
        expected.sort_unstable();
        let request = SearchRequest {
            operator: Operator::And,
            ..SearchRequest::new(query)
        };
        assert_eq!(self.ids(&request), expected, "{query}");
    }

    /// Checks which text of an article is marked in its title and its snippets.
    #[track_caller]
    fn check_marks(&self, query: &str, id: &str, highlight: Highlight, expected: &[&str]) {
        let request = SearchRequest {
            highlight,
            operator: Operator::And,
            ..SearchRequest::new(query)
        };
        let hits = self.index.search(&request).expect("an answer").hits;
        let hit = hits
            .iter()
            .find(|hit| hit.article.id.as_str() == id)
            .expect("a hit");
        let snippets = hit.snippets.iter().map(|snippet| &snippet.fragments);
        let marks: Vec<&str> = [&hit.title]
            .into_iter()
            .chain(snippets)
            .flatten()
            .filter(|fragment| fragment.is_match)
            .map(|fragment| fragment.text.as_str())
            .collect();
        assert_eq!(marks, expected, "{query} in {id}");
    }
}

#[test]
fn suggestions_are_whole_queries_with_their_kinds() {
    let world = World::new();
    let suggest = |text: &str| -> Vec<(String, &str)> {
        let found = world.index.suggest(text, 8).expect("suggestions");
        found
            .into_iter()
            .map(|suggestion| (suggestion.text, suggestion.kind.name()))
            .collect()
    };
    let has = |text: &str, expected: &str, kind: &str| {
        let found = suggest(text);
        assert!(
            found.contains(&(expected.to_owned(), kind)),
            "{text}: {found:?}"
        );
    };
    has("حفت", "حفتر", "completion");
    has("أسعار القم", "أسعار القمح", "completion");
    has("أسعار القم", "حفتر وأسعار القمح", "title");
    has("مؤتمر", "مؤتمر صحفي", "title");
    has("ptjv", "حفتر", "keyboard_layout");
    for text in [
        "",
        " ",
        "؟؟؟",
        "\"",
        "(",
        "حفتر ",
        "-",
        "عنوان:",
        &"و".repeat(3_000),
    ] {
        assert!(suggest(text).len() <= 8, "{text}");
    }
}

#[test]
fn only_text_that_satisfied_the_query_is_marked() {
    let world = World::new();
    let word = Highlight::Word;
    world.check_marks(
        "\"وقف إطلاق النار\" -ماكر",
        "truce",
        word,
        &["بوقف اطلاق النار"],
    );
    world.check_marks("\"رحب ليبيا\"~9", "truce", word, &["رحب", "ليبيا"]);
    world.check_marks("السفن NEAR/3 حفتر", "press", word, &["السفن", "حفتر"]);
    world.check_marks("ماكرون NEAR/3 تونس", "press", word, &["ماكرون", "تونس"]);
    world.check_marks("(حفتر مالطا) OR تونس", "press", word, &["تونس"]);
    world.check_marks("القمح -باريس", "press", word, &["القمح"]);
    world.check_marks("حكوم*", "wheat", word, &["الحكومة", "حكومات"]);
    world.check_marks(
        "عنوان:حفتر القمح",
        "wheat",
        word,
        &["حفتر", "القمح", "القمح", "القمح", "القمح"],
    );
}

#[test]
fn a_mark_may_be_the_part_inside_the_clitics() {
    let world = World::new();
    world.check_marks(
        "\"وقف إطلاق النار\"",
        "truce",
        Highlight::Stem,
        &["وقف اطلاق النار"],
    );
    world.check_marks("حكومة", "wheat", Highlight::Stem, &["حكومة", "حكومات"]);
}
