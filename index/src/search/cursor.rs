//! Cursors: positions at which a search continues. A cursor names the snapshot and the last hit
//! that was shown. It is valid only for the search that returned it.
//!
//! For example, a first page has ten hits. Its cursor holds the snapshot's version, the sort key of
//! the tenth hit, and the number 10. If the snapshot is still open, the next page is cut at offset
//! 10 of the same ranking. If it is gone, the next page starts after the sort key in the current
//! snapshot.

use super::SearchRequest;
use crate::backend::{SortKey, hash_of};

/// The position at which a search continues.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Cursor {
    /// The version of the snapshot in which the hits were ranked.
    pub(super) version: u64,
    /// The sort key of the last hit that was shown.
    pub(super) sort_key: SortKey,
    /// The number of hits shown so far.
    pub(super) shown: u32,
}

/// The text of a cursor has this many numbers, each of 16 hexadecimal digits.
const NUMBERS: usize = 5;
const DIGITS: usize = 16;

impl Cursor {
    /// Returns a cursor after the tenth hit of a search.
    #[cfg(any(test, feature = "fuzzing"))]
    pub(crate) fn any() -> Self {
        Self {
            version: 1,
            sort_key: SortKey {
                key: 2.5,
                content_hash: 3,
            },
            shown: 10,
        }
    }

    /// Parses a cursor. Returns `None` unless the text is a cursor that this search returned.
    pub fn parse(text: &str, request: &SearchRequest) -> Option<Self> {
        let is_whole =
            text.len() == NUMBERS * DIGITS && text.bytes().all(|byte| byte.is_ascii_hexdigit());
        let number =
            |at: usize| u64::from_str_radix(text.get(at * DIGITS..(at + 1) * DIGITS)?, 16).ok();
        let cursor = Self {
            version: number(0).filter(|_| is_whole)?,
            sort_key: SortKey {
                key: f64::from_bits(number(1)?),
                content_hash: number(2)?,
            },
            shown: u32::try_from(number(3)?).ok()?,
        };
        (number(4)? == cursor.seal(request)).then_some(cursor)
    }

    /// Returns the text that stands for the cursor in answers and requests of this search.
    pub fn to_text(self, request: &SearchRequest) -> String {
        let SortKey { key, content_hash } = self.sort_key;
        format!(
            "{:016x}{:016x}{content_hash:016x}{:016x}{:016x}",
            self.version,
            key.to_bits(),
            self.shown,
            self.seal(request)
        )
    }

    /// Returns a hash of the cursor's numbers and the search. It detects mistakes, but a client can
    /// forge it.
    fn seal(self, request: &SearchRequest) -> u64 {
        let SortKey { key, content_hash } = self.sort_key;
        let (key, search) = (key.to_bits(), request.fingerprint());
        hash_of((self.version, key, content_hash, self.shown, search))
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::backend::Order;

    fn cursor(version: u64, key: f64, content_hash: u64, shown: u32) -> Cursor {
        Cursor {
            version,
            sort_key: SortKey { key, content_hash },
            shown,
        }
    }

    #[test]
    fn a_cursor_is_for_its_search() {
        let request = SearchRequest::new("سلام");
        let text = cursor(1, 2.5, 3, 10).to_text(&request);
        assert_eq!(
            Cursor::parse(
                &text,
                &SearchRequest {
                    limit: 3,
                    ..request.clone()
                }
            ),
            Some(cursor(1, 2.5, 3, 10))
        );
        let others = [
            SearchRequest::new("حرب"),
            SearchRequest {
                order: Order::Newest,
                ..request.clone()
            },
            SearchRequest {
                collapses: true,
                ..request.clone()
            },
        ];
        for other in &others {
            assert_eq!(Cursor::parse(&text, other), None);
        }
    }

    proptest! {
        #[test]
        fn cursors_round_trip(version: u64, key: f64, content_hash: u64, shown: u32) {
            let request = SearchRequest::new("سلام");
            let cursor = cursor(version, key, content_hash, shown);
            let read = Cursor::parse(&cursor.to_text(&request), &request).map(|read| read.to_text(&request));
            prop_assert_eq!(read, Some(cursor.to_text(&request)));
        }

        #[test]
        fn any_other_text_is_none(text in "[0-9a-f]{80}|\\PC{0,90}") {
            prop_assert_eq!(Cursor::parse(&text, &SearchRequest::new("سلام")), None);
        }

        #[test]
        fn a_changed_cursor_is_none(at in 0..80usize, digit in "[0-9a-f]") {
            let request = SearchRequest::new("سلام");
            let text = cursor(1, 2.5, 3, 10).to_text(&request);
            let mut changed = text.clone();
            changed.replace_range(at..=at, &digit);
            prop_assume!(changed != text);
            prop_assert_eq!(Cursor::parse(&changed, &request), None);
        }
    }
}
