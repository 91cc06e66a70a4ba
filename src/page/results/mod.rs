//! The results of a search: the query as it was understood, what can be chosen, the hits with their marks, and the pages.

pub mod address;
mod narrowing;

use askama::Template;
use axum::extract::State;
use axum::http::Uri;
use axum::response::{IntoResponse, Redirect, Response};
use fihrist_index::query::{Keyword, NoticeCode};
use fihrist_index::search::{Facet, Hit, Hits, Interval, Relaxed, SearchRequest};
use fihrist_index::snippet::{Fragment, Options, Snippet};

use self::address::Address;
use self::narrowing::{Choice, Field, Picture, chosen, field, picture, sorts, times};
use super::arabic::{ARTICLES, COPIES, Date, counted, date};
use super::pager::{PAGE_SIZE, Pager};
use super::template::page;
use crate::http::calls;
use crate::http::error::ApiError;
use crate::http::params::Params;
use crate::http::state::AppState;

/// Passages of a hit: enough to judge it by, few enough to look over ten hits.
const SNIPPETS: Options = Options { max_snippets: 3, max_snippet_chars: 200 };

/// Values of a field to choose from.
const CHOICES: usize = 20;

#[derive(Template)]
#[template(path = "results.html")]
struct Results {
    address: Address,
    first_page: String,
    from: String,
    to: String,
    query: String,
    /// The state of the page, for links to articles.
    state: String,
    page: usize,
    /// The rank of the first hit.
    first: usize,
    total: u64,
    count: String,
    /// What the reader should know about how the query was understood, in words.
    remarks: Vec<Remark>,
    sorts: Vec<Choice>,
    times: Vec<Choice>,
    chosen: Vec<Choice>,
    fields: Vec<Field>,
    picture: Option<Picture>,
    /// What a form has to carry along so that the page stays what it is, but for its time.
    carried: Vec<(&'static str, String)>,
    hits: Vec<HitView>,
    pager: Option<Pages>,
}

/// The links to other pages.
struct Pages {
    previous: Option<String>,
    next: Option<String>,
    /// `None` where pages are left out.
    links: Vec<Option<PageLink>>,
}

struct PageLink {
    number: usize,
    href: String,
    is_current: bool,
}

/// A sentence for the reader, and where it leads.
struct Remark {
    text: String,
    link: Option<(String, &'static str)>,
}

impl From<String> for Remark {
    fn from(text: String) -> Self {
        Self { text, link: None }
    }
}

struct HitView {
    id: String,
    title: Vec<Fragment>,
    source: Option<String>,
    section: Option<String>,
    date: Option<Date>,
    /// How many other copies of it there are, in words.
    copies: Option<String>,
    snippets: Vec<Snippet>,
}

pub async fn get(State(state): State<AppState>, uri: Uri) -> Result<Response, ApiError> {
    let mut params = Params::from_page_query(&uri);
    let address = Address::read(&mut params);
    params.finish()?;
    let is_blank = address.query.trim().is_empty();
    if is_blank && !address.narrows() {
        return Ok(Redirect::to("/").into_response());
    }
    let (filters, is_readable) = address.filters();
    let request = SearchRequest {
        limit: PAGE_SIZE,
        offset: (address.page - 1) * PAGE_SIZE,
        snippets: SNIPPETS,
        collapses: true,
        blank_finds_all: is_blank,
        filters,
        order: address.sort.order(),
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
            // What else could be chosen is what is found without the choice.
            others(&state, &request, facet.field).await?
        });
    }
    let mut view = Results::new(hits, address);
    if !is_readable {
        view.remarks
            .push("لم نفهم التاريخ، فبحثنا من دونه. اكتبه مثل 2020 أو 2020-03 أو 2020-03-15.".to_owned().into());
    }
    view.fields = facets.into_iter().map(|facet| field(&view.address, facet)).collect();
    view.fields.retain(|field| !field.choices.is_empty());
    page(&view)
}

