//! Holds the rules that `ARCHITECTURE.md` states and no compiler checks. What a linter can check is left to Clippy.
//!
//! Every rule is shown a planted violation first, so a rule that has gone blind fails as loudly as a broken one.

mod dependencies;
mod documents;
mod format;
mod page;
mod source;

use source::{Finding, SourceFile, lines, read, read_all, words};

const PRODUCT: &[&str] = &["src", "index/src", "arabic/src"];
const ALL_RUST: &[&str] = &["src", "index", "arabic", "tests", "benches"];
const MAX_LINES: usize = 400;

type Rule = fn(&SourceFile) -> Vec<Finding>;

/// Shows `rule` a planted file that breaks it at `line`, then holds it over `files`.
#[track_caller]
fn hold(rule: Rule, files: &[SourceFile], (planted_path, planted_text, line): (&str, &str, usize)) {
    let planted: Vec<_> = rule(&SourceFile::new(planted_path, planted_text))
        .iter()
        .map(Finding::to_string)
        .collect();
    let place = format!("{planted_path}:{line}: ");
    assert!(
        planted.len() == 1 && planted[0].starts_with(&place),
        "the rule does not see what was planted at {place}: {planted:?}"
    );
    report(&files.iter().flat_map(rule).collect::<Vec<_>>());
}

/// Fails with one line for each finding.
#[track_caller]
fn report(findings: &[Finding]) {
    let text: String = findings
        .iter()
        .map(|finding| format!("\n  {finding}"))
        .collect();
    assert!(
        findings.is_empty(),
        "{} broken:{text}",
        if findings.len() == 1 {
            "a rule is"
        } else {
            "rules are"
        }
    );
}

#[test]
fn the_engine_is_synchronous_and_knows_no_http() {
    let planted = "//! Says tokio, as a comment may.\nfn f() -> &'static str {\n    \"axum\"\n}\nuse tokio::task;\n";
    hold(
        shell_in_the_engine,
        &read_all(&["index/src", "arabic/src"], &["rs"]),
        ("index/src/planted.rs", planted, 5),
    );
    hold(
        shell_in_the_engine,
        &[],
        ("index/src/planted.rs", "pub async fn f() {}", 1),
    );
    let client = "fn f() { async { tokio::task::yield_now() }; }\nuse axum::Router;\n";
    hold(
        shell_in_the_engine,
        &[],
        (&format!("{CLIENT}/planted.rs"), client, 2),
    );

    let planted = "[dependencies]\nserde = \"1\"\naxum = \"0.8\"\n";
    hold(
        shell_in_the_engine_manifest,
        &[read("index/Cargo.toml"), read("arabic/Cargo.toml")],
        ("index/Cargo.toml", planted, 3),
    );
    let planted = "tokio = { version = \"1\", optional = true }\ntokio = \"1\"\n";
    hold(
        shell_in_the_engine_manifest,
        &[],
        ("index/Cargo.toml", planted, 2),
    );

    // Without the feature, nothing of the client is there.
    let modules = read("index/src/backend/mod.rs").text;
    assert!(
        modules.contains("#[cfg(feature = \"opensearch\")]\nmod opensearch;"),
        "the client must stay behind its feature"
    );
}

/// The one place in the engine that waits on a runtime, its own, behind a feature.
const CLIENT: &str = "index/src/backend/opensearch";

fn shell_in_the_engine(file: &SourceFile) -> Vec<Finding> {
    let is_client = file.path.starts_with(CLIENT);
    words(&file.product_code())
        .filter(|(_, word, _)| match *word {
            "tokio" | "async" => !is_client,
            "axum" | "tower" | "tower_http" | "hyper" | "clap" => true,
            _ => false,
        })
        .map(|(line, word, _)| {
            file.finding(
                line,
                format!("`{word}` in the engine: only the service may be asynchronous"),
            )
        })
        .collect()
}

fn shell_in_the_engine_manifest(file: &SourceFile) -> Vec<Finding> {
    lines(&file.text)
        .filter(|(_, line)| {
            ["tokio", "axum", "tower", "hyper", "clap"]
                .iter()
                .any(|name| line.starts_with(name))
        })
        .filter(|(_, line)| !(line.starts_with("tokio") && line.contains("optional = true")))
        .map(|(number, line)| {
            file.finding(number, format!("the engine must not depend on `{line}`"))
        })
        .collect()
}

