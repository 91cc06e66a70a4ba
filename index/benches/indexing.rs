//! Measures the articles per second of a whole indexing job into a new index. The job counts words, writes, learns the graph,
//! commits and merges. The articles are made up and short, so the figures compare two builds. `benches/compare` measures a
//! real archive.
//!
//! ```text
//! cargo bench --workspace --bench indexing
//! ```

#[path = "support/articles.rs"]
mod articles;
#[path = "support/words.rs"]
mod words;

use std::time::Duration;

use criterion::{Criterion, Throughput, criterion_group, criterion_main};

const ARTICLE_COUNT: usize = 1_000;

fn benchmark(criterion: &mut Criterion) {
    let home = tempfile::tempdir().expect("a directory");
    let file = home.path().join("articles.jsonl");
    articles::write_articles(&file, ARTICLE_COUNT);
    let mut group = criterion.benchmark_group("indexing");
    group.throughput(Throughput::Elements(ARTICLE_COUNT as u64));
    group
        .sample_size(10)
        .measurement_time(Duration::from_secs(20));

    group.bench_function("a whole job", |bencher| {
        bencher.iter_with_large_drop(|| {
            let data = tempfile::tempdir_in(home.path()).expect("a directory");
            let report = articles::index(&file, &data.path().join("data"));
            assert_eq!(
                report.indexed, ARTICLE_COUNT as u64,
                "every article is indexed"
            );
            data
        });
    });
    group.finish();
}

criterion_group!(benches, benchmark);
criterion_main!(benches);
