//! Measures how often the first suggestion is the word that was meant. The table in
//! `docs/search-quality.md` has the figures. A sample of words is mistyped in one way at a time.

use std::collections::HashSet;

use fihrist_index::arabic::spelling::Vocabulary;
use fihrist_index::arabic::{Analyzer, Model, TokenKind, fold, is_folded_stop_word};

/// How many words are mistyped.
const WORDS: usize = 100;

/// The words are drawn from this many of the commonest words.
const COMMON: usize = 2_000;

/// The minimum number of letters in a word. Most mistakes in a shorter word give another word.
const MIN_LETTERS: usize = 5;

const LETTERS: &str = "ابتثجحخدذرزسشصضطظعغفقكلمنهوي";

/// Letters that sound alike, in pairs.
const ALIKE: &str = "تط سص دض ذز ظض قغ حه ثس كق";

/// The Arabic letters of an English keyboard and their keys.
const KEYS: [(&str, &str); 3] = [
    ("ضصثقفغعهخحجدشسيبلاتنمكط", "qwertyuiop[]asdfghjkl;'"),
    ("ئءؤرىةوزظذ", "zxcvnm,./`"),
    ("إأآ", "YHN"),
];

/// A linear congruential generator: every run draws the same numbers.
struct Draw(u64);

impl Draw {
    fn below(&mut self, end: usize) -> usize {
        self.0 = self
            .0
            .wrapping_mul(6_364_136_223_846_793_005)
            .wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 33) as usize % end
    }

    fn one<T: Copy>(&mut self, of: &[T]) -> Option<T> {
        (!of.is_empty()).then(|| of[self.below(of.len())])
    }
}

/// A way to mistype a word. Returns `None` if the word has no letter for it.
type Mistype = fn(&[char], &mut Draw) -> Option<Vec<char>>;

const MISTAKES: [(&str, Mistype); 9] = [
    ("the keys of the other layout", |word, _| {
        let key = |letter: &char| {
            let (letters, keys) = KEYS.iter().find(|(letters, _)| letters.contains(*letter))?;
            keys.chars()
                .nth(letters.chars().position(|other| other == *letter)?)
        };
        word.iter().map(key).collect()
    }),
    ("neighbouring letters swapped", |word, draw| {
        let differ: Vec<usize> = (1..word.len())
            .filter(|i| word[i - 1] != word[*i])
            .collect();
        let mut typed = word.to_vec();
        let at = draw.one(&differ)?;
        typed.swap(at - 1, at);
        Some(typed)
    }),
    ("a letter too many", |word, draw| {
        let letters: Vec<char> = LETTERS.chars().collect();
        let mut typed = word.to_vec();
        typed.insert(draw.below(word.len() + 1), draw.one(&letters)?);
        Some(typed)
    }),
    ("a letter doubled", |word, draw| {
        let mut typed = word.to_vec();
        let at = draw.below(word.len());
        typed.insert(at, word[at]);
        Some(typed)
    }),
    ("a letter for another", |word, draw| {
        let letters: Vec<char> = LETTERS.chars().collect();
        let at = draw.below(word.len());
        Some(replaced(word, at, draw.one(&letters)?))
    }),
    ("a letter for one that sounds alike", |word, draw| {
        let pairs: Vec<Vec<char>> = ALIKE
            .split(' ')
            .map(|pair| pair.chars().collect())
            .collect();
        let of_letter = |at: usize| pairs.iter().find(|pair| pair.contains(&word[at]));
        let alike: Vec<usize> = (0..word.len())
            .filter(|at| of_letter(*at).is_some())
            .collect();
        let at = draw.one(&alike)?;
        let other = of_letter(at)?.iter().find(|letter| **letter != word[at])?;
        Some(replaced(word, at, *other))
    }),
    ("a hamza in the wrong place", |word, draw| {
        let at = draw.one(&positions(word, "ئؤء"))?;
        let others: Vec<char> = "ئؤءا"
            .chars()
            .filter(|letter| *letter != word[at])
            .collect();
        Some(replaced(word, at, draw.one(&others)?))
    }),
    ("a weak letter left out", |word, draw| {
        let weak = positions(&word[1..], "اوي");
        Some(without(word, draw.one(&weak)? + 1))
    }),
    ("any letter left out", |word, draw| {
        Some(without(word, draw.below(word.len())))
    }),
];

