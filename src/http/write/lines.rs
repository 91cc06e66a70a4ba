//! Reads the lines of an NDJSON body into changes, and lists the outcome of each line: `indexed`,
//! `unchanged` or `rejected`. It does not write to the index.

use std::io::BufRead;

use fihrist_index::ingest::{NoteKind, Record, Records, Refusal};

use super::body::Intake;
use super::{ApiError, Change, Outcome, Serialize, ToSchema};
use crate::config::Limits;

/// The outcome of each line of a body.
#[derive(Serialize, ToSchema)]
pub struct WriteResponse {
    /// Number of articles that were added or replaced.
    pub indexed: usize,
    /// Number of articles that the index already contained in exactly this form.
    pub unchanged: usize,
    /// Number of lines that contained no article.
    pub rejected: usize,
    /// The lines except blank ones, in order.
    pub lines: Vec<LineView>,
    /// Number of lines that are counted above, but not listed in `lines`: rejected lines beyond the
    /// limit of the server, and lines for which the answer has no room. Absent if all are listed.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false, example = 12)]
    pub omitted_lines: Option<usize>,
    /// Problems of articles that were written nevertheless, as far as the answer has room.
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
    /// `repaired`: mojibake in the text was repaired. `title_only`: no field is known as the body.
    /// `unstored_field`: an unmapped field is not stored, because it is too long.
    #[schema(example = "unreadable_date")]
    pub code: &'static str,
    /// The text that the note is about.
    #[schema(example = "أمس")]
    pub text: String,
}

/// The lines of a body: the changes they contain, and what to report about them.
#[derive(Debug)]
pub struct Lines {
    /// The changes, in the order of the lines.
    pub changes: Vec<Change>,
    /// Number of lines without an article.
    pub rejected: usize,
    views: Vec<LineView>,
    notes: Vec<NoteView>,
    omitted: usize,
    /// How many more rejected lines are listed.
    listed_rejections: usize,
    /// How many more bytes the answer has room for.
    room_bytes: usize,
}

/// What a line takes in the answer beside its texts, in bytes. A change takes as much in memory
/// beside its article.
const LINE_BYTES: usize = 100;

impl Lines {
    fn new(limits: &Limits) -> Self {
        Self {
            changes: Vec::new(),
            rejected: 0,
            views: Vec::new(),
            notes: Vec::new(),
            omitted: 0,
            listed_rejections: limits.rejected_lines,
            // The texts may take twice their length, when they are escaped in the answer.
            room_bytes: limits.answer_bytes / 2,
        }
    }

