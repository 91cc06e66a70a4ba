//! The home page: a search box, and the number of articles.

use super::{
    ARTICLES, ApiError, AppState, Frame, Response, State, Template, Uri, calls, counted, html,
};

#[derive(Template)]
#[template(path = "home.html")]
struct Home {
    frame: Frame,
    /// The number of articles in words; `None` if there is no index yet.
    article_count: Option<String>,
}

pub async fn get(State(state): State<AppState>, uri: Uri) -> Result<Response, ApiError> {
    let frame = Frame::of(&uri);
    let article_count = match calls::stats(&state).await {
        Ok(stats) if stats.articles == 0 => {
            Some(frame.pick("الفهرس فارغ", "The index is empty").to_owned())
        }
        Ok(stats) => {
            let articles = counted(frame.language(), stats.articles, &ARTICLES);
            Some(format!(
                "{} {articles}",
                frame.pick("في الفهرس", "The index contains")
            ))
        }
        // The state of a server before its first indexing job: the page states it, and it is no
        // error.
        Err(ApiError::NoIndex) => None,
        Err(error) => return Err(error),
    };
    html(&Home {
        frame,
        article_count,
    })
}
