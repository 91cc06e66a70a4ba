//! `/help`: how to write a query, with examples that link to their results, and the keyboard
//! shortcuts. `text` contains the words.

mod text;

use super::{Frame, Response, Result, Template, Uri, html};

#[derive(Template)]
#[template(path = "help.html")]
struct Help {
    frame: Frame,
}

pub async fn get(uri: Uri) -> Result<Response> {
    let frame = Frame::of(&uri);
    html(&Help { frame })
}
