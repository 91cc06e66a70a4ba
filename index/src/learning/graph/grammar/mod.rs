//! Proposes pairs of stems that may belong together by the rules of grammar. It reads no counts;
//! `confirm` does.
//!
//! A word that fits a pattern shows its root: `اعمال` fits `افعال` with the root ع م ل. According
//! to the table of plurals, the singular of `افعال` may be `فعل`, which gives `عمل`. If `عمل` is a
//! stem of the corpus, the pair is proposed.

mod derived;
mod inflection;
mod pattern;
mod plural;
mod spelling;

use std::ops::Range;

use rustc_hash::{FxHashMap, FxHashSet};

use super::Relation;
use super::irregular::ListedPair;
use crate::parallel::{joined, map_ranges};
use fihrist_arabic::{fold::folded, is_ten};
use pattern::WordPattern;

/// How reliable a rule is. A pair that a weaker rule proposes needs a higher similarity.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Strength {
    Evident,
    Usual,
    Doubtful,
}

/// What a rule assumes about the two words of a pair. The profiles of their stems confirm it or
/// not.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Rule {
    /// A form and its base in the list of irregular words. The relation is the list's.
    Listed(Relation),
    /// A plural and its singular, both nouns.
    Noun,
    /// A plural and its singular, of a pattern that verbal nouns share. Neither may be a verb.
    NounNotVerb,
    /// Two forms of a verb.
    Verb,
    /// An imperfect in the first person, the feminine or the plural, and the masculine imperfect.
    ImperfectPrefix,
    /// A feminine and its masculine.
    Feminine,
    /// An indefinite accusative and its noun.
    Accusative,
    /// A plural or a dual that has lost its `ن` before its complement, and its singular.
    Construct,
    /// A plural or a dual with its `ن`, and its singular.
    SoundPlural,
    /// A verbal noun and its verb.
    VerbalNoun,
    /// An adjective of relation and its noun.
    Nisba,
    /// Two spellings of one word. `is_explained` says whether another rule proposes the same two
    /// stems.
    Spelling { is_explained: bool },
}

impl Rule {
    /// Returns the relation of the stems that the rule pairs.
    fn relation(self) -> Relation {
        match self {
            Self::Listed(relation) => relation,
            Self::Noun | Self::NounNotVerb => Relation::Plural,
            Self::Verb
            | Self::ImperfectPrefix
            | Self::Feminine
            | Self::Accusative
            | Self::Construct
            | Self::SoundPlural => Relation::Inflection,
            Self::VerbalNoun => Relation::VerbalNoun,
            Self::Nisba => Relation::Nisba,
            Self::Spelling { .. } => Relation::Spelling,
        }
    }

    /// Returns whether the list of irregular words has the pair.
    pub fn is_listed(self) -> bool {
        matches!(self, Self::Listed(_))
    }
}

/// A pattern, followed by the patterns of its possible bases. There is one string of bases for each
/// [`Strength`], from the most to the least reliable; spaces separate the patterns in it.
type Derivation = [&'static str; 4];

/// Two stems that a rule pairs, as indices into the list of stems.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Proposal {
    /// The derived stem: the plural, the imperfect, the rarer spelling.
    pub from: u32,
    /// The base of the derived stem.
    pub to: u32,
    pub relation: Relation,
    pub strength: Strength,
    pub rule: Rule,
}

impl Proposal {
    fn new(from: u32, to: u32, strength: Strength, rule: Rule) -> Self {
        Self {
            from,
            to,
            relation: rule.relation(),
            strength,
            rule,
        }
    }

    /// Returns the numbers of the two stems, the smaller one first.
    pub fn stems(&self) -> (u32, u32) {
        (self.from.min(self.to), self.from.max(self.to))
    }
}

/// Looks up stems by their spelling, ignoring the seats of hamzas. The number of a stem is its
/// index in the list.
struct StemLookup {
    words: Vec<Vec<char>>,
    numbers: FxHashMap<String, Vec<u32>>,
}

impl StemLookup {
    fn new(stems: &[&str]) -> Self {
        let words: Vec<Vec<char>> = stems.iter().map(|stem| normal_form(stem)).collect();
        let mut numbers: FxHashMap<String, Vec<u32>> = FxHashMap::default();
        for (number, word) in (0..).zip(&words) {
            let spelling = word.iter().collect();
            numbers.entry(spelling).or_default().push(number);
        }
        Self { words, numbers }
    }

    fn find(&self, word: &str) -> impl Iterator<Item = u32> {
        self.numbers.get(word).into_iter().flatten().copied()
    }
}

/// Returns the folded letters of a stem, with `ء` for `ؤ` and `ئ`. The seat of a hamza depends on the
/// vowels around it, so it may differ between the words of one root.
fn normal_form(stem: &str) -> Vec<char> {
    folded(stem)
        .chars()
        .map(|letter| match letter {
            'ؤ' | 'ئ' => 'ء',
            other => other,
        })
        .collect()
}

