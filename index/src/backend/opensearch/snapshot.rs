//! One consistent view of a generation in a cluster: count, hits and stored articles are of the same moment.

use std::hash::{DefaultHasher, Hash, Hasher};
use std::sync::Arc;
use std::time::{Duration, SystemTime};

use rustc_hash::FxHashSet;
use serde_json::{Value, json};

use super::Shared;
use super::candidate::{Candidate, after, fetched, sorted};
use super::lower::Lowering;
use super::rank::Ranking;
use super::request::Talk;
use super::schema::{CLUSTER, MAX_WINDOW, PUBLISHED};
use super::view::View;
use super::{similar, summary};
use crate::backend::{
    Copies, Explained, Found, Operator, Order, Page, Snapshot, Start, Stats, StoredHit, Summary,
    Wanted,
};
use crate::deadline::Deadline;
use crate::document::{Article, ArticleId};
use crate::error::{Error, Result};
use crate::learning::Boilerplate;
use crate::learning::graph::Graph;
use crate::query::{Keyword, Query};
use crate::ranking::Weights;
use crate::ranking::similar::{Neighbour, Subject};
use crate::timings::{SearchTimings, Stage};
use fihrist_arabic::spelling::Vocabulary;
use fihrist_arabic::{ANALYSIS_VERSION, Analyzer};

/// So many of the best articles are ranked again by where their words stand, as in the embedded index.
const RERANKED: usize = 100;

/// Where the best candidates hold too few articles that are no copies of one another, so many times as many are taken.
const CANDIDATES_GROWTH: usize = 4;

/// Up to so many clusters a cluster counts nearly all of them rightly.
const COUNTED_RIGHTLY: u64 = 40_000;

/// Copies of one article that are put in order by their ids where they are of the same second.
const MAX_COPIES: usize = 1_000;

/// A view, for one caller.
pub struct RemoteSnapshot {
    shared: Arc<Shared>,
    view: Arc<View>,
    deadline: Deadline,
    timings: SearchTimings,
}

impl RemoteSnapshot {
    /// A view for a caller with so much patience.
    pub fn new(
        shared: Arc<Shared>,
        view: Arc<View>,
        deadline: Deadline,
        timings: SearchTimings,
    ) -> Self {
        Self {
            shared,
            view,
            deadline,
            timings,
        }
    }

    fn lower(&self, query: &Query, operator: Operator, weights: &Weights) -> Result<Option<Value>> {
        self.lowering(operator, weights).lower(query)
    }

    fn lowering<'a>(&'a self, operator: Operator, weights: &'a Weights) -> Lowering<'a> {
        Lowering {
            dictionary: &self.view.dictionary,
            weights,
            operator,
            deadline: &self.deadline,
        }
    }

    fn run(&self, body: &Value) -> Result<Value> {
        self.view.search(&self.deadline, body)
    }

    /// The first articles in their final order, as many as are needed for a page, where the page begins among them, and how
    /// many match in all.
    fn best(
        &self,
        lowered: &Value,
        query: &Query,
        weights: &Weights,
        page: Page,
    ) -> Result<(Vec<Candidate>, usize, u64)> {
        if !page.order.needs_scores() {
            return self.by_date(lowered, page);
        }
        let (Start::Offset(before) | Start::After { shown: before, .. }) = page.start;
        let mut wanted = before.saturating_add(page.limit).max(RERANKED);
        loop {
            let mut body = json!({"size": wanted.min(MAX_WINDOW), "query": lowered, "sort": sorted(page.order)});
            body["track_scores"] = json!(true);
            fetched(&mut body, wanted <= RERANKED);
            let (mut best, total) = self.candidates(body, page)?;
            if total < page.at_least {
                return Ok((Vec::new(), 0, total));
            }
            let are_all = best.len() < wanted;
            self.rerank(query, weights, page.order, &mut best)?;
            if page.collapses {
                let mut shown = FxHashSet::default();
                best.retain(|hit| shown.insert(hit.cluster));
            }
            let start = match page.start {
                Start::Offset(offset) => offset,
                Start::After { sort_key, shown } => {
                    let last = best
                        .iter()
                        .position(|hit| hit.content_hash == sort_key.content_hash);
                    last.map_or(shown, |last| last + 1)
                }
            };
            if are_all || best.len() >= start.saturating_add(page.limit) {
                let page = best.into_iter().skip(start).take(page.limit).collect();
                return Ok((page, start, total));
            }
            wanted = wanted.saturating_mul(CANDIDATES_GROWTH);
        }
    }

