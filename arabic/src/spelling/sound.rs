//! The sounds of Latin letters, and the cost of writing each with an Arabic letter. It compares two
//! spellings; `latin` ranks the words.
//!
//! The costs were set by hand: up to 5 for usual spellings, about 10 for possible ones, from 20 for
//! another word.

use std::sync::LazyLock;

/// A Latin letter, or several letters of one sound.
#[derive(Debug, PartialEq, Eq)]
pub struct Sound {
    /// The Arabic letters that write the sound, the likeliest first.
    pub likely: &'static str,
    /// The Arabic letters that sometimes write the sound.
    pub possible: &'static str,
    /// The cost if the Arabic word does not write the sound.
    pub skip: u32,
}

/// The highest cost of skipping a sound that may be silent.
pub const MAX_SILENT: u32 = 8;

/// The cost of omitting an audible sound, or of an Arabic letter that stands for no sound.
const NEVER: u32 = 25;

/// Latin spellings, longer ones first; then digits that stand for Arabic letters in chats, and
/// vowels. Each line has a spelling, its likely Arabic letters and its possible ones.
const SPELLINGS: &str = "
    tch ش
    sch ش س
    sh ش س
    ch ش كخقج
    kh خ ك
    gh غ قجك
    th ثذت طسدظز
    dh ذضظ د
    ph ف
    zh ج زش
    ck ك ق
    b ب
    c ك سقش
    d دض ذظ
    f ف
    g غج قك
    h هح خ
    j ج خيغش
    k كق خ
    l ل
    m م
    n ن
    p ب ف
    q ق كغ
    r ر
    s سص زشث
    t تط دث
    v ف بو
    w و ف
    x ك قسخز
    y ي ا
    z ز ذظسصض
    2 ء اق
    3 ع
    5 خ
    6 ط
    7 ح
    8 غ ق
    9 صق
    a ا عيء
    e يا عئو
    i ي اعئ
    o و اعؤ
    u و اعيؤ
";

/// The columns of [`SPELLINGS`]. A missing column is empty.
static COLUMNS: LazyLock<Vec<[&str; 3]>> = LazyLock::new(|| {
    let columns = |line: &'static str| {
        let mut words = line.split_whitespace();
        [(); 3].map(|()| words.next().unwrap_or_default())
    };
    SPELLINGS.trim().lines().map(columns).collect()
});

/// Returns the sounds of a folded word of Latin letters. Returns `None` if it contains any other
/// character.
pub fn sounds(latin: &str) -> Option<Vec<Sound>> {
    let mut sounds: Vec<Sound> = Vec::with_capacity(latin.len());
    let mut rest = latin;
    while let Some(letter) = rest.chars().next() {
        let is_first = sounds.is_empty();
        let spelled = COLUMNS.iter().find(|[latin, ..]| rest.starts_with(latin));
        let Some([spelling, likely, possible]) = spelled else {
            // An apostrophe stands for a hamza, an ayin or nothing, so it is skipped.
            if !matches!(letter, '\'' | '’' | '‘' | '`' | '-' | 'ʿ' | 'ʾ') {
                return None;
            }
            rest = &rest[letter.len_utf8()..];
            continue;
        };
        let before = latin[..latin.len() - rest.len()].chars().next_back();
        rest = &rest[spelling.len()..];
        let next = rest.chars().next();
        let (likely, possible) = match (*spelling, next) {
            // Arabic writes a vowel at the beginning of a word with a letter.
            ("a" | "e" | "i" | "o" | "u", _) if is_first => ("اع", "يوه"),
            ("c", Some('e' | 'i' | 'y')) => ("س", "شكت"),
            ("g", Some('e' | 'i' | 'y')) => ("جغ", *possible),
            // Two Latin letters may write one vowel, as in English or French: Haneen, Moussa.
            ("e", Some('e')) => ("ي", "ا"),
            ("o", Some('o' | 'u')) => ("و", "ا"),
            _ => (*likely, *possible),
        };
        // As a rule, Arabic writes a doubled letter once.
        let is_doubled = !is_first
            && spelling.len() == 1
            && before.is_some_and(|before| spelling.starts_with(before));
        let skip = if is_doubled {
            0
        } else {
            skip_cost(spelling, is_first, before, next)
        };
        sounds.push(Sound {
            likely,
            possible,
            skip,
        });
        if *spelling == "x" {
            sounds.push(Sound {
                likely: "س",
                possible: "ز",
                skip: MAX_SILENT,
            });
        }
    }
    Some(sounds)
}

