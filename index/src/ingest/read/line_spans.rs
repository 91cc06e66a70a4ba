//! The lines of a text, as spans. It does not look at what they say.

use fihrist_arabic::Span;
use fihrist_arabic::chars::is_format;

/// The lines that are not blank, without surrounding white space. A line of invisible characters is blank.
pub fn line_spans(text: &str) -> Vec<Span> {
    let mut spans = Vec::new();
    let mut start = 0;
    while start < text.len() {
        let line = &text[start..line_end(text, start)];
        let trimmed = line.trim();
        if trimmed
            .chars()
            .any(|c| !c.is_whitespace() && !c.is_control() && !is_format(c))
        {
            let leading = line.len() - line.trim_start().len();
            spans.push(Span::new(start + leading, start + leading + trimmed.len()));
        }
        start += line.len();
    }
    spans
}

/// Where the line that begins at `start` ends, with its end.
fn line_end(text: &str, start: usize) -> usize {
    let rest = &text.as_bytes()[start..];
    let mut at = 0;
    // Only these bytes begin an end of a line: most of a text is passed over without a look at its characters.
    while let Some(next) = rest[at..]
        .iter()
        .position(|byte| matches!(byte, b'\n'..=b'\r' | 0xC2 | 0xE2))
    {
        at += next;
        let size = match &rest[at..] {
            [b'\n'..=b'\r', ..] => 1,
            [0xC2, 0x85, ..] => 2,
            [0xE2, 0x80, 0xA8 | 0xA9, ..] => 3,
            _ => 0,
        };
        at += size.max(1);
        if size > 0 {
            return start + at;
        }
    }
    text.len()
}
