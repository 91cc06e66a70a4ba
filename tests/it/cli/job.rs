//! The indexing job as a person repeats it: dry runs, previews, pruning, watching, and killed jobs.

use std::fmt::Write as _;
use std::process::{Child, Stdio};
use std::thread::sleep;
use std::time::{Duration, Instant};

use super::command::Workspace;
use super::{RAIN, SCHOOL, articles, signal};

const TIME_LIMIT: Duration = Duration::from_secs(60);

/// Waits until a condition holds.
#[track_caller]
fn wait_until(what: &str, mut is_so: impl FnMut() -> bool) {
    let started = Instant::now();
    while !is_so() {
        assert!(
            started.elapsed() < TIME_LIMIT,
            "{what}: not within {TIME_LIMIT:?}"
        );
        sleep(Duration::from_millis(50));
    }
}

fn start(workspace: &Workspace, arguments: &[&str]) -> Child {
    workspace
        .command(arguments)
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .spawn()
        .expect("the binary runs")
}

#[test]
fn a_dry_run_reports_and_writes_nothing() {
    let workspace = articles();
    let run = workspace
        .run(&["index", "articles", "--dry-run"])
        .ends_with(0);
    assert!(
        run.all()
            .contains("would index 6, leave 0 unchanged and reject 0"),
        "{run}"
    );
    assert!(!workspace.path("data").exists(), "an index was created");

    workspace.run(&["index", "articles"]).ends_with(0);
    workspace.write(
        "articles/two.jsonl",
        format!("{SCHOOL}\n{}\n{{\n", RAIN.replace("الأحد", "الاثنين")),
    );
    let run = workspace
        .run(&["index", "articles", "--dry-run", "--json"])
        .ends_with(1);
    let report = run.json();
    assert_eq!(
        [
            &report["indexed"],
            &report["unchanged"],
            &report["rejected_count"]
        ],
        [1, 5, 1],
        "{run}"
    );
    assert!(
        workspace.ids("الاثنين").is_empty(),
        "a dry run indexed an article"
    );
}

#[test]
fn a_preview_shows_how_articles_are_read() {
    let workspace = articles();
    let run = workspace
        .run(&["index", "--preview", "articles/news/harbour.txt"])
        .ends_with(0);
    for shown in [
        "title     افتتاح ميناء الصيد",
        "caption   صيادون",
        "credit    تصوير",
        "subhead   مئة قارب",
        "furniture اترك رد",
    ] {
        assert!(run.stdout.contains(shown), "no `{shown}` in {run}");
    }
    let run = workspace
        .run(&["index", "--preview", "articles/two.jsonl", "--json"])
        .ends_with(0);
    let shown = run.json();
    assert_eq!(
        shown["articles"][1]["published"]["date"], "2020-01-12",
        "{run}"
    );
    assert_eq!(
        shown["articles"][1]["segments"][0]["kind"], "title",
        "{run}"
    );
    assert!(!workspace.path("data").exists(), "an index was created");
}

#[test]
fn pruning_deletes_articles_that_are_gone() {
    let workspace = articles();
    workspace.run(&["index", "articles"]).ends_with(0);
    workspace.write("articles/two.jsonl", format!("{SCHOOL}\n"));
    let dry_run = ["index", "articles", "--prune", "--dry-run"];
    let run = workspace.run(&dry_run).ends_with(0);
    let folder = workspace.path("articles");
    let path = format!("would delete 1 articles of `{}`", folder.display());
    run.says(&[
        "would delete 1 articles that the input does not hold",
        &path,
    ]);
    let run = workspace.run(&[&dry_run[..], &["--json"]].concat());
    let planned = &run.ends_with(0).json()["prune_planned"];
    assert_eq!(planned["would_delete"], 1);
    assert_eq!(planned["paths"][0]["all"], false);
    assert_eq!(workspace.ids("أمطار").len(), 1, "deleted by a dry run");
    workspace.run(&["index", "articles"]).ends_with(0);
    assert_eq!(workspace.ids("أمطار").len(), 1, "deleted without --prune");
    let run = workspace
        .run(&["index", "articles", "--prune"])
        .ends_with(0);
    assert!(
        run.all()
            .contains("deleted 1 articles that the input does not hold"),
        "{run}"
    );
    assert!(
        workspace.ids("أمطار").is_empty(),
        "kept in spite of --prune"
    );
    assert_eq!(workspace.ids("مدرسة"), ["school"]);
}

#[test]
fn an_empty_folder_is_not_pruned_without_a_further_option() {
    let workspace = articles();
    workspace.run(&["index", "articles"]).ends_with(0);
    std::fs::rename(workspace.path("articles"), workspace.path("elsewhere")).expect("moved");
    std::fs::create_dir(workspace.path("articles")).expect("a folder");
    let folder = workspace.path("articles");
    let path = format!("articles of `{}`", folder.display());
    let prune = ["index", "articles", "--prune"];
    for arguments in [&[&prune[..], &["--dry-run"]].concat(), &prune[..]] {
        let run = workspace.run(arguments).ends_with(1);
        let all = run.all();
        for part in ["deleted nothing: ", "--prune-all", &path] {
            assert!(all.contains(part), "no `{part}` in {run}");
        }
    }
    assert_eq!(workspace.ids("مدرسة"), ["school"]);
    let run = workspace
        .run(&["index", "articles", "--prune", "--json"])
        .ends_with(1);
    let refused = &run.json()["prune_refused"];
    assert_eq!(refused["reason"], "too_many", "{run}");
    assert_eq!(refused["would_delete"], refused["articles"], "{run}");
    workspace
        .run(&["index", "articles", "--prune-all"])
        .ends_with(2);
    workspace
        .run(&["index", "articles", "--prune", "--prune-all"])
        .ends_with(0);
    assert!(workspace.ids("مدرسة").is_empty());
}

