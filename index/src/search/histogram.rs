//! Histograms: turns counts by day into counts by day, week, month or year, without gaps.

use jiff::civil::{Date, Weekday};
use jiff::{Span, ToSpan};

use crate::backend::Summary;

named! {
    /// The length of a histogram's buckets. Weeks begin on Monday, as in ISO 8601.
    #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
    pub enum Interval {
        /// The shortest interval that gives at most 60 buckets.
        #[default]
        Auto = "auto",
        /// One day.
        Day = "day",
        /// One week.
        Week = "week",
        /// One month.
        Month = "month",
        /// One year.
        Year = "year",
    }
}

/// The greatest number of buckets for `Auto`. A bar chart as wide as a hand cannot show more.
const MAX_BUCKETS_OF_AUTO: usize = 60;

/// The greatest number of buckets for any other interval.
const MAX_BUCKETS: usize = 10_000;

/// The number of matching articles in each interval of time.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Histogram {
    /// The interval of each bucket; never [`Interval::Auto`].
    pub interval: Interval,
    /// The intervals in order, from the first to the last one with articles. Intervals between them
    /// without articles are included.
    pub buckets: Vec<Bucket>,
    /// The number of matching articles without a date.
    pub undated: u64,
}

/// One interval of a histogram.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Bucket {
    /// The first day of the interval.
    pub from: Date,
    /// The number of articles published in the interval.
    pub count: u64,
}

impl Interval {
    /// The intervals that a bucket may have, the shortest first: all but `Auto`.
    const CONCRETE: [Self; 4] = [Self::Day, Self::Week, Self::Month, Self::Year];

    /// Returns the first day of the interval that contains a day.
    fn start_of(self, day: Date) -> Date {
        match self {
            Self::Auto | Self::Day => day,
            // Fails only before the first Monday of the calendar, and no article is that old.
            Self::Week => day
                .tomorrow()
                .and_then(|next| next.nth_weekday(-1, Weekday::Monday))
                .unwrap_or(day),
            Self::Month => day.first_of_month(),
            Self::Year => day.first_of_year(),
        }
    }

    fn step(self) -> Span {
        match self {
            Self::Auto | Self::Day => 1.day(),
            Self::Week => 1.week(),
            Self::Month => 1.month(),
            Self::Year => 1.year(),
        }
    }

    /// Returns the first day of every interval from `first` to `last`; `None` if there are more
    /// than `max`.
    fn between(self, first: Date, last: Date, max: usize) -> Option<Vec<Date>> {
        let last = self.start_of(last);
        let mut starts = vec![self.start_of(first)];
        while let Some(next) = starts.last().filter(|start| **start < last) {
            let next = next.checked_add(self.step()).ok()?;
            if starts.len() == max {
                return None;
            }
            starts.push(next);
        }
        Some(starts)
    }
}

impl Histogram {
    /// Adds up the daily counts of a summary. If the interval gives too many buckets, the next
    /// longer interval is used.
    pub fn new(summary: &Summary, interval: Interval) -> Self {
        let days = summary
            .days
            .iter()
            .filter_map(|(day, count)| Some((date(*day)?, *count)));
        let days: Vec<(Date, u64)> = days.collect();
        let undated = summary.undated;
        let (Some((first, _)), Some((last, _))) = (days.first(), days.last()) else {
            let interval = if interval == Interval::Auto {
                Interval::Day
            } else {
                interval
            };
            return Self {
                interval,
                buckets: Vec::new(),
                undated,
            };
        };
        let max = if interval == Interval::Auto {
            MAX_BUCKETS_OF_AUTO
        } else {
            MAX_BUCKETS
        };
        let mut fitting = Interval::CONCRETE
            .into_iter()
            .filter(|candidate| *candidate >= interval);
        let chosen =
            fitting.find_map(|interval| Some((interval, interval.between(*first, *last, max)?)));
        // Years always fit: articles have dates in fewer than 10,000 years.
        let years = || {
            Interval::Year
                .between(*first, *last, MAX_BUCKETS)
                .unwrap_or_default()
        };
        let (interval, starts) = chosen.unwrap_or_else(|| (Interval::Year, years()));
        let mut buckets: Vec<Bucket> = starts
            .into_iter()
            .map(|from| Bucket { from, count: 0 })
            .collect();
        for (day, count) in days {
            let at = buckets.partition_point(|bucket| bucket.from <= day);
            if let Some(bucket) = at.checked_sub(1).and_then(|at| buckets.get_mut(at)) {
                bucket.count += count;
            }
        }
        Self {
            interval,
            buckets,
            undated,
        }
    }
}

