//! The evidence of an index that a function word and a word beside it are one name. It counts the
//! articles that have both words side by side. It changes no query.

use crate::error::Result;
use crate::query::{Clause, Level, QueryTerm};
use crate::search::searcher::Searcher;
use fihrist_arabic::{FunctionWord, Role, Spelling, function_word, precedes_name, usual_forms};

/// Of the searchers who mean the function word, at most one in this many types the other spelling.
const HASTY_SHARE: f64 = 4.0;

/// A name must be this many times as frequent as careless spelling would make it.
const CARELESS_MARGIN: f64 = 2.0;

/// A fixed pair must be in this many articles.
const MIN_ARTICLES: u64 = 3;

/// The least share of a fixed pair among the articles with the other word.
const LEAST_SHARE: f64 = 0.05;

/// The least share of a fixed pair among the articles with a function word that has a conjunction.
const LEAST_SHARE_OF_FUNCTION_WORD: f64 = 0.25;

/// Words in more than this many articles, and in more than one article of [`COMMON_SHARE`], are too
/// common for a name. The counts of their pairs would be slow.
const MAX_COMMON: u64 = 200;

/// See [`MAX_COMMON`].
const COMMON_SHARE: u64 = 20;

/// See [`MAX_COMMON`]: the share if the function word cannot be one.
const COMMON_SHARE_IF_FREE: u64 = 5;

/// A verb has a form with another first letter in one article of this many.
const VERB_SHARE: u64 = 20;

/// The only verb among the words that also occur in names.
const WAS: &str = "كان";

/// The first letters of imperfect verbs, folded.
const IMPERFECT: [char; 4] = ['ي', 'ت', 'ن', 'ا'];

/// The proclitics before an article.
const PROCLITICS: [char; 4] = ['و', 'ف', 'ب', 'ك'];

/// The evidence that two words are one name.
pub struct Evidence {
    /// The share of the articles with the other word that have it beside the function word.
    pub share: f64,
    /// The level at which the phrase matches.
    pub level: Level,
    /// The words of the phrase.
    pub terms: Vec<QueryTerm>,
}

/// A function word and the word before or after it.
pub struct Pair<'a> {
    pub left: &'a QueryTerm,
    pub right: &'a QueryTerm,
    /// Whether the function word is the right one.
    pub is_right: bool,
    /// The clause before the function word; `None` if the query begins with it.
    pub before: Option<&'a Clause>,
    /// Whether the function word is the last word of the query.
    pub is_last: bool,
}

