//! Decides which function words of a query are part of a name. Parsing ignores function words
//! beside other words; this module asks the index about some of them, and makes one phrase of the
//! name.
//!
//! | query | phrase | because |
//! |---|---|---|
//! | `علي معلول` | `علي معلول` | the index has `علي معلول` far more often than `على معلول` |
//! | `الاعتداء علي المدرسة` | none | the index has `على المدرسة` |
//! | `مهرجان كان` | `مهرجان كان` | `كان` often stands right after `مهرجان` |

use super::searcher::Searcher;
use crate::backend::{Operator, Page};
use crate::document::Field;
use crate::error::Result;
use crate::query::{Clause, ClauseKind, Level, NoticeCode, Occur, Query, QueryTerm, Scope, Text};
use fihrist_arabic::{Role, Span, Spelling, function_word, may_be_other_word, usual_forms};

/// The greatest number of function words of a query that the index is asked about. Each costs up to
/// eight counts of a phrase of two words.
const MAX_ASKED: usize = 6;

/// Joins function words to the names that they belong to, and adds a notice for each function word
/// that stays ignored. A lone word such as `علي`, which folds to a function word and is another
/// word, then matches by its form only: its stem is that of the function word.
pub fn join_names(query: &mut Query, searcher: Searcher<'_>) -> Result<()> {
    let mut asked = 0;
    join_in(&mut query.clauses, &query.input, searcher, &mut asked)?;
    query.for_each_clause_mut(&mut |clause| {
        if let ClauseKind::Text(text) = &mut clause.kind
            && let [word] = text.terms.as_slice()
            && !clause.is_ignored
            && may_be_other_word(&word.text)
        {
            text.level = Level::Exact;
        }
    });
    Ok(())
}

/// Adds a notice for each function word that is ignored.
pub fn note_ignored_words(query: &mut Query) {
    let notices: Vec<_> = query
        .ignored()
        .map(|text| NoticeCode::IgnoredWord.at(text.span))
        .collect();
    query.notices.extend(notices);
}

fn join_in(
    clauses: &mut Vec<Clause>,
    input: &str,
    searcher: Searcher<'_>,
    asked: &mut usize,
) -> Result<()> {
    let mut at = 0;
    while at < clauses.len() {
        join_in_group(&mut clauses[at], input, searcher, asked)?;
        if clauses[at].is_ignored && *asked < MAX_ASKED {
            let mut best: Option<(Evidence, usize)> = None;
            let mut has_asked = false;
            for first in [Some(at), at.checked_sub(1)].into_iter().flatten() {
                let Some((left, right)) = neighbours(clauses, first, input) else {
                    continue;
                };
                let is_last = clauses.get(at + 1).is_none();
                let pair = Pair {
                    left,
                    right,
                    is_right: first < at,
                    is_last,
                };
                let found = pair.evidence(searcher, &mut has_asked)?;
                if let Some(found) = found
                    && best
                        .as_ref()
                        .is_none_or(|(best, _)| found.share > best.share)
                {
                    best = Some((found, first));
                }
            }
            *asked += usize::from(has_asked);
            if let Some((evidence, first)) = best {
                join(clauses, first, evidence.level);
                at = first;
            }
        }
        at += 1;
    }
    Ok(())
}

fn join_in_group(
    clause: &mut Clause,
    input: &str,
    searcher: Searcher<'_>,
    asked: &mut usize,
) -> Result<()> {
    match &mut clause.kind {
        ClauseKind::All(parts) => {
            join_in(parts, input, searcher, asked)?;
            if let [part] = parts.as_slice()
                && part.occur == Occur::Should
            {
                clause.kind = part.kind.clone();
            }
        }
        // The words of two alternatives are not neighbours.
        ClauseKind::Any(alternatives) => {
            for alternative in alternatives {
                join_in_group(alternative, input, searcher, asked)?;
            }
        }
        ClauseKind::Text(_)
        | ClauseKind::Near { .. }
        | ClauseKind::Pattern(_)
        | ClauseKind::Filter(_) => {}
    }
    Ok(())
}

