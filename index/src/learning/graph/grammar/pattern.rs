//! Word patterns as Arabic grammar writes them: `ف`, `ع` and `ل` stand for the radicals of the
//! root, any other letter for itself. The word `اعمال` fits `افعال`; with the same root, `فعل`
//! gives `عمل`. The module only spells words; it does not know which words exist.

use PatternLetter::{Literal, Radical};

/// The radicals that a word shows if it fits a pattern. A radical is `None` if the pattern does not
/// contain it.
type Root = [Option<char>; 4];

const FEH: char = 'ف';
const AIN: char = 'ع';
const LAM: char = 'ل';
const ALEF: char = 'ا';
const WAW: char = 'و';
const YEH: char = 'ي';
const HAMZA: char = 'ء';

/// One letter of a pattern.
#[derive(Clone, Copy)]
enum PatternLetter {
    /// A radical of the root, by its number from 0.
    Radical(usize),
    /// A letter that stands for itself.
    Literal(char),
}

/// A parsed word pattern.
pub struct WordPattern(Vec<PatternLetter>);

impl WordPattern {
    /// Parses a pattern. The second `ل` stands for the fourth radical. A second `ف` or `ع` repeats
    /// the radical, as in words of doubled roots: `حدود` fits `فعوع`.
    pub fn new(pattern: &str) -> Self {
        let mut lams = 0;
        let letters = pattern.chars().map(|letter| match letter {
            FEH => Radical(0),
            AIN => Radical(1),
            LAM => {
                lams += 1;
                Radical(1 + lams)
            }
            other => Literal(other),
        });
        Self(letters.collect())
    }

    /// Returns the radicals of `word` if it fits the pattern. Only the first radical may be an
    /// alef, which stands for a hamza.
    pub fn root_of(&self, word: &[char]) -> Option<Root> {
        if word.len() != self.0.len() {
            return None;
        }
        let mut root = Root::default();
        for (pattern_letter, letter) in self.0.iter().zip(word) {
            match pattern_letter {
                Literal(expected) if expected != letter => return None,
                Literal(_) => {}
                Radical(number) if *letter == ALEF && *number > 0 => return None,
                Radical(number) => match root[*number] {
                    Some(radical) if radical != *letter => return None,
                    _ => root[*number] = Some(*letter),
                },
            }
        }
        Some(root)
    }

    /// Returns the spellings of the word that the pattern makes from `root`. There may be several,
    /// because a weak radical or a hamza changes its letter between patterns, as in `ابواب` and
    /// `باب`. There is none if the pattern contains a radical that the root lacks.
    pub fn spellings(&self, root: &Root) -> Vec<String> {
        let mut spellings = vec![String::with_capacity(2 * self.0.len())];
        for pattern_letter in &self.0 {
            let shapes = match pattern_letter {
                Literal(letter) => vec![*letter],
                Radical(number) => match root[*number] {
                    Some(radical) => shapes(*number, radical),
                    None => return Vec::new(),
                },
            };
            let longer = |shape| {
                spellings
                    .iter()
                    .map(move |shorter| format!("{shorter}{shape}"))
            };
            spellings = shapes.into_iter().flat_map(longer).collect();
        }
        spellings
    }
}

/// Returns the letters that may stand for a radical in another pattern, the radical itself first.
/// `number` is its number in the root.
fn shapes(number: usize, radical: char) -> Vec<char> {
    match (number, radical) {
        (1, WAW) => vec![WAW, ALEF, YEH],
        (1, YEH) => vec![YEH, ALEF, WAW],
        (1.., HAMZA) => vec![HAMZA, ALEF],
        _ => vec![radical],
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(from: &str, to: &str, word: &str, expected: &[&str]) {
        let word: Vec<char> = word.chars().collect();
        let mut spellings = Vec::new();
        if let Some(root) = WordPattern::new(from).root_of(&word) {
            spellings = WordPattern::new(to).spellings(&root);
        }
        assert_eq!(spellings, expected, "{from} to {to}");
    }

    #[test]
    fn a_root_takes_another_pattern() {
        check("افعال", "فعل", "اقلام", &["قلم"]);
        check("فعاليل", "فعلول", "عصافير", &["عصفور"]);
        check("فعالل", "فعلله", "مكانس", &["مكنسه"]);
    }

    #[test]
    fn a_weak_radical_takes_other_shapes() {
        check("افعال", "فعل", "ابواب", &["بوب", "باب", "بيب"]);
        check("فعول", "فعل", "رءوس", &["رءس", "راس"]);
    }

    #[test]
    fn a_radical_named_twice_is_one_letter() {
        check("فعوع", "فع", "حدود", &["حد"]);
        check("فعوع", "فع", "حروب", &[]);
    }

    #[test]
    fn what_does_not_fit_gives_nothing() {
        check("افعال", "فعل", "اقلامه", &[]);
        check("فعول", "فعل", "جنان", &[]);
        check("فعل", "فعلل", "قلم", &[]);
    }
}
