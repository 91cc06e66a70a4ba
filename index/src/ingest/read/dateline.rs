//! Datelines, which are a place and an agency before the text: `القاهرة (رويترز) - قال …`, `لندن:
//! «المرفأ»`. It knows the names of agencies; any short words can be a place.

use std::sync::LazyLock;

use rustc_hash::FxHashSet;

use super::{SegmentKind, folded, furniture, is_blank};
use fihrist_arabic::{TokenKind, first_word};

use PartKind::{Bracketed, Plain, Quoted};

/// The maximum length of a dateline.
const MAX_DATELINE_CHARS: usize = 70;
/// The maximum number of words in one or two place names.
const MAX_PLACE_WORDS: usize = 4;
/// The maximum number of words in a newspaper's name.
const MAX_OUTLET_WORDS: usize = 4;

#[rustfmt::skip]
const AGENCIES: &[&str] = &[
    "رويترز", "أ ف ب", "أ.ف.ب", "أف ب", "اف ب", "فرانس برس", "وكالة فرانس برس", "أ ب", "أ.ب", "أسوشيتد برس", "اسوشيتد برس", "د ب أ",
    "د.ب.أ", "أ ش أ", "أ.ش.أ", "سانا", "واس", "وام", "قنا", "بنا", "بترا", "كونا", "وات", "واج", "وأج", "وفا", "معا", "الأناضول", "وكالة الأناضول",
    "شينخوا", "سبوتنيك", "تاس", "إفي", "آكي", "وكالات", "الوكالات", "وكالات الأنباء", "مواقع", "متابعات", "reuters", "afp", "ap", "dpa", "efe", "anadolu", "cnn", "سي إن إن",
];

static AGENCY_WORDS: LazyLock<Vec<Vec<String>>> =
    LazyLock::new(|| AGENCIES.iter().map(|agency| folded_words(agency)).collect());

/// The first words of the names of agencies.
static AGENCY_OPENINGS: LazyLock<FxHashSet<String>> = LazyLock::new(|| {
    let openings = AGENCY_WORDS.iter().filter_map(|agency| agency.first());
    openings.cloned().collect()
});

/// Returns the byte offset at which the text after the dateline begins, or the line's length if
/// nothing follows. Returns `None` if the line has no dateline.
pub fn end(line: &str) -> Option<usize> {
    let limit = line
        .char_indices()
        .nth(MAX_DATELINE_CHARS)
        .map_or(line.len(), |(at, _)| at);
    let mut parts = parts(line.get(..limit)?);
    let place = parts.next()?;
    let mut agency = parts.next()?;
    // `القاهرة، مصر (رويترز)`
    if agency.kind == Plain && place.is_set_off && is_place(agency.text) && !is_agency(agency.text)
    {
        agency = parts.next().filter(|part| part.kind == Bracketed)?;
    }
    if place.kind != Plain || !is_place(place.text) {
        return None;
    }
    let is_agency = is_agency(agency.text);
    let is_at_end = limit == line.len() && parts.next().is_none();
    let fits = match agency.kind {
        // `القاهرة (رويترز) - قال`
        Bracketed => is_agency && (agency.is_set_off || is_at_end),
        // `لندن: «المرفأ»` must be alone on its line, unless an agency is quoted: a sentence may
        // also begin like this.
        Quoted => {
            place.is_set_off
                && is_outlet(agency.text)
                && (is_at_end || is_agency && agency.is_set_off)
        }
        // `عمان - بترا - قال`
        Plain => place.is_set_off && is_agency && (agency.is_set_off || is_at_end),
    };
    fits.then_some(if is_at_end { line.len() } else { agency.end })
}

/// The kinds of a dateline and of the text after it.
pub const KINDS: [SegmentKind; 2] = [SegmentKind::Dateline, SegmentKind::Body];

/// Returns whether the line names agencies and says nothing else.
pub fn is_agencies(line: &str) -> bool {
    let is_around =
        |c: char| matches!(c, '(' | ')' | '[' | ']' | '«' | '»' | '"' | '*') || is_blank(c);
    let bare = line.trim_matches(is_around);
    !bare.is_empty()
        && may_open_agency(bare)
        && bare
            .split(is_separator)
            .all(|name| !name.trim().is_empty() && is_agency(name))
}

/// Returns whether the text is the name of an agency.
pub fn is_agency(text: &str) -> bool {
    may_open_agency(text) && AGENCY_WORDS.contains(&folded_words(text))
}

/// Returns whether the name of an agency can begin with the first word of the text. This check
/// shows for most texts that they name no agency.
fn may_open_agency(text: &str) -> bool {
    first_word(text).is_some_and(|first| match first.kind {
        // An abbreviation may continue after a separator, so its first word alone decides nothing.
        TokenKind::Abbreviation => true,
        TokenKind::Arabic | TokenKind::Other | TokenKind::Number | TokenKind::Whole => {
            AGENCY_OPENINGS.contains(&folded(first.span.slice(text)))
        }
    })
}

