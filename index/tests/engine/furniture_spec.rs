//! Runs the specification of furniture: every line of `spec/furniture.md` is a check. It adds no
//! case of its own.

use fihrist_index::ArticleId;
use fihrist_index::document::SegmentKind;
use fihrist_index::ingest::read_text;

use crate::support::tables::{check_all, expect, rows};

const BEFORE: &str = "عنوان طويل لخبر قصير\n\nقالت البلدية إن العمل في الجسر سينتهي قبل موسم الأمطار، وإن الطريق القديم سيبقى مفتوحا.";

const AFTER: &str =
    "وأضافت أن كلفة العمل بلغت نصف ما كان مقدرا، لأن الأهالي نقلوا الحجارة بأنفسهم من الجبل القريب.";

/// Returns the kind of a line that stands between two paragraphs.
fn kind(line: &str) -> String {
    let text = format!("{BEFORE}\n\n{line}\n\n{AFTER}");
    let article = read_text(ArticleId::new("page").expect("an id"), text);
    let start = BEFORE.len() + 2;
    let within = article
        .segments
        .iter()
        .filter(|segment| (start..start + line.len()).contains(&segment.span.start));
    let kinds = within.map(|segment| match segment.kind {
        SegmentKind::Body | SegmentKind::Subhead => "text",
        other @ (SegmentKind::Title
        | SegmentKind::Dek
        | SegmentKind::Caption
        | SegmentKind::Credit
        | SegmentKind::Byline
        | SegmentKind::Dateline
        | SegmentKind::Furniture) => other.name(),
    });
    kinds.collect::<Vec<_>>().join(" + ")
}

#[test]
fn furniture() {
    let rows = rows(include_str!("../spec/furniture.md"));
    check_all(&rows, 100, |row| {
        // A bar would end the cell, so the table writes it as `¦`.
        expect(&kind(&row[0].replace('¦', "|")), &row[1])
    });
}
