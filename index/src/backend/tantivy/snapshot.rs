//! A snapshot of the embedded index: a view and the generation that it belongs to.

use std::sync::Arc;

use tantivy::collector::{Collector, Count};
use tantivy::query::{BooleanQuery, Query, TermQuery};
use tantivy::schema::IndexRecordOption;
use tantivy::{DocAddress, TantivyDocument, Term};

use super::collect::{OccurrenceReader, READ, Summarize, View, address};
use super::format::{EncodedArticle, StoredFields};
use super::generation::{Generation, GenerationGraph};
use super::query::{DeadlineQuery, Lowering};
use crate::backend::lowering::one;
use crate::backend::{
    Candidate, Candidates, Matches, PreparedQuery, SearchContext, Selection, SimilarCandidates,
    Snapshot, Stats, Summary, Wanted, hash_of,
};
use crate::document::{ArticleId, Field, StoredArticle};
use crate::error::{OrInternal, Result};
use crate::learning::Boilerplate;
use crate::learning::graph::Graph;
use crate::query::{Keyword, Level};
use crate::ranking::similar::Subject;
use crate::ranking::{ArticleOccurrences, RootGroups, ScoringWord, TermStatistics, Weights};
use fihrist_arabic::spelling::Vocabulary;
use fihrist_arabic::{ANALYSIS_VERSION, Analyzer};

pub const LOOK_UP: &str = "look up an article";
const SEARCH: &str = "search";
const READ_FIGURES: &str = "read what the index holds";
const RANK: &str = "rerank the candidates of a query";

/// A snapshot of one generation: its view and its graph at one time.
pub struct EmbeddedSnapshot {
    pub(super) generation: Arc<Generation>,
    pub(super) view: Arc<View>,
    graph: GenerationGraph,
}

impl EmbeddedSnapshot {
    /// Returns a snapshot of what `generation` held at its last reload.
    pub fn new(generation: Arc<Generation>) -> Self {
        Self {
            view: generation.view(),
            graph: generation.graph(),
            generation,
        }
    }

    /// Returns the [`Lowering`] that translates this query into a Tantivy query.
    fn lowering<'a>(
        &'a self,
        query: PreparedQuery<'a>,
        context: &'a SearchContext,
    ) -> Lowering<'a> {
        Lowering {
            view: &self.view,
            query,
            deadline: &context.deadline,
        }
    }

    /// Returns the Tantivy query to run; `None` if the query has no condition, and so matches
    /// nothing. Fails after the deadline.
    pub(super) fn lower(
        &self,
        query: PreparedQuery<'_>,
        context: &SearchContext,
    ) -> Result<Option<DeadlineQuery>> {
        let lowered = self.lowering(query, context).lower();
        let lowered = lowered.or_internal(SEARCH)?;
        Ok(lowered.map(|lowered| DeadlineQuery::new(lowered, &context.deadline)))
    }

    /// Returns what a collector collects of the documents that match a query.
    pub(super) fn search<C: Collector>(
        &self,
        query: &DeadlineQuery,
        collector: &C,
    ) -> Result<C::Fruit> {
        let found = self.view.searcher.search(query, collector);
        found.or_internal(SEARCH)
    }

    /// Reads the stored article at an address.
    pub(super) fn stored(&self, address: DocAddress) -> Result<StoredArticle> {
        let encoded = self.view.articles.get(address, || {
            let document: tantivy::Result<TantivyDocument> = self.view.searcher.doc(address);
            let document = document.or_internal(LOOK_UP)?;
            EncodedArticle::of(&document, StoredFields::of(&self.view.fields))
        })?;
        encoded.decode(&self.generation.text_encoding())
    }

    /// Returns whether the article with an id matches a query.
    fn is_match(
        &self,
        id: &ArticleId,
        query: Box<dyn Query>,
        context: &SearchContext,
    ) -> tantivy::Result<bool> {
        let has_id = TermQuery::new(self.view.fields.id_term(id), IndexRecordOption::Basic);
        let both = BooleanQuery::intersection(vec![Box::new(has_id), query]);
        let both = DeadlineQuery::new(Box::new(both), &context.deadline);
        Ok(self.view.searcher.search(&both, &Count)? > 0)
    }
}

impl Snapshot for EmbeddedSnapshot {
    fn analyzer(&self) -> &Analyzer {
        &self.generation.analyzer
    }

    fn boilerplate(&self) -> &Boilerplate {
        &self.generation.boilerplate
    }

    fn graph(&self) -> Arc<Graph> {
        Arc::clone(&self.graph.graph)
    }

    fn version(&self) -> u64 {
        let segments = self.view.searcher.generation().segments();
        hash_of((&self.generation.name, segments, self.graph.graph.hash()))
    }

    fn terms(&self) -> &dyn TermStatistics {
        self
    }

    fn known_values(
        &self,
        field: Keyword,
        among: &[String],
        _: &SearchContext,
    ) -> Result<Vec<String>> {
        self.view.check_open()?;
        let field = self.view.fields.of_keyword(field);
        let mut known = Vec::new();
        for value in among {
            let term = Term::from_field_text(field, value);
            let frequency = self.view.searcher.doc_freq(&term);
            if frequency.or_internal(LOOK_UP)? > 0 {
                known.push(value.clone());
            }
        }
        Ok(known)
    }

    fn matching_values(
        &self,
        field: Keyword,
        accepts: &dyn Fn(&str) -> bool,
        context: &SearchContext,
    ) -> Result<Vec<String>> {
        let values = self.view.field_values(field)?;
        let is_over = || context.deadline.check().is_err();
        let matching = values.matching(accepts, &is_over).or_internal(READ)?;
        context.deadline.check()?;
        Ok(matching)
    }

