//! Arabic analysis: text → tokens that carry their place in the original. It reads no files and knows no index.
//!
//! One function serves indexing, querying and highlighting: segment first, fold second, then stem.
//!
//! ```
//! use fihrist_arabic::{Analyzer, Model};
//!
//! let analyzer = Analyzer::new(Model::base());
//! let text = "زار بيروتَ، لـ«الحوار»";
//! let surfaces: Vec<_> = analyzer.analyze(text).into_iter().map(|token| token.surface).collect();
//! assert_eq!(surfaces, ["زار", "بيروت", "الحوار"]);
//! ```

#![warn(missing_docs)]

mod address;
pub mod calendar;
pub mod chars;
pub mod fold;
mod form;
mod light10;
mod model;
mod number;
mod parallel;
mod segment;
mod skeleton;
mod span;
pub mod spelling;
mod stem;
mod stop;
mod wanted;

use std::ops::ControlFlow;
use std::sync::Arc;

pub use form::{form, other_forms, surface_of};
pub use model::{Counts, Model, ModelError, SeenWords, WordCounter, WordTerms, WrittenWords};
pub use segment::{CommonWord, CommonWords, Kind, Word, first_word, is_proclitic, words};
pub use skeleton::skeleton;
pub use span::Span;
pub use stop::is_stop_word;
pub use wanted::WantedTerms;

use model::letters::Letters;
use segment::words_with;

/// Version of the rules of segmentation, folding and stemming. A change that alters any term raises it; an index written under
/// another version is refused, never searched badly.
pub const ANALYSIS_VERSION: u32 = 4;

/// The longest term, in characters.
pub const MAX_TERM_CHARS: usize = 64;

/// A word as the index knows it.
///
/// Invariant: `surface` and `stem` are not empty, hold no white space and at most [`MAX_TERM_CHARS`] characters.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Token {
    /// Where it stands in the analysed text.
    pub span: Span,
    /// Its place among the words: dense from 0; a whole (hashtag, address) shares the place of its first part.
    pub position: u32,
    /// The number of its sentence, from 0.
    pub sentence: u32,
    /// What it is made of.
    pub kind: Kind,
    /// The folded word.
    pub surface: String,
    /// The stem, which the forms of one word share.
    pub stem: String,
}

/// A [`Token`] whose terms are borrowed: what bulk analysis hands out.
#[derive(Debug, Clone, Copy)]
pub struct TokenRef<'a> {
    /// See [`Token::span`].
    pub span: Span,
    /// See [`Token::position`].
    pub position: u32,
    /// See [`Token::sentence`].
    pub sentence: u32,
    /// See [`Token::kind`].
    pub kind: Kind,
    terms: Terms<'a>,
}

/// Terms of a word: those of a common word are looked up when they are asked for.
#[derive(Debug, Clone, Copy)]
enum Terms<'a> {
    Common { model: &'a Model, place: usize },
    Own { surface: &'a str, stem: &'a str },
}

impl Token {
    /// The word as it is spelled in the text that was analysed: the term of [`form`](form()).
    pub fn form(&self, text: &str) -> String {
        form(
            self.kind,
            self.span.slice(text),
            &self.surface,
            &mut String::new(),
        )
        .to_owned()
    }
}

