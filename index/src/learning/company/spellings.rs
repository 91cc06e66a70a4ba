//! Decides which spellings of a folded word are words of their own: `آلية` (mechanism) beside `إليه`
//! (to him). They are, if both are common and occur beside different words.

use std::collections::BTreeMap;

use super::Company;
use super::grouped::Grouped;
use super::paths::Paths;
use super::rule::min_feminine;
use crate::parallel::map_uneven;
use fihrist_arabic::{Model, PackedWord, Spelling, UNKNOWN_LETTER, function_word, may_be_hasty};

/// A spelling and the other spellings must occur at least as often, each.
const MIN_OCCURRENCES: u64 = 30;

/// The corrected similarity below which two spellings with different hamzas are different words.
const MIN_SIMILARITY: f32 = 0.25;

/// The same for spellings in `ى` and `ي`, and with or without a hamza after the first letter. Some
/// writers do not tell these apart.
const MIN_WEAK_SIMILARITY: f32 = 0.15;

/// The row of a form, and the letters of a folded word in it.
type Member = (usize, PackedWord);

impl Company {
    /// Returns the spellings that the model must separate from their folded words, each with its
    /// folded word. Those that an earlier round has found may be left out.
    pub(super) fn separated_spellings(
        &self,
        model: &Model,
        paths: &Paths,
    ) -> Vec<(String, String)> {
        let members = paths.iter().enumerate().flat_map(|(row, path)| {
            let spelled = path.spelled.iter();
            spelled.map(move |(word, written)| (*word, (row, *written)))
        });
        let members: Grouped<Member> = Grouped::new(paths.word_count(), members);
        // A word in `ه` depends on the members of another word, too: of its masculine.
        let may_have_changed =
            |word: &u32| paths.has_changed(*word) || paths.text(*word).ends_with('ه');
        let words = (0..paths.word_count() as u32).filter(may_have_changed);
        let words: Vec<u32> = words.collect();
        let separated = map_uneven(0..words.len(), |range| {
            let words = words[range].iter();
            let separated = words.map(|word| self.own_words(model, paths, *word, &members));
            separated.collect::<Vec<_>>().concat()
        });
        separated.concat()
    }

    /// Returns the spellings of a folded word that are words of their own. `all_members` has for each
    /// folded word the words that the stemmer strips to it.
    fn own_words(
        &self,
        model: &Model,
        paths: &Paths,
        word: u32,
        all_members: &Grouped<Member>,
    ) -> Vec<(String, String)> {
        let folded = paths.text(word);
        let members = all_members.get(word);
        let occurrences = members.iter().map(|(row, _)| self.words[*row].occurrences);
        if occurrences.sum::<u64>() < MIN_OCCURRENCES {
            return Vec::new();
        }
        let members: Vec<(usize, String)> = members
            .iter()
            .map(|(row, written)| (*row, written.chars().collect()))
            .collect();
        let mut counts: BTreeMap<&str, u64> = BTreeMap::new();
        for (row, written) in &members {
            if self.words[*row].word.contains(written) {
                *counts.entry(written).or_default() += self.words[*row].occurrences;
            }
        }
        let Some(usual) = model.usual_spelling(folded) else {
            return Vec::new();
        };
        let usual = usual.as_str();
        let others = |spelling: &str| {
            let is_other = |written: &str| {
                !agrees(written, spelling)
                    && !may_be_hasty(written, spelling)
                    && !may_be_hasty(spelling, written)
            };
            match Difference::of(spelling, usual, folded)? {
                Difference::Hamza => Some((MIN_SIMILARITY, rows(&members, is_other))),
                Difference::AlefMaqsura => Some((MIN_WEAK_SIMILARITY, rows(&members, is_other))),
                Difference::InnerHamza => {
                    let bare = rows(&members, |written| written == folded);
                    Some((MIN_WEAK_SIMILARITY, bare))
                }
                // A feminine without its masculine would lose it.
                Difference::Pronoun if model.stem_path(folded).folded.len() > 1 => None,
                Difference::Pronoun => {
                    let stem = spelling.trim_end_matches('ة');
                    let with_pronoun = |written: &str| written.strip_suffix('ه') == Some(stem);
                    Some((MIN_WEAK_SIMILARITY, rows(&members, with_pronoun)))
                }
                Difference::Feminine => {
                    let path = model.stem_path(folded).folded;
                    let masculine: String = path.get(1)?.chars().collect();
                    let family = all_members.get(paths.number(&masculine)?);
                    let family = family.iter().map(|(row, _)| *row);
                    Some((min_feminine(model, &masculine), family.collect()))
                }
            }
        };
        let is_own_word = |spelling: &str| {
            let (min_similarity, mut others) = others(spelling)?;
            let own = rows(&members, |written| {
                agrees(written, spelling) && (spelling == usual || shows(written, spelling, folded))
            });
            others.retain(|row| !own.contains(row));
            let groups = [own, others];
            let sizes = groups.each_ref().map(|rows| self.occurrences(rows));
            let [own, others] = groups.map(|rows| self.contexts(&rows));
            let is_common = sizes.iter().all(|size| *size >= MIN_OCCURRENCES);
            Some(is_common && self.similarity([&own, &others], sizes) < min_similarity)
        };
        let common = counts
            .iter()
            .filter(|(_, count)| **count >= MIN_OCCURRENCES);
        let own = common.filter(|(spelling, _)| is_own_word(spelling) == Some(true));
        own.map(|(spelling, _)| ((*spelling).to_owned(), folded.to_owned()))
            .collect()
    }
}

