//! Repairs mojibake, which is text that was decoded with the wrong encoding: `ÇáÓáÇã`,
//! `Ø§Ù„Ø³Ù„Ø§Ù…` and `ط§ظ„ط³ظ„ط§ظ…` are all السلام.
//!
//! It works line by line. A line is changed only under three conditions: it can be encoded back to
//! bytes without loss; the bytes decode without an error; the base model knows the words of the
//! result.

use std::borrow::{BorrowMut, Cow};
use std::sync::LazyLock;

use encoding_rs::{WINDOWS_1252, WINDOWS_1256};
use rustc_hash::FxHashMap;

use super::{Class, class, folded};
use fihrist_arabic::Model;

use Mojibake::{ArabicAsLatin, Utf8AsArabic, Utf8AsLatin};

/// A repaired line is evidence of mojibake if at least this many of its letters are in known words:
/// two short words or a long one.
const MIN_GAIN: usize = 6;

/// The wrong decoding that produced the text.
#[derive(Clone, Copy, PartialEq)]
enum Mojibake {
    /// UTF-8 was read as windows-1252 or Latin-1.
    Utf8AsLatin,
    /// windows-1256 was read as windows-1252 or Latin-1.
    ArabicAsLatin,
    /// UTF-8 was read as windows-1256.
    Utf8AsArabic,
}

/// The name of one or more wrong decodings, and the decodings, the last one first.
type MojibakeChain = (&'static str, &'static [Mojibake]);

/// The chains that are tried, in this order.
const CANDIDATES: [MojibakeChain; 7] = [
    ("UTF-8 read as windows-1252", &[Utf8AsLatin]),
    ("windows-1256 read as windows-1252", &[ArabicAsLatin]),
    ("UTF-8 read as windows-1256", &[Utf8AsArabic]),
    ("UTF-8 encoded twice", &[Utf8AsLatin, Utf8AsLatin]),
    ("UTF-8 encoded twice", &[Utf8AsLatin, ArabicAsLatin]),
    ("UTF-8 encoded twice", &[Utf8AsLatin, Utf8AsArabic]),
    ("UTF-8 encoded twice", &[Utf8AsArabic, Utf8AsArabic]),
];

/// Repairs the lines of an article and returns the kind of mojibake; `None` if nothing was changed.
///
/// Invariant: a line without a suspicious pair of characters is not changed.
pub fn repair<'t>(texts: &mut [impl BorrowMut<Cow<'t, str>>]) -> Option<&'static str> {
    if !texts.iter().any(|text| is_suspicious(text.borrow())) {
        return None;
    }
    let model = Model::base();
    // Evidence in one line applies to the whole article, because short lines prove nothing by
    // themselves.
    let mut proven: Vec<MojibakeChain> = Vec::new();
    for line in texts.iter().flat_map(|text| text.borrow().split('\n')) {
        if is_suspicious(line)
            && let Some(chain) = proven_chain(line, &proven, &model)
            && !proven.contains(&chain)
        {
            proven.push(chain);
        }
    }
    let (name, _) = *proven.first()?;
    for text in texts {
        let text = text.borrow_mut();
        if is_suspicious(text) {
            let lines = text.split_inclusive('\n');
            *text = Cow::Owned(lines.map(|line| repaired(line, &proven, &model)).collect());
        }
    }
    Some(name)
}

/// Returns the first chain whose reversal turns the line into known words. Chains that other lines
/// have proven are tried first.
fn proven_chain(line: &str, proven: &[MojibakeChain], model: &Model) -> Option<MojibakeChain> {
    let reverses = |chain: &&MojibakeChain| {
        undone(line, chain).is_some_and(|text| is_gain(line, &text, model))
    };
    proven.iter().chain(&CANDIDATES).find(reverses).copied()
}

/// Returns the repaired line. If several chains are possible, the one that gives the most letters
/// in known words wins.
fn repaired<'t>(line: &'t str, proven: &[MojibakeChain], model: &Model) -> Cow<'t, str> {
    if !is_suspicious(line) {
        return Cow::Borrowed(line);
    }
    let mut best = Cow::Borrowed(line);
    let mut most_known = known_letters(line, model).known;
    for chain in proven {
        let Some(text) = undone(line, chain) else {
            continue;
        };
        let letters = known_letters(&text, model);
        let is_readable = letters.arabic > 0 || !text.chars().any(is_latin_garble);
        if is_readable && letters.known >= most_known {
            most_known = letters.known;
            best = Cow::Owned(text);
        }
    }
    best
}

