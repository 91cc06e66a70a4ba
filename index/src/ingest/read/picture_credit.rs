//! Picture credits in a line: the owner of a picture (`مصدر الصورة: …`) and its photographer
//! (`تصوير: …`).

use super::byline::{MAX_NAME_CHARS, is_at_most, is_name, is_same_word};
use super::dateline;
use fihrist_arabic::{Span, words};

/// Words before the name of a picture's owner. The owner is also taken as the source of the page.
const CREDIT_WORDS: [&str; 2] = ["مصدر", "الصورة"];
/// Words before the name of a photographer.
const PHOTOGRAPHER_WORDS: [&str; 4] = ["تصوير", "عدسة", "كاميرا", "الصورة"];

/// Returns the byte offset of the credit in a caption, and the owner's name in it.
pub fn credit(line: &str) -> Option<(usize, &str)> {
    let mut previous: Option<Span> = None;
    let mut found: Option<Span> = None;
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
    (is_label && (is_name(name, 1) || dateline::is_agency(name))).then_some(start)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn credits_of_pictures() {
        assert_eq!(
            credit("صورة مصدر الصورة :الشرق الأوسط").map(|(_, name)| name),
            Some("الشرق الأوسط")
        );
        assert_eq!(
            credit("مَصدَر الصوره: رويترز").map(|(start, _)| start),
            Some(0)
        );
        assert_eq!(credit("وقال إن مصدر الصورة مجهول"), None);
        assert_eq!(credit("مصدر الصورة:"), None);
    }
}
