//! Builds the engine's search request from parameters. The HTTP API, the MCP tools and the command
//! line use it.

use fihrist_index::document::Field;
use fihrist_index::query::{Keyword, Scope};
use fihrist_index::search::{Cursor, Filters, Order, SearchRequest};
use fihrist_index::snippet::Options;

use super::filters;
use super::half_life;
use super::reader::Params;
use super::words::{COLLAPSES, HIGHLIGHTS, INTERVALS, MATCHING, OPERATORS, RELAXES, SORTS};
use crate::service::error::ApiError;

/// Returns the search that the parameters describe. A parameter that the caller's table does not
/// contain has its default.
pub fn search(params: &mut Params, query: String) -> SearchRequest {
    let filters = filters::read(params, filters::today());
    let order = order(params);
    let facets = params.list("facets", &Keyword::ALL.map(|field| (field.name(), field)));
    let histogram = params
        .has("histogram")
        .then(|| params.choice("histogram", &INTERVALS));
    // A blank query alone asks for nothing. With a filter, an order by date or a count, it asks for
    // all articles.
    let blank_finds_all = filters != Filters::default()
        || !order.needs_scores()
        || !facets.is_empty()
        || histogram.is_some();
    let limit = params.integer("limit");
    let offset = params.integer("offset");
    let matching = matching(params);
    SearchRequest {
        query,
        blank_finds_all,
        limit,
        offset,
        order,
        filters,
        facets,
        histogram,
        collapses: params.choice("collapse", &COLLAPSES),
        explains: params.flag("explain"),
        ..matching
    }
}

/// Returns a search of the HTTP API. Fails with all mistakes in the parameters.
pub fn http_search(mut params: Params) -> Result<SearchRequest, ApiError> {
    let query = params.required_text("q");
    let has_offset = params.has("offset");
    let mut request = search(&mut params, query);
    request.snippets = Options {
        max_snippets: params.integer("fragments"),
        max_snippet_chars: params.integer("fragment_chars"),
    };
    if let Some(cursor) = params.text("cursor") {
        request.cursor = Cursor::parse(&cursor, &request);
        if has_offset {
            params.wrong("cursor", "give a cursor or an offset, not both");
        } else if request.cursor.is_none() {
            params.wrong(
                "cursor",
                "expected the next_cursor of an answer to the same parameters",
            );
        }
    }
    params.finish()?;
    Ok(request)
}

/// Returns the search whose matches are counted. Without a query, it matches all articles.
pub fn counted(mut params: Params) -> Result<SearchRequest, ApiError> {
    let filters = filters::read(&mut params, filters::today());
    let matching = matching(&mut params);
    let request = SearchRequest {
        query: params.text("q").unwrap_or_default(),
        filters,
        blank_finds_all: true,
        ..matching
    };
    params.finish()?;
    Ok(request)
}

/// Reads how the words of a query match and combine, and how matches are marked. The query of the
/// result is empty.
pub fn matching(params: &mut Params) -> SearchRequest {
    let fields = Field::ALL.map(|field| (field.name(), Scope::of(field)));
    let matching = params.choice("match", &MATCHING);
    let operator = params.choice("operator", &OPERATORS);
    let scope = params.list("in", &fields).into_iter().reduce(Scope::or);
    SearchRequest {
        matching,
        operator,
        scope: scope.unwrap_or(Scope::ALL),
        highlight: params.choice("highlight", &HIGHLIGHTS),
        relaxes: params.choice("relax", &RELAXES),
        ..SearchRequest::new("")
    }
}

/// Returns the sort order that `sort` and `half_life` describe.
fn order(params: &mut Params) -> Order {
    let order = params.choice("sort", &SORTS);
    let Some(text) = params.text("half_life") else {
        return order;
    };
    match half_life::parse_seconds(&text) {
        None => params.wrong(
            "half_life",
            "expected a number of hours, days, weeks or years, as in 12h, 30d, 6w, 1y",
        ),
        Some(_) if order != Order::Relevance => {
            params.wrong("half_life", "it requires sort=relevance")
        }
        Some(half_life_seconds) => return Order::Recency { half_life_seconds },
    }
    order
}
