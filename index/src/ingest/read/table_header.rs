//! The header line of a table: which delimiter it uses, and the names of its columns. Rows are read by `table`.

use crate::ingest::mapping::Mapping;

const DELIMITERS: [u8; 4] = [b',', b';', b'\t', b'|'];

/// Returns the delimiter that gives the most known columns, and among equals the most columns.
pub fn delimiter(header: &str, mapping: &Mapping) -> u8 {
    let worth = |delimiter: u8| {
        let columns = columns(header, delimiter);
        (
            columns
                .iter()
                .filter(|name| mapping.column(name).is_some())
                .count(),
            columns.len(),
        )
    };
    // The first of equal delimiters wins: `max_by_key` takes the last.
    DELIMITERS
        .into_iter()
        .rev()
        .max_by_key(|delimiter| worth(*delimiter))
        .unwrap_or(b',')
}

/// Returns the column names of a header line.
pub fn columns(header: &str, delimiter: u8) -> Vec<String> {
    let mut row = csv::StringRecord::new();
    let mut reader = csv::ReaderBuilder::new()
        .has_headers(false)
        .delimiter(delimiter)
        .from_reader(header.as_bytes());
    match reader.read_record(&mut row) {
        Ok(true) => row.iter().map(|name| name.trim().to_owned()).collect(),
        Ok(false) | Err(_) => Vec::new(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn delimiters_by_what_they_make_of_the_header() {
        let check = |header: &str, expected: char| {
            assert_eq!(
                char::from(delimiter(header, &Mapping::default())),
                expected,
                "{header}"
            );
        };
        check("title,body,date", ',');
        check("title;body, or text;date", ';');
        check("العنوان\tالنص", '\t');
        check("a|b|c", '|');
        check("\"title\",\"a;b;c;d\"", ',');
        check("title", ',');
    }
}
