//! The results page: the query as it was analyzed, the filters, the hits with their matches, and
//! the pages.

mod address;
mod narrowing;
mod remarks;

use axum::response::Redirect;
use fihrist_index::query::Keyword;
use fihrist_index::search::{Facet, Hits, Interval, SearchRequest};
use fihrist_index::snippet::Options;

pub use self::address::{Address, PARAMS};
use self::narrowing::{Field, Picture, field, picture};
use self::remarks::{Expansion, Ignored, Remark, expansions, ignored, remarks};
use super::pager::{PAGE_SIZE, Pager};
use super::{
    ARTICLES, AppState, Frame, IntoResponse, Params, Response, Result, State, Template, Uri, calls,
    counted, html,
};

/// Snippets per hit: enough to judge it, and few enough to scan ten hits.
const SNIPPETS: Options = Options {
    max_snippets: 3,
    max_snippet_chars: 200,
};

/// Maximum number of values of a field that the reader can choose from.
const CHOICES: usize = 20;

#[derive(Template)]
#[template(path = "results.html")]
struct Results {
    frame: Frame,
    address: Address,
    hits: Hits,
    count: String,
    remarks: Vec<Remark>,
    expansions: Vec<Expansion>,
    ignored: Vec<Ignored>,
    fields: Vec<Field>,
    picture: Option<Picture>,
    pager: Option<Pager>,
}

pub async fn get(State(state): State<AppState>, uri: Uri) -> Result<Response> {
    let frame = Frame::of(&uri);
    let mut params = Params::from_page_query(&uri, PARAMS);
    let address = Address::read(&mut params);
    params.finish()?;
    let is_blank = address.query.trim().is_empty();
    if is_blank && !address.narrows() {
        return Ok(Redirect::to(&frame.href("/")).into_response());
    }
    let (filters, is_readable) = address.filters();
    let request = SearchRequest {
        limit: PAGE_SIZE,
        offset: address.offset(),
        snippets: SNIPPETS,
        collapses: true,
        blank_finds_all: is_blank,
        filters,
        order: address.sort,
        relaxes: address.relaxes,
        facets: vec![Keyword::Source, Keyword::Section],
        histogram: Some(Interval::Auto),
        ..SearchRequest::new(&address.query)
    };
    let (mut hits, _took) = calls::search(&state, request.clone()).await?;
    let mut fields = Vec::new();
    for mut facet in std::mem::take(&mut hits.facets) {
        if !request.filters.of(facet.field).is_empty() {
            // The values of a filtered field are counted without its filter, so that alternatives
            // to the chosen value appear.
            facet = others(&state, &request, facet.field).await?;
        }
        if !facet.values.is_empty() {
            fields.push(field(&address, facet));
        }
    }
    let mut remarks = remarks(&hits, &address);
    if !is_readable {
        remarks.push(Remark::plain(frame.pick(
            "لم نفهم التاريخ، فبحثنا من دونه. اكتبه مثل 2020 أو 2020-03 أو 2020-03-15.",
            "The date is invalid, so the search ignores it. Write it like 2020, 2020-03 or 2020-03-15.",
        )));
    }
    let histogram = hits.histogram.as_ref();
    html(&Results {
        count: counted(frame.language(), hits.total, &ARTICLES),
        remarks,
        expansions: expansions(&hits.query, &address),
        ignored: ignored(&hits.query, &address),
        fields,
        picture: histogram.and_then(|histogram| picture(&address, histogram)),
        pager: Pager::new(address.page, hits.total),
        frame,
        address,
        hits,
    })
}

/// Counts the values of `field`, without the filter on this field.
async fn others(state: &AppState, request: &SearchRequest, field: Keyword) -> Result<Facet> {
    let mut request = request.clone();
    match field {
        Keyword::Source => request.filters.sources.clear(),
        Keyword::Section => request.filters.sections.clear(),
        Keyword::Author => request.filters.authors.clear(),
    }
    request.blank_finds_all = request.query.trim().is_empty();
    calls::facet(state, request, field, String::new(), CHOICES).await
}
