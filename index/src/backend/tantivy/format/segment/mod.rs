//! A segment in the making: articles come with their terms, a file of each kind goes out, in Tantivy's format and by its
//! serializers. It is Tantivy's own indexing but for one thing: terms are numbered and sorted by counting (a pass counts, a
//! second one places), where Tantivy looks each word up in a table of growing lists; on news that takes a third of the time.
//!
//! The two levels of a field are written together, which spares the positions of the forms: see [`places`](super::places).

mod files;
mod inverted;
mod terms;

use std::cmp::Reverse;

use tantivy::directory::TerminatingWrite;
use tantivy::fastfield::FastFieldsWriter;
use tantivy::fieldnorm::{FieldNormReaders, FieldNormsSerializer, FieldNormsWriter};
use tantivy::index::{Segment, SegmentComponent, SegmentMeta};
use tantivy::postings::FieldSerializer;
use tantivy::schema::{Field, IndexRecordOption, Value};
use tantivy::store::StoreWriter;
use tantivy::{IndexWriter, TantivyDocument};

use super::form_positions::ABSOLUTE;
use super::schema::{Fields, Levels};
use crate::document::{AnalyzedArticle, WordLevels};
use crate::parallel::{Task, joined, run_tasks};
use fihrist_arabic::Analyzer;
use files::{FieldFiles, Shape, write_inverted};
use inverted::{Inverted, write_values};
use terms::TermTable;

/// Longer values are not indexed; a term dictionary takes none.
const MAX_VALUE_BYTES: usize = 65_530;

/// Articles that become one segment.
pub struct SegmentBuilder {
    fields: Fields,
    analyzer: Analyzer,
    numbers: Numbers,
    texts: [Text; 3],
    /// `None` of one that was taken back.
    documents: Vec<Option<TantivyDocument>>,
}

/// The numbers of all terms.
#[derive(Default)]
struct Numbers {
    forms: TermTable,
    /// The number of the stem by which the places of each form are told.
    stems_of_forms: Vec<u32>,
    stems: TermTable,
    /// Form and stem of the common words that have come.
    common: Vec<Option<(u32, u32)>>,
}

/// A searched field of all documents.
#[derive(Default)]
struct Text {
    /// The words by the numbers of their forms, in reading order, one document after the other.
    forms: Vec<u32>,
    /// The same by the numbers of their stems.
    stems: Vec<u32>,
    /// Where the words of each document end.
    ends: Vec<u32>,
}

impl Numbers {
    /// The numbers of form and stem of a word.
    fn of(&mut self, word: WordLevels<'_>, analyzer: &Analyzer) -> (u32, u32) {
        let Some(place) = word.common().map(|place| place as usize) else {
            return self.look_up(word, analyzer);
        };
        if let Some(Some(known)) = self.common.get(place) {
            return *known;
        }
        let numbers = self.look_up(word, analyzer);
        if place >= self.common.len() {
            self.common.resize(place + 1, None);
        }
        self.common[place] = Some(numbers);
        numbers
    }

    fn look_up(&mut self, word: WordLevels<'_>, analyzer: &Analyzer) -> (u32, u32) {
        let (form, stem) = (word.form(), word.stem());
        let (form_number, is_new) = self.forms.number(form);
        if is_new {
            let stem = self.stems.number(&analyzer.stem_of_form(form)).0;
            self.stems_of_forms.push(stem);
        }
        (form_number, self.stems.number(stem).0)
    }
}

impl SegmentBuilder {
    /// A segment without articles.
    pub fn new(fields: Fields, analyzer: Analyzer) -> Self {
        Self {
            fields,
            analyzer,
            numbers: Numbers::default(),
            texts: Default::default(),
            documents: Vec::new(),
        }
    }

    /// Whether no article was added.
    pub fn is_empty(&self) -> bool {
        self.documents.is_empty()
    }

    /// How many words it has.
    pub fn word_count(&self) -> usize {
        self.texts.iter().map(|text| text.forms.len()).sum()
    }

    /// Adds an article with its document, and says under which number.
    pub fn add(&mut self, article: &AnalyzedArticle<'_>, document: TantivyDocument) -> usize {
        for (text, terms) in self.texts.iter_mut().zip(&article.fields) {
            for word in terms.words() {
                let (form, stem) = self.numbers.of(word, &self.analyzer);
                text.forms.push(form);
                text.stems.push(stem);
            }
            text.ends.push(text.forms.len() as u32);
        }
        self.documents.push(Some(document));
        self.documents.len() - 1
    }