/// The values of a field in what is found without a choice of its values.
async fn others(state: &AppState, request: &SearchRequest, field: Keyword) -> Result<Facet, ApiError> {
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
    fn new(hits: Hits, address: Address) -> Self {
        let page = address.page;
        let relaxed = hits.relaxed.map(|relaxed| match relaxed {
            Relaxed::AnyWord { with_all_words: 0 } | Relaxed::AnyPart { with_all_words: 0 } => {
                "لا توجد مقالة تجمع كل هذه الكلمات، فهذه مقالات فيها بعضها.".to_owned()
            }
            // The number stands alone: a counted noun would have to agree in case.
            Relaxed::AnyWord { with_all_words } | Relaxed::AnyPart { with_all_words } => {
                format!("عدد المقالات التي تجمع كل هذه الكلمات: {with_all_words}، ومعها مقالات فيها بعضها.")
            }
            Relaxed::AnyForm => {
                "لا توجد مقالة فيها الكلمات بالصيغة التي كتبتَها، فهذه مقالات فيها صيغ أخرى منها.".to_owned()
            }
            Relaxed::AnyField => "لا توجد مقالة فيها ما طلبتَ في الموضع الذي حددتَه، فبحثنا عنه في غيره.".to_owned(),
            Relaxed::Corrected => "لا توجد مقالة فيها ما كتبتَه، فبحثنا عما نظنك تقصده.".to_owned(),
        });
        let strictly = address.changed(|address| address.relaxes = false);
        let relaxed = relaxed.map(|text| Remark { text, link: Some((strictly, "كما كتبتُه فقط")) });
        let meant = hits.did_you_mean.map(|meant| {
            let href = address.changed(|address| address.query.clone_from(&meant));
            Remark { text: format!("هل تقصد: {meant}؟"), link: Some((href, "ابحث عنه")) }
        });
        let notices = hits.query.notices.iter().map(|notice| match notice.code {
            NoticeCode::UnclosedQuote => "في البحث علامة تنصيص لم تُغلق، فبحثنا عن كلماتها متفرقة.",
            NoticeCode::EmptyPhrase => "لا كلمات بين علامتي التنصيص.",
            NoticeCode::NoWords => "ليس في البحث كلمة يمكن البحث عنها.",
            NoticeCode::DanglingOperator => "في البحث أداة ربط ينقصها أحد طرفيها، فبحثنا عنها كلمةً.",
            NoticeCode::UnreadableDate => "في البحث تاريخ لم نفهمه، فبحثنا من دونه.",
            NoticeCode::ShortPattern => "في البحث نمط لا يكفي ما فيه من حروف، فبحثنا عنه كلمةً.",
            NoticeCode::BroadPattern => "النمط يوافق كلمات كثيرة، فبحثنا عن أكثرها شيوعاً.",
            NoticeCode::TooNarrow => "لا نتائج بهذا الشرط، ومن دونه توجد نتائج.",
            NoticeCode::NarrowSettings => "لا نتائج بهذه الإعدادات، وبالإعدادات المعتادة توجد نتائج.",
            NoticeCode::NotTogether => "لا توجد مقالة تجمع ما طلبتَه.",
            NoticeCode::UnknownWord => "في البحث كلمة لا توجد في أي مقالة.",
            NoticeCode::UnknownValue => "لا مقالة لها هذا المصدر أو القسم أو الكاتب.",
        });
        Self {
            state: address.state(),
            sorts: sorts(&address),
            times: times(&address),
            chosen: chosen(&address),
            fields: Vec::new(),
            picture: hits.histogram.as_ref().and_then(|histogram| picture(&address, histogram)),
            carried: address.carried(),
            page,
            first: (page - 1) * PAGE_SIZE + 1,
            total: hits.total,
            count: counted(hits.total, &ARTICLES),
            remarks: relaxed.into_iter().chain(meant).chain(notices.map(|text| text.to_owned().into())).collect(),
            pager: Pager::new(page, hits.total).map(|pager| Pages::new(&pager, &address)),
            hits: hits.hits.into_iter().map(HitView::from).collect(),
            query: hits.input,
            first_page: address.page_href(1),
            from: address.from.clone().unwrap_or_default(),
            to: address.to.clone().unwrap_or_default(),
            address,
        }
    }
}

impl Pages {
    fn new(pager: &Pager, address: &Address) -> Self {
        let link =
            |number: usize| PageLink { number, href: address.page_href(number), is_current: number == pager.current };
        Self {
            previous: pager.previous().map(|page| address.page_href(page)),
            next: pager.next().map(|page| address.page_href(page)),
            links: pager.links.iter().map(|page| page.map(link)).collect(),
        }
    }
}

impl From<Hit> for HitView {
    fn from(hit: Hit) -> Self {
        Self {
            id: hit.article.id.as_str().to_owned(),
            title: hit.title,
            date: hit.article.published.as_ref().map(date),
            copies: (hit.duplicates > 0).then(|| counted(hit.duplicates, &COPIES)),
            source: hit.article.source,
            section: hit.article.section,
            snippets: hit.snippets,
        }
    }
}
