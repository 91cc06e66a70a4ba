//! Which stems of a lookup may belong together. Grammar proposes; whether counts confirm is decided elsewhere.

mod derived;
mod inflection;
mod pattern;
mod plural;
mod spelling;

use std::ops::Range;

use rustc_hash::{FxHashMap, FxHashSet};

use super::Relation;
use crate::parallel::{joined, map_ranges};
use pattern::WordPattern;

/// How much a rule says by itself: the less, the more the counts have to.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub(super) enum Strength {
    Evident,
    Usual,
    Doubtful,
}

/// What a rule takes for granted about the words, for the counts to check.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub(super) enum Rule {
    /// A plural and its singular, both nouns.
    Noun,
    /// The same, of a shape that also makes a verbal noun of a verb.
    NounNotVerb,
    /// Two forms of a verb.
    Verb,
    /// The first person of an imperfect, its feminine or its plural, and its masculine.
    ImperfectPrefix,
    /// A feminine and its masculine.
    Feminine,
    /// The indefinite accusative.
    Accusative,
    /// A plural or a dual before its complement, which has lost its `ن`.
    Construct,
    /// A plural or a dual in full.
    SoundPlural,
    /// A verbal noun and its verb.
    VerbalNoun,
    /// An adjective of relation and its noun.
    Nisba,
    /// Two spellings, and whether another rule explains what differs.
    Spelling { is_explained: bool },
}

/// A pattern and those it may come from, by [`Strength`].
type Derivation = (&'static str, [&'static str; 3]);

/// Two stems that a rule brings together, by their places in the lookup.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub(super) struct Proposal {
    /// The derived form: the plural, the imperfect, the rarer spelling.
    pub from: u32,
    /// What it is derived from.
    pub to: u32,
    pub relation: Relation,
    pub strength: Strength,
    pub rule: Rule,
}

/// The stems of a lookup by how they are written, hamzas aside.
struct StemLookup {
    words: Vec<Vec<char>>,
    places: FxHashMap<String, Vec<u32>>,
}

impl StemLookup {
    fn new(stems: &[&str]) -> Self {
        let words: Vec<Vec<char>> = stems.iter().map(|stem| normal_form(stem)).collect();
        let mut places: FxHashMap<String, Vec<u32>> = FxHashMap::default();
        for (place, word) in (0..).zip(&words) {
            places.entry(word.iter().collect()).or_default().push(place);
        }
        Self { words, places }
    }

    fn find(&self, word: &str) -> impl Iterator<Item = u32> {
        self.places.get(word).into_iter().flatten().copied()
    }
}

/// Every hamza that stands by itself or on a seat alike: the seat changes with the vowels around it.
fn normal_form(stem: &str) -> Vec<char> {
    stem.chars()
        .map(|letter| {
            if matches!(letter, 'ؤ' | 'ئ') {
                'ء'
            } else {
                letter
            }
        })
        .collect()
}

/// Proposes pairs of the stems, which come from the commonest to the rarest. Sorted; of two rules that bring the same
/// stems together in the same relation, the stronger.
pub(super) fn propose(stems: &[&str]) -> Vec<Proposal> {
    let lookup = StemLookup::new(stems);
    let templates = templates();
    let (pairs, proposals) = std::thread::scope(|scope| {
        let pairs = scope.spawn(|| spelling::pairs(&lookup.words));
        let proposals = map_ranges(0..stems.len(), |places| {
            proposals_of(&lookup, &templates, places)
        });
        (joined(pairs), proposals)
    });
    let mut proposals = proposals.concat();
    let explained: FxHashSet<(u32, u32)> = proposals
        .iter()
        .map(|pair| (pair.from.min(pair.to), pair.from.max(pair.to)))
        .collect();
    proposals.extend(pairs.into_iter().map(|(to, from)| {
        let rule = Rule::Spelling {
            is_explained: explained.contains(&(to, from)),
        };
        Proposal {
            from,
            to,
            relation: Relation::Spelling,
            strength: Strength::Usual,
            rule,
        }
    }));
    proposals.sort_unstable();
    proposals.dedup_by_key(|proposal| (proposal.from, proposal.to, proposal.relation));
    proposals
}

