//! Hits of a search as a cluster answers them, and their order: of equal ones the newest comes first, then a hash decides.

use std::cmp::Ordering;

use serde_json::{Value, json};

use super::document::to_article;
use super::schema::{CLUSTER, CONTENT_HASH, META, PUBLISHED, TEXT};
use crate::backend::{Order, SortKey};
use crate::document::Article;
use crate::error::Result;

/// An article that matches; greater comes first.
#[derive(Debug, Clone)]
pub struct Candidate {
    pub id: String,
    /// What it is ordered by.
    pub key: f64,
    /// Seconds since 1970; unknown comes last.
    pub published: Option<i64>,
    pub content_hash: u64,
    /// Which copies it is one of.
    pub cluster: u64,
    pub score: f32,
    /// Where the article was asked for.
    pub article: Option<Article>,
}

/// What a search asks of each hit; with the article, or without.
pub fn fetched(body: &mut Value, with_article: bool) {
    body["_source"] = if with_article {
        json!([TEXT, META])
    } else {
        json!(false)
    };
    body["docvalue_fields"] =
        json!([CONTENT_HASH, CLUSTER, {"field": PUBLISHED, "format": "epoch_second"}]);
}

/// How a cluster sorts for an order.
pub fn sorted(order: Order) -> Value {
    let published = |order: &str| json!({PUBLISHED: {"order": order, "missing": "_last"}});
    let hash = json!({CONTENT_HASH: "desc"});
    match order {
        Order::Relevance => json!([{"_score": "desc"}, published("desc"), hash]),
        Order::Recency { half_life_seconds } => {
            // The same as `Order::key`, in milliseconds as dates are kept.
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

/// Where a search by date goes on, as a cluster takes it.
pub fn after(order: Order, sort_key: SortKey) -> Value {
    let unknown = if order == Order::Oldest {
        i64::MAX
    } else {
        i64::MIN
    };
    let seconds = if order == Order::Oldest {
        -sort_key.key
    } else {
        sort_key.key
    };
    // A date is kept in milliseconds, a place in seconds.
    let published = if seconds.is_finite() {
        (seconds as i64).saturating_mul(1_000)
    } else {
        unknown
    };
    json!([published, sort_key.content_hash])
}

impl Candidate {
    /// Reads a hit.
    pub fn of(hit: &Value, order: Order) -> Result<Self> {
        let field = |name: &str| &hit["fields"][name][0];
        let published = field(PUBLISHED)
            .as_str()
            .and_then(|seconds| seconds.parse().ok());
        let score = hit["_score"].as_f64().unwrap_or_default() as f32;
        let article = hit.get("_source").map(to_article).transpose()?;
        Ok(Self {
            id: hit["_id"].as_str().unwrap_or_default().to_owned(),
            key: order.key(score, published),
            published,
            content_hash: number(field(CONTENT_HASH)),
            cluster: number(field(CLUSTER)),
            score,
            article,
        })
    }

    /// All hits of an answer.
    pub fn all(answer: &Value, order: Order) -> Result<Vec<Self>> {
        let hits = answer["hits"]["hits"]
            .as_array()
            .map_or(&[][..], Vec::as_slice);
        hits.iter().map(|hit| Self::of(hit, order)).collect()
    }

    /// Gives it another score, and its place by that.
    pub fn rescore(&mut self, score: f32, order: Order) {
        self.score = score;
        self.key = order.key(score, self.published);
    }

    /// Where it stands.
    pub fn sort_key(&self) -> SortKey {
        SortKey {
            key: self.key,
            content_hash: self.content_hash,
        }
    }

    /// Whether it comes after a place, in an order that follows from the articles alone.
    pub fn is_after(&self, sort_key: SortKey) -> bool {
        self.key
            .total_cmp(&sort_key.key)
            .then(self.content_hash.cmp(&sort_key.content_hash))
            == Ordering::Less
    }

    /// The first first.
    pub fn compare(&self, other: &Self) -> Ordering {
        let by_key = other.key.total_cmp(&self.key);
        by_key
            .then(other.published.cmp(&self.published))
            .then(other.content_hash.cmp(&self.content_hash))
    }
}

/// A number of 64 bits, which some versions write as text.
pub fn number(value: &Value) -> u64 {
    value
        .as_u64()
        .or_else(|| value.as_str()?.parse().ok())
        .unwrap_or_default()
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
                after(order, sort_key(order, published)),
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
        let candidate = Candidate::of(&hit, Order::Relevance).unwrap();
        assert_eq!(
            (candidate.content_hash, candidate.cluster),
            (u64::MAX - 5, u64::MAX - 4)
        );
        assert_eq!((candidate.published, candidate.key), (Some(-62), 1.5));
    }
}
