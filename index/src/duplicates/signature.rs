//! The signature of a text: a sketch of the set of its shingles, and a smaller sketch of the
//! shingles at its beginning. A shingle is three words in a row. The module `cluster` decides which
//! signatures are compared.
//!
//! The text `a b c d e` has the shingles `abc`, `bcd` and `cde`. A hash assigns each shingle to one
//! of the rows, and each row stores one byte of the lowest hash in it:
//!
//! ```text
//!     rows of  a b c d e      9c 51 07 …
//!     rows of  a b c d x      9c 51 e4 …      2 of 3 shingles are shared
//! ```
//! The share of equal rows estimates the share of common shingles. The method is one permutation
//! hashing (Li, Owen, Zhang 2012). Empty rows are filled by optimal densification (Shrivastava
//! 2017). Only one byte of each row is stored (b-bit minwise hashing, Li and König 2010).

/// The number of rows in a signature, one byte each. For two texts that share half of their
/// shingles, the standard error of the estimated share is 0.044.
pub const ROWS: usize = 128;

/// The number of rows for the beginning of a text. Fewer rows are enough, because this estimate
/// need not be exact.
const LEAD_ROWS: usize = 32;

/// The number of words of the body that are its beginning. It is the length of the first paragraph
/// in most news.
const LEAD_WORDS: usize = 40;

/// The number of words in a shingle. With two words, unrelated articles share too many shingles.
/// With four words, one changed word changes a third more shingles.
const SHINGLE_WORDS: usize = 3;

/// The probability that a row has the same byte in two texts although its shingles differ.
const CHANCE: f32 = 1.0 / 256.0;

/// With at least this resemblance, texts are copies even if their beginnings differ.
const SAME_TEXT: f32 = 0.8;
/// With a lower resemblance, the beginnings of copies must also have at least this share of common
/// shingles. A shortened copy lacks the end of the text, and outlets add little before an agency's
/// text. A follow-up article is no copy: it begins with the new event and repeats the old text
/// after it.
const MIN_LEAD: f32 = 0.15;
/// The longer text must contain at least this share of the shingles of the shorter one.
const MIN_CONTAINMENT: f32 = 0.7;
/// The longer text must contain this many shingles of the shorter one in addition to that share. A
/// very short text has too few shingles for that, so only an equal text is its copy.
const SPARED_SHINGLES: f32 = 4.0;
/// Copies have at least this share of all their shingles in common. A shortened copy keeps at least
/// a third of the text. The limit excludes digests: an article with several stories would join all
/// of them into one cluster.
const MIN_RESEMBLANCE: f32 = 0.33;

/// The capacity that is reserved for the title's shingles. They follow the body's shingles in one
/// list. Few titles have more words.
const TITLE_WORDS: usize = 32;

/// A sketch of the words of an article's title and body.
///
/// Invariant: the same words in the same order give the same signature, on every machine and in
/// every version with the same index schema.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Signature {
    shingles: u32,
    rows: [u8; ROWS],
    lead: [u8; LEAD_ROWS],
}

impl Signature {
    /// The number of bytes that [`to_bytes`](Self::to_bytes) returns.
    pub const BYTES: usize = size_of::<u32>() + ROWS + LEAD_ROWS;

    /// Returns the signature of a text. The arguments are the hashes of its folded words, computed
    /// by [`fnv1a`](fihrist_arabic::fnv1a). No shingle contains words of both title and body.
    /// Returns `None` if there is no word.
    pub fn of(
        title: impl IntoIterator<Item = u64>,
        body: impl IntoIterator<Item = u64>,
    ) -> Option<Self> {
        let mut hashes = shingles(body);
        let mut lead = hashes
            .get(..LEAD_WORDS - SHINGLE_WORDS + 1)
            .unwrap_or(&hashes)
            .to_vec();
        hashes.extend(shingles(title));
        if lead.is_empty() {
            lead.clone_from(&hashes);
        }
        hashes.sort_unstable();
        hashes.dedup();
        lead.sort_unstable();
        let shingles = u32::try_from(hashes.len()).unwrap_or(u32::MAX);
        Some(Self {
            shingles,
            rows: sketch(&hashes)?,
            lead: sketch(&lead)?,
        })
    }

    /// Returns the number of different shingles in the text.
    pub fn shingles(&self) -> u32 {
        self.shingles
    }

    /// Returns the rows of the sketch of all shingles.
    pub fn rows(&self) -> &[u8; ROWS] {
        &self.rows
    }