impl<'a> TokenRef<'a> {
    /// See [`Token::surface`].
    pub fn surface(self) -> &'a str {
        match self.terms {
            Terms::Common { model, place } => {
                model.common_terms(place).map_or("", |terms| terms.surface)
            }
            Terms::Own { surface, .. } => surface,
        }
    }

    /// See [`Token::stem`].
    pub fn stem(self) -> &'a str {
        match self.terms {
            Terms::Common { model, place } => {
                model.common_terms(place).map_or("", |terms| terms.stem)
            }
            Terms::Own { stem, .. } => stem,
        }
    }

    /// The word as it is spelled in `text`, which was analysed: the term of [`form`](form()). `buffer` may hold it.
    pub fn form<'b>(self, text: &str, buffer: &'b mut String) -> &'b str
    where
        'a: 'b,
    {
        match self.terms {
            Terms::Common { model, place } => {
                model.common_terms(place).map_or("", |terms| terms.form)
            }
            Terms::Own { surface, .. } => form(self.kind, self.span.slice(text), surface, buffer),
        }
    }

    /// The place of the word as it is written among the commonest of the model, if it is one of them: words of one place have
    /// the same terms.
    pub fn common(self) -> Option<u32> {
        match self.terms {
            Terms::Common { place, .. } => Some(place as u32),
            Terms::Own { .. } => None,
        }
    }

    /// Whether its stem or its folded word may be wanted: no only if neither is, and at once for the commonest words.
    pub fn may_be(self, wanted: &WantedTerms) -> bool {
        match self.terms {
            Terms::Common { model, place } => model
                .common_hashes(place)
                .is_none_or(|hashes| wanted.may_hold(hashes)),
            Terms::Own { .. } => true,
        }
    }

    /// If it is common, where it stands, in a text in which the one that was analysed begins at `start`. `None` of a word that
    /// stands too far on in it.
    pub fn common_word(self, start: usize) -> Option<CommonWord> {
        let place = u16::try_from(self.common()?).ok()?;
        let size_bytes = u16::try_from(self.span.end - self.span.start).ok()?;
        Some(CommonWord {
            start: u32::try_from(start + self.span.start).ok()?,
            size_bytes,
            place,
        })
    }

    /// The same token with terms of its own.
    pub fn to_owned(self) -> Token {
        Token {
            span: self.span,
            position: self.position,
            sentence: self.sentence,
            kind: self.kind,
            surface: self.surface().to_owned(),
            stem: self.stem().to_owned(),
        }
    }
}

/// Turns text into tokens with one frozen model.
#[derive(Debug, Clone)]
pub struct Analyzer {
    model: Arc<Model>,
}

impl Analyzer {
    /// An analyzer that stems with `model`.
    pub fn new(model: Arc<Model>) -> Self {
        Self { model }
    }

    /// The model it stems with.
    pub fn model(&self) -> &Model {
        &self.model
    }

    /// Where the core of a word stands between its clitics, in bytes of `word`: `بيت` of `وبيته`, `سلام` of `للسلام`.
    ///
    /// `word` is a word of a text as it was written. Its core is all of it if it is more than one word, or no Arabic word.
    /// Invariant: in bounds, on character boundaries, and not empty unless `word` is.
    pub fn core(&self, word: &str) -> Span {
        let folded = fold::folded(word);
        let (proclitics, enclitics) = stem::clitics(&self.model, &folded);
        stem::core_span(word, folded.chars().count(), proclitics, enclitics)
    }

    /// The words of a text that are known to be common from when its words were counted; there may be others.
    pub fn common_of(&self, seen: &SeenWords) -> Vec<CommonWord> {
        self.model.common_of(seen)
    }

    /// [`fnv1a`] of the folded word of [`TokenRef::common`].
    pub fn common_hash(&self, place: u32) -> Option<u64> {
        self.model.common_hash(place as usize)
    }