#[test]
fn links_that_lead_out_of_a_folder_are_reported() {
    let workspace = articles();
    workspace.write("outside/flood.jsonl", RAIN.replace("\"rain\"", "\"flood\""));
    let outside = workspace.path("outside");
    workspace.link("articles/more", outside.to_str().expect("text"));
    let run = workspace.run(&["index", "articles"]).ends_with(0);
    assert!(
        run.all()
            .contains("did not follow 1 links that lead out of the folder (first: articles/more)"),
        "{run}"
    );
    assert_eq!(workspace.ids("أمطار"), ["rain"]);
    workspace
        .run(&["index", "articles", "--follow-links"])
        .ends_with(0);
    assert_eq!(workspace.ids("أمطار").len(), 2);
}

#[test]
fn rejected_records_can_be_fixed_and_indexed() {
    let workspace = articles();
    workspace.write(
        "articles/mixed.jsonl",
        "{\"id\": \"bridge\", \"title\": \"جسر على الوادي\"\n",
    );
    workspace.write("articles/empty.txt", " \n");
    workspace
        .run(&["index", "articles", "--rejected", "rejected"])
        .ends_with(1);
    let lines = std::fs::read_to_string(workspace.path("rejected/lines.jsonl")).expect("the line");
    workspace.write(
        "rejected/lines.jsonl",
        lines.replace("الوادي\"", "الوادي\"}"),
    );
    let empty = "rejected/0001-empty.txt";
    std::fs::remove_file(workspace.path(empty)).expect("the file");
    workspace.write(empty, "عودة اللقالق\n\nعادت اللقالق إلى مئذنة القرية.");
    let run = workspace.run(&["index", "rejected", "--json"]).ends_with(0);
    assert_eq!(run.json()["indexed"], 2, "{run}");
    assert_eq!(workspace.ids("الوادي"), ["bridge"]);
    assert_eq!(workspace.ids("اللقالق").len(), 1);
}

#[test]
fn a_watching_job_indexes_what_changes() {
    let workspace = articles();
    let mut job = start(&workspace, &["index", "articles", "--watch"]);
    wait_until("the first job", || {
        workspace.path("data/CURRENT").exists()
            && workspace.run(&["search", "مدرسة"]).code == Some(0)
    });
    workspace.write(
        "articles/new/flood.jsonl",
        RAIN.replace("\"rain\"", "\"flood\"")
            .replace("أمطار", "سيول"),
    );
    wait_until("the new file", || workspace.ids("سيول") == ["flood"]);
    std::fs::remove_file(workspace.path("articles/new/flood.jsonl")).expect("removed");
    wait_until("the deleted file", || workspace.ids("سيول").is_empty());
    signal("INT", job.id());
    assert_eq!(
        job.wait().expect("the job").code(),
        Some(0),
        "Ctrl-C is how a watch ends"
    );
}

/// Returns two thousand articles, one a line.
fn many() -> String {
    let mut lines = String::new();
    for number in 0..2_000 {
        // Writing to a string cannot fail.
        let _ = writeln!(
            lines,
            r#"{{"id": "{number}", "title": "خبر رقم {number}", "body": "وصلت القافلة {number} إلى السوق ومعها {} جملا من التمر."}}"#,
            number % 23
        );
    }
    lines
}

#[test]
fn a_job_killed_at_any_moment_is_completed_by_the_next() {
    let undisturbed = Workspace::new();
    undisturbed.write("many.jsonl", many());
    undisturbed.run(&["index", "many.jsonl"]).ends_with(0);
    let workspace = Workspace::new();
    workspace.write("many.jsonl", many());
    for wait_ms in [5, 60, 150, 300, 450, 700] {
        let mut job = start(
            &workspace,
            &["index", "many.jsonl", "--commit-every", "300"],
        );
        sleep(Duration::from_millis(wait_ms));
        // The job may have ended already; then there is nothing to kill.
        let _ = job.kill();
        job.wait().expect("the job that was killed");
    }
    let run = workspace
        .run(&["index", "many.jsonl", "--json"])
        .ends_with(0);
    let report = run.json();
    let total = report["indexed"]
        .as_u64()
        .zip(report["unchanged"].as_u64())
        .map(|(indexed, rest)| indexed + rest);
    assert_eq!(total, Some(2_000), "{run}");
    // A search lists at most a hundred hits, and counts all of them.
    for query in ["\"خبر رقم 1234\"", "\"16 جملا\"", "=7"] {
        assert!(!undisturbed.ids(query).is_empty(), "{query}");
        assert_eq!(workspace.ids(query), undisturbed.ids(query), "{query}");
    }
    for query in ["القافلة", "سوق", "-التمر", "جملا OR القافلة"] {
        let total = |workspace: &Workspace| {
            workspace
                .run(&["search", query])
                .stdout
                .lines()
                .next()
                .map(str::to_owned)
        };
        assert_eq!(total(&workspace), total(&undisturbed), "{query}");
    }
}
