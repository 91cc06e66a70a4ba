//! The header line of a table: which delimiter it uses, and the names of its columns. Rows are read
//! by `table`.

use crate::ingest::mapping::Mapping;

/// The delimiters of tables besides the comma, in the order of preference.
const OTHER_DELIMITERS: [u8; 3] = [b';', b'\t', b'|'];

/// Returns the delimiter that gives the most columns with known names, and among equals the most
/// columns. If both numbers are equal, the first delimiter wins.
pub fn delimiter(header: &str, mapping: &Mapping) -> u8 {
    let worth = |delimiter: u8| {
        let columns = columns(header, delimiter);
        let is_known = |name: &&String| mapping.column(name).is_some();
        (columns.iter().filter(is_known).count(), columns.len())
    };
    let mut best = (worth(b','), b',');
    for delimiter in OTHER_DELIMITERS {
        let worth = worth(delimiter);
        if worth > best.0 {
            best = (worth, delimiter);
        }
    }
    best.1
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