/// What all rules but spelling propose for some words.
fn proposals_of(
    lookup: &StemLookup,
    templates: &[Template],
    places: Range<usize>,
) -> Vec<Proposal> {
    let mut proposals = Vec::new();
    for (from, word) in (places.start as u32..).zip(&lookup.words[places]) {
        let mut propose = |to, relation, strength, rule| {
            if to != from {
                proposals.push(Proposal {
                    from,
                    to,
                    relation,
                    strength,
                    rule,
                });
            }
        };
        for template in templates {
            if template.relation == Relation::Plural && is_nisba_in_hamza(word) {
                continue;
            }
            let Some(root) = template.from.root_of(word) else {
                continue;
            };
            template.to.spell(&root, &mut |spelling| {
                let found = lookup.find(spelling);
                found.for_each(|to| {
                    propose(to, template.relation, template.strength, template.rule)
                });
            });
        }
        propose_affixes(lookup, word, &mut propose);
    }
    proposals
}

/// Whether the word is the adjective of a noun in hamza (`نهائي`), which looks like a plural in `فعائل`.
fn is_nisba_in_hamza(word: &[char]) -> bool {
    word.ends_with(&['ء', 'ي'])
}

struct Template {
    relation: Relation,
    from: WordPattern,
    to: WordPattern,
    strength: Strength,
    rule: Rule,
}

fn templates() -> Vec<Template> {
    let tables = [
        (Relation::Plural, plural::PLURALS, Rule::Noun),
        (
            Relation::Plural,
            plural::PLURALS_LIKE_VERBAL_NOUNS,
            Rule::NounNotVerb,
        ),
        (Relation::Inflection, inflection::VERBS, Rule::Verb),
        (Relation::Inflection, inflection::FEMININES, Rule::Feminine),
        (
            Relation::VerbalNoun,
            derived::VERBAL_NOUNS,
            Rule::VerbalNoun,
        ),
    ];
    let mut templates = Vec::new();
    for (relation, rows, rule) in tables {
        for (from, classes) in rows {
            for (strength, class) in [Strength::Evident, Strength::Usual, Strength::Doubtful]
                .into_iter()
                .zip(classes)
            {
                templates.extend(class.split_whitespace().map(|to| {
                    let (from, to) = (WordPattern::new(from), WordPattern::new(to));
                    Template {
                        relation,
                        from,
                        to,
                        strength,
                        rule,
                    }
                }));
            }
        }
    }
    templates
}

fn propose_affixes(
    lookup: &StemLookup,
    word: &[char],
    propose: &mut impl FnMut(u32, Relation, Strength, Rule),
) {
    let text: String = word.iter().collect();
    for (ending, restored, strength, rule) in inflection::ENDINGS {
        let Some(base) = text
            .strip_suffix(ending)
            .map(|base| format!("{base}{restored}"))
        else {
            continue;
        };
        // Two letters are left of the shortest verbs only.
        if base.chars().count() >= if *rule == Rule::Verb { 2 } else { 3 } {
            lookup
                .find(&base)
                .for_each(|to| propose(to, Relation::Inflection, *strength, *rule));
        }
    }
    if let Some(base) = text
        .strip_prefix(inflection::IMPERFECT_PREFIXES)
        .filter(|_| word.len() >= 4)
    {
        let masculine = format!("ي{base}");
        let rule = Rule::ImperfectPrefix;
        lookup
            .find(&masculine)
            .for_each(|to| propose(to, Relation::Inflection, Strength::Usual, rule));
    }
    if let Some(base) = text.strip_suffix('ي').filter(|_| word.len() >= 4) {
        for ending in derived::NAME_ENDINGS {
            let name = format!("{base}{ending}");
            lookup
                .find(&name)
                .for_each(|to| propose(to, Relation::Nisba, Strength::Usual, Rule::Nisba));
        }
    }
}
