//! Learns a model from a few sentences and shows how it changes a stem: `cargo run -p
//! fihrist-arabic --example learn_model`.

use std::sync::Arc;

use fihrist_arabic::{Analyzer, Counts, Model, WordCounter};

/// The sentences contain the invented name `وغندور` alone, with the article and after a
/// preposition. They never contain the name without its `و`.
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

    // The learnt model adds the counts of these sentences to the base model.
    let learnt = Arc::new(counts.finish_on_base());
    println!(
        "base model {}, learnt model {}",
        Model::base().hash(),
        learnt.hash()
    );
    println!("وغندور occurs {} times", learnt.count("وغندور"));

    // Only the learnt model has evidence that the word begins with a preposition.
    for (name, model) in [("base", Model::base()), ("learnt", learnt)] {
        for token in Analyzer::new(model).analyze("بوغندور") {
            println!("{name}: {} → {}", token.surface, token.stem);
        }
    }
}
