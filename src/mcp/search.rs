//! The tool `search`: articles and passages for a query. It finds the same articles as the API and
//! the page.

use fihrist_index::Span;
use fihrist_index::search::{Hit, Hits};
use fihrist_index::snippet::{Options, Snippet};

use super::{
    Answer, AppState, JsonObject, Kind, Param, Params, Result, Tool, Value, calls, facts, json,
    line, object, range_schema, reading_tool, write_facts,
};
use crate::service::params::{
    AUTHOR, FROM, LIMIT, OFFSET, QUERY, SECTION, SORT, SOURCE, TO, search,
};
use crate::service::views::text_of;

pub const NAME: &str = "search";

const DESCRIPTION: &str = "Search the articles and get the best ones with their matching passages. Use it for every \
    question that the collection may answer, with a few characteristic words rather than a \
    sentence.\nQuery language: words (articles with all of them come first); \"a phrase\"; -word \
    to exclude a word; a OR b; ( ) for groups; word* for prefixes; =word for exactly this form; \
    title:word for headlines; \"two words\"~5 or a NEAR/5 b for words close together. Every text \
    is a valid query; problems of the query and relaxations are returned as remarks. An empty \
    query with a filter or a sort by date finds all remaining articles.\nTo cite: quote a passage \
    exactly, with title, source, date and url; id and range identify the position. A hit with \
    `duplicates` was published by others as well: that is one story, not several confirmations.";

/// Maximum length of a passage, in characters. It is longer than on the page, because an assistant
/// reads everything and asks less often.
const PASSAGE_CHARS: usize = 400;

const PARAMS: &[Param] = &[
    QUERY
        .named("query")
        .described("The query, in the query language. An Arabic word matches all its forms."),
    Param {
        kind: Kind::Integer(1, || 50, 10),
        ..LIMIT
    },
    OFFSET.described("Number of articles to skip, to continue after an earlier answer."),
    Param::new(
        "passages",
        Kind::Integer(0, || 10, 3),
        "Number of passages per article.",
    ),
    SORT,
    SOURCE,
    SECTION,
    AUTHOR,
    FROM,
    TO,
];

pub fn tool() -> Tool {
    let text = json!({"type": "string"});
    let optional = json!({"type": ["string", "null"]});
    let range = range_schema();
    let quote = object! { "range": range, "text": text, };
    let passage = object! {
        "field": text, "range": range, "text": text,
        "matches": {"type": "array", "items": quote},
    };
    let hit = object! {
        "id": text, "title": text, "source": optional, "date": optional, "url": optional,
        "page": {"type": ["string", "null"], "description": "The page of the article on this server."},
        "score": {"type": "number"},
        "duplicates": {"type": "integer", "description": "Number of other articles that are copies of it."},
        "passages": {"type": "array", "items": passage},
    };
    let output = object! {
        "total": {"type": "integer", "description": "Number of matching articles. Copies of one story count as one."},
        "remarks": {"type": "array", "items": text, "description": "Problems of the query, and how it was relaxed."},
        "did_you_mean": optional,
        "hits": {"type": "array", "items": hit},
    };
    reading_tool(NAME, "Search the articles", DESCRIPTION, PARAMS, output)
}

pub async fn call(state: &AppState, arguments: JsonObject, base: Option<&str>) -> Result<Answer> {
    let mut params = Params::from_json(arguments, PARAMS);
    let query = params.required_text("query");
    let mut request = search(&mut params, query);
    request.collapses = true;
    request.snippets = Options {
        max_snippets: params.integer("passages"),
        max_snippet_chars: PASSAGE_CHARS,
    };
    params.finish()?;
    let first = request.offset + 1;
    let (hits, _took) = calls::search(state, request).await?;
    Ok(Answer {
        text: as_text(&hits, first),
        structured: as_json(&hits, base),
    })
}

/// Returns what the assistant must know about how the query was analyzed.
fn remarks(hits: &Hits) -> Vec<String> {
    let relaxed = hits.relaxed.map(|relaxed| {
        format!(
            "relaxed to {}: {} articles match the full query",
            relaxed.name(),
            relaxed.with_all_words()
        )
    });
    let notices = hits.query.notices.iter();
    let notices = notices.map(|notice| notice.message(&hits.query.input));
    relaxed.into_iter().chain(notices).collect()
}

fn as_text(hits: &Hits, first: usize) -> String {
    let mut text = match hits.total {
        1 => "1 article matches.\n".to_owned(),
        total => format!("{total} articles match.\n"),
    };
    for remark in remarks(hits) {
        line!(text, "Remark: {remark}");
    }
    if let Some(meant) = &hits.did_you_mean {
        let label = match hits.relaxed {
            Some(fihrist_index::search::Relaxed::Corrected) => "Results for",
            _ => "Did you mean",
        };
        line!(text, "{label}: {meant}");
    }
    for (number, hit) in (first..).zip(&hits.hits) {
        let title = Some(hit.article.title()).filter(|title| !title.is_empty());
        let title = title.as_deref().unwrap_or("(no title)");
        line!(text, "\n{number}. {title}");
        line!(text, "id: {}", hit.article.id);
        write_facts(&mut text, &hit.article, None);
        if hit.duplicates > 0 {
            line!(text, "other copies: {}", hit.duplicates);
        }
        for snippet in &hit.snippets {
            let Span { start, end } = snippet.span;
            line!(text, "[{start}–{end}] {}", text_of(snippet));
        }
    }
    text
}

fn as_json(hits: &Hits, base: Option<&str>) -> Value {
    json!({
        "total": hits.total,
        "remarks": remarks(hits),
        "did_you_mean": hits.did_you_mean,
        "hits": hits.hits.iter().map(|hit| hit_json(hit, base)).collect::<Vec<_>>(),
    })
}

fn hit_json(hit: &Hit, base: Option<&str>) -> Value {
    let mut view = facts(&hit.article, base);
    view["score"] = json!(hit.score);
    view["duplicates"] = hit.duplicates.into();
    view["passages"] = hit.snippets.iter().map(snippet_json).collect();
    view
}

fn snippet_json(snippet: &Snippet) -> Value {
    let mut start = snippet.span.start;
    let mut matches = Vec::new();
    // Joined, the fragments are the text of the span, so each fragment starts where the previous
    // one ends.
    for fragment in &snippet.fragments {
        let end = start + fragment.text.len();
        if fragment.is_match {
            matches.push(json!({"range": [start, end], "text": fragment.text}));
        }
        start = end;
    }
    json!({
        "field": snippet.field.name(),
        "range": [snippet.span.start, snippet.span.end],
        "text": text_of(snippet),
        "matches": matches,
    })
}
