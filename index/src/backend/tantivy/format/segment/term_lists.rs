//! Sorts the words of a field by their terms, by counting, and writes them with Tantivy's
//! serializer. It knows terms and positions as numbers only.
//!
//! An example: two documents with the term numbers `[0, 1, 0]` and `[1]`. A first pass counts the
//! words of each term, which gives where the list of each term starts: term 0 at 0, term 1 at 2. A
//! second pass puts each word into the next free entry of its term's list:
//!
//! | | term 0 | | term 1 | |
//! |---|---|---|---|---|
//! | document | 0 | 0 | 0 | 1 |
//! | position | 0 | 2 | 1 | 0 |

use super::files::Serializer;
use super::terms::TermTable;

/// The documents and positions of each term.
pub struct TermLists {
    /// The end of each term's list. The lists stand one after the other.
    ends: Vec<u32>,
    documents: Vec<u32>,
    positions: Vec<u32>,
}

impl TermLists {
    /// Sorts words by their terms; the words of one term stay in reading order. `terms` has the
    /// term of each word, document after document. `document_ends` has the end of each document in
    /// `terms`. `positions` has the number to store for each word.
    pub fn new(
        terms: &[u32],
        term_count: usize,
        document_ends: &[u32],
        positions: impl Iterator<Item = u32>,
    ) -> Self {
        let mut ends = vec![0u32; term_count + 1];
        for term in terms {
            ends[*term as usize + 1] += 1;
        }
        let mut sum = 0;
        for start in &mut ends {
            sum += *start;
            *start = sum;
        }
        // Each start moves on as its list is filled. In the end, it is the end of the list.
        ends.truncate(term_count);
        let mut lists = Self {
            ends,
            documents: vec![0; terms.len()],
            positions: vec![0; terms.len()],
        };
        let mut words = terms.iter().zip(positions);
        let mut begin = 0;
        for (document, end) in (0..).zip(document_ends) {
            for (term, position) in words.by_ref().take((*end - begin) as usize) {
                let entry = &mut lists.ends[*term as usize];
                lists.documents[*entry as usize] = document;
                lists.positions[*entry as usize] = position;
                *entry += 1;
            }
            begin = *end;
        }
        lists
    }

    /// Writes the terms of a field. `terms` must be sorted.
    pub fn write(&self, terms: &TermTable, field: &mut Serializer<'_>) -> std::io::Result<()> {
        let mut deltas = Vec::new();
        for term in &terms.sorted {
            let end = self.ends[*term as usize] as usize;
            let before = term.checked_sub(1);
            let start = before.map_or(0, |before| self.ends[before as usize] as usize);
            if start == end {
                continue;
            }
            let documents = &self.documents[start..end];
            let frequency = documents.chunk_by(PartialEq::eq).count();
            field.new_term(terms.name(*term).as_bytes(), frequency as u32, true)?;
            let mut rest = &self.positions[start..end];
            for occurrences in documents.chunk_by(PartialEq::eq) {
                let (positions, behind) = rest.split_at(occurrences.len());
                rest = behind;
                deltas.clear();
                deltas.extend_from_slice(positions);
                to_deltas(&mut deltas);
                field.write_doc(occurrences[0], positions.len() as u32, &deltas);
            }
            field.close_term()?;
        }
        Ok(())
    }
}

/// Sorts positions, and replaces each by its distance from the previous position.
fn to_deltas(positions: &mut [u32]) {
    // A form's numbers are unsorted if some are positions and some are occurrences.
    if !positions.is_sorted() {
        positions.sort_unstable();
    }
    for i in (1..positions.len()).rev() {
        positions[i] -= positions[i - 1];
    }
}

/// Writes the values of a keyword field, each with the documents that have it.
pub fn write_values(
    mut values: Vec<(&str, u32)>,
    field: &mut Serializer<'_>,
) -> std::io::Result<()> {
    values.sort_unstable();
    values.dedup();
    for documents in values.chunk_by(|(one, _), (other, _)| one == other) {
        let (value, _) = documents[0];
        field.new_term(value.as_bytes(), documents.len() as u32, false)?;
        for (_, document) in documents {
            field.write_doc(*document, 0, &[]);
        }
        field.close_term()?;
    }
    Ok(())
}
