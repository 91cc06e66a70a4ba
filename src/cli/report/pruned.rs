//! The part of the report that is about articles that the input no longer holds.

use fihrist_index::ingest::{PruneRefusal, Pruned, PrunedPath};
use serde_json::{Value, json};

/// Number of paths that the report lists if --prune would delete some of their articles.
const SHOWN_PATHS: usize = 5;

/// Returns the lines about articles that the input no longer holds.
pub fn as_text(pruned: &Pruned) -> Vec<String> {
    match pruned {
        Pruned::NotAsked => Vec::new(),
        Pruned::Done {
            deleted,
            foreign,
            unread,
        } => {
            let mut lines = vec![format!("deleted {deleted} articles that the input does not hold")];
            lines.extend(kept_as_text("kept", *foreign, *unread));
            lines
        }
        Pruned::Planned {
            count,
            foreign,
            unread,
            paths,
        } => {
            let mut lines = vec![format!("would delete {count} articles that the input does not hold")];
            lines.extend(paths_as_text(paths));
            lines.extend(kept_as_text("would keep", *foreign, *unread));
            lines
        }
        Pruned::Refused(PruneRefusal::RejectedInput) => vec![
            "deleted nothing: some input was rejected, so its articles cannot be distinguished from deleted ones".to_owned(),
        ],
        Pruned::Refused(PruneRefusal::TooMany { count, articles, paths }) => {
            let mut lines = vec![format!(
                "deleted nothing: {count} of {articles} articles are missing from the input; check that all \
                 folders are mounted; `fihrist index` with the same paths, --prune and --prune-all deletes them"
            )];
            lines.extend(paths_as_text(paths));
            lines
        }
    }
}

/// Returns the lines about articles that are kept although the input does not hold them.
fn kept_as_text(verb: &str, foreign: u64, unread: u64) -> Vec<String> {
    let mut lines = Vec::new();
    if foreign > 0 {
        lines.push(format!(
            "{verb} {foreign} articles that came over HTTP or whose origin is unknown"
        ));
    }
    if unread > 0 {
        lines.push(format!(
            "{verb} {unread} articles of files that exist but were not read; --prune-all deletes them"
        ));
    }
    lines
}

/// Returns a line for each of the first paths that would lose articles.
fn paths_as_text(paths: &[PrunedPath]) -> Vec<String> {
    let line = |lost: &PrunedPath| {
        let all = if lost.is_all { "all " } else { "" };
        format!(
            "would delete {all}{} articles of `{}`",
            lost.articles, lost.path
        )
    };
    let mut lines: Vec<String> = paths.iter().take(SHOWN_PATHS).map(line).collect();
    if paths.len() > SHOWN_PATHS {
        lines.push(format!(
            "and articles of {} more paths",
            paths.len() - SHOWN_PATHS
        ));
    }
    lines
}

/// Returns what a job would delete as JSON; `None` unless a rehearsal planned it.
pub fn planned_as_json(pruned: &Pruned) -> Option<Value> {
    match pruned {
        Pruned::NotAsked | Pruned::Done { .. } | Pruned::Refused(_) => None,
        Pruned::Planned {
            count,
            foreign,
            unread,
            paths,
        } => Some(json!({
            "would_delete": count,
            "foreign": foreign,
            "unread": unread,
            "paths": paths_as_json(paths),
        })),
    }
}

/// Returns why nothing is deleted as JSON; `None` if that is not so.
pub fn refused_as_json(pruned: &Pruned) -> Option<Value> {
    match pruned {
        Pruned::NotAsked | Pruned::Done { .. } | Pruned::Planned { .. } => None,
        Pruned::Refused(PruneRefusal::RejectedInput) => Some(json!({"reason": "rejected_input"})),
        Pruned::Refused(PruneRefusal::TooMany {
            count,
            articles,
            paths,
        }) => Some(json!({
            "reason": "too_many",
            "would_delete": count,
            "articles": articles,
            "paths": paths_as_json(paths),
        })),
    }
}

fn paths_as_json(paths: &[PrunedPath]) -> Value {
    let path = |lost: &PrunedPath| json!({"path": lost.path, "articles": lost.articles, "all": lost.is_all});
    paths.iter().map(path).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_refused_prune_says_how_many_articles_of_which_paths() {
        let lines = as_text(&Pruned::Refused(PruneRefusal::TooMany {
            count: 60,
            articles: 100,
            paths: (1..=7)
                .map(|number| PrunedPath {
                    path: format!("/{number}"),
                    articles: number,
                    is_all: number < 3,
                })
                .collect(),
        }));
        assert!(lines[0].contains("60 of 100 articles are missing"));
        assert_eq!(lines[1], "would delete all 1 articles of `/1`");
        assert_eq!(lines[3], "would delete 3 articles of `/3`");
        assert_eq!(lines[6..], ["and articles of 2 more paths"]);
    }
}
