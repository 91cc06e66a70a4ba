//! Files of JSON: one object a line, or a stream of values. One record is read by `json_record`.

use std::io::BufRead;

use super::lines::Lines;
use super::objects::JsonValues;
use super::{
    Item, MAX_ARTICLE_BYTES, NumberedRecord, ReadResult, Reading, RejectedInput, json_record,
};

/// Reads a file with one object a line.
pub fn read_lines(input: &mut dyn BufRead, reading: &mut Reading<'_>) -> ReadResult {
    let mut lines = Lines::new(input, MAX_ARTICLE_BYTES);
    while let Some(line) = lines.next()? {
        read_record(line, reading)?;
    }
    Ok(())
}

/// Reads a list of objects, or objects one after the other.
pub fn read_values(input: &mut dyn BufRead, reading: &mut Reading<'_>) -> ReadResult {
    let mut values = JsonValues::new(input, MAX_ARTICLE_BYTES as usize);
    while let Some(value) = values.next()? {
        read_record(value, reading)?;
    }
    Ok(())
}

/// Reads one record. A rejection carries the record as it was written. Blank lines are skipped.
fn read_record((line, bytes): NumberedRecord<'_>, reading: &mut Reading<'_>) -> ReadResult {
    reading.number = Some(line);
    match bytes {
        Ok([]) => {}
        Ok(bytes) => {
            let mut item = reading.noted(json_record::read(bytes, reading.mapping))?;
            if let Item::Rejected(rejected) = &mut item {
                rejected.input = RejectedInput::Record(bytes.into());
            }
            reading.send(item)?;
        }
        Err(reason) => reading.record(Err(reason))?,
    }
    reading.number = None;
    Ok(())
}
