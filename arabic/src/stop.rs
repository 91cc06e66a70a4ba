//! Function words. They are indexed like all words. A query ignores them if it contains any other
//! word.
//!
//! A function word is recognised by its spelling. `على` is one. `علي` may be a hasty spelling of it
//! or a name, so a query asks the index. `آن` is none: nobody writes `آ` for `أ` in haste.

use std::sync::LazyLock;

use rustc_hash::FxHashMap;

use crate::fold::{fold, spell};
use crate::{TokenKind, form};

/// Prepositions, conjunctions and particles that stand before a clause. Another word follows them.
const GOVERNING: &str = "
    من في على إلى عن مع عند عندما بين بينما بعد قبل حين حيث منذ خلال حول ضد غير لدى نحو دون حتى
    أن إن كأن أو ثم بل لكن إذا إذ لولا كما لكي لم لن هل ما لماذا قد لقد سوف إلا ألا أي أية كل بعض
    ليس ليست أما إما كانت كانوا يكون تكون
";

/// Pronouns, demonstratives, relatives, adverbs.
const STANDING: &str = "
    هذا هذه ذلك تلك هذان هاتان هولاء هؤلاء أولئك الذي التي الذين اللذين اللتين اللذان اللتان
    اللواتي اللاتي ماذا متى أين كيف أنه إنه أنها إنها أنهم إنهم هو هي هم هن هما أنا أنت نحن لكنه
    لكنها به بها بهم له لها لهم فيه فيها فيهم منه منها منهم عليه عليها عليهم إليه إليها عنه عنها
    معه معها أيضا فقط مما بما
";

/// Words that are written alike in names: كان is a town, لا and لو are articles in foreign names.
const IN_NAMES: &str = "كان كي لا لو";

/// Conjunctions that are written alike in names: أم is a mother.
const JOINING: &str = "أم";

/// Function words of the spoken language, as people type them in a search: Egypt, the Levant, the
/// Gulf, Iraq, the Maghreb. The list omits words that mean something else in the written language:
/// `دول` is "these" in Cairo and "states" in the news. Many of the short words are written alike in
/// foreign names, as in `دي ماريا`.
const COLLOQUIAL: &str = "
    إيه ليه إزاي فين إمتى مين ده دي دا كده كدا اللي علشان عشان بتاع بتاعه بتاعت مش مفيش إحنا لسه
    كمان برضه شو وين ليش هيك هاد هيدا هيدي هدول مشان منشان يلي شلون قديش أديش إيمتى وش أيش إيش شنو
    هذي ذي مو أكو ماكو شكو واش أش إش أشنو شكون علاش كيفاش وقتاش فوقاش شحال ديال نتاع متاع هادي
    هادو باش علاه
";

/// Parts of names before another name: "son of", "daughter of", "father of", "house of".
const BEFORE_NAMES: [&str; 7] = ["بن", "ابن", "إبن", "بنت", "أبو", "ابو", "آل"];

/// What a function word does in a sentence.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Role {
    /// It needs a word after it.
    Governing,
    /// It stands for a word of its own, or beside any word.
    Standing,
    /// It also occurs in names, in the same spelling.
    InNames,
    /// It also occurs in names. Otherwise it stands between two words that it joins.
    Joining,
}

/// How the spelling of a function word agrees with its usual spelling.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Spelling {
    /// It is the usual spelling, as in `على` and `إن`.
    Own,
    /// It lacks hamzas only, as in `ان`.
    Bare,
    /// It differs in other letters and may be another word, as in `علي`.
    Other,
}

/// A function word as it is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct FunctionWord {
    /// What the word does in a sentence.
    pub role: Role,
    /// How it is spelled.
    pub spelling: Spelling,
    /// Whether it is one only without its first letter, a conjunction: `فليس`.
    pub has_conjunction: bool,
}

/// The usual spellings and the roles of the function words, by their folded words.
static FUNCTION_WORDS: LazyLock<FxHashMap<String, Vec<(&str, Role)>>> = LazyLock::new(|| {
    let lists = [
        (GOVERNING, Role::Governing),
        (STANDING, Role::Standing),
        (IN_NAMES, Role::InNames),
        (JOINING, Role::Joining),
        (COLLOQUIAL, Role::InNames),
    ];
    let mut words: FxHashMap<String, Vec<(&str, Role)>> = FxHashMap::default();
    for (list, role) in lists {
        for word in list.split_whitespace() {
            let mut folded = String::new();
            fold(word, &mut folded);
            words.entry(folded).or_default().push((word, role));
        }
    }
    words
});

