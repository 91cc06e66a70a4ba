//! The spelling of the Qur'an (Uthmani spelling), written as the same words are written today.
//! It sees one word with its marks. Modern words with vowel marks do not change.
//!
//! ```text
//!     ٱلصَّلَوٰةَ  مَوْلَىٰكُم   an alef above و and ى replaces it:  الصلاة  مولاكم
//!     ٱلْعَـٰلَمِينَ  كِتَـٰب    above other letters it follows:     العالمين  كتاب
//!     هَـٰذَا  ٱلرَّحْمَـٰن      in these words nobody writes it:    هذا  الرحمن
//!     ٱلْقُرْءَان  مَـَٔاب      a hamza without a seat:             القرآن  مآب
//!     ٱلنَّبِيِّـۧنَ            a small letter:                     النبيين
//! ```

use crate::chars::{
    COMBINING_HAMZA_ABOVE, COMBINING_HAMZA_BELOW, COMBINING_MADDA, TATWEEL, is_dropped_mark,
    is_format,
};

const ALEF: char = 'ا';
const ALEF_HAMZA_ABOVE: char = 'أ';
const ALEF_HAMZA_BELOW: char = 'إ';
const ALEF_MADDA: char = 'آ';
const HAMZA: char = 'ء';
const WAW_HAMZA: char = 'ؤ';
const YEH_HAMZA: char = 'ئ';

/// U+0671, the alef whose sound disappears after a vowel.
pub const ALEF_WASLA: char = '\u{671}';
/// U+0670, a small alef above a letter.
pub const DAGGER_ALEF: char = '\u{670}';
const SMALL_WAW: char = '\u{6E5}';
const SMALL_YEH: char = '\u{6E6}';
const SMALL_HIGH_YEH: char = '\u{6E7}';
/// The two small circles that mark a silent letter.
const SILENT: [char; 2] = ['\u{6DF}', '\u{6E0}'];

const FATHA: char = '\u{64E}';
const DAMMA: char = '\u{64F}';
const KASRA: char = '\u{650}';
const SHADDA: char = '\u{651}';

/// Whether the character shows that the word may have another spelling today.
pub const fn is_sign(character: char) -> bool {
    matches!(
        character,
        ALEF_WASLA | DAGGER_ALEF | SMALL_WAW | SMALL_YEH | SMALL_HIGH_YEH
    )
}

/// A letter and the marks on it. A tatweel is a letter here if it carries a hamza.
struct Marked {
    letter: char,
    marks: Vec<char>,
}

impl Marked {
    fn has(&self, mark: char) -> bool {
        self.marks.contains(&mark)
    }
}

/// Returns the letters of `word` in modern spelling, without marks.
pub fn modern(word: &str) -> Vec<char> {
    let word = marked_letters(word);
    let mut out = Vec::with_capacity(word.len() + 4);
    let mut i = 0;
    while i < word.len() {
        i += write_modern(&word, i, &mut out);
    }
    out
}

/// Writes the letter at `i` and returns how many letters of the word it took.
fn write_modern(word: &[Marked], i: usize, out: &mut Vec<char>) -> usize {
    let Marked { letter, marks } = &word[i];
    let next = word.get(i + 1).map(|next| next.letter);
    match *letter {
        TATWEEL => return write_hamza(word, i, out),
        HAMZA => return write_bare_hamza(word, i, out),
        // `دعـٰٓؤا۟` is `دعاء`, and `نبؤا۟` is `نبأ`.
        WAW_HAMZA if ends_silently(&word[i + 1..]) => {
            let is_long = out.last() == Some(&ALEF);
            out.push(if is_long { HAMZA } else { ALEF_HAMZA_ABOVE });
            return 2;
        }
        'و' if next == Some('ة')
            && (marks.as_slice() == [DAGGER_ALEF] || is_bare_after_fatha(word, i)) =>
        {
            out.push(ALEF);
            return 1;
        }
        'و' if word[i].has(DAGGER_ALEF) && !word[i].has(FATHA) && next == Some(ALEF) => {
            out.push(ALEF);
            return 2;
        }
        'ى' if word[i].has(DAGGER_ALEF) && next.is_some() => {
            out.push(ALEF);
            return 1;
        }
        ALEF_WASLA => out.push(ALEF),
        // `ٱلَّيْل` is `الليل`.
        'ل' if word[i].has(SHADDA) && i > 0 && word[i - 1].letter == ALEF_WASLA => {
            let is_double = word[i].has(DAGGER_ALEF)
                || next == Some('ي') && word.get(i + 2).is_some_and(|after| after.letter == 'ل');
            out.push('ل');
            out.extend(is_double.then_some('ل'));
        }
        letter => out.push(letter),
    }
    if word[i].has(DAGGER_ALEF) && is_written_today(word, i) {
        out.push(ALEF);
    }
    out.extend(small_letter(word, i));
    1
}

