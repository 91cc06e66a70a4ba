//! The calls of the engine, each on the search pool. They return the engine's types, not JSON or
//! HTML.

use std::sync::Arc;
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
use super::{ApiError, AppState, Result};

/// Runs a search; returns its hits and its duration.
pub async fn search(state: &AppState, request: SearchRequest) -> Result<(Hits, Duration)> {
    tracing::debug!(query = request.query, "searching");
    let (index, class) = admit(state, Class::Search, &request.query)?;
    let started = Instant::now();
    let timings = SearchTimings::default();
    let timed = index.timed(timings.clone());
    let search = move |deadline| timed.within(deadline).search(&request);
    let hits = run(state, class, search).await?;
    state.metrics.searched(&timings);
    Ok((hits, started.elapsed()))
}

/// Returns an article, and the spans where `query` matches it. Without a query there are no spans.
pub async fn article(
    state: &AppState,
    id: String,
    query: Option<String>,
) -> Result<(Article, Vec<Span>)> {
    let (index, class) = admit(state, Class::Quick, query.as_deref().unwrap_or_default())?;
    of_article(state, class, id, move |id, deadline| match query {
        Some(query) => index.within(deadline).article_with_matches(id, &query),
        None => Ok(index.article(id)?.map(|article| (article, Vec::new()))),
    })
    .await
}

/// Returns the other copies of an article.
pub async fn duplicates(state: &AppState, id: String, limit: usize) -> Result<Copies> {
    let index = state.index.get()?;
    let read = move |id: &ArticleId, _| index.duplicates(id, limit);
    of_article(state, Class::Quick, id, read).await
}

/// Returns other articles on the same subject as the article with this id.
pub async fn similar(state: &AppState, id: String, limit: usize) -> Result<Vec<SimilarArticle>> {
    let index = state.index.get()?;
    let search = move |id: &ArticleId, deadline| index.within(deadline).similar(id, limit);
    of_article(state, Class::Search, id, search).await
}

/// Explains how a query matches an article.
pub async fn explain(
    state: &AppState,
    request: SearchRequest,
    id: String,
) -> Result<ExplainedQuery> {
    let (index, class) = admit(state, Class::Search, &request.query)?;
    let explain = move |id: &ArticleId, deadline| index.within(deadline).explain(&request, id);
    of_article(state, class, id, explain).await
}

/// Counts the values of a field in all matching articles.
pub async fn facet(
    state: &AppState,
    request: SearchRequest,
    field: Keyword,
    prefix: String,
    limit: usize,
) -> Result<Facet> {
    let (index, class) = admit(state, Class::Search, &request.query)?;
    run(state, class, move |deadline| {
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
    let (index, class) = admit(state, Class::Search, &request.query)?;
    let count = move |deadline| index.within(deadline).histogram(&request, interval);
    run(state, class, count).await
}

/// Returns suggestions for a text that is being typed.
pub async fn suggest(state: &AppState, text: String, limit: usize) -> Result<Vec<SuggestedQuery>> {
    tracing::debug!(text, "suggesting");
    let index = state.index.get()?;
    let suggest = move |deadline| index.within(deadline).suggest(&text, limit);
    run(state, Class::Quick, suggest).await
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
    run(state, Class::Quick, move |_| index.stats()).await
}

/// Returns the index, and the class of a call with this query: `Costly` if the query is costly,
/// otherwise `plain`.
fn admit(state: &AppState, plain: Class, query: &str) -> Result<(Arc<Index>, Class)> {
    let index = state.index.get()?;
    let class = if index.is_costly(query) {
        Class::Costly
    } else {
        plain
    };
    Ok((index, class))
}

/// Runs `work` on the search pool. Fails if the pool is full or `work` fails.
async fn run<T: Send + 'static>(
    state: &AppState,
    class: Class,
    work: impl FnOnce(Deadline) -> Result<T, Error> + Send + 'static,
) -> Result<T> {
    Ok(state.pool.run(class, work).await??)
}

/// Runs `work` for the article with this id. Fails also if there is no such article. An invalid id
/// is not a mistake in the request: no article has it.
async fn of_article<T: Send + 'static>(
    state: &AppState,
    class: Class,
    id: String,
    work: impl FnOnce(&ArticleId, Deadline) -> Result<Option<T>, Error> + Send + 'static,
) -> Result<T> {
    let found = match ArticleId::new(&id) {
        Ok(known) => run(state, class, move |deadline| work(&known, deadline)).await?,
        Err(_) => None,
    };
    found.ok_or_else(|| ApiError::no_such_article(id))
}
