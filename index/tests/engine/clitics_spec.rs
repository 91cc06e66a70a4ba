//! Runs the matrix of `spec/clitics.md`: conjunction × preposition × article before nouns. It adds
//! no noun of its own.

use fihrist_index::arabic::{Analyzer, Model, fold};

use crate::support::tables::rows;

const CONJUNCTIONS: [&str; 3] = ["", "و", "ف"];

const PREPOSITIONS: [&str; 4] = ["", "ب", "ل", "ك"];

/// The smallest share of attested spellings, in per cent, that must have the stem of their noun.
const MIN_PER_CENT: f64 = 98.0;

/// Returns the 24 spellings of a noun.
fn spellings(noun: &str) -> Vec<String> {
    let mut spellings = Vec::new();
    for conjunction in CONJUNCTIONS {
        for preposition in PREPOSITIONS {
            spellings.push(format!("{conjunction}{preposition}{noun}"));
            let article = if preposition == "ل" {
                "لل".to_owned()
            } else {
                format!("{preposition}ال")
            };
            spellings.push(format!("{conjunction}{article}{noun}"));
        }
    }
    spellings
}

#[test]
fn nouns_with_clitics_have_the_stem_of_the_noun() {
    let analyzer = Analyzer::new(Model::base());
    let stem = |word: &str| {
        analyzer
            .analyze(word)
            .into_iter()
            .map(|token| token.stem)
            .collect::<String>()
    };
    let nouns = rows(include_str!("../spec/clitics.md")).concat();
    assert!(nouns.len() >= 50, "only {} nouns", nouns.len());
    let (mut attested, mut missed) = (0, Vec::new());
    for noun in &nouns {
        assert!(
            analyzer.model().count(&fold::folded(noun)) > 0,
            "{noun} is not attested"
        );
        for spelling in spellings(noun) {
            if analyzer.model().count(&fold::folded(&spelling)) > 0 {
                attested += 1;
                missed
                    .extend(Some(spelling.clone()).filter(|spelling| stem(spelling) != stem(noun)));
            }
        }
    }
    let per_cent = 100.0 * f64::from(attested - missed.len() as u32) / f64::from(attested);
    println!(
        "{per_cent:.2} % of {attested} attested cells of {} nouns meet the noun",
        nouns.len()
    );
    assert!(attested >= 500, "only {attested} cells are attested");
    assert!(
        per_cent >= MIN_PER_CENT,
        "{per_cent:.2} %, missed: {}",
        missed.join(" ")
    );
}
