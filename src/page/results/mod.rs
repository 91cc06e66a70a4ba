//! The results of a search: the query as it was understood, the hits with their marks, and the pages.

use askama::Template;
use axum::extract::State;
use axum::http::Uri;
use axum::response::{IntoResponse, Redirect, Response};
use fihrist_index::query::NoticeCode;
use fihrist_index::search::{Hit, Hits, Relaxed, SearchRequest};
use fihrist_index::snippet::{Fragment, Options, Snippet};

use super::arabic::{ARTICLES, COPIES, Date, counted, date};
use super::pager::{PAGE_SIZE, Pager, max_page};
use super::template::page;
use crate::http::calls;
use crate::http::error::ApiError;
use crate::http::params::Params;
use crate::http::state::AppState;

/// Passages of a hit: enough to judge it by, few enough to look over ten hits.
const SNIPPETS: Options = Options { max_snippets: 3, max_snippet_chars: 200 };

#[derive(Template)]
#[template(path = "results.html")]
struct Results {
    query: String,
    page: usize,
    /// The rank of the first hit.
    first: usize,
    total: u64,
    count: String,
    /// What the reader should know about how the query was understood, in words.
    remarks: Vec<String>,
    hits: Vec<HitView>,
    pager: Option<Pager>,
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
    let query = params.text("q").unwrap_or_default();
    let number = params.integer("page", 1..=max_page(), 1);
    params.finish()?;
    if query.trim().is_empty() {
        return Ok(Redirect::to("/").into_response());
    }
    let offset = (number - 1) * PAGE_SIZE;
    let request =
        SearchRequest { limit: PAGE_SIZE, offset, snippets: SNIPPETS, collapses: true, ..SearchRequest::new(&query) };
    let (hits, _took) = calls::search(&state, request).await?;
    page(&Results::new(hits, number))
}

impl Results {
    fn new(hits: Hits, page: usize) -> Self {
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
        let meant = hits.did_you_mean.map(|meant| format!("هل تقصد: {meant}؟"));
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
            page,
            first: (page - 1) * PAGE_SIZE + 1,
            total: hits.total,
            count: counted(hits.total, &ARTICLES),
            remarks: relaxed.into_iter().chain(meant).chain(notices.map(str::to_owned)).collect(),
            pager: Pager::new(page, hits.total),
            hits: hits.hits.into_iter().map(HitView::from).collect(),
            query: hits.input,
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
