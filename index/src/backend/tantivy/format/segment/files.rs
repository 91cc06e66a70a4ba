//! Writes the three files of the inverted index. Tantivy writes them field after field. Here each
//! field is serialized separately, so that threads share the work, and the results are then joined.
//! The bytes are the same.

use std::io::{self, Write};

use tantivy::directory::CompositeWrite;
use tantivy::fieldnorm::FieldNormReaders;
use tantivy::index::{Segment, SegmentComponent};
use tantivy::postings::FieldSerializer;
use tantivy::schema::{Field, IndexRecordOption};
use tantivy_common::CountingWriter;

/// The facts about a field that Tantivy's serializer needs before the field's terms.
#[derive(Clone, Copy)]
pub struct FieldHeader {
    pub option: IndexRecordOption,
    /// The number of the field's words in all documents.
    pub token_count: u64,
}

/// The bytes that one field adds to each of the three files.
pub struct FieldFiles {
    pub field: Field,
    terms: Vec<u8>,
    postings: Vec<u8>,
    positions: Vec<u8>,
}

impl FieldFiles {
    /// Serializes a field. `write` writes the terms, in the order of their bytes.
    pub fn new(
        field: Field,
        header: FieldHeader,
        norms: &FieldNormReaders,
        write: impl FnOnce(&mut FieldSerializer<'_, Vec<u8>>) -> io::Result<()>,
    ) -> tantivy::Result<Self> {
        let mut terms = CountingWriter::wrap(Vec::new());
        let mut postings = CountingWriter::wrap(Vec::new());
        let mut positions = CountingWriter::wrap(Vec::new());
        let mut serializer = FieldSerializer::create(
            header.option,
            header.token_count,
            &mut terms,
            &mut postings,
            &mut positions,
            norms.get_field(field)?,
        )?;
        write(&mut serializer)?;
        serializer.close()?;
        Ok(Self {
            field,
            terms: terms.finish(),
            postings: postings.finish(),
            positions: positions.finish(),
        })
    }
}

/// Writes the files of a segment, with the fields in the given order.
pub fn write_inverted(segment: &Segment, fields: &[FieldFiles]) -> tantivy::Result<()> {
    write_file(segment, SegmentComponent::Terms, fields, |field| {
        &field.terms
    })?;
    write_file(segment, SegmentComponent::Postings, fields, |field| {
        &field.postings
    })?;
    write_file(segment, SegmentComponent::Positions, fields, |field| {
        &field.positions
    })
}

fn write_file(
    segment: &Segment,
    component: SegmentComponent,
    fields: &[FieldFiles],
    bytes_of: impl Fn(&FieldFiles) -> &[u8],
) -> tantivy::Result<()> {
    let mut file = CompositeWrite::wrap(segment.open_write(component)?);
    for field in fields {
        file.for_field(field.field).write_all(bytes_of(field))?;
    }
    Ok(file.close()?)
}
