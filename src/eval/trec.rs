//! Reads and writes the files of the Text REtrieval Conference: qrels with relevant documents, and
//! runs with results. The formats are those of `trec_eval`. `metrics` scores runs.

use std::collections::{BTreeMap, HashMap, HashSet};
use std::fmt::Write as _;

use super::{LineError, parse_lines};

/// The grades of the relevant documents of a query, all above 0.
pub type Relevant = HashMap<String, u32>;

/// The relevant documents of every query that has one, ordered by query id.
pub type Qrels = BTreeMap<String, Relevant>;

/// The results of each query, by query id.
#[derive(Debug, Default, PartialEq)]
pub struct Run {
    rankings: BTreeMap<String, Vec<Hit>>,
}

/// A retrieved document and its score.
#[derive(Debug, PartialEq)]
pub struct Hit {
    pub document: String,
    pub score: f64,
}

/// Reads `query document grade` or `query 0 document grade` per line, separated by tabs or white
/// space. A grade of 0 or less means not relevant.
pub fn parse_qrels(text: &str) -> Result<Qrels, LineError> {
    let mut grades: HashMap<(&str, &str), i64> = HashMap::new();
    let mut qrels = Qrels::new();
    let () = parse_lines(text, |line| {
        let ([query, document, grade] | [query, _, document, grade]) = *columns(line).as_slice()
        else {
            return Err("expected `query document grade` or `query 0 document grade`".to_owned());
        };
        let number: i64 = grade
            .parse()
            .map_err(|_| format!("the grade `{grade}` is not an integer"))?;
        let before = *grades.entry((query, document)).or_insert(number);
        if before != number {
            return Err(format!(
                "`{document}` has two grades for the query `{query}`: {before} and {number}"
            ));
        }
        if number > 0 {
            let number =
                u32::try_from(number).map_err(|_| format!("the grade {number} is too large"))?;
            qrels
                .entry(query.to_owned())
                .or_default()
                .insert(document.to_owned(), number);
        }
        Ok(())
    })?;
    Ok(qrels)
}

/// Splits a line at its tabs if that gives at least three columns, so that ids may contain spaces.
/// Otherwise splits it at white space.
fn columns(line: &str) -> Vec<&str> {
    let columns: Vec<_> = line.split('\t').map(str::trim).collect();
    let is_whole = columns.len() >= 3 && columns.iter().all(|column| !column.is_empty());
    if is_whole {
        columns
    } else {
        line.split_whitespace().collect()
    }
}

impl Run {
    /// Reads `query Q0 document rank score tag` per line. The rank is ignored: hits are ordered by
    /// score, and equal scores by the order of the lines.
    pub fn parse(text: &str) -> Result<Self, LineError> {
        let mut run = Self::default();
        let mut seen = HashSet::new();
        let () = parse_lines(text, |line| {
            let columns: Vec<&str> = line.split_whitespace().collect();
            let [query, _, document, _, score, ..] = *columns.as_slice() else {
                return Err("expected `query Q0 document rank score tag`".to_owned());
            };
            let number = score.parse().ok().filter(|number: &f64| !number.is_nan());
            let score = number.ok_or_else(|| format!("the score `{score}` is not a number"))?;
            if !seen.insert((query, document)) {
                return Err(format!("`{document}` occurs twice for the query `{query}`"));
            }
            run.rankings.entry(query.to_owned()).or_default().push(Hit {
                document: document.to_owned(),
                score,
            });
            Ok(())
        })?;
        run.rankings.values_mut().for_each(|hits| sort(hits));
        Ok(run)
    }

    /// Adds the results of one query; each document occurs once.
    pub fn insert(&mut self, query: String, mut hits: Vec<Hit>) {
        sort(&mut hits);
        self.rankings.insert(query, hits);
    }

    /// Returns the results of a query, best first.
    pub fn ranking(&self, query: &str) -> &[Hit] {
        self.rankings.get(query).map_or(&[], Vec::as_slice)
    }

    /// Whether the run has results, but none for a query of `qrels`. Such a run belongs to another
    /// set of queries.
    pub fn is_foreign_to(&self, qrels: &Qrels) -> bool {
        !self.rankings.is_empty() && !self.rankings.keys().any(|query| qrels.contains_key(query))
    }

