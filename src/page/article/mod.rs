//! The page of one article: its segments by kind, with the matches of the query marked and
//! numbered.

mod citation;
mod social;

use askama::Template;
use axum::extract::rejection::PathRejection;
use axum::extract::{Path, State};
use axum::http::{HeaderMap, Uri};
use axum::response::Response;
use fihrist_index::document::SegmentKind;
use fihrist_index::search::SimilarArticle;
use fihrist_index::{Article, Span};

use self::citation::citation;
use self::social::Social;
use super::frame::Frame;
use super::language::Display;
use super::marks::{Piece, pieces};
use super::results::address::{Address, PARAMS};
use super::template::page;
use super::words::{COPIES, Date, PLACES, counted, date};
use crate::service::addresses::{encoded, is_web_address};
use crate::service::article_id::id_of;
use crate::service::calls;
use crate::service::error::ApiError;
use crate::service::params::Params;
use crate::service::state::AppState;

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
    /// The query of the search that led the reader here; empty if there was none.
    query: &'a str,
    /// The link back to the results, if the reader comes from a search.
    back: Option<String>,
    title: String,
    social: Social<'a>,
    source: Option<&'a str>,
    section: Option<&'a str>,
    authors: &'a [String],
    date: Option<Date>,
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
    /// The number of other copies in words.
    copies: Option<String>,
    /// The newest copies, at most [`LISTED`].
    listed: Vec<Other<'a>>,
    similar: Vec<Similar<'a>>,
}

/// Another article on the same subject, with the words that it shares with this one.
struct Similar<'a> {
    other: Other<'a>,
    /// The words that both articles share, as one text.
    shared: String,
}

/// The link to another article.
struct Other<'a> {
    id: &'a str,
    title: String,
    source: Option<&'a str>,
    date: Option<Date>,
}

/// A segment of the article, split at the matches.
struct Block<'a> {
    kind: SegmentKind,
    pieces: Vec<Piece<'a>>,
}

pub async fn get(
    State(state): State<AppState>,
    id: Result<Path<String>, PathRejection>,
    uri: Uri,
    headers: HeaderMap,
) -> Result<Response, ApiError> {
    let frame = Frame::of(&uri);
    let mut params = Params::from_page_query(&uri, PARAMS);
    // The state of the results page that the reader comes from.
    let from = Address::read(&mut params);
    params.finish()?;
    let query = Some(from.query.clone()).filter(|query| !query.trim().is_empty());
    let id = id_of(id)?;
    let (article, marks) = calls::article(&state, id.clone(), query).await?;
    let copies = calls::duplicates(&state, id.clone(), LISTED).await?;
    let similar = match calls::similar(&state, id, SIMILAR).await {
        Ok(similar) => similar,
        // Similar articles are optional, so a busy server omits them.
        Err(ApiError::Busy | ApiError::TimedOut) => Vec::new(),
        Err(error) => return Err(error),
    };
    let address = state
        .addresses
        .base(&headers)
        .map(|base| format!("{base}/a/{}", encoded(article.id.as_str())));
    let mut view = ArticlePage::new(&frame, &article, &marks, &from, address.as_deref());
    view.copies = (copies.total > 0).then(|| counted(frame.language(), copies.total, &COPIES));
    view.listed = copies
        .articles
        .iter()
        .map(|copy| Other::new(frame.display, copy))
        .collect();
    view.similar = similar
        .iter()
        .map(|similar| Similar::new(&frame, similar))
        .collect();
    page(&view)
}

impl<'a> ArticlePage<'a> {
    /// Returns the page with the article only. The caller adds its copies and similar articles.
    fn new(
        frame: &'a Frame,
        article: &'a Article,
        marks: &[Span],
        from: &'a Address,
        address: Option<&'a str>,
    ) -> Self {
        let block = |kind: SegmentKind, span: Span| Block {
            kind,
            pieces: pieces(&article.text, span, marks),
        };
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
            place.push(block(segment.kind, segment.span));
        }
        let url = article.url.as_deref().filter(|url| is_web_address(url));
        Self {
            frame,
            query: &from.query,
            back: (!from.query.trim().is_empty() || from.narrows()).then(|| from.href()),
            title: article.title(),
            social: Social::new(article, address),
            source: article.source.as_deref(),
            section: article.section.as_deref(),
            authors: &article.authors,
            date: article
                .published
                .as_ref()
                .map(|published| date(frame.display, published)),
            url,
            headline,
            text,
            furniture,
            matches: marks.len(),
            places: counted(frame.language(), marks.len() as u64, &PLACES),
            numbers: (1..=marks.len())
                .filter(|number| *number <= NUMBERED || *number == marks.len())
                .collect(),
            citation: citation(article, frame, url.or(address).unwrap_or_default()),
            copies: None,
            listed: Vec::new(),
            similar: Vec::new(),
        }
    }
}

impl<'a> Similar<'a> {
    fn new(frame: &Frame, similar: &'a SimilarArticle) -> Self {
        let shared = similar.shared.join(frame.pick("، ", ", "));
        Self {
            other: Other::new(frame.display, &similar.article),
            shared,
        }
    }
}

impl<'a> Other<'a> {
    fn new(display: Display, article: &'a Article) -> Self {
        Self {
            id: article.id.as_str(),
            title: article.title(),
            source: article.source.as_deref(),
            date: article
                .published
                .as_ref()
                .map(|published| date(display, published)),
        }
    }
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
