//! Writes the three files of the inverted index. Tantivy writes them field after field. Here each
//! field is serialized separately, so that threads share the work, and the results are then joined.
//! The bytes are the same.

use std::io::{self, Write};

use tantivy::Result;
use tantivy::directory::CompositeWrite;
use tantivy::fieldnorm::FieldNormReaders;
use tantivy::index::{Segment, SegmentComponent};
use tantivy::postings::FieldSerializer;
use tantivy::schema::{Field, IndexRecordOption};
use tantivy_common::CountingWriter;

/// The files of the inverted index.
const COMPONENTS: [SegmentComponent; 3] = [
    SegmentComponent::Terms,
    SegmentComponent::Postings,
    SegmentComponent::Positions,
];

/// Takes the terms of a field.
pub type Serializer<'a> = FieldSerializer<'a, Vec<u8>>;

/// The bytes that one field adds to each of the [`COMPONENTS`].
pub struct FieldFiles {
    pub field: Field,
    bytes: [Vec<u8>; 3],
}

impl FieldFiles {
    /// Serializes a field. `token_count` is the number of the field's words in all documents.
    /// `write` writes the terms, in the order of their bytes.
    pub fn new(
        field: Field,
        option: IndexRecordOption,
        token_count: u64,
        norms: &FieldNormReaders,
        write: impl FnOnce(&mut Serializer<'_>) -> io::Result<()>,
    ) -> Result<Self> {
        let mut files = COMPONENTS.map(|_| CountingWriter::wrap(Vec::new()));
        let [terms, postings, positions] = &mut files;
        let norms = norms.get_field(field)?;
        let mut serializer =
            FieldSerializer::create(option, token_count, terms, postings, positions, norms)?;
        write(&mut serializer)?;
        serializer.close()?;
        let bytes = files.map(CountingWriter::finish);
        Ok(Self { field, bytes })
    }
}

/// Writes the files of a segment, with the fields in the given order.
pub fn write_inverted(segment: &Segment, fields: &[FieldFiles]) -> Result<()> {
    for (number, component) in COMPONENTS.into_iter().enumerate() {
        let mut file = CompositeWrite::wrap(segment.open_write(component)?);
        for FieldFiles { field, bytes } in fields {
            file.for_field(*field).write_all(&bytes[number])?;
        }
        file.close()?;
    }
    Ok(())
}
