//! One consistent view of a generation: count, hits and stored articles come from the same searcher.

use std::cmp::Reverse;
use std::hash::{DefaultHasher, Hash, Hasher};
use std::sync::Arc;

use rustc_hash::FxHashSet;
use tantivy::collector::{Count, TopDocs};
use tantivy::query::{BooleanQuery, Occur, TermQuery};
use tantivy::schema::IndexRecordOption;
use tantivy::{DocAddress, TantivyDocument, Term};

use super::collect::dictionary::values;
use super::collect::duplicates::{CountCollapsed, Duplicates};
use super::collect::id_lookup::content_hash;
use super::collect::rerank::{Ranked, Ranking};
use super::collect::similar::{Sharer, Sharers};
use super::collect::stats;
use super::collect::summary::Summarize;
use super::collect::top_docs::{Candidate, TopArticles};
use super::format::document::{EncodedArticle, StoredFields};
use super::generation::Generation;
use super::generation::graph_file::GenerationGraph;
use super::query::deadline_query::DeadlineQuery;
use super::query::lower::Lowering;
use super::view::View;
use crate::backend::{
    Copies, Explained, Found, Operator, Order, Page, Snapshot, Start, Stats, StoredHit, Summary,
    Wanted,
};
use crate::deadline::Deadline;
use crate::document::{Article, ArticleId, StoredArticle};
use crate::error::{Error, Result};
use crate::learning::Boilerplate;
use crate::learning::graph::Graph;
use crate::query::{Keyword, Query};
use crate::ranking::RootGroups;
use crate::ranking::Weights;
use crate::ranking::similar::{Neighbour, Subject};
use crate::timings::{SearchTimings, Stage};
use fihrist_arabic::spelling::Vocabulary;
use fihrist_arabic::{ANALYSIS_VERSION, Analyzer};

/// So many of the best articles are ranked again by where their words stand; one that the first, rough order puts behind
/// them does not belong on the first page (`docs/search-quality.md`).
const RERANKED: usize = 100;

/// Where the best candidates hold too few articles that are no copies of one another, so many times as many are taken.
const CANDIDATES_GROWTH: usize = 4;

const LOOK_UP: &str = "look up an article";
const SEARCH: &str = "search";

/// A view and the generation it belongs to.
pub struct EmbeddedSnapshot {
    generation: Arc<Generation>,
    view: Arc<View>,
    graph: GenerationGraph,
    deadline: Deadline,
    timings: SearchTimings,
}

impl EmbeddedSnapshot {
    /// What `generation` held at its last reload, for a caller with so much patience.
    pub fn new(generation: Arc<Generation>, deadline: Deadline, timings: SearchTimings) -> Self {
        let (view, graph) = (generation.view(), generation.graph());
        Self {
            generation,
            view,
            graph,
            deadline,
            timings,
        }
    }

    fn lowering<'a>(&'a self, weights: &'a Weights, operator: Operator) -> Lowering<'a> {
        let (searcher, fields) = (&self.view.searcher, self.generation.fields());
        let analyzer = self.generation.analyzer();
        Lowering {
            searcher,
            fields,
            weights,
            operator,
            analyzer,
            deadline: &self.deadline,
        }
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
        first.sort_unstable_by(|one, other| other.cmp(one));
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
        let root_groups = self.view.root_groups()?;
        self.ranking(&root_groups, query, weights)?
            .score(candidates, order)
    }