    /// Returns the signature as bytes, as an index stores it.
    pub fn to_bytes(&self) -> [u8; Self::BYTES] {
        let mut bytes = [0; Self::BYTES];
        let (shingles, rest) = bytes.split_at_mut(size_of::<u32>());
        let (rows, lead) = rest.split_at_mut(ROWS);
        shingles.copy_from_slice(&self.shingles.to_le_bytes());
        rows.copy_from_slice(&self.rows);
        lead.copy_from_slice(&self.lead);
        bytes
    }

    /// Decodes the bytes of [`to_bytes`](Self::to_bytes). Returns `None` for any other bytes.
    pub fn from_bytes(bytes: &[u8]) -> Option<Self> {
        let (shingles, rest) = bytes.split_first_chunk()?;
        let (rows, lead) = rest.split_first_chunk()?;
        let shingles = u32::from_le_bytes(*shingles);
        Some(Self {
            shingles,
            rows: *rows,
            lead: lead.try_into().ok()?,
        })
        .filter(|_| shingles > 0)
    }

    /// Returns the estimated number of common shingles of two texts as a share of all their
    /// shingles, from 0 to 1 (Broder 1997).
    pub fn resemblance(&self, other: &Self) -> f32 {
        alike(&self.rows, &other.rows)
    }

    /// Returns the estimated share of the shorter text's shingles that the longer text also has,
    /// from 0 to 1.
    pub fn containment(&self, other: &Self) -> f32 {
        let one = self.shingles as f32;
        let two = other.shingles as f32;
        let resemblance = self.resemblance(other);
        (resemblance / (1.0 + resemblance) * (one + two) / one.min(two)).min(1.0)
    }

    /// Returns whether one text is a copy of the other. Copies are nearly the same, or they begin
    /// alike and the longer one contains most of the shorter one.
    pub fn is_copy_of(&self, other: &Self) -> bool {
        let spared = SPARED_SHINGLES / self.shingles.min(other.shingles) as f32;
        if self.must_be_equal() || other.must_be_equal() {
            return self == other;
        }
        let resemblance = self.resemblance(other);
        resemblance >= MIN_RESEMBLANCE
            && self.containment(other) >= MIN_CONTAINMENT + spared
            && (resemblance >= SAME_TEXT || alike(&self.lead, &other.lead) >= MIN_LEAD)
    }

    /// Returns whether the text is so short that only an equal text is its copy.
    pub fn must_be_equal(&self) -> bool {
        MIN_CONTAINMENT + SPARED_SHINGLES / self.shingles as f32 > 1.0
    }
}

/// Returns the estimated number of common elements of two sketched sets, as a share of all their
/// elements.
fn alike<const N: usize>(one: &[u8; N], other: &[u8; N]) -> f32 {
    const {
        assert!(
            N <= 255,
            "the agreeing rows are counted in a byte, which is several times as fast"
        )
    };
    let agreeing = one
        .iter()
        .zip(other)
        .map(|(one, other)| u8::from(one == other))
        .sum::<u8>();
    let agreement = f32::from(agreeing) / N as f32;
    ((agreement - CHANCE) / (1.0 - CHANCE)).max(0.0)
}

/// Returns the sketch of a set of hashes, which are in ascending order. Returns `None` if the set
/// is empty.
fn sketch<const N: usize>(hashes: &[u64]) -> Option<[u8; N]> {
    let mut rows = [None; N];
    for hash in hashes {
        // The hashes ascend, so the first hash of a row is its lowest.
        rows[row_of(*hash, N)].get_or_insert(*hash as u8);
    }
    // An empty row gets the value of a full row, which is chosen by the number of the empty row
    // only. Therefore such rows of two texts agree as often as full rows do.
    let mut dense = [0; N];
    for (row, value) in dense.iter_mut().enumerate() {
        let others = (1..).map(|attempt| row_of(mixed((row as u64) << 32 | attempt), N));
        // The attempts reach every row, so the search ends if the set is not empty.
        let mut tried = [row].into_iter().chain(others);
        *value = hashes
            .first()
            .and_then(|_| tried.find_map(|tried| rows[tried]))?;
    }
    Some(dense)
}

/// Returns the row of a hash, given by its highest bits. The number of rows is a power of two.
const fn row_of(hash: u64, rows: usize) -> usize {
    (hash >> (u64::BITS - rows.trailing_zeros())) as usize
}

/// Returns the hash of each shingle of a text, in order. For a text shorter than a shingle, returns
/// one hash of all its words.
fn shingles(words: impl IntoIterator<Item = u64>) -> Vec<u64> {
    let words = words.into_iter();
    let mut hashes = Vec::with_capacity(words.size_hint().0 + TITLE_WORDS);
    let mut last = [0; SHINGLE_WORDS];
    let mut count = 0;
    for word in words {
        last.rotate_left(1);
        last[SHINGLE_WORDS - 1] = word;
        count += 1;
        if count >= SHINGLE_WORDS {
            hashes.push(shingle_hash(&last));
        }
    }
    if (1..SHINGLE_WORDS).contains(&count) {
        hashes.push(shingle_hash(&last[SHINGLE_WORDS - count..]));
    }
    hashes
}

