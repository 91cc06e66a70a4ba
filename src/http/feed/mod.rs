//! `/feed.atom`: the results of a query as a feed. `atom` writes the XML.

mod atom;

use axum::response::{IntoResponse, Response};
use fihrist_index::arabic::fnv1a;
use fihrist_index::search::{Hit, Order, SearchRequest};
use fihrist_index::snippet::Options;

use self::atom::{Entry, Feed};
use super::{
    ApiError, AppState, HeaderMap, Kind, Param, Params, Problems, State, StatusCode, Uri, calls,
    header,
};
use crate::service::params::QUERY;
use crate::service::views::text_of;
use crate::service::{article_page, encoded, is_web_address, limits};

/// Enough text to judge an article by. Feed readers show one paragraph.
const SNIPPETS: Options = Options {
    max_snippets: 2,
    max_snippet_chars: 240,
};

/// How long a cache may serve the feed. Most feed readers ask about once an hour.
const MAX_AGE_SECONDS: u32 = 300;

/// The query parameters of the route.
pub const PARAMS: &[Param] = &[
    QUERY.described("The query.").example("وقف إطلاق النار"),
    Param::new(
        "limit",
        Kind::Integer(1, || 100, DEFAULT_LIMIT),
        "Number of articles in the feed; 20 by default.",
    )
    .without("default"),
];

const DEFAULT_LIMIT: usize = 20;

/// Subscribe to a query
///
/// The query is never relaxed, because an article that does not match it is no news. Copies of an
/// article are one entry.
#[utoipa::path(
    get, path = "/feed.atom", operation_id = "feed", tag = "search",
    responses(
        (status = 200, description = "An Atom feed (RFC 4287), the newest article first.", body = String, content_type = "application/atom+xml"),
        (status = 304, description = "The feed has not changed since the version whose tag is in the header if-none-match."),
        Problems,
    )
)]
pub async fn get(
    State(state): State<AppState>,
    uri: Uri,
    headers: HeaderMap,
) -> Result<Response, ApiError> {
    let mut params = Params::from_query(&uri, PARAMS);
    let query = params.required_text("q");
    let limit = params.integer("limit");
    params.finish()?;
    let base = state.addresses.required_base(&headers)?;
    let (hits, _took) = calls::search(&state, newest(&query, limit)).await?;
    let encoded_query = encoded(&query);
    let limit = if limit == DEFAULT_LIMIT {
        String::new()
    } else {
        format!("&limit={limit}")
    };
    let feed = Feed {
        self_link: format!("{base}/feed.atom?q={encoded_query}{limit}"),
        page: format!("{base}/search?q={encoded_query}"),
        query,
        entries: hits.hits.into_iter().map(|hit| entry(hit, &base)).collect(),
    };
    let body = feed
        .to_xml()
        .map_err(|error| ApiError::internal("write a feed", error))?;
    if body.len() > limits().answer_bytes {
        return Err(ApiError::AnswerTooLarge(limits().answer_bytes));
    }
    let tag = format!("W/\"{:016x}\"", fnv1a(&body));
    // A shared cache must not store links that are built from a client's host header.
    let who = if state.addresses.is_fixed() {
        "public"
    } else {
        "private"
    };
    let is_known = is_known(&headers, &tag);
    let validators = [
        (header::ETAG, tag),
        (
            header::CACHE_CONTROL,
            format!("{who}, max-age={MAX_AGE_SECONDS}"),
        ),
    ];
    if is_known {
        return Ok((StatusCode::NOT_MODIFIED, validators).into_response());
    }
    let content_type = [(header::CONTENT_TYPE, "application/atom+xml; charset=utf-8")];
    Ok((validators, content_type, body).into_response())
}

/// Returns the search for a feed: the newest articles, copies as one, without relaxation.
fn newest(query: &str, limit: usize) -> SearchRequest {
    SearchRequest {
        limit,
        order: Order::Newest,
        collapses: true,
        relaxes: false,
        snippets: SNIPPETS,
        ..SearchRequest::new(query)
    }
}

fn entry(hit: Hit, base: &str) -> Entry {
    let article = hit.article;
    let texts: Vec<String> = hit.snippets.iter().map(text_of).collect();
    let published = article.published.as_ref();
    Entry {
        page: article_page(base, &article),
        title: article.title(),
        summary: texts.join(" … "),
        published_seconds: published.map(|published| published.timestamp_seconds),
        authors: if article.authors.is_empty() {
            article.source.iter().cloned().collect()
        } else {
            article.authors
        },
        section: article.section,
        original: article
            .url
            .filter(|url| is_web_address(url) && url.parse::<Uri>().is_ok()),
        id: article.id.as_str().to_owned(),
    }
}

/// Whether the client has this version of the feed, by the weak comparison of RFC 9110.
fn is_known(headers: &HeaderMap, tag: &str) -> bool {
    let opaque = |tag: &str| tag.trim().trim_start_matches("W/").to_owned();
    let given = headers.get_all(header::IF_NONE_MATCH).iter();
    given
        .filter_map(|value| value.to_str().ok())
        .flat_map(|tags| tags.split(','))
        .any(|given| given.trim() == "*" || opaque(given) == opaque(tag))
}
