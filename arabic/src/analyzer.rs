//! The analyzer turns text into tokens. It calls segmentation, folding and stemming, whose rules
//! are in their own modules.

use std::ops::ControlFlow;
use std::sync::Arc;
use std::sync::atomic::Ordering;

use crate::chars::{Class, class, is_word};
use crate::fold::{folded, write_folded};
use crate::form::spelled;
use crate::lexicon::{Lexicon, surface, write_surface};
use crate::pretokenized::PretokenizedCursor;
use crate::segment::words_with;
use crate::stem::spelling;
use crate::token::TermSource;
use crate::{
    CommonWords, Model, NotedWords, PackedWord, Pretokenized, Span, Task, Token, TokenKind,
    TokenRef, Word, WordTerms, stem, surface_of,
};

/// The number of stemmed words after which it pays to warm the lexicon. Stemming this many words
/// one by one takes some twenty milliseconds.
const MANY_WORDS: usize = 8_192;

/// Calls `on_word` for the folded word of every token of `text`, in order, until it returns `Break`.
/// It stems nothing, so it needs no model and takes a fraction of the time of
/// [`Analyzer::for_each`].
pub fn for_each_surface(text: &str, mut on_word: impl FnMut(&str) -> ControlFlow<()>) {
    let mut folded = String::with_capacity(64);
    for word in words_with(text, PretokenizedCursor::default()) {
        write_surface(word.kind, word.span.slice(text), &mut folded);
        if !folded.is_empty() && on_word(&folded).is_break() {
            return;
        }
    }
}

/// Returns false if no folded word of `text` contains `part`. It looks at letters only, so it is
/// quick and may return true for a text without such a word.
pub fn may_hold_surface(text: &str, part: &str) -> bool {
    // A term can contain a sign, such as the point of a number. Then the letters do not decide.
    if !part.chars().all(is_word) {
        return true;
    }
    // Spellings that fold alike may differ in weak letters, in hamzas and in the length of a run.
    let mut letters = String::with_capacity(text.len());
    for character in text.chars().filter(|c| class(*c) != Class::Gap) {
        write_folded::<false>(character, &mut letters);
    }
    // A word in another alphabet loses marks that its letters do not show.
    if letters
        .chars()
        .any(|letter| !letter.is_ascii() && class(letter) != Class::Arabic)
    {
        return true;
    }
    let consonants = |letters: &str| {
        let mut last = None;
        let is_kept = |letter: &char| !is_weak(*letter) && last.replace(*letter) != Some(*letter);
        letters.chars().filter(is_kept).collect::<String>()
    };
    consonants(&letters).contains(&consonants(part))
}

/// Whether spellings that fold alike may differ in this letter.
fn is_weak(letter: char) -> bool {
    matches!(letter, 'ا' | 'و' | 'ي' | 'ء' | 'ؤ' | 'ئ')
}

/// The stem of another word that a typed word may be.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OtherStem {
    /// The stem.
    pub stem: String,
    /// Whether the typed word may be a form of another verb: `يرد` is the imperfect of `رد` and of
    /// `ورد`. Otherwise the typed word may be a hasty spelling.
    pub is_verb: bool,
}

/// Turns text into tokens with one model. Clones share the lexicon, so they are cheap.
#[derive(Debug, Clone)]
pub struct Analyzer {
    lexicon: Arc<Lexicon>,
}

impl Analyzer {
    /// Returns an analyzer that stems with `model`. All analyzers of the base model share one
    /// lexicon.
    pub fn new(model: Arc<Model>) -> Self {
        Self {
            lexicon: Lexicon::of(model),
        }
    }

    /// Returns the model that the analyzer stems with.
    pub fn model(&self) -> &Model {
        &self.lexicon.model
    }

    /// Returns the common words of the model, as written, with their numbers.
    pub fn common_words(&self) -> &Arc<CommonWords> {
        self.lexicon.common_words()
    }

    /// Returns the tokens of `text`, in order.
    pub fn analyze(&self, text: &str) -> Vec<Token> {
        let mut tokens = Vec::with_capacity(text.len() / 10);
        self.for_each(text, |token| tokens.push(token.to_owned()));
        tokens
    }

