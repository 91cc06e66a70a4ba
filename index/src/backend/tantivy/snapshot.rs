//! A snapshot of the embedded index: a view and the generation that it belongs to.

use std::hash::{DefaultHasher, Hash, Hasher};
use std::sync::Arc;

use tantivy::collector::Count;
use tantivy::query::{BooleanQuery, Occur, TermQuery};
use tantivy::schema::IndexRecordOption;
use tantivy::{DocAddress, TantivyDocument, Term};

use super::collect::dictionary::values;
use super::collect::duplicates::Duplicates;
use super::collect::occurrences::OccurrenceReader;
use super::collect::similar::SimilarDocuments;
use super::collect::stats;
use super::collect::summary::Summarize;
use super::collect::top_docs::{TopDoc, address};
use super::format::document::{EncodedArticle, StoredFields};
use super::format::schema::Fields;
use super::generation::Generation;
use super::generation::graph_file::GenerationGraph;
use super::query::deadline_query::DeadlineQuery;
use super::query::lower::Lowering;
use super::view::View;
use crate::backend::{
    Candidate, Candidates, Matches, PreparedQuery, SearchContext, Selection, SimilarCandidates,
    Snapshot, Stats, Summary, Wanted,
};
use crate::document::{ArticleId, StoredArticle};
use crate::error::{Error, Result};
use crate::learning::Boilerplate;
use crate::learning::graph::Graph;
use crate::query::Keyword;
use crate::ranking::similar::Subject;
use crate::ranking::{ArticleOccurrences, ScoringWord, TermStatistics, Weights};
use fihrist_arabic::{ANALYSIS_VERSION, Analyzer};

pub const LOOK_UP: &str = "look up an article";
pub const SEARCH: &str = "search";
const EXPLAIN: &str = "explain a match";

/// A snapshot of one generation: its view and its graph at one time.
pub struct EmbeddedSnapshot {
    pub(super) generation: Arc<Generation>,
    pub(super) view: Arc<View>,
    graph: GenerationGraph,
}

impl EmbeddedSnapshot {
    /// Returns a snapshot of what `generation` held at its last reload.
    pub fn new(generation: Arc<Generation>) -> Self {
        let view = generation.view();
        let graph = generation.graph();
        Self {
            generation,
            view,
            graph,
        }
    }

    pub(super) fn fields(&self) -> &Fields {
        self.generation.fields()
    }

    /// Returns the [`Lowering`] that translates this query into a Tantivy query.
    pub(super) fn lowering<'a>(
        &'a self,
        query: PreparedQuery<'a>,
        context: &'a SearchContext,
    ) -> Lowering<'a> {
        Lowering {
            searcher: &self.view.searcher,
            fields: self.fields(),
            weights: query.weights,
            operator: query.operator,
            analyzer: self.generation.analyzer(),
            deadline: &context.deadline,
        }
    }

    /// Returns the candidate for a document that a search found.
    pub(super) fn candidate(&self, found: TopDoc, duplicates: &Duplicates) -> Candidate {
        let cluster = duplicates.cluster(address(found.rank.document));
        Candidate {
            rank: found.rank,
            score: found.score,
            cluster: cluster.map(u64::from),
            copies: cluster.map_or(0, |cluster| duplicates.copies(cluster)),
            delivered: None,
        }
    }

    /// Reads the stored article at an address.
    pub(super) fn stored(&self, address: DocAddress) -> Result<StoredArticle> {
        let encoded = self.view.articles.get(address, || {
            let document: TantivyDocument = self
                .view
                .searcher
                .doc(address)
                .map_err(Error::internal(LOOK_UP))?;
            EncodedArticle::of(&document, StoredFields::of(self.fields()))
        })?;
        encoded.decode(&self.generation.text_encoding())
    }

    /// Returns whether the article with an id matches a query.
    fn is_match(
        &self,
        id: &ArticleId,
        query: Option<Box<dyn tantivy::query::Query>>,
        context: &SearchContext,
    ) -> Result<bool> {
        let Some(query) = query else { return Ok(false) };
        let id = Term::from_field_text(self.fields().id, id.as_str());
        let has_id = TermQuery::new(id, IndexRecordOption::Basic);
        let both = BooleanQuery::new(vec![(Occur::Must, Box::new(has_id)), (Occur::Must, query)]);
        let both = DeadlineQuery::new(Box::new(both), &context.deadline);
        let found = self.view.searcher.search(&both, &Count);
        Ok(found.map_err(Error::internal(EXPLAIN))? > 0)
    }
}

impl Snapshot for EmbeddedSnapshot {
    fn analyzer(&self) -> &Analyzer {
        self.generation.analyzer()
    }

    fn boilerplate(&self) -> &Boilerplate {
        self.generation.boilerplate()
    }

    fn graph(&self) -> Arc<Graph> {
        Arc::clone(&self.graph.graph)
    }

