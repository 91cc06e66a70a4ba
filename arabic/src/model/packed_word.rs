//! A word of the Arabic block as one machine integer. The stemmer looks up dozens of spellings for
//! each word without allocating. Words with marks, with other scripts or with more than sixteen
//! letters cannot be packed.

use std::cmp::Ordering;

/// A word of at most sixteen letters: the low bytes of the code points `U+06xx`, the first letter
/// in the lowest byte.
///
/// Invariant: no letter is zero. The bytes above the last letter are zero, so the value shows the
/// length.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub struct PackedWord(u128);

impl PackedWord {
    /// The word without letters: the result of an operation that has no answer. Its count is always
    /// zero.
    pub const NONE: Self = Self(0);

    /// The maximum number of letters. Longer strings contain several words, or none.
    pub const MAX_LETTERS: usize = 16;

    /// Packs a word. Returns `None` if it is too long or contains anything but letters of the
    /// Arabic block.
    pub fn pack(word: &str) -> Option<Self> {
        Self::pack_chars(word.chars())
    }

    /// Packs letters from an iterator, as [`pack`](Self::pack) does.
    pub fn pack_chars(mut letters: impl Iterator<Item = char>) -> Option<Self> {
        letters.try_fold(Self::NONE, |packed, letter| {
            packed.then_letter(low_byte(letter)?)
        })
    }

    /// Packs a constant of Arabic letters, each two bytes of UTF-8.
    pub const fn of(word: &str) -> Self {
        let utf8 = word.as_bytes();
        assert!(
            utf8.len().is_multiple_of(2) && utf8.len() <= 2 * Self::MAX_LETTERS,
            "a short Arabic word"
        );
        let mut packed = 0;
        let mut i = utf8.len();
        while i > 0 {
            i -= 2;
            assert!(utf8[i] >> 2 == 0xD8 >> 2, "a letter of the Arabic block");
            packed = packed << 8 | (utf8[i] << 6 | utf8[i + 1] & 0x3F) as u128;
        }
        Self(packed)
    }

    /// Packs several constants, as [`of`](Self::of) does.
    pub const fn all<const N: usize>(words: [&str; N]) -> [Self; N] {
        let mut packed = [Self::NONE; N];
        let mut i = 0;
        while i < N {
            packed[i] = Self::of(words[i]);
            i += 1;
        }
        packed
    }

    /// Returns the word with these low bytes as letters. All bytes after the last letter must be
    /// zero.
    pub const fn from_low_bytes(low_bytes: [u8; Self::MAX_LETTERS]) -> Self {
        Self(u128::from_le_bytes(low_bytes))
    }

    /// Returns the first eight letters and the last eight letters, as they are stored in tables.
    pub const fn halves(self) -> [u64; 2] {
        [self.0 as u64, (self.0 >> 64) as u64]
    }

    /// Joins the [`halves`](Self::halves) of a word.
    pub const fn from_halves([low, high]: [u64; 2]) -> Self {
        Self(low as u128 | (high as u128) << 64)
    }

    /// Returns the low bytes of the letters, in order.
    pub fn low_bytes(self) -> impl Iterator<Item = u8> {
        self.0.to_le_bytes().into_iter().take(self.letter_count())
    }

    /// Returns the letters as text, in order.
    pub fn chars(self) -> impl Iterator<Item = char> {
        self.low_bytes()
            .filter_map(|low| char::from_u32(0x600 | u32::from(low)))
    }

    /// Returns the number of letters.
    pub const fn letter_count(self) -> usize {
        Self::MAX_LETTERS - self.0.leading_zeros() as usize / 8
    }

    /// Returns the first letter as a word of one letter.
    pub const fn first(self) -> Self {
        Self(self.0 & 0xFF)
    }

    /// Returns the last letter as a word of one letter.
    pub fn last(self) -> Self {
        self.skip(self.letter_count().saturating_sub(1))
    }

    /// Returns the part after `prefix`, if the word begins with it.
    pub fn strip_prefix(self, prefix: Self) -> Option<Self> {
        let letters = prefix.letter_count();
        (self.take(letters) == prefix).then(|| self.skip(letters))
    }

    /// Returns the part before `suffix`, if the word ends with it.
    pub fn strip_suffix(self, suffix: Self) -> Option<Self> {
        let kept = self.letter_count().checked_sub(suffix.letter_count())?;
        (self.skip(kept) == suffix).then(|| self.take(kept))
    }

    /// Returns this word with `suffix` after it; `NONE` if the result is too long.
    pub fn then(self, suffix: Self) -> Self {
        let kept = self.letter_count();
        if kept + suffix.letter_count() > Self::MAX_LETTERS {
            return Self::NONE;
        }
        let shifted = suffix.0.checked_shl(8 * kept as u32);
        Self(self.0 | shifted.unwrap_or(0))
    }

