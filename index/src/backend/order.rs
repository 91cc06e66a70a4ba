//! The order of hits, and the page of hits that a caller asks for.

/// The order of hits. Of equal hits the newest comes first, then the one with the greater content hash.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub enum Order {
    /// The best match first.
    #[default]
    Relevance,
    /// The best match first, where age lowers the score: `score · 2^(-age / half-life)`. Articles without a date come
    /// last.
    Recency {
        /// The half-life; greater than 0.
        half_life_seconds: u32,
    },
    /// The last published first; articles without a date last.
    Newest,
    /// The first published first; articles without a date last.
    Oldest,
}

impl Order {
    /// The age term of an article without a date. It is lower than that of every date: no date is
    /// 10¹² seconds in the past, and a half-life is at least one second.
    const UNDATED: f64 = -1e12;

    /// Returns the value that orders articles: the greater comes first. `published` is in seconds since 1970.
    pub fn key(self, score: f32, published: Option<i64>) -> f64 {
        let seconds = published.map(|seconds| seconds as f64);
        match self {
            Self::Relevance => f64::from(score),
            // The key is the logarithm of the score that age has lowered. The logarithm does not
            // overflow, and the key does not depend on the day of the search.
            Self::Recency { half_life_seconds } => {
                let half_lives = seconds.map_or(Self::UNDATED, |seconds| {
                    seconds / f64::from(half_life_seconds.max(1))
                });
                f64::from(score.max(f32::MIN_POSITIVE)).log2() + half_lives
            }
            Self::Newest => seconds.unwrap_or(f64::NEG_INFINITY),
            Self::Oldest => seconds.map_or(f64::NEG_INFINITY, |seconds| -seconds),
        }
    }

    /// Returns whether the order depends on scores.
    pub const fn needs_scores(self) -> bool {
        match self {
            Self::Relevance | Self::Recency { .. } => true,
            Self::Newest | Self::Oldest => false,
        }
    }
}

/// The page of hits that a caller asks for.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Page {
    /// The greatest number of hits on the page.
    pub limit: usize,
    /// Where the page starts among all hits.
    pub start: Start,
    /// The order of all hits.
    pub order: Order,
    /// Whether only the first article of each cluster of copies is shown and counted.
    pub collapses: bool,
    /// If fewer articles match than this, the caller needs only their number.
    pub at_least: u64,
}

impl Page {
    /// A page without hits, for a caller who needs only the number of articles that match.
    pub const COUNT: Self = Self {
        limit: 0,
        start: Start::Offset(0),
        order: Order::Relevance,
        collapses: false,
        at_least: 0,
    };
}

/// Where a page starts.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Start {
    /// After this many hits.
    Offset(usize),
    /// After a hit that was shown earlier, perhaps in another snapshot. If that hit is gone and the order depends on
    /// scores, the page starts after `shown` hits.
    After {
        /// The sort key of that hit.
        sort_key: SortKey,
        /// The number of hits that earlier pages have shown, up to and including that hit.
        shown: usize,
    },
}

/// The values that hits are ordered by. A cursor keeps the values of the last hit.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct SortKey {
    /// The result of [`Order::key`].
    pub key: f64,
    /// [`AnalyzedArticle::content_hash`](crate::document::AnalyzedArticle::content_hash).
    pub content_hash: u64,
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    const DAY: i64 = 86_400;
    const MONTH: Order = Order::Recency {
        half_life_seconds: 30 * 86_400,
    };

    #[test]
    fn recency_halves_with_every_half_life() {
        let check =
            |one: (f32, Option<i64>), other: (f32, Option<i64>), expected: std::cmp::Ordering| {
                let key = |(score, published)| (MONTH.key(score, published) * 1e6).round();
                assert_eq!(
                    key(one).total_cmp(&key(other)),
                    expected,
                    "{one:?} {other:?}"
                );
            };
        let today = 18_000 * DAY;
        check(
            (2.0, Some(today - 30 * DAY)),
            (1.0, Some(today)),
            std::cmp::Ordering::Equal,
        );
        check(
            (2.0, Some(today - 29 * DAY)),
            (1.0, Some(today)),
            std::cmp::Ordering::Greater,
        );
        check(
            (2.0, Some(today - 31 * DAY)),
            (1.0, Some(today)),
            std::cmp::Ordering::Less,
        );
        check(
            (9.0, None),
            (0.0, Some(-10_000 * DAY)),
            std::cmp::Ordering::Less,
        );
        check((2.0, None), (1.0, None), std::cmp::Ordering::Greater);
    }

    proptest! {
        #[test]
        fn keys_are_numbers_and_the_undated_come_last(
            score in 0.0..1e6f32,
            seconds in -62_000_000_000..95_000_000_000i64,
            half_life_seconds in 1..u32::MAX,
        ) {
            for order in [Order::Recency { half_life_seconds }, Order::Newest, Order::Oldest] {
                let key = order.key(score, Some(seconds));
                prop_assert!(key.is_finite());
                prop_assert!(order.key(1e6, None) < key);
            }
        }
    }
}
