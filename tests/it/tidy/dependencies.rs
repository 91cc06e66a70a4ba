//! Which module may use which. The crate graph keeps the service out of the engine; this test keeps the modules of the
//! engine and of the service in the order that `ARCHITECTURE.md` draws.

use super::hold;
use super::source::{Finding, SourceFile, code_only, read, read_all, words};

/// What each module may use besides itself and `fihrist_arabic`; `search` is the façade and may use
/// everything, as may `fuzzing`, which the product does not contain.
const MAY_USE: &[(&str, &[&str])] = &[
    ("damage", &["error"]),
    ("error", &["damage"]),
    ("deadline", &["error"]),
    ("disk", &[]),
    ("named", &[]),
    ("parallel", &[]),
    ("progress", &[]),
    ("timings", &[]),
    ("varint", &[]),
    ("duplicates", &[]),
    ("document", &["duplicates", "error", "parallel", "varint"]),
    ("learning", &["document", "parallel", "progress", "varint"]),
    ("ledger", &["document"]),
    ("meter", &["learning", "progress"]),
    ("query", &["document", "learning"]),
    ("answer_limit", &["document", "error"]),
    ("ranking", &["document", "error", "deadline", "query"]),
    ("snippet", &["document", "deadline", "parallel", "query"]),
    (
        "backend",
        &[
            "answer_limit",
            "damage",
            "disk",
            "document",
            "duplicates",
            "error",
            "learning",
            "meter",
            "parallel",
            "deadline",
            "progress",
            "query",
            "ranking",
            "timings",
            "varint",
        ],
    ),
    (
        "model_test",
        &[
            "backend", "backup", "disk", "document", "error", "learning", "progress", "search",
            "writer",
        ],
    ),
    (
        "rebuild",
        &[
            "backend", "document", "error", "learning", "ledger", "progress",
        ],
    ),
    ("check", &["backend", "error", "learning", "progress"]),
    (
        "salvage",
        &[
            "backend", "document", "error", "learning", "parallel", "progress", "rebuild", "writer",
        ],
    ),
    (
        "backup",
        &[
            "backend", "check", "damage", "error", "learning", "meter", "progress", "rebuild",
        ],
    ),
    (
        "writer",
        &[
            "backend", "document", "error", "learning", "progress", "rebuild",
        ],
    ),
    (
        "ingest",
        &[
            "backend", "document", "error", "learning", "ledger", "parallel", "deadline",
            "progress", "timings", "writer",
        ],
    ),
];

/// The same for the package `fihrist`.
const SERVICE_MAY_USE: &[(&str, &[&str])] = &[
    ("config", &[]),
    ("eval", &[]),
    ("file_limit", &[]),
    ("keys", &[]),
    ("output", &[]),
    ("remedy", &[]),
    ("samples", &[]),
    ("telemetry", &["config"]),
    ("service", &["config", "keys", "remedy"]),
    ("http", &["config", "keys", "service"]),
    ("mcp", &["service"]),
    ("page", &["service"]),
    (
        "server",
        &[
            "config",
            "file_limit",
            "http",
            "keys",
            "mcp",
            "page",
            "remedy",
            "service",
        ],
    ),
    (
        "cli",
        &[
            "config",
            "eval",
            "file_limit",
            "keys",
            "remedy",
            "samples",
            "server",
            "service",
            "telemetry",
        ],
    ),
];

#[test]
fn modules_depend_in_one_direction() {
    let planted = "//! Comments may say [`crate::ingest`].\nuse crate::error::Error;\nuse crate::{\n    varint,\n    query::Query,\n};\n";
    hold(
        against_the_direction,
        &read_all(&["index/src", "src"], &["rs"]),
        ("index/src/document/article.rs", planted, 5),
    );
    hold(
        against_the_direction,
        &[],
        (
            "index/src/query/model/planted.rs",
            "use super::super::super::search::Hit;",
            1,
        ),
    );
    hold(
        against_the_direction,
        &[],
        (
            "index/src/query/planted.rs",
            "fn f(_: crate::IndexWriter) {}",
            1,
        ),
    );
    hold(
        against_the_direction,
        &[],
        ("index/src/planted/mod.rs", "fn f() {}", 1),
    );
    hold(
        against_the_direction,
        &[],
        ("src/service/planted.rs", "use crate::{\n    http,\n};", 2),
    );
}