/// Returns whether the repair turns a line with few known words into Arabic that is mostly known.
fn is_gain(before: &str, after: &str, model: &Model) -> bool {
    let (before, after) = (known_letters(before, model), known_letters(after, model));
    after.known >= MIN_GAIN && after.known * 2 >= after.arabic && after.known >= before.known * 4
}

/// The number of Arabic letters in a text, and of those in words that the model knows.
#[derive(Default)]
struct Letters {
    arabic: usize,
    known: usize,
}

fn known_letters(text: &str, model: &Model) -> Letters {
    let mut letters = Letters::default();
    for word in text.split(|c| !matches!(class(c), Class::Arabic | Class::Invisible)) {
        let letter_count = word.chars().filter(|c| class(*c) == Class::Arabic).count();
        letters.arabic += letter_count;
        // Single letters look like words in any mojibake.
        if letter_count > 1 && model.count(&folded(word)) > 0 {
            letters.known += letter_count;
        }
    }
    letters
}

/// Reverses the wrong decodings of a chain. Returns `None` if that loses data or gives control
/// characters.
fn undone(text: &str, (_, steps): &MojibakeChain) -> Option<String> {
    let before = steps.iter().try_fold(Cow::Borrowed(text), |text, step| {
        undo(&text, *step).map(Cow::Owned)
    })?;
    let is_clean = |c: char| {
        c != char::REPLACEMENT_CHARACTER && (!c.is_control() || matches!(c, '\t' | '\n' | '\r'))
    };
    before.chars().all(is_clean).then(|| before.into_owned())
}

fn undo(text: &str, mojibake: Mojibake) -> Option<String> {
    match mojibake {
        Utf8AsLatin => String::from_utf8(latin_bytes(text)?).ok(),
        ArabicAsLatin => {
            let bytes = latin_bytes(text)?;
            WINDOWS_1256
                .decode_without_bom_handling_and_without_replacement(&bytes)
                .map(Cow::into_owned)
        }
        Utf8AsArabic => match WINDOWS_1256.encode(text) {
            (bytes, _, false) => String::from_utf8(bytes.into_owned()).ok(),
            (_, _, true) => None,
        },
    }
}

/// Returns the bytes that windows-1252 or Latin-1 would show as this text. A text may mix both,
/// because they differ only in the control characters.
fn latin_bytes(text: &str) -> Option<Vec<u8>> {
    static WINDOWS: LazyLock<FxHashMap<char, u8>> = LazyLock::new(|| {
        let bytes: Vec<u8> = (0x80..=0x9F).collect();
        let (shown, _) = WINDOWS_1252.decode_without_bom_handling(&bytes);
        shown.chars().zip(bytes.iter().copied()).collect()
    });
    let byte = |c: char| u8::try_from(c).ok().or_else(|| WINDOWS.get(&c).copied());
    text.chars().map(byte).collect()
}

/// Returns whether the text has a pair of characters that is rare in correct text.
///
/// The pair is an accented Latin letter before a non-ASCII character. Or it is `ط` or `ظ` before
/// the second byte of a UTF-8 letter, as windows-1256 shows it. The check is cheap and finds all
/// mojibake. Some correct text passes it, too; then the known words decide.
fn is_suspicious(text: &str) -> bool {
    let bytes = text.as_bytes();
    let at = |i: usize| bytes.get(i).copied().unwrap_or_default();
    memchr::memchr3_iter(0xC3, 0xB7, 0xB8, bytes).any(|i| match at(i) {
        // U+00C0 to U+00FF.
        0xC3 => at(i + 2) >= 0x80,
        // U+0637, U+0638.
        _ => i > 0 && at(i - 1) == 0xD8 && text.get(i + 1..).is_some_and(goes_on_as_garble),
    })
}

/// Returns whether the text continues like UTF-8 read as windows-1256: with the second byte of a
/// letter, then the first byte of another.
fn goes_on_as_garble(after: &str) -> bool {
    let mut characters = after.chars();
    match (characters.next(), characters.next()) {
        (Some('·' | '¸'), _) => true,
        (Some(second), Some('ط' | 'ظ')) => {
            !second.is_ascii() && !matches!(second, '\u{621}'..='\u{652}')
        }
        _ => false,
    }
}

fn is_latin_garble(character: char) -> bool {
    matches!(character, '\u{C0}'..='\u{FF}')
}
