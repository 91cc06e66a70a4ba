//! Confidence intervals of means, and the comparison of two runs, by resampling. Resampling assumes
//! no distribution of the scores. The same scores always give the same figures. `metrics` computes
//! the scores.

use super::random::SplitMix64;
use super::{METRICS, Scores, means};

/// Number of resampling rounds. With this number, the last printed digit of a p-value is the same
/// for different seeds.
const ROUNDS: usize = 10_000;
/// Number of rounds outside a 95 % interval, at each end.
const TAIL: usize = ROUNDS / 40;
/// The seed is fixed, so that the same scores always give the same report.
const SEED: u64 = 0x00f1_4715;
/// Two sums of the same numbers in different orders differ by less than this.
const ROUNDING: f64 = 1e-9;

/// A confidence interval of a mean.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Interval {
    pub low: f64,
    pub high: f64,
}

/// The comparison of two runs on the same queries, by one metric.
#[derive(Debug)]
pub struct Difference {
    /// The mean over all queries of the run's score minus the score of `base`.
    pub mean: f64,
    pub interval: Interval,
    /// The probability that chance alone gives a mean difference at least as large, in either
    /// direction: above 0, at most 1.
    pub p: f64,
    /// Number of queries for which the run has the higher score.
    pub wins: usize,
    pub ties: usize,
    pub losses: usize,
}

/// Returns the 95 % percentile bootstrap interval of the mean of each metric. `rows` has the scores
/// of at least one query.
///
/// Each round draws queries with replacement, and uses all metrics of a drawn query. See Efron and
/// Tibshirani, “An Introduction to the Bootstrap”, 1993, chapter 13. For retrieval, see Sakai,
/// “Evaluating evaluation metrics based on the bootstrap”, SIGIR 2006.
pub fn intervals(rows: &[Scores]) -> [Interval; METRICS.len()] {
    let mut random = SplitMix64::new(SEED);
    let mut resampled: [Vec<f64>; METRICS.len()] =
        std::array::from_fn(|_| Vec::with_capacity(ROUNDS));
    for _ in 0..ROUNDS {
        let mut sums = [0.0; METRICS.len()];
        for _ in rows {
            add(&mut sums, &rows[random.below(rows.len())], 1.0);
        }
        for (means, sum) in resampled.iter_mut().zip(sums) {
            means.push(sum / rows.len() as f64);
        }
    }
    resampled.map(|mut means| {
        means.sort_unstable_by(f64::total_cmp);
        Interval {
            low: means[TAIL],
            high: means[ROUNDS - 1 - TAIL],
        }
    })
}

/// Compares the scores of a run with the scores of another run, `base`. Both have the same queries in
/// the same order.
///
/// The p-value is that of the two-sided paired randomization test (Fisher 1935, Pitman 1937). If
/// the runs were equally good, each difference would be equally likely with the opposite sign, so
/// each round chooses the signs at random. Smucker, Allan and Carterette recommend this test: “A
/// comparison of statistical significance tests for information retrieval evaluation”, CIKM 2007.
/// The observed signs count as one of the rounds, so p is never 0.
pub fn compare(rows: &[Scores], base: &[Scores]) -> [Difference; METRICS.len()] {
    let differences: Vec<Scores> = rows
        .iter()
        .zip(base)
        .map(|(one, other)| std::array::from_fn(|metric| one[metric] - other[metric]))
        .collect();
    let means = means(&differences);
    let intervals = intervals(&differences);
    let p_values = p_values(&differences);
    std::array::from_fn(|metric| {
        let count = |is_meant: fn(f64) -> bool| {
            differences
                .iter()
                .filter(|row| is_meant(row[metric]))
                .count()
        };
        let wins = count(|value| value > ROUNDING);
        let losses = count(|value| value < -ROUNDING);
        Difference {
            mean: means[metric],
            interval: intervals[metric],
            p: p_values[metric],
            wins,
            ties: differences.len() - wins - losses,
            losses,
        }
    })
}

fn add(sums: &mut Scores, row: &Scores, sign: f64) {
    for (sum, value) in sums.iter_mut().zip(row) {
        *sum += sign * value;
    }
}

