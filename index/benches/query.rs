//! Measures queries of five types, from the typed query to the best ten articles and the number of all matches. Snippets have
//! their own benchmark. The articles are random words, so the figures compare two builds; run `latency` over real articles
//! for realistic times.
//!
//! ```text
//! cargo bench --workspace --bench query
//! ```

#[path = "support/articles.rs"]
mod articles;
#[path = "support/words.rs"]
mod words;

use std::hint::black_box;
use std::time::Duration;

use criterion::{Criterion, Throughput, criterion_group, criterion_main};
use fihrist_index::Index;
use fihrist_index::search::Weights;

const ARTICLE_COUNT: usize = 5_000;
const QUERY_COUNT: usize = 50;
const HITS: usize = 10;

fn benchmark(criterion: &mut Criterion) {
    let home = tempfile::tempdir().expect("a directory");
    let (file, data) = (home.path().join("articles.jsonl"), home.path().join("data"));
    let titles = articles::write_articles(&file, ARTICLE_COUNT);
    articles::index(&file, &data);
    let index = Index::open(&data).expect("an index");
    index.analyzer().warm();
    let mut group = criterion.benchmark_group("query");
    group
        .throughput(Throughput::Elements(QUERY_COUNT as u64))
        .measurement_time(Duration::from_secs(5));

    let words = |count: usize| {
        titles
            .iter()
            .take(QUERY_COUNT)
            .map(move |title| title[..count].join(" "))
    };
    let cases: [(&str, Vec<String>); 5] = [
        ("one word", words(1).collect()),
        ("two words", words(2).collect()),
        ("three words", words(3).collect()),
        (
            "phrase",
            words(3).map(|words| format!("\"{words}\"")).collect(),
        ),
        (
            "exact phrase",
            words(3).map(|words| format!("=\"{words}\"")).collect(),
        ),
    ];
    let weights = Weights::default();
    for (name, queries) in &cases {
        group.bench_function(*name, |bencher| {
            bencher.iter(|| {
                for query in queries {
                    black_box(
                        index
                            .rank(black_box(query), &weights, HITS)
                            .expect("an answer"),
                    );
                }
            });
        });
    }
    group.finish();
}

criterion_group!(benches, benchmark);
criterion_main!(benches);
