//! Decides which proposals the counts of a corpus confirm. The contexts of the two stems must be
//! similar, and each stem must be inflected as the rule assumes. Each threshold was chosen by
//! judging a sample of the pairs above it and a sample of those below.
//!
//! For example, the rule that `كتب` is the plural of `كتاب` assumes two nouns. In a corpus, 40 % of
//! the occurrences of both have the article, more than [`MIN_NOUN`]. Their contexts are similar
//! too, so the pair is confirmed. The pair of `صعود` and `صعد` is not, because `صعد` never takes
//! the article.

use super::Relation;
use super::grammar::{Proposal, Rule, Strength};
use super::profile::Profile;
use Rule::{
    Accusative, Construct, Feminine, ImperfectPrefix, Listed, Nisba, Noun, NounNotVerb,
    SoundPlural, Spelling, Verb, VerbalNoun,
};

/// A noun has the article in at least this share of its occurrences.
const MIN_NOUN: f64 = 0.04;
/// The minimum for a noun if the rule is evident. It is lower than the other minimum, because
/// numerals and nouns of measure rarely take the article.
const MIN_EVIDENT_NOUN: f64 = 0.01;
/// A stem may show a feature that it does not have, because another word is spelled alike. That
/// happens in at most this share of its occurrences.
const HOMOGRAPH_SHARE: f64 = 0.02;
/// The greatest share of a noun's occurrences that may look like a verb, because a verb is spelled
/// alike.
const MAX_NOUN_VERBAL: f64 = 0.45;
/// A verb occurs as an imperfect, or with an ending of the perfect, in at least this share of its
/// occurrences.
const MIN_VERBAL: f64 = 0.2;
/// A broken plural has an ending of the sound plural or the dual in less than this share of its
/// occurrences.
const MAX_SOUND_PLURAL: f64 = 0.1;

/// A stem with fewer occurrences has too few contexts to compare.
const MIN_OCCURRENCES: u32 = 5;
/// If a stem has fewer occurrences, its contexts are more often similar by chance, so the minimum
/// similarity is raised.
const RARE_OCCURRENCES: u32 = 10;
/// The amount by which the minimum similarity is raised for rare stems.
const RARE_MARGIN: f32 = 0.08;

/// A one-way pair has less than this corrected similarity.
const MAX_ONE_WAY: f32 = 0.12;
/// Its rarer stem occurs at least as often, so that the similarity is no chance.
const MIN_ONE_WAY_OCCURRENCES: u32 = 100;

/// What the co-occurrence counts say about two stems.
#[derive(Clone, Copy)]
pub struct Evidence {
    /// The cosine of the stems' context vectors.
    pub similarity: f32,
    /// The [corrected](super::similarity::corrected) similarity.
    pub corrected: f32,
    /// The number of occurrences of the rarer stem.
    pub occurrences: u32,
}

/// Returns whether a pair is one-way: a search for the plural does not find the singular. The singular
/// is spelled like other words, and is mostly one of them: `علماء` (scholars) and `عالم` (world).
pub fn is_one_way(relation: Relation, evidence: Evidence) -> bool {
    relation == Relation::Plural
        && evidence.occurrences >= MIN_ONE_WAY_OCCURRENCES
        && evidence.corrected < MAX_ONE_WAY
}

/// Returns whether the evidence and the profiles of two stems confirm a proposal. A listed pair
/// whose stems are the listed words needs no evidence.
pub fn is_confirmed(proposal: &Proposal, evidence: Evidence, from: &Profile, to: &Profile) -> bool {
    let margin = if evidence.occurrences < RARE_OCCURRENCES {
        RARE_MARGIN
    } else {
        0.0
    };
    let is_sure = proposal.rule.is_listed() && proposal.strength == Strength::Evident;
    let is_similar = evidence.occurrences >= MIN_OCCURRENCES
        && evidence.similarity >= min_similarity(proposal) + margin
        && evidence.corrected >= min_corrected(proposal);
    is_sure || (is_similar && fits(proposal, from, to))
}

fn min_similarity(proposal: &Proposal) -> f32 {
    // For each strength, from evident to doubtful.
    let minima = match proposal.rule {
        Noun => [0.07, 0.10, 0.20],
        NounNotVerb => [0.10, 0.11, 0.20],
        Verb => [0.08, 0.12, 0.20],
        Feminine => [0.12, 0.12, 0.15],
        VerbalNoun => [0.10, 0.15, 0.15],
        ImperfectPrefix | Accusative => [0.08; 3],
        Construct | Nisba => [0.10; 3],
        SoundPlural => [0.12; 3],
        Spelling { .. } => [0.27; 3],
        Listed(_) => [0.08; 3],
    };
    minima[proposal.strength as usize]
}

