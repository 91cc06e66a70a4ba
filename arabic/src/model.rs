//! The model: word counts that never change, and the commonest spelling of each word. The stemmer
//! takes its evidence from it. A model also has the words that the stemmer keeps apart. It contains
//! no text.
//!
//! A model of three sentences may contain:
//!
//! ```text
//!     folded     count    commonest spelling
//!     الوزير        4     الوزير
//!     المانيا       2     ألمانيا
//!     مدرسه         1     مدرسة
//! ```
//!
//! An index stores its model as bytes. Models with equal hashes of these bytes are equal.

mod counts;
mod format;
pub mod packed_word;
mod separations;
mod table;

use std::convert::Infallible;
use std::error::Error;
use std::fmt;
use std::io::{self, Read};
use std::sync::{Arc, OnceLock};

use sha2::{Digest, Sha256};

use crate::fold::folded;
use crate::stem::{Steps, spelling};
pub use counts::Counts;
use format::Form;
pub use format::ModelError;
pub use packed_word::PackedWord;
use separations::Separations;
use table::WordTable;

/// The base model, compressed: the 100,000 commonest written forms of the ANT corpus (39,796 Arabic
/// news articles, Apache 2.0). Counts are rounded to a quarter of an octave. It contains no text of
/// the articles. `fihrist learn articles.jsonl.xz --output arabic/src` makes it.
const BASE: &[u8] = include_bytes!("base.model");

/// The count and the commonest spelling of each folded word.
///
/// Invariant: immutable, and models with equal bytes give equal terms. Terms depend on the model,
/// so every index is stamped with the [`hash`](Self::hash) of its model.
pub struct Model {
    bytes: Vec<u8>,
    hash: String,
    pub(crate) words: WordTable,
    separations: Separations,
}

/// The words that the stemmer passes through on the way from a written word to its stem.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct StemPath {
    /// The folded words: the word without its clitics first, the stem last.
    pub folded: Vec<PackedWord>,
    /// The same words, each with its letters as they are in the written word.
    /// [`UNKNOWN_LETTER`](crate::UNKNOWN_LETTER) stands for letters that do not occur there. Words
    /// that do not begin like the written word after its proclitics are left out.
    pub spelled: Vec<(PackedWord, PackedWord)>,
}

/// A limit on the decompressed size, larger than any model.
const MAX_BYTES: u64 = 256 << 20;

/// The base model, once it is decoded.
static BASE_MODEL: OnceLock<Arc<Model>> = OnceLock::new();

impl Model {
    /// Returns the model that every installation starts with, decoded once per process.
    pub fn base() -> Arc<Self> {
        let base = BASE_MODEL.get_or_init(|| {
            let model = Model::from_compressed(BASE);
            Arc::new(model.expect("a test reads the base model of every build"))
        });
        Arc::clone(base)
    }

    /// Whether this is the model that [`base`](Self::base) returns.
    pub(crate) fn is_base(&self) -> bool {
        BASE_MODEL
            .get()
            .is_some_and(|base| std::ptr::eq(self, &**base))
    }

    /// Returns the model without words. With it, every stem follows the light10 rules.
    pub fn empty() -> Self {
        Counts::default().finish(0)
    }

    /// Reads the output of [`to_bytes`](Self::to_bytes). Fails if the bytes are damaged, or are not
    /// a model in the format that this program reads.
    pub fn from_bytes(bytes: &[u8]) -> Result<Self, ModelError> {
        let separations = format::decode_separations(bytes)?;
        let words = WordTable::new(format::decode(bytes))?;
        Ok(Self::with_words(bytes.to_vec(), words, separations))
    }

    /// Compresses the model's bytes with zstd at `level`. Fails only if zstd fails.
    pub fn to_compressed(&self, level: i32) -> io::Result<Vec<u8>> {
        zstd::encode_all(self.to_bytes(), level)
    }

    /// Reads the output of [`to_compressed`](Self::to_compressed). Fails if the bytes are damaged
    /// or no model.
    pub fn from_compressed(compressed: &[u8]) -> io::Result<Self> {
        read_compressed(compressed, MAX_BYTES, Self::from_bytes)
    }

    /// Returns the model's canonical bytes: equal counts give equal bytes, in whichever order they
    /// were added. The bytes are not compressed; compression shrinks the base model to a third.
    pub fn to_bytes(&self) -> &[u8] {
        &self.bytes
    }

    /// Returns sixteen hexadecimal digits of the SHA-256 of the model's bytes.
    pub fn hash(&self) -> &str {
        &self.hash
    }

    /// Returns how many written forms the model contains. Several forms may fold to one word.
    pub fn form_count(&self) -> usize {
        format::decode(self.to_bytes()).count()
    }

    /// Returns how many folded words the model contains.
    pub fn word_count(&self) -> usize {
        self.words.len()
    }

