//! Words a second of the whole analysis on one core, beside two builds of the Arabic Snowball stemmer: `rust-stemmers`, and
//! `frostem`, which Tantivy runs at the end of a tokenizer and a lower-caser. The stemmers alone are given the words and do
//! no more than stem; the analysis finds, folds and stems them.
//!
//! The text is words of the base model, drawn as often as the news uses them; every third takes a comma. No text of
//! anybody's.
//!
//! ```text
//! cargo bench --workspace --bench analysis
//! ```

use std::hint::black_box;
use std::time::Duration;

use criterion::{Criterion, Throughput, criterion_group, criterion_main};
use fihrist_index::analysis::{Analyzer, Model};
use tantivy::tokenizer::{LowerCaser, SimpleTokenizer, TextAnalyzer, TokenStream};

const WORD_COUNT: usize = 200_000;

fn benchmark(criterion: &mut Criterion) {
    let words = sampled_words(&Model::base());
    let text = words.iter().enumerate().fold(String::new(), |text, (i, word)| {
        let gap = if i % 3 == 0 { "، " } else { " " };
        text + word + gap
    });
    let mut group = criterion.benchmark_group("analysis");
    group.throughput(Throughput::Elements(WORD_COUNT as u64)).measurement_time(Duration::from_secs(5));

    let analyzer = Analyzer::new(Model::base());
    analyzer.warm();
    group.bench_function("whole analysis", |bencher| {
        bencher.iter(|| {
            let mut size_bytes = 0;
            analyzer.for_each(black_box(&text), |token| size_bytes += black_box(token).stem.len());
            size_bytes
        });
    });
    let stemmer = rust_stemmers::Stemmer::create(rust_stemmers::Algorithm::Arabic);
    group.bench_function("rust-stemmers, stemmer alone", |bencher| {
        bencher.iter(|| words.iter().map(|word| stemmer.stem(black_box(word)).len()).sum::<usize>());
    });
    let frostem = frostem::Stemmer::new(frostem::Algorithm::Arabic);
    group.bench_function("frostem, stemmer alone", |bencher| {
        bencher.iter(|| words.iter().map(|word| frostem.stem(black_box(word)).len()).sum::<usize>());
    });
    let mut tokenizer = TextAnalyzer::builder(SimpleTokenizer::default()).filter(LowerCaser).build();
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

/// Words in proportion to their counts, by a multiplicative congruential generator with a fixed seed.
fn sampled_words(model: &Model) -> Vec<String> {
    let mut total = 0;
    let ends: Vec<(u64, String)> = model
        .words()
        .map(|(word, count)| {
            total += u64::from(count);
            (total, word)
        })
        .collect();
    let mut state: u64 = 20_200_315;
    let mut draw = || {
        state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (state >> 24) % total
    };
    (0..WORD_COUNT)
        .map(|_| {
            let drawn = draw();
            ends[ends.partition_point(|(end, _)| *end <= drawn)].1.clone()
        })
        .collect()
}

criterion_group!(benches, benchmark);
criterion_main!(benches);
