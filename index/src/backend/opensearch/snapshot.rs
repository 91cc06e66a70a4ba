//! A snapshot of an index in a cluster: a view, which searches in one point in time.

use parking_lot::RwLock;
use std::sync::Arc;
use std::time::{Duration, SystemTime};

use serde_json::json;

use super::lower::Lowering;
use super::occurrences::OccurrenceCounter;
use super::{
    Read, Requester, View, article_of, articles_with, elements, files, similar, summary, to_number,
};
use crate::backend::lowering::one;
use crate::backend::{
    Candidate, Candidates, Matches, PreparedQuery, SearchContext, Selection, SimilarCandidates,
    Snapshot, Stats, Summary, Wanted, hash_of,
};
use crate::document::{Article, ArticleId, Field, StoredArticle};
use crate::error::{OrInternal, Result};
use crate::learning::Boilerplate;
use crate::learning::graph::Graph;
use crate::query::{Keyword, Level};
use crate::ranking::similar::Subject;
use crate::ranking::{ArticleOccurrences, RootGroups, ScoringWord, TermStatistics, Weights};
use fihrist_arabic::spelling::Vocabulary;
use fihrist_arabic::{ANALYSIS_VERSION, Analyzer};

/// A snapshot of one generation in a cluster.
pub struct RemoteSnapshot {
    /// The current view of the index, which a new commit replaces.
    pub current: Arc<RwLock<Arc<View>>>,
    pub view: Arc<View>,
}

impl RemoteSnapshot {
    /// Returns the [`Lowering`] that translates this query into an OpenSearch query.
    pub(super) fn lowering<'a>(
        &'a self,
        query: PreparedQuery<'a>,
        context: &'a SearchContext,
    ) -> Lowering<'a> {
        Lowering {
            dictionary: &self.view.dictionary,
            weights: query.weights,
            operator: query.operator,
            deadline: &context.deadline,
        }
    }

    /// Reads the article of each candidate that came without its article.
    fn complete(&self, candidates: &mut [Candidate], context: &SearchContext) -> Result<()> {
        let missing = candidates
            .iter_mut()
            .filter(|candidate| article_of(candidate).is_none());
        let missing: Vec<&mut Candidate> = missing.collect();
        if missing.is_empty() {
            return Ok(());
        }
        let ids: Vec<&str> = missing.iter().map(|candidate| candidate.id()).collect();
        let mut found = self.with_ids(&ids, true, context)?.best;
        for candidate in missing {
            let id = candidate.id();
            if let Some(place) = found.iter().position(|found| found.id() == id) {
                candidate.delivered = found.swap_remove(place).delivered;
            }
        }
        Ok(())
    }
}

impl Snapshot for RemoteSnapshot {
    fn analyzer(&self) -> &Analyzer {
        &self.view.generation.analyzer
    }

    fn boilerplate(&self) -> &Boilerplate {
        &self.view.generation.boilerplate
    }

    fn graph(&self) -> Arc<Graph> {
        Arc::clone(&self.view.graph)
    }

    fn version(&self) -> u64 {
        // All servers that have seen the same commit compute the same number.
        let Read { index, state, .. } = &self.view.read;
        let graph = self.view.graph.hash();
        hash_of((index, &state.model_hash, state.commits, graph))
    }

    fn terms(&self) -> &dyn TermStatistics {
        self
    }

    fn known_values(
        &self,
        field: Keyword,
        among: &[String],
        context: &SearchContext,
    ) -> Result<Vec<String>> {
        let values = self.view.values(context, field)?;
        let mut known = among.to_vec();
        known.retain(|value| values.binary_search(value).is_ok());
        Ok(known)
    }

    fn matching_values(
        &self,
        field: Keyword,
        accepts: &dyn Fn(&str) -> bool,
        context: &SearchContext,
    ) -> Result<Vec<String>> {
        let values = self.view.values(context, field)?;
        let accepted = values.iter().filter(|value| accepts(value));
        Ok(accepted.cloned().collect())
    }

    fn candidates(&self, selection: Selection<'_>, context: &SearchContext) -> Result<Candidates> {
        match selection {
            Selection::Query {
                query,
                page,
                wanted,
            } => self.matching(query, page, wanted, context),
            Selection::Id { id, with_article } => {
                self.with_ids(&[id.as_str()], with_article, context)
            }
            Selection::Copies { of, limit } => self.copies(of, limit, context),
        }
    }

    fn matches(
        &self,
        query: PreparedQuery<'_>,
        id: &ArticleId,
        context: &SearchContext,
    ) -> Result<Matches> {
        let lowering = self.lowering(query, context);
        let lowered = lowering.lower(query.query)?;
        let mut filters = vec![lowered.unwrap_or_else(|| json!({"match_none": {}}))];
        for clause in &query.query.clauses {
            filters.push(one(&lowering, clause)?);
        }
        let body = json!({
            "size": 0,
            "query": {"ids": {"values": [id.as_str()]}},
            "aggs": {"held": {"filters": {"filters": filters}}},
        });
        let answer = self.view.search(context, &body)?;
        let mut holds = elements(&answer["aggregations"]["held"]["buckets"])
            .iter()
            .map(|bucket| to_number(&bucket["doc_count"]) > 0);
        let is_match = holds.next().unwrap_or_default();
        Ok(Matches {
            is_match,
            holds: holds.collect(),
        })
    }

