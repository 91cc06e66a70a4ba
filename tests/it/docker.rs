//! The committed Dockerfile and compose file, built and run for real if a Docker engine answers.
//! Otherwise the test says why it is skipped. The tests of the API check the answers in detail.
//!
//! The image is built as an operator builds it, but in the profile `quick`, which compiles faster.
//! `FIHRIST_DOCKER_PROFILE=release` builds the released image. `FIHRIST_DOCKER_BUILD_STAGE=DIR`
//! replaces the build stage by a folder with a binary built outside, `DIR/out/fihrist`, and an
//! empty `DIR/out/data`.

mod stack;

use std::fs;
use std::path::Path;
use std::process::Command;

use serde_json::Value;

use crate::support::skip;
use stack::{Image, Stack, docker};

const TOP: &str = env!("CARGO_MANIFEST_DIR");

#[test]
fn the_compose_stack_indexes_and_serves() {
    if let Err(reason) = engine() {
        skip(&format!(
            "the image and the compose file are not tested: {reason}"
        ));
        return;
    }
    let image = Image::build();
    serves_the_sample_articles(&image);
    serves_the_good_articles_beside_bad_ones(&image);
}

/// The stack with a cluster needs too much memory for a test, so only the compose file is checked.
#[test]
fn the_cluster_compose_file_is_whole() {
    let compose = |arguments: &[&str]| {
        let file = format!("{TOP}/docker/compose.cluster.yaml");
        Command::new("docker")
            .args(["compose", "--file", &file])
            .args(arguments)
            .output()
    };
    if !compose(&["version"]).is_ok_and(|output| output.status.success()) {
        skip("docker/compose.cluster.yaml is not checked: docker compose is missing");
        return;
    }
    let output = compose(&["config", "--format", "json"]).expect("docker runs");
    assert!(
        output.status.success(),
        "{}",
        String::from_utf8_lossy(&output.stderr)
    );
    let config: Value = serde_json::from_slice(&output.stdout).expect("JSON");
    let services = config["services"].as_object().expect("services");
    let names: Vec<&str> = services.keys().map(String::as_str).collect();
    for expected in [
        "node-1", "node-2", "node-3", "serve-1", "serve-2", "index", "proxy",
    ] {
        assert!(names.contains(&expected), "{names:?}");
    }
    for (name, service) in services
        .iter()
        .filter(|(name, _)| name.starts_with("serve") || *name == "index")
    {
        assert_eq!(
            service["environment"]["FIHRIST_BACKEND"], "opensearch",
            "{name}"
        );
        assert_eq!(service["read_only"], true, "{name}");
    }
    let published = services
        .iter()
        .filter(|(_, service)| service["ports"].is_array())
        .count();
    assert_eq!(published, 1, "only the proxy is published");
}

fn serves_the_sample_articles(image: &Image) {
    let samples = Path::new(TOP).join("static/samples");
    let stack = Stack::new(image, "samples", &samples);
    // Waits until the service is healthy: `fihrist health` succeeds inside the container.
    stack
        .compose(&["up", "--detach", "--no-build", "--wait"])
        .succeeds();

    assert!(stack.total("ليبيا") > 0, "no sample article mentions Libya");
    let page = ureq::get(stack.url("/"))
        .call()
        .expect("the page")
        .body_mut()
        .read_to_string()
        .expect("text");
    assert!(page.contains("dir=\"rtl\""), "{page}");

    runs_without_privileges(&stack);
    runs_within_limits(&stack);
    a_second_job_runs_beside_the_service(&stack);
    a_backup_is_restored_into_a_second_volume(image, &stack);
    the_index_outlives_its_containers(&stack);
}

fn runs_without_privileges(stack: &Stack<'_>) {
    let container = stack.container("serve");
    let settings =
        "{{.HostConfig.ReadonlyRootfs}} {{.HostConfig.CapDrop}} {{.HostConfig.SecurityOpt}}";
    let settings = docker(&["inspect", "--format", settings, &container]).succeeds();
    assert_eq!(settings.trim(), "true [ALL] [no-new-privileges:true]");

    let processes = docker(&["top", &container, "-eo", "pid,uid,args"]).succeeds();
    let owner = processes
        .lines()
        .nth(1)
        .and_then(|line| line.split_whitespace().nth(1));
    assert_eq!(owner, Some("65532"), "{processes}");

    let job = stack.compose(&[
        "run",
        "--rm",
        "--no-deps",
        "index",
        "index",
        "/articles",
        "--data",
        "/elsewhere",
    ]);
    assert_eq!(
        job.code,
        Some(2),
        "the root file system must not be writable: {}",
        job.all()
    );
    let address = docker(&["port", &container, "7700"]).succeeds();
    assert!(
        address.lines().all(|line| line.starts_with("127.0.0.1:")),
        "published beyond this machine: {address}"
    );
}

fn runs_within_limits(stack: &Stack<'_>) {
    let limits = "{{.HostConfig.Memory}} {{.HostConfig.PidsLimit}} {{.HostConfig.LogConfig.Type}}";
    let limits = docker(&["inspect", "--format", limits, &stack.container("serve")]).succeeds();
    assert_eq!(limits.trim(), "1073741824 1024 local");
    let settings = docker(&[
        "inspect",
        "--format",
        "{{.Config.Env}}",
        &stack.container("serve"),
    ])
    .succeeds();
    assert!(
        settings.contains("FIHRIST_MAX_SEARCHES=6"),
        "a setting is not passed on: {settings}"
    );
    assert!(
        !settings.contains("FIHRIST_MAX_BODY="),
        "an unset setting is passed on: {settings}"
    );
    stack
        .compose(&[
            "--profile",
            "monitoring",
            "--profile",
            "tls",
            "config",
            "--quiet",
        ])
        .succeeds();
}