/// Returns the words of the clauses `first` and `first + 1`, if they are a function word and another
/// word with nothing but white space between them.
fn neighbours<'a>(
    clauses: &'a [Clause],
    first: usize,
    input: &str,
) -> Option<(&'a QueryTerm, &'a QueryTerm)> {
    let [left, right] = clauses.get(first..first + 2)? else {
        return None;
    };
    let (ClauseKind::Text(a), ClauseKind::Text(b)) = (&left.kind, &right.kind) else {
        return None;
    };
    let gap = input.get(left.span.end..right.span.start)?;
    let is_plain = left.occur == Occur::Should
        && right.occur == Occur::Should
        && left.is_ignored != right.is_ignored
        && a.level == b.level
        && a.scope == b.scope
        && gap.chars().all(char::is_whitespace);
    match (a.terms.as_slice(), b.terms.as_slice()) {
        ([left], [right]) if is_plain => Some((left, right)),
        _ => None,
    }
}

/// Makes one phrase of two clauses.
fn join(clauses: &mut Vec<Clause>, first: usize, level: Level) {
    let next = clauses.remove(first + 1);
    let clause = &mut clauses[first];
    if let (ClauseKind::Text(text), ClauseKind::Text(next)) = (&mut clause.kind, &next.kind) {
        text.span = Span::new(text.span.start, next.span.end);
        text.terms.extend(next.terms.iter().cloned());
        if level == Level::Exact {
            text.level = level;
        }
        clause.span = text.span;
        clause.is_ignored = false;
    }
}

/// The evidence that two words are one name.
struct Evidence {
    /// The share of the articles with the other word that have it beside the function word.
    share: f64,
    /// The level at which the phrase matches.
    level: Level,
}

/// A function word and the word before or after it.
struct Pair<'a> {
    left: &'a QueryTerm,
    right: &'a QueryTerm,
    /// Whether the function word is the right one.
    is_right: bool,
    /// Whether the function word is the last word of the query.
    is_last: bool,
}