    fn ranking<'a>(
        &'a self,
        root_groups: &RootGroups,
        query: &Query,
        weights: &'a Weights,
    ) -> Result<Ranking<'a>> {
        let ranked = Ranked {
            searcher: &self.view.searcher,
            fields: self.generation.fields(),
            analyzer: self.generation.analyzer(),
        };
        Ranking::new(ranked, root_groups, query, weights, &self.deadline)
    }

    /// The first articles in their final order, as many as are needed for a page, where the page begins among them, and
    /// how many match in all.
    fn best(
        &self,
        lowered: &dyn tantivy::query::Query,
        query: &Query,
        weights: &Weights,
        page: Page,
        duplicates: &Duplicates,
    ) -> Result<(Vec<Candidate>, usize, u64)> {
        let (Start::Offset(before) | Start::After { shown: before, .. }) = page.start;
        let mut candidates = before.saturating_add(page.limit);
        if page.order.needs_scores() {
            candidates = candidates.max(RERANKED);
        }
        loop {
            let top = TopArticles {
                limit: candidates,
                order: page.order,
            };
            let (mut best, total) = if page.collapses {
                self.view
                    .searcher
                    .search(lowered, &(top, CountCollapsed(duplicates)))
                    .map_err(Error::internal(SEARCH))?
            } else {
                let (best, total) = self
                    .view
                    .searcher
                    .search(lowered, &(top, Count))
                    .map_err(Error::internal(SEARCH))?;
                (best, total as u64)
            };
            if total < page.at_least {
                return Ok((Vec::new(), 0, total));
            }
            let are_all = best.len() < candidates;
            if page.order.needs_scores() {
                self.rerank(query, weights, page.order, &mut best)?;
            }
            if page.collapses {
                let mut shown = FxHashSet::default();
                best.retain(|hit| {
                    duplicates
                        .cluster(hit.address)
                        .is_none_or(|cluster| shown.insert(cluster))
                });
            }
            let start = start_among(&best, page);
            if are_all || best.len() >= start.saturating_add(page.limit) {
                return Ok((best, start, total));
            }
            candidates = candidates.saturating_mul(CANDIDATES_GROWTH);
        }
    }

    fn count(&self, lowered: &dyn tantivy::query::Query, collapses: bool) -> Result<u64> {
        if collapses {
            let duplicates = self.duplicates_seen()?;
            return self
                .view
                .searcher
                .search(lowered, &CountCollapsed(&duplicates))
                .map_err(Error::internal(SEARCH));
        }
        Ok(self
            .view
            .searcher
            .search(lowered, &Count)
            .map_err(Error::internal(SEARCH))? as u64)
    }

    fn duplicates_seen(&self) -> Result<Arc<Duplicates>> {
        self.view.duplicates()
    }

    /// When an article was published, in seconds since 1970.
    fn published(&self, address: DocAddress) -> Result<Option<i64>> {
        let fast_fields = self
            .view
            .searcher
            .segment_reader(address.segment_ord)
            .fast_fields();
        Ok(fast_fields
            .i64("published")
            .map_err(Error::internal(LOOK_UP))?
            .first(address.doc_id))
    }

    fn address(&self, id: &ArticleId) -> Result<Option<DocAddress>> {
        let top = TopDocs::with_limit(1).order_by_score();
        let found = self
            .view
            .searcher
            .search(&self.with_id(id), &top)
            .map_err(Error::internal(LOOK_UP))?;
        Ok(found.first().map(|(_, address)| *address))
    }

    fn with_id(&self, id: &ArticleId) -> TermQuery {
        let term = Term::from_field_text(self.generation.fields().id, id.as_str());
        TermQuery::new(term, IndexRecordOption::Basic)
    }

    fn stored(&self, address: DocAddress) -> Result<Article> {
        Ok(self.stored_pretokenized(address)?.article)
    }

    fn stored_pretokenized(&self, address: DocAddress) -> Result<StoredArticle> {
        let article = self.view.articles.get(address, || {
            let document: TantivyDocument = self
                .view
                .searcher
                .doc(address)
                .map_err(Error::internal(LOOK_UP))?;
            EncodedArticle::of(&document, StoredFields::of(self.generation.fields()))
        })?;
        article.decode(&self.generation.text_encoding())
    }

    /// Whether the article matches a query.
    fn matches(
        &self,
        id: &ArticleId,
        query: Option<Box<dyn tantivy::query::Query>>,
    ) -> Result<bool> {
        let Some(query) = query else { return Ok(false) };
        let both = BooleanQuery::new(vec![
            (Occur::Must, Box::new(self.with_id(id))),
            (Occur::Must, query),
        ]);
        let both = DeadlineQuery::new(Box::new(both), &self.deadline);
        Ok(self
            .view
            .searcher
            .search(&both, &Count)
            .map_err(Error::internal("explain a match"))?
            > 0)
    }
}

impl Snapshot for EmbeddedSnapshot {
    fn deadline(&self) -> &Deadline {
        &self.deadline
    }

    fn for_caller(&self, deadline: &Deadline, timings: &SearchTimings) -> Arc<dyn Snapshot> {
        let (generation, view, graph) = (
            Arc::clone(&self.generation),
            Arc::clone(&self.view),
            self.graph.clone(),
        );
        Arc::new(Self {
            generation,
            view,
            graph,
            deadline: deadline.clone(),
            timings: timings.clone(),
        })
    }