    fn occurrences(
        &self,
        words: &[ScoringWord],
        weights: &Weights,
        candidates: &mut [Candidate],
        context: &SearchContext,
    ) -> Result<Vec<ArticleOccurrences>> {
        self.complete(candidates, context)?;
        let articles: Option<Vec<&Article>> = candidates.iter().map(article_of).collect();
        let articles = articles
            .ok_or("the text of a candidate is not stored")
            .or_internal("rerank the candidates of a query")?;
        let counter = OccurrenceCounter::new(&self.view.generation.analyzer, words, weights);
        counter.count(&articles, &context.deadline)
    }

    fn fetch(
        &self,
        candidates: &mut [Candidate],
        context: &SearchContext,
    ) -> Result<Vec<Option<StoredArticle>>> {
        self.complete(candidates, context)?;
        let taken = candidates.iter_mut().map(Candidate::take_article);
        let articles: Vec<_> = taken.map(|taken| taken.map(StoredArticle::from)).collect();
        for stored in articles.iter().flatten() {
            context.answer.read(&stored.article)?;
        }
        Ok(articles)
    }

    fn summarize(
        &self,
        query: PreparedQuery<'_>,
        wanted: &Wanted<'_>,
        context: &SearchContext,
    ) -> Result<Summary> {
        match self.lowering(query, context).lower(query.query)? {
            Some(lowered) => summary::summarize(&self.view, context, &lowered, wanted),
            None => Ok(Summary::of_nothing(wanted)),
        }
    }

    fn similar(
        &self,
        own: &Candidate,
        subject: &Subject,
        wanted: usize,
        context: &SearchContext,
    ) -> Result<SimilarCandidates> {
        similar::similar(&self.view, context, own, subject, wanted)
    }

    fn committed(&self, is_wanted: &dyn Fn(&str) -> bool) -> Result<Vec<(ArticleId, u64)>> {
        let requester = Requester::to_write(&self.view.client);
        articles_with(&requester, &self.view.generation.index, is_wanted)
    }

    fn ledger(&self) -> Result<Option<Vec<u8>>> {
        let requester = Requester::to_write(&self.view.client);
        let files = &self.view.generation.files;
        files::read_chosen(&requester, files, |state| state.ledger)?.transpose()
    }

    fn stats(&self, context: &SearchContext) -> Result<Stats> {
        let view = &self.view;
        let requester = Requester::to_search(&view.client, &context.deadline);
        let index = &view.generation.index;
        let files = &view.generation.files;
        let path = format!("/{index},{files}/_stats/store,segments");
        let sizes = requester.get(path)?.accepted()?;
        let primaries = &sizes["_all"]["primaries"];
        let segments = to_number(&primaries["segments"]["count"]);
        let state = &view.read.state;
        let changed = u64::try_from(state.changed).ok();
        Ok(Stats {
            articles: view.dictionary.articles,
            sources: view.values(context, Keyword::Source)?.len() as u64,
            published: summary::published(view, context)?,
            changed: changed.map(|seconds| SystemTime::UNIX_EPOCH + Duration::from_secs(seconds)),
            size_bytes: to_number(&primaries["store"]["size_in_bytes"]),
            duplicate_clusters: view.copies.clusters(),
            duplicate_articles: view.copies.articles(),
            segments: usize::try_from(segments).unwrap_or_default(),
            generation: view.generation.name().to_owned(),
            analysis_version: ANALYSIS_VERSION,
            model_hash: state.model_hash.clone(),
            learnt: view.generation.learnt,
            graph_pairs: view.graph.pair_count(),
            graph_hash: view.graph.hash().to_owned(),
            graph_learnt: view.graph_learnt,
        })
    }
}

/// The term statistics are in memory, so no request is sent.
impl TermStatistics for RemoteSnapshot {
    fn articles(&self) -> u64 {
        self.view.dictionary.articles
    }

    fn frequency(&self, field: Field, level: Level, term: &str) -> Result<u64> {
        Ok(self.view.dictionary.frequency(field, level, term))
    }

    fn forms(&self, surface: &str) -> Result<Vec<String>> {
        Ok(self.view.dictionary.forms(surface))
    }

    fn root_groups(&self) -> Result<Arc<RootGroups>> {
        self.view.root_groups()
    }

    fn vocabulary(&self) -> Result<Arc<Vocabulary>> {
        // A view drops its vocabulary when a later view replaces it, to save memory. So a snapshot
        // of an older commit also uses the vocabulary of the current view. The vocabulary only
        // proposes words for suggestions, corrections and patterns. The snapshot's own postings
        // decide which articles match.
        let current = Arc::clone(&self.current.read());
        current.vocabulary()
    }

    fn mean_length(&self, weights: &Weights) -> Result<f32> {
        let means = self.view.dictionary.mean_words();
        let weighted = means.iter().zip(weights.fields);
        Ok(weighted.map(|(mean, weight)| mean * weight).sum())
    }
}
