//! Measures a ranking by its relevant documents: nDCG@10, MRR@10, P@1 and Recall@100.

use super::trec::{Qrels, Relevant, Run};

/// The names of the [`Scores`], in order.
pub const METRICS: [&str; 4] = ["nDCG@10", "MRR@10", "P@1", "Recall@100"];

/// One number from 0 to 1 for each of [`METRICS`].
pub type Scores = [f64; METRICS.len()];

/// Number of hits of a query that are scored.
pub const DEPTH: usize = 100;

/// Returns the scores of every query of `qrels`, in their order. A query that is missing from the
/// run has no hits.
pub fn score_run(qrels: &Qrels, run: &Run) -> Vec<Scores> {
    let score_query = |(query, relevant): (&String, &Relevant)| {
        let documents: Vec<&str> = run
            .ranking(query)
            .iter()
            .map(|hit| hit.document.as_str())
            .collect();
        score(relevant, &documents)
    };
    qrels.iter().map(score_query).collect()
}

/// Returns the scores of one ranking: distinct documents, best first. There must be at least one
/// relevant document.
///
/// - nDCG@10: the discounted cumulated gain (DCG) of the first ten documents, divided by the DCG of
///   the best possible order. The DCG is the sum of the grades, each divided by log₂(rank + 1). See
///   Järvelin and Kekäläinen, “Cumulated gain-based evaluation of IR techniques”, ACM TOIS 20
///   (2002). The discount starts at the first rank, as in `trec_eval`.
/// - MRR@10: 1 / rank of the first relevant document, 0 if none is among the first ten.
/// - P@1: 1 if the first document is relevant, otherwise 0.
/// - Recall@100: the fraction of the relevant documents that is among the first hundred.
pub fn score(relevant: &Relevant, ranked: &[&str]) -> Scores {
    let grades: Vec<u32> = ranked
        .iter()
        .take(DEPTH)
        .map(|id| relevant.get(*id).copied().unwrap_or(0))
        .collect();
    let mut ideal: Vec<u32> = relevant.values().copied().collect();
    ideal.sort_unstable_by(|one, other| other.cmp(one));
    let first = grades.iter().take(10).position(|grade| *grade > 0);
    let found = grades.iter().filter(|grade| **grade > 0).count();
    [
        discounted_gain(&grades) / discounted_gain(&ideal),
        first.map_or(0.0, |index| 1.0 / (index + 1) as f64),
        f64::from(u8::from(first == Some(0))),
        found as f64 / relevant.len() as f64,
    ]
}

/// Returns the mean of each metric.
pub fn means(rows: &[Scores]) -> Scores {
    std::array::from_fn(|metric| sum(rows.iter().map(|row| row[metric])) / rows.len() as f64)
}

fn discounted_gain(grades: &[u32]) -> f64 {
    let gains = (2..).zip(grades.iter().take(10));
    sum(gains.map(|(rank_and_one, grade)| f64::from(*grade) / f64::from(rank_and_one).log2()))
}

/// Returns the sum of the values; 0 if there are none. `Iterator::sum` would return -0, which is
/// printed with its sign.
fn sum(values: impl Iterator<Item = f64>) -> f64 {
    values.fold(0.0, |sum, value| sum + value)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn relevant(grades: &[(&str, u32)]) -> Relevant {
        grades
            .iter()
            .map(|(id, grade)| ((*id).to_owned(), *grade))
            .collect()
    }

    #[track_caller]
    fn check(grades: &[(&str, u32)], ranked: &str, expected: Scores) {
        let ranked: Vec<_> = ranked.split_whitespace().collect();
        let scores = score(&relevant(grades), &ranked);
        let is_close = scores
            .iter()
            .zip(expected)
            .all(|(one, other)| (one - other).abs() < 1e-12);
        assert!(is_close, "{ranked:?}: {scores:?} instead of {expected:?}");
    }

    #[test]
    fn scores_by_hand() {
        let third = 1.0 / 4f64.log2();
        check(&[("a", 1)], "a b", [1.0, 1.0, 1.0, 1.0]);
        check(&[("a", 1)], "b c a", [third, 1.0 / 3.0, 0.0, 1.0]);
        check(&[("a", 1)], "", [0.0; 4]);
        assert!(
            score(&relevant(&[("a", 1)]), &[])
                .iter()
                .all(|score| score.is_sign_positive()),
            "no -0"
        );
        check(
            &[("a", 1), ("b", 1)],
            "b",
            [1.0 / (1.0 + 1.0 / 3f64.log2()), 1.0, 1.0, 0.5],
        );
        // Grades: gained 1 + 3 / log₂ 3, at best 3 + 1 / log₂ 3.
        check(
            &[("a", 1), ("b", 3)],
            "a b",
            [
                (1.0 + 3.0 / 3f64.log2()) / (3.0 + 1.0 / 3f64.log2()),
                1.0,
                1.0,
                1.0,
            ],
        );
    }

    #[test]
    fn looks_no_deeper_than_it_says() {
        let others = |count: usize| {
            (0..count)
                .map(|i| format!("x{i}"))
                .collect::<Vec<_>>()
                .join(" ")
        };
        check(
            &[("a", 1)],
            &format!("{} a", others(9)),
            [1.0 / 11f64.log2(), 0.1, 0.0, 1.0],
        );
        check(
            &[("a", 1)],
            &format!("{} a", others(10)),
            [0.0, 0.0, 0.0, 1.0],
        );
        check(
            &[("a", 1)],
            &format!("{} a", others(99)),
            [0.0, 0.0, 0.0, 1.0],
        );
        check(&[("a", 1)], &format!("{} a", others(100)), [0.0; 4]);
    }

    #[test]
    fn a_query_that_the_run_leaves_out_scores_nothing() {
        let qrels = Qrels::from([
            ("one".to_owned(), relevant(&[("a", 1)])),
            ("two".to_owned(), relevant(&[("a", 1)])),
        ]);
        let rows = score_run(
            &qrels,
            &Run::parse("two Q0 a 1 1 x\nthree Q0 a 1 1 x\n").expect("a run"),
        );
        assert_eq!(rows, [[0.0; 4], [1.0; 4]]);
        assert_eq!(means(&rows), [0.5; 4]);
    }

    proptest::proptest! {
        #[test]
        fn every_score_is_between_0_and_1(
            grades in proptest::collection::vec(0u32..4, 1..150),
            order in proptest::collection::vec(0usize..150, 0..150),
        ) {
            let name = |i: usize| format!("d{i}");
            let mut relevant: Relevant =
                grades.iter().enumerate().filter(|(_, grade)| **grade > 0).map(|(i, grade)| (name(i), *grade)).collect();
            relevant.insert("never found".to_owned(), 1);
            let mut seen = std::collections::HashSet::new();
            let ranked: Vec<String> = order.into_iter().filter(|i| seen.insert(*i)).map(name).collect();
            let ranked: Vec<&str> = ranked.iter().map(String::as_str).collect();
            let scores = score(&relevant, &ranked);
            proptest::prop_assert!(scores.iter().all(|score| (0.0..=1.0).contains(score)), "{:?}", scores);
        }
    }
}