    /// Whether the stemmer must not strip the first word to the second.
    pub(crate) fn separates(&self, from: PackedWord, to: PackedWord) -> bool {
        self.separations.contains(from, to)
    }

    /// Returns the commonest spelling of a folded word, as [`majority`](Self::majority) does. If the
    /// model has the word with the article only, returns its spelling there.
    pub fn usual_spelling(&self, folded: &str) -> Option<String> {
        let with_article = || {
            let majority = self.majority(&format!("ال{folded}"))?;
            Some(majority.strip_prefix("ال")?.to_owned())
        };
        self.majority(folded).or_else(with_article)
    }

    /// Whether the model keeps two folded words apart, which the stemmer would bring together.
    pub fn is_separated(&self, one: &str, other: &str) -> bool {
        let pair = PackedWord::pack(one).zip(PackedWord::pack(other));
        pair.is_some_and(|(one, other)| self.separates(one, other) || self.separates(other, one))
    }

    pub(crate) const fn separations(&self) -> &Separations {
        &self.separations
    }

    /// Returns the words that the stemmer passes through on the way from a written word to its
    /// stem. There are none if the word cannot be stemmed or has other than Arabic letters.
    pub fn stem_path(&self, written: &str) -> StemPath {
        let Some(word) = PackedWord::pack(&folded(written)) else {
            return StemPath::default();
        };
        let steps = Steps::of(self, word);
        let path = steps.path(self);
        let spelled = spelling::spelled_path(self, &steps, &path, written);
        let folded = match spelling::separated(self, &spelled) {
            Some(spelling) => vec![spelling],
            None => path,
        };
        let spelled = spelled.iter().map(|step| (step.folded, step.written));
        StemPath {
            folded,
            spelled: spelled.collect(),
        }
    }

    /// Returns the written forms and their counts, sorted by folded word and spelling.
    pub fn forms(&self) -> impl Iterator<Item = (String, u32)> {
        let forms = format::decode(&self.bytes).flatten();
        forms.map(|form| (form.written.chars().collect(), form.count()))
    }

    /// Returns how often the folded word occurs, rounded to a quarter of an octave. Returns 0 if
    /// the model lacks the word.
    pub fn count(&self, folded: &str) -> u32 {
        PackedWord::pack(folded).map_or(0, |word| self.count_of(word))
    }

    /// Returns the commonest spelling of the folded word, without marks but with its hamza, `ة` and
    /// `ى`: `ألمانيا` of `المانيا`. Returns `None` if the model lacks the word.
    pub fn majority(&self, folded: &str) -> Option<String> {
        let index = self.words.find(PackedWord::pack(folded)?)?;
        Some(self.words.written(index).chars().collect())
    }

    /// Returns the commonest spelling and the count of every folded word, the commonest word first.
    pub fn words(&self) -> impl Iterator<Item = (String, u32)> {
        (0..self.words.len()).map(|index| {
            (
                self.words.written(index).chars().collect(),
                self.words.count(index),
            )
        })
    }

    pub(crate) fn count_of(&self, folded: PackedWord) -> u32 {
        self.words
            .find(folded)
            .map_or(0, |index| self.words.count(index))
    }

    /// Returns the commonest spelling of a folded word, or the folded word if the model lacks it.
    pub(crate) fn majority_of(&self, folded: PackedWord) -> PackedWord {
        self.words
            .find(folded)
            .map_or(folded, |index| self.words.written(index))
    }

    /// Returns the `limit` commonest written forms of at most `max_letters` letters, the commonest
    /// first.
    pub(crate) fn commonest_spellings(&self, limit: usize, max_letters: usize) -> Vec<String> {
        let mut forms: Vec<Form> = Vec::new();
        let keep_commonest = |forms: &mut Vec<Form>| {
            // The sort is stable: of equally common forms, the first in alphabetical order stay.
            forms.sort_by_key(|form| std::cmp::Reverse(form.level));
            forms.truncate(limit);
        };
        for form in format::decode(&self.bytes)
            .flatten()
            .filter(|form| form.written.letter_count() <= max_letters)
        {
            if forms.len() >= 2 * limit {
                keep_commonest(&mut forms);
            }
            forms.push(form);
        }
        keep_commonest(&mut forms);
        forms
            .iter()
            .map(|form| form.written.chars().collect())
            .collect()
    }

