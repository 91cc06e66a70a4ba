//! Counts the articles that match, by value and by day, with aggregations. It orders nothing.

use std::sync::Arc;

use serde_json::{Map, Value, json};

use super::schema::PUBLISHED;
use super::view::View;
use crate::backend::{Summary, Wanted};
use crate::deadline::Deadline;
use crate::error::Result;
use crate::query::Keyword;

const SECONDS_A_DAY: i64 = 86_400;
const MILLISECONDS_A_DAY: i64 = SECONDS_A_DAY * 1_000;

/// The greatest number of values of a field that are counted. If there are more, which is rare,
/// only the most frequent values are counted.
const MAX_VALUES: usize = 10_000;

/// The number of buckets in a request for all values.
const PAGE: usize = 10_000;

/// Returns the counts that `of` asks for, of the articles that match `query`.
pub fn summarize(
    view: &View,
    deadline: &Deadline,
    query: &Value,
    of: &Wanted<'_>,
) -> Result<Summary> {
    let mut aggregations = Map::new();
    for field in of.fields {
        let terms = json!({"terms": {"field": field.name(), "size": MAX_VALUES, "shard_size": 2 * MAX_VALUES}});
        aggregations.insert(field.name().to_owned(), terms);
    }
    if of.days {
        // Every day has the same length, because days are in UTC.
        let days = json!({"histogram": {"field": PUBLISHED, "interval": MILLISECONDS_A_DAY, "min_doc_count": 1}});
        aggregations.insert("days".to_owned(), days);
        aggregations.insert(
            "undated".to_owned(),
            json!({"missing": {"field": PUBLISHED}}),
        );
    }
    let body = json!({"size": 0, "track_total_hits": true, "query": query, "aggs": aggregations});
    let answer = view.search(deadline, &body)?;
    let counted = &answer["aggregations"];
    let values = of.fields.iter().map(|field| {
        let values = buckets(&counted[field.name()]).iter();
        values
            .filter_map(|bucket| {
                Some((
                    bucket["key"].as_str()?.to_owned(),
                    bucket["doc_count"].as_u64()?,
                ))
            })
            .collect()
    });
    let days = buckets(&counted["days"]).iter().filter_map(|bucket| {
        let milliseconds = bucket["key"].as_f64()? as i64;
        Some((
            milliseconds.div_euclid(MILLISECONDS_A_DAY),
            bucket["doc_count"].as_u64()?,
        ))
    });
    Ok(Summary {
        articles: answer["hits"]["total"]["value"]
            .as_u64()
            .unwrap_or_default(),
        values: values.collect(),
        days: days.collect(),
        undated: counted["undated"]["doc_count"].as_u64().unwrap_or_default(),
    })
}

/// Returns the values of a field in alphabetical order. They are read once for each view.
pub fn values(view: &View, deadline: &Deadline, field: Keyword) -> Result<Arc<Vec<String>>> {
    view.values_of(field)
        .get(|| read_values(view, deadline, field))
}

fn read_values(view: &View, deadline: &Deadline, field: Keyword) -> Result<Vec<String>> {
    let mut values: Vec<String> = Vec::new();
    let mut after = Value::Null;
    loop {
        let mut composite =
            json!({"size": PAGE, "sources": [{"value": {"terms": {"field": field.name()}}}]});
        if !after.is_null() {
            composite["after"] = after;
        }
        let body = json!({"size": 0, "aggs": {"values": {"composite": composite}}});
        let answer = view.search(deadline, &body)?;
        let counted = &answer["aggregations"]["values"];
        values.extend(
            buckets(counted)
                .iter()
                .filter_map(|bucket| Some(bucket["key"]["value"].as_str()?.to_owned())),
        );
        after = counted["after_key"].clone();
        if after.is_null() {
            values.sort_unstable();
            return Ok(values);
        }
    }
}

/// Returns the first and the last time of publication, in seconds since 1970.
pub fn published(view: &View, deadline: &Deadline) -> Result<Option<(i64, i64)>> {
    let aggregations =
        json!({"first": {"min": {"field": PUBLISHED}}, "last": {"max": {"field": PUBLISHED}}});
    let answer = view.search(deadline, &json!({"size": 0, "aggs": aggregations}))?;
    let seconds = |name: &str| Some(answer["aggregations"][name]["value"].as_f64()? as i64 / 1_000);
    Ok(seconds("first").zip(seconds("last")))
}

fn buckets(aggregation: &Value) -> &[Value] {
    aggregation["buckets"].as_array().map_or(&[], Vec::as_slice)
}
