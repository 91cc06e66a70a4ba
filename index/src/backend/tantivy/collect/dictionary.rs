//! Reads the dictionaries and columns of an index: its words, the forms of one word, the articles
//! with an id, and figures about the whole index.

use tantivy::schema::{Field, IndexRecordOption};
use tantivy::{DocAddress, DocSet, Result, TERMINATED, Term};

use super::View;
use crate::document::ArticleId;
use fihrist_arabic::spelling::WordList;
use fihrist_arabic::{other_forms, surface_of};

impl View {
    /// Returns the folded words of all fields with their document frequencies. An article that holds a word in several
    /// fields or spellings counts once for each.
    pub fn words(&self) -> Result<WordList> {
        let mut words = WordList::default();
        for levels in &self.fields.levels {
            self.for_each_term(levels.form, |form, articles| {
                words.add(surface_of(form), articles)
            })?;
        }
        Ok(words)
    }

    /// Returns the stems of the body field with their document frequencies.
    pub fn stems(&self) -> Result<WordList> {
        let [_, body, _] = self.fields.levels;
        let mut stems = WordList::default();
        self.for_each_term(body.stem, |stem, articles| stems.add(stem, articles))?;
        stems.combine();
        Ok(stems)
    }

    /// Returns the folded word `surface` itself, and each form of it that any field holds.
    pub fn forms(&self, surface: &str) -> Result<Vec<String>> {
        let others = other_forms(surface);
        let mut forms = vec![surface.to_owned()];
        for segment in self.searcher.segment_readers() {
            for levels in &self.fields.levels {
                let dictionary = segment.inverted_index(levels.form)?;
                let range = dictionary.terms().range();
                let range = range.ge(others.start()).le(others.end());
                let mut terms = range.into_stream()?;
                while let Some((term, _)) = terms.next() {
                    forms.extend(std::str::from_utf8(term).map(str::to_owned));
                }
            }
        }
        forms.sort_unstable();
        forms.dedup();
        Ok(forms)
    }

    /// Calls `each` for every term of a field in every segment, with the term's document frequency
    /// in that segment. Terms of deleted articles are among them until a merge.
    pub fn for_each_term(&self, field: Field, mut each: impl FnMut(&str, u64)) -> Result<()> {
        for segment in self.searcher.segment_readers() {
            let inverted = segment.inverted_index(field)?;
            let mut terms = inverted.terms().stream()?;
            while let Some((term, info)) = terms.next() {
                if let Ok(term) = std::str::from_utf8(term) {
                    each(term, u64::from(info.doc_freq));
                }
            }
        }
        Ok(())
    }

    /// Returns the first document that holds a term and is not deleted.
    pub fn find(&self, term: &Term) -> Result<Option<DocAddress>> {
        for (ordinal, segment) in (0..).zip(self.searcher.segment_readers()) {
            let inverted = segment.inverted_index(term.field())?;
            let Some(mut postings) = inverted.read_postings(term, IndexRecordOption::Basic)? else {
                continue;
            };
            while postings.doc() != TERMINATED {
                if !segment.is_deleted(postings.doc()) {
                    return Ok(Some(DocAddress::new(ordinal, postings.doc())));
                }
                postings.advance();
            }
        }
        Ok(None)
    }

    /// Returns the articles for whose ids `is_wanted` returns true, each with its content hash.
    pub fn articles_with(&self, is_wanted: &dyn Fn(&str) -> bool) -> Result<Vec<(ArticleId, u64)>> {
        let mut ids = Vec::new();
        self.for_each_term(self.fields.id, |id, _| {
            if is_wanted(id) {
                ids.extend(ArticleId::new(id).ok());
            }
        })?;
        // Until a merge, a replaced article is in the dictionaries of two segments, and a deleted
        // one in that of its segment.
        ids.sort_unstable();
        ids.dedup();
        let with_hash = |id| {
            let hash = self.content_hash(&self.fields.id_term(&id))?;
            Ok(hash.map(|hash| (id, hash)))
        };
        ids.into_iter()
            .filter_map(|id| with_hash(id).transpose())
            .collect()
    }

    /// Returns the content hash of the article with this id.
    pub fn content_hash(&self, id: &Term) -> Result<Option<u64>> {
        let Some(address) = self.find(id)? else {
            return Ok(None);
        };
        let segment = self.searcher.segment_reader(address.segment_ord);
        let column = segment.fast_fields().u64("content_hash")?;
        Ok(column.first(address.doc_id))
    }

    /// Returns the first and the last time of publication, in seconds since 1970; `None` if no article has a date.
    /// Deleted articles do not count.
    pub fn published(&self) -> Result<Option<(i64, i64)>> {
        let mut range: Option<(i64, i64)> = None;
        for segment in self.searcher.segment_readers() {
            let column = segment.fast_fields().i64("published")?;
            let mut add = |seconds: i64| {
                let (first, last) = range.unwrap_or((seconds, seconds));
                range = Some((first.min(seconds), last.max(seconds)));
            };
            if segment.has_deletes() {
                let dates = segment
                    .doc_ids_alive()
                    .filter_map(|document| column.first(document));
                dates.for_each(add);
            } else if column.values.num_vals() > 0 {
                add(column.min_value());
                add(column.max_value());
            }
        }
        Ok(range)
    }
}