#[derive(Clone, Copy, PartialEq)]
enum PartKind {
    Plain,
    Bracketed,
    Quoted,
}

/// A part of a line, delimited by separators, brackets or quotation marks.
struct LinePart<'a> {
    kind: PartKind,
    text: &'a str,
    /// The byte offset at which the next part begins.
    end: usize,
    /// True if a separator follows.
    is_set_off: bool,
}

fn parts(head: &str) -> impl Iterator<Item = LinePart<'_>> {
    let mut rest = head;
    std::iter::from_fn(move || {
        while let Some(first) = rest.chars().next() {
            let kind = match first {
                '(' | '[' => Bracketed,
                '«' | '"' | '“' | '”' => Quoted,
                _ => Plain,
            };
            let is_marked = kind != Plain;
            let inner = if is_marked { without_first(rest) } else { rest };
            let stop = inner.find(|c| ends_part(c, kind));
            let (text, after) = inner.split_at(stop.unwrap_or(inner.len()));
            let after = if is_marked {
                without_first(after)
            } else {
                after
            };
            let mut next = after.trim_start_matches(is_gap);
            let is_set_off = next.starts_with(is_separator);
            if is_set_off {
                next = next.trim_start_matches(|c: char| is_separator(c) || is_gap(c));
            }
            let is_stuck = next.len() == rest.len();
            rest = if is_stuck { "" } else { next };
            let text = text.trim();
            // A separator without text before it is not a part: `- قال`.
            if !text.is_empty() || stop.is_none() {
                return Some(LinePart {
                    kind,
                    text,
                    end: head.len() - next.len(),
                    is_set_off,
                });
            }
        }
        None
    })
}

fn without_first(text: &str) -> &str {
    let mut characters = text.chars();
    characters.next();
    characters.as_str()
}

/// Returns whether the character ends a part of this kind.
fn ends_part(c: char, kind: PartKind) -> bool {
    match kind {
        Plain => is_separator(c) || matches!(c, '(' | '[' | '«' | '"' | '“' | '”'),
        Bracketed => matches!(c, ')' | ']'),
        Quoted => matches!(c, '»' | '"' | '“' | '”'),
    }
}

fn is_separator(c: char) -> bool {
    matches!(c, '-' | '–' | '—' | 'ـ' | ':' | '/' | '|' | '،')
}

fn is_gap(c: char) -> bool {
    !is_separator(c) && is_blank(c)
}

fn is_place(text: &str) -> bool {
    let count = text.split_whitespace().count();
    (1..=MAX_PLACE_WORDS).contains(&count)
        && text
            .chars()
            .all(|c| c.is_alphabetic() || is_gap(c) || c == '.')
}

fn is_outlet(text: &str) -> bool {
    (1..=MAX_OUTLET_WORDS).contains(&text.split_whitespace().count())
}

fn folded_words(text: &str) -> Vec<String> {
    let words = furniture::folded_words(text).into_iter();
    words.map(|word| word.word).collect()
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    /// Checks where the text begins, which `|` marks.
    #[track_caller]
    fn check(marked: &str) {
        let line = marked.replace('|', "");
        assert_eq!(end(&line), marked.find('|'), "{marked}");
    }

    #[test]
    fn place_and_agency() {
        check("القاهرة (رويترز) - |قال وزير الري إن المنسوب ارتفع.");
        check("عمّان - بترا - |افتتح المتحف أبوابه.");
        check("تونس/ وات/ |عاد القطار إلى الخدمة.");
        check("الدار البيضاء (أ ف ب)|");
        check("لندن: «المرفأ»|");
        check("الرياض - «واس»: |بدأ الموسم.");
        check("بيروت ـ وكالات|");
        check("القاهرة، مصر (CNN)-- |أعلنت الهيئة موعد الافتتاح.");
    }

    #[test]
    fn sentences_that_begin_alike() {
        for line in [
            "القاهرة - تستعد المدينة للعيد.",
            "قال الوزير: «لا تراجع» ثم صمت.",
            "لندن: «مدينة لا تنام» كما قالت.",
            "القاهرة، مصر - تستعد المدينة للعيد.",
            "أعلنت وكالة رويترز - في خبر عاجل - أن السد امتلأ.",
            "",
            "(رويترز) - قال",
            "12 - وكالات",
        ] {
            assert_eq!(end(line), None, "{line}");
        }
    }

    #[test]
    fn lines_of_agencies() {
        for line in ["وكالات", "(أ ف ب)", "رويترز، أ ف ب", "المصدر"] {
            assert_eq!(is_agencies(line), line != "المصدر", "{line}");
        }
        assert!(!is_agencies("") && !is_agencies("وكالات السفر") && !is_agencies("- -"));
    }

    proptest! {
        #[test]
        fn any_line_has_a_beginning_within_it(line in "[\\PC ]{0,90}|[اب -():«»/]{0,30}") {
            if let Some(end) = end(&line) {
                prop_assert!(line.is_char_boundary(end) && end > 0);
            }
        }
    }
}
