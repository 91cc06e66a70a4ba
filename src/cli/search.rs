//! `fihrist search`: the hits of a query in the terminal, marks in colour or brackets.

use std::fmt::Write as _;
use std::io::{IsTerminal, stdout};
use std::path::PathBuf;
use std::process::ExitCode;

use anyhow::anyhow;
use fihrist_index::Index;
use fihrist_index::search::{
    Filters, Hit, Hits, Matching, Operator, Order, Relaxed, SearchRequest,
};
use fihrist_index::snippet::Fragment;

use crate::config::BackendArgs;
use crate::service::filters::{stretch, today};
use crate::service::views::hits::SearchResponse;

/// Search the index from the terminal
#[derive(Debug, clap::Args)]
pub struct Args {
    /// Words, phrases in quotes, `-word` for what must not be there
    #[arg(value_name = "QUERY", allow_hyphen_values = true)]
    query: String,

    /// Directory of the index
    #[arg(
        long,
        env = "FIHRIST_DATA",
        default_value = "./data",
        value_name = "DIR"
    )]
    data: PathBuf,

    #[command(flatten)]
    backend: BackendArgs,

    /// Hits to show
    #[arg(long, default_value_t = 10, value_name = "N", value_parser = clap::value_parser!(u16).range(1..=100))]
    limit: u16,

    /// What of a word has to agree
    #[arg(
        long = "match",
        value_enum,
        default_value = "auto",
        value_name = "WHAT"
    )]
    matching: MatchArg,

    /// How words combine
    #[arg(long, value_enum, default_value = "auto", value_name = "HOW")]
    operator: OperatorArg,

    /// In which order hits come: the best match first, or by date
    #[arg(long, value_enum, default_value = "relevance", value_name = "ORDER")]
    sort: SortArg,

    /// Only articles of this outlet; may be given several times, as may the next two
    #[arg(long = "source", value_name = "NAME")]
    sources: Vec<String>,

    /// Only articles of this section
    #[arg(long = "section", value_name = "NAME")]
    sections: Vec<String>,

    /// Only articles by this author
    #[arg(long = "author", value_name = "NAME")]
    authors: Vec<String>,

    /// Only articles published from this on: 2020, 2020-01, 2020-01-15, P7D for the last seven days
    #[arg(long, value_name = "TIME")]
    from: Option<String>,

    /// Only articles published until the end of this; P7D for what is older than that
    #[arg(long, value_name = "TIME")]
    to: Option<String>,

    /// Show and count articles that are copies of one another once
    #[arg(long)]
    collapse: bool,

    /// Print the answer of the HTTP API
    #[arg(long)]
    json: bool,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, clap::ValueEnum)]
enum MatchArg {
    /// The stem, or one that is taken for it
    Auto,
    /// The word itself
    Exact,
    /// The stem
    Stem,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, clap::ValueEnum)]
enum OperatorArg {
    /// All of them, or fewer where too few articles have all
    Auto,
    /// All of them
    And,
    /// Any of them
    Or,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, clap::ValueEnum)]
enum SortArg {
    /// The best match first
    Relevance,
    /// The last published first
    Newest,
    /// The first published first
    Oldest,
}

/// Prints the hits; 1 where there is none.
pub fn run(args: &Args) -> anyhow::Result<ExitCode> {
    let order = match args.sort {
        SortArg::Relevance => Order::Relevance,
        SortArg::Newest => Order::Newest,
        SortArg::Oldest => Order::Oldest,
    };
    let filters = filters(args)?;
    let started = std::time::Instant::now();
    let found = Index::open(args.backend.location(&args.data)?)?.search(&SearchRequest {
        limit: usize::from(args.limit),
        matching: match args.matching {
            MatchArg::Auto => Matching::Auto,
            MatchArg::Exact => Matching::Exact,
            MatchArg::Stem => Matching::Stem,
        },
        operator: match args.operator {
            OperatorArg::Auto => Operator::Auto,
            OperatorArg::And => Operator::And,
            OperatorArg::Or => Operator::Or,
        },
        blank_finds_all: filters != Filters::default() || !order.needs_scores(),
        filters,
        order,
        collapses: args.collapse,
        ..SearchRequest::new(&args.query)
    })?;
    let code = if found.total == 0 {
        ExitCode::from(super::NOT_ALL)
    } else {
        ExitCode::SUCCESS
    };
    if args.json {
        let answer = SearchResponse::new(found, started.elapsed());
        println!("{}", serde_json::to_string_pretty(&answer)?);
    } else {
        print!("{}", plain(&found, stdout().is_terminal()));
    }
    Ok(code)
}

fn filters(args: &Args) -> anyhow::Result<Filters> {
    let mistakes = |mistakes: Vec<(&str, String)>| {
        let lines: Vec<_> = mistakes
            .into_iter()
            .map(|(name, hint)| format!("--{name}: {hint}"))
            .collect();
        anyhow!(lines.join("; "))
    };
    Ok(Filters {
        sources: args.sources.clone(),
        sections: args.sections.clone(),
        authors: args.authors.clone(),
        published: stretch([args.from.clone(), args.to.clone()], today()).map_err(mistakes)?,
    })
}

fn plain(found: &Hits, colour: bool) -> String {
    let mut out = String::new();
    let articles = if found.total == 1 {
        "article"
    } else {
        "articles"
    };
    // Writing to a string cannot fail.
    let _ = writeln!(out, "{} {articles}", found.total);
    let relaxed = found.relaxed.map(|relaxed| match relaxed {
        Relaxed::AnyWord { with_all_words: 0 } | Relaxed::AnyPart { with_all_words: 0 } => {
            "no article holds all the words; these hold some of them".to_owned()
        }
        Relaxed::AnyWord { with_all_words: 1 } | Relaxed::AnyPart { with_all_words: 1 } => {
            "1 article holds all the words; the others hold some of them".to_owned()
        }
        Relaxed::AnyWord { with_all_words } | Relaxed::AnyPart { with_all_words } => {
            format!("{with_all_words} articles hold all the words; the others hold some of them")
        }
        Relaxed::AnyForm => {
            "no article holds the words in this form; these hold other forms".to_owned()
        }
        Relaxed::AnyField => {
            "no article holds the words where they were asked for; searched elsewhere, too"
                .to_owned()
        }
        Relaxed::Corrected => {
            "no article holds these words; searched for others that may be meant".to_owned()
        }
    });
    if let Some(relaxed) = relaxed {
        let _ = writeln!(out, "{relaxed}");
    }
    if let Some(meant) = &found.did_you_mean {
        let _ = writeln!(out, "did you mean: {meant}");
    }
    for notice in &found.query.notices {
        let _ = writeln!(out, "note: {}", notice.code.message());
    }
    for (number, hit) in (1..).zip(&found.hits) {
        write_hit(&mut out, number, hit, colour);
    }
    out
}

fn write_hit(out: &mut String, number: usize, hit: &Hit, colour: bool) {
    let title = if hit.title.is_empty() {
        "—".to_owned()
    } else {
        marked(&hit.title, colour)
    };
    let _ = writeln!(out, "\n{number}. {title}");
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
    let _ = writeln!(
        out,
        "   {}",
        about.into_iter().flatten().collect::<Vec<_>>().join(" · ")
    );
    for snippet in &hit.snippets {
        let _ = writeln!(
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
