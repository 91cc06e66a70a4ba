//! `fihrist index --preview`: shows how articles would be read, as text or as JSON. Nothing is
//! stored.

use fihrist_index::Article;
use fihrist_index::document::Segment;
use fihrist_index::ingest::{NoteKind, Preview, PreviewedArticle};
use serde_json::json;

use super::report::{note_as_text, rejected_as_json};
use crate::service::line;
use crate::service::views::PublishedView;

/// Number of characters shown of a segment.
const SHOWN_CHARS: usize = 100;

/// Returns the preview as text: the metadata of each article, then its segments.
pub fn as_text(preview: &Preview) -> String {
    let mut out = String::new();
    for PreviewedArticle {
        source,
        article,
        notes,
    } in &preview.articles
    {
        line!(out, "{source}");
        for (name, value) in facts(article) {
            line!(out, "  {name:<9} {value}");
        }
        for (kind, example) in notes {
            line!(out, "  note      {} ({example})", note_as_text(*kind));
        }
        for segment in &article.segments {
            line!(
                out,
                "  {:<9} {}",
                segment.kind.name(),
                shortened(segment.span.slice(&article.text))
            );
        }
        out.push('\n');
    }
    for rejected in &preview.rejected {
        line!(out, "rejected {}: {}", rejected.source, rejected.reason);
    }
    let unnamed = preview.rejected_count - preview.rejected.len() as u64;
    if unnamed > 0 {
        line!(out, "and {unnamed} more");
    }
    if preview.has_more {
        line!(
            out,
            "only the first {} articles are shown",
            preview.articles.len()
        );
    }
    out
}

/// Returns the preview as JSON.
pub fn as_json(preview: &Preview) -> serde_json::Value {
    let note =
        |(kind, example): &(NoteKind, String)| json!({"code": kind.code(), "example": example});
    let article = |previewed: &PreviewedArticle| {
        let article = &previewed.article;
        let segment = |segment: &Segment| {
            json!({
                "kind": segment.kind.name(),
                "range": [segment.span.start, segment.span.end],
                "text": segment.span.slice(&article.text),
            })
        };
        let published = article.published.clone().map(PublishedView::from);
        json!({
            "file": previewed.source,
            "id": article.id.as_str(),
            "source": article.source,
            "section": article.section,
            "authors": article.authors,
            "url": article.url,
            "published": published,
            "notes": previewed.notes.iter().map(note).collect::<Vec<_>>(),
            "segments": article.segments.iter().map(segment).collect::<Vec<_>>(),
        })
    };
    json!({
        "articles": preview.articles.iter().map(article).collect::<Vec<_>>(),
        "rejected": rejected_as_json(&preview.rejected),
        "rejected_count": preview.rejected_count,
        "has_more": preview.has_more,
    })
}

fn facts(article: &Article) -> Vec<(&'static str, String)> {
    let published = article.published.as_ref().map(|published| {
        format!(
            "{} ({}, {}, from {})",
            published.date,
            published.precision.name(),
            published.confidence.name(),
            published.origin.name()
        )
    });
    let authors = (!article.authors.is_empty()).then(|| article.authors.join("، "));
    let facts = [
        ("id", Some(article.id.as_str().to_owned())),
        ("source", article.source.clone()),
        ("section", article.section.clone()),
        ("authors", authors),
        ("url", article.url.clone()),
        ("published", published),
    ];
    let known = facts.into_iter();
    known
        .filter_map(|(name, value)| Some((name, value?)))
        .collect()
}

fn shortened(text: &str) -> String {
    let one_line = text.split_whitespace().collect::<Vec<_>>().join(" ");
    match one_line.char_indices().nth(SHOWN_CHARS) {
        Some((end, _)) => format!("{}…", &one_line[..end]),
        None => one_line,
    }
}