impl Pair<'_> {
    fn function_word(&self) -> &QueryTerm {
        if self.is_right { self.right } else { self.left }
    }

    fn other_word(&self) -> &QueryTerm {
        if self.is_right { self.left } else { self.right }
    }

    fn evidence(&self, searcher: Searcher<'_>, has_asked: &mut bool) -> Result<Option<Evidence>> {
        let Some(word) = function_word(&self.function_word().text) else {
            return Ok(None);
        };
        if word.spelling == Spelling::Other {
            *has_asked = true;
            if let Some(found) = self.against_usual_spelling(searcher)? {
                return Ok(Some(found));
            }
        }
        let may_be_in_name = match word.role {
            Role::InNames => true,
            // A preposition at the end of a query has no word after it, so it may be no preposition.
            Role::Governing => self.is_last,
            Role::Standing => false,
        };
        if !may_be_in_name || self.reads_as_clause(searcher)? {
            return Ok(None);
        }
        *has_asked = true;
        self.as_fixed_pair(searcher)
    }

    /// Compares how often the index has the pair in the typed spelling and in the usual spelling of
    /// the function word.
    fn against_usual_spelling(&self, searcher: Searcher<'_>) -> Result<Option<Evidence>> {
        let word = self.function_word();
        let (mut usual, mut usual_articles) = (0, 0);
        for form in usual_forms(&word.text) {
            usual += self.count(&form, searcher)?;
            usual_articles += frequency(&form, searcher)?;
        }
        let typed = self.count(&word.form, searcher)? as f64;
        let usual = usual as f64;
        // An index whose articles often write the function word in the typed spelling has the pair
        // in this spelling, too.
        let careless = frequency(&word.form, searcher)? as f64 / usual_articles.max(1) as f64;
        let is_name = typed > 0.0
            && typed * HASTY_SHARE > usual
            && typed > CARELESS_MARGIN * careless * (usual + 1.0);
        let articles = frequency(&self.other_word().form, searcher)?;
        Ok(is_name.then(|| Evidence {
            share: typed / articles.max(1) as f64,
            level: Level::Exact,
        }))
    }

    /// Returns evidence if many articles with the other word have it beside the function word. The
    /// share must be higher for a function word that many articles have.
    fn as_fixed_pair(&self, searcher: Searcher<'_>) -> Result<Option<Evidence>> {
        let all = searcher.snapshot.terms().articles();
        let articles = frequency(&self.other_word().form, searcher)?;
        if articles < MIN_ARTICLES || articles > MAX_COMMON.max(all / COMMON_SHARE) {
            return Ok(None);
        }
        let word = self.function_word();
        let mut forms = usual_forms(&word.text);
        if !forms.contains(&word.form) {
            forms.push(word.form.clone());
        }
        let (mut together, mut with_word) = (0, 0);
        for form in forms {
            together += self.count(&form, searcher)?;
            with_word += frequency(&form, searcher)?;
        }
        let share = together as f64 / articles as f64;
        let needed = LEAST_SHARE + with_word.min(all) as f64 / all.max(1) as f64 / 2.0;
        let is_fixed = together >= MIN_ARTICLES && share >= needed;
        Ok(is_fixed.then_some(Evidence {
            share,
            level: Level::Stem,
        }))
    }

    /// Returns whether the other word is a verb or predicate of the function word, or a noun whose
    /// clause begins with it, as in `لا يزال`, `كان مقررا` and `الوزير كان`.
    fn reads_as_clause(&self, searcher: Searcher<'_>) -> Result<bool> {
        let other = self.other_word();
        let bare = other.surface.trim_start_matches(PROCLITICS);
        if self.is_right {
            return Ok(bare.starts_with("ال"));
        }
        let is_inflected = !other.surface.ends_with(&*other.stem);
        let mut letters = other.surface.chars();
        let is_imperfect = letters
            .next()
            .is_some_and(|first| IMPERFECT.contains(&first));
        if is_inflected || !is_imperfect {
            return Ok(is_inflected);
        }
        let articles = frequency(&other.surface, searcher)?;
        for first in IMPERFECT {
            let twin = format!("{first}{}", letters.as_str());
            if twin != other.surface && frequency(&twin, searcher)? > articles / VERB_SHARE {
                return Ok(true);
            }
        }
        Ok(false)
    }

    /// Returns how many articles have the pair with this form of the function word.
    fn count(&self, form: &str, searcher: Searcher<'_>) -> Result<u64> {
        searcher.context.deadline.check()?;
        let mut terms = vec![self.left.clone(), self.right.clone()];
        let word = if self.is_right { 1 } else { 0 };
        form.clone_into(&mut terms[word].form);
        let text = Text {
            span: Span::new(0, 0),
            terms,
            gaps: 0,
            level: Level::Exact,
            scope: Scope::ALL,
            is_one_word: false,
        };
        let clause = Clause::new(Occur::Must, text.span, ClauseKind::Text(text));
        let query = Query {
            input: String::new(),
            clauses: vec![clause],
            filters: Vec::new(),
            notices: Vec::new(),
        };
        Ok(searcher.find(&query, Operator::And, Page::COUNT)?.total)
    }
}

/// Of the searchers who mean the function word, at most one in this many types the other spelling.
const HASTY_SHARE: f64 = 4.0;
/// A name must be this many times as frequent as careless spelling would make it.
const CARELESS_MARGIN: f64 = 2.0;
/// A fixed pair must be in this many articles.
const MIN_ARTICLES: u64 = 3;
/// The least share of a fixed pair.
const LEAST_SHARE: f64 = 0.05;
/// A word in more than this many articles, and in more than one article of [`COMMON_SHARE`], is too
/// common for a name. The counts of its pairs would be slow.
const MAX_COMMON: u64 = 200;
/// See [`MAX_COMMON`].
const COMMON_SHARE: u64 = 20;
/// A verb has a form with another first letter in one article of this many.
const VERB_SHARE: u64 = 20;
/// The first letters of imperfect verbs, folded.
const IMPERFECT: [char; 4] = ['ي', 'ت', 'ن', 'ا'];
/// The proclitics before an article.
const PROCLITICS: [char; 4] = ['و', 'ف', 'ب', 'ك'];

/// Returns how many articles hold a form, in the field that has it most often.
fn frequency(form: &str, searcher: Searcher<'_>) -> Result<u64> {
    let terms = searcher.snapshot.terms();
    let mut most = 0;
    for field in Field::ALL {
        most = most.max(terms.frequency(field, Level::Exact, form)?);
    }
    Ok(most)
}