    /// The terms of a word by [`TokenRef::common`].
    pub fn common_terms(&self, place: u32) -> Option<WordTerms<'_>> {
        self.model.common_terms(place as usize)
    }

    /// The stem that the form of a word tells, but for the few words whose kind is not told by their letters.
    pub fn stem_of_form(&self, form: &str) -> String {
        let surface = surface_of(form);
        stem::stem(
            &self.model,
            Letters::pack(surface),
            surface,
            &mut String::new(),
        )
        .to_owned()
    }

    /// Works out the stems of all words of the model now: some tenths of a second, after which analysis is several times
    /// as fast. It changes no token, and happens by itself in the background once some thousands of words were analysed.
    pub fn warm(&self) {
        stem::work_out_all(&self.model);
        self.model.work_out_front(|written| {
            let (mut folded, mut stemmed, mut spelled) =
                (String::new(), String::new(), String::new());
            let (surface, stem) = self.arabic_terms(written, &mut folded, &mut stemmed);
            let form = form(Kind::Arabic, written, surface, &mut spelled);
            [surface, form, stem].map(str::to_owned)
        });
    }

    /// The tokens of `text`, in order.
    pub fn analyze(&self, text: &str) -> Vec<Token> {
        let mut tokens = Vec::with_capacity(text.len() / 10);
        self.for_each(text, |token| tokens.push(token.to_owned()));
        tokens
    }

    /// Calls `on_token` for every token of `text`, in order, without an allocation a token.
    pub fn for_each(&self, text: &str, on_token: impl FnMut(TokenRef<'_>)) {
        self.for_each_with(text, CommonWords::default(), on_token);
    }

    /// The same in a text whose [`common_word`](TokenRef::common_word)s are known, or some of them, from the same analysis
    /// before: it is several times as fast.
    pub fn for_each_with(
        &self,
        text: &str,
        common: CommonWords<'_>,
        mut on_token: impl FnMut(TokenRef<'_>),
    ) {
        // Before its terms are worked out, a common word is as any other.
        let common = if self.model.has_front() {
            common
        } else {
            CommonWords::default()
        };
        let looks_up = !common.are_all();
        let (mut folded, mut stemmed) = (String::with_capacity(64), String::with_capacity(64));
        let mut next_position = 0;
        words_with(text, common, |word| {
            let written = word.span.slice(text);
            let common = match (word.kind, word.common) {
                (_, Some(place)) => Some(usize::from(place)),
                (Kind::Arabic, None) if looks_up => self.model.common(text, word.span),
                _ => None,
            };
            let terms = match (word.kind, common) {
                (_, Some(place)) => Terms::Common {
                    model: &self.model,
                    place,
                },
                (Kind::Arabic, None) => {
                    let (surface, stem) = self.arabic_terms(written, &mut folded, &mut stemmed);
                    Terms::Own { surface, stem }
                }
                (Kind::Abbreviation | Kind::Other | Kind::Number | Kind::Whole, None) => {
                    form_surface(word.kind, written, &mut folded);
                    Terms::Own {
                        surface: &folded,
                        stem: &folded,
                    }
                }
            };
            if matches!(terms, Terms::Own { surface: "", .. }) {
                return ControlFlow::Continue(());
            }
            let Word {
                span,
                kind,
                sentence,
                ..
            } = word;
            on_token(TokenRef {
                span,
                position: next_position,
                sentence,
                kind,
                terms,
            });
            next_position += u32::from(word.kind != Kind::Whole);
            ControlFlow::Continue(())
        });
        if self.model.has_stemmed_many(next_position) {
            let analyzer = self.clone();
            // Beside the work at hand, which no query waits for. Where no thread is to be had, all goes on as before.
            drop(
                std::thread::Builder::new()
                    .name("stems".to_owned())
                    .spawn(move || analyzer.warm()),
            );
        }
    }

    /// The surface and the stem of an Arabic word, borrowed from the text or the model where that will do.
    fn arabic_terms<'a>(
        &'a self,
        written: &'a str,
        folded: &'a mut String,
        stemmed: &'a mut String,
    ) -> (&'a str, &'a str) {
        // No character folds to more than four letters, and those that fold to more than one take three bytes.
        if written.len() <= MAX_TERM_CHARS * 3 / 4 {
            let (packed, surface) = fold::fold_arabic_word(written, folded);
            return (surface, stem::stem(&self.model, packed, surface, stemmed));
        }
        form_surface(Kind::Arabic, written, folded);
        (
            folded,
            stem::stem(&self.model, Letters::pack(folded), folded, stemmed),
        )
    }
}

fn form_surface(kind: Kind, written: &str, surface: &mut String) {
    match kind {
        Kind::Arabic | Kind::Other => fold::fold(written, surface),
        Kind::Number => number::number_term(written, surface),
        Kind::Whole => address::whole_term(written, surface),
        Kind::Abbreviation => {
            fold::fold(written, surface);
            surface.retain(chars::is_word);
        }
    }
    limit(surface);
}

/// Keeps a term within [`MAX_TERM_CHARS`]: its beginning and a hash of all of it, so that long terms stay distinct.
fn limit(term: &mut String) {
    // Short in bytes is short in characters.
    if term.len() <= MAX_TERM_CHARS || term.chars().count() <= MAX_TERM_CHARS {
        return;
    }
    let hash = fnv1a(term.as_bytes());
    let kept = term
        .char_indices()
        .nth(MAX_TERM_CHARS - 17)
        .map_or(term.len(), |(offset, _)| offset);
    term.truncate(kept);
    term.push_str(&format!("~{hash:016x}"));
}

/// The 64-bit FNV-1a hash: stable between versions and machines, which `std`'s hashers do not promise.
pub fn fnv1a(bytes: &[u8]) -> u64 {
    bytes.iter().fold(0xcbf2_9ce4_8422_2325, |hash, byte| {
        (hash ^ u64::from(*byte)).wrapping_mul(0x100_0000_01b3)
    })
}
