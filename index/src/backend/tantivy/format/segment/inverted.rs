//! TermTable in the order of a text → the documents and places of each term, by counting, and from there to Tantivy's files.
//! It knows numbers; what they stand for is told where they are written.

use tantivy::postings::FieldSerializer;

use super::terms::TermTable;

/// For each term, in which documents it stands, and where.
pub struct Inverted {
    /// Where the entries of each term begin; one more than there are terms.
    starts: Vec<u32>,
    documents: Vec<u32>,
    places: Vec<u32>,
}

impl Inverted {
    /// Sorts words by their terms, of which there are so many; documents and places stay in order. The words come in reading
    /// order, those of each document to its end; `places` has the place of each.
    pub fn new(
        terms: &[u32],
        term_count: usize,
        ends: &[u32],
        places: impl Iterator<Item = u32>,
    ) -> Self {
        let mut starts = vec![0u32; term_count + 1];
        for term in terms {
            starts[*term as usize + 1] += 1;
        }
        let mut sum = 0;
        for start in &mut starts {
            sum += *start;
            *start = sum;
        }
        let mut inverted = Self {
            starts,
            documents: vec![0; terms.len()],
            places: vec![0; terms.len()],
        };
        let mut places = places;
        let mut words = terms.iter();
        let mut begin = 0;
        for (document, end) in (0..).zip(ends) {
            for (term, place) in words
                .by_ref()
                .take((*end - begin) as usize)
                .zip(places.by_ref())
            {
                // Each start moves to the next free entry, and so to the start of the next term.
                let entry = &mut inverted.starts[*term as usize];
                inverted.documents[*entry as usize] = document;
                inverted.places[*entry as usize] = place;
                *entry += 1;
            }
            begin = *end;
        }
        inverted
    }

    /// Writes the terms of a field, in the order of their bytes.
    pub fn write(
        &self,
        terms: &TermTable,
        sorted: &[u32],
        field: &mut FieldSerializer<'_, Vec<u8>>,
    ) -> std::io::Result<()> {
        let mut deltas = Vec::new();
        for term in sorted {
            // As the starts have moved, a term's entries end at its own, and begin where those of the one before end.
            let end = self.starts[*term as usize] as usize;
            let start = term
                .checked_sub(1)
                .map_or(0, |before| self.starts[before as usize] as usize);
            if start == end {
                continue;
            }
            let documents = &self.documents[start..end];
            let frequency = documents.chunk_by(PartialEq::eq).count();
            field.new_term(terms.name(*term).as_bytes(), frequency as u32, true)?;
            let mut rest = &self.places[start..end];
            for of_one in documents.chunk_by(PartialEq::eq) {
                let (places, behind) = rest.split_at(of_one.len());
                rest = behind;
                deltas.clear();
                deltas.extend_from_slice(places);
                if !deltas.is_sorted() {
                    deltas.sort_unstable();
                }
                for i in (1..deltas.len()).rev() {
                    deltas[i] -= deltas[i - 1];
                }
                field.write_doc(of_one[0], places.len() as u32, &deltas);
            }
            field.close_term()?;
        }
        Ok(())
    }
}

/// Writes values of documents as they are, each with the documents that have it.
pub fn write_values(
    mut values: Vec<(&str, u32)>,
    field: &mut FieldSerializer<'_, Vec<u8>>,
) -> std::io::Result<()> {
    values.sort_unstable();
    values.dedup();
    for of_one in values.chunk_by(|(one, _), (other, _)| one == other) {
        field.new_term(of_one[0].0.as_bytes(), of_one.len() as u32, false)?;
        of_one
            .iter()
            .for_each(|(_, document)| field.write_doc(*document, 0, &[]));
        field.close_term()?;
    }
    Ok(())
}