    /// Returns this word and one more letter, given by its low byte. Returns `None` if the result
    /// is too long or the byte is zero.
    pub fn then_letter(self, low: u8) -> Option<Self> {
        let longer = self.then(Self(u128::from(low)));
        (low != 0 && longer != Self::NONE).then_some(longer)
    }

    /// Returns the word if it has at least this many letters.
    pub fn with_at_least(self, letter_count: usize) -> Option<Self> {
        (self.letter_count() >= letter_count).then_some(self)
    }

    /// Returns the first `letter_count` letters, or the whole word if it has fewer.
    pub fn take(self, letter_count: usize) -> Self {
        let above = 1u128.checked_shl(8 * letter_count as u32);
        above.map_or(self, |above| Self(self.0 & (above - 1)))
    }

    /// Returns the word without its first `letter_count` letters.
    fn skip(self, letter_count: usize) -> Self {
        let rest = self.0.checked_shr(8 * letter_count as u32);
        Self(rest.unwrap_or(0))
    }
}

/// Alphabetical order: a prefix comes before a longer word.
impl Ord for PackedWord {
    fn cmp(&self, other: &Self) -> Ordering {
        self.0.swap_bytes().cmp(&other.0.swap_bytes())
    }
}

impl PartialOrd for PackedWord {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

/// Returns the low byte of a letter of the Arabic block; `None` for marks, tatweel, digits and
/// punctuation.
pub const fn low_byte(letter: char) -> Option<u8> {
    match letter {
        '\u{620}'..='\u{63F}'
        | '\u{641}'..='\u{64A}'
        | '\u{66E}'..='\u{66F}'
        | '\u{671}'..='\u{6D3}'
        | '\u{6D5}'
        | '\u{6EE}'..='\u{6EF}'
        | '\u{6FA}'..='\u{6FC}'
        | '\u{6FF}' => Some((letter as u32 & 0xFF) as u8),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const LIBYA: PackedWord = PackedWord::of("ليبيا");

    fn text(word: PackedWord) -> String {
        word.chars().collect()
    }

    #[test]
    fn packs_and_unpacks_words_of_up_to_sixteen_letters() {
        assert_eq!(PackedWord::pack("ليبيا"), Some(LIBYA));
        assert_eq!(text(LIBYA), "ليبيا");
        assert_eq!(LIBYA.letter_count(), 5);
        assert_eq!(
            PackedWord::pack(&"ب".repeat(16)).map(PackedWord::letter_count),
            Some(16)
        );
        assert_eq!(PackedWord::pack(&"ب".repeat(17)), None);
        assert_eq!(PackedWord::pack(""), Some(PackedWord::NONE));
    }

    #[test]
    fn refuses_what_is_not_a_letter_of_the_block() {
        for word in ["a", "بa", "ب1", "ب٣", "بَ", "بـ", "ب ", "ﺏ", "𞸁"] {
            assert_eq!(PackedWord::pack(word), None, "{word}");
        }
    }

    #[test]
    fn takes_words_apart_and_puts_them_together() {
        let to_libya = PackedWord::of("ل").then(LIBYA);
        assert_eq!(text(to_libya), "لليبيا");
        assert_eq!(to_libya.strip_prefix(PackedWord::of("ل")), Some(LIBYA));
        assert_eq!(to_libya.strip_prefix(PackedWord::of("ب")), None);
        assert_eq!(
            LIBYA.strip_suffix(PackedWord::of("يا")),
            Some(PackedWord::of("ليب"))
        );
        assert_eq!(LIBYA.strip_suffix(to_libya), None);
        assert_eq!(LIBYA.strip_suffix(LIBYA), Some(PackedWord::NONE));
        assert_eq!(
            (LIBYA.first(), LIBYA.last()),
            (PackedWord::of("ل"), PackedWord::of("ا"))
        );
        assert_eq!(
            (PackedWord::NONE.first(), PackedWord::NONE.last()),
            (PackedWord::NONE, PackedWord::NONE)
        );
    }

    #[test]
    fn gives_none_rather_than_half_a_word() {
        let longest = PackedWord::pack(&"ب".repeat(16)).expect("sixteen letters");
        assert_eq!(longest.then(PackedWord::of("ه")), PackedWord::NONE);
        assert_eq!(longest.then(PackedWord::NONE), longest);
        assert_eq!(PackedWord::of("ال").then(longest), PackedWord::NONE);
    }

    #[test]
    fn sorts_like_a_dictionary() {
        let mut words = ["بيت", "ا", "بي", "اب"].map(PackedWord::of);
        words.sort();
        assert_eq!(words.map(text), ["ا", "اب", "بي", "بيت"]);
    }
}