/// Returns the pairs of stems that the rules propose, and those of `listed` whose stems are in
/// `stems`, sorted. `stems` starts with the most frequent. If two rules propose the same pair with the same relation, only the stronger rule's
/// proposal is returned.
pub fn propose(stems: &[&str], listed: &[ListedPair]) -> Vec<Proposal> {
    let lookup = StemLookup::new(stems);
    let templates = templates();
    let (pairs, proposals) = std::thread::scope(|scope| {
        let pairs = scope.spawn(|| spelling::pairs(&lookup.words));
        let proposals = map_ranges(0..stems.len(), |numbers| {
            proposals_of(&lookup, &templates, numbers)
        });
        (joined(pairs), proposals)
    });
    let mut proposals = proposals.concat();
    proposals.extend(listed.iter().filter_map(|pair| {
        let number = |stem: &str| {
            let spelling: String = normal_form(stem).iter().collect();
            lookup
                .find(&spelling)
                .find(|number| stems[*number as usize] == stem)
        };
        let (from, to) = (number(&pair.form)?, number(&pair.base)?);
        let rule = Rule::Listed(pair.relation);
        let strength = if pair.is_whole {
            Strength::Evident
        } else {
            Strength::Doubtful
        };
        Some(Proposal::new(from, to, strength, rule)).filter(|_| from != to)
    }));
    let explained: FxHashSet<_> = proposals.iter().map(Proposal::stems).collect();
    // Stems with equal normal forms are separated spellings.
    let words = &lookup.words;
    let pairs = pairs.into_iter();
    let pairs = pairs.filter(|(to, from)| words[*to as usize] != words[*from as usize]);
    proposals.extend(pairs.map(|(to, from)| {
        let rule = Rule::Spelling {
            is_explained: explained.contains(&(to, from)),
        };
        Proposal::new(from, to, Strength::Usual, rule)
    }));
    proposals.sort_unstable();
    proposals.dedup_by_key(|proposal| (proposal.from, proposal.to, proposal.relation));
    proposals
}

/// Returns the proposals for some of the words by all rules except spelling.
fn proposals_of(
    lookup: &StemLookup,
    templates: &[Template],
    numbers: Range<usize>,
) -> Vec<Proposal> {
    let mut proposals = Vec::new();
    for (from, word) in (numbers.start as u32..).zip(&lookup.words[numbers]) {
        let mut propose = |base: &str, strength, rule| {
            let bases = lookup.find(base).filter(|to| *to != from);
            proposals.extend(bases.map(|to| Proposal::new(from, to, strength, rule)));
        };
        for template in templates {
            if template.rule.relation() == Relation::Plural && is_nisba_in_hamza(word) {
                continue;
            }
            let root = template.from.root_of(word);
            for base in root.iter().flat_map(|root| template.to.spellings(root)) {
                propose(&base, template.strength, template.rule);
            }
        }
        propose_affixes(word, &mut propose);
    }
    proposals
}

/// Returns whether the word is the adjective of a noun that ends in hamza. Such a word, for example
/// `نهائي`, looks like a plural of the pattern `فعائل`.
fn is_nisba_in_hamza(word: &[char]) -> bool {
    word.ends_with(&['ء', 'ي'])
}

/// A rule that derives words of one pattern from words of another.
struct Template {
    from: WordPattern,
    to: WordPattern,
    strength: Strength,
    rule: Rule,
}

fn templates() -> Vec<Template> {
    let tables = [
        (plural::PLURALS, Rule::Noun),
        (plural::PLURALS_LIKE_VERBAL_NOUNS, Rule::NounNotVerb),
        (inflection::VERBS, Rule::Verb),
        (inflection::FEMININES, Rule::Feminine),
        (derived::VERBAL_NOUNS, Rule::VerbalNoun),
    ];
    let strengths = [Strength::Evident, Strength::Usual, Strength::Doubtful];
    let mut templates = Vec::new();
    for (rows, rule) in tables {
        for [from, classes @ ..] in rows {
            for (strength, class) in strengths.into_iter().zip(classes) {
                templates.extend(class.split_whitespace().map(|to| Template {
                    from: WordPattern::new(from),
                    to: WordPattern::new(to),
                    strength,
                    rule,
                }));
            }
        }
    }
    templates
}

fn propose_affixes(word: &[char], propose: &mut impl FnMut(&str, Strength, Rule)) {
    let text: String = word.iter().collect();
    for (ending, restored, strength, rule) in inflection::ENDINGS {
        let Some(base) = text.strip_suffix(ending) else {
            continue;
        };
        if *rule == Rule::SoundPlural && is_ten(&text) {
            continue;
        }
        let base = format!("{base}{restored}");
        // Only the base of a verb may have as few as two letters.
        if base.chars().count() >= if *rule == Rule::Verb { 2 } else { 3 } {
            propose(&base, *strength, *rule);
        }
    }
    if word.len() < 4 {
        return;
    }
    if let Some(base) = text.strip_prefix(inflection::IMPERFECT_PREFIXES) {
        let masculine = format!("ي{base}");
        propose(&masculine, Strength::Usual, Rule::ImperfectPrefix);
    }
    if let Some(base) = text.strip_suffix('ي') {
        for ending in derived::NAME_ENDINGS {
            propose(&format!("{base}{ending}"), Strength::Usual, Rule::Nisba);
        }
    }
}
