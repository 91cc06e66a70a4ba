//! The bytes of a model: the separations, if there are any, then the written forms in alphabetical
//! order, front-coded, each with its rounded count. The bytes are uncompressed, so their hash does
//! not depend on the version of a compressor.
//!
//! Each word is stored as the number of letters shared with a reference word, then the other
//! letters, then zero. For the folded word, the reference is the folded word before it; for the
//! spelling, it is the folded word. The level of the count follows. This is `ابله`, mostly written
//! `أبله`, after `ابل`:
//!
//! ```text
//!     3 ه 0    0 أبله 0    level
//! ```
//!
//! The separations are their number in four bytes, little-endian, and the two words of each. The
//! reference of the first word is the first word before it, that of the second word is the first.

use super::PackedWord;
use super::separations::Separations;

/// The first bytes of a model without separations. The digit changes with the format.
const MAGIC: &[u8] = b"fihrist model 1\n";
/// The first bytes of a model with separations.
const MAGIC_SEPARATIONS: &[u8] = b"fihrist model 2\n";

/// The highest level whose count fits in a `u32`.
const MAX_LEVEL: u8 = 127;

/// The powers 2^0, 2^(1/4), 2^(2/4) and 2^(3/4), in 65,536ths.
const QUARTERS: [u64; 4] = [65_536, 77_936, 92_682, 110_218];

/// The geometric mean of each power in [`QUARTERS`] and the next, in 65,536ths.
const HALF_WAYS: [u64; 4] = [71_468, 84_990, 101_070, 120_194];

/// The reason why bytes cannot be read as a model.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum ModelError {
    /// The bytes are no model, or one of another version of the format.
    #[error("not a word model in the format that this program reads")]
    Unknown,
    /// The bytes begin like a model and then become unreadable.
    #[error("damaged word model: no word can be read at byte {offset}")]
    Damaged {
        /// The byte at which the unreadable word begins.
        offset: usize,
    },
}

/// One written form of a folded word.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Form {
    pub folded: PackedWord,
    /// The spelling. It differs from `folded` in hamzas, `ة` and the like.
    pub written: PackedWord,
    /// The rounded count: its binary logarithm in quarters, so that 4 stands for a count of 2.
    pub level: u8,
}

impl Form {
    /// Rounds the count to a quarter of an octave: one byte instead of four. Measurements show no
    /// loss of search quality.
    pub fn new(folded: PackedWord, written: PackedWord, count: u64) -> Self {
        let octave = count.max(1).ilog2();
        let fraction = ((u128::from(count) << 16) >> octave) as u64;
        let quarter = HALF_WAYS
            .iter()
            .filter(|half_way| fraction >= **half_way)
            .count() as u32;
        let level =
            u8::try_from(4 * octave + quarter).map_or(MAX_LEVEL, |level| level.min(MAX_LEVEL));
        Self {
            folded,
            written,
            level,
        }
    }

    pub fn count(&self) -> u32 {
        let count = ((QUARTERS[usize::from(self.level % 4)] << (self.level / 4)) + 0x8000) >> 16;
        u32::try_from(count).unwrap_or(u32::MAX)
    }

    /// Returns the key by which forms are sorted. No two forms share a key.
    fn key(&self) -> (PackedWord, PackedWord) {
        (self.folded, self.written)
    }
}

/// Writes forms, which must be sorted by folded word and then by spelling, and sorted separations.
pub fn encode(forms: &[Form], separations: &[(PackedWord, PackedWord)]) -> Vec<u8> {
    debug_assert!(forms.is_sorted_by_key(Form::key));
    let mut bytes = encode_separations(separations);
    let mut previous = PackedWord::NONE;
    for form in forms {
        push_word(&mut bytes, previous, form.folded);
        push_word(&mut bytes, form.folded, form.written);
        bytes.push(form.level);
        previous = form.folded;
    }
    bytes
}

