//! The report of an indexing job or a rebuild, as text and as JSON. It prints nothing.

mod pruned;

use fihrist_index::ingest::{IngestReport, Note, NoteKind, Pruned, Rebuild, Rejected};
use fihrist_index::{CollectionGraph, Location, RebuildReport};
use serde_json::{Value, json};

use crate::service::line;

/// Number of rejections that the report lists. Equal rejections of one file count as one.
const SHOWN_REJECTIONS: usize = 20;
/// Number of lines that the report lists for one rejection.
const SHOWN_LINES: usize = 5;

/// Returns the report as text, with one line for each problem.
pub fn as_text(report: &IngestReport, location: &Location) -> String {
    let mut lines = vec![format!(
        "{} indexed, {} unchanged, {} rejected in {:.1} s ({:.0} articles/s, {:.1} MB/s) into {}",
        report.indexed,
        report.unchanged,
        report.rejected_count,
        report.elapsed.as_secs_f64(),
        report.articles_per_second(),
        report.megabytes_per_second(),
        location,
    )];
    if report.deleted_samples > 0 {
        lines.push(format!(
            "deleted the {} sample articles, because the index now holds others",
            report.deleted_samples
        ));
    }
    lines.extend(pruned::as_text(&report.pruned));
    if report.unchanged_files > 0 {
        let files = if report.unchanged_files == 1 {
            "file"
        } else {
            "files"
        };
        lines.push(format!(
            "{} {files} unchanged since the last job, not read again",
            report.unchanged_files
        ));
    }
    match &report.rebuild {
        Rebuild::NotDue => {}
        Rebuild::Due(growth) => lines.push(format!(
            "the word model has learnt from {} of {} articles; run `fihrist rebuild` to learn from all of them",
            growth.learnt_articles, growth.articles,
        )),
        Rebuild::Done(rebuilt) => lines.push(rebuild_as_text(rebuilt)),
    }
    lines.join("\n") + "\n" + &oddities(report)
}

/// Returns the report of a dry run.
pub fn dry_run_as_text(report: &IngestReport) -> String {
    let counts = format!(
        "would index {}, leave {} unchanged and reject {}; nothing was written\n",
        report.indexed, report.unchanged, report.rejected_count
    );
    let pruned = pruned::as_text(&report.pruned).into_iter();
    let pruned: String = pruned.map(|line| line + "\n").collect();
    counts + &pruned + &oddities(report)
}

/// Returns one line for each skipped file, note and rejection; nothing if there is none.
pub fn oddities(report: &IngestReport) -> String {
    let mut text = String::new();
    if report.skipped_files > 0 {
        let mut kinds: Vec<_> = report.skipped_kinds.iter().collect();
        kinds.sort_by_key(|(_, count)| std::cmp::Reverse(**count));
        let kinds: Vec<_> = kinds
            .iter()
            .map(|(kind, count)| format!("{count} {kind}"))
            .collect();
        line!(
            text,
            "skipped {} files of other formats: {}",
            report.skipped_files,
            kinds.join(", ")
        );
    }
    if report.skipped_links > 0 {
        line!(
            text,
            "did not follow {} links that lead out of the folder (first: {}); --follow-links follows them",
            report.skipped_links,
            report.first_skipped_links.join(", ")
        );
    }
    for note in &report.notes {
        line!(
            text,
            "note: {}: {} (first: {})",
            note_as_text(note.kind),
            note.count,
            note.example
        );
    }
    let mut unnamed = report.rejected_count;
    for alike in alike(&report.rejected).iter().take(SHOWN_REJECTIONS) {
        line!(text, "rejected {}: {}", alike.source(), alike.reason);
        unnamed = unnamed.saturating_sub(alike.lines.len().max(1) as u64);
    }
    if unnamed > 0 {
        line!(text, "and {unnamed} more");
    }
    text
}

/// Returns the names of the skipped files, one a line.
pub fn skipped_as_text(report: &IngestReport) -> String {
    let mut text = String::new();
    for name in &report.first_skipped_files {
        line!(text, "skipped {name}");
    }
    let unnamed = report.skipped_files - report.first_skipped_files.len() as u64;
    if unnamed > 0 {
        line!(text, "and {unnamed} more");
    }
    text
}

