//! What a reader sees where something went wrong: what happened and what to do, in words.

use askama::Template;

use crate::http::error::ApiError;

#[derive(Template)]
#[template(path = "error.html")]
struct ErrorPage<'a> {
    status: u16,
    heading: &'static str,
    advice: &'static str,
    /// The command that helps, if one does.
    command: Option<&'static str>,
    /// Shown where the server's log has more to say.
    request_id: Option<&'a str>,
}

/// The page for an error; the caller sends its status.
pub fn error_page(error: &ApiError, request_id: &str) -> String {
    let (status, _) = error.status();
    let (heading, advice) = words(error);
    let page = ErrorPage {
        status: status.as_u16(),
        heading,
        advice,
        command: matches!(error, ApiError::NoIndex).then_some("fihrist index PATH…"),
        request_id: status.is_server_error().then_some(request_id),
    };
    // A template that cannot be rendered must not hide the error it was to show.
    page.render().unwrap_or_else(|_| heading.to_owned())
}

fn words(error: &ApiError) -> (&'static str, &'static str) {
    match error {
        ApiError::UnknownRoute | ApiError::NoSuchField(_) => {
            ("لا صفحة هنا", "ربما تغيّر الرابط أو سقط منه حرف. يمكنك البدء من البحث.")
        }
        ApiError::NoSuchArticle(_) => ("المقالة غير موجودة", "لا مقالة بهذا الاسم في الفهرس. ربما حُذفت أو تغيّر رابطها."),
        ApiError::InvalidParameters(_) => {
            ("في الرابط خطأ", "البحث أطول من 2,000 حرف، أو رقم الصفحة خارج النتائج. جرّب البحث من جديد.")
        }
        ApiError::InvalidJson(_)
        | ApiError::InvalidRequest(_)
        | ApiError::InvalidNdjson(_)
        | ApiError::InvalidArticle(_)
        | ApiError::UnsupportedMediaType(_)
        | ApiError::UnsupportedEncoding
        | ApiError::BodyTooLarge(_)
        | ApiError::KeyMissing
        | ApiError::KeyUnknown
        | ApiError::ScopeMissing(_)
        | ApiError::MethodNotAllowed => ("لم نفهم الطلب", "الصفحات تُقرأ ولا يُرسل إليها شيء. جرّب البحث من جديد."),
        ApiError::NoIndex => ("لم يُفهرس شيء بعد", "تظهر المقالات هنا من تلقاء نفسها بعد أول فهرسة:"),
        ApiError::Busy | ApiError::IndexBusy => ("الخادم مشغول", "تجري الآن عمليات كثيرة. أعد المحاولة بعد ثانية."),
        ApiError::TimedOut => ("استغرق الطلب وقتًا طويلًا", "توقفنا عن الانتظار. أعد المحاولة، أو جرّب بحثًا أبسط."),
        ApiError::Internal { .. } => ("حدث خطأ في الخادم", "سُجّل الخطأ مع رقم الطلب. أعد المحاولة لاحقًا."),
    }
}
