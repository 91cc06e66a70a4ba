//! What a reader sees where something went wrong: what happened and what to do, in words.

use askama::Template;
use axum::http::Uri;

use super::frame::Frame;
use crate::service::error::ApiError;

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
pub fn error_page(error: &ApiError, uri: &Uri, request_id: &str) -> String {
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