/// Describes a problem of an article that was indexed.
pub fn note_as_text(kind: NoteKind) -> String {
    match kind {
        NoteKind::DecodedAs(encoding) => format!("decoded as {encoding}"),
        NoteKind::Repaired(how) => format!("repaired mojibake, {how}"),
        NoteKind::Replaced => "indexed with U+FFFD in place of invalid bytes".to_owned(),
        NoteKind::UnreadableDate => "indexed without its date, which cannot be read".to_owned(),
        NoteKind::WrongLength => {
            "read up to the next record, because its length is wrong".to_owned()
        }
        NoteKind::UnevenRow => "indexed a row with too few or too many cells".to_owned(),
        NoteKind::DuplicateField => "indexed with a field that occurs twice".to_owned(),
        NoteKind::RepeatedId => "replaced an article of this job that has the same id".to_owned(),
        NoteKind::IgnoredField => "indexed without a value that does not fit its field".to_owned(),
        NoteKind::UnstoredField => "indexed without an unmapped field that is too long".to_owned(),
        NoteKind::TitleOnly => "indexed without a field that may be its text".to_owned(),
        NoteKind::Unpublished => "left out what is no published article".to_owned(),
    }
}

/// Returns the report of a rebuild as text.
pub fn rebuild_as_text(rebuilt: &RebuildReport) -> String {
    let model = if rebuilt.model_hash == rebuilt.old_model_hash {
        format!("model {}, unchanged", rebuilt.model_hash)
    } else {
        format!("model {} → {}", rebuilt.old_model_hash, rebuilt.model_hash)
    };
    format!(
        "rebuilt as generation {} in {:.1} s: {} articles, {} words learnt, {model}",
        rebuilt.generation,
        rebuilt.elapsed.as_secs_f64(),
        rebuilt.articles,
        rebuilt.learnt.words,
    )
}

/// Returns the report of a rebuild as JSON.
pub fn rebuild_as_json(rebuilt: &RebuildReport) -> Value {
    json!({
        "articles": rebuilt.articles,
        "generation": rebuilt.generation,
        "old_model_hash": rebuilt.old_model_hash,
        "model_hash": rebuilt.model_hash,
        "learnt_articles": rebuilt.learnt.articles,
        "learnt_words": rebuilt.learnt.words,
        "elapsed_ms": rebuilt.elapsed.as_millis() as u64,
    })
}

/// Returns the report of a learnt graph as text.
pub fn graph_as_text(own: &CollectionGraph) -> String {
    let pairs = own.graph.pair_count();
    let learnt = own.learnt;
    format!(
        "{pairs} pairs of words learnt from {} articles, {} words",
        learnt.articles, learnt.words
    )
}

/// Returns the report of a learnt graph as JSON.
pub fn graph_as_json(own: &CollectionGraph) -> Value {
    json!({
        "pairs": own.graph.pair_count(),
        "learnt_articles": own.learnt.articles,
        "learnt_words": own.learnt.words,
    })
}

/// The rejections of one file for one reason.
struct Alike<'a> {
    file: &'a str,
    reason: &'a str,
    /// Their line numbers; empty if the whole file was rejected.
    lines: Vec<&'a str>,
}

impl Alike<'_> {
    fn source(&self) -> String {
        let shown = self.lines.iter().take(SHOWN_LINES).copied();
        let shown = shown.collect::<Vec<_>>().join(", ");
        match self.lines.len() {
            0 => self.file.to_owned(),
            1..=SHOWN_LINES => format!("{}:{shown}", self.file),
            count => format!(
                "{}:{shown} and {} more lines",
                self.file,
                count - SHOWN_LINES
            ),
        }
    }
}

/// Groups rejections by file and reason, in the order of their first occurrence.
fn alike(rejected: &[Rejected]) -> Vec<Alike<'_>> {
    let mut groups: Vec<Alike<'_>> = Vec::new();
    for Rejected { source, reason, .. } in rejected {
        let is_number =
            |line: &str| !line.is_empty() && line.bytes().all(|byte| byte.is_ascii_digit());
        let (file, line) = match source.rsplit_once(':').filter(|(_, line)| is_number(line)) {
            Some((file, line)) => (file, Some(line)),
            None => (source.as_str(), None),
        };
        // Two rejected files are two rejections, even if they have the same name.
        let same = groups.iter_mut().find(|group| {
            line.is_some()
                && !group.lines.is_empty()
                && (group.file, group.reason) == (file, reason)
        });
        match same {
            Some(group) => group.lines.extend(line),
            None => groups.push(Alike {
                file,
                reason,
                lines: line.into_iter().collect(),
            }),
        }
    }
    groups
}

