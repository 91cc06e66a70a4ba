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
use fihrist_index::{Article, ArticleId, Index, Span};

use super::error::ApiError;
use super::pool::Class;
use super::state::AppState;

/// Runs a search; returns its hits and its duration.
pub async fn search(
    state: &AppState,
    request: SearchRequest,
) -> Result<(Hits, Duration), ApiError> {
    tracing::debug!(query = request.query, "searching");
    let index = state.index()?;
    let started = Instant::now();
    let class = class_of(&index, &request.query, Class::Search);
    let timings = SearchTimings::default();
    let timed = index.timed(timings.clone());
    let hits = state
        .pool()
        .run(class, move |deadline| {
            timed.within(deadline).search(&request)
        })
        .await??;
    state.metrics().searched(&timings);
    Ok((hits, started.elapsed()))
}

/// Returns an article, and the spans where `query` matches it. Without a query there are no spans.
pub async fn article(
    state: &AppState,
    id: String,
    query: Option<String>,
) -> Result<(Article, Vec<Span>), ApiError> {
    let index = state.index()?;
    // An invalid id is not a mistake in the request: no article has it.
    let Ok(known) = ArticleId::new(&id) else {
        return Err(ApiError::no_such_article(id));
    };
    let class = query
        .as_ref()
        .map_or(Class::Quick, |query| class_of(&index, query, Class::Quick));
    let read = move |deadline| match query {
        Some(query) => index.within(deadline).article_with_matches(&known, &query),
        None => Ok(index.article(&known)?.map(|article| (article, Vec::new()))),
    };
    state
        .pool()
        .run(class, read)
        .await??
        .ok_or_else(|| ApiError::no_such_article(id))
}

/// Returns the other copies of an article.
pub async fn duplicates(state: &AppState, id: String, limit: usize) -> Result<Copies, ApiError> {
    let index = state.index()?;
    let Ok(known) = ArticleId::new(&id) else {
        return Err(ApiError::no_such_article(id));
    };
    let copies = state
        .pool()
        .run(Class::Quick, move |_| index.duplicates(&known, limit))
        .await??;
    copies.ok_or_else(|| ApiError::no_such_article(id))
}

/// Returns other articles on the same subject as the article with this id.
pub async fn similar(
    state: &AppState,
    id: String,
    limit: usize,
) -> Result<Vec<SimilarArticle>, ApiError> {
    let index = state.index()?;
    let Ok(known) = ArticleId::new(&id) else {
        return Err(ApiError::no_such_article(id));
    };
    let similar = state
        .pool()
        .run(Class::Search, move |deadline| {
            index.within(deadline).similar(&known, limit)
        })
        .await??;
    similar.ok_or_else(|| ApiError::no_such_article(id))
}

/// Explains how a query matches an article.
pub async fn explain(
    state: &AppState,
    request: SearchRequest,
    id: String,
) -> Result<ExplainedQuery, ApiError> {
    let index = state.index()?;
    let Ok(known) = ArticleId::new(&id) else {
        return Err(ApiError::no_such_article(id));
    };
    let class = class_of(&index, &request.query, Class::Search);
    let explained = state
        .pool()
        .run(class, move |deadline| {
            index.within(deadline).explain(&request, &known)
        })
        .await??;
    explained.ok_or_else(|| ApiError::no_such_article(id))
}

/// Counts the values of a field in all matching articles.
pub async fn facet(
    state: &AppState,
    request: SearchRequest,
    field: Keyword,
    prefix: String,
    limit: usize,
) -> Result<Facet, ApiError> {
    let index = state.index()?;
    let class = class_of(&index, &request.query, Class::Search);
    let count = move |deadline| {
        index
            .within(deadline)
            .facet(&request, field, &prefix, limit)
    };
    Ok(state.pool().run(class, count).await??)
}

/// Counts all matching articles by date.
pub async fn histogram(
    state: &AppState,
    request: SearchRequest,
    interval: Interval,
) -> Result<Histogram, ApiError> {
    let index = state.index()?;
    let class = class_of(&index, &request.query, Class::Search);
    let count = move |deadline| index.within(deadline).histogram(&request, interval);
    Ok(state.pool().run(class, count).await??)
}

/// Returns suggestions for a text that is being typed.
pub async fn suggest(
    state: &AppState,
    text: String,
    limit: usize,
) -> Result<Vec<SuggestedQuery>, ApiError> {
    tracing::debug!(text, "suggesting");
    let index = state.index()?;
    Ok(state
        .pool()
        .run(Class::Quick, move |deadline| {
            index.within(deadline).suggest(&text, limit)
        })
        .await??)
}

/// Returns the hash of the model, and each text with its tokens. Uses the model of the index, or
/// the base model if there is no index.
pub async fn analyze(
    state: &AppState,
    texts: Vec<String>,
) -> Result<(String, Vec<(String, Vec<Token>)>), ApiError> {
    let index = match state.index() {
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
        (
            analyzer.model().hash().to_owned(),
            texts.into_iter().map(tokens).collect(),
        )
    };
    state.pool().run(Class::Quick, analyze).await
}

/// Returns the figures of the index.
pub async fn stats(state: &AppState) -> Result<Stats, ApiError> {
    let index = state.index()?;
    Ok(state
        .pool()
        .run(Class::Quick, move |_| index.stats())
        .await??)
}

/// Returns `Costly` if the query is costly, otherwise `plain`.
fn class_of(index: &Index, query: &str, plain: Class) -> Class {
    if index.is_costly(query) {
        Class::Costly
    } else {
        plain
    }
}
