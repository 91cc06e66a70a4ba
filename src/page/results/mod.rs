//! The results page: the query as it was analyzed, the filters, the hits with their matches, and
//! the pages.

pub mod address;
mod narrowing;
mod remarks;

use askama::Template;
use axum::extract::State;
use axum::http::Uri;
use axum::response::{IntoResponse, Redirect, Response};
use fihrist_index::query::Keyword;
use fihrist_index::search::{Facet, Hit, Hits, Interval, SearchRequest};
use fihrist_index::snippet::{Fragment, Options, Snippet};

use self::address::{Address, PARAMS};
use self::narrowing::{Choice, Field, Picture, calendar, chosen, field, picture, sorts, times};
use self::remarks::{Expansion, Remark, expansions, remarks};
use super::frame::Frame;
use super::language::Display;
use super::pager::{PAGE_SIZE, Pager};
use super::template::page;
use super::words::{ARTICLES, COPIES, Date, counted, date};
use crate::service::calls;
use crate::service::error::ApiError;
use crate::service::params::Params;
use crate::service::state::AppState;

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
    first_page: String,
    from: String,
    to: String,
    query: String,
    /// The state of the results page as a query string, for links to articles.
    state: String,
    page: usize,
    /// The rank of the first hit.
    first: usize,
    total: u64,
    count: String,
    remarks: Vec<Remark>,
    expansions: Vec<Expansion>,
    sorts: Vec<Choice>,
    calendar: Choice,
    times: Vec<Choice>,
    chosen: Vec<Choice>,
    fields: Vec<Field>,
    picture: Option<Picture>,
    /// The form fields that preserve the state of the page, except its dates.
    form_fields: Vec<(&'static str, String)>,
    hits: Vec<HitView>,
    pager: Option<Pages>,
}

/// The links to other pages.
struct Pages {
    previous: Option<String>,
    next: Option<String>,
    /// `None` marks omitted pages.
    links: Vec<Option<PageLink>>,
}

struct PageLink {
    number: usize,
    href: String,
    is_current: bool,
}

struct HitView {
    id: String,
    title: Vec<Fragment>,
    source: Option<String>,
    section: Option<String>,
    date: Option<Date>,
    /// The number of other copies in words.
    copies: Option<String>,
    snippets: Vec<Snippet>,
}

pub async fn get(State(state): State<AppState>, uri: Uri) -> Result<Response, ApiError> {
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
        offset: (address.page - 1) * PAGE_SIZE,
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
    let mut facets = Vec::new();
    for facet in std::mem::take(&mut hits.facets) {
        facets.push(if request.filters.of(facet.field).is_empty() {
            facet
        } else {
            // The values of a filtered field are counted without its filter, so that alternatives
            // to the chosen value appear.
            others(&state, &request, facet.field).await?
        });
    }
    let mut view = Results::new(frame, hits, address);
    if !is_readable {
        view.remarks.push(Remark::plain(view.frame.pick(
            "لم نفهم التاريخ، فبحثنا من دونه. اكتبه مثل 2020 أو 2020-03 أو 2020-03-15.",
            "The date is invalid, so the search ignores it. Write it like 2020, 2020-03 or 2020-03-15.",
        )));
    }
    view.fields = facets
        .into_iter()
        .map(|facet| field(&view.address, facet))
        .collect();
    view.fields.retain(|field| !field.choices.is_empty());
    page(&view)
}

/// Counts the values of `field`, without the filter on this field.
async fn others(
    state: &AppState,
    request: &SearchRequest,
    field: Keyword,
) -> Result<Facet, ApiError> {
    let mut request = request.clone();
    match field {
        Keyword::Source => request.filters.sources.clear(),
        Keyword::Section => request.filters.sections.clear(),
        Keyword::Author => request.filters.authors.clear(),
    }
    request.blank_finds_all = request.query.trim().is_empty();
    calls::facet(state, request, field, String::new(), CHOICES).await
}

impl Results {
    fn new(frame: Frame, hits: Hits, address: Address) -> Self {
        let page = address.page;
        Self {
            remarks: remarks(&hits, &address),
            expansions: expansions(&hits.query, &address),
            state: address.state(),
            calendar: calendar(&address),
            sorts: sorts(&address),
            times: times(&address),
            chosen: chosen(&address),
            fields: Vec::new(),
            picture: hits
                .histogram
                .as_ref()
                .and_then(|histogram| picture(&address, histogram)),
            form_fields: address.form_fields(),
            page,
            first: (page - 1) * PAGE_SIZE + 1,
            total: hits.total,
            count: counted(frame.language(), hits.total, &ARTICLES),
            pager: Pager::new(page, hits.total).map(|pager| Pages::new(&pager, &address)),
            hits: hits
                .hits
                .into_iter()
                .map(|hit| HitView::new(frame.display, hit))
                .collect(),
            query: hits.input,
            first_page: address.page_href(1),
            from: address.from.clone().unwrap_or_default(),
            to: address.to.clone().unwrap_or_default(),
            address,
            frame,
        }
    }
}

impl Pages {
    fn new(pager: &Pager, address: &Address) -> Self {
        let link = |number: usize| PageLink {
            number,
            href: address.page_href(number),
            is_current: number == pager.current,
        };
        Self {
            previous: pager.previous().map(|page| address.page_href(page)),
            next: pager.next().map(|page| address.page_href(page)),
            links: pager.links.iter().map(|page| page.map(link)).collect(),
        }
    }
}

impl HitView {
    fn new(display: Display, hit: Hit) -> Self {
        Self {
            id: hit.article.id.as_str().to_owned(),
            title: hit.title,
            date: hit
                .article
                .published
                .as_ref()
                .map(|published| date(display, published)),
            copies: (hit.duplicates > 0)
                .then(|| counted(display.language, hit.duplicates, &COPIES)),
            source: hit.article.source,
            section: hit.article.section,
            snippets: hit.snippets,
        }
    }
}