/// Returns the day with this number, counted from 1 January 1970.
fn date(day: i64) -> Option<Date> {
    Date::constant(1970, 1, 1)
        .checked_add(Span::new().try_days(day).ok()?)
        .ok()
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn day(date: Date) -> i64 {
        Date::constant(1970, 1, 1)
            .until(date)
            .map_or(0, |span| i64::from(span.get_days()))
    }

    fn summary(days: &[(i64, u64)]) -> Summary {
        Summary {
            days: days.to_vec(),
            undated: 2,
            ..Summary::default()
        }
    }

    #[test]
    fn buckets_have_no_gaps() {
        let days: Vec<(i64, u64)> = [("2020-01-31", 1), ("2020-02-29", 2), ("2020-04-01", 4)]
            .map(|(text, count)| (day(text.parse().expect("a date")), count))
            .to_vec();
        let check = |interval: Interval, expected: &[(&str, u64)]| {
            let histogram = Histogram::new(&summary(&days), interval);
            let found: Vec<_> = histogram
                .buckets
                .iter()
                .map(|b| (b.from.to_string(), b.count))
                .collect();
            let found: Vec<_> = found
                .iter()
                .map(|(from, count)| (from.as_str(), *count))
                .collect();
            assert_eq!((histogram.interval, found), (interval, expected.to_vec()));
            assert_eq!(histogram.undated, 2);
        };
        check(
            Interval::Month,
            &[
                ("2020-01-01", 1),
                ("2020-02-01", 2),
                ("2020-03-01", 0),
                ("2020-04-01", 4),
            ],
        );
        check(Interval::Year, &[("2020-01-01", 7)]);
        let weeks = Histogram::new(&summary(&days), Interval::Week);
        assert_eq!(
            weeks.buckets.first().map(|week| week.from.to_string()),
            Some("2020-01-27".to_owned())
        );
        assert!(
            weeks
                .buckets
                .iter()
                .all(|week| week.from.weekday() == Weekday::Monday)
        );
        assert_eq!(weeks.buckets.len(), 10);
    }

    #[test]
    fn an_interval_is_chosen_that_gives_few_buckets() {
        let check = |span_days: i64, expected: Interval| {
            let histogram = Histogram::new(
                &summary(&[(18_000, 1), (18_000 + span_days, 1)]),
                Interval::Auto,
            );
            assert_eq!(histogram.interval, expected, "{span_days}");
        };
        check(0, Interval::Day);
        check(59, Interval::Day);
        check(60, Interval::Week);
        check(400, Interval::Week);
        check(500, Interval::Month);
        check(1_700, Interval::Month);
        check(2_000, Interval::Year);
        check(365_000, Interval::Year);
        let too_many = Histogram::new(&summary(&[(0, 1), (11_000, 1)]), Interval::Day);
        assert_eq!(
            (too_many.interval, too_many.buckets.len()),
            (Interval::Week, 1_572)
        );
        assert_eq!(Histogram::new(&summary(&[]), Interval::Auto).buckets, []);
    }

    proptest! {
        #[test]
        fn no_article_is_lost(days in proptest::collection::btree_map(-354_000..375_000i64, 1..9u64, 0..40), which in 0..5usize) {
            let interval = [Interval::Auto, Interval::Day, Interval::Week, Interval::Month, Interval::Year][which];
            let days: Vec<(i64, u64)> = days.into_iter().collect();
            let histogram = Histogram::new(&summary(&days), interval);
            let sum = |counts: &mut dyn Iterator<Item = u64>| counts.sum::<u64>();
            prop_assert_eq!(
                sum(&mut histogram.buckets.iter().map(|bucket| bucket.count)),
                sum(&mut days.iter().map(|(_, count)| *count))
            );
            prop_assert!(histogram.buckets.len() <= MAX_BUCKETS);
            prop_assert!(histogram.buckets.is_sorted_by(|one, other| one.from < other.from));
            prop_assert!(histogram.buckets.first().is_none_or(|bucket| bucket.count > 0));
            prop_assert!(histogram.buckets.last().is_none_or(|bucket| bucket.count > 0));
        }
    }
}
