//! Detects lines that name the owner of the text: agencies, `المصدر: …`, `نقلا عن …`. Picture
//! credits are detected by `picture_credit`.

use super::dateline::is_agencies;
use crate::ingest::furniture::ends_sentence;
use fihrist_arabic::chars::is_format;
use fihrist_arabic::fold::folded;

/// The maximum number of words in an owner's name.
const MAX_NAME_WORDS: usize = 6;

const MAX_LABEL_BYTES: usize = 64;

// The folded words before an owner's name.
const SOURCE: &str = "المصدر";
const QUOTED_FROM: [&str; 2] = ["نقلا", "عن"];

/// Returns whether the line names the owner of the text and says nothing else.
pub fn is_credit(line: &str) -> bool {
    is_agencies(line) || names_source(line) || is_quoted_from(line)
}

/// Returns whether the line has the shape of `المصدر: وكالة النيل`.
fn names_source(line: &str) -> bool {
    // The label is shorter than this, even with a vowel mark on every letter.
    let head = &line[..line.floor_char_boundary(MAX_LABEL_BYTES)];
    // Two searches for one character are several times as fast as a search for both, and most lines
    // have neither.
    let colons = [head.find(':'), head.find('：')];
    let Some(end) = colons.into_iter().flatten().min() else {
        return false;
    };
    let label = &head[..end];
    let name = line[end..].trim_start_matches([':', '：']);
    folded(bare(label)) == SOURCE && is_name(name)
}

/// Returns whether the line has the shape of `*نقلا عن المرفأ`: it begins with a star, or is too
/// short for a sentence.
fn is_quoted_from(line: &str) -> bool {
    let line_bare = bare(line);
    // This check is cheap: most lines begin with another letter, which folding does not change.
    if line_bare.starts_with(|first| {
        matches!(first, 'ء'..='غ' | 'ف'..='ي') && !QUOTED_FROM[0].starts_with(first)
    }) {
        return false;
    }
    let mut words = line_bare.split_whitespace();
    for opening in QUOTED_FROM {
        if words.next().map(folded).as_deref() != Some(opening) {
            return false;
        }
    }
    let name = words.collect::<Vec<_>>().join(" ");
    let max_words = if line.starts_with('*') {
        MAX_NAME_WORDS
    } else {
        3
    };
    is_name(&name) && name.split_whitespace().count() <= max_words
}

fn is_name(name: &str) -> bool {
    let name = name.trim();
    (1..=MAX_NAME_WORDS).contains(&name.split_whitespace().count())
        && !ends_sentence(name)
        && !name.contains('،')
}

fn bare(text: &str) -> &str {
    text.trim_matches(|c: char| c == '*' || c.is_whitespace() || is_format(c))
}
