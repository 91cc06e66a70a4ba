//! Measures snippets of ten hits: the title and three snippets of each, compared with Tantivy's own generator, which makes one
//! snippet of the body. Both get the stored articles. Tantivy uses its simplest analysis, words in lower case, so it has the
//! least work.
//!
//! The articles are the samples, or come from the index that `FIHRIST_BENCH_DATA=data` names.
//!
//! ```text
//! cargo bench --workspace --bench snippets
//! ```

use std::hint::black_box;
use std::path::{Path, PathBuf};
use std::time::Duration;

use criterion::{Criterion, criterion_group, criterion_main};
use fihrist_index::document::Field;
use fihrist_index::ingest::{IngestJob, Input, NoProgress};
use fihrist_index::query::parse;
use fihrist_index::search::SearchRequest;
use fihrist_index::snippet::{Highlight, Highlighter, Options};
use fihrist_index::{Article, Index, IndexWriter};
use tantivy::query::QueryParser;
use tantivy::schema::{STORED, Schema, TEXT};
use tantivy::snippet::SnippetGenerator;

const QUERIES: [&str; 5] = [
    "الحكومة",
    "ارتفاع الأسعار",
    "مجلس الوزراء",
    "وقف إطلاق النار",
    "رئيس الحكومة يزور المدينة",
];
const OPTIONS: Options = Options {
    max_snippets: 3,
    max_snippet_chars: 200,
};

fn benchmark(criterion: &mut Criterion) {
    let home = tempfile::tempdir().expect("a directory");
    let data = std::env::var_os("FIHRIST_BENCH_DATA")
        .map_or_else(|| with_samples(home.path()), PathBuf::from);
    let index = Index::open(&data).expect("an index");
    let analyzer = index.analyzer();
    analyzer.warm();
    let cases: Vec<(&str, Vec<Article>)> = QUERIES
        .into_iter()
        .map(|query| (query, hits(&index, query)))
        .collect();
    let mut group = criterion.benchmark_group("snippets of ten hits");
    group.measurement_time(Duration::from_secs(5));

    group.bench_function("ours: title and three passages", |bencher| {
        bencher.iter(|| {
            for (query, articles) in &cases {
                let query = parse(query, &analyzer);
                let highlighter = Highlighter::new(&query, &analyzer, Highlight::Word);
                for article in articles {
                    let matched = highlighter.find(article);
                    black_box((matched.title(article), matched.snippets(article, OPTIONS)));
                }
            }
        });
    });

    let mut schema = Schema::builder();
    let field = schema.add_text_field("body", TEXT | STORED);
    let theirs = tantivy::Index::create_in_ram(schema.build());
    let mut writer = theirs
        .writer_with_num_threads(1, 50_000_000)
        .expect("a writer");
    let bodies: Vec<(&str, Vec<String>)> = cases
        .iter()
        .map(|(query, articles)| (*query, articles.iter().map(body).collect()))
        .collect();
    for body in bodies.iter().flat_map(|(_, bodies)| bodies) {
        writer
            .add_document(tantivy::doc!(field => body.as_str()))
            .expect("added");
    }
    writer.commit().expect("committed");
    let searcher = theirs.reader().expect("a reader").searcher();
    let parser = QueryParser::for_index(&theirs, vec![field]);
    group.bench_function("Tantivy's: one passage", |bencher| {
        bencher.iter(|| {
            for (query, bodies) in &bodies {
                let query = parser.parse_query(query).expect("words");
                let mut generator =
                    SnippetGenerator::create(&searcher, &query, field).expect("a generator");
                generator.set_max_num_chars(OPTIONS.max_snippet_chars);
                for body in bodies {
                    black_box(generator.snippet(body));
                }
            }
        });
    });
    group.finish();
}

fn with_samples(home: &Path) -> PathBuf {
    let data = home.join("data");
    let samples = Input::Path(concat!(env!("CARGO_MANIFEST_DIR"), "/../static/samples").into());
    let mut writer = IndexWriter::open(&data).expect("a writer");
    IngestJob::new(vec![samples])
        .run(&mut writer, &NoProgress)
        .expect("a report");
    writer.finish().expect("finished");
    data
}

fn hits(index: &Index, query: &str) -> Vec<Article> {
    let found = index.search(&SearchRequest::new(query)).expect("an answer");
    found.hits.into_iter().map(|hit| hit.article).collect()
}

fn body(article: &Article) -> String {
    article
        .segments_in(Field::Body)
        .map(|segment| segment.slice(&article.text))
        .collect::<Vec<_>>()
        .join("\n")
}

criterion_group!(benches, benchmark);
criterion_main!(benches);