impl Pair<'_> {
    /// Returns the evidence that the pair is a name; `None` if there is none. Sets `has_asked` if it
    /// had to count articles.
    pub fn evidence(
        &self,
        searcher: Searcher<'_>,
        has_asked: &mut bool,
    ) -> Result<Option<Evidence>> {
        let Some(word) = function_word(&self.function_word().text) else {
            return Ok(None);
        };
        let is_other = word.spelling == Spelling::Other;
        if is_other {
            *has_asked = true;
            let at = usize::from(self.is_right);
            if let Some(found) = in_typed_spelling(&self.terms(), at, 0, searcher)? {
                let articles = frequency(&found.terms[1 - at].form, searcher)?;
                return Ok(Some(Evidence {
                    share: found.articles as f64 / articles.max(1) as f64,
                    level: Level::Exact,
                    terms: found.terms,
                }));
            }
        }
        // `بن فليس` has a name after `بن`, not the conjunction `ف`.
        if self.is_right && precedes_name(&self.left.text) && (is_other || word.has_conjunction) {
            return Ok(Some(Evidence {
                share: 1.0,
                level: if is_other { Level::Exact } else { Level::Stem },
                terms: self.terms(),
            }));
        }
        let may_be_in_name = match word.role {
            Role::InNames => true,
            // The name comes after `أم`.
            Role::Joining => !self.is_right || self.is_last,
            // A preposition at the end of a query has no word after it, so it may be no preposition.
            Role::Governing => self.is_last || word.has_conjunction,
            Role::Standing => word.has_conjunction,
        };
        if !may_be_in_name || self.reads_as_clause(word.role, searcher)? {
            return Ok(None);
        }
        *has_asked = true;
        self.as_fixed_pair(word, searcher)
    }

    fn function_word(&self) -> &QueryTerm {
        if self.is_right { self.right } else { self.left }
    }

    fn other_word(&self) -> &QueryTerm {
        if self.is_right { self.left } else { self.right }
    }

    fn terms(&self) -> Vec<QueryTerm> {
        vec![self.left.clone(), self.right.clone()]
    }

    /// Returns evidence if many of the articles with one of the words have them side by side. The
    /// share must be higher for a function word that many articles have. A few articles suffice
    /// where the function word cannot be one: for `كان` at the end of the query after a feminine
    /// noun, which would need `كانت`, and for `أم` at the beginning of the query.
    fn as_fixed_pair(
        &self,
        word: FunctionWord,
        searcher: Searcher<'_>,
    ) -> Result<Option<Evidence>> {
        let all = searcher.snapshot.terms().articles();
        let articles = frequency(&self.other_word().form, searcher)?;
        let function_word = self.function_word();
        let mut forms = usual_forms(&function_word.text);
        if !forms.contains(&function_word.form) {
            forms.push(function_word.form.clone());
        }
        let mut with_word = 0;
        for form in &forms {
            with_word += frequency(form, searcher)?;
        }
        let is_free = match word.role {
            Role::InNames => self.is_last && is_feminine(self.left) && !word.has_conjunction,
            Role::Joining => self.joins_nothing() && !word.has_conjunction,
            Role::Governing | Role::Standing => false,
        };
        let common_share = if is_free {
            COMMON_SHARE_IF_FREE
        } else {
            COMMON_SHARE
        };
        let most = MAX_COMMON.max(all / common_share);
        let rarer = if word.has_conjunction {
            articles.min(with_word)
        } else {
            articles
        };
        if rarer < MIN_ARTICLES || rarer > most {
            return Ok(None);
        }
        let mut together = 0;
        for form in forms {
            together += count_with(&self.terms(), usize::from(self.is_right), form, 0, searcher)?;
        }
        let share = together as f64 / articles.max(1) as f64;
        let share_of_word = together as f64 / with_word.max(1) as f64;
        let needed = LEAST_SHARE + with_word.min(all) as f64 / all.max(1) as f64 / 2.0;
        let is_fixed = if word.has_conjunction {
            share_of_word >= LEAST_SHARE_OF_FUNCTION_WORD
        } else {
            is_free || share >= needed
        };
        Ok((is_fixed && together >= MIN_ARTICLES).then(|| Evidence {
            share,
            // Other forms of the verb are no names.
            level: if is_free && word.role == Role::InNames {
                Level::Exact
            } else {
                Level::Stem
            },
            terms: self.terms(),
        }))
    }

    /// Returns whether a conjunction has no two words to join: it is the first or last word of the
    /// query, or only the word after it has the article, as in `جامعة أم القرى`.
    fn joins_nothing(&self) -> bool {
        let Some(before) = self.before else {
            return true;
        };
        let is_indefinite = before
            .texts()
            .iter()
            .all(|text| !text.terms.iter().all(is_definite));
        self.is_last || is_indefinite && is_definite(self.right)
    }

    /// Returns whether the other word is a verb or predicate of the function word, or a noun whose
    /// clause begins with it, as in `لا يزال`, `كان مقررا` and `الوزير كان`.
    fn reads_as_clause(&self, role: Role, searcher: Searcher<'_>) -> Result<bool> {
        let other = self.other_word();
        if self.is_right {
            return Ok(is_definite(other));
        }
        let mut letters = other.surface.chars();
        let is_imperfect = letters
            .next()
            .is_some_and(|first| IMPERFECT.contains(&first));
        if !other.surface.ends_with(&*other.stem) {
            // `كان` and `أم` may have an inflected predicate. After a particle, only a verb is
            // inflected.
            let has_predicate = role == Role::Joining || self.left.surface.ends_with(WAS);
            return Ok(is_imperfect || has_predicate);
        }
        if !is_imperfect {
            return Ok(false);
        }
        let least = frequency(&other.surface, searcher)? / VERB_SHARE;
        for first in IMPERFECT {
            let twin = format!("{first}{}", letters.as_str());
            if twin != other.surface && frequency(&twin, searcher)? > least {
                return Ok(true);
            }
        }
        Ok(false)
    }
}

