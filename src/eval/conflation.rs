//! Measures by gold lemmas how well a stemmer unites the forms of one word and separates the forms
//! of different words. It receives the terms of each word and does not know the stemmer.

use std::collections::{BTreeSet, HashMap};

use super::lemmas::GoldWord;

/// A distinct surface form with its lemmas and their frequencies. The lemmas are in the order of
/// their first occurrence.
pub struct Word<'a> {
    pub surface: &'a str,
    lemmas: Vec<(&'a str, usize)>,
}

/// The measurements on the content words.
#[derive(Debug)]
pub struct Conflation {
    /// Compares the pairs of distinct words that share a term with the pairs that share their most
    /// frequent lemma. Paice, “An evaluation method for stemming algorithms”, SIGIR 1994, counts
    /// the same pairs as under- and overstemming.
    pub pairs: Agreement,
    /// Compares, for each running word, the words that share a term with it and the words of the
    /// same lemma. This is the B-cubed measure of Bagga and Baldwin, “Entity-based cross-document
    /// coreferencing using the vector space model”, ACL 1998. An error counts once for each
    /// occurrence of the word.
    pub tokens: Agreement,
}

/// Precision and recall, from 0 to 1.
#[derive(Debug, Clone, Copy)]
pub struct Agreement {
    pub precision: f64,
    pub recall: f64,
}

impl Agreement {
    /// Returns the harmonic mean of precision and recall.
    pub fn f1(self) -> f64 {
        let sum = self.precision + self.recall;
        if sum > 0.0 {
            2.0 * self.precision * self.recall / sum
        } else {
            0.0
        }
    }
}

/// Returns the distinct content words, in the order of first occurrence.
pub fn content_words(gold: &[GoldWord]) -> Vec<Word<'_>> {
    let mut words: Vec<Word<'_>> = Vec::new();
    let mut places = HashMap::new();
    for GoldWord { surface, lemma, .. } in gold.iter().filter(|word| word.is_content) {
        let place = *places.entry(surface).or_insert(words.len());
        if place == words.len() {
            words.push(Word {
                surface,
                lemmas: Vec::new(),
            });
        }
        let lemmas = &mut words[place].lemmas;
        match lemmas.iter_mut().find(|(known, _)| known == lemma) {
            Some((_, count)) => *count += 1,
            None => lemmas.push((lemma, 1)),
        }
    }
    words
}

/// Measures `words`, where `terms[i]` are the terms of `words[i]`. Two words match if they share a
/// term. A word without terms matches only itself.
pub fn conflation(words: &[Word<'_>], terms: &[Vec<String>]) -> Conflation {
    let mut by_term: HashMap<&str, Vec<usize>> = HashMap::new();
    for (i, terms) in terms.iter().enumerate() {
        terms
            .iter()
            .for_each(|term| by_term.entry(term).or_default().push(i));
    }
    let mut words_of_lemma: HashMap<&str, usize> = HashMap::new();
    let mut mass_of_lemma: HashMap<&str, usize> = HashMap::new();
    for word in words {
        *words_of_lemma.entry(word.commonest_lemma()).or_default() += 1;
        word.lemmas
            .iter()
            .for_each(|(lemma, count)| *mass_of_lemma.entry(lemma).or_default() += count);
    }

    let mut right = 0;
    let mut found_pairs = 0;
    let mut precision_sum = 0.0;
    let mut recall_sum = 0.0;
    let mut mass = 0;
    for (i, (word, terms)) in words.iter().zip(terms).enumerate() {
        let mut found: BTreeSet<usize> = terms
            .iter()
            .flat_map(|term| by_term[term.as_str()].iter().copied())
            .collect();
        found.insert(i);
        let lemma = word.commonest_lemma();
        let same = found
            .iter()
            .filter(|j| words[**j].commonest_lemma() == lemma)
            .count();
        right += same - 1;
        found_pairs += found.len() - 1;
        let found_mass: usize = found.iter().map(|j| words[*j].mass()).sum();
        for (lemma, count) in &word.lemmas {
            let good: usize = found.iter().map(|j| words[*j].mass_of(lemma)).sum();
            precision_sum += (count * good) as f64 / found_mass as f64;
            recall_sum += (count * good) as f64 / mass_of_lemma[lemma] as f64;
            mass += count;
        }
    }
    let pairs = words_of_lemma
        .values()
        .map(|count| count * (count - 1))
        .sum();
    let right = right as f64;
    Conflation {
        pairs: Agreement {
            precision: part(right, found_pairs),
            recall: part(right, pairs),
        },
        tokens: Agreement {
            precision: part(precision_sum, mass),
            recall: part(recall_sum, mass),
        },
    }
}

/// Returns `some` divided by `all`, or 1 if `all` is 0.
fn part(some: f64, all: usize) -> f64 {
    if all > 0 { some / all as f64 } else { 1.0 }
}

impl Word<'_> {
    /// Returns the most frequent lemma. If several are equally frequent, the first of them.
    fn commonest_lemma(&self) -> &str {
        self.lemmas
            .iter()
            .rev()
            .max_by_key(|(_, count)| *count)
            .map_or("", |(lemma, _)| lemma)
    }

    fn mass(&self) -> usize {
        self.lemmas.iter().map(|(_, count)| count).sum()
    }

    fn mass_of(&self, lemma: &str) -> usize {
        self.lemmas
            .iter()
            .filter(|(known, _)| *known == lemma)
            .map(|(_, count)| count)
            .sum()
    }
}

