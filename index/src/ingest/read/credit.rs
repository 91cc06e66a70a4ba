//! Lines that say whose the text is: agencies, `المصدر: …`, `نقلا عن …`. What stands in a caption is not its business.

use super::super::furniture::ends_sentence;
use super::dateline::is_agencies;
use crate::analysis::chars::is_format;
use crate::analysis::fold::folded;

/// Names are not longer.
const MAX_NAME_WORDS: usize = 6;

/// Whether a line names the owner of the text and says nothing else.
pub fn is_credit(line: &str) -> bool {
    is_agencies(line) || names_source(line) || is_quoted_from(line)
}

/// `المصدر: وكالة النيل`.
fn names_source(line: &str) -> bool {
    let Some((label, name)) = line.split_once([':', '：']) else { return false };
    folded(bare(label)) == folded("المصدر") && is_name(name)
}

/// `*نقلا عن المرفأ`: with a star, or so short that it is no sentence.
fn is_quoted_from(line: &str) -> bool {
    let is_noted = line.starts_with('*');
    let mut words = bare(line).split_whitespace();
    let opens = [words.next(), words.next()].map(|word| word.map(folded));
    let name = words.collect::<Vec<_>>().join(" ");
    let is_short = name.split_whitespace().count() <= if is_noted { MAX_NAME_WORDS } else { 3 };
    opens == [Some(folded("نقلا")), Some(folded("عن"))] && is_name(&name) && is_short
}

fn is_name(name: &str) -> bool {
    let name = name.trim();
    (1..=MAX_NAME_WORDS).contains(&name.split_whitespace().count()) && !ends_sentence(name) && !name.contains('،')
}

fn bare(text: &str) -> &str {
    text.trim_matches(|c: char| c == '*' || c.is_whitespace() || is_format(c))
}
