//! The report of the stemmer on gold lemmas.

use std::path::Path;

use anyhow::bail;
use fihrist_index::Error;
use serde_json::{Value, json};

use super::table::table;
use crate::cli::model::{DataArg, Lexicon};
use crate::cli::print_json;
use crate::eval::{Agreement, Conflation, conflation, content_words, exact_boundaries, lemmas};

/// Measures the stems of the words in the file at `path`.
pub fn run(path: &Path, data: &DataArg, is_json: bool) -> anyhow::Result<bool> {
    let gold = super::read(path, lemmas::parse)?;
    let words = content_words(&gold);
    if words.is_empty() {
        bail!("no content word in `{}`", path.display());
    }
    let directory = data.directory();
    let (name, lexicon) = match data.lexicon()? {
        Some(lexicon) => (format!("model of {}", directory.display()), lexicon),
        None if data.is_given() => return Err(Error::NoIndex(directory.to_owned()).into()),
        None => ("base model".to_owned(), Lexicon::base()),
    };
    let terms = words.iter().map(|word| lexicon.terms(word.surface));
    let terms: Vec<Vec<String>> = terms.collect();
    let analyzer = &lexicon.analyzer;
    let found = conflation(&words, &terms);
    let boundaries = exact_boundaries(&gold, |surface| {
        surface[..analyzer.core(surface).start].chars().count()
    });
    let tokens = gold.iter().filter(|word| word.is_content).count();
    if is_json {
        print_json(&json!({
            "model": {"name": name, "hash": analyzer.model().hash()},
            "words": words.len(),
            "tokens": tokens,
            "pairs": as_json(found.pairs),
            "weighted": as_json(found.tokens),
            "exact_proclitic_boundaries": boundaries,
        }))?;
    } else {
        println!(
            "{tokens} content words, {} distinct; {name} ({})\n",
            words.len(),
            analyzer.model().hash()
        );
        print!("{}", as_text(&found));
        println!(
            "\nproclitic boundary exact in {:.2} % of the content words",
            100.0 * boundaries
        );
    }
    Ok(true)
}

fn as_text(found: &Conflation) -> String {
    let row = |name: &str, agreement: Agreement| {
        let Agreement { precision, recall } = agreement;
        let [precision, recall, f1] =
            [precision, recall, agreement.f1()].map(|part| format!("{:.1}", 100.0 * part));
        [name.to_owned(), precision, recall, f1]
    };
    table(&[
        ["%", "precision", "recall", "F1"].map(str::to_owned),
        row("pairs of distinct words", found.pairs),
        row("running words, B-cubed", found.tokens),
    ])
}

fn as_json(agreement: Agreement) -> Value {
    json!({"precision": agreement.precision, "recall": agreement.recall, "f1": agreement.f1()})
}
