//! Reads the hits of a search, and writes how a cluster sorts them. Of equal hits the newest comes first, then the
//! one with the greater content hash.

use serde_json::{Value, json};

use super::{
    CLUSTER, CONTENT_HASH, ClusterSizes, META, PUBLISHED, TEXT, View, hits_of, to_article,
    to_number, total_of,
};
use crate::backend::{Candidate, Candidates, Delivered, Order, Rank, SearchContext, SortKey};
use crate::document::Article;
use crate::error::Result;

/// Sets which parts of each document an answer contains: always the values that order it, and the
/// article if `with_article`.
pub fn set_hit_parts(body: &mut Value, with_article: bool) {
    body["_source"] = if with_article {
        json!([TEXT, META])
    } else {
        json!(false)
    };
    body["docvalue_fields"] =
        json!([CONTENT_HASH, CLUSTER, {"field": PUBLISHED, "format": "epoch_second"}]);
}

/// Returns the `sort` part of a search request for an order.
pub fn sort_of(order: Order) -> Value {
    let published = |order: &str| json!({PUBLISHED: {"order": order, "missing": "_last"}});
    let hash = json!({CONTENT_HASH: "desc"});
    match order {
        Order::Relevance => json!([{"_score": "desc"}, published("desc"), hash]),
        Order::Recency { half_life_seconds } => {
            // The script computes `Order::key`. A cluster stores dates in milliseconds.
            let source = format!(
                "double halves = doc['{PUBLISHED}'].size() == 0 ? -1e12 : \
                 doc['{PUBLISHED}'].value.toInstant().toEpochMilli() / 1000.0 / params.half_life; \
                 return Math.log(Math.max(_score, 1e-37)) / Math.log(2) + halves;"
            );
            let params = json!({"half_life": half_life_seconds.max(1)});
            let script = json!({"source": source, "params": params});
            json!([{"_script": {"type": "number", "order": "desc", "script": script}}, published("desc"), hash])
        }
        Order::Newest => json!([published("desc"), hash]),
        Order::Oldest => json!([published("asc"), hash]),
    }
}

/// Returns the `search_after` part of a search by date, which continues after the hit with
/// `sort_key`. It has the values that [`sort_of`] sorts by.
pub fn search_after(order: Order, sort_key: SortKey) -> Value {
    let seconds = if order == Order::Oldest {
        -sort_key.key
    } else {
        sort_key.key
    };
    // The cluster stores milliseconds, a sort key has seconds. The infinite key of an article without
    // a date becomes the least or the greatest number.
    let published = (seconds as i64).saturating_mul(1_000);
    json!([published, sort_key.content_hash])
}

/// Runs a search and reads its hits, in their order, and its total. If the search counts the clusters
/// of copies in an aggregation `copies`, the total is their number.
pub fn find(
    view: &View,
    context: &SearchContext,
    body: &Value,
    order: Order,
) -> Result<Candidates> {
    let answer = view.search(context, body)?;
    let numbered = (0..).zip(hits_of(&answer));
    let all = total_of(&answer);
    let collapsed = answer["aggregations"]["copies"]["value"].as_u64();
    let best = numbered.map(|(number, hit)| candidate(hit, number, order, &view.copies));
    Ok(Candidates {
        best: best.collect::<Result<_>>()?,
        // The count of clusters is an estimate.
        total: collapsed.map_or(all, |collapsed| collapsed.min(all)),
        page_start: None,
    })
}

/// Returns the article that came with a candidate.
pub fn article_of(candidate: &Candidate) -> Option<&Article> {
    candidate.delivered.as_ref()?.article.as_ref()
}

/// Reads one hit. `number` is the index of the hit in the answer.
fn candidate(hit: &Value, number: u64, order: Order, sizes: &ClusterSizes) -> Result<Candidate> {
    let field = |name: &str| &hit["fields"][name][0];
    let published = field(PUBLISHED)
        .as_str()
        .and_then(|seconds| seconds.parse().ok());
    let score = hit["_score"].as_f64().unwrap_or_default() as f32;
    let cluster = to_number(field(CLUSTER));
    let delivered = Delivered {
        id: hit["_id"].as_str().unwrap_or_default().to_owned(),
        article: hit.get("_source").map(to_article).transpose()?,
    };
    Ok(Candidate {
        rank: Rank {
            key: order.key(score, published),
            score,
            published,
            content_hash: to_number(field(CONTENT_HASH)),
            document: number,
        },
        cluster: Some(cluster),
        copies: sizes.copies_of(cluster),
        delivered: Some(Box::new(delivered)),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_search_goes_on_after_its_last_hit() {
        let sort_key = |order: Order, published| SortKey {
            key: order.key(0.0, published),
            content_hash: 7,
        };
        let check = |order: Order, published, expected: i64| {
            assert_eq!(
                search_after(order, sort_key(order, published)),
                json!([expected, 7])
            );
        };
        check(Order::Newest, Some(-5), -5_000);
        check(Order::Oldest, Some(-5), -5_000);
        check(Order::Newest, None, i64::MIN);
        check(Order::Oldest, None, i64::MAX);
    }

    #[test]
    fn reads_a_hit() {
        let hit = json!({"_id": "a", "_score": 1.5, "fields": {
            "content_hash": [18_446_744_073_709_551_610_u64], "cluster": ["18446744073709551611"], "published": ["-62"]
        }});
        let candidate = candidate(&hit, 0, Order::Relevance, &ClusterSizes::default()).unwrap();
        assert_eq!(
            (candidate.rank.content_hash, candidate.cluster),
            (u64::MAX - 5, Some(u64::MAX - 4))
        );
        assert_eq!(
            (candidate.rank.published, candidate.rank.key),
            (Some(-62), 1.5)
        );
    }
}