    fn candidates(&self, selection: Selection<'_>, context: &SearchContext) -> Result<Candidates> {
        self.view.check_open()?;
        match selection {
            Selection::Query {
                query,
                page,
                wanted,
            } => self.matching(query, page, wanted, context),
            Selection::Id { id, .. } => self.with_id(id),
            Selection::Copies { of, limit } => self.copies(of, limit),
        }
    }

    fn matches(
        &self,
        query: PreparedQuery<'_>,
        id: &ArticleId,
        context: &SearchContext,
    ) -> Result<Matches> {
        self.view.check_open()?;
        let lowering = self.lowering(query, context);
        let find = || -> tantivy::Result<Matches> {
            let is_match = match lowering.lower()? {
                Some(lowered) => self.is_match(id, lowered, context)?,
                None => false,
            };
            let mut holds = Vec::with_capacity(query.query.clauses.len());
            for clause in &query.query.clauses {
                holds.push(self.is_match(id, one(&lowering, clause)?, context)?);
            }
            Ok(Matches { is_match, holds })
        };
        find().or_internal("explain a match")
    }

    fn occurrences(
        &self,
        words: &[ScoringWord],
        weights: &Weights,
        candidates: &mut [Candidate],
        context: &SearchContext,
    ) -> Result<Vec<ArticleOccurrences>> {
        self.view.check_open()?;
        let reader = OccurrenceReader {
            view: &self.view,
            words,
            weights,
            deadline: &context.deadline,
        };
        reader.read(candidates).or_internal(RANK)
    }

    fn fetch(
        &self,
        candidates: &mut [Candidate],
        context: &SearchContext,
    ) -> Result<Vec<Option<StoredArticle>>> {
        self.view.check_open()?;
        let mut articles = Vec::with_capacity(candidates.len());
        for candidate in candidates {
            let article = match candidate.take_article() {
                Some(article) => StoredArticle::from(article),
                None => self.stored(address(candidate.rank.document))?,
            };
            context.answer.read(&article.article)?;
            articles.push(Some(article));
        }
        Ok(articles)
    }

    fn summarize(
        &self,
        query: PreparedQuery<'_>,
        wanted: &Wanted<'_>,
        context: &SearchContext,
    ) -> Result<Summary> {
        self.view.check_open()?;
        match self.lower(query, context)? {
            Some(lowered) => {
                let fields = wanted.fields.iter();
                let values = fields.map(|field| self.view.field_values(*field));
                let summarize = Summarize {
                    wanted: *wanted,
                    values: values.collect::<Result<_>>()?,
                };
                self.search(&lowered, &summarize)
            }
            None => Ok(Summary::of_nothing(wanted)),
        }
    }

    fn similar(
        &self,
        own: &Candidate,
        subject: &Subject,
        wanted: usize,
        _: &SearchContext,
    ) -> Result<SimilarCandidates> {
        self.view.check_open()?;
        let duplicates = self.view.duplicates()?;
        let found = self.view.similar(own, subject, wanted, &duplicates);
        found.or_internal("find similar articles")
    }

    fn committed(&self, is_wanted: &dyn Fn(&str) -> bool) -> Result<Vec<(ArticleId, u64)>> {
        self.view.check_open()?;
        self.view.articles_with(is_wanted).or_internal(LOOK_UP)
    }

    fn ledger(&self) -> Result<Option<Vec<u8>>> {
        self.generation.ledger()
    }

    fn stats(&self, _: &SearchContext) -> Result<Stats> {
        self.view.check_open()?;
        let duplicates = self.view.duplicates()?;
        let searcher = &self.view.searcher;
        let sources = self.view.field_values(Keyword::Source)?.used_count;
        let published = self.view.published();
        Ok(Stats {
            articles: searcher.num_docs(),
            sources,
            published: published.or_internal(READ_FIGURES)?,
            changed: self.generation.changed(),
            size_bytes: self.generation.size_bytes(),
            duplicate_clusters: duplicates.clusters(),
            duplicate_articles: duplicates.documents(),
            segments: searcher.segment_readers().len(),
            generation: self.generation.name.clone(),
            analysis_version: ANALYSIS_VERSION,
            model_hash: self.analyzer().model().hash().to_owned(),
            learnt: self.generation.stamp.learnt(),
            graph_pairs: self.graph.graph.pair_count(),
            graph_hash: self.graph.graph.hash().to_owned(),
            graph_learnt: self.graph.learnt,
        })
    }
}

impl TermStatistics for EmbeddedSnapshot {
    fn articles(&self) -> u64 {
        self.view.searcher.num_docs()
    }

    fn frequency(&self, field: Field, level: Level, term: &str) -> Result<u64> {
        self.view.check_open()?;
        let term = Term::from_field_text(self.view.fields.levels[field as usize].at(level), term);
        let frequency = self.view.searcher.doc_freq(&term);
        frequency.or_internal(READ)
    }

    fn forms(&self, surface: &str) -> Result<Vec<String>> {
        self.view.check_open()?;
        self.view.forms(surface).or_internal(READ)
    }

    fn root_groups(&self) -> Result<Arc<RootGroups>> {
        self.view.check_open()?;
        self.view.root_groups()
    }

    fn vocabulary(&self) -> Result<Arc<Vocabulary>> {
        // A view drops its vocabulary when a later view replaces it, to save memory. So a snapshot
        // of an older commit also uses the vocabulary of the current view. The vocabulary only
        // proposes words for suggestions, corrections and patterns. The snapshot's own postings
        // decide which articles match.
        self.generation.view().vocabulary()
    }

    fn mean_length(&self, weights: &Weights) -> Result<f32> {
        self.view.check_open()?;
        let mean = self.view.mean_length(weights);
        mean.or_internal(RANK)
    }
}
