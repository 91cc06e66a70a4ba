//! How the embedded index finds the candidates of each [`Selection`](crate::backend::Selection).

use std::cmp::Reverse;

use tantivy::collector::Count;
use tantivy::query::Query;

use super::collect::duplicates::CountCollapsed;
use super::collect::id_lookup;
use super::collect::top_docs::{RankColumns, TopArticles, address};
use super::query::deadline_query::DeadlineQuery;
use super::snapshot::{EmbeddedSnapshot, LOOK_UP, SEARCH};
use crate::backend::{Candidate, Candidates, Delivered, Order, Page, PreparedQuery, SearchContext};
use crate::document::ArticleId;
use crate::error::{Error, Result};
use tantivy::DocAddress;

impl EmbeddedSnapshot {
    /// Returns the best documents that match a query.
    pub(super) fn matching(
        &self,
        query: PreparedQuery<'_>,
        page: Page,
        wanted: usize,
        context: &SearchContext,
    ) -> Result<Candidates> {
        let lowered = self.lowering(query, context).lower(query.query);
        let Some(lowered) = lowered.map_err(Error::internal(SEARCH))? else {
            return Ok(Candidates::default());
        };
        let lowered = DeadlineQuery::new(lowered, &context.deadline);
        if wanted == 0 {
            let total = self.count(&lowered, page.collapses)?;
            return Ok(Candidates {
                total,
                ..Candidates::default()
            });
        }
        let duplicates = self.view.duplicates()?;
        let top = TopArticles {
            limit: wanted,
            order: page.order,
        };
        let (top, total) = if page.collapses {
            let collector = (top, CountCollapsed(&duplicates));
            let found = self.view.searcher.search(&lowered, &collector);
            found.map_err(Error::internal(SEARCH))?
        } else {
            let found = self.view.searcher.search(&lowered, &(top, Count));
            let (top, total) = found.map_err(Error::internal(SEARCH))?;
            (top, total as u64)
        };
        let mut best = Vec::with_capacity(top.len());
        for found in top {
            best.push(self.candidate(found, &duplicates));
        }
        Ok(Candidates {
            best,
            total,
            page_start: None,
        })
    }

    fn count(&self, lowered: &dyn Query, collapses: bool) -> Result<u64> {
        if collapses {
            let duplicates = self.view.duplicates()?;
            let counted = self
                .view
                .searcher
                .search(lowered, &CountCollapsed(&duplicates));
            return counted.map_err(Error::internal(SEARCH));
        }
        let counted = self.view.searcher.search(lowered, &Count);
        Ok(counted.map_err(Error::internal(SEARCH))? as u64)
    }

    /// Returns the document with an id. The candidate lacks its cluster of copies, because finding
    /// the clusters may take long.
    pub(super) fn with_id(&self, id: &ArticleId) -> Result<Candidates> {
        let found = id_lookup::find(&self.view.searcher, self.fields(), id)?;
        let mut best = Vec::new();
        if let Some(address) = found {
            best.push(self.lone_candidate(address)?);
        }
        Ok(Candidates {
            total: best.len() as u64,
            best,
            page_start: None,
        })
    }

    /// Returns the copies of a document, the newest first.
    ///
    /// Dates come from a column, ids from the stored articles. So only the articles that may be
    /// among the first `limit` are read. For example, three copies were published at 9:00, 9:00 and
    /// 8:00, and `limit` is 1. The two articles of 9:00 are read, because their ids decide which
    /// comes first.
    pub(super) fn copies(&self, of: &Candidate, limit: usize) -> Result<Candidates> {
        let duplicates = self.view.duplicates()?;
        let others = duplicates.others(address(of.rank.document));
        let total = others.len() as u64;
        let mut copies = Vec::with_capacity(others.len());
        for other in others {
            copies.push(self.lone_candidate(other)?);
        }
        copies.sort_unstable_by_key(|copy| Reverse(copy.rank.published));
        let last = limit
            .checked_sub(1)
            .and_then(|last| copies.get(last))
            .map(|copy| copy.rank.published);
        copies.retain(|copy| limit > 0 && last.is_none_or(|last| copy.rank.published >= last));
        let mut dated = Vec::with_capacity(copies.len());
        for mut copy in copies {
            let article = self.stored(address(copy.rank.document))?.article;
            let published = Reverse(copy.rank.published);
            let id = article.id.clone();
            copy.delivered = Some(Box::new(Delivered {
                id: id.to_string(),
                article: Some(article),
            }));
            dated.push((published, id, copy));
        }
        dated.sort_by(|(one_date, one_id, _), (other_date, other_id, _)| {
            one_date.cmp(other_date).then_with(|| one_id.cmp(other_id))
        });
        dated.truncate(limit);
        Ok(Candidates {
            best: dated.into_iter().map(|(_, _, copy)| copy).collect(),
            total,
            page_start: None,
        })
    }

    /// Returns the candidate for a document, without its cluster of copies.
    fn lone_candidate(&self, address: DocAddress) -> Result<Candidate> {
        let reader = self.view.searcher.segment_reader(address.segment_ord);
        let columns =
            RankColumns::open(address.segment_ord, reader).map_err(Error::internal(LOOK_UP))?;
        Ok(Candidate {
            rank: columns.rank(address.doc_id, 0.0, Order::Relevance),
            score: 0.0,
            cluster: None,
            copies: 0,
            delivered: None,
        })
    }
}