/// Writes the beginning of a model, before its forms.
fn encode_separations(separations: &[(PackedWord, PackedWord)]) -> Vec<u8> {
    debug_assert!(separations.is_sorted());
    if separations.is_empty() {
        return MAGIC.to_vec();
    }
    let mut bytes = MAGIC_SEPARATIONS.to_vec();
    bytes.extend((separations.len() as u32).to_le_bytes());
    let mut previous = PackedWord::NONE;
    for (from, to) in separations {
        push_word(&mut bytes, previous, *from);
        push_word(&mut bytes, *from, *to);
        previous = *from;
    }
    bytes
}

/// Replaces the separations in the output of [`encode`].
pub fn replace_separations(bytes: &[u8], separations: &[(PackedWord, PackedWord)]) -> Vec<u8> {
    let forms = split(bytes, |_| ()).unwrap_or_default();
    [&encode_separations(separations), forms].concat()
}

/// Reads the separations of the output of [`encode`]. Separations that are out of order or have no
/// letters give an error.
pub fn decode_separations(bytes: &[u8]) -> Result<Separations, ModelError> {
    let mut pairs = Vec::new();
    split(bytes, |pair| pairs.push(pair))?;
    Ok(Separations::new(pairs))
}

/// Calls `separated` for each pair of separated words, and returns the bytes of the forms.
fn split(
    bytes: &[u8],
    mut separated: impl FnMut((PackedWord, PackedWord)),
) -> Result<&[u8], ModelError> {
    if let Some(forms) = bytes.strip_prefix(MAGIC) {
        return Ok(forms);
    }
    let mut rest = bytes
        .strip_prefix(MAGIC_SEPARATIONS)
        .ok_or(ModelError::Unknown)?;
    let mut damaged = bytes.len() - rest.len();
    let mut take = || {
        let (count, pairs) = rest.split_first_chunk()?;
        rest = pairs;
        let mut previous = (PackedWord::NONE, PackedWord::NONE);
        for _ in 0..u32::from_le_bytes(*count) {
            damaged = bytes.len() - rest.len();
            let from = take_word(&mut rest, previous.0)?;
            let pair = (from, take_word(&mut rest, from)?);
            if pair <= previous || pair.1 == PackedWord::NONE {
                return None;
            }
            separated(pair);
            previous = pair;
        }
        Some(())
    };
    take().ok_or(ModelError::Damaged { offset: damaged })?;
    Ok(rest)
}

/// Reads the forms of the output of [`encode`] lazily, because all forms together take ten times
/// the memory. A form that is out of order or has no letters gives an error, which is the last
/// item.
pub fn decode(bytes: &[u8]) -> impl Iterator<Item = Result<Form, ModelError>> {
    let (mut rest, mut unknown) = match split(bytes, |_| ()) {
        Ok(forms) => (forms, None),
        Err(error) => (&[][..], Some(Err(error))),
    };
    let mut previous = None;
    std::iter::from_fn(move || {
        if rest.is_empty() {
            return unknown.take();
        }
        let damaged = ModelError::Damaged {
            offset: bytes.len() - rest.len(),
        };
        previous = take_form(&mut rest, previous.as_ref());
        if previous.is_none() {
            rest = &[];
        }
        Some(previous.ok_or(damaged))
    })
}

/// Appends the number of letters that `word` shares with `reference`, then its other letters, then
/// zero.
fn push_word(bytes: &mut Vec<u8>, reference: PackedWord, word: PackedWord) {
    let shared = reference
        .low_bytes()
        .zip(word.low_bytes())
        .take_while(|(one, other)| one == other)
        .count();
    bytes.push(shared as u8);
    bytes.extend(word.low_bytes().skip(shared));
    bytes.push(0);
}

fn take_word(rest: &mut &[u8], reference: PackedWord) -> Option<PackedWord> {
    let shared = usize::from(*rest.split_off_first()?);
    let mut word = reference.take(shared);
    loop {
        match *rest.split_off_first()? {
            0 => return Some(word),
            letter => word = word.then_letter(letter)?,
        }
    }
}

