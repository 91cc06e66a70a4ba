//! Short runs of the long tests in `tests/reliability`, so that they keep working. They show little about reliability by
//! themselves; `docs/reliability.md` has the figures of long runs.

use std::path::Path;
use std::process::Command;

use crate::support::skip_without;

/// Runs a long test with these arguments. It must end without a failure, and must have checked something.
fn run(arguments: &[&str]) {
    if let Err(error) = Command::new("python3").arg("--version").output() {
        skip_without("python3", &error);
        return;
    }
    let work = tempfile::tempdir().expect("a folder");
    let script = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/reliability/run");
    let output = Command::new(script)
        .args(arguments)
        .env("FIHRIST", env!("CARGO_BIN_EXE_fihrist"))
        .env("WORK", work.path())
        .env("PYTHONIOENCODING", "utf-8")
        .output()
        .expect("it starts");
    let printed = String::from_utf8_lossy(&output.stdout);
    let complaint = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{printed}{complaint}");
    let last = printed.lines().last().unwrap_or_default();
    assert!(
        last.contains(" checks, 0 failures; ") && !last.contains(": 0 checks"),
        "{printed}"
    );
}

#[test]
fn the_soak_runs() {
    run(&["soak", "8"]);
}