    /// A page in an order that follows from the articles alone: the cluster has it already.
    fn by_date(&self, lowered: &Value, page: Page) -> Result<(Vec<Candidate>, usize, u64)> {
        let mut body = json!({"size": page.limit, "query": lowered, "sort": sorted(page.order)});
        fetched(&mut body, true);
        if page.collapses {
            body["collapse"] = json!({ "field": CLUSTER });
        }
        match page.start {
            Start::Offset(offset) => {
                body["from"] = json!(offset.min(MAX_WINDOW - page.limit.min(MAX_WINDOW)));
                let (hits, total) = self.candidates(body, page)?;
                Ok((hits, offset, total))
            }
            Start::After { sort_key, shown } if !page.collapses => {
                body["search_after"] = after(page.order, sort_key);
                let (hits, total) = self.candidates(body, page)?;
                Ok((hits, shown, total))
            }
            // A cluster goes on after a hit, or collapses, and never both.
            Start::After { sort_key, shown } => {
                body["size"] = json!(shown.saturating_add(2 * page.limit).min(MAX_WINDOW));
                let (hits, total) = self.candidates(body, page)?;
                let start = hits.partition_point(|hit| !hit.is_after(sort_key));
                Ok((
                    hits.into_iter().skip(start).take(page.limit).collect(),
                    start,
                    total,
                ))
            }
        }
    }

    /// Runs a search for hits; they, and how many match in all.
    fn candidates(&self, mut body: Value, page: Page) -> Result<(Vec<Candidate>, u64)> {
        body["track_total_hits"] = json!(true);
        if page.collapses {
            body["aggs"] = json!({"copies": {"cardinality": {"field": CLUSTER, "precision_threshold": COUNTED_RIGHTLY}}});
        }
        let answer = self.run(&body)?;
        let all = answer["hits"]["total"]["value"]
            .as_u64()
            .unwrap_or_default();
        let collapsed = answer["aggregations"]["copies"]["value"].as_u64();
        Ok((
            Candidate::all(&answer, page.order)?,
            collapsed.map_or(all, |collapsed| collapsed.min(all)),
        ))
    }

    /// Ranks the first articles again. The others stay behind them, with scores that go on where theirs end.
    fn rerank(
        &self,
        query: &Query,
        weights: &Weights,
        order: Order,
        top: &mut [Candidate],
    ) -> Result<()> {
        let _ranking = self.timings.time(Stage::Rank);
        let (first, rest) = top.split_at_mut(RERANKED.min(top.len()));
        let Some(rough) = first.last().map(|candidate| candidate.score) else {
            return Ok(());
        };
        self.rescore(query, weights, order, first)?;
        first.sort_unstable_by(Candidate::compare);
        let scale = first
            .last()
            .map_or(0.0, |last| last.score / rough.max(f32::MIN_POSITIVE));
        for candidate in rest {
            candidate.rescore(candidate.score * scale, order);
        }
        Ok(())
    }

    /// Scores articles by where their words stand.
    fn rescore(
        &self,
        query: &Query,
        weights: &Weights,
        order: Order,
        candidates: &mut [Candidate],
    ) -> Result<()> {
        self.fetch(candidates)?;
        let ranking = Ranking::new(&self.view, query, weights, &self.deadline)?;
        let articles: Vec<&Article> = candidates
            .iter()
            .filter_map(|candidate| candidate.article.as_ref())
            .collect();
        if articles.len() < candidates.len() {
            return Err(Error::internal("rank the best articles")(
                "one of them is not stored",
            ));
        }
        let parts = ranking.parts(&articles, &self.deadline)?;
        for (candidate, parts) in candidates.iter_mut().zip(parts) {
            candidate.rescore(parts.total(), order);
        }
        Ok(())
    }

    /// Reads the articles of hits that have none yet.
    fn fetch(&self, candidates: &mut [Candidate]) -> Result<()> {
        let ids: Vec<&str> = candidates
            .iter()
            .filter(|hit| hit.article.is_none())
            .map(|hit| hit.id.as_str())
            .collect();
        if ids.is_empty() {
            return Ok(());
        }
        let mut found = self.with_ids(&ids)?;
        for candidate in candidates.iter_mut().filter(|hit| hit.article.is_none()) {
            let sort_key = found.iter().position(|hit| hit.id == candidate.id);
            candidate.article = sort_key.and_then(|sort_key| found.swap_remove(sort_key).article);
        }
        Ok(())
    }

