//! What is kept of a text to tell its copies by: a sketch of the set of its shingles, which are
//! three words in a row, and a smaller one of its beginning. It finds no candidates; `cluster`
//! does.
//!
//! Sketches are made by one permutation hashing (Li, Owen, Zhang 2012), empty rows filled by
//! optimal densification (Shrivastava 2017), a byte of each row kept (b-bit minwise hashing, Li and
//! König 2010).

/// Rows of a signature, a byte each. Of two texts that share half of their shingles, the estimate
/// is then off by .044.
pub const ROWS: usize = 128;

/// Rows for the beginning alone, which has to be alike in a few.
const LEAD_ROWS: usize = 32;

/// Words of the body that are its beginning: the first paragraph of most news.
const LEAD_WORDS: usize = 40;

/// Words in a shingle. Two are too often the same in any two articles; of four, a change of a word
/// costs a third more.
const SHINGLE_WORDS: usize = 3;

/// Two rows of unlike shingles agree by chance so often.
const CHANCE: f32 = 1.0 / 256.0;

/// Texts that are alike so far are copies wherever they differ.
const SAME_TEXT: f32 = 0.8;
/// Others must begin alike, at least so far: what was shortened has lost its end, and what an
/// outlet puts around the text of an agency is not much. Those that share what came before and tell
/// another event begin with that.
const MIN_LEAD: f32 = 0.15;
/// So much of the shorter one must then stand in the longer one.
const MIN_CONTAINMENT: f32 = 0.7;
/// And all but so many shingles of it at least: those of a text that is too short must be all the
/// same.
const SPARED_SHINGLES: f32 = 4.0;
/// So much must the two have in common of all that either has: of a copy that was shortened, a
/// third is left. What holds more stories than that is a digest, and would make one cluster of
/// them.
const MIN_RESEMBLANCE: f32 = 0.33;

/// Room for the shingles of a title behind those of a body.
const TITLE_WORDS: usize = 32;

/// A sketch of the words of a text.
///
/// Invariant: the same words in the same order have the same signature, on every machine and in
/// every version that reads the same schema.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Signature {
    shingles: u32,
    rows: [u8; ROWS],
    lead: [u8; LEAD_ROWS],
}

impl Signature {
    /// The length of [`to_bytes`](Self::to_bytes).
    pub const BYTES: usize = size_of::<u32>() + ROWS + LEAD_ROWS;

    /// The signature of a text by its folded words, each as its [`fnv1a`](fihrist_arabic::fnv1a),
    /// which is the same on every machine; no shingle spans title and body. `None` if there is no
    /// word.
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

    /// How many different shingles the text has.
    pub fn shingles(&self) -> u32 {
        self.shingles
    }

    /// The rows.
    pub fn rows(&self) -> &[u8; ROWS] {
        &self.rows
    }

    /// As an index stores it.
    pub fn to_bytes(&self) -> [u8; Self::BYTES] {
        let mut bytes = [0; Self::BYTES];
        let (shingles, rest) = bytes.split_at_mut(size_of::<u32>());
        let (rows, lead) = rest.split_at_mut(ROWS);
        shingles.copy_from_slice(&self.shingles.to_le_bytes());
        rows.copy_from_slice(&self.rows);
        lead.copy_from_slice(&self.lead);
        bytes
    }

    /// Reads what [`to_bytes`](Self::to_bytes) wrote; `None` of anything else.
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

    /// The estimated part of all shingles of two texts that both have (Broder 1997), from 0 to 1.
    pub fn resemblance(&self, other: &Self) -> f32 {
        alike(&self.rows, &other.rows)
    }

    /// The estimated part of the shingles of the shorter text that the longer one has, too, from 0
    /// to 1.
    pub fn containment(&self, other: &Self) -> f32 {
        let (one, two) = (self.shingles as f32, other.shingles as f32);
        let resemblance = self.resemblance(other);
        (resemblance / (1.0 + resemblance) * (one + two) / one.min(two)).min(1.0)
    }

    /// Whether two texts are the same, or the shorter one is most of the beginning of the other.
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

    /// Whether the text is so short that only the very same is a copy of it.
    pub fn must_be_equal(&self) -> bool {
        MIN_CONTAINMENT + SPARED_SHINGLES / self.shingles as f32 > 1.0
    }
}

/// How much the sets of two sketches have in common.
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

/// The sketch of a set of hashes in ascending order; `None` of an empty one.
fn sketch<const N: usize>(hashes: &[u64]) -> Option<[u8; N]> {
    let mut rows = [None; N];
    for hash in hashes {
        // In ascending order, the first of a row is its least.
        rows[row_of(*hash, N)].get_or_insert(*hash as u8);
    }
    // Every empty row gets the value of a full one, which the number of the row alone leads to: so
    // that the filled rows of two texts agree as often as the others.
    let mut dense = [0; N];
    for (row, value) in dense.iter_mut().enumerate() {
        let others = (1..).map(|attempt| row_of(mixed((row as u64) << 32 | attempt), N));
        // The others come to every row, so that a set which is not empty ends the search.
        let mut tried = [row].into_iter().chain(others);
        *value = hashes
            .first()
            .and_then(|_| tried.find_map(|tried| rows[tried]))?;
    }
    Some(dense)
}

/// The row of a hash among so many, a power of two: its first bits.
const fn row_of(hash: u64, rows: usize) -> usize {
    (hash >> (u64::BITS - rows.trailing_zeros())) as usize
}

/// The hash of each shingle of a text, in its order; of one that is shorter than a shingle, that of
/// all its words.
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

/// The finish of SplitMix64: every bit of the number moves every bit of the result.
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
        // Of 1,000 and 600 words in a row, 400 the same: 398 shingles of 1,198, and of the 598 of
        // the shorter.
        let (one, other) = (of(&numbered(0..1_000)), of(&numbered(600..1_200)));
        let (resemblance, containment) = (398.0 / 1_198.0, 398.0 / 598.0);
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
        let (one, other) = (of(&numbered(0..15)), of(&numbered((0..14).chain([99]))));
        assert!(one.is_copy_of(&one) && !one.is_copy_of(&other));
        let (one, other) = (of(&numbered(0..60)), of(&numbered((0..59).chain([99]))));
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
            let (one, other) = (of(&one), of(&other));
            prop_assert_eq!(one.resemblance(&other), other.resemblance(&one));
            prop_assert_eq!(one.containment(&other), other.containment(&one));
            prop_assert_eq!(one.is_copy_of(&other), other.is_copy_of(&one));
        }
    }
}