    /// Reads all lines. Fails if no line is a JSON object, because the body is then not NDJSON. Fails
    /// also if the articles take too much memory.
    pub fn read(
        input: &mut dyn BufRead,
        intake: &Intake,
        limits: &Limits,
    ) -> Result<Self, ApiError> {
        let mut lines = Self::new(limits);
        let mut has_object = false;
        for (line, record) in Records::new(input) {
            intake.end_line();
            match record {
                Ok(record) => {
                    has_object = true;
                    intake.keep(LINE_BYTES + record.article.memory_bytes())?;
                    lines.add(line, record, intake)?;
                }
                Err(refusal) => {
                    has_object |= refusal.is_object;
                    lines.reject(line, refusal, intake)?;
                }
            }
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

    /// Adds a line with an article.
    fn add(&mut self, line: u64, record: Record, intake: &Intake) -> Result<(), ApiError> {
        for note in notes(Some(line), &record) {
            if self.makes_room(note.text.len(), intake)? {
                self.notes.push(note);
            }
        }
        let id = record.article.id.as_str().to_owned();
        self.changes.push(Change::Upsert(Box::new(record.article)));
        self.list(line, Some(id), None, intake)
    }

    /// Adds a line without an article.
    fn reject(&mut self, line: u64, refusal: Refusal, intake: &Intake) -> Result<(), ApiError> {
        self.rejected += 1;
        if self.listed_rejections == 0 {
            self.omitted += 1;
            return Ok(());
        }
        self.listed_rejections -= 1;
        let id = refusal.id.map(|id| id.as_str().to_owned());
        self.list(line, id, Some(refusal.reason), intake)
    }

    /// Lists a line, or counts it if the answer has no more room.
    fn list(
        &mut self,
        line: u64,
        id: Option<String>,
        reason: Option<String>,
        intake: &Intake,
    ) -> Result<(), ApiError> {
        let texts = [&id, &reason].map(|text| text.as_ref().map_or(0, String::len));
        if !self.makes_room(texts.iter().sum(), intake)? {
            self.omitted += 1;
            return Ok(());
        }
        let status = if reason.is_none() {
            "indexed"
        } else {
            "rejected"
        };
        self.views.push(LineView {
            line,
            id,
            status,
            reason,
        });
        Ok(())
    }

    /// Takes room in the answer, and returns whether there is enough. Once there is not, nothing
    /// more is listed, so that the listed articles are the first ones.
    fn makes_room(&mut self, text_bytes: usize, intake: &Intake) -> Result<bool, ApiError> {
        let needed = LINE_BYTES + text_bytes;
        let left = self.room_bytes.checked_sub(needed);
        self.room_bytes = left.unwrap_or(0);
        if left.is_some() {
            intake.keep(needed)?;
        }
        Ok(left.is_some())
    }

    /// Returns the answer to the request. `outcomes` are in the order of the changes.
    pub fn answer(mut self, outcomes: Vec<Outcome>) -> WriteResponse {
        let mut views = self.views.iter_mut().filter(|view| view.reason.is_none());
        let (mut indexed, mut unchanged) = (0, 0);
        for outcome in outcomes {
            let view = views.next();
            match outcome {
                Outcome::Rejected(reason) => {
                    self.rejected += 1;
                    if let Some(view) = view {
                        (view.status, view.reason) = ("rejected", Some(reason));
                    }
                }
                Outcome::Unchanged => {
                    unchanged += 1;
                    if let Some(view) = view {
                        view.status = "unchanged";
                    }
                }
                Outcome::Created | Outcome::Updated | Outcome::Deleted | Outcome::Absent => {
                    indexed += 1;
                }
            }
        }
        WriteResponse {
            indexed,
            unchanged,
            rejected: self.rejected,
            lines: self.views,
            omitted_lines: Some(self.omitted).filter(|omitted| *omitted > 0),
            notes: self.notes,
        }
    }
}

/// Maximum length of the text of a note, in characters. No date is longer.
const MAX_NOTE_CHARS: usize = 200;

/// Returns the notes about `record`, whose article is written nevertheless.
pub fn notes(line: Option<u64>, record: &Record) -> Vec<NoteView> {
    let note = |kind: NoteKind, text: &str| NoteView {
        line,
        code: kind.code(),
        text: text.chars().take(MAX_NOTE_CHARS).collect(),
    };
    let repaired = record
        .repaired
        .map(|how| note(NoteKind::Repaired(how), how));
    let date = record.unreadable_date.as_deref();
    let date = date.map(|date| note(NoteKind::UnreadableDate, date));
    let others = record.notes.iter().map(|(kind, text)| note(*kind, text));
    repaired.into_iter().chain(date).chain(others).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::service::Share;

    fn read(text: &str, limits: &Limits) -> Result<Lines, ApiError> {
        let intake = Intake::new(Share::unlimited());
        Lines::read(&mut text.as_bytes(), &intake, limits)
    }

    #[test]
    fn each_line_is_accounted_for() {
        let text = "{\"id\": 1, \"title\": \"أول\"}\n\n{\"id\": 2,\n{\"id\": 3, \"title\": \"ثالث\", \"date\": \"أمس\"}\n\
                    {\"id\": 4, \"title\": \"رابع\"}";
        let lines = read(text, &Limits::DEFAULT).unwrap();
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
        let check = |text: &str, expected: &str| match read(text, &Limits::DEFAULT) {
            Err(ApiError::InvalidNdjson(reason)) => assert_eq!(reason, expected, "{text}"),
            outcome => panic!("{text}: {outcome:?}"),
        };
        check("", "it is empty");
        check(" \n\n", "it is empty");
        check("\n[1]\n{", "line 2: a list where an object was expected");
        check("<html>", "line 1: broken JSON at column 1: expected value");
        assert!(
            read("{}\n[", &Limits::DEFAULT).is_ok(),
            "an object that is no article is an object"
        );
    }

    #[test]
    fn rejected_lines_beyond_the_limit_are_counted() {
        let limits = Limits {
            rejected_lines: 2,
            ..Limits::DEFAULT
        };
        let text = "x\n".repeat(1_000) + "{\"id\": 1, \"title\": \"أول\"}\ny";
        let answer = read(&text, &limits).unwrap().answer(vec![Outcome::Created]);
        let listed: Vec<u64> = answer.lines.iter().map(|view| view.line).collect();
        assert_eq!((answer.indexed, answer.rejected), (1, 1_001));
        assert_eq!(
            (listed, answer.omitted_lines),
            (vec![1, 2, 1_001], Some(999))
        );
    }

    #[test]
    fn an_answer_lists_as_many_lines_as_it_has_room_for() {
        let limits = Limits {
            answer_bytes: 10 * LINE_BYTES,
            ..Limits::DEFAULT
        };
        let line =
            |i: usize| format!("{{\"id\": {i}, \"title\": \"رقم {i}\", \"date\": \"أمس\"}}\n");
        let text: String = (0..100).map(line).collect();
        let lines = read(&text, &limits).unwrap();
        assert_eq!(lines.changes.len(), 100);
        let outcomes = (0..100).map(|_| Outcome::Unchanged).collect();
        let answer = lines.answer(outcomes);
        assert_eq!((answer.indexed, answer.unchanged), (0, 100));
        let listed = answer.lines.len();
        assert!((1..5).contains(&listed), "{listed}");
        assert_eq!(answer.omitted_lines, Some(100 - listed));
        assert!(answer.lines.iter().all(|view| view.status == "unchanged"));
        assert!(answer.notes.len() < 5);
    }
}