    fn with_ids(&self, ids: &[&str]) -> Result<Vec<Candidate>> {
        let mut body = json!({"size": ids.len(), "query": {"ids": {"values": ids}}, "track_total_hits": false});
        fetched(&mut body, true);
        Candidate::all(&self.run(&body)?, Order::Relevance)
    }

    fn with_id(&self, id: &ArticleId) -> Result<Option<Candidate>> {
        Ok(self.with_ids(&[id.as_str()])?.pop())
    }
}

impl Snapshot for RemoteSnapshot {
    fn deadline(&self) -> &Deadline {
        &self.deadline
    }

    fn timings(&self) -> &SearchTimings {
        &self.timings
    }

    fn for_caller(&self, deadline: &Deadline, timings: &SearchTimings) -> Arc<dyn Snapshot> {
        Arc::new(Self::new(
            Arc::clone(&self.shared),
            Arc::clone(&self.view),
            deadline.clone(),
            timings.clone(),
        ))
    }

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
        // The same for every server that has seen the same commit.
        let mut hasher = DefaultHasher::new();
        let state = &self.view.read.state;
        (
            &self.view.read.index,
            &state.model_hash,
            state.commits,
            self.view.graph.hash(),
        )
            .hash(&mut hasher);
        hasher.finish()
    }

    fn search(
        &self,
        query: &Query,
        operator: Operator,
        weights: &Weights,
        page: Page,
    ) -> Result<Found> {
        let _finding = self.timings.time(Stage::Find);
        let Some(lowered) = self.lower(query, operator, weights)? else {
            return Ok(Found {
                total: 0,
                start: 0,
                hits: Vec::new(),
            });
        };
        if page.limit == 0 {
            let (_, total) = self.candidates(json!({"size": 0, "query": lowered}), page)?;
            return Ok(Found {
                total,
                start: 0,
                hits: Vec::new(),
            });
        }
        let (mut shown, start, total) = self.best(&lowered, query, weights, page)?;
        if page.order.needs_scores() {
            self.fetch(&mut shown)?;
        } else {
            // The score of a hit says the same in every order.
            self.rescore(query, weights, page.order, &mut shown)?;
            shown.sort_unstable_by(Candidate::compare);
        }
        let hits = shown.into_iter().filter_map(|hit| {
            let (score, sort_key, duplicates) =
                (hit.score, hit.sort_key(), self.view.copies_of(hit.cluster));
            hit.article.map(|article| StoredHit {
                stored: article.into(),
                score,
                sort_key,
                duplicates,
            })
        });
        Ok(Found {
            total,
            start,
            hits: hits.collect(),
        })
    }

    fn summarize(
        &self,
        query: &Query,
        operator: Operator,
        weights: &Weights,
        of: &Wanted<'_>,
    ) -> Result<Summary> {
        let _finding = self.timings.time(Stage::Find);
        match self.lower(query, operator, weights)? {
            Some(lowered) => summary::summarize(&self.view, &self.deadline, &lowered, of),
            None => Ok(Summary {
                values: vec![Vec::new(); of.fields.len()],
                ..Summary::default()
            }),
        }
    }

    fn explain(
        &self,
        query: &Query,
        operator: Operator,
        weights: &Weights,
        id: &ArticleId,
    ) -> Result<Option<Explained>> {
        let Some(candidate) = self.with_id(id)? else {
            return Ok(None);
        };
        let Some(article) = candidate.article else {
            return Ok(None);
        };
        let lowering = self.lowering(operator, weights);
        let none = || json!({"match_none": {}});
        let mut filters = vec![lowering.lower(query)?.unwrap_or_else(none)];
        for clause in &query.clauses {
            filters.push(lowering.one(clause)?);
        }
        let body = json!({
            "size": 0,
            "query": {"ids": {"values": [id.as_str()]}},
            "aggs": {"held": {"filters": {"filters": filters}}},
        });
        let answer = self.run(&body)?;
        let held = answer["aggregations"]["held"]["buckets"]
            .as_array()
            .map_or(&[][..], Vec::as_slice);
        let mut held = held
            .iter()
            .map(|bucket| bucket["doc_count"].as_u64().is_some_and(|count| count > 0));
        let ranking = Ranking::new(&self.view, query, weights, &self.deadline)?;
        Ok(Some(Explained {
            is_match: held.next().unwrap_or_default(),
            holds: held.collect(),
            score: ranking
                .parts(&[&article], &self.deadline)?
                .pop()
                .unwrap_or_default(),
            root_groups: ranking
                .wanted()
                .iter()
                .map(|word| word.root_groups().map(str::to_owned).collect())
                .collect(),
            article,
        }))
    }

    fn vocabulary(&self) -> Result<Arc<Vocabulary>> {
        if self.view.is_retired() {
            return self.shared.view().vocabulary();
        }
        self.view.vocabulary()
    }

    fn has_value(&self, field: Keyword, value: &str) -> Result<bool> {
        let values = self.view.values(&self.deadline, field)?;
        Ok(values
            .binary_search_by(|known| known.as_str().cmp(value))
            .is_ok())
    }

    fn values(&self, field: Keyword) -> Result<Vec<String>> {
        Ok(self.view.values(&self.deadline, field)?.to_vec())
    }

    fn content_hash(&self, id: &ArticleId) -> Result<Option<u64>> {
        let mut body = json!({"size": 1, "query": {"ids": {"values": [id.as_str()]}}, "track_total_hits": false});
        fetched(&mut body, false);
        let mut found = Candidate::all(&self.run(&body)?, Order::Relevance)?;
        Ok(found.pop().map(|hit| hit.content_hash))
    }

    fn duplicates(&self, id: &ArticleId, limit: usize) -> Result<Option<Copies>> {
        let Some(own) = self.with_id(id)? else {
            return Ok(None);
        };
        let query = json!({"bool": {
            "filter": [{"term": {CLUSTER: own.cluster}}],
            "must_not": [{"ids": {"values": [own.id]}}],
        }});
        let mut body = json!({"size": MAX_COPIES, "query": query, "track_total_hits": true});
        body["sort"] = json!([{PUBLISHED: {"order": "desc", "missing": "_last"}}]);
        fetched(&mut body, false);
        let answer = self.run(&body)?;
        let mut others = Candidate::all(&answer, Order::Newest)?;
        others.sort_by(|one, other| {
            other
                .published
                .cmp(&one.published)
                .then_with(|| one.id.cmp(&other.id))
        });
        others.truncate(limit);
        self.fetch(&mut others)?;
        let total = answer["hits"]["total"]["value"]
            .as_u64()
            .unwrap_or_default();
        Ok(Some(Copies {
            total,
            articles: others
                .into_iter()
                .filter_map(|other| other.article)
                .collect(),
        }))
    }

    fn similar(
        &self,
        id: &ArticleId,
        subject: &Subject,
        limit: usize,
    ) -> Result<Option<Vec<Neighbour>>> {
        let Some(own) = self.with_id(id)? else {
            return Ok(None);
        };
        similar::similar(&self.view, &self.deadline, &own, subject, limit).map(Some)
    }

    fn article(&self, id: &ArticleId) -> Result<Option<Article>> {
        Ok(self.with_id(id)?.and_then(|found| found.article))
    }

    fn stats(&self) -> Result<Stats> {
        let view = &self.view;
        let talk = Talk::to_search(view.client(), &self.deadline);
        let path = format!(
            "/{},{}/_stats/store,segments",
            view.generation.index, view.generation.files
        );
        let sizes = talk.get(path)?.accepted(view.client())?;
        let primaries = &sizes.0["_all"]["primaries"];
        let segments = primaries["segments"]["count"].as_u64().unwrap_or_default();
        let state = &view.read.state;
        Ok(Stats {
            articles: view.articles,
            sources: view.values(&self.deadline, Keyword::Source)?.len() as u64,
            published: summary::published(view, &self.deadline)?,
            changed: u64::try_from(state.changed)
                .ok()
                .map(|seconds| SystemTime::UNIX_EPOCH + Duration::from_secs(seconds)),
            size_bytes: primaries["store"]["size_in_bytes"]
                .as_u64()
                .unwrap_or_default(),
            duplicate_clusters: view.copies.len() as u64,
            duplicate_articles: view.copies.values().map(|size| u64::from(*size)).sum(),
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
