//! Numbers and counted nouns. Digits are European throughout, as in most of the Arab press today.

use crate::page::language::Language;

/// The forms of a noun that follows a number.
pub struct Noun {
    arabic: ArabicNoun,
    english: EnglishNoun,
}

/// Arabic counts one and two by the noun alone. Three to ten take the broken plural, eleven to
/// ninety-nine the singular in the accusative, and full hundreds the singular in the genitive.
struct ArabicNoun {
    zero: &'static str,
    one: &'static str,
    two: &'static str,
    few: &'static str,
    many: &'static str,
    hundreds: &'static str,
}

struct EnglishNoun {
    zero: &'static str,
    one: &'static str,
    many: &'static str,
}

pub const ARTICLES: Noun = Noun {
    arabic: ArabicNoun {
        zero: "لا مقالات",
        one: "مقالة واحدة",
        two: "مقالتان",
        few: "مقالات",
        many: "مقالة",
        hundreds: "مقالة",
    },
    english: EnglishNoun {
        zero: "no articles",
        one: "article",
        many: "articles",
    },
};

pub const COPIES: Noun = Noun {
    arabic: ArabicNoun {
        zero: "لا نسخ أخرى",
        one: "نسخة أخرى",
        two: "نسختان أخريان",
        few: "نسخ أخرى",
        many: "نسخة أخرى",
        hundreds: "نسخة أخرى",
    },
    english: EnglishNoun {
        zero: "no other copies",
        one: "other copy",
        many: "other copies",
    },
};

pub const PLACES: Noun = Noun {
    arabic: ArabicNoun {
        zero: "لا مواضع",
        one: "موضع واحد",
        two: "موضعان",
        few: "مواضع",
        many: "موضعًا",
        hundreds: "موضع",
    },
    english: EnglishNoun {
        zero: "no matches",
        one: "match",
        many: "matches",
    },
};

/// Returns a number and its noun in agreement.
pub fn counted(language: Language, number: u64, noun: &Noun) -> String {
    let form = match language {
        Language::Arabic => match (number, number % 100) {
            (0, _) => return noun.arabic.zero.to_owned(),
            (1, _) => return noun.arabic.one.to_owned(),
            (2, _) => return noun.arabic.two.to_owned(),
            (_, 3..=10) => noun.arabic.few,
            (_, 11..=99) => noun.arabic.many,
            _ => noun.arabic.hundreds,
        },
        Language::English => match number {
            0 => return noun.english.zero.to_owned(),
            1 => noun.english.one,
            _ => noun.english.many,
        },
    };
    format!("{} {form}", with_thousands(number))
}

/// Returns a number with a comma before every group of three digits.
pub fn with_thousands(number: u64) -> String {
    let digits = number.to_string();
    let mut grouped = String::with_capacity(digits.len() + digits.len() / 3);
    for (i, digit) in digits.chars().enumerate() {
        if i > 0 && (digits.len() - i).is_multiple_of(3) {
            grouped.push(',');
        }
        grouped.push(digit);
    }
    grouped
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nouns_agree_with_their_number() {
        let check = |number: u64, arabic: &str, english: &str| {
            assert_eq!(counted(Language::Arabic, number, &ARTICLES), arabic);
            assert_eq!(counted(Language::English, number, &ARTICLES), english);
        };
        check(0, "لا مقالات", "no articles");
        check(1, "مقالة واحدة", "1 article");
        check(2, "مقالتان", "2 articles");
        check(3, "3 مقالات", "3 articles");
        check(10, "10 مقالات", "10 articles");
        check(11, "11 مقالة", "11 articles");
        check(100, "100 مقالة", "100 articles");
        check(103, "103 مقالات", "103 articles");
        check(39_796, "39,796 مقالة", "39,796 articles");
        assert_eq!(counted(Language::Arabic, 11, &PLACES), "11 موضعًا");
        assert_eq!(counted(Language::Arabic, 200, &PLACES), "200 موضع");
        assert_eq!(
            [1, 2, 3, 11].map(|copies| counted(Language::Arabic, copies, &COPIES)),
            ["نسخة أخرى", "نسختان أخريان", "3 نسخ أخرى", "11 نسخة أخرى"]
        );
    }

    #[test]
    fn digits_stand_in_groups_of_three() {
        let check = |number: u64, expected: &str| assert_eq!(with_thousands(number), expected);
        check(0, "0");
        check(999, "999");
        check(1_000, "1,000");
        check(1_234_567, "1,234,567");
    }
}