/// Backs up an index and restores it into a second volume, as an operator does who moves an index.
fn a_backup_is_restored_into_a_second_volume(image: &Image, stack: &Stack<'_>) {
    let total = stack.total("ليبيا");
    stack.compose(&["run", "--rm", "backup"]).succeeds();
    let backup = stack
        .compose(&[
            "run",
            "--rm",
            "backup",
            "backup",
            "/backups/again.tar.zst",
            "--json",
        ])
        .succeeds();
    let backup: Value =
        serde_json::from_str(&backup).unwrap_or_else(|error| panic!("{error}: {backup}"));
    assert!(
        backup["articles"].as_u64().is_some_and(|count| count > 0),
        "{backup}"
    );
    let archive = fs::metadata(stack.backups.path().join("again.tar.zst"))
        .expect("an archive on this machine");
    assert_eq!(backup["archive_bytes"], archive.len(), "{backup}");

    let second = Stack::new(image, "restored", stack.articles);
    fs::copy(
        stack.backups.path().join("fihrist.tar.zst"),
        second.backups.path().join("fihrist.tar.zst"),
    )
    .expect("a copy");
    second.compose(&["run", "--rm", "restore"]).succeeds();
    second
        .compose(&[
            "up",
            "--detach",
            "--no-build",
            "--wait",
            "--no-deps",
            "serve",
        ])
        .succeeds();
    assert_eq!(
        second.total("ليبيا"),
        total,
        "the second volume holds another index"
    );
    let refused = second.compose(&["run", "--rm", "restore"]);
    assert!(
        refused.code == Some(2) && refused.all().contains("--force"),
        "an index was replaced: {}",
        refused.all()
    );
    // The service keeps answering meanwhile.
    second
        .compose(&[
            "run",
            "--rm",
            "restore",
            "restore",
            "/backups/fihrist.tar.zst",
            "--force",
        ])
        .succeeds();
    assert_eq!(second.total("ليبيا"), total);
    let stats = second
        .compose(&["exec", "--no-TTY", "serve", "fihrist", "stats", "--json"])
        .succeeds();
    assert!(
        stats.contains("\"000002\""),
        "the index was not replaced: {stats}"
    );
}

fn a_second_job_runs_beside_the_service(stack: &Stack<'_>) {
    let report = stack
        .compose(&[
            "run",
            "--rm",
            "--no-deps",
            "index",
            "index",
            "/articles",
            "--json",
        ])
        .succeeds();
    let report: Value =
        serde_json::from_str(&report).unwrap_or_else(|error| panic!("{error}: {report}"));
    assert_eq!(report["indexed"], 0, "{report}");
    assert!(
        report["unchanged"].as_u64().is_some_and(|count| count > 0),
        "{report}"
    );
}

fn the_index_outlives_its_containers(stack: &Stack<'_>) {
    stack.compose(&["down"]).succeeds();
    stack
        .compose(&[
            "up",
            "--detach",
            "--no-build",
            "--wait",
            "--no-deps",
            "serve",
        ])
        .succeeds();
    assert!(stack.total("ليبيا") > 0, "the volume lost the index");
}

fn serves_the_good_articles_beside_bad_ones(image: &Image) {
    let articles = tempfile::tempdir().expect("a folder");
    let line = "{\"id\": \"1\", \"title\": \"ميناء جديد\", \"body\": \"افتتح الوزير الميناء.\"}\n{broken\n";
    fs::write(articles.path().join("articles.jsonl"), line).expect("an article");
    open_to_all(articles.path());

    let stack = Stack::new(image, "rejected", articles.path());
    let up = stack.compose(&["up", "--detach", "--no-build", "--wait"]);
    assert_eq!(
        up.code,
        Some(1),
        "a rejected article must give exit code 1: {}",
        up.all()
    );
    stack
        .compose(&[
            "up",
            "--detach",
            "--no-build",
            "--wait",
            "--no-deps",
            "serve",
        ])
        .succeeds();
    assert_eq!(stack.total("الميناء"), 1);
    let log = stack.compose(&["logs", "index"]).succeeds();
    assert!(
        log.contains("articles.jsonl:2"),
        "the log does not name the rejected line: {log}"
    );
}

/// Lets every user read a temporary folder, since the job is not root.
fn open_to_all(folder: &Path) {
    set_mode(folder, 0o755);
}

fn set_mode(folder: &Path, mode: u32) {
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt;
        fs::set_permissions(folder, fs::Permissions::from_mode(mode)).expect("a folder of ours");
    }
}

/// Returns the reason if no image can be built here.
fn engine() -> Result<(), String> {
    for asked in [
        &["info"][..],
        &["compose", "version"],
        &["buildx", "version"],
    ] {
        let answer = Command::new("docker")
            .args(asked)
            .output()
            .map_err(|error| format!("docker: {error}"))?;
        if !answer.status.success() {
            let reason = String::from_utf8_lossy(&answer.stderr);
            return Err(format!(
                "docker {}: {}",
                asked.join(" "),
                reason.trim().lines().last().unwrap_or("failed")
            ));
        }
    }
    Ok(())
}