/// How a spelling differs from the usual spelling of the same folded word.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Difference {
    /// In the hamza of an alef, at least.
    Hamza,
    /// It is the usual spelling, and has a hamza after the first letter: `بدأ` beside `بدا`.
    InnerHamza,
    /// One ends in `ى` and the other in `ي`.
    AlefMaqsura,
    /// It ends in `ة` and the usual spelling in `ه`, which may be a pronoun.
    Feminine,
    /// It is the usual spelling and ends in `ة`. A rarer one ends in `ه`, which may be a pronoun: `وحدة`
    /// (unit) beside `وحده` (alone).
    Pronoun,
}

impl Difference {
    /// Returns `None` if the spelling cannot be a word of its own: it keeps the stem of the folded
    /// word, one of the two spellings is a hasty writer's, or the seat of a hamza differs.
    fn of(spelling: &str, usual: &str, folded: &str) -> Option<Self> {
        let letters = || spelling.chars().zip(folded.chars());
        let is_known = |(own, folded)| match own {
            'أ' | 'إ' | 'آ' => folded == 'ا',
            'ى' => folded == 'ي',
            'ة' => folded == 'ه',
            own => own == folded,
        };
        if spelling == folded || !letters().all(is_known) {
            return None;
        }
        let without_last = |word: &str| word.chars().rev().skip(1).collect::<String>();
        let is_ending = without_last(spelling) == without_last(usual);
        let is_usual = |word| {
            let word = function_word(word);
            word.is_some_and(|word| word.spelling == Spelling::Own)
        };
        if spelling == usual {
            // Of `على` and `علي`, the one in `ي` keeps the stem.
            let ends_in_ya = without_last(spelling) == without_last(folded);
            let begins_bare = letters().take(1).all(|(own, folded)| own == folded);
            return match spelling.chars().next_back() {
                Some('ى') if ends_in_ya => Some(Self::AlefMaqsura),
                Some('ة') => Some(Self::Pronoun),
                Some('ى') => None,
                _ => begins_bare.then_some(Self::InnerHamza),
            };
        }
        if may_be_hasty(spelling, usual) {
            None
        } else if may_be_hasty(usual, spelling) {
            (is_ending && spelling.ends_with('ة')).then_some(Self::Feminine)
        } else if is_ending {
            // Many writers write `فى` for `في`.
            (!is_usual(usual)).then_some(Self::AlefMaqsura)
        } else {
            // Writers confuse `إن` and `أن`.
            (!is_usual(spelling) || !is_usual(usual)).then_some(Self::Hamza)
        }
    }
}

fn rows(members: &[(usize, String)], filter: impl Fn(&str) -> bool) -> Vec<usize> {
    let members = members.iter().filter(|(_, written)| filter(written));
    members.map(|(row, _)| *row).collect()
}

/// Whether `written` has the letters of `spelling`, where its own are known.
fn agrees(written: &str, spelling: &str) -> bool {
    let letters = written.chars().zip(spelling.chars());
    let mut letters = letters.filter(|(own, _)| *own != UNKNOWN_LETTER);
    letters.all(|(own, other)| own == other)
}

/// Whether `written` has a letter of `spelling` that folding changes.
fn shows(written: &str, spelling: &str, folded: &str) -> bool {
    let mut letters = written.chars().zip(spelling.chars()).zip(folded.chars());
    letters.any(|((own, other), folded)| own == other && other != folded)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_spelling_differs_in_hamza_or_ending() {
        let check = |spelling, usual, folded, expected| {
            let found = Difference::of(spelling, usual, folded);
            assert_eq!(found, expected, "{spelling} beside {usual}");
        };
        check("آلية", "إليه", "اليه", Some(Difference::Hamza));
        check("أعلام", "إعلام", "اعلام", Some(Difference::Hamza));
        check("آلي", "إلى", "الي", Some(Difference::Hamza));
        check("على", "على", "علي", Some(Difference::AlefMaqsura));
        check("جرى", "جري", "جري", Some(Difference::AlefMaqsura));
        check("مكتبة", "مكتبه", "مكتبه", Some(Difference::Feminine));
        check("قرأ", "قرأ", "قرا", Some(Difference::InnerHamza));
        // The usual spelling keeps the stem.
        check("إعلام", "إعلام", "اعلام", None);
        check("مدرسة", "مدرسة", "مدرسه", Some(Difference::Pronoun));
        // Hasty spellings.
        check("اعلام", "إعلام", "اعلام", None);
        check("أسم", "اسم", "اسم", None);
        check("فى", "في", "في", None);
        check("إن", "أن", "ان", None);
        check("مسئول", "مسؤول", "مسؤول", None);
    }
}