    /// Returns the model with further pairs of words that the stemmer keeps apart: it will not
    /// strip the first to the second. Words that cannot be packed are ignored, because the stemmer
    /// strips none of them.
    pub fn separating<'a>(&self, pairs: impl IntoIterator<Item = (&'a str, &'a str)>) -> Self {
        let packed = |(from, to)| PackedWord::pack(from).zip(PackedWord::pack(to));
        let mut all = self.separations.pairs().to_vec();
        all.extend(pairs.into_iter().filter_map(packed));
        let separations = Separations::new(all);
        let bytes = format::replace_separations(&self.bytes, separations.pairs());
        Self::with_words(bytes, self.words.clone(), separations)
    }

    /// Makes a model of separations and of written forms, which must be sorted by folded word and
    /// then by spelling.
    fn from_forms(forms: &[Form], separations: Separations) -> Self {
        let Ok(words) = WordTable::new(forms.iter().copied().map(Ok::<_, Infallible>));
        let bytes = format::encode(forms, separations.pairs());
        Self::with_words(bytes, words, separations)
    }

    fn with_words(bytes: Vec<u8>, words: WordTable, separations: Separations) -> Self {
        let digest = Sha256::digest(&bytes);
        let hash = hex::encode(&digest[..8]);
        Self {
            bytes,
            hash,
            words,
            separations,
        }
    }
}

impl fmt::Debug for Model {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("Model").field(&self.hash).finish()
    }
}

/// Decompresses data with zstd and reads it with `read`. Decompression stops after `max_bytes`, so
/// damaged data cannot fill the memory. Fails if the data is damaged or `read` fails.
pub fn read_compressed<T, E: Into<Box<dyn Error + Send + Sync>>>(
    compressed: &[u8],
    max_bytes: u64,
    read: impl FnOnce(&[u8]) -> Result<T, E>,
) -> io::Result<T> {
    let mut bytes = Vec::new();
    zstd::Decoder::new(compressed)?
        .take(max_bytes)
        .read_to_end(&mut bytes)?;
    read(&bytes).map_err(|error| io::Error::new(io::ErrorKind::InvalidData, error))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::WordCounter;

    #[test]
    fn the_base_model_in_this_binary_reads_and_is_canonical() {
        let base = Model::base();
        assert_eq!(
            Model::from_bytes(base.to_bytes()).map(|model| model.hash),
            Ok(base.hash.clone())
        );
        let mut again = Counts::default();
        again.add_model(&base);
        assert_eq!(again.finish(usize::MAX).hash, base.hash);
        assert!(base.word_count() > 90_000, "{} words", base.word_count());
        assert!(BASE.len() < 400_000, "{} bytes", BASE.len());
    }

    #[test]
    fn the_base_model_knows_how_words_are_written() {
        let base = Model::base();
        for (folded, written) in [
            ("المانيا", "ألمانيا"),
            ("مدرسه", "مدرسة"),
            ("الوزير", "الوزير"),
            ("علي", "على"),
        ] {
            assert_eq!(base.majority(folded).as_deref(), Some(written));
        }
        assert_eq!(base.majority("غغغغغ"), None);
    }

    #[test]
    fn the_empty_model_has_seen_nothing() {
        let empty = Model::empty();
        assert_eq!(
            (
                empty.word_count(),
                empty.count("بيت"),
                empty.count(""),
                empty.count("a")
            ),
            (0, 0, 0, 0)
        );
        assert_ne!(empty.hash(), Model::base().hash());
    }

    #[test]
    fn a_hash_is_sixteen_hexadecimal_digits() {
        let hash = Model::empty().hash;
        assert!(
            hash.len() == 16 && hash.bytes().all(|byte| byte.is_ascii_hexdigit()),
            "{hash}"
        );
    }

    #[test]
    fn a_tie_goes_to_the_spelling_with_the_hamza() {
        let mut counts = Counts::default();
        for written in ["احمد", "أحمد", "أحمد", "احمد"] {
            counts.add("احمد", written);
        }
        let model = counts.finish(10);
        assert_eq!(
            (model.count("احمد"), model.majority("احمد").as_deref()),
            (4, Some("أحمد"))
        );
    }

    #[test]
    fn separations_are_added_to_those_it_has() {
        let mut counts = Counts::default();
        for word in ["رمل", "رمله"] {
            counts.add(word, word);
        }
        let model = counts
            .finish(10)
            .separating([("رمله", "رمل"), ("BBC", "رمل")]);
        let model = model.separating([("رملا", "رمل"), ("رمله", "رمل")]);
        let read = Model::from_bytes(model.to_bytes()).expect("a model");
        assert_eq!(read.hash(), model.hash());
        assert_eq!((read.separations.pairs().len(), read.form_count()), (2, 2));
        assert!(model.is_separated("رمل", "رملا"));
    }

    #[test]
    fn reads_what_it_wrote_and_refuses_what_is_damaged() {
        let mut counter = WordCounter::default();
        counter.add_text("هطلت أمطار غزيرة على الساحل");
        let model = counter.finish().finish(10);
        let mut compressed = model.to_compressed(3).expect("compressed");
        assert_eq!(
            Model::from_compressed(&compressed).expect("a model").hash(),
            model.hash()
        );
        assert!(Model::from_compressed(&compressed[..compressed.len() - 3]).is_err());
        compressed[0] ^= 1;
        assert!(Model::from_compressed(&compressed).is_err());
    }
}