fn shingle_hash(words: &[u64]) -> u64 {
    words.iter().fold(0, |hash, word| mixed(hash ^ word))
}

/// Returns the number mixed by the last step of SplitMix64: every bit of the number affects every
/// bit of the result.
pub(super) fn mixed(number: u64) -> u64 {
    let number = number.wrapping_add(0x9e37_79b9_7f4a_7c15);
    let number = (number ^ number >> 30).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    let number = (number ^ number >> 27).wrapping_mul(0x94d0_49bb_1331_11eb);
    number ^ number >> 31
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use fihrist_arabic::fnv1a;

    fn of(words: &[String]) -> Signature {
        Signature::of([], words.iter().map(|word| fnv1a(word.as_bytes()))).expect("words")
    }

    fn numbered(numbers: impl Iterator<Item = usize>) -> Vec<String> {
        numbers.map(|number| format!("كلمة{number}")).collect()
    }

    #[test]
    fn no_words_have_no_signature() {
        assert_eq!(Signature::of([], []), None);
        assert_eq!(
            Signature::of([fnv1a(b"one")], []).map(|one| one.shingles()),
            Some(1)
        );
    }

    #[test]
    fn a_signature_is_the_same_forever() {
        let signature = Signature::of(
            [],
            "عاد الصيادون إلى الميناء"
                .split(' ')
                .map(|word| fnv1a(word.as_bytes())),
        )
        .expect("words");
        assert_eq!(
            (signature.shingles(), &signature.rows()[..4]),
            (2, &[37, 148, 37, 148][..])
        );
    }

    #[test]
    fn estimates_are_near_the_truth() {
        // A text of 1,000 words and one of 600 share 400 words in a row: 398 of all 1,198 shingles,
        // and 398 of the 598 of the shorter.
        let one = of(&numbered(0..1_000));
        let other = of(&numbered(600..1_200));
        let resemblance = 398.0 / 1_198.0;
        let containment = 398.0 / 598.0;
        assert!(
            (one.resemblance(&other) - resemblance).abs() < 0.1,
            "{}",
            one.resemblance(&other)
        );
        assert!(
            (one.containment(&other) - containment).abs() < 0.2,
            "{}",
            one.containment(&other)
        );
        let stranger = of(&numbered(2_000..3_000));
        assert!(
            one.resemblance(&stranger) < 0.03,
            "{}",
            one.resemblance(&stranger)
        );
    }

    #[test]
    fn the_first_half_of_a_text_is_a_copy_of_it_and_the_second_is_not() {
        let (all, first, second) = (
            of(&numbered(0..300)),
            of(&numbered(0..150)),
            of(&numbered(150..300)),
        );
        assert!(all.is_copy_of(&first) && !all.is_copy_of(&second) && !first.is_copy_of(&second));
    }

    #[test]
    fn a_very_short_text_must_be_the_same() {
        let one = of(&numbered(0..15));
        let other = of(&numbered((0..14).chain([99])));
        assert!(one.is_copy_of(&one) && !one.is_copy_of(&other));
        let one = of(&numbered(0..60));
        let other = of(&numbered((0..59).chain([99])));
        assert!(one.is_copy_of(&other));
    }

    fn words() -> impl Strategy<Value = Vec<String>> {
        prop::collection::vec("[ابتثج]{1,3}", 1..80)
    }

    proptest! {
        #[test]
        fn a_text_is_its_own_copy(words in words()) {
            let signature = of(&words);
            prop_assert_eq!(signature, of(&words));
            prop_assert_eq!((signature.resemblance(&signature), signature.containment(&signature)), (1.0, 1.0));
            prop_assert!(signature.is_copy_of(&signature));
        }

        #[test]
        fn what_is_stored_is_read(words in words(), bytes in prop::collection::vec(any::<u8>(), 0..200)) {
            let signature = of(&words);
            prop_assert_eq!(Signature::from_bytes(&signature.to_bytes()), Some(signature));
            let read = Signature::from_bytes(&bytes);
            prop_assert!(read.is_none_or(|read| read.to_bytes()[..] == bytes[..]));
        }

        #[test]
        fn likeness_goes_both_ways(one in words(), other in words()) {
            let one = of(&one);
            let other = of(&other);
            prop_assert_eq!(one.resemblance(&other), other.resemblance(&one));
            prop_assert_eq!(one.containment(&other), other.containment(&one));
            prop_assert_eq!(one.is_copy_of(&other), other.is_copy_of(&one));
        }
    }
}
