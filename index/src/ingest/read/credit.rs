//! Credits: lines that name the owner of the text (agencies, `المصدر: …`, `نقلا عن …`), the owner of
//! a picture (`مصدر الصورة: …`), its photographer (`تصوير: …`) or the authors (`كتب: …`).

use super::dateline::{is_agencies, is_agency};
use super::{Span, date, ends_sentence, folded, is_blank, is_format};
use fihrist_arabic::words;

/// The maximum number of characters in a name.
const MAX_NAME_CHARS: usize = 60;
/// Labels before the name of an author, which a mark must follow.
#[rustfmt::skip]
const BYLINE_LABELS: [&str; 7] = ["كتب", "كتبت", "إعداد", "الكاتب", "الكاتبة", "تقرير", "بواسطة"];
/// Labels before the name of an author that need no mark.
#[rustfmt::skip]
const CLEAR_BYLINE_LABELS: [&str; 6] = [
    "بقلم", "كتب بواسطة", "كتبت بواسطة", "نشر بواسطة", "نشرت بواسطة", "مرسلة بواسطة",
];
/// What separates a label, names and a date in a byline.
const SEPARATORS: [char; 7] = [':', '/', '|', '-', '–', '—', ' '];
/// The word before the date of a byline.
const BEFORE_DATE: &str = "في ";
/// The maximum number of words in an owner's name.
const MAX_NAME_WORDS: usize = 6;

const MAX_LABEL_BYTES: usize = 64;

// The folded words before an owner's name.
const SOURCE: &str = "المصدر";
const QUOTED_FROM: [&str; 2] = ["نقلا", "عن"];

/// Words before the name of a picture's owner. The owner is also taken as the source of the page.
const CREDIT_WORDS: [&str; 2] = ["مصدر", "الصورة"];
/// How some pages spell the first of these words, at the beginning of a line.
const SHORT_CREDIT_WORD: &str = "صدر";
/// Words before the name of a photographer.
const PHOTOGRAPHER_WORDS: [&str; 4] = ["تصوير", "عدسة", "كاميرا", "الصورة"];

/// Returns whether the line names the owner of the text and says nothing else.
pub fn is_credit(line: &str) -> bool {
    is_agencies(line) || names_source(line) || is_quoted_from(line) || names_picture_owner(line)
}

/// Returns whether the line has the shape of `صدر الصورة، وكالة النيل`.
fn names_picture_owner(line: &str) -> bool {
    // This check is cheap, and most lines fail it.
    line.starts_with(['م', 'ص'])
        && picture_credit(line).is_some_and(|(start, name)| start == 0 && is_name(name))
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
    text.trim_matches(|c: char| c == '*' || is_blank(c))
}

/// Returns the byte offset of the credit in a caption, and the owner's name in it.
pub fn picture_credit(line: &str) -> Option<(usize, &str)> {
    let (mut previous, mut found) = (None::<Span>, None::<Span>);
    for word in words(line) {
        let written = word.span.slice(line);
        if let Some(before) = previous
            && is_same_word(CREDIT_WORDS[1], written)
            && (is_same_word(CREDIT_WORDS[0], before.slice(line))
                || before.start == 0 && is_same_word(SHORT_CREDIT_WORD, before.slice(line)))
        {
            found.get_or_insert(Span::new(before.start, word.span.end));
        }
        previous = Some(word.span);
    }
    let found = found?;
    let after = line.get(found.end..)?.trim_start();
    let name = after.strip_prefix([':', '،'])?.trim();
    (!name.is_empty() && is_at_most(name, MAX_NAME_CHARS)).then_some((found.start, name))
}

/// Returns the byte offset of a photographer's credit, such as `تصوير: …`, at the end of a line.
pub fn photographer(line: &str) -> Option<usize> {
    let (before, name) = line.rsplit_once([':', '：'])?;
    let start = before
        .rfind(|c: char| c.is_whitespace() || "(|-–".contains(c))
        .map_or(0, |at| at + 1);
    let label = before.get(start..)?;
    let name = name.trim().trim_end_matches(')');
    let is_label = PHOTOGRAPHER_WORDS
        .iter()
        .any(|word| is_same_word(word, label));
    (is_label && (is_person(name, 1) || is_agency(name))).then_some(start)
}

