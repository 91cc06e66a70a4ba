//! Names typed in Latin letters. The consonants of both spellings are matched first, then the whole
//! spellings are compared. The result is a guess to offer: Arabic omits vowels, Latin letters do
//! not distinguish emphatic consonants.

use std::collections::BTreeMap;

use super::clitics::ARTICLE;
use super::sound::{MAX_SILENT, Sound, cost, letter_cost, sounds};
use super::{LikelyWord, MIN_RATIO, Suggestion, SuggestionKind, TermList, Vocabulary};
use crate::{fold, is_folded_stop_word};

/// The minimum number of letters and of sounds. Shorter words match too many words of the index.
const MIN_LATIN_LETTERS: usize = 3;
const MAX_LATIN_LETTERS: usize = 24;

/// The maximum number of consonant readings that are looked up.
const MAX_READINGS: usize = 64;

/// How many of the 64 bits of a key encode the class of one consonant.
const CLASS_BITS: u32 = 4;

/// The factor by which a cost is subtracted from the natural logarithm of a count. A cost of 2.5
/// offsets a count three times as large.
const COST_WEIGHT: f64 = 0.45;

/// The maximum cost of a spelling. A costlier one is another word.
const MAX_COST: u32 = 24;

/// The bare words of an index, found by the classes of their consonants.
pub struct Consonants {
    /// The consonant keys of the bare words, sorted.
    keys: Vec<u64>,
    bare_words: Vec<u32>,
}

impl Consonants {
    pub fn new(bare_words: &TermList) -> Self {
        let mut keyed: Vec<(u64, u32)> = bare_words
            .indices()
            .filter(|bare| bare_words.may_be_suggested(*bare))
            .filter_map(|bare| Some((key_of_arabic(bare_words.get(bare))?, bare)))
            .collect();
        keyed.sort_unstable();
        let (keys, bare_words) = keyed.into_iter().unzip();
        Self { keys, bare_words }
    }

    fn of(&self, key: u64) -> &[u32] {
        let start = self.keys.partition_point(|other| *other < key);
        let end = self.keys.partition_point(|other| *other <= key);
        &self.bare_words[start..end]
    }
}

/// The maximum cost of the spelling of a name that is certainly meant.
const MAX_CERTAIN_COST: u32 = 6;

/// The minimum number of consonants in a name that is certainly meant. With fewer, most Latin words
/// sound like some Arabic word.
const MIN_CERTAIN_CONSONANTS: usize = 4;

/// A word whose spelling costs at most this much more may be meant as well.
const RIVAL_COST: u32 = 6;

/// A word of the index that sounds like the typed one.
struct SpelledWord {
    likely: LikelyWord,
    bare: u32,
    cost: u32,
}

impl Vocabulary {
    /// Returns words that sound like a word of Latin letters, the likeliest first, one for each
    /// stem: `Haftar` → `حفتر`.
    pub fn from_latin(&self, word: &str, limit: usize) -> Vec<Suggestion> {
        let Some(latin) = fold_latin(word) else {
            return Vec::new();
        };
        let mut found = self.spelled_like(&latin, false);
        if let Some(rest) = latin
            .strip_prefix("al")
            .or_else(|| latin.strip_prefix("el"))
        {
            found.extend(self.spelled_like(rest.trim_start_matches('-'), true));
        }
        let same_word = self.same_name(&found);
        let likely = found.into_iter().map(|name| name.likely).collect();
        self.likeliest(likely, limit, SuggestionKind::Transliteration, same_word)
    }

    /// Returns the likeliest word if it is certainly the name that was typed: many consonants agree,
    /// the spelling costs little, and no other name is near.
    fn same_name(&self, found: &[SpelledWord]) -> Option<u32> {
        let best = found
            .iter()
            .max_by(|one, other| one.likely.likelihood.total_cmp(&other.likely.likelihood))?;
        let text = |found: &SpelledWord| self.bare_words.keys.get(found.bare);
        let consonants = consonants(text(best));
        let articles = |found: &SpelledWord| self.bare_words.keys.articles(found.bare);
        // Other spellings of a name share its consonants, but they must not be nearer.
        let is_rival = |other: &&SpelledWord| {
            !self.are_spellings(other.likely.word, best.likely.word)
                && articles(other).saturating_mul(MIN_RATIO) > articles(best)
                && (other.cost < best.cost
                    || other.cost <= best.cost + RIVAL_COST
                        && self::consonants(text(other)) != consonants)
        };
        let is_certain = best.cost <= MAX_CERTAIN_COST
            && consonants.len() >= MIN_CERTAIN_CONSONANTS
            && self.has_no_article(text(best))
            && !found.iter().any(|other| is_rival(&other));
        is_certain.then_some(best.likely.word)
    }

    /// Returns whether a bare word hardly occurs with `ال`. Most names do not; nouns do.
    fn has_no_article(&self, bare: &str) -> bool {
        let articled = self.words.articles_of(&definite(bare));
        articled.saturating_mul(MIN_RATIO) <= self.words.articles_of(bare)
    }