    fn timings(&self) -> &SearchTimings {
        &self.timings
    }

    fn analyzer(&self) -> &Analyzer {
        self.generation.analyzer()
    }

    fn boilerplate(&self) -> &Boilerplate {
        self.generation.boilerplate()
    }

    fn version(&self) -> u64 {
        let mut hasher = DefaultHasher::new();
        (
            self.generation.name(),
            self.view.searcher.generation().segments(),
            self.graph.graph.hash(),
        )
            .hash(&mut hasher);
        hasher.finish()
    }

    fn graph(&self) -> Arc<Graph> {
        Arc::clone(&self.graph.graph)
    }

    fn search(
        &self,
        query: &Query,
        operator: Operator,
        weights: &Weights,
        page: Page,
    ) -> Result<Found> {
        let _finding = self.timings.time(Stage::Find);
        let lowering = self.lowering(weights, operator);
        let Some(lowered) = lowering.lower(query).map_err(Error::internal(SEARCH))? else {
            return Ok(Found {
                total: 0,
                start: 0,
                hits: Vec::new(),
            });
        };
        let lowered = DeadlineQuery::new(lowered, &self.deadline);
        if page.limit == 0 {
            return Ok(Found {
                total: self.count(&lowered, page.collapses)?,
                start: 0,
                hits: Vec::new(),
            });
        }
        let duplicates = self.duplicates_seen()?;
        let (best, start, total) = self.best(&lowered, query, weights, page, &duplicates)?;
        let mut shown: Vec<Candidate> = best.into_iter().skip(start).take(page.limit).collect();
        if !page.order.needs_scores() {
            // The score of a hit says the same in every order.
            self.rescore(query, weights, page.order, &mut shown)?;
            shown.sort_unstable_by(|one, other| other.cmp(one));
        }
        let hit = |hit: Candidate| {
            let duplicates = duplicates.copies(hit.address);
            Ok(StoredHit {
                stored: self.stored_pretokenized(hit.address)?,
                score: hit.score,
                sort_key: hit.sort_key(),
                duplicates,
            })
        };
        let hits = shown.into_iter().map(hit).collect::<Result<_>>()?;
        Ok(Found { total, start, hits })
    }

    fn summarize(
        &self,
        query: &Query,
        operator: Operator,
        weights: &Weights,
        of: &Wanted<'_>,
    ) -> Result<Summary> {
        let _finding = self.timings.time(Stage::Find);
        let Some(lowered) = self
            .lowering(weights, operator)
            .lower(query)
            .map_err(Error::internal(SEARCH))?
        else {
            return Ok(Summary {
                values: vec![Vec::new(); of.fields.len()],
                ..Summary::default()
            });
        };
        self.view
            .searcher
            .search(
                &DeadlineQuery::new(lowered, &self.deadline),
                &Summarize(*of),
            )
            .map_err(Error::internal(SEARCH))
    }

    fn explain(
        &self,
        query: &Query,
        operator: Operator,
        weights: &Weights,
        id: &ArticleId,
    ) -> Result<Option<Explained>> {
        let failed = || Error::internal("explain a match");
        let Some(address) = self.address(id)? else {
            return Ok(None);
        };
        let lowering = self.lowering(weights, operator);
        let is_match = self.matches(id, lowering.lower(query).map_err(failed())?)?;
        let holds = query
            .clauses
            .iter()
            .map(|clause| self.matches(id, Some(lowering.one(clause).map_err(failed())?)));
        let holds = holds.collect::<Result<_>>()?;
        let root_groups = self.view.root_groups()?;
        let ranking = self.ranking(&root_groups, query, weights)?;
        Ok(Some(Explained {
            article: self.stored(address)?,
            is_match,
            holds,
            score: ranking.parts(&[address])?.pop().unwrap_or_default(),
            root_groups: ranking
                .wanted()
                .iter()
                .map(|word| word.root_groups().map(str::to_owned).collect())
                .collect(),
        }))
    }

    fn vocabulary(&self) -> Result<Arc<Vocabulary>> {
        if self.view.is_retired() {
            return self.generation.view().vocabulary();
        }
        self.view.vocabulary()
    }

    fn has_value(&self, field: Keyword, value: &str) -> Result<bool> {
        let term = Term::from_field_text(self.generation.fields().of_keyword(field), value);
        Ok(self
            .view
            .searcher
            .doc_freq(&term)
            .map_err(Error::internal(LOOK_UP))?
            > 0)
    }