/// Returns rejections as JSON.
pub fn rejected_as_json(rejected: &[Rejected]) -> Value {
    let rejected = rejected.iter();
    rejected
        .map(|r| json!({"source": r.source, "reason": r.reason}))
        .collect()
}

/// Returns the report of a job as JSON.
pub fn as_json(report: &IngestReport) -> Value {
    let note = |n: &Note| {
        let (encoding, garbled) = match n.kind {
            NoteKind::DecodedAs(encoding) => (Some(encoding), None),
            NoteKind::Repaired(how) => (None, Some(how)),
            NoteKind::Replaced
            | NoteKind::UnreadableDate
            | NoteKind::WrongLength
            | NoteKind::UnevenRow
            | NoteKind::DuplicateField
            | NoteKind::RepeatedId
            | NoteKind::IgnoredField
            | NoteKind::UnstoredField
            | NoteKind::TitleOnly
            | NoteKind::Unpublished => (None, None),
        };
        json!({
            "code": n.kind.code(), "encoding": encoding, "garbled": garbled, "count": n.count, "example": n.example,
        })
    };
    json!({
        "indexed": report.indexed,
        "unchanged": report.unchanged,
        "unchanged_files": report.unchanged_files,
        "pruned": match report.pruned {
            Pruned::NotAsked | Pruned::Planned { .. } | Pruned::Refused(_) => None,
            Pruned::Done { deleted, .. } => Some(deleted),
        },
        "deleted_samples": report.deleted_samples,
        "prune_planned": pruned::planned_as_json(&report.pruned),
        "prune_refused": pruned::refused_as_json(&report.pruned),
        "rejected_count": report.rejected_count,
        "rejected": rejected_as_json(&report.rejected),
        "skipped_files": report.skipped_files,
        "skipped_kinds": report.skipped_kinds,
        "first_skipped_files": report.first_skipped_files,
        "skipped_links": report.skipped_links,
        "first_skipped_links": report.first_skipped_links,
        "notes": report.notes.iter().map(note).collect::<Vec<_>>(),
        "bytes_read": report.bytes_read,
        "text_bytes": report.text_bytes,
        "elapsed_ms": report.elapsed.as_millis() as u64,
        "cancelled": report.is_cancelled,
        "rebuild_due": matches!(report.rebuild, Rebuild::Due(_)),
        "rebuilt": match &report.rebuild {
            Rebuild::NotDue | Rebuild::Due(_) => None,
            Rebuild::Done(rebuilt) => Some(rebuild_as_json(rebuilt)),
        },
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(rejected: &[(&str, &str)], expected: &[&str]) {
        let rejected: Vec<Rejected> = rejected
            .iter()
            .map(|(source, reason)| Rejected::new(*source, *reason))
            .collect();
        let report = IngestReport {
            rejected_count: rejected.len() as u64,
            rejected,
            ..IngestReport::default()
        };
        let words = as_text(&report, &std::path::PathBuf::from("data").into());
        assert_eq!(words.lines().skip(1).collect::<Vec<_>>(), expected);
    }

    #[test]
    fn alike_rejections_of_a_file_are_one_line() {
        check(
            &[
                ("a.jsonl:3", "empty"),
                ("b.txt", "empty"),
                ("a.jsonl:9", "empty"),
                ("a.jsonl:4", "broken"),
                ("b.txt", "empty"),
            ],
            &[
                "rejected a.jsonl:3, 9: empty",
                "rejected b.txt: empty",
                "rejected a.jsonl:4: broken",
                "rejected b.txt: empty",
            ],
        );
    }

    #[test]
    fn what_is_not_named_is_counted() {
        let many: Vec<String> = (1..=30).map(|line| format!("a.jsonl:{line}")).collect();
        let alike: Vec<_> = many
            .iter()
            .map(|source| (source.as_str(), "empty"))
            .collect();
        check(
            &alike,
            &["rejected a.jsonl:1, 2, 3, 4, 5 and 25 more lines: empty"],
        );
        let unlike: Vec<_> = many
            .iter()
            .map(|source| (source.as_str(), source.as_str()))
            .collect();
        let words = unlike
            .iter()
            .take(20)
            .map(|(source, _)| format!("rejected {source}: {source}"));
        let words: Vec<_> = words.chain(["and 10 more".to_owned()]).collect();
        check(
            &unlike,
            &words.iter().map(String::as_str).collect::<Vec<_>>(),
        );
    }
}