    fn version(&self) -> u64 {
        let mut hasher = DefaultHasher::new();
        let segments = self.view.searcher.generation().segments();
        (self.generation.name(), segments, self.graph.graph.hash()).hash(&mut hasher);
        hasher.finish()
    }

    fn terms(&self) -> &dyn TermStatistics {
        self
    }

    fn values(
        &self,
        field: Keyword,
        among: Option<&[String]>,
        _: &SearchContext,
    ) -> Result<Vec<String>> {
        let field = self.fields().of_keyword(field);
        let Some(among) = among else {
            return values(&self.view.searcher, field);
        };
        let mut known = Vec::new();
        for value in among {
            let term = Term::from_field_text(field, value);
            let frequency = self.view.searcher.doc_freq(&term);
            if frequency.map_err(Error::internal(LOOK_UP))? > 0 {
                known.push(value.clone());
            }
        }
        Ok(known)
    }

    fn candidates(&self, selection: Selection<'_>, context: &SearchContext) -> Result<Candidates> {
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
        let lowering = self.lowering(query, context);
        let lowered = lowering
            .lower(query.query)
            .map_err(Error::internal(EXPLAIN))?;
        let is_match = self.is_match(id, lowered, context)?;
        let mut holds = Vec::with_capacity(query.query.clauses.len());
        for clause in &query.query.clauses {
            let lowered = lowering.one(clause).map_err(Error::internal(EXPLAIN))?;
            holds.push(self.is_match(id, Some(lowered), context)?);
        }
        Ok(Matches { is_match, holds })
    }

    fn occurrences(
        &self,
        words: &[ScoringWord],
        weights: &Weights,
        candidates: &mut [Candidate],
        context: &SearchContext,
    ) -> Result<Vec<ArticleOccurrences>> {
        let reader = OccurrenceReader {
            searcher: &self.view.searcher,
            fields: self.fields(),
            analyzer: self.generation.analyzer(),
            words,
            weights,
            deadline: &context.deadline,
        };
        reader
            .read(candidates)
            .map_err(Error::internal("rank the best articles"))
    }

    fn fetch(
        &self,
        candidates: &mut [Candidate],
        _: &SearchContext,
    ) -> Result<Vec<Option<StoredArticle>>> {
        let mut articles = Vec::with_capacity(candidates.len());
        for candidate in candidates {
            let article = match candidate.take_article() {
                Some(article) => StoredArticle::from(article),
                None => self.stored(address(candidate.rank.document))?,
            };
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
        let lowered = self.lowering(query, context).lower(query.query);
        let Some(lowered) = lowered.map_err(Error::internal(SEARCH))? else {
            return Ok(Summary::of_nothing(wanted));
        };
        let lowered = DeadlineQuery::new(lowered, &context.deadline);
        self.view
            .searcher
            .search(&lowered, &Summarize(*wanted))
            .map_err(Error::internal(SEARCH))
    }

    fn similar(
        &self,
        own: &Candidate,
        subject: &Subject,
        wanted: usize,
        _: &SearchContext,
    ) -> Result<SimilarCandidates> {
        const FIND: &str = "find similar articles";
        let searcher = &self.view.searcher;
        let duplicates = self.view.duplicates()?;
        let mut similar = SimilarDocuments::find(searcher, self.fields(), subject)
            .map_err(Error::internal(FIND))?;
        let found = similar
            .best(searcher, wanted)
            .map_err(Error::internal(FIND))?;
        let own = address(own.rank.document);
        let own_cluster = duplicates.cluster(own).map(u64::from);
        let mut best = Vec::with_capacity(found.len());
        for (rank, document) in found {
            let score = document.score;
            let candidate = self.candidate(TopDoc { rank, score }, &duplicates);
            let is_copy = candidate.cluster.is_some() && candidate.cluster == own_cluster;
            if document.address != own && !is_copy {
                best.push((candidate, similar.shared(&document)));
            }
        }
        Ok(SimilarCandidates {
            best,
            is_all: wanted >= similar.len(),
        })
    }

    fn stats(&self, _: &SearchContext) -> Result<Stats> {
        let duplicates = self.view.duplicates()?;
        let searcher = &self.view.searcher;
        Ok(Stats {
            articles: searcher.num_docs(),
            sources: stats::source_count(searcher, self.fields())?,
            published: stats::published(searcher)?,
            changed: self.generation.changed(),
            size_bytes: self.generation.size_bytes(),
            duplicate_clusters: duplicates.clusters(),
            duplicate_articles: duplicates.documents(),
            segments: searcher.segment_readers().len(),
            generation: self.generation.name().to_owned(),
            analysis_version: ANALYSIS_VERSION,
            model_hash: self.analyzer().model().hash().to_owned(),
            learnt: self.generation.stamp().learnt(),
            graph_pairs: self.graph.graph.pair_count(),
            graph_hash: self.graph.graph.hash().to_owned(),
            graph_learnt: self.graph.learnt,
        })
    }
}
