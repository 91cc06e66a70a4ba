//! The tool `histogram`: the numbers of articles by date, for all articles or those that match a
//! query.

use fihrist_index::search::{Bucket, Histogram, SearchRequest};
use rmcp::model::Tool;
use serde_json::{Map, Value, json};

use super::tool::{Answer, line, reading_tool};
use crate::service::calls;
use crate::service::error::ApiError;
use crate::service::params::filters;
use crate::service::params::search::{AUTHOR, COUNTED_QUERY, FROM, INTERVAL, SECTION, SOURCE, TO};
use crate::service::params::words::INTERVALS;
use crate::service::params::{Param, Params};
use crate::service::state::AppState;

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
    let output = json!({
        "type": "object",
        "properties": {
            "interval": {"type": "string"},
            "buckets": {"type": "array", "items": {
                "type": "object",
                "properties": {"from": {"type": "string", "description": "The first day of the interval."}, "count": {"type": "integer"}},
                "required": ["from", "count"]
            }},
            "undated": {"type": "integer", "description": "Number of articles without a date."}
        },
        "required": ["interval", "buckets", "undated"]
    });
    reading_tool(
        NAME,
        "Count articles over time",
        DESCRIPTION,
        PARAMS,
        output,
    )
}

pub async fn call(state: &AppState, arguments: Map<String, Value>) -> Result<Answer, ApiError> {
    let mut params = Params::from_json(arguments, PARAMS);
    let interval = params.choice("interval", &INTERVALS);
    let request = SearchRequest {
        filters: filters::read(&mut params, filters::today()),
        blank_finds_all: true,
        ..SearchRequest::new(&params.text("query").unwrap_or_default())
    };
    params.finish()?;
    let Histogram {
        interval,
        buckets,
        undated,
    } = calls::histogram(state, request, interval).await?;
    let mut text = String::new();
    line(
        &mut text,
        format_args!("Articles by {}, without empty intervals:", interval.name()),
    );
    for Bucket { from, count } in buckets.iter().filter(|bucket| bucket.count > 0) {
        line(&mut text, format_args!("{from}: {count}"));
    }
    line(&mut text, format_args!("without a date: {undated}"));
    let bucket =
        |Bucket { from, count }: &Bucket| json!({"from": from.to_string(), "count": count});
    let buckets: Vec<_> = buckets.iter().map(bucket).collect();
    Ok(Answer {
        text,
        structured: json!({"interval": interval.name(), "buckets": buckets, "undated": undated}),
    })
}