    /// Calls `on_token` for every token of `text`, in order. It allocates nothing per token.
    pub fn for_each(&self, text: &str, on_token: impl FnMut(TokenRef<'_>)) {
        let whole = Span::new(0, text.len());
        self.for_each_in(text, whole, &Pretokenized::default(), on_token);
    }

    /// Calls `on_token` for every token in the part `part` of `text`. Spans count from the
    /// beginning of the part.
    ///
    /// `found` are common words of `text` from an earlier analysis by an analyzer of the same
    /// model, or from [`renumber`](Self::renumber). They make the analysis several times as fast
    /// and change no token.
    pub fn for_each_in(
        &self,
        text: &str,
        part: Span,
        found: &Pretokenized,
        on_token: impl FnMut(TokenRef<'_>),
    ) {
        self.for_each_token::<true>(text, part, found, on_token);
    }

    /// Does what [`for_each_in`](Self::for_each_in) does, but does not stem: the stem of a word
    /// that is not common is its folded word. For rare words, this takes a small part of the time.
    pub fn for_each_unstemmed_in(
        &self,
        text: &str,
        part: Span,
        found: &Pretokenized,
        on_token: impl FnMut(TokenRef<'_>),
    ) {
        self.for_each_token::<false>(text, part, found, on_token);
    }

    fn for_each_token<const STEMS: bool>(
        &self,
        text: &str,
        part: Span,
        found: &Pretokenized,
        mut on_token: impl FnMut(TokenRef<'_>),
    ) {
        let lexicon = &*self.lexicon;
        let text = part.slice(text);
        // The numbers of common words are useless before the lexicon has the terms of these words.
        let common_terms = lexicon.common_terms.get();
        let found = common_terms.map(|_| PretokenizedCursor::new(found, part));
        let found = found.unwrap_or_default();
        let common_words = common_terms
            .filter(|_| !found.are_all())
            .map(|_| lexicon.common_words());
        let mut folded = String::with_capacity(64);
        let mut stemmed = String::with_capacity(64);
        let mut position = 0;
        for word in words_with(text, found) {
            let Word { span, kind, .. } = word;
            let number = word.common_number.or_else(|| {
                let words = common_words.filter(|_| kind == TokenKind::Arabic)?;
                words.find(text.as_bytes(), span.start, span.end)
            });
            let terms = match number.zip(common_terms) {
                Some((number, terms)) => TermSource::Common(terms, number),
                None => {
                    let written = span.slice(text);
                    let (surface, stem) = if STEMS {
                        lexicon.terms(kind, written, &mut folded, &mut stemmed)
                    } else {
                        let (_, surface) = surface(kind, written, &mut folded);
                        (surface, surface)
                    };
                    if surface.is_empty() {
                        continue;
                    }
                    TermSource::Own { surface, stem }
                }
            };
            on_token(TokenRef {
                span,
                position,
                sentence: word.sentence,
                kind,
                terms,
            });
            position += u32::from(kind != TokenKind::Whole);
        }
        if STEMS && !lexicon.has_stems() {
            lexicon.stemmed_words.fetch_add(position, Ordering::Relaxed);
        }
    }

    /// Converts the common words that a [`WordCounter`](crate::WordCounter) found into the list
    /// that [`for_each_in`](Self::for_each_in) takes.
    pub fn renumber(&self, noted: &NotedWords) -> Pretokenized {
        self.lexicon.renumber(noted)
    }

    /// Returns the terms of a common word by its [number](TokenRef::common_number). Returns `None`
    /// until the lexicon is warm.
    pub fn common_terms(&self, number: u16) -> Option<WordTerms<'_>> {
        self.lexicon.common_terms.get()?.get(number)
    }

    /// Returns [`fnv1a`](crate::fnv1a) of a common word after folding. Returns `None` until the
    /// lexicon is warm.
    pub fn common_hash(&self, number: u16) -> Option<u64> {
        self.lexicon.common_terms.get()?.surface_hash(number)
    }

    /// Returns the core of a word between its clitics, as a range of bytes in `word`: `بيت` of
    /// `وبيته`, `سلام` of `للسلام`.
    ///
    /// `word` is a word as it is written in the text. If it is several words or no Arabic word, the
    /// core is all of it. Invariant: in bounds, on character boundaries, and not empty unless
    /// `word` is.
    pub fn core(&self, word: &str) -> Span {
        stem::core(self.model(), word)
    }

    /// Returns the stem of the word with this form. It differs from the token's stem only for the
    /// few words that are not recognised as Arabic words by their letters alone.
    pub fn stem_of_form(&self, form: &str) -> String {
        let surface = surface_of(form);
        let packed = PackedWord::pack(surface);
        let stem = &mut String::new();
        self.lexicon
            .stem_as_written(packed, surface, &spelled(form), stem)
            .to_owned()
    }

    /// Returns the stems of other words that a typed word may be, too. A query asks for them beside
    /// the word's own stem.
    pub fn other_stems(&self, typed: &str) -> Vec<OtherStem> {
        let Some(folded) = PackedWord::pack(&folded(typed)) else {
            return Vec::new();
        };
        let model = self.model();
        let other = |is_verb| {
            move |stem: PackedWord| OtherStem {
                stem: stem.chars().collect(),
                is_verb,
            }
        };
        let in_haste = spelling::typed_in_haste(model, folded, typed).into_iter();
        let verbs = stem::other_perfects(model, folded).into_iter();
        in_haste
            .map(other(false))
            .chain(verbs.map(other(true)))
            .collect()
    }

    /// Computes the stems of all words of the model. This takes some tenths of a second, makes
    /// analysis several times as fast, and does not change the tokens.
    pub fn warm(&self) {
        self.warm_with(|tasks| tasks.into_iter().for_each(|task| task()));
    }

    /// Does what [`warm`](Self::warm) does, on the caller's threads. `run` must run every task
    /// before it returns, in any order.
    pub fn warm_with(&self, run: impl Fn(Vec<Task<'_>>)) {
        self.lexicon.warm(&run);
    }

    /// Returns true, once, when [`warm`](Self::warm) saves more time than it takes. The decision
    /// counts the words analysed so far and `upcoming_words` more. The caller then warms the
    /// analyzer, best in the background.
    pub fn should_warm(&self, upcoming_words: usize) -> bool {
        let lexicon = &*self.lexicon;
        let stemmed_words = lexicon.stemmed_words.load(Ordering::Relaxed) as usize;
        !lexicon.has_stems()
            && stemmed_words.saturating_add(upcoming_words) >= MANY_WORDS
            && !lexicon.is_claimed.swap(true, Ordering::Relaxed)
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::model::Counts;

    /// An analyzer whose lexicon no other shares.
    fn analyzer() -> Analyzer {
        Analyzer::new(Arc::new(Counts::default().finish_on_base()))
    }

    #[test]
    fn tasks_in_any_order_give_the_same_tokens() {
        let text = "وستزور الوزيرةُ مدرسةً في بيروت، ثم تعود إلى ألمانيا #لبنان_اليوم";
        let cold = analyzer();
        let warm = analyzer();
        let reversed = analyzer();
        warm.warm();
        reversed.warm_with(|tasks| tasks.into_iter().rev().for_each(|task| task()));
        assert_eq!(warm.analyze(text), cold.analyze(text));
        assert_eq!(reversed.analyze(text), cold.analyze(text));
    }

    proptest! {
        #[test]
        fn folded_words_are_those_of_the_tokens(any: String, arabic in "[ء-ي ـًٌ٠-٩0-9«»لـ#@.,،A-c-]{0,40}") {
            let analyzer = Analyzer::new(Model::base());
            for text in [any, arabic] {
                let mut words = Vec::new();
                for_each_surface(&text, |word| {
                    words.push(word.to_owned());
                    ControlFlow::Continue(())
                });
                for word in &words {
                    let parts = word.char_indices().map(|(start, _)| &word[start..]);
                    prop_assert!(parts.into_iter().all(|part| may_hold_surface(&text, part)), "{word} in {text}");
                }
                let tokens = analyzer.analyze(&text).into_iter();
                prop_assert_eq!(words, tokens.map(|token| token.surface).collect::<Vec<_>>());
            }
        }
    }

    #[test]
    fn letters_tell_quickly_that_a_word_is_missing() {
        assert!(!may_hold_surface("صحيفة المنارة", "جريده"));
        assert!(may_hold_surface("صحيفة المنارة", "المن"));
        // The letters of two words count as one.
        assert!(may_hold_surface("صحيفة المنارة", "فهال"));
    }

    #[test]
    fn one_caller_is_asked_to_warm_once_it_pays() {
        let analyzer = analyzer();
        assert!(!analyzer.should_warm(100));
        assert!(analyzer.should_warm(1_000_000));
        assert!(!analyzer.should_warm(1_000_000));
    }
}
