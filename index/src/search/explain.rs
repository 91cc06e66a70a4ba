//! Why an article is found for a query, or why it is not: which of its words stand for those of the query, what each adds to
//! the score, and what is amiss with a clause that it does not hold. Whether it holds one, the backend says.

use std::collections::BTreeMap;

use super::Relaxed;
use crate::backend::Explained;
use crate::document::{Article, Field};
use crate::learning::graph::Relation;
use crate::query::{
    Clause, ClauseKind, Filter, Level, Occur, Pattern, Query, QueryTerm, Scope, Text,
};
use crate::ranking::WordScore;
use fihrist_arabic::Span;
use fihrist_arabic::{Analyzer, TokenKind, TokenRef};

/// A query and what it makes of one article.
#[derive(Debug, Clone, PartialEq)]
pub struct ExplainedQuery {
    /// What was typed.
    pub input: String,
    /// How it was understood; of a query that was corrected, the corrected one.
    pub query: Query,
    /// What was loosened because too little matched otherwise.
    pub relaxed: Option<Relaxed>,
    /// The query with words of the index in place of those that no article holds.
    pub did_you_mean: Option<String>,
    /// What it makes of the article.
    pub explanation: Explanation,
}

/// Why an article is found for a query, or why not.
#[derive(Debug, Clone, PartialEq)]
pub struct Explanation {
    /// Whether it is found.
    pub is_match: bool,
    /// How well it matches: what the words, the best passage and their standing close together add up to. An article far
    /// behind the first page may be listed with a rougher score.
    pub score: f32,
    /// What the best passage adds to the score.
    pub passage: f32,
    /// What few words add that stand close together.
    pub together: f32,
    /// The clauses of the query, in its order.
    pub clauses: Vec<ExplainedClause>,
    /// The words of its texts in the order of the input, then its patterns.
    pub words: Vec<ExplainedWord>,
}

/// A clause of the query.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ExplainedClause {
    /// As typed.
    pub text: String,
    /// Where it stands in the query that was run.
    pub span: Span,
    /// Whether it must, should or must not be held.
    pub occur: Occur,
    /// A function word that was not searched.
    pub is_ignored: bool,
    /// Whether the article holds it.
    pub is_held: bool,
    /// Why it is not held, unless it is excluded.
    pub lack: Option<MissReason>,
}

/// Why an article does not hold a clause.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum MissReason {
    /// A word of it occurs in no form that counts.
    Word,
    /// Its words occur in other forms only, and it is held to its own.
    Form,
    /// It occurs outside the fields that it is looked for in.
    Field,
    /// Its words occur, but not one after the other.
    Order,
    /// They occur, but not near one another.
    Distance,
    /// No word of the index has these letters.
    Pattern,
    /// None of its alternatives, or not all of its parts.
    Group,
    /// The article has another source, section or author, or none.
    Value,
    /// It was published at another time.
    Time,
    /// It is not known when it was published.
    NoTime,
}

impl MissReason {
    /// The stable name.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Word => "no_word",
            Self::Form => "other_form",
            Self::Field => "other_field",
            Self::Order => "not_in_order",
            Self::Distance => "not_near",
            Self::Pattern => "no_such_letters",
            Self::Group => "group_not_held",
            Self::Value => "other_value",
            Self::Time => "other_time",
            Self::NoTime => "no_time",
        }
    }

    /// What it means, in words.
    pub const fn message(self) -> &'static str {
        match self {
            Self::Word => "a word of it stands nowhere in the article, in no form that counts",
            Self::Form => "the article has its words in other forms only",
            Self::Field => "the article has it outside the fields that were searched",
            Self::Order => "the article has its words, but not one after the other",
            Self::Distance => "the article has its words, but not near one another",
            Self::Pattern => "the article has no word with these letters",
            Self::Group => {
                "the article has none of the alternatives, or not all that belongs together"
            }
            Self::Value => "the article has another value, or none",
            Self::Time => "the article was published at another time",
            Self::NoTime => "it is not known when the article was published",
        }
    }
}

/// A word of the query, and what the article has of it.
#[derive(Debug, Clone, PartialEq)]
pub struct ExplainedWord {
    /// As typed.
    pub text: String,
    /// Its stem; of a pattern the folded pattern.
    pub stem: String,
    /// What it adds to the score.
    pub score: WordScore,
    /// The words of the article that stand for it, or nearly: by field, then the closest first.
    pub forms: Vec<FoundForm>,
}

