//! The error page: tells the reader what happened and what to do.

use std::sync::Arc;

use axum::body::Body;
use axum::extract::Request;
use axum::http::{HeaderValue, header};
use axum::middleware::Next;

use super::{ApiError, Frame, HeaderMap, Response, Template, Uri};
use crate::service::RequestId;

/// Makes a browser ask for a name and a password. The name is ignored; the password is the key.
const ASK_FOR_PASSWORD: HeaderValue =
    HeaderValue::from_static("Basic realm=\"Fihrist\", charset=\"UTF-8\"");

/// Paths outside `/api/` that are made for programs.
const PROGRAM_PATHS: [&str; 9] = [
    "/feed.atom",
    "/healthz",
    "/mcp",
    "/metrics",
    "/openapi.json",
    "/opensearch.xml",
    "/readyz",
    "/suggest.json",
    "/version",
];

/// Middleware: shows the errors of page routes as a page, if the client accepts HTML.
pub async fn render(id: RequestId, request: Request, next: Next) -> Response {
    let uri = request.uri().clone();
    let accepts_html = accepts_html(request.headers());
    let mut response = next.run(request).await;
    let Some(error) = response.extensions().get::<Arc<ApiError>>().cloned() else {
        return response;
    };
    if uri.path().starts_with("/api/") || PROGRAM_PATHS.contains(&uri.path()) {
        return response;
    }
    if matches!(*error, ApiError::KeyMissing | ApiError::KeyUnknown) {
        let headers = response.headers_mut();
        headers.insert(header::WWW_AUTHENTICATE, ASK_FOR_PASSWORD);
    }
    if accepts_html {
        *response.body_mut() = Body::from(error_page(&error, &uri, id.as_str()));
        response.headers_mut().insert(
            header::CONTENT_TYPE,
            HeaderValue::from_static("text/html; charset=utf-8"),
        );
    }
    response
}

fn accepts_html(headers: &HeaderMap) -> bool {
    let mut accepted = headers.get_all(header::ACCEPT).iter();
    accepted.any(|value| value.to_str().is_ok_and(|text| text.contains("text/html")))
}

#[derive(Template)]
#[template(path = "error.html")]
struct ErrorPage<'a> {
    frame: Frame,
    status: u16,
    heading: &'a str,
    advice: &'a str,
    /// A command that solves the problem, if there is one.
    command: Option<&'static str>,
    /// The id of the request, if the log of the server contains more details; otherwise `None`.
    request_id: Option<&'a str>,
}

/// Returns the page for an error at `uri`. The caller sends the status.
fn error_page(error: &ApiError, uri: &Uri, request_id: &str) -> String {
    let frame = Frame::of(uri);
    let (status, _) = error.status();
    let [heading, advice, english_heading, english_advice] = words(error);
    let page = ErrorPage {
        status: status.as_u16(),
        heading: frame.pick(heading, english_heading),
        advice: frame.pick(advice, english_advice),
        command: matches!(error, ApiError::NoIndex).then_some("fihrist index PATH…"),
        request_id: status.is_server_error().then_some(request_id),
        frame,
    };
    // If the template cannot be rendered, the heading is shown, so that the original error is not
    // hidden.
    page.render().unwrap_or_else(|_| heading.to_owned())
}

