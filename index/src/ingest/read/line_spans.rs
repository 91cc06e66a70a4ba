//! The lines of a text, as spans, and the two parts of a line as segments.

use super::{Segment, SegmentKind, Span, is_blank};

/// Returns the lines that are not blank, without surrounding white space. A line of invisible
/// characters is blank.
pub fn line_spans(text: &str) -> Vec<Span> {
    let mut spans = Vec::new();
    let mut start = 0;
    while start < text.len() {
        let line = &text[start..line_end(text, start)];
        let trimmed = line.trim();
        if trimmed.chars().any(|c| !is_blank(c) && !c.is_control()) {
            let leading = line.len() - line.trim_start().len();
            spans.push(Span::new(start + leading, start + leading + trimmed.len()));
        }
        start += line.len();
    }
    spans
}

/// Returns the byte offset at which the line that begins at `start` ends, including its line break.
fn line_end(text: &str, start: usize) -> usize {
    let rest = &text.as_bytes()[start..];
    let mut at = 0;
    // Only these bytes can begin a line break, so most bytes are skipped without decoding.
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

/// Returns the two segments of a line that is split at the byte offset `at`, without the white space
/// between them. An empty segment is left out.
pub fn split(
    line: Span,
    at: usize,
    kinds: [SegmentKind; 2],
    text: &str,
) -> impl Iterator<Item = Segment> {
    let (head, rest) = line.slice(text).split_at(at);
    let spans = [
        Span::new(line.start, line.start + head.trim_end().len()),
        Span::new(line.end - rest.trim_start().len(), line.end),
    ];
    let segments = kinds
        .into_iter()
        .zip(spans)
        .map(|(kind, span)| Segment { kind, span });
    segments.filter(|segment| segment.span.start < segment.span.end)
}
