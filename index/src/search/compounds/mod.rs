//! Finds compounds: words that the index has as one word and as two. A query of one writing then
//! finds the other one, too. No list names them; [`evidence`] decides by the counts of the index.
//!
//! | typed | also matches | because the index has |
//! |---|---|---|
//! | `أبو ظبي` | `أبوظبي` | the one word, and the two words together far more often than by chance |
//! | `فيسبوك` | `فيس بوك` | the two words together, not much more seldom than the one word |
//! | `تموضع` | nothing | `تم` and `وضع` together about as often as by chance |
//!
//! Exact forms and function words are no parts of compounds.

mod evidence;

use std::slice;

use super::searcher::Searcher;
use crate::error::Result;
use crate::learning::graph::Relation;
use crate::query::{Clause, ClauseKind, Level, Occur, Parts, Query, QueryTerm, RelatedStem, Text};
use evidence::Evidence;
use fihrist_arabic::{TokenKind, is_letter_name, is_proclitic, is_stop_word};

/// The least number of letters of a part.
const MIN_LETTERS: usize = 2;

/// The least number of letters of a compound. Two words of two letters each join by chance.
const MIN_COMPOUND_LETTERS: usize = 5;

/// The greatest number of letters of a compound.
const MAX_COMPOUND_LETTERS: usize = 20;

/// The greatest number of letters of an ending, which the stem of a compound lacks.
const MAX_ENDING: usize = 2;

/// Adds to each word and phrase of a query its other writings in one word or in two.
pub fn meet_compounds(query: &mut Query, searcher: Searcher<'_>) -> Result<()> {
    let evidence = Evidence::new(searcher)?;
    let mut compounds = Compounds { searcher, evidence };
    compounds.meet_in(&mut query.clauses, &query.input)
}

/// Looks for compounds in one query.
struct Compounds<'a> {
    searcher: Searcher<'a>,
    evidence: Evidence<'a>,
}

impl Compounds<'_> {
    fn meet_in(&mut self, clauses: &mut [Clause], input: &str) -> Result<()> {
        for first in 0..clauses.len() {
            if let Some([left, right]) = neighbours(clauses, first, input)
                && let Some(joined) = self.joined(left, right)?
            {
                for text in clauses[first..first + 2]
                    .iter_mut()
                    .flat_map(Clause::texts_mut)
                {
                    text.terms
                        .iter_mut()
                        .for_each(|term| add_spelling(term, &joined));
                }
            }
            let clause = &mut clauses[first];
            if clause.is_ignored {
                continue;
            }
            match &mut clause.kind {
                ClauseKind::All(parts) => self.meet_in(parts, input)?,
                // The words of two alternatives are not neighbours.
                ClauseKind::Any(alternatives) => {
                    for alternative in alternatives {
                        self.meet_in(slice::from_mut(alternative), input)?;
                    }
                }
                ClauseKind::Text(_)
                | ClauseKind::Near { .. }
                | ClauseKind::Pattern(_)
                | ClauseKind::Filter(_) => {}
            }
            for text in clause.texts_mut() {
                self.meet_in_text(text, input)?;
            }
        }
        Ok(())
    }

    fn meet_in_text(&mut self, text: &mut Text, input: &str) -> Result<()> {
        if text.level == Level::Exact || text.is_one_word {
            return Ok(());
        }
        for (at, has_gap) in gaps_after(text, input).into_iter().enumerate() {
            self.searcher.context.deadline.check()?;
            if let [left, right, ..] = &text.terms[at..]
                && has_gap
                && let Some(joined) = self.joined(left, right)?
            {
                add_spelling(&mut text.terms[at], &joined);
                add_spelling(&mut text.terms[at + 1], &joined);
                text.terms[at].joined = Some(Box::new(joined));
            }
            text.terms[at].parts = self.parts(&text.terms[at])?.map(Box::new);
        }
        Ok(())
    }

    /// Returns the word that the index also has for two neighbouring words; `None` if it has none.
    fn joined(&mut self, left: &QueryTerm, right: &QueryTerm) -> Result<Option<QueryTerm>> {
        let letters = letters(&left.surface) + letters(&right.surface);
        if !may_have(letters) || !may_be_part(left) || !may_be_part(right) {
            return Ok(None);
        }
        let word = self.word(&format!("{}{}", left.text, right.text));
        let Some(word) = word.filter(|word| has_both(word, left, right)) else {
            return Ok(None);
        };
        let is_joined = self.evidence.is_joined(&word, left, right)?;
        Ok(is_joined.then_some(word))
    }

    /// Returns the two words that the index also has for a word; `None` if it has none.
    fn parts(&mut self, term: &QueryTerm) -> Result<Option<Parts>> {
        if !may_have(letters(&term.surface)) || is_stop_word(&term.text) {
            return Ok(None);
        }
        let mut best: Option<(f64, Parts)> = None;
        for (first, second) in splits(term) {
            let (Some(first), Some(second)) = (self.word(first), self.word(second)) else {
                continue;
            };
            if may_be_part(&first)
                && may_be_part(&second)
                && has_both(term, &first, &second)
                && let Some(pair) = self.evidence.split(term, &first, &second)?
                && best.as_ref().is_none_or(|(lift, _)| pair.lift > *lift)
            {
                let (words, articles) = ([first, second], pair.articles);
                best = Some((pair.lift, Parts { words, articles }));
            }
        }
        Ok(best.map(|(_, parts)| parts))
    }

    /// Analyses a word. Returns `None` if the text is not one Arabic word.
    fn word(&self, text: &str) -> Option<QueryTerm> {
        let tokens = self.searcher.analyzer().analyze(text);
        match tokens.as_slice() {
            [token] if token.kind == TokenKind::Arabic && token.span.slice(text) == text => {
                Some(QueryTerm::new(token, text))
            }
            _ => None,
        }
    }
}

