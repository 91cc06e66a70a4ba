//! Reads the lines of an NDJSON body into changes, and lists the outcome of each line: `indexed`,
//! `unchanged` or `rejected`. It does not write to the index.

use std::io::BufRead;

use fihrist_index::ingest::{NoteKind, Record, Records};

use super::{ApiError, Change, Outcome, Serialize, ToSchema};

/// The outcome of each line of a body.
#[derive(Serialize, ToSchema)]
pub struct WriteResponse {
    /// Number of articles that were added or replaced.
    pub indexed: usize,
    /// Number of articles that the index already contained in exactly this form.
    pub unchanged: usize,
    /// Number of lines that contained no article.
    pub rejected: usize,
    /// All lines except blank ones, in order.
    pub lines: Vec<LineView>,
    /// Problems of articles that were written nevertheless.
    pub notes: Vec<NoteView>,
}

/// The outcome of a line.
#[derive(Debug, Serialize, ToSchema)]
pub struct LineView {
    /// The number of the line, from 1. Blank lines count.
    #[schema(example = 3)]
    pub line: u64,
    /// The id of the article; null if the line contains none.
    #[schema(required = true, example = "harbour-7")]
    pub id: Option<String>,
    /// `indexed`, `unchanged` or `rejected`.
    #[schema(example = "indexed")]
    pub status: &'static str,
    /// Why the line was rejected.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(
        nullable = false,
        example = "empty article: neither title nor body holds a word"
    )]
    pub reason: Option<String>,
}

/// A problem of an article that was written nevertheless.
#[derive(Debug, Serialize, ToSchema)]
pub struct NoteView {
    /// The number of the line, if there are lines.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false, example = 5)]
    pub line: Option<u64>,
    /// `unreadable_date`: the date cannot be read, and the article was written without it.
    /// `repaired`: mojibake in the text was repaired.
    #[schema(example = "unreadable_date")]
    pub code: &'static str,
    /// The text that the note is about.
    #[schema(example = "أمس")]
    pub text: String,
}

/// The lines of a body: the changes they contain, and what to report about them.
#[derive(Debug, Default)]
pub struct Lines {
    /// The changes, in the order of the lines.
    pub changes: Vec<Change>,
    views: Vec<LineView>,
    notes: Vec<NoteView>,
}

impl Lines {
    /// Reads all lines. Fails if no line is a JSON object, because the body is then not NDJSON.
    pub fn read(input: &mut dyn BufRead) -> Result<Self, ApiError> {
        let mut lines = Self::default();
        let mut has_object = false;
        for (line, record) in Records::new(input) {
            let (id, reason) = match record {
                Ok(record) => {
                    has_object = true;
                    lines.notes.extend(notes(Some(line), &record));
                    let id = record.article.id.as_str().to_owned();
                    lines.changes.push(Change::Upsert(Box::new(record.article)));
                    (Some(id), None)
                }
                Err(refusal) => {
                    has_object |= refusal.is_object;
                    let id = refusal.id.map(|id| id.as_str().to_owned());
                    (id, Some(refusal.reason))
                }
            };
            lines.views.push(LineView {
                line,
                id,
                status: if reason.is_none() {
                    "indexed"
                } else {
                    "rejected"
                },
                reason,
            });
        }
        if has_object {
            return Ok(lines);
        }
        let reason = match lines.views.into_iter().next() {
            Some(LineView { line, reason, .. }) => {
                format!("line {line}: {}", reason.unwrap_or_default())
            }
            None => "it is empty".to_owned(),
        };
        Err(ApiError::InvalidNdjson(reason))
    }

    /// Returns the number of lines without an article.
    pub fn rejected(&self) -> usize {
        self.count("rejected")
    }

    fn count(&self, status: &str) -> usize {
        let views = self.views.iter();
        views.filter(|view| view.status == status).count()
    }

    /// Returns the answer to the request. `outcomes` are in the order of the changes.
    pub fn answer(mut self, outcomes: Vec<Outcome>) -> WriteResponse {
        let mut outcomes = outcomes.into_iter();
        for view in self.views.iter_mut().filter(|view| view.reason.is_none()) {
            match outcomes.next() {
                Some(Outcome::Rejected(reason)) => {
                    (view.status, view.reason) = ("rejected", Some(reason))
                }
                Some(Outcome::Unchanged) => view.status = "unchanged",
                Some(Outcome::Created | Outcome::Updated | Outcome::Deleted | Outcome::Absent)
                | None => {}
            }
        }
        WriteResponse {
            indexed: self.count("indexed"),
            unchanged: self.count("unchanged"),
            rejected: self.count("rejected"),
            lines: self.views,
            notes: self.notes,
        }
    }
}

/// Returns the notes about `record`, whose article is written nevertheless.
pub fn notes(line: Option<u64>, record: &Record) -> Vec<NoteView> {
    let note = |kind: NoteKind, text: &str| NoteView {
        line,
        code: kind.code(),
        text: text.to_owned(),
    };
    let repaired = record
        .repaired
        .map(|how| note(NoteKind::Repaired(how), how));
    let date = record.unreadable_date.as_deref();
    let date = date.map(|date| note(NoteKind::UnreadableDate, date));
    repaired.into_iter().chain(date).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_line_is_accounted_for() {
        let text = "{\"id\": 1, \"title\": \"أول\"}\n\n{\"id\": 2,\n{\"id\": 3, \"title\": \"ثالث\", \"date\": \"أمس\"}\n\
                    {\"id\": 4, \"title\": \"رابع\"}";
        let lines = Lines::read(&mut text.as_bytes()).unwrap();
        assert_eq!(lines.changes.len(), 3);
        let outcomes = vec![
            Outcome::Created,
            Outcome::Unchanged,
            Outcome::Rejected("no".to_owned()),
        ];
        let answer = lines.answer(outcomes);
        assert_eq!(
            (answer.indexed, answer.unchanged, answer.rejected),
            (1, 1, 2)
        );
        let seen: Vec<_> = answer
            .lines
            .iter()
            .map(|view| {
                format!(
                    "{} {:?} {} {:?}",
                    view.line, view.id, view.status, view.reason
                )
            })
            .collect();
        assert_eq!(
            seen,
            [
                "1 Some(\"1\") indexed None",
                "3 None rejected Some(\"broken JSON at column 9: EOF while parsing a value\")",
                "4 Some(\"3\") unchanged None",
                "5 Some(\"4\") rejected Some(\"no\")",
            ]
        );
        assert_eq!(
            (answer.notes[0].line, answer.notes[0].text.as_str()),
            (Some(4), "أمس")
        );
    }

    #[test]
    fn what_holds_no_object_is_no_ndjson() {
        let check = |text: &str, expected: &str| match Lines::read(&mut text.as_bytes()) {
            Err(ApiError::InvalidNdjson(reason)) => assert_eq!(reason, expected, "{text}"),
            outcome => panic!("{text}: {outcome:?}"),
        };
        check("", "it is empty");
        check(" \n\n", "it is empty");
        check("\n[1]\n{", "line 2: a list where an object was expected");
        check("<html>", "line 1: broken JSON at column 1: expected value");
        assert!(
            Lines::read(&mut "{}\n[".as_bytes()).is_ok(),
            "an object that is no article is an object"
        );
    }
}
