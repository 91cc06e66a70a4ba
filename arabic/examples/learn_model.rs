//! Learns a model from a few sentences and shows how it changes a stem: `cargo run -p
//! fihrist-arabic --example learn_model`.

use std::sync::Arc;

use fihrist_arabic::{Analyzer, Counts, Model, WordCounter};

/// The corpus writes the invented name `وغندور` alone, with the article and after a preposition,
/// never without its `و`.
const CORPUS: [&str; 3] = [
    "وصل وغندور إلى المدينة وقال وغندور إنه سعيد",
    "التقى الوزير بوغندور ثم غادر وغندور",
    "كتب وغندور رسالة إلى الوزير",
];

fn main() {
    let mut counter = WordCounter::default();
    for text in CORPUS {
        counter.add_text(text);
    }
    let counts: Counts = counter.finish();
    println!("{} words counted", counts.total());

    // A collection's model adds the counts of the base model to its own.
    let learnt = Arc::new(counts.finish_on_base());
    println!(
        "base model {}, learnt model {}",
        Model::base().hash(),
        learnt.hash()
    );
    println!("وغندور occurs {} times", learnt.count("وغندور"));

    // The base model has no evidence for the preposition; the learnt model has.
    for (name, model) in [("base", Model::base()), ("learnt", learnt)] {
        for token in Analyzer::new(model).analyze("بوغندور") {
            println!("{name}: {} → {}", token.surface, token.stem);
        }
    }
}
