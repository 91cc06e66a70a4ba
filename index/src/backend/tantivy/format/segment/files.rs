//! The files of the inverted index. Tantivy writes a field after the other into them; here each field is serialised by itself,
//! so that several threads may do it, and laid beside the others in the end. The bytes are the same.

use std::io::{self, Write};

use tantivy::directory::CompositeWrite;
use tantivy::fieldnorm::FieldNormReaders;
use tantivy::index::{Segment, SegmentComponent};
use tantivy::postings::FieldSerializer;
use tantivy::schema::{Field, IndexRecordOption};
use tantivy_common::CountingWriter;

/// What Tantivy asks of a field before its terms.
#[derive(Clone, Copy)]
pub struct Shape {
    pub option: IndexRecordOption,
    /// How many words it has in all documents.
    pub token_count: u64,
}

/// The part of each file that belongs to a field.
pub struct FieldFiles {
    pub field: Field,
    terms: Vec<u8>,
    postings: Vec<u8>,
    positions: Vec<u8>,
}

impl FieldFiles {
    /// Serialises a field whose terms `write` writes, in the order of their bytes.
    pub fn new(
        field: Field,
        shape: Shape,
        norms: &FieldNormReaders,
        write: impl FnOnce(&mut FieldSerializer<'_, Vec<u8>>) -> io::Result<()>,
    ) -> tantivy::Result<Self> {
        let [mut terms, mut postings, mut positions] =
            [(); 3].map(|()| CountingWriter::wrap(Vec::new()));
        let Shape {
            option,
            token_count,
        } = shape;
        let norms = norms.get_field(field)?;
        let mut out = FieldSerializer::create(
            option,
            token_count,
            &mut terms,
            &mut postings,
            &mut positions,
            norms,
        )?;
        write(&mut out)?;
        out.close()?;
        let [terms, postings, positions] = [terms, postings, positions].map(CountingWriter::finish);
        Ok(Self {
            field,
            terms,
            postings,
            positions,
        })
    }
}

/// Writes the files of a segment, the fields in the given order.
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
    part_of: impl Fn(&FieldFiles) -> &[u8],
) -> tantivy::Result<()> {
    let mut file = CompositeWrite::wrap(segment.open_write(component)?);
    for field in fields {
        file.for_field(field.field).write_all(part_of(field))?;
    }
    Ok(file.close()?)
}
