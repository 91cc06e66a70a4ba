//! Splits off proclitics: `و ف` "and", `ب ل ك` "in, for, like", and the article `ال`. Without clear
//! evidence the word stays whole, because it is mostly a noun that begins with such a letter
//! (`وزير`, `بيان`, `لجنة`).

use super::{AL, ALEF, TEH, WAW, YEH, suffix, verb};
use crate::{Model, PackedWord};

const LIL: PackedWord = PackedWord::of("لل");
/// The article alone and after `ل`.
const ARTICLED: [PackedWord; 2] = [AL, LIL];
const FEH: PackedWord = PackedWord::of("ف");
const BEH: PackedWord = PackedWord::of("ب");
const LAM: PackedWord = PackedWord::of("ل");
const KAF: PackedWord = PackedWord::of("ك");

const ALLAH: PackedWord = PackedWord::of("الله");
/// `ل` and `الله`. This spelling omits more letters than the alef of the article.
pub const LILLAH: PackedWord = PackedWord::of("لله");

/// The folded name of God, and folded function words whose `ال` is no article.
const FUNCTION_WORDS: [PackedWord; 9] = PackedWord::all([
    "الله",
    "الذي",
    "التي",
    "الذين",
    "اللذين",
    "اللتين",
    "الي",
    "الا",
    "الان",
]);

/// The conjunctions, which may precede any word. The other proclitics of one letter may precede a
/// noun only.
const CONJUNCTIONS: [PackedWord; 2] = [WAW, FEH];

const PREPOSITIONS: [PackedWord; 3] = [BEH, LAM, KAF];

/// The proclitics of one letter. The number is the minimum count of the rest, as a share of the
/// count of the whole word.
const PROCLITICS: [(PackedWord, f64); 5] =
    [(WAW, 0.05), (FEH, 0.3), (BEH, 0.1), (LAM, 0.1), (KAF, 0.5)];

/// What remains of a word after its proclitics are split off.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Split {
    /// A function word. No other affix is stripped from it.
    Function(PackedWord),
    /// A noun or adjective that had the article. It has no pronoun after it and is no verb.
    Definite(PackedWord),
    /// Any other word.
    Open(PackedWord),
}

impl Split {
    fn of_rest(rest: PackedWord) -> Self {
        match rest {
            LILLAH => Self::Function(ALLAH),
            word if FUNCTION_WORDS.contains(&word) => Self::Function(word),
            word => Self::Open(word),
        }
    }

    /// Returns the word without its proclitics.
    pub fn rest(self) -> PackedWord {
        let (Self::Function(rest) | Self::Definite(rest) | Self::Open(rest)) = self;
        rest
    }
}

/// Returns the word without the proclitics that the counts confirm.
pub fn split(model: &Model, word: PackedWord) -> Split {
    let whole = Split::of_rest(word);
    if word.letter_count() < 4 || whole != Split::Open(word) {
        return whole;
    }
    if let Some(noun) = word.strip_prefix(AL) {
        return if has_article(model, word, noun) {
            Split::Definite(noun)
        } else {
            whole
        };
    }
    if let Some(noun) = word.strip_prefix(LIL) {
        let definite = AL.then(noun);
        // `للقاء` is `ل` and `لقاء`, not `ل` and the article: `القاء` is mostly written with a
        // hamza (`إلقاء`), so its `ال` is no article.
        let is_definite =
            model.outweighs(definite, 0.1, word) && model.begins_with_bare_alef(definite);
        if is_definite || model.outweighs(noun, 1.0, word) {
            return match Split::of_rest(definite) {
                Split::Function(definite) => Split::Function(definite),
                Split::Definite(_) | Split::Open(_) => Split::Definite(noun),
            };
        }
    }
    PROCLITICS
        .iter()
        .find(|(letter, _)| word.first() == *letter)
        .and_then(|(letter, share)| split_letter(model, word, *letter, *share))
        .unwrap_or(whole)
}

/// Whether `word` is `noun` with the article.
fn has_article(model: &Model, word: PackedWord, noun: PackedWord) -> bool {
    // A hamza on the alef, as in `ألمانيا`, shows that the alef belongs to the word.
    if !model.begins_with_bare_alef(word) {
        return false;
    }
    let is_seen = model.outweighs(noun, 0.05, word) || model.outweighs(LIL.then(noun), 0.05, word);
    // Verbs of form VIII from roots in `ل`, and their verbal nouns: `التزم`, `يلتزم`, `الالتزام`.
    let is_own = || noun.first() == TEH && is_form_viii(model, word);
    let is_perfect = noun.first() == TEH && model.outweighs(YEH.then(LAM).then(noun), 0.2, word);
    is_seen && !is_perfect || noun.letter_count() >= 3 && !is_own()
}