#[test]
fn the_analysis_does_no_io_and_starts_no_threads() {
    let files = read_all(&["arabic/src"], &["rs"]);
    let planted = "//! Reads no std::fs, says the comment.\nuse std::fs::File;\n";
    hold(
        io_in_the_analysis,
        &files,
        ("arabic/src/planted.rs", planted, 2),
    );
    let planted = "fn f() {\n    std::thread::spawn(f);\n}\n";
    hold(
        io_in_the_analysis,
        &[],
        ("arabic/src/planted.rs", planted, 2),
    );
}

fn io_in_the_analysis(file: &SourceFile) -> Vec<Finding> {
    words(&file.product_code())
        .filter(|(_, word, after)| {
            let is_module = matches!(*word, "fs" | "net" | "process" | "thread" | "env");
            is_module && after.starts_with("::")
        })
        .map(|(line, word, _)| {
            file.finding(
                line,
                format!("`{word}` in the analysis: the caller does this"),
            )
        })
        .collect()
}

#[test]
fn the_service_uses_the_facade_only() {
    let planted = "//! No `tantivy::` here, says the comment.\nfn f(index: &tantivy::Index) {}\n";
    hold(
        tantivy_in_the_shell,
        &read_all(&["src"], &["rs"]),
        ("src/planted.rs", planted, 2),
    );
}

fn tantivy_in_the_shell(file: &SourceFile) -> Vec<Finding> {
    words(&file.product_code())
        .filter(|(_, word, _)| *word == "tantivy")
        .map(|(line, ..)| {
            file.finding(
                line,
                "`tantivy` outside the backend: use the façade of fihrist-index",
            )
        })
        .collect()
}

#[test]
fn every_module_says_what_it_is_for() {
    let files = read_all(ALL_RUST, &["rs"]);
    hold(
        without_module_doc,
        &files,
        ("src/planted.rs", "\nuse std::fs;\n", 1),
    );
}

fn without_module_doc(file: &SourceFile) -> Vec<Finding> {
    if file.text.trim_start().starts_with("//!") {
        return Vec::new();
    }
    vec![file.finding(
        1,
        "open the module with `//!`: what it is for, and what it is not for",
    )]
}

#[test]
fn a_file_holds_one_idea() {
    let files = read_all(ALL_RUST, &["rs"]);
    hold(
        too_long,
        &files,
        (
            "src/planted.rs",
            &"// line\n".repeat(MAX_LINES + 1),
            MAX_LINES + 1,
        ),
    );
}

fn too_long(file: &SourceFile) -> Vec<Finding> {
    let line_count = file.text.lines().count();
    if line_count <= MAX_LINES {
        return Vec::new();
    }
    vec![file.finding(
        line_count,
        format!("{line_count} lines, {MAX_LINES} at most: two ideas?"),
    )]
}

#[test]
fn the_product_neither_unwraps_nor_postpones() {
    let files = read_all(PRODUCT, &["rs"]);
    let in_test = "//! Doc: `x.unwrap()`.\nfn f() {}\n#[cfg(test)]\nmod tests {\n    fn g() { None::<u8>.unwrap(); }\n}\n";
    assert!(
        unfinished(&SourceFile::new("src/planted.rs", in_test)).is_empty(),
        "tests may unwrap"
    );
    hold(
        unfinished,
        &files,
        (
            "src/planted.rs",
            "//! Doc.\nfn f() { None::<u8>.unwrap(); }\n",
            2,
        ),
    );
    hold(unfinished, &[], ("src/planted.rs", "fn f() { todo!() }", 1));
    hold(
        unfinished,
        &[],
        (
            "src/planted.rs",
            concat!("fn f() {}\n// TO", "DO: the rest\n"),
            2,
        ),
    );
}

fn unfinished(file: &SourceFile) -> Vec<Finding> {
    let code = file.product_code();
    let in_code = words(&code).filter_map(|(line, word, after)| match word {
        "unwrap" if after.starts_with("()") => Some((
            line,
            "`unwrap()`: return the error, or `expect` why there is none",
        )),
        "todo" | "unimplemented" if after.starts_with('!') => Some((line, "unfinished code")),
        _ => None,
    });
    let in_comments = words(file.product_text()).filter_map(|(line, word, _)| match word {
        concat!("TO", "DO") | "FIXME" => Some((
            line,
            "postponed work: do it, or write it down where work is planned",
        )),
        _ => None,
    });
    in_code
        .chain(in_comments)
        .map(|(line, message)| file.finding(line, message))
        .collect()
}
