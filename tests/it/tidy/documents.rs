//! That the documents tell people to run what is really run, and name files that exist. Their prose is for a reader to
//! judge.

use super::report;
use super::source::{Finding, SourceFile, lines, read, top};

const QUICK_START: &[&str] = &["cargo run --release -- up", ".ci/run"];

#[test]
fn the_readme_has_two_commands() {
    let commands = |text: &str| commands_of(&SourceFile::new("README.md", text), "## Quick start");
    let planted = "## Quick start\n```sh\n# builds\nmake all\n```\n## Later\n```sh\nls\n```\n";
    assert_eq!(
        commands(planted),
        [(4, "make all".to_owned())],
        "the rule does not see what was planted"
    );

    let readme = commands(&read("README.md").text);
    assert_eq!(
        readme
            .iter()
            .map(|(_, command)| command.as_str())
            .collect::<Vec<_>>(),
        QUICK_START,
        "README.md, Quick start"
    );
}

#[test]
fn the_test_script_runs_what_the_documents_say() {
    let script = SourceFile::new(".ci/run", "step cargo fmt --check\nstep cargo test\n");
    let documented = SourceFile::new(
        "CONTRIBUTING.md",
        "## Checks\n```sh\ncargo fmt --check\ncargo tset\n```\n",
    );
    let planted: Vec<_> = differences(&documented, &script)
        .iter()
        .map(Finding::to_string)
        .collect();
    assert_eq!(
        planted.len(),
        2,
        "the rule does not see what was planted: {planted:?}"
    );
    assert!(
        planted[0].starts_with("CONTRIBUTING.md:4: ") && planted[1].starts_with(".ci/run:2: "),
        "{planted:?}"
    );

    report(&differences(&read("CONTRIBUTING.md"), &read(".ci/run")));
}

#[cfg(unix)]
#[test]
fn the_test_script_can_be_run() {
    use std::os::unix::fs::PermissionsExt;
    let mode = std::fs::metadata(top().join(".ci/run"))
        .expect(".ci/run")
        .permissions()
        .mode();
    assert_eq!(
        mode & 0o111,
        0o111,
        ".ci/run must be executable, its mode is {mode:o}"
    );
}

#[test]
fn the_map_names_files_that_exist() {
    let planted = "### `src/`: the process\n| a thing | `main.rs` and `no_such_file.rs` |\n";
    let planted = missing_files(&SourceFile::new("ARCHITECTURE.md", planted));
    let planted: Vec<_> = planted.iter().map(Finding::to_string).collect();
    let expected = ["ARCHITECTURE.md:2: there is no file `no_such_file.rs`"];
    assert_eq!(planted, expected, "the rule does not see what was planted");

    report(&missing_files(&read("ARCHITECTURE.md")));
}

/// Finds names of source files that do not exist. A file may stand in a folder that its line or the heading above
/// names, in `static/templates/`, or at the top of the repository.
fn missing_files(document: &SourceFile) -> Vec<Finding> {
    let mut headed = Vec::new();
    let mut findings = Vec::new();
    for (number, line) in lines(&document.text) {
        let names: Vec<_> = line.split('`').skip(1).step_by(2).collect();
        let is_folder = |name: &&&str| name.ends_with('/');
        let mut folders: Vec<&str> = names.iter().filter(is_folder).copied().collect();
        if line.starts_with('#') {
            headed = folders;
            continue;
        }
        folders.extend(&headed);
        folders.extend(["", "static/templates/"]);
        let is_source = |name: &&str| {
            let extension = name.rsplit_once('.').map(|(_, extension)| extension);
            matches!(extension, Some("rs" | "html" | "js" | "css" | "svg"))
        };
        for name in names.into_iter().filter(is_source) {
            let exists = |folder: &&str| top().join(folder).join(name).is_file();
            if !folders.iter().any(exists) {
                findings.push(document.finding(number, format!("there is no file `{name}`")));
            }
        }
    }
    findings
}

/// Compares the `cargo` commands under “Checks” with those that the script runs.
fn differences(document: &SourceFile, script: &SourceFile) -> Vec<Finding> {
    let documented = cargo_only(commands_of(document, "## Checks"));
    let run = cargo_only(
        lines(&script.text)
            .filter(|(_, line)| line.starts_with("step "))
            .map(|(number, line)| (number, line.to_owned()))
            .collect(),
    );
    let missing_in = |others: &[(usize, String)], command: &str| {
        !others.iter().any(|(_, other)| other == command)
    };
    let only_documented = documented
        .iter()
        .filter(|(_, command)| missing_in(&run, command));
    let only_run = run
        .iter()
        .filter(|(_, command)| missing_in(&documented, command));
    only_documented
        .map(|(line, command)| {
            document.finding(*line, format!("the script does not run `{command}`"))
        })
        .chain(
            only_run.map(|(line, command)| {
                script.finding(*line, format!("not documented: `{command}`"))
            }),
        )
        .collect()
}

/// Cuts each command down to what begins at `cargo`; environment and helper functions are the script's own.
fn cargo_only(commands: Vec<(usize, String)>) -> Vec<(usize, String)> {
    commands
        .into_iter()
        .filter_map(|(line, command)| Some((line, command[command.find("cargo ")?..].to_owned())))
        .collect()
}

/// Returns the lines of the fenced blocks below `heading`, without comments.
fn commands_of(document: &SourceFile, heading: &str) -> Vec<(usize, String)> {
    let mut is_below = false;
    let mut is_fenced = false;
    let mut commands = Vec::new();
    for (number, line) in lines(&document.text) {
        if line.starts_with("```") {
            is_fenced = !is_fenced;
        } else if !is_fenced && line.starts_with("## ") {
            is_below = line == heading;
        } else if is_below && is_fenced && !line.is_empty() && !line.starts_with('#') {
            commands.push((number, line.trim().to_owned()));
        }
    }
    commands
}
