//! Splits the text of a segment at its matches. Matches are numbered, so that links can lead to
//! them. It produces no HTML.

use fihrist_index::Span;

/// A piece of a segment.
pub struct Piece<'a> {
    pub text: &'a str,
    /// The number of the match, from 1, if the piece starts one.
    pub mark: Option<usize>,
    /// Whether the piece is part of a match. A match that crosses the end of a segment continues in
    /// the next segment without a number.
    pub is_match: bool,
}

/// Splits `segment` of `text` at `marks`, which are in order and do not overlap.
pub fn pieces<'a>(text: &'a str, segment: Span, marks: &[Span]) -> Vec<Piece<'a>> {
    let mut pieces = Vec::new();
    let mut push = |start: usize, end: usize, mark: Option<usize>, is_match: bool| {
        let text = Span::new(start, end).slice(text);
        if !text.is_empty() {
            pieces.push(Piece {
                text,
                mark,
                is_match,
            });
        }
    };
    let mut at = segment.start;
    for (i, mark) in marks
        .iter()
        .enumerate()
        .filter(|(_, mark)| mark.overlaps(segment))
    {
        let start = mark.start.max(segment.start);
        let end = mark.end.min(segment.end);
        push(at, start, None, false);
        push(
            start,
            end,
            (mark.start >= segment.start).then_some(i + 1),
            true,
        );
        at = end;
    }
    push(at, segment.end, None, false);
    pieces
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pieces_join_to_the_segment_and_number_each_mark_once() {
        let check = |segment: Span, expected: &[(&str, Option<usize>, bool)]| {
            let text = "one two three four";
            let marks = [Span::new(0, 3), Span::new(4, 13)];
            let found = pieces(text, segment, &marks);
            let joined: String = found.iter().map(|piece| piece.text).collect();
            assert_eq!(joined, segment.slice(text));
            let found: Vec<_> = found
                .iter()
                .map(|piece| (piece.text, piece.mark, piece.is_match))
                .collect();
            assert_eq!(found, expected);
        };
        check(
            Span::new(0, 7),
            &[
                ("one", Some(1), true),
                (" ", None, false),
                ("two", Some(2), true),
            ],
        );
        check(
            Span::new(8, 18),
            &[("three", None, true), (" four", None, false)],
        );
        check(Span::new(14, 18), &[("four", None, false)]);
        check(Span::new(0, 0), &[]);
    }
}