/// Returns the heading and the advice for an error, in Arabic and then in English.
fn words(error: &ApiError) -> [&'static str; 4] {
    match error {
        ApiError::UnknownRoute | ApiError::NoSuchField(_) => [
            "لا صفحة هنا",
            "ربما تغيّر الرابط أو سقط منه حرف. يمكنك البدء من البحث.",
            "Page not found",
            "The link may be outdated or incomplete. Start with a search.",
        ],
        ApiError::NoSuchArticle(_) => [
            "المقالة غير موجودة",
            "لا مقالة بهذا الاسم في الفهرس. ربما حُذفت أو تغيّر رابطها.",
            "Article not found",
            "The article may have been deleted, or its link has changed.",
        ],
        ApiError::InvalidParameters(_) => [
            "في الرابط خطأ",
            "البحث أطول مما يجوز، أو رقم الصفحة خارج النتائج. جرّب البحث من جديد.",
            "The link is invalid",
            "The query is too long, or the page is beyond the last result. Try the search again.",
        ],
        ApiError::AnswerTooLarge(_) => [
            "الجواب أكبر مما يجوز",
            "الصفحة التي طلبتها أكبر من أن نرسلها. جرّب بحثا أقصر.",
            "The answer is too large",
            "The requested page is larger than this server may send. Try a shorter query.",
        ],
        ApiError::InvalidJson(_)
        | ApiError::InvalidRequest(_)
        | ApiError::InvalidNdjson(_)
        | ApiError::InvalidArticle(_)
        | ApiError::UnsupportedMediaType(_)
        | ApiError::UnsupportedEncoding
        | ApiError::BodyTooLarge(_)
        | ApiError::TooManyArticles
        | ApiError::BodyNotReceived(_)
        | ApiError::MethodNotAllowed => [
            "لم نفهم الطلب",
            "الصفحات تُقرأ ولا يُرسل إليها شيء. جرّب البحث من جديد.",
            "The request is invalid",
            "Pages can only be read. Try the search again.",
        ],
        ApiError::KeyMissing => [
            "القراءة هنا بمفتاح",
            "أعد تحميل الصفحة واكتب مفتاحك في خانة كلمة المرور، وأي اسم في خانة الاسم.",
            "Reading requires a key",
            "Reload the page, and enter your key as the password, with any name.",
        ],
        ApiError::KeyUnknown => [
            "المفتاح غير معروف",
            "ربما أُلغي أو سقط منه حرف. أعد تحميل الصفحة واكتبه في خانة كلمة المرور.",
            "The key is unknown",
            "It may have been revoked or mistyped. Reload the page and enter it as the password.",
        ],
        ApiError::ScopeMissing(_) => [
            "هذا المفتاح لا يكفي",
            "المفتاح صحيح، لكنه ليس للقراءة. اطلب مفتاحًا للبحث ممن يدير الخادم.",
            "This key is not sufficient",
            "The key is valid, but does not permit reading. Ask the operator for a key that permits searching.",
        ],
        ApiError::RateLimited { .. } => [
            "طلبات كثيرة في وقت قصير",
            "انتظر قليلًا، ثم أعد المحاولة.",
            "Too many requests",
            "Wait a moment, then try again.",
        ],
        ApiError::NoIndex => [
            "لم يُفهرس شيء بعد",
            "تظهر المقالات هنا من تلقاء نفسها بعد أول فهرسة:",
            "Nothing has been indexed yet",
            "Articles appear here automatically after the first indexing job:",
        ],
        ApiError::Busy | ApiError::IndexBusy => [
            "الخادم مشغول",
            "تجري الآن عمليات كثيرة. أعد المحاولة بعد ثانية.",
            "The server is busy",
            "It is processing many requests. Try again in a second.",
        ],
        ApiError::IndexUnavailable => [
            "الفهرس غير متاح الآن",
            "لا يجيب ما تُحفظ فيه المقالات. أعد المحاولة بعد ثوانٍ.",
            "The index is unavailable",
            "The storage of the articles does not answer. Try again in a few seconds.",
        ],
        ApiError::TimedOut => [
            "استغرق الطلب وقتًا طويلًا",
            "توقفنا عن الانتظار. أعد المحاولة، أو جرّب بحثًا أبسط.",
            "The request took too long",
            "It was cancelled. Try again, or try a simpler search.",
        ],
        ApiError::IndexDamaged(_) => [
            "جزء من الفهرس تالف",
            "ما عدا هذا الجزء سليم. سُجّل التلف، وعلى من يدير الخادم إصلاحه.",
            "A part of the index is damaged",
            "The rest of the index is intact. The damage was logged for the operator.",
        ],
        ApiError::DiskFull | ApiError::IndexReadOnly | ApiError::Internal { .. } => [
            "حدث خطأ في الخادم",
            "سُجّل الخطأ مع رقم الطلب. أعد المحاولة لاحقًا.",
            "The server failed",
            "The error was logged with the request number. Try again later.",
        ],
    }
}