    /// Writes the format that [`parse`](Self::parse) reads; fails on an id that the format cannot
    /// represent.
    pub fn to_text(&self, tag: &str) -> Result<String, String> {
        let mut text = String::new();
        for (query, hits) in &self.rankings {
            for (rank, Hit { document, score }) in (1..).zip(hits) {
                if let Some(id) = [query, document]
                    .into_iter()
                    .find(|id| id.contains(char::is_whitespace))
                {
                    return Err(format!(
                        "the id `{id}` contains white space, which separates the columns of a run"
                    ));
                }
                // Writing to a string cannot fail.
                let _ = writeln!(text, "{query} Q0 {document} {rank} {score} {tag}");
            }
        }
        Ok(text)
    }
}

/// Sorts by score. The sort is stable: hits with equal scores stay in order.
fn sort(hits: &mut [Hit]) {
    hits.sort_by(|one, other| other.score.total_cmp(&one.score));
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check_error<T: std::fmt::Debug>(read: Result<T, LineError>, line: usize, said: &str) {
        let error = read.expect_err(said);
        assert!(
            error.line == line && error.reason.contains(said),
            "{error:?}"
        );
    }

    fn documents<'a>(run: &'a Run, query: &str) -> Vec<&'a str> {
        run.ranking(query)
            .iter()
            .map(|hit| hit.document.as_str())
            .collect()
    }

    #[test]
    fn reads_qrels_of_both_kinds() {
        let qrels = parse_qrels("q1\td 1\t2\nq1\td2\t0\nq2\td1\t-1\n").expect("three columns");
        assert_eq!(
            qrels,
            Qrels::from([("q1".to_owned(), Relevant::from([("d 1".to_owned(), 2)]))])
        );
        for same in [
            "q1 0 d1 1\nq1   0\td2 3\r\n\n",
            "q1\t0\td1\t1\nq1\t0\td2\t3",
            "q1 d1 1\nq1 d2 3\nq1 d2 3\n",
        ] {
            let qrels = parse_qrels(same).expect(same);
            let relevant = Relevant::from([("d1".to_owned(), 1), ("d2".to_owned(), 3)]);
            assert_eq!(qrels, Qrels::from([("q1".to_owned(), relevant)]), "{same}");
        }
    }

    #[test]
    fn refuses_qrels_that_say_nothing_or_two_things() {
        check_error(parse_qrels("q1 d1 1\n\nq1 d1\n"), 3, "query document grade");
        check_error(parse_qrels("q1\td1\tyes\n"), 1, "`yes`");
        check_error(parse_qrels("q1\td1\t1\nq1\td1\t0\n"), 2, "two grades");
    }

    #[test]
    fn ranks_by_score_and_then_by_line() {
        let run = Run::parse("q Q0 c 1 1.5 x\nq Q0 a 2 2e1 x\nq Q0 d 9 1.5 x\nother Q0 a 1 -3 x\n")
            .expect("a run");
        assert_eq!(documents(&run, "q"), ["a", "c", "d"]);
        assert_eq!(documents(&run, "other"), ["a"]);
        assert_eq!(documents(&run, "none"), [""; 0]);
    }

    #[test]
    fn refuses_what_is_no_run() {
        check_error(
            Run::parse("q Q0 a 1 2 x\nq Q0 b 2\n"),
            2,
            "query Q0 document rank score tag",
        );
        check_error(Run::parse("q Q0 a 1 best x\n"), 1, "`best`");
        check_error(Run::parse("q Q0 a 1 NaN x\n"), 1, "`NaN`");
        check_error(
            Run::parse("q Q0 a 1 2 x\nq Q0 b 1 2 x\nq Q0 a 2 1 x\n"),
            3,
            "twice",
        );
    }

    #[test]
    fn a_written_run_reads_back() {
        let hit = |document: &str, score: f32| Hit {
            document: document.to_owned(),
            score: f64::from(score),
        };
        let mut run = Run::default();
        run.insert(
            "q".to_owned(),
            vec![
                hit("مقال-1", 12.345_678),
                hit("d2", 12.345_677),
                hit("d3", 1e-7),
            ],
        );
        let text = run.to_text("tag").expect("ids without white space");
        assert_eq!(Run::parse(&text), Ok(run));
        assert!(text.starts_with("q Q0 مقال-1 1 12.3456"), "{text}");
    }

    #[test]
    fn a_run_cannot_hold_white_space_in_an_id() {
        let mut run = Run::default();
        run.insert(
            "q".to_owned(),
            vec![Hit {
                document: "two words".to_owned(),
                score: 1.0,
            }],
        );
        assert!(
            run.to_text("tag")
                .is_err_and(|reason| reason.contains("`two words`"))
        );
    }
}
