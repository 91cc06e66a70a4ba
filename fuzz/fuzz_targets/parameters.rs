//! Fuzzes the parameters of requests: a query string, or a JSON object. A request that is accepted
//! is within the limits. One that is refused names its mistakes, in a text that is not much longer.
#![no_main]

use axum::http::Uri;
use fihrist_index::search::{Filters, SearchRequest};
use libfuzzer_sys::fuzz_target;
use service::params::{COUNTED, Param, Params, SEARCH, counted, http_search};
use service::{ApiError, limits};

#[path = "../src/service.rs"]
mod service;

fuzz_target!(init: fihrist_fuzz::write_seeds("parameters", seeds()), |input: &[u8]| {
    let Some((choice, bytes)) = input.split_first() else {
        return;
    };
    let counts = choice & 2 > 0;
    let table: &'static [Param] = if counts { &COUNTED } else { SEARCH };
    let params = if choice & 1 > 0 {
        let Ok(object) = serde_json::from_slice(bytes) else {
            return;
        };
        Params::from_json(object, table)
    } else {
        let text = String::from_utf8_lossy(bytes);
        let Ok(uri) = format!("/?{text}").parse::<Uri>() else {
            return;
        };
        Params::from_query(&uri, table)
    };
    match if counts { counted(params) } else { http_search(params) } {
        Ok(request) => check(&request),
        Err(ApiError::InvalidParameters(errors)) => {
            assert!(!errors.is_empty());
            let sizes = errors.iter().map(|error| error.name.len() + error.hint.len());
            assert!(sizes.sum::<usize>() <= 100 * bytes.len() + 1_000, "{errors:?}");
        }
    }
});

fn check(request: &SearchRequest) {
    let limits = limits();
    assert!((1..=limits.limit).contains(&request.limit));
    assert!(request.offset <= limits.offset);
    assert!(request.query.chars().count() <= limits.query_chars);
    let Filters {
        sources,
        sections,
        authors,
        published,
    } = &request.filters;
    for values in [sources, sections, authors] {
        assert!(values.len() <= 100);
        assert!(values.iter().all(|value| !value.trim().is_empty()));
    }
    if let Some((_, period)) = published {
        assert!(period.from.is_some() || period.before.is_some());
    }
    assert!(request.cursor.is_none() || request.offset == 0);
}

fn seeds() -> Vec<Vec<u8>> {
    let texts = [
        "\0q=%D8%B3%D9%84%D8%A7%D9%85&limit=10&offset=20&sort=newest&source=a&source=b",
        "\0q=a&from=2019&to=2020-03&match=exact&operator=or&in=title,body&highlight=word&relax=false",
        "\0q=a&collapse=true&facets=source,author&histogram=month&explain=true&fragments=3&fragment_chars=100",
        "\0q=a&half_life=30d&sort=relevance&cursor=00&limits=3&q=b",
        "\x01{\"q\": \"سلام\", \"limit\": 10, \"source\": [\"a\", \"b\"], \"in\": [\"title\"], \"explain\": true}",
        "\x02q=a&from=P7D&section=x&interval=month",
        "\x03{\"q\": null, \"from\": \"2020\", \"limit\": -1, \"author\": \"x\"}",
    ];
    texts.map(Into::into).into()
}
