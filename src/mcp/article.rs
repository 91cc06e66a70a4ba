//! The tool `article`: the text of one article by segments, and where a query matches it.

use fihrist_index::document::{Segment, SegmentKind};
use fihrist_index::{Article, Span};

use super::{
    Answer, AppState, JsonObject, Kind, Param, Params, Result, Tool, Value, calls, facts, json,
    line, object, range_schema, reading_tool, write_facts,
};

pub const NAME: &str = "article";

const DESCRIPTION: &str = "Read one article: its text as typed segments (title, dek, byline, dateline, subhead, body, \
    caption, credit), each with its range. Use it after `search`, before you rely on more than a \
    passage. With `query`, it also states where the article matches. Page furniture is left \
    out.\nA long article comes in several parts: if `next_part` is not null, call again with \
    `from_part` set to it.\nTo cite: quote exactly, with title, source, date and url; id and range \
    (UTF-8 bytes of the stored text) identify the position.";

/// Maximum length of one answer, in characters.
const MAX_CHARS: usize = 20_000;

/// Maximum of the parameter `from_part`. No article has this many segments.
const MAX_PART: usize = 1_000_000;

const PARAMS: &[Param] = &[
    Param::new(
        "id",
        Kind::Text,
        "The id of the article, from a result of `search`.",
    )
    .required(),
    Param::new(
        "query",
        Kind::Query,
        "A query. The answer then states where the article matches it.",
    ),
    Param::new(
        "from_part",
        Kind::Integer(0, || MAX_PART, 0),
        "The first part to return: `next_part` of the previous answer.",
    ),
];

pub fn tool() -> Tool {
    let text = json!({"type": "string"});
    let optional = json!({"type": ["string", "null"]});
    let range = range_schema();
    let part = object! { "kind": text, "range": range, "text": text, };
    let quote = object! { "range": range, "text": text, };
    let output = object! {
        "id": text, "title": text, "source": optional, "section": optional, "date": optional, "url": optional,
        "authors": {"type": "array", "items": text},
        "page": {"type": ["string", "null"], "description": "The page of the article on this server."},
        "parts": {"type": "array", "items": part},
        "next_part": {"type": ["integer", "null"], "description": "The next part; null at the end."},
        "matches": {"type": "array", "description": "Where these parts match the query.", "items": quote},
    };
    reading_tool(NAME, "Read an article", DESCRIPTION, PARAMS, output)
}

pub async fn call(state: &AppState, arguments: JsonObject, base: Option<&str>) -> Result<Answer> {
    let mut params = Params::from_json(arguments, PARAMS);
    let id = params.required_text("id");
    let query = params.text("query");
    let from = params.integer("from_part");
    params.finish()?;
    let (article, matches) = calls::article(state, id, query).await?;
    let (parts, next) = segments_from(&article, from);
    let is_shown = |span: &Span| {
        let mut parts = parts.iter().map(|part| part.span);
        parts.any(|part| part.start <= span.start && span.end <= part.end)
    };
    let matches: Vec<_> = matches.into_iter().filter(is_shown).collect();
    Ok(Answer {
        text: as_text(&article, &parts, next, &matches),
        structured: as_json(&article, &parts, next, &matches, base),
    })
}

/// Returns the segments of one answer, at least one, starting at number `from`. Also returns the
/// number of the next segment, or `None` at the end of the article.
fn segments_from(article: &Article, from: usize) -> (Vec<Segment>, Option<usize>) {
    let mut parts: Vec<Segment> = Vec::new();
    let mut chars = 0;
    for (number, segment) in article.segments.iter().enumerate().skip(from) {
        if segment.kind == SegmentKind::Furniture {
            continue;
        }
        chars += segment.span.slice(&article.text).chars().count();
        if chars > MAX_CHARS && !parts.is_empty() {
            return (parts, Some(number));
        }
        parts.push(*segment);
    }
    (parts, None)
}

fn as_text(article: &Article, parts: &[Segment], next: Option<usize>, matches: &[Span]) -> String {
    let mut text = String::new();
    line!(text, "id: {}", article.id);
    write_facts(&mut text, article, article.section.as_ref());
    if !article.authors.is_empty() {
        line!(text, "authors: {}", article.authors.join("; "));
    }
    line!(text);
    let quote = |span: &Span| {
        let Span { start, end } = span;
        format!("[{start}–{end}] {}", span.slice(&article.text))
    };
    for Segment { kind, span } in parts {
        line!(text, "{} {}", kind.name(), quote(span));
    }
    if !matches.is_empty() {
        line!(text, "\nMatches:");
        for span in matches {
            line!(text, "{}", quote(span));
        }
    }
    if let Some(next) = next {
        line!(
            text,
            "\nThe article continues: call again with from_part {next}."
        );
    }
    text
}

fn as_json(
    article: &Article,
    parts: &[Segment],
    next: Option<usize>,
    matches: &[Span],
    base: Option<&str>,
) -> Value {
    let quote =
        |span: &Span| json!({"range": [span.start, span.end], "text": span.slice(&article.text)});
    let part = |Segment { kind, span }: &Segment| {
        let mut part = quote(span);
        part["kind"] = kind.name().into();
        part
    };
    let mut view = facts(article, base);
    view["section"] = json!(article.section);
    view["authors"] = json!(article.authors);
    view["parts"] = parts.iter().map(part).collect();
    view["next_part"] = json!(next);
    view["matches"] = matches.iter().map(quote).collect();
    view
}