fn replaced(word: &[char], at: usize, letter: char) -> Vec<char> {
    let mut typed = word.to_vec();
    typed[at] = letter;
    typed
}

fn without(word: &[char], at: usize) -> Vec<char> {
    let mut typed = word.to_vec();
    typed.remove(at);
    typed
}

fn positions(word: &[char], letters: &str) -> Vec<usize> {
    (0..word.len())
        .filter(|at| letters.contains(word[*at]))
        .collect()
}

/// Returns the vocabulary of the articles of `FIHRIST_ARTICLES`, and the sample of its common words
/// as they are usually written.
fn words(analyzer: &Analyzer) -> (Vocabulary, Vec<String>) {
    let path = std::env::var("FIHRIST_ARTICLES").expect("FIHRIST_ARTICLES names a file");
    let lines = std::fs::read_to_string(path).expect("a file of articles");
    let mut counts = std::collections::HashMap::<String, u64>::new();
    for line in lines.lines() {
        let record: serde_json::Value = serde_json::from_str(line).expect("a record");
        let field = |name: &str| record[name].as_str().unwrap_or_default().to_owned();
        let tokens = analyzer.analyze(&format!("{}\n\n{}", field("title"), field("body")));
        let tokens = tokens
            .into_iter()
            .filter(|token| token.kind != TokenKind::Whole);
        for word in tokens.map(|token| token.surface).collect::<HashSet<_>>() {
            *counts.entry(word).or_default() += 1;
        }
    }
    let mut common: Vec<(&String, &u64)> = counts.iter().collect();
    common.sort_by(|one, other| other.1.cmp(one.1).then(one.0.cmp(other.0)));
    let is_arabic = |word: &str| word.chars().all(|letter| matches!(letter, 'ء'..='ي'));
    common.retain(|(word, _)| {
        word.chars().count() >= MIN_LETTERS && is_arabic(word) && !is_folded_stop_word(word)
    });
    common.truncate(COMMON);
    let mut draw = Draw(20_200_315);
    let written = |word: String| analyzer.model().majority(&word).unwrap_or(word);
    let sample =
        (0..WORDS).map(|_| written(common.swap_remove(draw.below(common.len())).0.clone()));
    let sample = sample.collect();
    let list = counts
        .iter()
        .map(|(word, count)| (word.clone(), *count))
        .collect();
    (Vocabulary::new(list, analyzer), sample)
}

/// `FIHRIST_ARTICLES=articles.jsonl cargo test -p fihrist-index --test engine -- suggestion_figures --ignored --nocapture`
#[test]
#[ignore = "it needs a collection of articles, and measures instead of testing"]
fn measure_first_suggestions() {
    let analyzer = Analyzer::new(Model::base());
    let (vocabulary, sample) = words(&analyzer);
    for (name, mistype) in MISTAKES {
        let mut draw = Draw(2_654_435_769);
        let (mut typed_words, mut repaired, mut wrong) = (0, 0, Vec::new());
        for word in &sample {
            let letters: Vec<char> = word.chars().collect();
            let Some(typed) = mistype(&letters, &mut draw) else {
                continue;
            };
            let typed: String = typed.into_iter().collect();
            if fold::folded(&typed) == fold::folded(word) {
                continue;
            }
            let suggested = vocabulary.relayout(&typed);
            let suggested = suggested.or_else(|| vocabulary.correct(&typed, 1).pop());
            let suggested = suggested.map(|found| found.text).unwrap_or_default();
            let is_right = fold::folded(&suggested) == fold::folded(word);
            typed_words += 1;
            repaired += usize::from(is_right);
            if !is_right {
                wrong.push(format!("{word} {typed} {suggested}"));
            }
        }
        println!("{name}: {repaired} of {typed_words}");
        if std::env::var_os("FIHRIST_SHOW").is_some() {
            println!("    {}", wrong.join("\n    "));
        }
    }
}