fn take_form(rest: &mut &[u8], previous: Option<&Form>) -> Option<Form> {
    let folded = take_word(rest, previous.map_or(PackedWord::NONE, |form| form.folded))?;
    let written = take_word(rest, folded)?;
    let form = Form {
        folded,
        written,
        level: *rest.split_off_first()?,
    };
    let is_sorted = previous.is_none_or(|previous| previous.key() < form.key());
    let is_word = folded != PackedWord::NONE && written != PackedWord::NONE;
    Some(form).filter(|_| is_sorted && is_word && form.level <= MAX_LEVEL)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn all(bytes: &[u8]) -> Result<Vec<Form>, ModelError> {
        decode(bytes).collect()
    }

    fn form(folded: &str, written: &str, count: u64) -> Form {
        let pack = |word| PackedWord::pack(word).expect("a word");
        Form::new(pack(folded), pack(written), count)
    }

    #[test]
    fn reads_the_separations_that_it_wrote() {
        let pack = |word| PackedWord::pack(word).expect("a word");
        let pairs = [(pack("رمله"), pack("رمل")), (pack("رملي"), pack("رمل"))];
        let forms = [form("رمل", "رمل", 3)];
        let bytes = encode(&forms, &pairs);
        let read = decode_separations(&bytes);
        assert_eq!(read.map(|read| read.pairs().to_vec()), Ok(pairs.to_vec()));
        assert_eq!(all(&bytes), Ok(forms.to_vec()));
        let first = MAGIC_SEPARATIONS.len();
        for end in first..encode(&[], &pairs).len() {
            assert!(decode_separations(&bytes[..end]).is_err(), "{end} bytes");
            assert!(all(&bytes[..end]).is_err(), "{end} bytes");
        }
        let mut many = bytes;
        many[first..first + 4].fill(0xFF);
        assert!(
            decode_separations(&many).is_err(),
            "fewer pairs than it names"
        );
    }

    #[test]
    fn reads_what_it_wrote() {
        let forms = [
            form("اب", "أب", 1),
            form("ابل", "إبل", 900),
            form("ابله", "أبله", 2),
            form("ابله", "إبلة", 1 << 40),
        ];
        assert_eq!(all(&encode(&forms, &[])), Ok(forms.to_vec()));
        assert_eq!(all(&encode(&[], &[])), Ok(Vec::new()));
    }

    #[test]
    fn says_where_the_damage_is() {
        let bytes = encode(&[form("اب", "اب", 1), form("ابل", "ابل", 1)], &[]);
        let second = MAGIC.len() + 7;
        assert_eq!(
            all(&bytes[..bytes.len() - 1]),
            Err(ModelError::Damaged { offset: second })
        );
        assert_eq!(
            all(&[&bytes[..], &bytes[second..]].concat()),
            Err(ModelError::Damaged {
                offset: bytes.len()
            })
        );
        assert_eq!(all(b"fihrist model 0\n"), Err(ModelError::Unknown));
    }

    #[test]
    fn rounds_to_the_nearest_quarter_of_an_octave() {
        for (count, rounded) in [
            (1, 1),
            (2, 2),
            (3, 3),
            (4, 4),
            (5, 5),
            (6, 6),
            (7, 7),
            (8, 8),
            (9, 10),
            (100, 108),
        ] {
            assert_eq!(form("اب", "اب", count).count(), rounded, "{count}");
        }
        assert_eq!(form("اب", "اب", u64::MAX).level, MAX_LEVEL);
    }

    proptest! {
        #[test]
        fn rounding_is_close_monotone_and_stable(count in 1..u64::from(u32::MAX) / 2) {
            let rounded = form("اب", "اب", count).count();
            prop_assert!((f64::from(rounded) / count as f64).log2().abs() <= 0.126 + 0.6 / count as f64);
            prop_assert!(form("اب", "اب", count + 1).count() >= rounded);
            prop_assert_eq!(form("اب", "اب", u64::from(rounded)).count(), rounded);
        }

        #[test]
        fn reading_never_panics(bytes in proptest::collection::vec(any::<u8>(), 0..64)) {
            let _ = all(&[MAGIC, &bytes].concat());
        }
    }
}
