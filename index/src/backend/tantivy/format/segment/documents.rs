//! Writes what a segment holds of its documents beside the inverted index of their texts: field
//! norms, keyword values, stored fields and fast fields. It knows no words.

use tantivy::directory::TerminatingWrite;
use tantivy::fastfield::FastFieldsWriter;
use tantivy::fieldnorm::{FieldNormReaders, FieldNormsSerializer, FieldNormsWriter};
use tantivy::index::{Segment, SegmentComponent};
use tantivy::schema::{Field, IndexRecordOption, Value};
use tantivy::store::StoreWriter;
use tantivy::tokenizer::MAX_TOKEN_LEN;
use tantivy::{Result, TantivyDocument};

use super::files::{FieldFiles, Serializer};
use super::term_lists::write_values;
use super::words::FieldWords;
use crate::backend::tantivy::format::schema::{Fields, Levels};

/// Writes the field norms: how many words or values each document has in each indexed field.
pub fn write_norms(
    segment: &Segment,
    fields: &Fields,
    words: &[FieldWords; 3],
    documents: &[TantivyDocument],
) -> Result<()> {
    let mut norms = FieldNormsWriter::for_schema(&segment.schema());
    for (Levels { form, stem }, words) in fields.levels.iter().zip(words) {
        for (document, length) in (0..).zip(words.lengths()) {
            norms.record(document, *form, length);
            norms.record(document, *stem, length);
        }
    }
    for field in value_fields(fields) {
        for (number, document) in (0..).zip(documents) {
            norms.record(number, field, document.get_all(field).count() as u32);
        }
    }
    norms.fill_up_to_max_doc(documents.len() as u32);
    let file = segment.open_write(SegmentComponent::FieldNorms)?;
    Ok(norms.serialize(FieldNormsSerializer::from_write(file)?, None)?)
}

/// Serializes the fields whose values are indexed as one term each, such as the id and the source.
pub fn values(
    fields: &Fields,
    documents: &[TantivyDocument],
    norms: &FieldNormReaders,
) -> Result<Vec<FieldFiles>> {
    let mut files = Vec::new();
    for field in value_fields(fields) {
        let mut values: Vec<(&str, u32)> = Vec::new();
        for (number, document) in (0..).zip(documents) {
            let texts = document.get_all(field);
            let texts = texts.filter_map(|value| value.as_value().as_str());
            // Tantivy's own indexing skips longer values, too.
            let short = texts.filter(|value| value.len() <= MAX_TOKEN_LEN);
            values.extend(short.map(|value| (value, number)));
        }
        let (option, count) = (IndexRecordOption::Basic, values.len() as u64);
        let write = |out: &mut Serializer<'_>| write_values(values, out);
        files.push(FieldFiles::new(field, option, count, norms, write)?);
    }
    Ok(files)
}

/// Writes the stored fields.
pub fn write_store(segment: &Segment, documents: &[TantivyDocument]) -> Result<()> {
    let schema = segment.schema();
    let settings = segment.index().settings();
    let file = segment.open_write(SegmentComponent::Store)?;
    let mut store = StoreWriter::new(
        file,
        settings.docstore_compression,
        settings.docstore_blocksize,
        false,
    )?;
    for document in documents {
        store.store(document, &schema)?;
    }
    Ok(store.close()?)
}

/// Writes the fast fields.
pub fn write_fast_fields(segment: &Segment, documents: &[TantivyDocument]) -> Result<()> {
    let mut fast_fields = FastFieldsWriter::from_schema_and_tokenizer_manager(
        &segment.schema(),
        segment.index().fast_field_tokenizer().clone(),
    )?;
    for document in documents {
        fast_fields.add_document(document)?;
    }
    let mut file = segment.open_write(SegmentComponent::FastFields)?;
    fast_fields.serialize(&mut file, None)?;
    Ok(file.terminate()?)
}

fn value_fields(fields: &Fields) -> [Field; 4] {
    [fields.id, fields.source, fields.section, fields.author]
}