/// Returns the least corrected similarity of frequent stems. Their contexts are always a little alike.
fn min_corrected(proposal: &Proposal) -> f32 {
    match proposal.rule {
        Noun | Nisba => [0.2, 0.25, 0.45][proposal.strength as usize],
        Verb => 0.2,
        NounNotVerb => [0.0, 0.2, 0.0][proposal.strength as usize],
        ImperfectPrefix => 0.35,
        Spelling { .. } => 0.5,
        _ => 0.0,
    }
}

fn fits(proposal: &Proposal, from: &Profile, to: &Profile) -> bool {
    let min_definite = if proposal.strength == Strength::Evident {
        MIN_EVIDENT_NOUN
    } else {
        MIN_NOUN
    };
    let are_nouns = from.definite() >= min_definite
        && to.definite() >= MIN_EVIDENT_NOUN
        && from.sound() < MAX_SOUND_PLURAL;
    let takes_article = |stem: &Profile| stem.definite() >= HOMOGRAPH_SHARE;
    match proposal.rule {
        Noun => are_nouns && to.verbal() < MAX_NOUN_VERBAL,
        NounNotVerb => {
            are_nouns
                && to.definite() >= MIN_NOUN
                && to.verbal() < MAX_NOUN_VERBAL
                && from.verbal() < MAX_NOUN_VERBAL
        }
        Verb => !takes_article(from) && (to.definite() < MIN_NOUN || to.verbal() >= MIN_VERBAL),
        ImperfectPrefix => !takes_article(from) && !takes_article(to),
        Feminine => takes_article(from) && takes_article(to),
        Accusative => !takes_article(from) && takes_article(to) && 2 * from.count < to.count,
        Construct => !takes_article(from) && to.definite() >= MIN_NOUN && to.sound() >= MIN_NOUN,
        SoundPlural => takes_article(to),
        VerbalNoun => to.verbal() >= MIN_VERBAL && takes_article(from),
        Listed(_) => true,
        Nisba => takes_article(from) && from.feminine() >= HOMOGRAPH_SHARE,
        Spelling { is_explained } => {
            let are_names = !takes_article(from)
                && !takes_article(to)
                && from.verbal().max(to.verbal()) < HOMOGRAPH_SHARE;
            // Two spellings of one word are inflected alike.
            let alike = |share: fn(&Profile) -> f64| (share(from) - share(to)).abs() < 0.25;
            if is_explained {
                are_names
            } else {
                alike(Profile::definite)
                    && alike(Profile::sound)
                    && alike(Profile::feminine)
                    && alike(Profile::verbal)
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::learning::graph::Relation;
    use crate::learning::graph::profile::profiles;

    /// Two nouns, a verb with its perfect forms, and the share of the article in each.
    fn check(rule: Rule, similarity: f32, from: &str, to: &str, expected: bool) {
        let words = [
            ("كتب", "كتب", 60),
            ("الكتب", "كتب", 40),
            ("كتاب", "كتاب", 60),
            ("الكتاب", "كتاب", 40),
            ("صعود", "صعود", 50),
            ("الصعود", "صعود", 50),
            ("صعد", "صعد", 50),
            ("يصعد", "صعد", 50),
            ("صعدت", "صعدت", 50),
            ("نادر", "نادر", 4),
            ("النادر", "نادر", 4),
        ];
        let profiles = profiles(words);
        let proposal = Proposal {
            from: 0,
            to: 1,
            relation: Relation::Plural,
            strength: Strength::Doubtful,
            rule,
        };
        let occurrences = profiles[from].count.min(profiles[to].count) as u32;
        let evidence = Evidence {
            similarity,
            corrected: 1.0,
            occurrences,
        };
        let confirmed = is_confirmed(&proposal, evidence, &profiles[from], &profiles[to]);
        assert_eq!(confirmed, expected, "{rule:?}, {similarity}: {from}, {to}");
    }

    #[test]
    fn a_plural_needs_likeness_and_two_nouns() {
        check(Rule::NounNotVerb, 0.3, "كتب", "كتاب", true);
        check(Rule::NounNotVerb, 0.1, "كتب", "كتاب", false);
        check(Rule::NounNotVerb, 0.3, "صعود", "صعد", false);
    }

    #[test]
    fn a_verbal_noun_needs_a_verb() {
        check(Rule::VerbalNoun, 0.2, "صعود", "صعد", true);
        check(Rule::VerbalNoun, 0.2, "كتب", "كتاب", false);
    }

    #[test]
    fn forms_of_a_verb_take_no_article() {
        check(Rule::Verb, 0.3, "صعدت", "صعد", true);
        check(Rule::Verb, 0.3, "كتب", "صعد", false);
    }

    #[test]
    fn rare_words_have_to_be_more_alike() {
        check(Rule::NounNotVerb, 0.25, "كتب", "نادر", false);
        check(Rule::NounNotVerb, 0.35, "كتب", "نادر", true);
    }
}