fn ends_silently(rest: &[Marked]) -> bool {
    matches!(rest, [last] if last.letter == ALEF && SILENT.iter().any(|mark| last.has(*mark)))
}

/// Whether the `و` at `i` has no mark, stands after a letter with fatha and before the last letter, as
/// in `صَلَوة`. A `و` that is spoken has a mark of its own: `قُوَّة`.
fn is_bare_after_fatha(word: &[Marked], i: usize) -> bool {
    word[i].marks.is_empty() && i > 0 && word[i - 1].has(FATHA) && i + 2 == word.len()
}

/// Whether the small alef above the letter at `i` is an alef in modern spelling.
fn is_written_today(word: &[Marked], i: usize) -> bool {
    let is_alef = |letter| {
        matches!(
            letter,
            ALEF | ALEF_HAMZA_ABOVE | ALEF_HAMZA_BELOW | ALEF_MADDA | ALEF_WASLA
        )
    };
    let letters: Vec<char> = word.iter().map(|marked| marked.letter).collect();
    let (before, after) = (&letters[..i], &letters[i + 1..]);
    let is_first = before
        .iter()
        .all(|letter| is_alef(*letter) || matches!(letter, 'و' | 'ف' | 'ب' | 'ل' | 'ك'));
    match (before, letters[i], after) {
        (_, _, []) => false,
        (_, letter, _) if is_alef(letter) => false,
        (_, _, [ALEF | ALEF_MADDA, ..]) => false,
        // هذا هؤلاء هكذا ههنا
        (_, 'ه', ['ذ' | WAW_HAMZA | 'ه', ..] | ['ك', 'ذ', ..]) => !is_first,
        // ذلك
        (_, 'ذ', ['ل', 'ك', ..]) => false,
        // إله الله
        ([.., alef, 'ل'] | [.., alef], 'ل', ['ه', ..]) if is_alef(*alef) => false,
        // لكن
        ([] | ['و' | 'ف'], 'ل', ['ك', 'ن', ..]) => false,
        // أولئك
        ([.., 'و'], 'ل', [YEH_HAMZA, 'ك', ..]) => false,
        // الرحمن
        ([.., 'ر', 'ح'], 'م', ['ن', ..]) => false,
        // طه يس
        ([], 'ط', ['ه']) | ([], 'ي', ['س']) => false,
        _ => true,
    }
}

/// Returns the letter that a small و or ي at `i` stands for. The pronouns of `لَهُۥ` and `بِهِۦ` are written
/// without it today, and so is `داود`.
fn small_letter(word: &[Marked], i: usize) -> Option<char> {
    let Marked { letter, .. } = &word[i];
    let next = word.get(i + 1).map(|next| next.letter);
    if word[i].has(SMALL_HIGH_YEH) || word[i].has(SMALL_YEH) && matches!(letter, 'ي' | 'ى') {
        Some('ي')
    } else if word[i].has(SMALL_WAW) && *letter == 'و' && !matches!(next, None | Some('د')) {
        Some('و')
    } else {
        None
    }
}

/// Writes a hamza above a tatweel, as in `مَـَٔاب`, `شَيْـًٔا` and `يَسْـَٔلُ`.
fn write_hamza(word: &[Marked], i: usize, out: &mut Vec<char>) -> usize {
    if matches!(out.last(), Some('ي' | 'ى')) {
        out.push(YEH_HAMZA);
    } else if word.get(i + 1).is_some_and(|next| next.letter == ALEF) {
        out.push(ALEF_MADDA);
        return 2;
    } else {
        out.push(seat(word, i));
    }
    1
}

