//! Keeps Tantivy's internals in one folder, whose module documentation says what it relies on.

use super::hold;
use super::source::{Finding, SourceFile, read_all, words};

/// The folder that may rely on Tantivy's internals.
const FORMAT: &str = "index/src/backend/tantivy/format/";

/// What Tantivy offers for writing segments, naming their files and changing them behind its back.
const INTERNALS: &[&str] = &[
    "add_segment",
    "CompositeFile",
    "CompositeWrite",
    "CountingWriter",
    "delete_query",
    "FastFieldsWriter",
    "FieldNormsSerializer",
    "FieldNormsWriter",
    "FieldSerializer",
    "FileHandle",
    "list_segment_files",
    "new_segment",
    "SegmentComponent",
    "SegmentMeta",
    "StoreWriter",
    "tantivy_common",
    "untrack_temp_docstore",
    "validate_checksum",
];

#[test]
fn only_the_format_relies_on_tantivys_internals() {
    let planted =
        "//! A comment may say SegmentComponent.\nuse tantivy::index::SegmentComponent;\n";
    hold(
        internals_outside_the_format,
        &read_all(&["src", "index/src"], &["rs"]),
        ("index/src/backend/tantivy/planted.rs", planted, 2),
    );
}

fn internals_outside_the_format(file: &SourceFile) -> Vec<Finding> {
    if file.path.starts_with(FORMAT) {
        return Vec::new();
    }
    words(&file.product_code())
        .filter(|(_, word, _)| INTERNALS.contains(word))
        .map(|(line, word, _)| {
            file.finding(
                line,
                format!("`{word}` outside {FORMAT}: move the code there, and say in its contract what it relies on"),
            )
        })
        .collect()
}