    /// Takes the article with this number back.
    pub fn remove(&mut self, number: usize) {
        if let Some(document) = self.documents.get_mut(number) {
            *document = None;
        }
    }

    /// Writes the files of the segment; `None` if it has no articles.
    pub fn write(mut self, writer: &IndexWriter) -> tantivy::Result<Option<SegmentMeta>> {
        self.texts
            .iter_mut()
            .for_each(|text| text.retain(&self.documents));
        let documents: Vec<TantivyDocument> = std::mem::take(&mut self.documents)
            .into_iter()
            .flatten()
            .collect();
        if documents.is_empty() {
            return Ok(None);
        }
        let segment = writer.new_segment();
        // Tantivy counts on a file that it needs to sort documents, until it is told that there is none.
        segment.meta().untrack_temp_docstore();
        self.write_norms(&segment, &documents)?;
        let norms = FieldNormReaders::open(segment.open_read(SegmentComponent::FieldNorms)?)?;
        let Numbers { forms, stems, .. } = &self.numbers;
        let (forms, stems) = std::thread::scope(|scope| {
            let forms = scope.spawn(|| forms.sorted());
            let stems = stems.sorted();
            (joined(forms), stems)
        });
        // The longest first, and no more at a time than there are processors, so that none is left over alone.
        let mut by_size = [0, 1, 2];
        by_size.sort_unstable_by_key(|field| Reverse(self.texts[*field].forms.len()));
        let mut jobs: Vec<Task<'_, tantivy::Result<Vec<FieldFiles>>>> = Vec::new();
        let (this, forms, stems, norms) = (&self, &forms, &stems, &norms);
        jobs.extend(by_size.map(|field| Box::new(move || this.forms(field, forms, norms)) as _));
        jobs.push(Box::new(|| {
            write_store(&segment, &documents).map(|()| Vec::new())
        }));
        jobs.extend(by_size.map(|field| Box::new(move || this.stems(field, stems, norms)) as _));
        jobs.push(Box::new(|| {
            write_fast_fields(&segment, &documents).map(|()| Vec::new())
        }));
        jobs.push(Box::new(|| this.values(&documents, norms)));
        let mut fields = Vec::new();
        for made in run_tasks(jobs) {
            fields.extend(made?);
        }
        fields.sort_unstable_by_key(|field| field.field);
        write_inverted(&segment, &fields)?;
        Ok(Some(
            segment.with_max_doc(documents.len() as u32).meta().clone(),
        ))
    }

    fn write_norms(&self, segment: &Segment, documents: &[TantivyDocument]) -> tantivy::Result<()> {
        let mut norms = FieldNormsWriter::for_schema(&segment.schema());
        for (Levels { form, stem }, text) in self.fields.levels.iter().zip(&self.texts) {
            for (document, length) in (0..).zip(text.lengths()) {
                norms.record(document, *form, length);
                norms.record(document, *stem, length);
            }
        }
        for field in self.value_fields() {
            for (number, document) in (0..).zip(documents) {
                norms.record(number, field, document.get_all(field).count() as u32);
            }
        }
        norms.fill_up_to_max_doc(documents.len() as u32);
        let file = segment.open_write(SegmentComponent::FieldNorms)?;
        Ok(norms.serialize(FieldNormsSerializer::from_write(file)?, None)?)
    }

    /// The values of keyword fields.
    fn values(
        &self,
        documents: &[TantivyDocument],
        norms: &FieldNormReaders,
    ) -> tantivy::Result<Vec<FieldFiles>> {
        let of_field = |field| {
            let values = (0..).zip(documents).flat_map(|(number, document)| {
                let values = document
                    .get_all(field)
                    .filter_map(|value| value.as_value().as_str());
                values
                    .filter(|value| value.len() <= MAX_VALUE_BYTES)
                    .map(move |value| (value, number))
            });
            let values: Vec<(&str, u32)> = values.collect();
            let shape = Shape {
                option: IndexRecordOption::Basic,
                token_count: values.len() as u64,
            };
            FieldFiles::new(field, shape, norms, |out| write_values(values, out))
        };
        self.value_fields().into_iter().map(of_field).collect()
    }