/// Writes a `ء`, which has a seat today within a word, as in `قُرْءَان` and `أَرَءَيْتَ`.
fn write_bare_hamza(word: &[Marked], i: usize, out: &mut Vec<char>) -> usize {
    let rest = &word[i + 1..];
    let before = out.last().copied();
    let is_vowelled = !word[i].marks.is_empty();
    let is_first = matches!(out.as_slice(), [] | ['و' | 'ف' | 'ب' | 'ل' | 'ك']);
    match rest {
        [alef, ..] if matches!(alef.letter, ALEF | ALEF_MADDA) && is_first => {
            out.push(ALEF_MADDA);
            return 2;
        }
        [alef, _, ..]
            if alef.letter == ALEF
                && word[i].has(FATHA)
                && !matches!(before, Some(ALEF | 'و' | 'ي' | 'ى')) =>
        {
            out.push(ALEF_MADDA);
            return 2;
        }
        // The interrogative of `ءَأَنتَ`.
        [alef, ..] if is_first && matches!(alef.letter, ALEF_HAMZA_ABOVE | ALEF_HAMZA_BELOW) => {
            out.push(ALEF);
        }
        [next, ..] if is_vowelled && before.is_some() && next.letter != ALEF => {
            let has_seat = match before {
                Some(ALEF) => word[i].has(KASRA),
                Some('و' | 'ي' | 'ى') => false,
                _ => true,
            };
            out.push(if has_seat { seat(word, i) } else { HAMZA });
        }
        _ => out.push(HAMZA),
    }
    1
}

/// Returns the hamza at `i` on the seat of its strongest vowel.
fn seat(word: &[Marked], i: usize) -> char {
    let has_before = |mark| i > 0 && word[i - 1].has(mark);
    if word[i].has(KASRA) || has_before(KASRA) {
        YEH_HAMZA
    } else if word[i].has(DAMMA) || has_before(DAMMA) {
        WAW_HAMZA
    } else {
        ALEF_HAMZA_ABOVE
    }
}

fn marked_letters(word: &str) -> Vec<Marked> {
    let mut letters: Vec<Marked> = Vec::with_capacity(word.len() / 2);
    // How many marks the last letter had before a tatweel followed.
    let mut before_tatweel = None;
    for character in word.chars() {
        if is_format(character) {
            if character == TATWEEL {
                before_tatweel = letters.last().map(|last| last.marks.len());
            }
            continue;
        }
        if !is_dropped_mark(character) {
            before_tatweel = None;
            letters.push(Marked {
                letter: character,
                marks: Vec::new(),
            });
            continue;
        }
        let Some(last) = letters.last_mut() else {
            continue;
        };
        let is_hamza = matches!(character, COMBINING_HAMZA_ABOVE | COMBINING_HAMZA_BELOW);
        if let Some(count) = before_tatweel.take_if(|_| is_hamza) {
            // The marks after the tatweel are vowels of the hamza.
            let marks = last.marks.split_off(count);
            letters.push(Marked {
                letter: TATWEEL,
                marks,
            });
        } else if let Some(letter) = composed(last.letter, character) {
            last.letter = letter;
        } else {
            last.marks.push(character);
        }
    }
    letters
}

/// Returns the letter for a letter and a combining hamza or madda.
fn composed(letter: char, mark: char) -> Option<char> {
    match (letter, mark) {
        ('و', COMBINING_HAMZA_ABOVE) => Some(WAW_HAMZA),
        ('ي' | 'ى', COMBINING_HAMZA_ABOVE) => Some(YEH_HAMZA),
        (ALEF, COMBINING_HAMZA_ABOVE) => Some(ALEF_HAMZA_ABOVE),
        (ALEF, COMBINING_HAMZA_BELOW) => Some(ALEF_HAMZA_BELOW),
        (ALEF, COMBINING_MADDA) => Some(ALEF_MADDA),
        _ => None,
    }
}
