//! Commands whose output nobody reads. They end quietly, and long work goes on.

use std::fs::File;
use std::io::{BufRead, BufReader, pipe};
use std::process::{Command, Stdio};

use super::articles;

/// Returns the end of a pipe for writing, whose reader has gone.
fn closed() -> Stdio {
    pipe().expect("a pipe").1.into()
}

#[test]
fn commands_end_quietly_when_their_reader_has_gone() {
    let workspace = articles();
    workspace.run(&["index", "articles"]).ends_with(0);
    workspace
        .run(&["key", "create", "--scope", "search"])
        .ends_with(0);
    for arguments in [
        &["stats"][..],
        &["stats", "--json"],
        &["search", "مدرسة"],
        &["search", "--json", "مدرسة"],
        &["analyze", "مدرسة"],
        &["key", "list"],
        &["index", "--preview", "articles"],
        &["index", "--json", "articles"],
        &["--help"],
        &["index", "--help"],
    ] {
        let mut command = workspace.command(arguments);
        let output = command.stdout(closed()).stderr(Stdio::piped()).spawn();
        let output = output.expect("the binary runs").wait_with_output();
        let output = output.expect("the binary ends");
        let errors = String::from_utf8_lossy(&output.stderr);
        assert_eq!(output.status.code(), Some(0), "{arguments:?}: {errors}");
        assert!(errors.is_empty(), "{arguments:?}: {errors}");
    }
}

#[test]
fn a_job_goes_on_when_nobody_reads_its_messages() {
    let workspace = articles();
    let mut command = workspace.command(&["index", "articles"]);
    let status = command.stdout(closed()).stderr(closed()).status();
    assert_eq!(status.expect("the binary runs").code(), Some(0));
    assert_eq!(workspace.ids("مدرسة"), ["school"]);
    let mut command = workspace.command(&["stats", "--data", "nothing"]);
    let status = command.stderr(closed()).status();
    assert_eq!(status.expect("the binary runs").code(), Some(2));
}

#[test]
fn a_server_goes_on_when_nobody_reads_its_log() {
    let workspace = articles();
    workspace.run(&["index", "articles"]).ends_with(0);
    let (reader, writer) = pipe().expect("a pipe");
    let mut command = workspace.command(&["serve", "--listen", "127.0.0.1:0"]);
    let mut server = command.stderr(writer).spawn().expect("the binary starts");
    drop(command);
    let mut greeting = String::new();
    let mut log = BufReader::new(reader);
    log.read_line(&mut greeting).expect("a greeting");
    drop(log);
    let url = greeting.split(' ').find(|word| word.starts_with("http://"));
    let url = url.expect("an address").to_owned();
    for _ in 0..3 {
        workspace.run(&["health", "--url", &url]).ends_with(0);
    }
    let stopped = Command::new("kill").arg(server.id().to_string()).status();
    assert!(stopped.expect("kill runs").success());
    assert!(server.wait().expect("the server ends").success());
}

#[test]
fn a_full_disk_behind_standard_output_is_an_error() {
    let workspace = articles();
    workspace.run(&["index", "articles"]).ends_with(0);
    let full = File::options()
        .write(true)
        .open("/dev/full")
        .expect("a device");
    let output = workspace.command(&["stats"]).stdout(full).output();
    let output = output.expect("the binary runs");
    let errors = String::from_utf8_lossy(&output.stderr);
    assert_eq!(output.status.code(), Some(2), "{errors}");
    assert!(
        errors.contains("cannot write to standard output"),
        "{errors}"
    );
}
