//! Files of JSON: one object a line, or a stream of values. One record is read by `json_record`.

use std::io::BufRead;
use std::ops::ControlFlow;

use super::json_record;
use super::lines::{Line, Lines};
use super::objects::{JsonValues, NextValue};
use super::reading::Reading;
use super::stream::MAX_ARTICLE_BYTES;
use crate::ingest::event::Item;
use crate::ingest::rejection::{Rejected, RejectedInput, read_failure};

/// Reads a file with one object a line.
pub fn read_lines(input: &mut dyn BufRead, reading: &mut Reading<'_, '_>) -> ControlFlow<()> {
    let mut lines = Lines::new(input, MAX_ARTICLE_BYTES);
    loop {
        let (number, line) = match lines.next() {
            Ok(Some(line)) => line,
            Ok(None) => return ControlFlow::Continue(()),
            Err(error) => return reading.reject(None, read_failure(&error)),
        };
        match line {
            Line::Blank => {}
            Line::TooLong => {
                let reason = format!("line longer than {} MiB", MAX_ARTICLE_BYTES >> 20);
                reading.reject(Some(number), reason)?;
            }
            Line::Bytes(bytes) => read_record(number, bytes, reading)?,
        }
    }
}

/// Reads a list of objects, or objects one after the other.
pub fn read_values(input: &mut dyn BufRead, reading: &mut Reading<'_, '_>) -> ControlFlow<()> {
    let mut values = JsonValues::new(input, MAX_ARTICLE_BYTES as usize);
    loop {
        let (line, value) = match values.next() {
            Ok(Some(value)) => value,
            Ok(None) => return ControlFlow::Continue(()),
            Err(error) => return reading.reject(None, read_failure(&error)),
        };
        match value {
            NextValue::Bytes(bytes) => read_record(line, bytes, reading)?,
            NextValue::TooLong => {
                let reason = format!("value longer than {} MiB", MAX_ARTICLE_BYTES >> 20);
                reading.reject(Some(line), reason)?;
            }
            NextValue::Unclosed => {
                let reason = "cut off, what came before was kept: the list has no end";
                reading.reject(Some(line), reason)?;
            }
        }
    }
}

/// Reads one record. A rejection carries the record as it was written.
fn read_record(line: u64, bytes: &[u8], reading: &mut Reading<'_, '_>) -> ControlFlow<()> {
    let mut item = match json_record::read(bytes, reading.mapping) {
        Ok(record) => reading.noted(Some(line), record)?,
        Err(reason) => Item::Rejected(Rejected::new(reading.source(Some(line)), reason)),
    };
    if let Item::Rejected(rejected) = &mut item {
        rejected.input = RejectedInput::Record(bytes.into());
    }
    (reading.sink)(item)
}