    /// Returns words that sound like `latin`, with their likelihoods. With `is_definite`, it
    /// returns only words with the article.
    fn spelled_like(&self, latin: &str, is_definite: bool) -> Vec<SpelledWord> {
        let Some(sounds) = sounds(latin).filter(|sounds| sounds.len() >= MIN_LATIN_LETTERS) else {
            return Vec::new();
        };
        let mut letters = Vec::new();
        let mut found = Vec::new();
        for bare in keys_of_latin(&sounds)
            .into_iter()
            .flat_map(|key| self.consonants.of(key))
            .copied()
        {
            let text = self.bare_words.keys.get(bare);
            let articled = is_definite.then(|| self.words.find(&definite(text)));
            if articled == Some(None) || is_folded_stop_word(text) {
                continue;
            }
            letters.clear();
            letters.extend(text.chars());
            let cost = cost(&sounds, &letters);
            if cost <= MAX_COST {
                let word = articled
                    .flatten()
                    .unwrap_or_else(|| self.name_of(bare, text));
                let articles = self.bare_words.keys.articles(bare) as f64;
                let likelihood = articles.ln() - COST_WEIGHT * f64::from(cost);
                found.push(SpelledWord {
                    likely: LikelyWord { likelihood, word },
                    bare,
                    cost,
                });
            }
        }
        found
    }

    /// Returns the commoner of two words: the bare word, and the bare word after `ال`. A name
    /// mostly occurs in one of these forms.
    fn name_of(&self, bare: u32, text: &str) -> u32 {
        [self.words.find(text), self.words.find(&definite(text))]
            .into_iter()
            .flatten()
            .max_by_key(|word| self.words.articles(*word))
            .unwrap_or_else(|| self.bare_words.commonest(bare))
    }
}

fn definite(bare: &str) -> String {
    format!("{ARTICLE}{bare}")
}

/// Returns the word in lower case without accents. Returns `None` if the text is not one word, or
/// is too long or too short.
fn fold_latin(word: &str) -> Option<String> {
    let word = word.trim();
    let is_latin =
        word.len() <= 4 * MAX_LATIN_LETTERS && word.contains(|letter: char| letter.is_alphabetic());
    let folded = fold::folded(word);
    let letter_count = folded.chars().count();
    (is_latin && (MIN_LATIN_LETTERS..=MAX_LATIN_LETTERS).contains(&letter_count)).then_some(folded)
}

/// Returns the class of a consonant. Returns `None` for letters that another spelling writes as
/// vowels.
fn class(letter: char) -> Option<u64> {
    Some(match letter {
        'ب' | 'ف' => 1,
        'ت' | 'ط' => 2,
        'د' | 'ض' => 3,
        'س' | 'ص' | 'ز' | 'ذ' | 'ظ' | 'ث' => 4,
        'ك' | 'ق' | 'غ' | 'ج' => 5,
        'خ' => 6,
        'ه' | 'ح' => 7,
        'ل' => 8,
        'م' => 9,
        'ن' => 10,
        'ر' => 11,
        'ش' => 12,
        _ => return None,
    })
}

/// Appends a consonant's class to a key. Repeated consonants of one class count once. Returns
/// `None` if the key is full.
fn with_class(key: u64, class: u64) -> Option<u64> {
    let has_room = key >> (u64::BITS - CLASS_BITS) == 0;
    if key & ((1 << CLASS_BITS) - 1) == class {
        Some(key)
    } else {
        has_room.then_some(key << CLASS_BITS | class)
    }
}

/// Returns the consonants of an Arabic word. A final ه is mostly a vowel.
fn consonants(word: &str) -> Vec<char> {
    let word = word.strip_suffix('ه').unwrap_or(word);
    word.chars()
        .filter(|letter| class(*letter).is_some())
        .collect()
}

fn key_of_arabic(word: &str) -> Option<u64> {
    let mut letters = word.chars().peekable();
    let mut key = 0;
    while let Some(letter) = letters.next() {
        let next = letters.peek();
        // A final ه is mostly a vowel. The ت of تش, the English "ch", is no sound of its own.
        let is_silent = letter == 'ه' && next.is_none() || letter == 'ت' && next == Some(&'ش');
        if let Some(class) = class(letter).filter(|_| !is_silent) {
            key = with_class(key, class)?;
        }
    }
    (key != 0).then_some(key)
}

/// Returns the keys of the likeliest readings of the consonants, the likeliest first.
fn keys_of_latin(sounds: &[Sound]) -> Vec<u64> {
    let mut readings = vec![(0_u32, 0_u64)];
    for sound in sounds {
        let mut cheapest: BTreeMap<u64, u32> = BTreeMap::new();
        let mut add = |key: u64, cost: u32| {
            let known = cheapest.entry(key).or_insert(cost);
            *known = cost.min(*known);
        };
        for (paid, key) in readings {
            for letter in sound.likely.chars().chain(sound.possible.chars()) {
                let longer = class(letter).map_or(Some(key), |class| with_class(key, class));
                if let Some(longer) = longer {
                    add(longer, paid + letter_cost(sound, letter, false));
                }
            }
            if sound.skip <= MAX_SILENT {
                add(key, paid + sound.skip);
            }
        }
        readings = cheapest
            .into_iter()
            .map(|(key, cost)| (cost, key))
            .collect();
        readings.sort_unstable();
        readings.truncate(MAX_READINGS);
    }
    readings
        .into_iter()
        .map(|(_, key)| key)
        .filter(|key| *key != 0)
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(latin: &str, arabic: &str, expected: bool) {
        let keys = keys_of_latin(&sounds(latin).expect("Latin letters"));
        let key = key_of_arabic(arabic).expect("a consonant");
        assert_eq!(keys.contains(&key), expected, "{latin}, {arabic}");
    }

    #[test]
    fn one_name_has_the_same_consonants_in_both_alphabets() {
        for (latin, arabic) in [
            ("haftar", "حفتر"),
            ("netanyahu", "نتنياهو"),
            ("khashoggi", "خاشقجي"),
            ("thatcher", "تاتشر"),
            ("johnson", "جونسون"),
            ("washington", "واشنطن"),
            ("xavier", "خافيير"),
            ("fatimah", "فاطمه"),
        ] {
            check(latin, arabic, true);
        }
        check("haftar", "مفتاح", false);
    }
}