fn p_values(differences: &[Scores]) -> Scores {
    let sums = |sign: &mut dyn FnMut() -> f64| {
        let mut sums = [0.0; METRICS.len()];
        for row in differences {
            add(&mut sums, row, sign());
        }
        sums.map(f64::abs)
    };
    let observed = sums(&mut || 1.0);
    let mut random = SplitMix64::new(SEED);
    let mut as_large = [1; METRICS.len()];
    for _ in 0..ROUNDS {
        let permuted = sums(&mut || if random.next() >> 63 == 0 { 1.0 } else { -1.0 });
        for metric in 0..METRICS.len() {
            as_large[metric] += usize::from(permuted[metric] >= observed[metric] - ROUNDING);
        }
    }
    as_large.map(|count| count as f64 / (ROUNDS + 1) as f64)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn rows(values: &[f64]) -> Vec<Scores> {
        values.iter().map(|value| [*value; 4]).collect()
    }

    #[test]
    fn the_interval_of_a_coin_is_that_of_the_binomial_distribution() {
        let tosses: Vec<f64> = (0..400).map(|i| f64::from(i % 2)).collect();
        // The mean of 400 tosses has a standard error of 0.025; 1.96 of them reach to 0.451 and 0.549.
        for Interval { low, high } in intervals(&rows(&tosses)) {
            assert!(
                (low - 0.451).abs() < 0.004 && (high - 0.549).abs() < 0.004,
                "{low} {high}"
            );
        }
        assert_eq!(
            intervals(&rows(&[0.5; 7])),
            [Interval {
                low: 0.5,
                high: 0.5
            }; 4]
        );
    }

    #[test]
    fn the_p_value_is_that_of_all_sign_patterns() {
        // Of the eight patterns of signs of 1, 2 and 3, two sum to 6 or -6; with -1 instead, four to 4 or beyond.
        let check = |values: [f64; 3], expected: f64| {
            let found = compare(&rows(&values), &rows(&[0.0; 3]));
            assert!(
                found
                    .iter()
                    .all(|difference| (difference.p - expected).abs() < 0.02),
                "{values:?}: {found:?}"
            );
        };
        check([0.1, 0.2, 0.3], 0.25);
        check([-0.1, 0.2, 0.3], 0.5);
        check([-0.1, -0.2, 0.3], 1.0);
    }

    #[test]
    fn counts_wins_ties_and_losses() {
        let found = compare(&rows(&[0.5, 1.0, 0.3, 0.0]), &rows(&[0.4, 0.5, 0.3, 1.0]));
        let Difference {
            mean,
            wins,
            ties,
            losses,
            ..
        } = &found[2];
        assert!((mean + 0.1).abs() < 1e-12);
        assert_eq!((wins, ties, losses), (&2, &1, &1));
    }

    #[test]
    fn a_run_is_no_better_than_itself() {
        let same = rows(&[0.1, 0.7, 0.9]);
        for difference in compare(&same, &same) {
            assert_eq!(
                (difference.p, difference.mean, difference.ties),
                (1.0, 0.0, 3)
            );
        }
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(16))]
        #[test]
        fn figures_stay_in_their_ranges(pairs in proptest::collection::vec((0.0..=1.0, 0.0..=1.0), 1..12)) {
            let (one, other): (Vec<f64>, Vec<f64>) = pairs.into_iter().unzip();
            let one = rows(&one);
            let other = rows(&other);
            for (difference, reversed) in compare(&one, &other).iter().zip(compare(&other, &one)) {
                prop_assert!(difference.p > 0.0 && difference.p <= 1.0, "{:?}", difference);
                prop_assert_eq!(difference.p, reversed.p);
                prop_assert_eq!(difference.wins, reversed.losses);
                prop_assert_eq!(difference.wins + difference.ties + difference.losses, one.len());
                prop_assert!(difference.interval.low <= difference.interval.high);
            }
            for (interval, mean) in intervals(&one).iter().zip(means(&one)) {
                prop_assert!(interval.low >= 0.0 && interval.high <= 1.0, "{:?} {}", interval, mean);
            }
        }
    }
}