/// Returns the cost of omitting a sound. It is low for short vowels, which Arabic does not write,
/// and for consonants that English does not pronounce.
fn skip_cost(spelling: &str, is_first: bool, before: Option<char>, next: Option<char>) -> u32 {
    let is_vowel = |letter: Option<char>| letter.is_some_and(|letter| "aeiouy".contains(letter));
    match spelling {
        "a" | "e" | "i" | "o" | "u" if is_first => 15,
        "e" if next.is_none() => 1,
        "a" | "e" | "i" | "o" | "u" if is_vowel(before) || is_vowel(next) => 2,
        "o" | "u" if next == Some('w') => 1,
        "a" | "i" | "o" | "u" if next.is_none() => 7,
        "a" | "e" => 2,
        "i" | "o" | "u" => 3,
        "y" | "w" if !is_first => 5,
        "h" if !is_vowel(next) => 3,
        "h" if !is_first => 7,
        "g" if before == Some('n') => 5,
        "3" => 4,
        _ => NEVER,
    }
}

/// Returns the cost of the cheapest alignment of an Arabic word with these sounds.
pub fn cost(sounds: &[Sound], word: &[char]) -> u32 {
    let mut last: Vec<u32> = vec![0];
    for index in 0..word.len() {
        last.push(last[index] + extra_cost(word, index));
    }
    for (i, sound) in sounds.iter().enumerate() {
        let mut row = Vec::with_capacity(last.len());
        row.push(last[0] + sound.skip);
        for index in 0..word.len() {
            let is_last = index + 1 == word.len() && i + 1 == sounds.len();
            let written = last[index] + letter_cost(sound, word[index], is_last);
            let skipped = last[index + 1] + sound.skip;
            let extra = row[index] + extra_cost(word, index);
            row.push(written.min(skipped).min(extra));
        }
        last = row;
    }
    last[word.len()]
}

/// Returns the cost of writing `sound` with the Arabic letter `letter`.
pub fn letter_cost(sound: &Sound, letter: char, is_last: bool) -> u32 {
    let index = |letters: &str| {
        let at = letters.chars().position(|other| other == letter)?;
        u32::try_from(at).ok()
    };
    match (index(sound.likely), index(sound.possible)) {
        // ه may write a final "a". So may ى, which is folded to ي.
        (None, _) if is_last && letter == 'ه' && sound.likely.contains('ا') => 1,
        (None, _) if is_last && letter == 'ي' && sound.likely == "ا" => 4,
        (Some(at), _) => at,
        (None, Some(at)) if sound.likely.starts_with(['ا', 'و', 'ي']) => 5 + 2 * at,
        (None, Some(at)) => 9 + 2 * at,
        (None, None) => 2 * NEVER,
    }
}

/// Returns the cost of an Arabic letter that stands for no sound.
fn extra_cost(word: &[char], index: usize) -> u32 {
    let next = word.get(index + 1);
    match word[index] {
        'ا' if index == 0 && matches!(next, Some('و' | 'ي')) => 1,
        'ا' if index == 0 => 6,
        'ا' | 'و' | 'ي' => 7,
        'ه' if next.is_none() => 5,
        'ء' | 'ئ' | 'ؤ' | 'ع' => 4,
        'ت' if next == Some(&'ش') => 1,
        letter if index > 0 && word[index - 1] == letter => 8,
        _ => NEVER,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The first word is nearer to the Latin one than the second.
    #[track_caller]
    fn check_nearer(latin: &str, nearer: &str, farther: &str) {
        let cost = |word: &str| {
            cost(
                &sounds(latin).expect("Latin letters"),
                &word.chars().collect::<Vec<_>>(),
            )
        };
        assert!(
            cost(nearer) < cost(farther),
            "{latin}: {} {}",
            cost(nearer),
            cost(farther)
        );
    }

    #[test]
    fn spellings_near_the_sound_cost_less() {
        check_nearer("haftar", "حفتر", "حافظ");
        check_nearer("omar", "عمر", "مر");
        check_nearer("obama", "اوباما", "بامه");
        check_nearer("george", "جورج", "جرج");
        check_nearer("chad", "تشاد", "شدد");
        check_nearer("google", "غوغل", "كلكل");
        check_nearer("3abbas", "عباس", "باس");
    }

    #[test]
    fn other_scripts_have_no_sound() {
        assert_eq!(sounds("حفتر"), None);
        assert_eq!(sounds("москва"), None);
        assert_eq!(sounds("").map(|sounds| sounds.len()), Some(0));
    }
}
