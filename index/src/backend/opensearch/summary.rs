//! Counts the articles that match, by value and by day, with aggregations.

use serde_json::{Value, json};

use super::{PUBLISHED, View, elements, to_number, total_of};
use crate::backend::{SearchContext, Summary, ValueCounts, Wanted};
use crate::error::Result;

const MILLISECONDS_A_DAY: i64 = 86_400 * 1_000;

/// The greatest number of values of a field that are counted. If there are more, which is rare,
/// only the most frequent values are counted.
const MAX_VALUES: usize = 10_000;

/// Returns the counts that `of` asks for, of the articles that match `query`.
pub fn summarize(
    view: &View,
    context: &SearchContext,
    query: &Value,
    of: &Wanted<'_>,
) -> Result<Summary> {
    let mut aggregations = json!({});
    for field in of.fields {
        let name = field.name();
        let terms = json!({"field": name, "size": MAX_VALUES, "shard_size": 2 * MAX_VALUES});
        aggregations[name] = json!({ "terms": terms });
    }
    if of.days {
        // Every day has the same length, because days are in UTC.
        let days = json!({"field": PUBLISHED, "interval": MILLISECONDS_A_DAY, "min_doc_count": 1});
        aggregations["days"] = json!({ "histogram": days });
        aggregations["undated"] = json!({"missing": {"field": PUBLISHED}});
    }
    let body = json!({"size": 0, "track_total_hits": true, "query": query, "aggs": aggregations});
    let answer = view.search(context, &body)?;
    let counted = &answer["aggregations"];
    let count = |bucket: &Value| bucket["doc_count"].as_u64();
    let value = |bucket: &Value| Some((bucket["key"].as_str()?.to_owned(), count(bucket)?));
    let values = of.fields.iter().map(|field| {
        let values = elements(&counted[field.name()]["buckets"]);
        let mut values: Vec<(String, u64)> = values.iter().filter_map(value).collect();
        values.retain(|(value, _)| of.accepts.is_none_or(|accepts| accepts(value)));
        let value_count = values.len();
        values.sort_unstable_by(|(one, one_count), (other, other_count)| {
            other_count.cmp(one_count).then_with(|| one.cmp(other))
        });
        values.truncate(of.limit);
        ValueCounts {
            value_count,
            most_frequent: values,
        }
    });
    let day = |bucket: &Value| {
        let milliseconds = bucket["key"].as_f64()? as i64;
        Some((milliseconds.div_euclid(MILLISECONDS_A_DAY), count(bucket)?))
    };
    let days = elements(&counted["days"]["buckets"]);
    Ok(Summary {
        articles: total_of(&answer),
        values: values.collect(),
        days: days.iter().filter_map(day).collect(),
        undated: to_number(&counted["undated"]["doc_count"]),
    })
}

/// Returns the first and the last time of publication, in seconds since 1970.
pub fn published(view: &View, context: &SearchContext) -> Result<Option<(i64, i64)>> {
    let aggregations =
        json!({"first": {"min": {"field": PUBLISHED}}, "last": {"max": {"field": PUBLISHED}}});
    let answer = view.search(context, &json!({"size": 0, "aggs": aggregations}))?;
    let seconds = |name: &str| Some(answer["aggregations"][name]["value"].as_f64()? as i64 / 1_000);
    Ok(seconds("first").zip(seconds("last")))
}