/// A word of the article that stands for one of the query.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FoundForm {
    /// As it is written there first.
    pub text: String,
    /// Its stem.
    pub stem: String,
    /// What it has in common with the word of the query.
    pub by: FoundBy,
    /// The field.
    pub field: Field,
    /// Whether it can satisfy the query: an exact word needs its form, and each its field.
    pub counts: bool,
    /// How often.
    pub occurrences: u64,
    /// Where first, in the stored text.
    pub first: Span,
}

/// What two words have in common, the closest first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum FoundBy {
    /// The form, as it is spelled.
    Form,
    /// The form but for its spelling: hamza, `ة`, `ى`, marks.
    Spelling,
    /// The letters of a pattern.
    Pattern,
    /// The stem.
    Stem,
    /// Two stems that belong together.
    Related(Relation),
    /// The consonants of the stem: counted in the score, never a match.
    RootGroups,
}

impl FoundBy {
    /// The stable name.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Form => "form",
            Self::Spelling => "folded",
            Self::Pattern => "pattern",
            Self::Stem => "stem",
            Self::Related(relation) => relation.name(),
            Self::RootGroups => "same_consonants",
        }
    }
}

/// Explains what the backend found.
pub fn explain(query: &Query, explained: &Explained, analyzer: &Analyzer) -> Explanation {
    let asked = Asked::all(query);
    let forms = forms(&explained.article, &asked, &explained.root_groups, analyzer);
    let words =
        asked
            .iter()
            .zip(&explained.score.words)
            .zip(forms)
            .map(|((asked, score), forms)| ExplainedWord {
                text: asked.text().to_owned(),
                stem: asked.stem().to_owned(),
                score: *score,
                forms,
            });
    let clauses = query
        .clauses
        .iter()
        .zip(&explained.holds)
        .map(|(clause, is_held)| ExplainedClause {
            text: clause.span.slice(&query.input).to_owned(),
            span: clause.span,
            occur: clause.occur,
            is_ignored: clause.is_ignored,
            is_held: *is_held,
            lack: (!is_held && clause.occur != Occur::MustNot)
                .then(|| lack(clause, &explained.article, analyzer)),
        });
    Explanation {
        is_match: explained.is_match,
        score: explained.score.total(),
        passage: explained.score.passage,
        together: explained.score.together,
        clauses: clauses.collect(),
        words: words.collect(),
    }
}

/// A word or a pattern of the query.
enum Asked<'q> {
    Word {
        term: &'q QueryTerm,
        level: Level,
        scope: Scope,
    },
    Pattern(&'q Pattern),
}

impl<'q> Asked<'q> {
    /// In the order of the ranking.
    fn all(query: &'q Query) -> Vec<Self> {
        query
            .texts()
            .flat_map(Self::of_text)
            .chain(query.patterns().map(Self::Pattern))
            .collect()
    }

    fn of_text(text: &'q Text) -> impl Iterator<Item = Self> {
        text.terms.iter().map(|term| Self::Word {
            term,
            level: text.level,
            scope: text.scope,
        })
    }

    fn text(&self) -> &str {
        match self {
            Self::Word { term, .. } => &term.text,
            Self::Pattern(pattern) => &pattern.text,
        }
    }

    fn stem(&self) -> &str {
        match self {
            Self::Word { term, .. } => &term.stem,
            Self::Pattern(pattern) => &pattern.pattern,
        }
    }

    const fn scope(&self) -> Scope {
        match self {
            Self::Word { scope, .. } => *scope,
            Self::Pattern(pattern) => pattern.scope,
        }
    }

    /// What the word has in common with one of an article.
    fn found_by(
        &self,
        token: TokenRef<'_>,
        spelled: &str,
        root_groups: &[String],
    ) -> Option<FoundBy> {
        match self {
            Self::Pattern(pattern) => pattern
                .words
                .iter()
                .any(|word| word == token.surface())
                .then_some(FoundBy::Pattern),
            Self::Word { term, .. } if term.form == spelled => Some(FoundBy::Form),
            Self::Word { term, .. } if term.surface == token.surface() => Some(FoundBy::Spelling),
            Self::Word { term, .. } if term.stem == token.stem() => Some(FoundBy::Stem),
            Self::Word { term, .. } => {
                let related = term
                    .related
                    .iter()
                    .find(|related| related.stem == token.stem());
                let related = related.map(|related| FoundBy::Related(related.relation));
                related.or_else(|| {
                    root_groups
                        .iter()
                        .any(|root_groups| root_groups == token.stem())
                        .then_some(FoundBy::RootGroups)
                })
            }
        }
    }

    /// Whether a word with so much in common satisfies this one.
    fn takes(&self, by: FoundBy, stem: &str) -> bool {
        match self {
            Self::Pattern(_) => by == FoundBy::Pattern,
            Self::Word {
                level: Level::Exact,
                ..
            } => by == FoundBy::Form,
            Self::Word {
                level: Level::Stem,
                term,
                ..
            } => term.stem == stem || term.related.iter().any(|related| related.stem == stem),
        }
    }
}