/// Returns the authors that a line names: `كتب: …`, `بقلم …`. Returns `None` if the line has no
/// such label, or if anything but names follows it.
pub fn byline(line: &str) -> Option<Vec<String>> {
    let line = line.trim_matches(is_blank);
    let after = |labels: &[&str]| labels.iter().find_map(|label| after_label(line, label));
    let clear = after(&CLEAR_BYLINE_LABELS);
    let rest = clear.or_else(|| after(&BYLINE_LABELS))?.trim_start();
    let names = without_date(rest.trim_start_matches(SEPARATORS));
    let is_set_off = names.len() < rest.len();
    if !is_set_off && clear.is_none() {
        return None;
    }
    let parts = names.split(['،', ',', '/', '&']);
    let names: Vec<&str> = parts
        .flat_map(|part| part.split(" و ").map(str::trim))
        .collect();
    // A single word after a mark may be a heading, so a name then needs two words. After `بقلم`, a
    // pen name of one word is enough.
    let fewest_words = if clear.is_some() { 1 } else { 2 };
    let are_names = names.iter().all(|name| is_person(name, fewest_words));
    are_names.then(|| names.into_iter().map(str::to_owned).collect())
}

/// Returns the text after the label that a marked byline begins with, with or without a mark.
pub fn without_label(line: &str) -> &str {
    let mut labels = CLEAR_BYLINE_LABELS.iter().chain(&BYLINE_LABELS);
    let rest = labels.find_map(|label| after_label(line, label));
    rest.unwrap_or(line).trim_start_matches(SEPARATORS)
}

/// Returns the text after the words of `label`; `None` if the line does not begin with them.
fn after_label<'l>(line: &'l str, label: &str) -> Option<&'l str> {
    let mut rest = line;
    for wanted in label.split(' ') {
        rest = rest.trim_start();
        let end = rest.find(|c: char| !c.is_alphabetic())?;
        let (word, after) = rest.split_at(end);
        if !is_same_word(wanted, word) {
            return None;
        }
        rest = after;
    }
    Some(rest)
}

/// Returns the date at the end of a byline.
pub fn byline_date(line: &str) -> Option<&str> {
    byline(line)?;
    let date = line[date_start(line)?..].trim_start_matches(SEPARATORS);
    Some(date.strip_prefix(BEFORE_DATE).unwrap_or(date))
}

/// Removes a date from the end of a byline.
pub fn without_date(line: &str) -> &str {
    line[..date_start(line).unwrap_or(line.len())]
        .trim_end_matches(|c| SEPARATORS.contains(&c) || matches!(c, '،' | ','))
}

/// Returns the byte offset at which the date at the end of a line begins: `… في 12/02/2023`.
fn date_start(line: &str) -> Option<usize> {
    let is_date = |at: &usize| {
        let rest = line[*at..].trim_start_matches(SEPARATORS);
        date::is_day(rest.strip_prefix(BEFORE_DATE).unwrap_or(rest))
    };
    let mut spaces = line.match_indices(' ').map(|(at, _)| at);
    spaces.find(is_date)
}

/// Returns whether the text has the shape of a person's name with at least `fewest_words` words.
fn is_person(name: &str, fewest_words: usize) -> bool {
    let is_letter = |c: char| {
        c.is_alphabetic() || is_format(c) || folded(c.encode_utf8(&mut [0; 4])).is_empty()
    };
    let mut word_count = 0;
    let all_words = name.split_whitespace().all(|word| {
        word_count += 1;
        // An abbreviated title such as `د.` (Dr.) stands before many names.
        word.chars().all(is_letter) || (word.chars().count() == 2 && word.ends_with('.'))
    });
    all_words && (fewest_words..=6).contains(&word_count) && is_at_most(name, MAX_NAME_CHARS)
}

/// Returns whether the two words are equal after folding.
fn is_same_word(wanted: &str, written: &str) -> bool {
    folded(written) == folded(wanted)
}

/// Returns whether the text has at most `max_chars` characters.
pub fn is_at_most(line: &str, max_chars: usize) -> bool {
    line.len() <= max_chars || line.chars().count() <= max_chars
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn credits_of_pictures() {
        assert_eq!(
            picture_credit("صورة مصدر الصورة :الشرق الأوسط").map(|(_, name)| name),
            Some("الشرق الأوسط")
        );
        assert_eq!(
            picture_credit("مَصدَر الصوره: رويترز").map(|(start, _)| start),
            Some(0)
        );
        assert_eq!(picture_credit("وقال إن مصدر الصورة مجهول"), None);
        assert_eq!(picture_credit("مصدر الصورة:"), None);
    }

    #[test]
    fn names_of_authors() {
        let authors = |line: &str| byline(line).unwrap_or_default().join("|");
        assert_eq!(authors("كتب: محمد علي، سعاد أحمد"), "محمد علي|سعاد أحمد");
        assert_eq!(authors("بقلم د. سلمى الأشموني"), "د. سلمى الأشموني");
        assert_eq!(authors("بقلم/ أدونيس"), "أدونيس");
        for sentence in [
            "كتب: «لا أحد يعرف»",
            "كتب: شكرا",
            "كتب محمد رسالة",
            "كتب: وصلت متأخرا ثم عدت إلى البيت مع أخي الصغير",
            "بقلم",
        ] {
            assert_eq!(authors(sentence), "", "{sentence}");
        }
    }
}
