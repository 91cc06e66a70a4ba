//! Credits: lines that name the owner of the text (agencies, `المصدر: …`, `نقلا عن …`), the owner of
//! a picture (`مصدر الصورة: …`), its photographer (`تصوير: …`) or the authors (`كتب: …`).

use super::dateline::{is_agencies, is_agency};
use super::{Span, date, ends_sentence, folded, is_blank, is_format};
use fihrist_arabic::words;

/// The maximum number of characters in a name.
const MAX_NAME_CHARS: usize = 60;
/// Words before the name of an author.
const BYLINE_WORDS: [&str; 7] = ["كتب", "كتبت", "بقلم", "إعداد", "الكاتب", "الكاتبة", "تقرير"];
/// What separates a label, names and a date in a byline.
const SEPARATORS: [char; 7] = [':', '/', '|', '-', '–', '—', ' '];
/// The maximum number of words in an owner's name.
const MAX_NAME_WORDS: usize = 6;

const MAX_LABEL_BYTES: usize = 64;

// The folded words before an owner's name.
const SOURCE: &str = "المصدر";
const QUOTED_FROM: [&str; 2] = ["نقلا", "عن"];

/// Words before the name of a picture's owner. The owner is also taken as the source of the page.
const CREDIT_WORDS: [&str; 2] = ["مصدر", "الصورة"];
/// Words before the name of a photographer.
const PHOTOGRAPHER_WORDS: [&str; 4] = ["تصوير", "عدسة", "كاميرا", "الصورة"];

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
    text.trim_matches(|c: char| c == '*' || is_blank(c))
}

/// Returns the byte offset of the credit in a caption, and the owner's name in it.
pub fn picture_credit(line: &str) -> Option<(usize, &str)> {
    let (mut previous, mut found) = (None::<Span>, None::<Span>);
    for word in words(line) {
        let written = word.span.slice(line);
        if let Some(before) = previous
            && is_same_word(CREDIT_WORDS[1], written)
            && is_same_word(CREDIT_WORDS[0], before.slice(line))
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
    let end = line.find(|c: char| !c.is_alphabetic())?;
    let (label, rest) = line.split_at(end);
    let rest = rest.trim_start();
    let names = without_date(rest.trim_start_matches(SEPARATORS));
    let is_set_off = names.len() < rest.len();
    let needs_no_mark = is_same_word("بقلم", label);
    if !BYLINE_WORDS.iter().any(|word| is_same_word(word, label)) || !(is_set_off || needs_no_mark)
    {
        return None;
    }
    let parts = names.split(['،', ',', '/', '&']);
    let names: Vec<&str> = parts
        .flat_map(|part| part.split(" و ").map(str::trim))
        .collect();
    // A single word after a mark may be a heading, so a name then needs two words. After `بقلم`, a
    // pen name of one word is enough.
    let fewest_words = if needs_no_mark { 1 } else { 2 };
    let are_names = names.iter().all(|name| is_person(name, fewest_words));
    are_names.then(|| names.into_iter().map(str::to_owned).collect())
}

/// Removes a date from the end of a byline.
pub fn without_date(line: &str) -> &str {
    let spaces = line.match_indices(' ');
    let is_date = |at: &usize| date::is_day(line[*at..].trim_start_matches(SEPARATORS));
    let end = spaces.map(|(at, _)| at).find(is_date);
    line[..end.unwrap_or(line.len())]
        .trim_end_matches(|c| SEPARATORS.contains(&c) || matches!(c, '،' | ','))
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