/// For each word of the query the words of an article that stand for it, in one analysis of the article.
fn forms(
    article: &Article,
    asked: &[Asked<'_>],
    root_groups: &[Vec<String>],
    analyzer: &Analyzer,
) -> Vec<Vec<FoundForm>> {
    let mut forms: Vec<BTreeMap<(usize, FoundBy, String), FoundForm>> =
        vec![BTreeMap::new(); asked.len()];
    let mut spelled = String::new();
    for (number, field) in Field::ALL.into_iter().enumerate() {
        for segment in article.segments_in(field) {
            let text = segment.span.slice(&article.text);
            analyzer.for_each(text, |token| {
                if token.kind == TokenKind::Whole {
                    return;
                }
                let written = token.span.slice(text);
                let spelled = token.form(text, &mut spelled);
                for (place, (asked, forms)) in asked.iter().zip(&mut forms).enumerate() {
                    let root_groups = root_groups.get(place).map_or(&[][..], Vec::as_slice);
                    let Some(by) = asked.found_by(token, spelled, root_groups) else {
                        continue;
                    };
                    let form = forms
                        .entry((number, by, spelled.to_owned()))
                        .or_insert_with(|| FoundForm {
                            text: written.to_owned(),
                            stem: token.stem().to_owned(),
                            by,
                            field,
                            counts: asked.scope().contains(field) && asked.takes(by, token.stem()),
                            occurrences: 0,
                            first: token.span.shifted(segment.span.start),
                        });
                    form.occurrences += 1;
                }
            });
        }
    }
    forms
        .into_iter()
        .map(|forms| forms.into_values().collect())
        .collect()
}

/// Why the article does not hold the clause.
fn lack(clause: &Clause, article: &Article, analyzer: &Analyzer) -> MissReason {
    match &clause.kind {
        ClauseKind::Text(text) => {
            lack_of_texts(&[text], article, analyzer).unwrap_or(MissReason::Order)
        }
        ClauseKind::Near { texts, .. } => {
            let texts: Vec<&Text> = texts.iter().collect();
            lack_of_texts(&texts, article, analyzer).unwrap_or(MissReason::Distance)
        }
        ClauseKind::Pattern(pattern) => {
            let found = in_fields(&[Asked::Pattern(pattern)], article, analyzer);
            if found.iter().any(|found| found.is_elsewhere) {
                MissReason::Field
            } else {
                MissReason::Pattern
            }
        }
        ClauseKind::Any(_) | ClauseKind::All(_) => MissReason::Group,
        ClauseKind::Filter(Filter::Keyword { .. }) => MissReason::Value,
        ClauseKind::Filter(Filter::Published { .. }) if article.published.is_some() => {
            MissReason::Time
        }
        ClauseKind::Filter(Filter::Published { .. }) => MissReason::NoTime,
    }
}

/// What is amiss with the words of texts as such; `None` where all of them occur as they should.
fn lack_of_texts(texts: &[&Text], article: &Article, analyzer: &Analyzer) -> Option<MissReason> {
    let asked: Vec<Asked<'_>> = texts.iter().copied().flat_map(Asked::of_text).collect();
    let found = in_fields(&asked, article, analyzer);
    let lacking: Vec<&Found> = found.iter().filter(|found| !found.counts).collect();
    if lacking.is_empty() {
        None
    } else if lacking.iter().all(|found| found.is_elsewhere) {
        Some(MissReason::Field)
    } else if lacking.iter().all(|found| found.is_in_other_form) {
        Some(MissReason::Form)
    } else {
        Some(MissReason::Word)
    }
}

/// How a word of the query occurs in an article.
#[derive(Debug, Clone, Copy, Default)]
struct Found {
    counts: bool,
    is_elsewhere: bool,
    is_in_other_form: bool,
}

fn in_fields(asked: &[Asked<'_>], article: &Article, analyzer: &Analyzer) -> Vec<Found> {
    let forms = forms(article, asked, &[], analyzer);
    let found = forms.iter().zip(asked).map(|(forms, asked)| {
        let is_taken = |form: &FoundForm| asked.takes(form.by, &form.stem);
        Found {
            counts: forms.iter().any(|form| form.counts),
            is_elsewhere: forms.iter().any(|form| is_taken(form) && !form.counts),
            is_in_other_form: forms
                .iter()
                .any(|form| !is_taken(form) && asked.scope().contains(form.field)),
        }
    });
    found.collect()
}
