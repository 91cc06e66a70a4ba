//! Estimates the work of a search before it runs. The rate limit, the pool and the memory use the
//! same estimate.

use fihrist_index::search::SearchRequest;

use super::limits::limits;
use super::pool::Class;

/// The work of one search.
#[derive(Clone, Copy)]
pub struct Work {
    /// The work in plain searches. A search counts as this many requests of its client.
    pub units: usize,
    /// The class of the search in the pool: costly if it is at least [`COSTLY_UNITS`] of work.
    pub class: Class,
    /// The memory that the search may take, in bytes.
    pub memory_bytes: usize,
}

/// The memory of a call beside its query, its articles and its answer.
const CALL_BYTES: usize = 2 << 20;

/// A search of at least this much work is costly.
const COSTLY_UNITS: usize = 5;

impl Work {
    /// The work of a call that reads a little and has no query.
    pub const QUICK: Self = Self {
        units: 1,
        class: Class::Quick,
        memory_bytes: CALL_BYTES,
    };

    /// The work of a search without a query.
    pub const SEARCH: Self = Self {
        class: Class::Search,
        ..Self::QUICK
    };

    /// Estimates the work of a search whose query is `words` of work. That is the number of its words;
    /// a pattern, a `NEAR` and a phrase with gaps count as 80 words each.
    ///
    /// | part of a search | units |
    /// |---|---|
    /// | the search itself | 1 |
    /// | 20 words of the query | 1 |
    /// | 10 articles that are explained | 1 |
    /// | 100 articles on the page | 1 |
    ///
    /// | part of a search | memory |
    /// |---|---|
    /// | the search itself | 2 MB |
    /// | a word of the query, for its occurrences in 100 candidates | 16 kB |
    /// | an article on the page, with its stored text | 16 kB |
    /// | the answer: its length three times, as values, as JSON values and as text | see [`answer_bytes`] |
    pub fn of_search(request: &SearchRequest, words: usize) -> Self {
        let explained = if request.explains { request.limit } else { 0 };
        let units = 1 + words / 20 + explained / 10 + request.limit / 100;
        let answer_bytes = answer_bytes(request, words).min(limits().answer_bytes);
        let memory_bytes =
            CALL_BYTES + words * (16 << 10) + request.limit * (16 << 10) + 3 * answer_bytes;
        let class = if units >= COSTLY_UNITS {
            Class::Costly
        } else {
            Class::Search
        };
        Self {
            units,
            class,
            memory_bytes,
        }
    }

    /// Returns the same work as a quick call, unless it is costly.
    pub fn or_quick(self) -> Self {
        let class = match self.class {
            Class::Costly => Class::Costly,
            Class::Search | Class::Quick => Class::Quick,
        };
        Self { class, ..self }
    }
}

/// Estimates the answer to a search, in bytes. A character takes up to two bytes, and marks take as
/// much again.
fn answer_bytes(request: &SearchRequest, words: usize) -> usize {
    let snippets = request.snippets;
    let of_snippets = snippets.max_snippets * (200 + 4 * snippets.max_snippet_chars);
    let of_words = if request.explains { words * 2_000 } else { 0 };
    request.limit * (1_000 + of_snippets + of_words)
}

#[cfg(test)]
mod tests {
    use fihrist_index::query::WORDS_OF_COSTLY_CLAUSE;

    use super::*;

    #[test]
    fn long_queries_patterns_and_explanations_are_costly() {
        let check = |words: usize, limit: usize, explains: bool, units: usize, is_costly: bool| {
            let request = SearchRequest {
                limit,
                explains,
                ..SearchRequest::new("")
            };
            let work = Work::of_search(&request, words);
            assert_eq!(
                (work.units, work.class == Class::Costly),
                (units, is_costly),
                "{words} {limit} {explains}"
            );
        };
        check(0, 10, false, 1, false);
        check(19, 50, false, 1, false);
        check(30, 100, false, 3, false);
        check(600, 10, false, 31, true);
        check(WORDS_OF_COSTLY_CLAUSE, 10, false, 5, true);
        check(3, 10, true, 2, false);
        check(3, 100, true, 12, true);
    }

    #[test]
    fn memory_grows_with_the_answer_up_to_its_limit() {
        let memory = |limit: usize, explains: bool, words: usize| {
            let request = SearchRequest {
                limit,
                explains,
                ..SearchRequest::new("")
            };
            Work::of_search(&request, words).memory_bytes
        };
        assert!(memory(10, false, 3) < 4 << 20);
        assert!(memory(100, true, 660) > 3 * limits().answer_bytes);
        assert!(memory(100, true, 660) < 5 * limits().answer_bytes);
    }
}
