//! Measures the words per second of the whole analysis on one core, and of two builds of the Arabic Snowball stemmer. These are
//! `rust-stemmers`, and `frostem`, which Tantivy runs after a tokenizer and a lower-caser. A stemmer alone gets the words and
//! only stems them. The analysis also finds and folds them.
//!
//! The text is made up: words of the base model, as frequent as in news, with a comma after every third word.
//!
//! ```text
//! cargo bench --workspace --bench analysis
//! ```

#[path = "support/words.rs"]
mod words;

use std::hint::black_box;
use std::time::Duration;

use criterion::{Criterion, Throughput, criterion_group, criterion_main};
use fihrist_index::arabic::{Analyzer, Model};
use tantivy::tokenizer::{LowerCaser, SimpleTokenizer, TextAnalyzer, TokenStream};
use words::sampled_words;

const WORD_COUNT: usize = 200_000;

fn benchmark(criterion: &mut Criterion) {
    let words = sampled_words(&Model::base(), WORD_COUNT);
    let text = words
        .iter()
        .enumerate()
        .fold(String::new(), |text, (i, word)| {
            let gap = if i % 3 == 0 { "، " } else { " " };
            text + word + gap
        });
    let mut group = criterion.benchmark_group("analysis");
    group
        .throughput(Throughput::Elements(WORD_COUNT as u64))
        .measurement_time(Duration::from_secs(5));

    let analyzer = Analyzer::new(Model::base());
    analyzer.warm();
    group.bench_function("whole analysis", |bencher| {
        bencher.iter(|| {
            let mut size_bytes = 0;
            analyzer.for_each(black_box(&text), |token| {
                size_bytes += black_box(token).stem().len()
            });
            size_bytes
        });
    });
    let stemmer = rust_stemmers::Stemmer::create(rust_stemmers::Algorithm::Arabic);
    group.bench_function("rust-stemmers, stemmer alone", |bencher| {
        bencher.iter(|| {
            words
                .iter()
                .map(|word| stemmer.stem(black_box(word)).len())
                .sum::<usize>()
        });
    });
    let frostem = frostem::Stemmer::new(frostem::Algorithm::Arabic);
    group.bench_function("frostem, stemmer alone", |bencher| {
        bencher.iter(|| {
            words
                .iter()
                .map(|word| frostem.stem(black_box(word)).len())
                .sum::<usize>()
        });
    });
    let mut tokenizer = TextAnalyzer::builder(SimpleTokenizer::default())
        .filter(LowerCaser)
        .build();
    group.bench_function("frostem, with tokenizer and lower-caser", |bencher| {
        bencher.iter(|| {
            let mut size_bytes = 0;
            let mut tokens = tokenizer.token_stream(black_box(&text));
            while let Some(token) = tokens.next() {
                size_bytes += frostem.stem(&token.text).len();
            }
            size_bytes
        });
    });
    group.finish();
}

criterion_group!(benches, benchmark);
criterion_main!(benches);