/// Returns the fraction of the running content words from which a stemmer strips exactly the gold
/// proclitics and article. `stripped_chars` returns how many characters the stemmer strips from the
/// start of a surface form, including the future س.
pub fn exact_boundaries(gold: &[GoldWord], stripped_chars: impl Fn(&str) -> usize) -> f64 {
    let words = || gold.iter().filter(|word| word.is_content);
    let is_exact = |word: &&GoldWord| stripped_chars(&word.surface) == word.boundary_chars;
    part(words().filter(is_exact).count() as f64, words().count())
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A running word for each `surface/lemma`.
    fn gold(words: &str) -> Vec<GoldWord> {
        let pairs = words
            .split_whitespace()
            .filter_map(|word| word.split_once('/'));
        pairs
            .map(|(surface, lemma)| GoldWord {
                surface: surface.to_owned(),
                lemma: lemma.to_owned(),
                is_content: lemma != "في",
                boundary_chars: surface.chars().take_while(|c| *c == 'و').count(),
            })
            .collect()
    }

    #[track_caller]
    fn check(gold_words: &str, terms: &[&[&str]], pairs: (f64, f64), tokens: (f64, f64)) {
        let gold = gold(gold_words);
        let terms: Vec<Vec<String>> = terms
            .iter()
            .map(|terms| terms.iter().map(|term| (*term).to_owned()).collect())
            .collect();
        let found = conflation(&content_words(&gold), &terms);
        let numbers = [
            found.pairs.precision,
            found.pairs.recall,
            found.tokens.precision,
            found.tokens.recall,
        ];
        let is_close = numbers
            .iter()
            .zip([pairs.0, pairs.1, tokens.0, tokens.1])
            .all(|(one, other)| (one - other).abs() < 1e-12);
        assert!(is_close, "{gold_words}: {found:?}");
    }

    #[test]
    fn perfect_terms_score_1() {
        check(
            "بيت/بيت بيوت/بيت قمر/قمر",
            &[&["1"], &["1"], &["2"]],
            (1.0, 1.0),
            (1.0, 1.0),
        );
        check("", &[], (1.0, 1.0), (1.0, 1.0));
    }

    #[test]
    fn terms_that_join_too_much_cost_precision_and_too_little_recall() {
        // All joined: 2 of 6 ordered pairs are right. Tokens: بيت بيوت find 3 of which 2 are right, قمر 1.
        check(
            "بيت/بيت بيوت/بيت قمر/قمر",
            &[&["1"], &["1"], &["1"]],
            (2.0 / 6.0, 1.0),
            (5.0 / 9.0, 1.0),
        );
        // None joined, or no terms at all: each finds itself, half of its lemma for two of the three.
        let apart = ((1.0, 0.0), (1.0, 2.0 / 3.0));
        check(
            "بيت/بيت بيوت/بيت قمر/قمر",
            &[&["1"], &["2"], &["3"]],
            apart.0,
            apart.1,
        );
        check(
            "بيت/بيت بيوت/بيت قمر/قمر",
            &[&[], &[], &[]],
            apart.0,
            apart.1,
        );
    }

    #[test]
    fn words_meet_in_any_of_their_terms() {
        // The second joins the others, which do not meet: 2 of 4 ordered pairs found are right, of 2.
        check(
            "بيت/بيت بيوت/بيت قمر/قمر",
            &[&["1"], &["1", "2"], &["2"]],
            (2.0 / 4.0, 1.0),
            ((1.0 + 2.0 / 3.0 + 1.0 / 2.0) / 3.0, 1.0),
        );
    }

    #[test]
    fn tokens_count_as_often_as_they_stand_and_with_each_of_their_lemmas() {
        // علم three times, once as a flag: the commonest lemma makes the pairs, each lemma its own tokens.
        // علم: (2 x 3/4 + 1 x 1/4) found right, علوم: 3/4; recall 1 throughout.
        check(
            "علم/علم علم/راية علم/علم علوم/علم في/في",
            &[&["1"], &["1"]],
            (1.0, 1.0),
            ((2.0 * 0.75 + 0.25 + 0.75) / 4.0, 1.0),
        );
    }

    #[test]
    fn boundaries_are_counted_over_running_content_words() {
        let gold = gold("وبيت/بيت وبيت/بيت بيت/بيت وزير/وزير في/في");
        let strips_every_waw = |surface: &str| usize::from(surface.starts_with('و'));
        assert_eq!(exact_boundaries(&gold, strips_every_waw), 1.0);
        assert_eq!(exact_boundaries(&gold, |_| 0), 0.25);
        assert_eq!(exact_boundaries(&[], |_| 0), 1.0);
    }

    #[test]
    fn f1_is_the_harmonic_mean() {
        assert_eq!(
            Agreement {
                precision: 0.5,
                recall: 1.0
            }
            .f1(),
            2.0 / 3.0
        );
        assert_eq!(
            Agreement {
                precision: 0.0,
                recall: 0.0
            }
            .f1(),
            0.0
        );
    }
}
