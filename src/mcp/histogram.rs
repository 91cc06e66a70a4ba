//! The tool `histogram`: the numbers of articles by date, of all articles or of the matches of a
//! query.

use fihrist_index::search::SearchRequest;

use super::{
    Answer, AppState, JsonObject, Param, Params, Result, Tool, calls, json, line, object,
    reading_tool,
};
use crate::service::params::{
    AUTHOR, COUNTED_QUERY, FROM, INTERVAL, INTERVALS, SECTION, SOURCE, TO, filters,
};
use crate::service::views::HistogramView;

pub const NAME: &str = "histogram";

const DESCRIPTION: &str = "Count the matching articles by date of publication. Use it to see when a subject was written \
    about, before you search a period with `from` and `to`. Without a query, all articles are \
    counted.\nCopies of one story are counted separately, so a peak may be one story that many \
    outlets printed. To cite a count, state what was counted: the query, the filters and the \
    interval. These are articles of this collection, not events.";

const PARAMS: &[Param] = &[
    COUNTED_QUERY.named("query"),
    INTERVAL,
    SOURCE,
    SECTION,
    AUTHOR,
    FROM,
    TO,
];

pub fn tool() -> Tool {
    let bucket = object! {
        "from": {"type": "string", "description": "The first day of the interval."},
        "count": {"type": "integer"},
    };
    let output = object! {
        "interval": {"type": "string"},
        "buckets": {"type": "array", "items": bucket},
        "undated": {"type": "integer", "description": "Number of articles without a date."},
    };
    let title = "Count articles over time";
    reading_tool(NAME, title, DESCRIPTION, PARAMS, output)
}

pub async fn call(state: &AppState, arguments: JsonObject) -> Result<Answer> {
    let mut params = Params::from_json(arguments, PARAMS);
    let interval = params.choice("interval", &INTERVALS);
    let request = SearchRequest {
        filters: filters::read(&mut params, filters::today()),
        blank_finds_all: true,
        ..SearchRequest::new(&params.text("query").unwrap_or_default())
    };
    params.finish()?;
    let histogram: HistogramView = calls::histogram(state, request, interval).await?.into();
    let mut text = String::new();
    let interval = histogram.interval;
    line!(text, "Articles by {interval}, without empty intervals:");
    for bucket in histogram.buckets.iter().filter(|bucket| bucket.count > 0) {
        line!(text, "{}: {}", bucket.from, bucket.count);
    }
    line!(text, "without a date: {}", histogram.undated);
    let structured = json!(histogram);
    Ok(Answer { text, structured })
}