/// Returns whether a word is a feminine noun without the article.
fn is_feminine(word: &QueryTerm) -> bool {
    word.text.ends_with(['ة', 'ه']) && !is_definite(word)
}

/// Returns whether a word has the article.
fn is_definite(word: &QueryTerm) -> bool {
    let bare = word.surface.trim_start_matches(PROCLITICS);
    bare.starts_with("ال")
}

/// A phrase that the index has in its typed spelling.
pub struct TypedPhrase {
    /// The words, with the hamzas that the typed word beside the function word may lack.
    pub terms: Vec<QueryTerm>,
    /// How many articles have the phrase.
    pub articles: u64,
}

/// Compares how often the index has a phrase with the word `at` in the typed spelling and in the
/// usual spelling of the function word. Returns `None` unless the typed spelling is that of another
/// word.
///
/// The other words of `احمد علي` may lack hamzas, so the phrase is also counted with the commonest
/// spelling of each.
pub fn in_typed_spelling(
    terms: &[QueryTerm],
    at: usize,
    gaps: u32,
    searcher: Searcher<'_>,
) -> Result<Option<TypedPhrase>> {
    let usual_forms = usual_forms(&terms[at].text);
    let mut usual_articles = 0;
    for form in &usual_forms {
        usual_articles += frequency(form, searcher)?;
    }
    // An index whose articles often write the function word in the typed spelling has the phrase in
    // this spelling, too.
    let careless = frequency(&terms[at].form, searcher)? as f64 / usual_articles.max(1) as f64;
    let spelled = with_commonest_forms(terms, at, searcher)?;
    let is_respelled = spelled.as_slice() != terms;
    let mut best: Option<TypedPhrase> = None;
    for terms in [terms.to_vec()]
        .into_iter()
        .chain(is_respelled.then_some(spelled))
    {
        let articles = searcher.count_phrase(terms.clone(), gaps, Level::Exact)?;
        if articles <= best.as_ref().map_or(0, |best| best.articles) {
            continue;
        }
        let mut usual = 0;
        for form in &usual_forms {
            usual += count_with(&terms, at, form.clone(), gaps, searcher)?;
        }
        let (typed, usual) = (articles as f64, usual as f64);
        if typed * HASTY_SHARE > usual && typed > CARELESS_MARGIN * careless * (usual + 1.0) {
            best = Some(TypedPhrase { terms, articles });
        }
    }
    Ok(best)
}

/// Returns the words in the spelling that is commonest in the index. The word `at`, and words that
/// are typed with a hamza, `ة` or `ى`, stay as typed.
fn with_commonest_forms(
    terms: &[QueryTerm],
    at: usize,
    searcher: Searcher<'_>,
) -> Result<Vec<QueryTerm>> {
    let mut spelled = terms.to_vec();
    for (i, term) in spelled.iter_mut().enumerate() {
        if i == at || term.form != term.surface {
            continue;
        }
        let mut most = frequency(&term.form, searcher)?;
        for form in searcher.snapshot.terms().forms(&term.surface)? {
            let articles = frequency(&form, searcher)?;
            if articles > most {
                (most, term.form) = (articles, form);
            }
        }
    }
    Ok(spelled)
}

/// Returns how many articles have the phrase with this form of the word `at`.
fn count_with(
    terms: &[QueryTerm],
    at: usize,
    form: String,
    gaps: u32,
    searcher: Searcher<'_>,
) -> Result<u64> {
    let mut terms = terms.to_vec();
    terms[at].form = form;
    searcher.count_phrase(terms, gaps, Level::Exact)
}

/// Returns how many articles hold a form, in the field that has it most often.
fn frequency(form: &str, searcher: Searcher<'_>) -> Result<u64> {
    searcher.most_articles(Level::Exact, form)
}