    fn forms(
        &self,
        field: usize,
        sorted: &[u32],
        norms: &FieldNormReaders,
    ) -> tantivy::Result<Vec<FieldFiles>> {
        let (text, terms) = (&self.texts[field], &self.numbers.forms);
        let places = self.places_of_forms(text);
        let inverted = Inverted::new(&text.forms, terms.len(), &text.ends, places.into_iter());
        let write = |out: &mut FieldSerializer<'_, Vec<u8>>| inverted.write(terms, sorted, out);
        FieldFiles::new(self.fields.levels[field].form, text.shape(), norms, write)
            .map(|files| vec![files])
    }

    fn stems(
        &self,
        field: usize,
        sorted: &[u32],
        norms: &FieldNormReaders,
    ) -> tantivy::Result<Vec<FieldFiles>> {
        let (text, terms) = (&self.texts[field], &self.numbers.stems);
        let places = text.lengths().flat_map(|length| 0..length);
        let inverted = Inverted::new(&text.stems, terms.len(), &text.ends, places);
        let write = |out: &mut FieldSerializer<'_, Vec<u8>>| inverted.write(terms, sorted, out);
        FieldFiles::new(self.fields.levels[field].stem, text.shape(), norms, write)
            .map(|files| vec![files])
    }

    /// The place of each form: which of the occurrences of its stem in the document it is, or where it stands.
    fn places_of_forms(&self, text: &Text) -> Vec<u32> {
        let mut places = Vec::with_capacity(text.forms.len());
        // For each stem, the last document that held it, and how often until now.
        let mut seen = vec![(u32::MAX, 0); self.numbers.stems.len()];
        let mut words = text.forms.iter().zip(&text.stems);
        for (document, length) in (0..).zip(text.lengths()) {
            for (place, (form, stem)) in (0..).zip(words.by_ref().take(length as usize)) {
                let (last, count) = &mut seen[*stem as usize];
                if *last != document {
                    (*last, *count) = (document, 0);
                }
                let is_told_by_stem = self.numbers.stems_of_forms[*form as usize] == *stem;
                places.push(if is_told_by_stem {
                    *count
                } else {
                    ABSOLUTE + place
                });
                *count += 1;
            }
        }
        places
    }

    fn value_fields(&self) -> [Field; 4] {
        let Fields {
            id,
            source,
            section,
            author,
            ..
        } = self.fields;
        [id, source, section, author]
    }
}

impl Text {
    fn shape(&self) -> Shape {
        let token_count = self.forms.len() as u64;
        Shape {
            option: IndexRecordOption::WithFreqsAndPositions,
            token_count,
        }
    }

    /// How many words each document has.
    fn lengths(&self) -> impl Iterator<Item = u32> {
        let starts = [0].into_iter().chain(self.ends.iter().copied());
        starts.zip(&self.ends).map(|(start, end)| end - start)
    }

    /// Drops the words of documents that were taken back.
    fn retain(&mut self, documents: &[Option<TantivyDocument>]) {
        if documents.iter().all(Option::is_some) {
            return;
        }
        let lengths: Vec<(u32, bool)> = self
            .lengths()
            .zip(documents.iter().map(Option::is_some))
            .collect();
        for words in [&mut self.forms, &mut self.stems] {
            let mut stays = lengths
                .iter()
                .flat_map(|(length, stays)| (0..*length).map(|_| *stays));
            words.retain(|_| stays.next().unwrap_or(false));
        }
        let mut end = 0;
        self.ends.clear();
        self.ends.extend(
            lengths
                .iter()
                .filter(|(_, stays)| *stays)
                .map(|(length, _)| {
                    end += length;
                    end
                }),
        );
    }
}

fn write_store(segment: &Segment, documents: &[TantivyDocument]) -> tantivy::Result<()> {
    let (schema, settings) = (segment.schema(), segment.index().settings());
    let file = segment.open_write(SegmentComponent::Store)?;
    let mut store = StoreWriter::new(
        file,
        settings.docstore_compression,
        settings.docstore_blocksize,
        false,
    )?;
    documents
        .iter()
        .try_for_each(|document| store.store(document, &schema))?;
    Ok(store.close()?)
}

fn write_fast_fields(segment: &Segment, documents: &[TantivyDocument]) -> tantivy::Result<()> {
    let mut fast_fields = FastFieldsWriter::from_schema_and_tokenizer_manager(
        &segment.schema(),
        segment.index().fast_field_tokenizer().clone(),
    )?;
    documents
        .iter()
        .try_for_each(|document| fast_fields.add_document(document))?;
    let mut file = segment.open_write(SegmentComponent::FastFields)?;
    fast_fields.serialize(&mut file, None)?;
    Ok(file.terminate()?)
}