/// Returns the function word that a written word is, with or without a conjunction before it;
/// `None` if it is none.
pub fn function_word(written: &str) -> Option<FunctionWord> {
    let (word, conjunction, usual) = find(written)?;
    let spelling = |own: &str| {
        if word == own {
            Spelling::Own
        } else if without_hamza(own) == word {
            Spelling::Bare
        } else {
            Spelling::Other
        }
    };
    let (spelling, role) = usual
        .iter()
        .map(|(own, role)| (spelling(own), *role))
        .min_by_key(|(spelling, _)| *spelling as u8)?;
    let is_deliberate = spelling == Spelling::Other && word.contains(ALEF_MADDA);
    (!is_deliberate).then_some(FunctionWord {
        role,
        spelling,
        has_conjunction: !conjunction.is_empty(),
    })
}

/// Returns whether a written word is a part of names that needs a name after it, as in `بن فليس`.
pub fn precedes_name(written: &str) -> bool {
    let mut spelled = String::new();
    spell(written, &mut spelled);
    BEFORE_NAMES.contains(&spelled.as_str())
}

/// Returns whether a written word is a function word. A word such as `علي`, which may be a hasty
/// spelling of one, counts as one.
pub fn is_stop_word(written: &str) -> bool {
    function_word(written).is_some()
}

/// Returns whether a written word folds to a function word, and is or may be another word: `آن` and
/// `علي`, not `ان`.
pub fn may_be_other_word(written: &str) -> bool {
    find(written).is_some()
        && function_word(written).is_none_or(|word| word.spelling == Spelling::Other)
}

/// Returns whether a folded word is the folded form of a function word, with or without a
/// conjunction before it.
pub fn is_folded_stop_word(folded: &str) -> bool {
    let bare = folded.strip_prefix(CONJUNCTIONS).unwrap_or(folded);
    FUNCTION_WORDS.contains_key(folded) || FUNCTION_WORDS.contains_key(bare)
}

/// Returns the [`form`](form()) of each usual spelling of the function word that a written word
/// folds to, with the conjunction before it.
pub fn usual_forms(written: &str) -> Vec<String> {
    let Some((_, conjunction, usual)) = find(written) else {
        return Vec::new();
    };
    let form_of = |(own, _): &(&str, Role)| {
        let own = format!("{conjunction}{own}");
        let mut folded = String::new();
        fold(&own, &mut folded);
        form(TokenKind::Arabic, &own, &folded, &mut String::new()).to_owned()
    };
    usual.iter().map(form_of).collect()
}

const ALEF_MADDA: char = 'آ';

/// The usual spellings of a function word, each with its role.
type UsualSpellings = &'static [(&'static str, Role)];

/// Returns the spelling of a word without its conjunction, the conjunction, and the usual spellings
/// of the function word that it folds to.
fn find(written: &str) -> Option<(String, String, UsualSpellings)> {
    let (mut spelled, mut folded) = (String::new(), String::new());
    spell(written, &mut spelled);
    fold(written, &mut folded);
    if let Some(usual) = FUNCTION_WORDS.get(&folded) {
        return Some((spelled, String::new(), usual));
    }
    let usual = FUNCTION_WORDS.get(folded.strip_prefix(CONJUNCTIONS)?)?;
    let bare = spelled.strip_prefix(CONJUNCTIONS)?.to_owned();
    let conjunction = spelled.strip_suffix(&bare)?.to_owned();
    Some((bare, conjunction, usual))
}

const CONJUNCTIONS: [char; 2] = ['و', 'ف'];

fn without_hamza(word: &str) -> String {
    word.replace(['أ', 'إ'], "ا")
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn check(written: &str, expected: Option<Spelling>) {
        let found = function_word(written).map(|word| word.spelling);
        assert_eq!(found, expected, "{written}");
    }

    #[test]
    fn a_function_word_is_known_by_its_spelling() {
        check("على", Some(Spelling::Own));
        check("عَلَى", Some(Spelling::Own));
        check("وعلى", Some(Spelling::Own));
        check("علي", Some(Spelling::Other));
        check("وعلي", Some(Spelling::Other));
        check("إن", Some(Spelling::Own));
        check("أن", Some(Spelling::Own));
        check("ان", Some(Spelling::Bare));
        check("آن", None);
        check("آي", None);
        check("آلية", None);
        check("إم", Some(Spelling::Other));
        check("الى", Some(Spelling::Bare));
        check("الي", Some(Spelling::Other));
        check("فى", Some(Spelling::Other));
        check("كتاب", None);
    }

    #[test]
    fn the_usual_forms_keep_the_conjunction() {
        assert_eq!(usual_forms("علي"), ["علي~ى"]);
        assert_eq!(usual_forms("وعلي"), ["وعلي~ى"]);
        assert_eq!(usual_forms("ان"), ["ان~أ", "ان~إ"]);
    }

    proptest! {
        #[test]
        fn a_function_word_folds_to_one(word in "[وف]?[اأإآيىهةعلكنم\u{64E}]{1,5}|.{0,4}") {
            let mut folded = String::new();
            fold(&word, &mut folded);
            prop_assert!(!is_stop_word(&word) || is_folded_stop_word(&folded));
            prop_assert!(!may_be_other_word(&word) || !usual_forms(&word).is_empty());
        }
    }
}
