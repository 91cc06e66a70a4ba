//! The page of one article: its segments by kind, with the matches of the query marked and
//! numbered.

mod citation;
mod social;

use fihrist_index::Article;
use fihrist_index::document::SegmentKind;
use fihrist_index::search::{Copies, SimilarArticle};

use self::citation::citation;
use super::marks::{Piece, pieces};
use super::results::{Address, PARAMS};
use super::{
    ApiError, AppState, Frame, HeaderMap, PLACES, Params, Response, State, Template, Uri, calls,
    counted, html,
};
use crate::service::{PathText, article_page, id_of, is_web_address};

/// Number of copies in the list.
const LISTED: usize = 20;
/// Number of similar articles in the list.
const SIMILAR: usize = 5;
/// Maximum number of matches that have a numbered link, besides the last match. The script can step
/// through all matches.
const NUMBERED: usize = 20;

#[derive(Template)]
#[template(path = "article.html")]
struct ArticlePage<'a> {
    frame: &'a Frame,
    article: &'a Article,
    /// The query of the search that led the reader here; empty if there was none.
    query: &'a str,
    /// The link back to the results, if the reader comes from a search.
    back: Option<String>,
    /// The address of the page without its query string, if the address of the server is known.
    canonical: Option<&'a str>,
    /// The address at which the source published the article, if it is a web address.
    url: Option<&'a str>,
    headline: Vec<Block<'a>>,
    text: Vec<Block<'a>>,
    furniture: Vec<Block<'a>>,
    matches: usize,
    places: String,
    /// The numbers of the matches that have a link.
    numbers: Vec<usize>,
    /// The article as a footnote.
    citation: String,
    /// The other copies: their number, and the newest ones.
    copies: Copies,
    similar: Vec<SimilarArticle>,
}

/// A segment of the article, split at the matches.
struct Block<'a> {
    kind: SegmentKind,
    pieces: Vec<Piece<'a>>,
}

pub async fn get(
    State(state): State<AppState>,
    id: PathText,
    uri: Uri,
    headers: HeaderMap,
) -> Result<Response, ApiError> {
    let frame = &Frame::of(&uri);
    let mut params = Params::from_page_query(&uri, PARAMS);
    // The state of the results page that the reader comes from.
    let from = Address::read(&mut params);
    params.finish()?;
    let query = Some(from.query.clone()).filter(|query| !query.trim().is_empty());
    let has_query = query.is_some();
    let id = id_of(id)?;
    let (article, marks) = calls::article(&state, id.clone(), query).await?;
    let copies = calls::duplicates(&state, id.clone(), LISTED).await?;
    let similar = match calls::similar(&state, id, SIMILAR).await {
        Ok(similar) => similar,
        // Similar articles are optional, so a busy server omits them.
        Err(ApiError::Busy | ApiError::TimedOut) => Vec::new(),
        Err(error) => return Err(error),
    };
    let base = state.addresses.base(&headers);
    let address = base.map(|base| article_page(&base, &article));
    let address = address.as_deref();
    let url = article.url.as_deref().filter(|url| is_web_address(url));
    let mut headline = Vec::new();
    let mut text = Vec::new();
    let mut furniture = Vec::new();
    for segment in &article.segments {
        let place = match segment.kind {
            SegmentKind::Title | SegmentKind::Dek => &mut headline,
            SegmentKind::Furniture => &mut furniture,
            SegmentKind::Caption
            | SegmentKind::Credit
            | SegmentKind::Byline
            | SegmentKind::Dateline
            | SegmentKind::Subhead
            | SegmentKind::Body => &mut text,
        };
        place.push(Block {
            kind: segment.kind,
            pieces: pieces(&article.text, segment.span, &marks),
        });
    }
    html(&ArticlePage {
        frame,
        article: &article,
        query: &from.query,
        back: (has_query || from.narrows()).then(|| from.href()),
        canonical: address,
        url,
        headline,
        text,
        furniture,
        matches: marks.len(),
        places: counted(frame.language(), marks.len() as u64, &PLACES),
        numbers: (1..=marks.len())
            .filter(|number| *number <= NUMBERED || *number == marks.len())
            .collect(),
        citation: citation(&article, frame, url.or(address).unwrap_or_default()),
        copies,
        similar,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_web_addresses_are_links() {
        let check = |url: &str, expected: bool| assert_eq!(is_web_address(url), expected, "{url}");
        check("https://example.org/a", true);
        check("HTTP://example.org", true);
        check("javascript:alert(1)", false);
        check("javascript://x/%0aalert(1)", false);
        check("data:text/html,x", false);
        check("example.org", false);
        check("", false);
    }
}
