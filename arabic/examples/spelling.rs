//! Corrects, completes and re-reads words that a person typed: `cargo run -p fihrist-arabic
//! --example spelling`.

use fihrist_arabic::spelling::{Vocabulary, WordList};
use fihrist_arabic::{Analyzer, Model};

fn main() {
    // The folded words of an index, each with the number of articles that contain it.
    let mut words = WordList::default();
    for (word, articles) in [("الحكومه", 50), ("المدرسه", 30), ("حفتر", 20), ("احمد", 9)]
    {
        words.add(word, articles);
    }
    let vocabulary = Vocabulary::new(words, &Analyzer::new(Model::base()));

    for typed in ["الحوكمة", "المدرصة"] {
        for suggestion in vocabulary.correct(typed, 3) {
            println!("{typed} → {} (spelling)", suggestion.text);
        }
    }
    for suggestion in vocabulary.complete("وبالحك", 3) {
        println!("وبالحك… → {} (completion)", suggestion.text);
    }
    if let Some(suggestion) = vocabulary.relayout("ptjv") {
        println!("ptjv → {} (keyboard layout)", suggestion.text);
    }
    for suggestion in vocabulary.from_latin("Ahmad", 3) {
        println!("Ahmad → {} (transliteration)", suggestion.text);
    }
}
