//! One consistent view of a generation: count, hits and stored articles come from the same searcher.

use std::sync::Arc;

use tantivy::collector::{Count, TopDocs};
use tantivy::query::{BooleanQuery, Occur, TermQuery};
use tantivy::schema::IndexRecordOption;
use tantivy::{DocAddress, Score, Searcher, TantivyDocument, Term};

use super::dictionary::values;
use super::document::to_article;
use super::generation::Generation;
use super::graph_file::KeptGraph;
use super::held::content_hash;
use super::lower::Lowering;
use super::rerank::Ranking;
use crate::analysis::{ANALYSIS_VERSION, Analyzer};
use crate::article::{Article, ArticleId};
use crate::backend::ranking::Weights;
use crate::backend::{Explained, Found, Operator, Page, Recurring, Snapshot, Stats, StoredHit};
use crate::error::{Error, Result};
use crate::graph::Graph;
use crate::query::{Keyword, Query};
use crate::suggest::Vocabulary;

/// So many of the best articles are ranked again by where their words stand; one that the first, rough order puts behind
/// them does not belong on the first page (`docs/search-quality.md`).
const RERANKED: usize = 100;

const LOOK_UP: &str = "look up an article";

/// A searcher and the generation it belongs to.
pub struct EmbeddedSnapshot {
    generation: Arc<Generation>,
    searcher: Searcher,
    graph: KeptGraph,
}

impl EmbeddedSnapshot {
    /// What `generation` held at its last reload.
    pub fn new(generation: Arc<Generation>) -> Self {
        let (searcher, graph) = (generation.searcher(), generation.graph());
        Self { generation, searcher, graph }
    }

    /// Ranks the first articles again. The others stay behind them, with scores that go on where theirs end.
    fn rerank(&self, query: &Query, weights: &Weights, top: &mut [(Score, DocAddress)]) -> Result<()> {
        let (first, rest) = top.split_at_mut(RERANKED.min(top.len()));
        let Some((rough, _)) = first.last().copied() else { return Ok(()) };
        let kin = self.generation.kin(&self.searcher)?;
        Ranking::new(&self.searcher, self.generation.fields(), &kin, query, weights)?.sort(first)?;
        let scale = first.last().map_or(0.0, |(score, _)| score / rough.max(f32::MIN_POSITIVE));
        for (score, _) in rest {
            *score *= scale;
        }
        Ok(())
    }

    fn address(&self, id: &ArticleId) -> Result<Option<DocAddress>> {
        let top = TopDocs::with_limit(1).order_by_score();
        let found = self.searcher.search(&self.with_id(id), &top).map_err(Error::internal(LOOK_UP))?;
        Ok(found.first().map(|(_, address)| *address))
    }

    fn with_id(&self, id: &ArticleId) -> TermQuery {
        let term = Term::from_field_text(self.generation.fields().id, id.as_str());
        TermQuery::new(term, IndexRecordOption::Basic)
    }

    fn stored(&self, address: DocAddress) -> Result<Article> {
        let document: TantivyDocument = self.searcher.doc(address).map_err(Error::internal(LOOK_UP))?;
        to_article(&document, self.generation.fields())
    }

    /// Whether the article matches a query.
    fn matches(&self, id: &ArticleId, query: Option<Box<dyn tantivy::query::Query>>) -> Result<bool> {
        let Some(query) = query else { return Ok(false) };
        let both = BooleanQuery::new(vec![(Occur::Must, Box::new(self.with_id(id))), (Occur::Must, query)]);
        Ok(self.searcher.search(&both, &Count).map_err(Error::internal("explain a match"))? > 0)
    }
}

impl Snapshot for EmbeddedSnapshot {
    fn analyzer(&self) -> &Analyzer {
        self.generation.analyzer()
    }

    fn recurring(&self) -> &Recurring {
        self.generation.recurring()
    }

    fn graph(&self) -> Arc<Graph> {
        Arc::clone(&self.graph.graph)
    }

    fn search(&self, query: &Query, operator: Operator, weights: &Weights, page: Page) -> Result<Found> {
        let failed = || Error::internal("search");
        let lowering = Lowering { searcher: &self.searcher, fields: self.generation.fields(), weights, operator };
        let Some(lowered) = lowering.lower(query).map_err(failed())? else {
            return Ok(Found { total: 0, hits: Vec::new() });
        };
        if page.limit == 0 {
            let total = self.searcher.search(&lowered, &Count).map_err(failed())?;
            return Ok(Found { total: total as u64, hits: Vec::new() });
        }
        let top = TopDocs::with_limit((page.offset + page.limit).max(RERANKED)).order_by_score();
        let (mut top, total) = self.searcher.search(&lowered, &(top, Count)).map_err(failed())?;
        self.rerank(query, weights, &mut top)?;
        let hits = top
            .into_iter()
            .skip(page.offset)
            .take(page.limit)
            .map(|(score, address)| Ok(StoredHit { article: self.stored(address)?, score }))
            .collect::<Result<_>>()?;
        Ok(Found { total: total as u64, hits })
    }

    fn explain(
        &self,
        query: &Query,
        operator: Operator,
        weights: &Weights,
        id: &ArticleId,
    ) -> Result<Option<Explained>> {
        let failed = || Error::internal("explain a match");
        let Some(address) = self.address(id)? else { return Ok(None) };
        let (searcher, fields) = (&self.searcher, self.generation.fields());
        let lowering = Lowering { searcher, fields, weights, operator };
        let is_match = self.matches(id, lowering.lower(query).map_err(failed())?)?;
        let holds = query.clauses.iter().map(|clause| self.matches(id, Some(lowering.one(clause).map_err(failed())?)));
        let holds = holds.collect::<Result<_>>()?;
        let ranking = Ranking::new(searcher, fields, &*self.generation.kin(searcher)?, query, weights)?;
        Ok(Some(Explained {
            article: self.stored(address)?,
            is_match,
            holds,
            score: ranking.parts(&[address])?.pop().unwrap_or_default(),
            kin: ranking.wanted().iter().map(|word| word.kin().map(str::to_owned).collect()).collect(),
        }))
    }

    fn vocabulary(&self) -> Result<Arc<Vocabulary>> {
        self.generation.vocabulary(&self.searcher)
    }

    fn values(&self, field: Keyword) -> Result<Vec<String>> {
        values(&self.searcher, self.generation.fields().of_keyword(field))
    }

    fn content_hash(&self, id: &ArticleId) -> Result<Option<u64>> {
        content_hash(&self.searcher, self.generation.fields(), id)
    }

    fn article(&self, id: &ArticleId) -> Result<Option<Article>> {
        self.address(id)?.map(|address| self.stored(address)).transpose()
    }

    fn stats(&self) -> Result<Stats> {
        Ok(Stats {
            articles: self.searcher.num_docs(),
            size_bytes: self.generation.size_bytes(),
            segments: self.searcher.segment_readers().len(),
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