/// Returns the words of the clauses `first` and `first + 1`, if each is a single word and nothing
/// but white space is between them.
fn neighbours<'a>(clauses: &'a [Clause], first: usize, input: &str) -> Option<[&'a QueryTerm; 2]> {
    let [left, right] = clauses.get(first..first + 2)? else {
        return None;
    };
    let (ClauseKind::Text(a), ClauseKind::Text(b)) = (&left.kind, &right.kind) else {
        return None;
    };
    let is_plain = |clause: &Clause| clause.occur == Occur::Should && !clause.is_ignored;
    let can_join = is_plain(left)
        && is_plain(right)
        && (a.level, b.level) == (Level::Stem, Level::Stem)
        && a.scope == b.scope
        && is_gap(input.get(left.span.end..right.span.start)?);
    match (a.terms.as_slice(), b.terms.as_slice()) {
        ([left], [right]) if can_join => Some([left, right]),
        _ => None,
    }
}

/// Returns for each word of a text whether nothing but white space is between it and the next word.
fn gaps_after(text: &Text, input: &str) -> Vec<bool> {
    let mut rest = text.span.slice(input);
    let mut gaps = Vec::with_capacity(text.terms.len());
    for term in &text.terms {
        let start = rest.find(&*term.text).unwrap_or(0);
        gaps.push(is_gap(&rest[..start]));
        rest = rest.get(start + term.text.len()..).unwrap_or("");
    }
    // So far, each word has the gap before it.
    gaps.rotate_left(1);
    gaps
}

fn is_gap(between: &str) -> bool {
    !between.is_empty() && between.chars().all(char::is_whitespace)
}

/// Returns the two parts of a word at each place where it can be split.
fn splits(term: &QueryTerm) -> impl Iterator<Item = (&str, &str)> {
    // A text with marks or tatweel has other letters than its folded word.
    let is_plain = letters(&term.text) == letters(&term.surface);
    let text = if is_plain { &term.text } else { &term.surface };
    let places = text.char_indices().map(|(place, _)| place);
    places
        .skip(MIN_LETTERS)
        .map(|place| text.split_at(place))
        .filter(|(_, second)| letters(second) >= MIN_LETTERS)
}

/// Returns whether a word may be a part of a compound.
fn may_be_part(word: &QueryTerm) -> bool {
    letters(&word.surface) >= MIN_LETTERS
        && !is_stop_word(&word.text)
        && !is_proclitic(&word.text)
        && ![&word.surface, &word.stem]
            .into_iter()
            .any(|word| is_letter_name(word))
        && !is_stop_word(&word.stem)
}

/// Returns whether the stem of a word has both of its parts, but for clitics and endings. Otherwise
/// the word is another one: `مليارين` is a form of `مليار`, and no compound with `ين`.
fn has_both(word: &QueryTerm, first: &QueryTerm, second: &QueryTerm) -> bool {
    let Some(start) = word.surface.find(&*word.stem) else {
        return false;
    };
    let start = letters(&word.surface[..start]);
    let end = start + letters(&word.stem);
    let junction = letters(&first.surface);
    let of_second = letters(&second.surface).saturating_sub(MAX_ENDING);
    start + MIN_LETTERS <= junction && end >= junction + of_second.max(MIN_LETTERS)
}

fn may_have(letters: usize) -> bool {
    (MIN_COMPOUND_LETTERS..=MAX_COMPOUND_LETTERS).contains(&letters)
}

fn letters(word: &str) -> usize {
    word.chars().count()
}

/// Makes a joined word another spelling of one of its parts.
fn add_spelling(part: &mut QueryTerm, joined: &QueryTerm) {
    if part
        .related
        .iter()
        .all(|related| related.stem != joined.stem)
    {
        part.related.push(RelatedStem {
            stem: joined.stem.clone(),
            word: None,
            relation: Relation::Spelling,
            weight: 1.0,
        });
    }
}