    fn values(&self, field: Keyword) -> Result<Vec<String>> {
        values(
            &self.view.searcher,
            self.generation.fields().of_keyword(field),
        )
    }

    fn content_hash(&self, id: &ArticleId) -> Result<Option<u64>> {
        content_hash(&self.view.searcher, self.generation.fields(), id)
    }

    fn duplicates(&self, id: &ArticleId, limit: usize) -> Result<Option<Copies>> {
        let Some(address) = self.address(id)? else {
            return Ok(None);
        };
        let others = self.duplicates_seen()?.others(address);
        let total = others.len() as u64;
        let dated = others
            .into_iter()
            .map(|other| Ok((self.published(other)?, other)));
        let mut dated = dated.collect::<Result<Vec<_>>>()?;
        dated.sort_unstable_by_key(|(published, _)| Reverse(*published));
        // Those of the same second as the last one wanted are read, too: ids decide.
        let last = limit
            .checked_sub(1)
            .and_then(|last| dated.get(last))
            .map(|(published, _)| *published);
        dated.retain(|(published, _)| limit > 0 && last.is_none_or(|last| *published >= last));
        let articles = dated
            .into_iter()
            .map(|(published, other)| Ok((Reverse(published), self.stored(other)?)));
        let mut articles = articles.collect::<Result<Vec<_>>>()?;
        articles.sort_by(|(one_published, one), (other_published, other)| {
            one_published
                .cmp(other_published)
                .then_with(|| one.id.cmp(&other.id))
        });
        Ok(Some(Copies {
            total,
            articles: articles
                .into_iter()
                .take(limit)
                .map(|(_, article)| article)
                .collect(),
        }))
    }

    fn similar(
        &self,
        id: &ArticleId,
        subject: &Subject,
        limit: usize,
    ) -> Result<Option<Vec<Neighbour>>> {
        let Some(address) = self.address(id)? else {
            return Ok(None);
        };
        let failed = || Error::internal("find similar articles");
        let duplicates = self.duplicates_seen()?;
        let mut sharers = Sharers::find(&self.view.searcher, self.generation.fields(), subject)
            .map_err(failed())?;
        let mut candidates = limit + RERANKED;
        let best = loop {
            let mut best = sharers
                .best(&self.view.searcher, candidates)
                .map_err(failed())?;
            let mut shown: FxHashSet<u32> = duplicates.cluster(address).into_iter().collect();
            best.retain(|sharer| {
                let cluster = duplicates.cluster(sharer.address);
                sharer.address != address && cluster.is_none_or(|cluster| shown.insert(cluster))
            });
            if best.len() >= limit || candidates >= sharers.len() {
                break best;
            }
            candidates *= CANDIDATES_GROWTH;
        };
        let neighbour = |sharer: &Sharer| {
            Ok(Neighbour {
                article: self.stored(sharer.address)?,
                score: sharer.score.min(1.0),
                duplicates: duplicates.copies(sharer.address),
                shared: sharers.shared(sharer),
            })
        };
        best.iter()
            .take(limit)
            .map(neighbour)
            .collect::<Result<_>>()
            .map(Some)
    }

    fn article(&self, id: &ArticleId) -> Result<Option<Article>> {
        self.address(id)?
            .map(|address| self.stored(address))
            .transpose()
    }

    fn stats(&self) -> Result<Stats> {
        let duplicates = self.duplicates_seen()?;
        Ok(Stats {
            articles: self.view.searcher.num_docs(),
            sources: stats::source_count(&self.view.searcher, self.generation.fields())?,
            published: stats::published(&self.view.searcher)?,
            changed: self.generation.changed(),
            size_bytes: self.generation.size_bytes(),
            duplicate_clusters: duplicates.clusters(),
            duplicate_articles: duplicates.documents(),
            segments: self.view.searcher.segment_readers().len(),
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

/// Where a page begins among the first articles in its order.
fn start_among(best: &[Candidate], page: Page) -> usize {
    match page.start {
        Start::Offset(offset) => offset,
        Start::After { sort_key, .. } if !page.order.needs_scores() => {
            best.partition_point(|hit| !hit.is_after(sort_key))
        }
        Start::After { sort_key, shown } => {
            let last = best
                .iter()
                .position(|hit| hit.sort_key().content_hash == sort_key.content_hash);
            last.map_or(shown, |last| last + 1)
        }
    }
}
