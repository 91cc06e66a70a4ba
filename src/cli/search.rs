//! `fihrist search`: prints the hits of a query. Matches are marked by colour or by brackets.

use std::io::{IsTerminal, stdout};

use anyhow::bail;
use fihrist_index::Index;
use fihrist_index::search::{Hit, Hits, Relaxed, SearchRequest};
use fihrist_index::snippet::Fragment;

use super::search_options::SearchOptions;
use super::{IndexArgs, print_json};
use crate::service::line;
use crate::service::params::search;
use crate::service::views::SearchResponse;

/// Search the index from the terminal
#[derive(clap::Args)]
pub struct Args {
    /// Words, phrases in quotation marks, `-word` to exclude a word
    #[arg(value_name = "QUERY", allow_hyphen_values = true)]
    query: String,

    #[command(flatten)]
    index: IndexArgs,

    #[command(flatten)]
    options: SearchOptions,

    /// Show and count only the best of several copies of an article
    #[arg(long)]
    collapse: bool,

    /// Print the answer as the JSON of the HTTP API
    #[arg(long)]
    json: bool,
}

/// Prints the hits. Returns whether there are any.
pub fn run(args: &Args) -> anyhow::Result<bool> {
    let mut params = args.options.params();
    let request = SearchRequest {
        collapses: args.collapse,
        names_related: args.json,
        ..search(&mut params, args.query.clone())
    };
    if let Err(error) = params.finish() {
        let mistakes = error.parameter_errors().iter();
        let lines = mistakes.map(|mistake| format!("--{}: {}", mistake.name, mistake.hint));
        bail!(lines.collect::<Vec<_>>().join("; "));
    }
    let started = std::time::Instant::now();
    let found = Index::open(args.index.location()?)?.search(&request)?;
    let is_found = found.total > 0;
    if args.json {
        print_json(&SearchResponse::new(found, started.elapsed()))?;
    } else {
        print!("{}", plain(&found, stdout().is_terminal()));
    }
    Ok(is_found)
}

fn plain(found: &Hits, colour: bool) -> String {
    let mut out = String::new();
    let articles = if found.total == 1 {
        "article"
    } else {
        "articles"
    };
    line!(out, "{} {articles}", found.total);
    if let Some(relaxed) = found.relaxed {
        line!(out, "{}", loosened(relaxed));
    }
    if let Some(meant) = &found.did_you_mean {
        let label = match found.relaxed {
            Some(Relaxed::Corrected) => "results for",
            _ => "did you mean",
        };
        line!(out, "{label}: {meant}");
    }
    for notice in &found.query.notices {
        line!(out, "note: {}", notice.message(&found.query.input));
    }
    for (number, hit) in (1..).zip(&found.hits) {
        write_hit(&mut out, number, hit, colour);
    }
    out
}

fn loosened(relaxed: Relaxed) -> String {
    let text = match relaxed {
        Relaxed::AnyWord { with_all_words } | Relaxed::AnyPart { with_all_words } => {
            match with_all_words {
                0 => "no article contains all the words; these contain some of them",
                1 => "1 article contains all the words; the others contain some of them",
                count => {
                    return format!(
                        "{count} articles contain all the words; the others contain some of them"
                    );
                }
            }
        }
        Relaxed::AnyForm => "no article contains the words in this form; these contain other forms",
        Relaxed::AnyField => {
            "no article contains the words in the requested field; other fields were searched as well"
        }
        Relaxed::Corrected => {
            "no article contains these words as typed; searched for them in another spelling"
        }
    };
    text.to_owned()
}

fn write_hit(out: &mut String, number: usize, hit: &Hit, colour: bool) {
    let title = if hit.title.is_empty() {
        "—".to_owned()
    } else {
        marked(&hit.title, colour)
    };
    line!(out, "\n{number}. {title}");
    let date = hit
        .article
        .published
        .as_ref()
        .map(|published| published.date.as_str());
    let about = [
        hit.article.source.as_deref(),
        hit.article.section.as_deref(),
        date,
        Some(hit.article.id.as_str()),
    ];
    line!(
        out,
        "   {}",
        about.into_iter().flatten().collect::<Vec<_>>().join(" · ")
    );
    for snippet in &hit.snippets {
        line!(
            out,
            "   … {}",
            marked(&snippet.fragments, colour).replace('\n', " ")
        );
    }
}

fn marked(fragments: &[Fragment], colour: bool) -> String {
    let mark = |fragment: &Fragment| match (fragment.is_match, colour) {
        (false, _) => fragment.text.clone(),
        (true, true) => format!("\u{1b}[1;33m{}\u{1b}[0m", fragment.text),
        (true, false) => format!("[{}]", fragment.text),
    };
    fragments.iter().map(mark).collect()
}
