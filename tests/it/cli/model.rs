//! The command line and the learnt model: learning, rebuilding, the base model. The effect of a
//! model is not tested here.

use std::fs;
use std::process::Stdio;

use super::command::Workspace;
use super::signal;

/// Returns an article with an invented word, which no model has counted.
fn article(id: usize) -> String {
    const LETTERS: [char; 4] = ['ظ', 'غ', 'ث', 'ذ'];
    let own: String = (0..8).map(|place| LETTERS[id >> (2 * place) & 3]).collect();
    format!(
        "{{\"id\": \"{id}\", \"title\": \"ميناء رقم {id}\", \"body\": \"زار الوزير {own} الميناء ثم عاد إلى المدينة.\"}}\n"
    )
}

/// Returns a folder with one article in `first.jsonl`, which is indexed, and three in `more.jsonl`.
fn grown() -> Workspace {
    let workspace = Workspace::new();
    workspace.write("first.jsonl", article(1));
    workspace.write("more.jsonl", (2..=4).map(article).collect::<String>());
    let first = workspace
        .run(&["index", "first.jsonl", "--json"])
        .ends_with(0);
    assert_eq!(
        (&first.json()["rebuilt"], &first.json()["rebuild_due"]),
        (&().into(), &false.into()),
        "{first}"
    );
    workspace
}

#[test]
fn a_job_that_outgrows_the_model_rebuilds_and_says_so() {
    let workspace = grown();
    let run = workspace
        .run(&["index", "more.jsonl", "--json"])
        .ends_with(0);
    let rebuilt = &run.json()["rebuilt"];
    assert_eq!(
        (&rebuilt["articles"], &rebuilt["learnt_articles"]),
        (&4.into(), &4.into()),
        "{run}"
    );
    assert_eq!(rebuilt["generation"], "000002", "{run}");
    assert_ne!(rebuilt["model_hash"], rebuilt["old_model_hash"], "{run}");
    assert_eq!(workspace.ids("الميناء").len(), 4);

    let workspace = grown();
    workspace.run(&["index", "more.jsonl"]).ends_with(0).says(&[
        "3 indexed",
        "rebuilt as generation 000002",
        "4 articles",
    ]);
    workspace
        .run(&["stats"])
        .ends_with(0)
        .says(&["000002", "learnt from", "4 articles"]);
}

#[test]
fn a_job_that_may_not_rebuild_names_the_command_that_does() {
    let workspace = grown();
    let run = workspace
        .run(&["index", "more.jsonl", "--no-rebuild"])
        .ends_with(0);
    run.says(&["learnt from 1 of 4 articles", "fihrist rebuild"]);
    let run = workspace
        .run(&["index", "more.jsonl", "--no-rebuild", "--json"])
        .ends_with(0);
    assert_eq!(
        (&run.json()["rebuilt"], &run.json()["rebuild_due"]),
        (&().into(), &true.into()),
        "{run}"
    );

    workspace.run(&["rebuild"]).ends_with(0).says(&[
        "rebuilt as generation 000002",
        "4 articles",
        " → ",
    ]);
    workspace
        .run(&["rebuild"])
        .ends_with(0)
        .says(&["rebuilt as generation 000003", "unchanged"]);
    let run = workspace.run(&["rebuild", "--json"]).ends_with(0);
    assert_eq!(run.json()["articles"], 4, "{run}");
    Workspace::new()
        .run(&["rebuild"])
        .ends_with(2)
        .says(&["no index", "fihrist index"]);
}

#[test]
fn the_graph_is_learnt_without_a_rebuild() {
    let workspace = grown();
    workspace
        .run(&["index", "more.jsonl", "--no-rebuild"])
        .ends_with(0);
    workspace
        .run(&["rebuild", "--graph-only"])
        .ends_with(0)
        .says(&["pairs of words learnt from 4 articles"]);
    workspace.run(&["stats"]).ends_with(0).says(&[
        "000001",
        "the base graph, 4 articles",
        "the base model, 1 articles",
    ]);
    let run = workspace
        .run(&["rebuild", "--graph-only", "--json"])
        .ends_with(0);
    assert_eq!(run.json()["learnt_articles"], 4, "{run}");
    Workspace::new()
        .run(&["rebuild", "--graph-only"])
        .ends_with(2)
        .says(&["no index", "fihrist index"]);
}

#[test]
fn an_index_of_another_version_is_rebuilt() {
    let workspace = grown();
    let stamp = workspace.path("data/generations/000001/stamp.json");
    let written = fs::read_to_string(&stamp).expect("a stamp");
    // The stamps of older formats have no checksum.
    let older = written
        .replace("\"schema\":7", "\"schema\":6")
        .replace("\"analysis\":", "\"analysis\":8");
    fs::write(&stamp, older.lines().next().expect("a line")).expect("our own file");
    workspace
        .run(&["search", "ميناء"])
        .ends_with(2)
        .says(&["fihrist rebuild --data"]);
    workspace.run(&["rebuild"]).ends_with(0);
    assert_eq!(workspace.ids("ميناء"), ["1"]);
}

#[test]
fn a_job_that_is_stopped_while_it_learns_creates_no_index() {
    let workspace = Workspace::new();
    workspace.write("many.jsonl", (0..60_000).map(article).collect::<String>());
    let job = workspace
        .command(&["index", "many.jsonl"])
        .stdout(Stdio::null())
        .stderr(Stdio::piped())
        .spawn();
    let job = job.expect("a job");
    workspace.wait_for("data/writer.lock");
    signal("INT", job.id());
    let output = job.wait_with_output().expect("the job that was stopped");
    let error = String::from_utf8_lossy(&output.stderr).into_owned();
    assert_eq!(output.status.code(), Some(2), "{error}");
    assert!(error.contains("before anything was indexed"), "{error}");
    assert!(
        !workspace.path("data/CURRENT").exists() && !workspace.path("data/generations").exists()
    );
}

#[test]
fn learn_makes_the_same_base_model_and_graph_of_the_same_articles() {
    let workspace = Workspace::new();
    workspace.write(
        "forward/all.jsonl",
        (1..=40).map(article).collect::<String>(),
    );
    workspace.write(
        "backward/a.jsonl",
        (20..=40).rev().map(article).collect::<String>(),
    );
    workspace.write(
        "backward/b.jsonl",
        (1..=20).rev().map(article).collect::<String>() + "{broken\n",
    );
    let forward = workspace
        .run(&["learn", "forward", "--output", "one"])
        .ends_with(0);
    forward.says(&["base.model", "base.graph", "40 articles", "hash "]);
    workspace
        .run(&["learn", "backward", "--output", "other"])
        .ends_with(1)
        .says(&["rejected", "b.jsonl:21"]);
    let file =
        |folder: &str, name: &str| fs::read(workspace.path(folder).join(name)).expect("a file");
    let bytes = |folder: &str| file(folder, "base.model");
    assert_eq!(bytes("one"), bytes("other"));
    assert_eq!(file("one", "base.graph"), file("other", "base.graph"));
    workspace
        .run(&["learn", "forward", "--output", "small", "--max-forms", "3"])
        .ends_with(0);
    assert!(bytes("small").len() < bytes("one").len());

    workspace.write("none.jsonl", "{}\n");
    workspace
        .run(&["learn", "none.jsonl"])
        .ends_with(2)
        .says(&["none.jsonl:1", "no", "article"]);
    assert!(!workspace.path("base.model").exists() && !workspace.path("base.graph").exists());
}
