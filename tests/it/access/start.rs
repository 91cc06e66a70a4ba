//! The messages of a service that cannot start because of its access settings.

use std::process::Output;

use crate::support::server::fihrist;

fn start(setup: &[&[&str]], arguments: &[&str], environment: &[(&str, &str)]) -> Output {
    let folder = tempfile::tempdir().expect("a temporary folder");
    for arguments in setup {
        assert!(
            fihrist(&folder)
                .args(*arguments)
                .status()
                .expect("the binary runs")
                .success()
        );
    }
    let arguments = arguments.iter().chain(&["--listen", "127.0.0.1:0"]);
    fihrist(&folder)
        .args(arguments)
        .envs(environment.iter().copied())
        .output()
        .expect("the binary runs")
}

#[track_caller]
fn refused(output: &Output, expected: &[&str]) {
    let error = String::from_utf8_lossy(&output.stderr);
    assert_eq!(output.status.code(), Some(2), "{error}");
    assert!(
        !error.contains(" listens on ") && expected.iter().all(|part| error.contains(part)),
        "{error}"
    );
}

#[test]
fn a_server_that_requires_keys_does_not_start_without_one() {
    let command = "fihrist key create --scope search --data ./data";
    for verb in ["serve", "up"] {
        let output = start(&[], &[verb, "--require-key"], &[]);
        refused(&output, &["--require-key", command]);
        assert_eq!(
            String::from_utf8_lossy(&output.stderr)
                .trim_end()
                .lines()
                .count(),
            1,
            "the message comes before any work"
        );
    }
    refused(
        &start(&[], &["serve"], &[("FIHRIST_REQUIRE_KEY", "1")]),
        &[command],
    );
    refused(
        &start(&[], &["serve"], &[("FIHRIST_REQUIRE_KEY", "perhaps")]),
        &["perhaps"],
    );
    // No key of this server may read.
    refused(
        &start(
            &[&["key", "create", "--scope", "ingest,admin"]],
            &["serve", "--require-key"],
            &[],
        ),
        &[command],
    );
}

#[test]
fn invalid_settings_are_explained() {
    let check = |flag: &str, value: &str, expected: &str| {
        refused(
            &start(&[], &["serve", flag, value], &[]),
            &[flag, value, expected],
        );
    };
    check("--rate-limit", "20/h", "20/s or 600/m");
    check("--rate-limit", "0/s", "off means no limit");
    check("--rate-burst", "0", "");
    check("--trusted-proxies", "proxy.example", "10.0.0.0/8");
    check("--trusted-proxies", "0.0.0.0/0", "not all networks");
    check("--cors-origin", "kiosk.example", "https://example.org");
    check(
        "--cors-origin",
        "https://kiosk.example/",
        "not even a slash",
    );
    check("--cors-origin", "https://*.example", "wildcards");
    check("--max-limit", "0", "from 1 to 1000");
    check("--max-offset", "9999999", "from 0 to 1000000");
    check("--max-query-chars", "1000000", "from 1 to 5000");
    check("--max-connections", "0", "");
    refused(
        &start(&[], &["serve"], &[("FIHRIST_CORS_ORIGIN", "a,b")]),
        &["https://example.org"],
    );
}
