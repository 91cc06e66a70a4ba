//! What a reader sees where something went wrong: what happened and what to do, in words.

use std::sync::Arc;

use askama::Template;
use axum::body::Body;
use axum::extract::Request;
use axum::http::{HeaderMap, HeaderValue, Uri, header};
use axum::middleware::Next;
use axum::response::Response;

use super::frame::Frame;
use crate::service::error::ApiError;
use crate::service::request_id::RequestId;

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
    /// The command that helps, if one does.
    command: Option<&'static str>,
    /// Shown where the server's log has more to say.
    request_id: Option<&'a str>,
}

/// The page for an error that came of asking for `uri`; the caller sends its status.
fn error_page(error: &ApiError, uri: &Uri, request_id: &str) -> String {
    let frame = Frame::of(uri);
    let (status, _) = error.status();
    let ((heading, advice), (english_heading, english_advice)) = words(error);
    let page = ErrorPage {
        status: status.as_u16(),
        heading: frame.say(heading, english_heading),
        advice: frame.say(advice, english_advice),
        command: matches!(error, ApiError::NoIndex).then_some("fihrist index PATH…"),
        request_id: status.is_server_error().then_some(request_id),
        frame,
    };
    // A template that cannot be rendered must not hide the error it was to show.
    page.render().unwrap_or_else(|_| heading.to_owned())
}

/// What happened and what to do.
type Words = (&'static str, &'static str);

/// In Arabic and in English.
fn words(error: &ApiError) -> (Words, Words) {
    match error {
        ApiError::UnknownRoute | ApiError::NoSuchField(_) => (
            (
                "لا صفحة هنا",
                "ربما تغيّر الرابط أو سقط منه حرف. يمكنك البدء من البحث.",
            ),
            (
                "There is no page here",
                "The link may have changed, or lost a letter. You can begin with a search.",
            ),
        ),
        ApiError::NoSuchArticle(_) => (
            (
                "المقالة غير موجودة",
                "لا مقالة بهذا الاسم في الفهرس. ربما حُذفت أو تغيّر رابطها.",
            ),
            (
                "No such article",
                "There is no article of this name. It may have been deleted, or its link has changed.",
            ),
        ),
        ApiError::InvalidParameters(_) => (
            (
                "في الرابط خطأ",
                "البحث أطول مما يجوز، أو رقم الصفحة خارج النتائج. جرّب البحث من جديد.",
            ),
            (
                "The link has a mistake",
                "The search is longer than it may be, or the page is beyond the results. Try the search again.",
            ),
        ),
        ApiError::InvalidJson(_)
        | ApiError::InvalidRequest(_)
        | ApiError::InvalidNdjson(_)
        | ApiError::InvalidArticle(_)
        | ApiError::UnsupportedMediaType(_)
        | ApiError::UnsupportedEncoding
        | ApiError::BodyTooLarge(_)
        | ApiError::MethodNotAllowed => (
            (
                "لم نفهم الطلب",
                "الصفحات تُقرأ ولا يُرسل إليها شيء. جرّب البحث من جديد.",
            ),
            (
                "The request was not understood",
                "Pages are read, and nothing is sent to them. Try the search again.",
            ),
        ),
        ApiError::KeyMissing => (
            (
                "القراءة هنا بمفتاح",
                "أعد تحميل الصفحة واكتب مفتاحك في خانة كلمة المرور، وأي اسم في خانة الاسم.",
            ),
            (
                "Reading needs a key here",
                "Reload the page, and enter your key as the password, with any name.",
            ),
        ),
        ApiError::KeyUnknown => (
            (
                "المفتاح غير معروف",
                "ربما أُلغي أو سقط منه حرف. أعد تحميل الصفحة واكتبه في خانة كلمة المرور.",
            ),
            (
                "The key is not known",
                "It may have been revoked, or lost a letter. Reload the page and enter it as the password.",
            ),
        ),
        ApiError::ScopeMissing(_) => (
            (
                "هذا المفتاح لا يكفي",
                "المفتاح صحيح، لكنه ليس للقراءة. اطلب مفتاحًا للبحث ممن يدير الخادم.",
            ),
            (
                "This key does not suffice",
                "It is a valid key, but not for reading. Ask the operator for one to search with.",
            ),
        ),
        ApiError::RateLimited { .. } => (
            ("طلبات كثيرة في وقت قصير", "انتظر قليلًا، ثم أعد المحاولة."),
            (
                "Too many requests in a short time",
                "Wait a little, then try again.",
            ),
        ),
        ApiError::NoIndex => (
            (
                "لم يُفهرس شيء بعد",
                "تظهر المقالات هنا من تلقاء نفسها بعد أول فهرسة:",
            ),
            (
                "Nothing has been indexed yet",
                "Articles appear here by themselves after the first indexing job:",
            ),
        ),
        ApiError::Busy | ApiError::IndexBusy => (
            (
                "الخادم مشغول",
                "تجري الآن عمليات كثيرة. أعد المحاولة بعد ثانية.",
            ),
            (
                "The server is busy",
                "It has much to do just now. Try again in a second.",
            ),
        ),
        ApiError::IndexUnavailable => (
            (
                "الفهرس غير متاح الآن",
                "لا يجيب ما تُحفظ فيه المقالات. أعد المحاولة بعد ثوانٍ.",
            ),
            (
                "The index is not available just now",
                "What keeps the articles does not answer. Try again in some seconds.",
            ),
        ),
        ApiError::TimedOut => (
            (
                "استغرق الطلب وقتًا طويلًا",
                "توقفنا عن الانتظار. أعد المحاولة، أو جرّب بحثًا أبسط.",
            ),
            (
                "The request took too long",
                "We stopped waiting. Try again, or try a simpler search.",
            ),
        ),
        ApiError::Internal { .. } => (
            (
                "حدث خطأ في الخادم",
                "سُجّل الخطأ مع رقم الطلب. أعد المحاولة لاحقًا.",
            ),
            (
                "The server made a mistake",
                "It was recorded with the number of the request. Try again later.",
            ),
        ),
    }
}
