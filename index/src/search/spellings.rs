//! Looks up how words are spelled in the index: the words of a query, for which articles with the
//! typed spelling come first, and the words that are shown for related stems. This module runs no
//! query.

use super::searcher::Searcher;
use crate::document::Field;
use crate::error::Result;
use crate::query::{IndexForm, Level, Query, QueryTerm, Scope};
use crate::ranking::TermStatistics;

/// Another spelling competes with the typed one if it is in at least one article for this many
/// articles with the typed one. A rarer one is seldom on the first page.
const TYPED_FOR_ONE_OTHER: u64 = 10;

/// Looks up the forms of the index for every word of a query. Sets how strongly articles with the
/// typed spelling come first. The more words a query has, the less a single one decides:
///
/// | words of the query | `typed_first` |
/// |---|---|
/// | 1 | 1 |
/// | 2 | 1/4 |
/// | 3 | 1/9 |
pub fn look_up_forms(query: &mut Query, searcher: Searcher<'_>) -> Result<()> {
    let terms = searcher.snapshot.terms();
    let words = query.terms().count() + query.patterns().count();
    let mut outcome = Ok(());
    query.for_each_text_mut(|text| {
        for word in &mut text.terms {
            let forms = searcher.context.deadline.check();
            match forms.and_then(|()| forms_of(terms, &word.surface)) {
                Ok(forms) => word.forms = forms,
                Err(error) => return outcome = Err(error),
            }
            if has_competing_spelling(word, text.scope) {
                word.typed_first = 1.0 / (words * words).max(1) as f32;
            }
        }
    });
    outcome
}

/// Returns whether a word is typed with a hamza, `ة` or `ى`, and another spelling of it competes
/// with the typed one. A word typed without them may be typed in haste.
fn has_competing_spelling(word: &QueryTerm, scope: Scope) -> bool {
    let (typed, others): (Vec<_>, Vec<_>) =
        word.forms.iter().partition(|form| form.text == word.form);
    let greatest = |forms: Vec<&IndexForm>| {
        let frequencies = forms.into_iter().map(|form| form.frequency(scope));
        frequencies.max().unwrap_or_default()
    };
    let (typed, others) = (greatest(typed), greatest(others));
    let is_deliberate = word.form != word.surface;
    is_deliberate && typed > 0 && others > 0 && others * TYPED_FOR_ONE_OTHER >= typed
}

/// Returns the forms of the index that fold to `surface`, and `surface` itself.
fn forms_of(terms: &dyn TermStatistics, surface: &str) -> Result<Vec<IndexForm>> {
    let mut forms = Vec::new();
    for text in terms.forms(surface)? {
        let mut frequencies = [0; Field::ALL.len()];
        for (field, frequency) in Field::ALL.into_iter().zip(&mut frequencies) {
            *frequency = terms.frequency(field, Level::Exact, &text)?;
        }
        forms.push(IndexForm { text, frequencies });
    }
    Ok(forms)
}

/// Looks up the word that is shown for each related stem: its commonest written form in the index.
pub fn look_up_related_words(query: &mut Query, searcher: Searcher<'_>) -> Result<()> {
    if query.terms().all(|word| word.related.is_empty()) {
        return Ok(());
    }
    let vocabulary = searcher.snapshot.terms().vocabulary()?;
    query.for_each_text_mut(|text| {
        for related in text.terms.iter_mut().flat_map(|word| &mut word.related) {
            related.word = vocabulary.word_of_stem(&related.stem);
        }
    });
    Ok(())
}
