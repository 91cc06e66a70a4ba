//! Numbers and counted nouns. Digits are European throughout, as in most of the Arab press today.

use crate::page::Language;

/// The forms of a noun that follows a number.
pub struct Noun {
    /// The words for 0, 1 and 2; the forms after 3 to 10, after 11 to 99, and after full hundreds.
    /// Arabic counts one and two by the noun alone. Three to ten take the broken plural, eleven to
    /// ninety-nine the singular in the accusative, and full hundreds the singular in the genitive.
    arabic: [&'static str; 6],
    /// The words for 0; the forms after 1, and after other numbers.
    english: [&'static str; 3],
}

pub const ARTICLES: Noun = Noun {
    arabic: [
        "لا مقالات",
        "مقالة واحدة",
        "مقالتان",
        "مقالات",
        "مقالة",
        "مقالة",
    ],
    english: ["no articles", "article", "articles"],
};

pub const COPIES: Noun = Noun {
    arabic: [
        "لا نسخ أخرى",
        "نسخة أخرى",
        "نسختان أخريان",
        "نسخ أخرى",
        "نسخة أخرى",
        "نسخة أخرى",
    ],
    english: ["no other copies", "other copy", "other copies"],
};

pub const PLACES: Noun = Noun {
    arabic: ["لا مواضع", "موضع واحد", "موضعان", "مواضع", "موضعًا", "موضع"],
    english: ["no matches", "match", "matches"],
};

/// Returns a number and its noun in agreement.
pub fn counted(language: Language, number: u64, noun: &Noun) -> String {
    let form = match language {
        Language::Arabic => {
            let [zero, one, two, few, many, hundreds] = noun.arabic;
            match (number, number % 100) {
                (0, _) => return zero.to_owned(),
                (1, _) => return one.to_owned(),
                (2, _) => return two.to_owned(),
                (_, 3..=10) => few,
                (_, 11..=99) => many,
                _ => hundreds,
            }
        }
        Language::English => {
            let [zero, one, many] = noun.english;
            match number {
                0 => return zero.to_owned(),
                1 => one,
                _ => many,
            }
        }
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
