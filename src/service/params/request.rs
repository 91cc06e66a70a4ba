//! Builds the engine's search request from parameters. The HTTP API, the MCP tools and the command
//! line use it.

use fihrist_index::document::Field;
use fihrist_index::query::{Keyword, Scope};
use fihrist_index::search::{Cursor, Filters, Order, SearchRequest};
use fihrist_index::snippet::Options;

use super::filters;
use super::reader::Params;
use super::search::{COLLAPSES, HIGHLIGHTS, INTERVALS, MATCHING, OPERATORS, RELAXES, SORTS};
use crate::service::Result;

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
pub fn http_search(mut params: Params) -> Result<SearchRequest> {
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
pub fn counted(mut params: Params) -> Result<SearchRequest> {
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
    match half_life_seconds(&text) {
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

/// Parses a number of hours, days, weeks or years, such as `30d`, into seconds. The number has at
/// most three digits.
fn half_life_seconds(text: &str) -> Option<u32> {
    const HOUR: u32 = 3_600;
    let (number, unit) = text.split_at_checked(text.len().checked_sub(1)?)?;
    let unit = match unit {
        "h" => HOUR,
        "d" => 24 * HOUR,
        "w" => 7 * 24 * HOUR,
        "y" => 365 * 24 * HOUR,
        _ => return None,
    };
    if number.len() > 3 || number.starts_with('+') {
        return None;
    }
    let number: u32 = number.parse().ok().filter(|number| *number > 0)?;
    number.checked_mul(unit)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_half_lives() {
        let check = |text: &str, expected: Option<u32>| {
            assert_eq!(half_life_seconds(text), expected, "{text}")
        };
        check("12h", Some(43_200));
        check("30d", Some(2_592_000));
        check("2w", Some(1_209_600));
        check("99y", Some(3_122_064_000));
        check("999y", None);
        check("0d", None);
        check("+3d", None);
        check("1000d", None);
        check("30", None);
        check("d", None);
        check("", None);
        check("30ي", None);
        check("٣٠d", None);
    }
}