fn against_the_direction(file: &SourceFile) -> Vec<Finding> {
    let module = module_of(&file.path);
    if matches!(module, "lib" | "main" | "search") || file.path.contains("/fuzzing") {
        return Vec::new();
    }
    let may_use = if file.path.starts_with(ENGINE) {
        MAY_USE
    } else {
        SERVICE_MAY_USE
    };
    let Some((_, allowed)) = may_use.iter().find(|(name, _)| *name == module) else {
        return vec![file.finding(
            1,
            format!("the module `{module}` is new: say in the tidy test what it may use"),
        )];
    };
    let home = home_of_reexports(&read("index/src/lib.rs"));
    used_from_the_root(file)
        .into_iter()
        .map(|(line, name)| {
            (
                line,
                home.iter()
                    .find(|(export, _)| *export == name)
                    .map_or(name, |(_, home)| home.clone()),
            )
        })
        .filter(|(_, used)| {
            used != "fihrist_arabic" && used != module && !allowed.contains(&used.as_str())
        })
        .map(|(line, used)| {
            file.finding(
                line,
                format!("`{module}` must not use `{used}`; it may use {allowed:?}"),
            )
        })
        .collect()
}

const ENGINE: &str = "index/src/";

/// `index/src/query/parse.rs` → `query/parse.rs`.
fn inside_of_crate(path: &str) -> &str {
    path.trim_start_matches(ENGINE).trim_start_matches("src/")
}

/// `index/src/query/parse.rs` → `query`.
fn module_of(path: &str) -> &str {
    let inside = inside_of_crate(path);
    inside
        .split('/')
        .next()
        .unwrap_or(inside)
        .trim_end_matches(".rs")
}

/// Returns the names that the file takes from the crate's root, by `crate::` or by enough `super::`.
fn used_from_the_root(file: &SourceFile) -> Vec<(usize, String)> {
    let code = file.product_code();
    let depth = inside_of_crate(&file.path)
        .trim_end_matches("/mod.rs")
        .split('/')
        .count();
    let mut climbed = 0;
    let mut used = Vec::new();
    for (line, word, after) in words(&code) {
        let is_path = after.starts_with("::");
        climbed = if is_path && word == "super" {
            climbed + 1
        } else {
            0
        };
        if is_path && (word == "crate" || climbed == depth) {
            used.extend(first_names(line, &after[2..]));
        }
    }
    used
}

/// `article::Article` → `article`; `{article::Article, span}` → `article`, `span`.
fn first_names(first_line: usize, path: &str) -> Vec<(usize, String)> {
    if !path.starts_with('{') {
        return words(path)
            .next()
            .map(|(_, word, _)| (first_line, word.to_owned()))
            .into_iter()
            .collect();
    }
    let mut nesting = 0;
    let mut awaits_name = false;
    let mut names = Vec::new();
    for (i, c) in path.char_indices() {
        match c {
            '{' => nesting += 1,
            '}' => nesting -= 1,
            _ => {}
        }
        if nesting == 0 {
            break;
        }
        let begins_name = c.is_alphabetic() || c == '_';
        if nesting == 1 && awaits_name && begins_name {
            let line = first_line + path[..i].matches('\n').count();
            names.extend(
                words(&path[i..])
                    .next()
                    .map(|(_, word, _)| (line, word.to_owned())),
            );
        }
        awaits_name =
            nesting == 1 && (matches!(c, '{' | ',') || (awaits_name && c.is_whitespace()));
    }
    names
}

/// `pub use search::{Hits, Index};` → `Hits` and `Index` live in `search`.
fn home_of_reexports(lib: &SourceFile) -> Vec<(String, String)> {
    let code = code_only(&lib.text);
    let mut homes = Vec::new();
    for (i, _) in code.match_indices("pub use ") {
        let statement = code[i + "pub use ".len()..]
            .split(';')
            .next()
            .unwrap_or_default();
        let mut names = words(statement).map(|(_, word, _)| word.to_owned());
        let home = names.next().unwrap_or_default();
        homes.extend(names.map(|name| (name, home.clone())));
    }
    homes
}

#[test]
fn names_taken_from_the_root_are_found() {
    let check = |path: &str, text: &str, expected: &[(usize, &str)]| {
        let found = used_from_the_root(&SourceFile::new(path, text));
        assert_eq!(
            found
                .iter()
                .map(|(line, name)| (*line, name.as_str()))
                .collect::<Vec<_>>(),
            expected,
            "{text}"
        );
    };
    check(
        "index/src/query/mod.rs",
        "use crate::{\n  analysis::{Token, stop},\n  Span};",
        &[(2, "analysis"), (3, "Span")],
    );
    check(
        "index/src/query/mod.rs",
        "use super::span::Span;",
        &[(1, "span")],
    );
    check("index/src/query/parse.rs", "use super::Query;", &[]);
    check(
        "index/src/query/parse.rs",
        "pub(in crate::query) fn f() -> crate::Result<()> {}",
        &[(1, "query"), (1, "Result")],
    );
    check("index/src/query/parse.rs", "pub(crate) fn f() {}", &[]);
}
