//! Bylines: the names of authors in a line such as `كتب: محمد علي`.

use fihrist_arabic::chars::is_format;
use fihrist_arabic::fold::folded;

/// The maximum number of characters in a name.
pub const MAX_NAME_CHARS: usize = 60;
/// Words before the name of an author.
const BYLINE_WORDS: [&str; 7] = ["كتب", "كتبت", "بقلم", "إعداد", "الكاتب", "الكاتبة", "تقرير"];

/// Returns the authors that a line names: `كتب: …`, `بقلم …`. Returns `None` if the line has no
/// such label, or if anything but names follows it.
pub fn byline(line: &str) -> Option<Vec<String>> {
    let line = line.trim_matches(|c: char| c.is_whitespace() || is_format(c));
    let end = line.find(|c: char| !c.is_alphabetic())?;
    let (label, rest) = line.split_at(end);
    let rest = rest.trim_start();
    let names = rest.trim_start_matches([':', '/', '|', '-', '–', '—', ' ']);
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
    let are_names = names.iter().all(|name| is_name(name, fewest_words));
    are_names.then(|| names.into_iter().map(str::to_owned).collect())
}

pub fn is_name(name: &str, fewest_words: usize) -> bool {
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
pub fn is_same_word(wanted: &str, written: &str) -> bool {
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
