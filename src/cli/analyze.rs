//! `fihrist analyze`: prints the tokens of a text, to see why a search finds it or not.

use std::fs::File;
use std::io::{BufRead, BufReader};
use std::path::PathBuf;

use anyhow::Context;

use super::cannot;
use super::model::{DataArg, Lexicon};
use crate::service::line;

/// The list of a long file is printed in parts of this size.
const PRINTED_BYTES: usize = 64 << 10;

/// Show the tokens of a text: position, range, surface form and stem
///
/// Uses the model of the index at --data, or the base model if there is no index.
#[derive(clap::Args)]
pub struct Args {
    /// The text
    #[arg(required_unless_present = "words", value_name = "TEXT")]
    text: Vec<String>,

    /// Print `word<TAB>stem` for each line of a file instead. Further columns hold the base stems
    /// that the learnt graph has for the stem: the singular of a broken plural, the perfect of a
    /// weak verb, the more frequent spelling
    #[arg(long, value_name = "FILE", conflicts_with = "text")]
    words: Option<PathBuf>,

    #[command(flatten)]
    data: DataArg,
}

/// Prints tokens, or the stems of a list of words.
pub fn run(args: &Args) -> anyhow::Result<bool> {
    let lexicon = match args.data.lexicon()? {
        Some(lexicon) => lexicon,
        None => {
            if args.data.is_given() {
                let directory = args.data.directory().display();
                eprintln!(
                    "fihrist: no index at `{directory}`: these are the stems of the base model"
                );
            }
            Lexicon::base()
        }
    };
    let mut out = String::new();
    match &args.words {
        Some(path) => {
            let file = File::open(path).with_context(cannot("open", path))?;
            for line in BufReader::new(file).lines() {
                let word = line.with_context(cannot("read", path))?;
                line!(out, "{word}\t{}", lexicon.terms(&word).join("\t"));
                if out.len() >= PRINTED_BYTES {
                    print!("{out}");
                    out.clear();
                }
            }
        }
        None => {
            line!(out, "position\trange\tsurface\tstem\ttext");
            let text = args.text.join(" ");
            for token in lexicon.analyzer.analyze(&text) {
                let written = token.span.slice(&text);
                let start = token.span.start;
                let end = token.span.end;
                line!(
                    out,
                    "{}\t{start}..{end}\t{}\t{}\t{written}",
                    token.position,
                    token.surface,
                    token.stem
                );
            }
        }
    }
    print!("{out}");
    Ok(true)
}