/// Whether the word, or its beginning before some ending, occurs with the article or has an
/// imperfect.
fn is_form_viii(model: &Model, word: PackedWord) -> bool {
    let shortest = word.letter_count().saturating_sub(3).max(5);
    (shortest..=word.letter_count())
        .map(|letter_count| word.take(letter_count))
        .any(|base| {
            let body = base.strip_prefix(ALEF);
            model.takes_article(base) || body.is_some_and(|body| model.count_of(YEH.then(body)) > 0)
        })
}

/// Splits off one letter and any further proclitics after it. Returns `None` if the letter belongs
/// to the word.
fn split_letter(model: &Model, word: PackedWord, letter: PackedWord, share: f64) -> Option<Split> {
    let rest = word.strip_prefix(letter)?;
    let is_conjunction = CONJUNCTIONS.contains(&letter);
    if letter != LAM && is_definite(model, word, rest) {
        return Some(split(model, rest));
    }
    if is_conjunction && rest.letter_count() >= 4 && is_attested_lil(model, rest) {
        let inner = split(model, rest);
        if !matches!(inner, Split::Open(_)) {
            return Some(inner);
        }
    }
    if is_noun(model, word) || is_perfect(model, word, rest) {
        return None;
    }
    if is_conjunction && PREPOSITIONS.contains(&rest.first()) && rest.letter_count() >= 4 {
        let inner = split(model, rest);
        let is_attested = model.outweighs(rest, 0.2 * share, word)
            || model.outweighs(inner.rest(), 5.0 * share, word);
        if inner.rest() != rest && is_attested {
            return Some(inner);
        }
    }
    let is_set_phrase = || {
        !is_conjunction
            && model.outweighs(AL.then(rest), 0.01, word)
            && model.outweighs(rest, 0.01, word)
            && ARTICLED
                .iter()
                .all(|article| model.count_of(article.then(word)) == 0)
    };
    let is_attested =
        rest.letter_count() >= 3 && (model.outweighs(rest, share, word) || is_set_phrase());
    if !is_attested || !(is_conjunction || is_nominal(model, word, rest)) {
        return None;
    }
    Some(if rest.strip_prefix(AL).is_some() {
        split(model, rest)
    } else {
        Split::of_rest(rest)
    })
}

/// Whether the word occurs with the article, as it is or without an ending.
fn is_noun(model: &Model, word: PackedWord) -> bool {
    let takes_article = |base| base != word && model.takes_article(base);
    model.takes_article(word)
        || takes_preposition(model, word)
        || suffix::strip_enclitic(model, word).is_some_and(|(base, _)| takes_article(base))
        || takes_article(suffix::strip_inflection(model, word))
}

/// Whether a preposition stands before a word in `ف`, `ب` or `ك`. Its first letter is then no
/// proclitic: `لفادي` shows that `فادي` is not `ف` and `ادي`. Before `ل`, a preposition may be part of
/// the word: `بلعيد`.
fn takes_preposition(model: &Model, word: PackedWord) -> bool {
    [FEH, BEH, KAF].contains(&word.first())
        && PREPOSITIONS
            .iter()
            .any(|letter| model.outweighs(letter.then(word), 0.02, word))
}

/// Whether the word is a perfect with an ending, and commoner than the rest after the proclitic.
/// `وجدت` is a form of `وجد`, but `وتمت` is `و` and `تمت`.
fn is_perfect(model: &Model, word: PackedWord, rest: PackedWord) -> bool {
    let base = suffix::strip_enclitic(model, word).map_or(word, |(base, _)| base);
    !model.outweighs(rest, 1.0, word)
        && [word, base]
            .iter()
            .any(|word| verb::of_perfect(model, *word).is_some())
}

/// Whether `rest`, the part of `word` after its proclitic, is a noun with the article.
fn is_definite(model: &Model, word: PackedWord, rest: PackedWord) -> bool {
    let Some(noun) = rest.strip_prefix(AL).and_then(|noun| noun.with_at_least(2)) else {
        return false;
    };
    let is_common = model.outweighs(rest, 0.2, word);
    // A set phrase (`بالقرب`, `بالنسبة`) is commoner than its noun with the article, but not
    // commoner than the bare noun.
    let is_common_bare =
        || noun.letter_count() >= 3 && model.outweighs(rest, 0.01, word) && !is_noun(model, word);
    (is_common || is_common_bare()) && model.begins_with_bare_alef(rest)
}

/// Whether the counts show that `rest`, which follows `ب`, `ل` or `ك` in `word`, is a noun.
fn is_nominal(model: &Model, word: PackedWord, rest: PackedWord) -> bool {
    model.outweighs(AL.then(rest), 0.02, word)
        || model.outweighs(rest, 3.0, word)
        || model.ends_in_teh_marbuta(rest)
        || [BEH, LAM]
            .iter()
            .all(|preposition| model.outweighs(preposition.then(rest), 0.02, word))
}

/// Whether the word is `لل` before a noun, and the model contains it or the noun with the article.
fn is_attested_lil(model: &Model, word: PackedWord) -> bool {
    word.strip_prefix(LIL)
        .is_some_and(|noun| model.count_of(word) > 0 || model.count_of(AL.then(noun)) > 0)
}
