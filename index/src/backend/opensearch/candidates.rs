//! How a cluster finds the candidates of each [`Selection`](crate::backend::Selection).

use serde_json::{Value, json};

use super::snapshot::RemoteSnapshot;
use super::{CLUSTER, MAX_WINDOW, PUBLISHED, find, search_after, set_hit_parts, sort_of};
use crate::backend::{
    Candidate, Candidates, Order, Page, PreparedQuery, SearchContext, Start, sort_copies,
};
use crate::error::Result;

/// The greatest number of hits for which an answer includes the articles. Larger answers include
/// only ids, because most of their articles are never read.
const MAX_HITS_WITH_ARTICLES: usize = 100;

/// OpenSearch counts almost exactly up to this many clusters of copies. Larger counts are
/// estimates.
const COUNTED_RIGHTLY: u64 = 40_000;

/// The greatest number of copies of one article that are read. If there are more, copies of the
/// same date may come in another order than that of their ids.
const MAX_COPIES: usize = 1_000;

impl RemoteSnapshot {
    /// Returns the best documents that match a query.
    pub(super) fn matching(
        &self,
        query: PreparedQuery<'_>,
        page: Page,
        wanted: usize,
        context: &SearchContext,
    ) -> Result<Candidates> {
        let Some(lowered) = self.lowering(query, context).lower(query.query)? else {
            return Ok(Candidates::default());
        };
        if wanted == 0 {
            return self.run_query(json!({"size": 0, "query": lowered}), page, context);
        }
        if !page.order.needs_scores() {
            return self.by_date(&lowered, page, context);
        }
        let mut body = json!({
            "size": wanted.min(MAX_WINDOW),
            "query": lowered,
            "sort": sort_of(page.order),
            "track_scores": true,
        });
        set_hit_parts(&mut body, wanted <= MAX_HITS_WITH_ARTICLES);
        self.run_query(body, page, context)
    }

    /// Returns a page in the order of dates, which needs no scores. The cluster itself collapses
    /// the copies and cuts the page.
    fn by_date(&self, lowered: &Value, page: Page, context: &SearchContext) -> Result<Candidates> {
        let mut body = json!({"size": page.limit, "query": lowered, "sort": sort_of(page.order)});
        set_hit_parts(&mut body, true);
        if page.collapses {
            body["collapse"] = json!({ "field": CLUSTER });
        }
        let page_start = match page.start {
            Start::Offset(offset) => {
                let last_offset = MAX_WINDOW - page.limit.min(MAX_WINDOW);
                body["from"] = json!(offset.min(last_offset));
                offset
            }
            Start::After { sort_key, shown } if !page.collapses => {
                body["search_after"] = search_after(page.order, sort_key);
                shown
            }
            // OpenSearch can continue after a hit, and it can collapse copies, but not both in one
            // request.
            Start::After { sort_key, shown } => {
                let size = shown.saturating_add(2 * page.limit);
                body["size"] = json!(size.min(MAX_WINDOW));
                let mut found = self.run_query(body, page, context)?;
                let is_before = |candidate: &Candidate| !candidate.rank.is_after(sort_key);
                let start = found.best.partition_point(is_before);
                found.best.drain(..start);
                found.best.truncate(page.limit);
                found.page_start = Some(start);
                return Ok(found);
            }
        };
        Ok(Candidates {
            page_start: Some(page_start),
            ..self.run_query(body, page, context)?
        })
    }

    /// Runs a search for hits and their total.
    fn run_query(
        &self,
        mut body: Value,
        page: Page,
        context: &SearchContext,
    ) -> Result<Candidates> {
        body["track_total_hits"] = json!(true);
        if page.collapses {
            let clusters = json!({"field": CLUSTER, "precision_threshold": COUNTED_RIGHTLY});
            body["aggs"] = json!({"copies": {"cardinality": clusters}});
        }
        find(&self.view, context, &body, page.order)
    }

    /// Returns the documents with these ids, in no order.
    pub(super) fn with_ids(
        &self,
        ids: &[&str],
        with_article: bool,
        context: &SearchContext,
    ) -> Result<Candidates> {
        let mut body = json!({
            "size": ids.len(),
            "query": {"ids": {"values": ids}},
            "track_total_hits": false,
        });
        set_hit_parts(&mut body, with_article);
        let found = find(&self.view, context, &body, Order::Relevance)?;
        Ok(Candidates {
            total: found.best.len() as u64,
            ..found
        })
    }

    /// Returns the copies of a document, the newest first.
    pub(super) fn copies(
        &self,
        of: &Candidate,
        limit: usize,
        context: &SearchContext,
    ) -> Result<Candidates> {
        let query = json!({"bool": {
            "filter": [{"term": {CLUSTER: of.cluster}}],
            "must_not": [{"ids": {"values": [of.id()]}}],
        }});
        let mut body = json!({
            "size": MAX_COPIES,
            "query": query,
            "track_total_hits": true,
            "sort": [{PUBLISHED: {"order": "desc", "missing": "_last"}}],
        });
        set_hit_parts(&mut body, false);
        let mut found = find(&self.view, context, &body, Order::Newest)?;
        sort_copies(&mut found.best);
        found.best.truncate(limit);
        Ok(found)
    }
}
