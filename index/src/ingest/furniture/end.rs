//! Furniture below the article, for which the words of one line do not suffice: a comment form, tags,
//! and the links to the next and the previous article. Their place, their length and the lines
//! after them must agree.

use std::ops::Range;

use super::phrases::Role::{
    self, Companion, FormField, FormHead, Furniture, Neighbour, Pager, TagHead, Text,
};
use super::{ends_sentence, folded, is_headline, is_label_only};
use fihrist_arabic::first_word;

/// The minimum length of a line that is a paragraph although it does not end like a sentence.
const MIN_PARAGRAPH_BYTES: usize = 160;
/// The number of lines between the heading of a comment form and its fields.
const MAX_LINES_TO_FIELDS: usize = 6;
/// The number of lines from one link of a pager to the other one.
const MAX_PAGER_LINES: usize = 4;
/// The folded heading of visitors' comments.
const COMMENTS: &str = "التعليقات";
const MAX_TAG_WORDS: usize = 5;
const MAX_TAGS: usize = 20;

/// Returns the index of the line at which a comment form begins that ends the article; `None` if
/// there is none. The form and the visitors' comments below it are no text of the article.
///
/// A link to the comments looks like the heading of a form, but paragraphs follow it. So the
/// article must come first, and what follows must be short beside it. It may be longer if the form
/// shows its fields or a heading.
pub fn comment_form<'t>(roles: &[Role], line: impl Fn(usize) -> &'t str) -> Option<usize> {
    let is_head = |index: usize| matches!(roles[index], FormHead | FormField);
    let mut lines = 0..roles.len();
    lines.clone().find(|index| is_head(*index))?;
    let paragraph = lines.find(|index| is_paragraph(roles, *index, &line))?;
    let text_bytes = |index: usize| match roles[index] {
        Text => line(index).len(),
        _ => 0,
    };
    let total: usize = (0..roles.len()).map(text_bytes).sum();
    let has_fields = |head: usize| {
        let mut next = (head..roles.len()).take(MAX_LINES_TO_FIELDS);
        let end =
            next.find(|index| roles[*index] == FormField || is_paragraph(roles, *index, &line));
        end.is_some_and(|index| roles[index] == FormField)
    };
    let has_heading = |head: usize| {
        let mut beside = [head.checked_sub(1), Some(head + 1)].into_iter().flatten();
        beside.any(|index| roles.get(index) == Some(&Companion) && is_heading(line(index)))
    };
    let mut before: usize = (0..=paragraph).map(text_bytes).sum();
    lines.find(|index| {
        if !is_head(*index) {
            before += text_bytes(*index);
            return false;
        }
        let most_after = match (has_fields(*index), has_heading(*index)) {
            (true, _) => 4 * before,
            (false, true) => before + before / 4,
            (false, false) => before / 3,
        };
        total - before <= most_after
    })
}

/// Returns whether the line is `التعليقات`, with or without their number.
fn is_heading(line: &str) -> bool {
    first_word(line).is_some_and(|first| folded(first.span.slice(line)) == COMMENTS)
}

fn is_paragraph<'t>(roles: &[Role], index: usize, line: impl Fn(usize) -> &'t str) -> bool {
    let is_long = |line: &str| line.len() >= MIN_PARAGRAPH_BYTES || ends_sentence(line);
    roles[index] == Text && is_long(line(index))
}

/// Marks the headlines of the next and the previous article. They stand between two labels, or
/// below one at the end of the page.
pub fn spread_over_neighbours<'t>(roles: &mut [Role], line: impl Fn(usize) -> &'t str) {
    let is_label = |role: Role| matches!(role, Neighbour | Pager);
    let labels: Vec<usize> = (0..roles.len()).filter(|i| is_label(roles[*i])).collect();
    let are_headlines = |roles: &[Role], mut lines: Range<usize>| {
        lines.all(|i| roles[i] != Text || is_headline(line(i)))
    };
    for pair in labels.windows(2) {
        if pair[1] - pair[0] <= MAX_PAGER_LINES && are_headlines(roles, pair[0]..pair[1]) {
            roles[pair[0]..=pair[1]].fill(Furniture);
        }
    }
    let Some(last) = labels.last().copied() else {
        return;
    };
    let is_at_end = !(last..roles.len()).any(|index| is_paragraph(roles, index, &line));
    let is_pager = matches!(roles[last], Neighbour | Furniture);
    // Between two labels stand one headline below each, or both headlines.
    let has_one = labels.len() < 2 || labels[labels.len() - 2] + 2 == last;
    if is_at_end && is_pager && has_one && roles.get(last + 1) == Some(&Text) {
        roles[last + 1] = Furniture;
    }
}

/// Marks the tags below their label: lines of a few words. If a paragraph follows them, the last one
/// may be its subhead.
pub fn spread_over_tags<'t>(roles: &mut [Role], line: impl Fn(usize) -> &'t str) {
    let is_tag = |index: usize| {
        line(index).split_whitespace().count() <= MAX_TAG_WORDS && is_headline(line(index))
    };
    for head in 0..roles.len() {
        if roles[head] != TagHead || !is_label_only(line(head)) {
            continue;
        }
        let next = (head + 1..roles.len()).take(MAX_TAGS);
        let tags = next
            .take_while(|index| roles[*index] == Text && is_tag(*index))
            .count();
        let end = head + 1 + tags;
        let is_before_text = roles.get(end) == Some(&Text);
        let marked = head + 1..end - usize::from(is_before_text && tags > 0);
        roles[marked].fill(Furniture);
    }
}
