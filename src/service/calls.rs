//! The calls of the engine, each on the search pool. They return the engine's types, not JSON or
//! HTML.

use std::time::{Duration, Instant};

use fihrist_index::arabic::{Analyzer, Model, Token};
use fihrist_index::query::Keyword;
use fihrist_index::search::{
    Copies, ExplainedQuery, Facet, Histogram, Hits, Interval, SearchRequest, SimilarArticle, Stats,
    SuggestedQuery,
};
use fihrist_index::timings::SearchTimings;
use fihrist_index::{Article, ArticleId, Deadline, Error, Index, Span};

use super::pool::Class;
use super::work::Work;
use super::{ApiError, AppState, RequestScope, Result};

/// Runs a search; returns its hits and its duration.
pub async fn search(state: &AppState, request: SearchRequest) -> Result<(Hits, Duration)> {
    tracing::debug!(query = request.query, "searching");
    let index = state.index.get()?;
    let work = admit(&index, &request)?;
    let started = Instant::now();
    let timings = SearchTimings::default();
    let timed = limited(&index).timed(timings.clone());
    let search = move |deadline| timed.within(deadline).search(&request);
    let hits = run(state, work, search).await?;
    state.metrics.searched(&timings);
    Ok((hits, started.elapsed()))
}

/// Returns an article, and the spans where `query` matches it. Without a query there are no spans.
pub async fn article(
    state: &AppState,
    id: String,
    query: Option<String>,
) -> Result<(Article, Vec<Span>)> {
    let index = state.index.get()?;
    let work = match &query {
        Some(query) => admit(&index, &one_article(query, false))?.or_quick(),
        None => Work::QUICK,
    };
    let index = limited(&index);
    of_article(state, work, id, move |id, deadline| match query {
        Some(query) => index.within(deadline).article_with_matches(id, &query),
        None => Ok(index.article(id)?.map(|article| (article, Vec::new()))),
    })
    .await
}

/// Returns the other copies of an article.
pub async fn duplicates(state: &AppState, id: String, limit: usize) -> Result<Copies> {
    let index = state.index.get()?;
    let index = limited(&index);
    let read = move |id: &ArticleId, _| index.duplicates(id, limit);
    of_article(state, Work::QUICK, id, read).await
}

/// Returns other articles on the same subject as the article with this id.
pub async fn similar(state: &AppState, id: String, limit: usize) -> Result<Vec<SimilarArticle>> {
    let index = state.index.get()?;
    let index = limited(&index);
    let search = move |id: &ArticleId, deadline| index.within(deadline).similar(id, limit);
    of_article(state, Work::SEARCH, id, search).await
}

/// Explains how a query matches an article.
pub async fn explain(
    state: &AppState,
    request: SearchRequest,
    id: String,
) -> Result<ExplainedQuery> {
    let index = state.index.get()?;
    let work = admit(&index, &one_article(&request.query, true))?;
    let index = limited(&index);
    let explain = move |id: &ArticleId, deadline| index.within(deadline).explain(&request, id);
    of_article(state, work, id, explain).await
}

/// Counts the values of a field in all matching articles.
pub async fn facet(
    state: &AppState,
    request: SearchRequest,
    field: Keyword,
    prefix: String,
    limit: usize,
) -> Result<Facet> {
    let index = state.index.get()?;
    let work = admit(&index, &request)?;
    run(state, work, move |deadline| {
        let index = index.within(deadline);
        index.facet(&request, field, &prefix, limit)
    })
    .await
}

/// Counts all matching articles by date.
pub async fn histogram(
    state: &AppState,
    request: SearchRequest,
    interval: Interval,
) -> Result<Histogram> {
    let index = state.index.get()?;
    let work = admit(&index, &request)?;
    let count = move |deadline| index.within(deadline).histogram(&request, interval);
    run(state, work, count).await
}

/// Returns suggestions for a text that is being typed.
pub async fn suggest(state: &AppState, text: String, limit: usize) -> Result<Vec<SuggestedQuery>> {
    tracing::debug!(text, "suggesting");
    let index = state.index.get()?;
    let suggest = move |deadline| index.within(deadline).suggest(&text, limit);
    run(state, Work::QUICK, suggest).await
}

/// Returns the hash of the model, and each text with its tokens. Uses the model of the index, or
/// the base model if there is no index.
pub async fn analyze(
    state: &AppState,
    texts: Vec<String>,
) -> Result<(String, Vec<(String, Vec<Token>)>)> {
    let index = match state.index.get() {
        Ok(index) => Some(index),
        Err(ApiError::NoIndex) => None,
        Err(error) => return Err(error),
    };
    let analyze = move |_| {
        let analyzer = index.map_or_else(|| Analyzer::new(Model::base()), |index| index.analyzer());
        let tokens = |text: String| {
            let tokens = analyzer.analyze(&text);
            (text, tokens)
        };
        let texts = texts.into_iter().map(tokens).collect();
        (analyzer.model().hash().to_owned(), texts)
    };
    state.pool.run(Class::Quick, analyze).await
}

/// Returns the figures of the index.
pub async fn stats(state: &AppState) -> Result<Stats> {
    let index = state.index.get()?;
    run(state, Work::QUICK, move |_| index.stats()).await
}

/// Estimates the work of a search, and counts it towards the quota of the client. Fails if the quota
/// does not allow it.
fn admit(index: &Index, request: &SearchRequest) -> Result<Work> {
    let work = Work::of_search(request, index.work_words(&request.query));
    // The request itself is counted already.
    RequestScope::current().count_more(work.units - 1)?;
    Ok(work)
}

/// Returns a request that is as much work as reading or explaining one article for a query.
fn one_article(query: &str, explains: bool) -> SearchRequest {
    SearchRequest {
        limit: 1,
        explains,
        ..SearchRequest::new(query)
    }
}

/// Returns the index with the limit of the answer to the current request.
fn limited(index: &Index) -> Index {
    index.limited(RequestScope::current().answer())
}

/// Runs a call on the search pool. Fails if the pool or the memory is full, or if the call fails.
async fn run<T: Send + 'static>(
    state: &AppState,
    work: Work,
    call: impl FnOnce(Deadline) -> Result<T, Error> + Send + 'static,
) -> Result<T> {
    let bytes = work.memory_bytes;
    Ok(state.pool.run_within(work.class, bytes, call).await??)
}

/// Runs a call for the article with this id. Fails also if there is no such article. An invalid id
/// is not a mistake in the request: no article has it.
async fn of_article<T: Send + 'static>(
    state: &AppState,
    work: Work,
    id: String,
    call: impl FnOnce(&ArticleId, Deadline) -> Result<Option<T>, Error> + Send + 'static,
) -> Result<T> {
    let found = match ArticleId::new(&id) {
        Ok(known) => run(state, work, move |deadline| call(&known, deadline)).await?,
        Err(_) => None,
    };
    found.ok_or_else(|| ApiError::no_such_article(id))
}
