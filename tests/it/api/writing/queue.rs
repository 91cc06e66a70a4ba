//! Requests and jobs that want to write at the same time: they wait for one another.

use std::fs::File;
use std::io::{BufRead, BufReader, Read};
use std::process::{Child, Stdio};
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use super::{JSON, WritingClient, story};
use crate::support::articles;
use crate::support::server::{Server, wait_until};

/// Locks a file in the data folder, as a process that writes does.
fn locked(server: &Server, name: &str) -> File {
    let file = File::create(server.path(&format!("data/{name}"))).expect("a lock");
    file.lock().expect("no other process writes");
    file
}

/// Starts a job that must wait. Returns the job and what it says first.
fn waiting_job(server: &Server) -> (Child, String) {
    let mut command = server.command(&["index", "articles.jsonl", "--wait", "20s"]);
    let mut job = command
        .stderr(Stdio::piped())
        .spawn()
        .expect("the binary starts");
    let mut said = String::new();
    let mut lines = BufReader::new(job.stderr.as_mut().expect("a pipe"));
    lines.read_line(&mut said).expect("a line");
    (job, said)
}

#[test]
fn jobs_get_the_index_under_constant_writes() {
    let client = WritingClient::over(Server::with(&articles(), &[]));
    let is_over = AtomicBool::new(false);
    let statuses = std::thread::scope(|scope| {
        let writes = scope.spawn(|| {
            let mut statuses = Vec::new();
            while !is_over.load(Ordering::Relaxed) {
                let path = format!("/api/v1/articles/new-{}", statuses.len());
                let article = story("ترهونة").to_string();
                statuses.push(client.send("PUT", &path, JSON, article.as_bytes()).status);
            }
            statuses
        });
        // A failure here must not leave the writes running.
        let jobs = std::panic::catch_unwind(std::panic::AssertUnwindSafe(|| {
            for _ in 0..3 {
                client
                    .server
                    .run(&["index", "articles.jsonl", "--wait", "10s"]);
                client.server.run(&["rebuild", "--wait", "10s"]);
            }
        }));
        is_over.store(true, Ordering::Relaxed);
        jobs.unwrap_or_else(|panic| std::panic::resume_unwind(panic));
        writes.join().expect("no panic inside")
    });
    let count = statuses.len() as u64;
    assert_eq!(statuses, vec![201; statuses.len()]);
    wait_until(|| (client.total("ترهونة") == count).then_some(()));
}

#[test]
fn a_request_waits_for_the_end_of_a_job() {
    let client = WritingClient::over(Server::with(&articles(), &[]));
    let lock = locked(&client.server, "writer.lock");
    std::thread::scope(|scope| {
        let put = scope.spawn(|| client.put("new", &story("ترهونة")).status);
        std::thread::sleep(Duration::from_millis(1_500));
        assert!(!put.is_finished(), "the request did not wait");
        lock.unlock().expect("our lock");
        assert_eq!(put.join().expect("an answer"), 201);
    });
}

#[test]
fn a_job_waits_for_another_one_and_names_it() {
    let server = Server::with(&articles(), &[]);
    let lock = locked(&server, "writer.lock");
    std::fs::write(server.path("data/writer.lock"), "process 7 since noon").expect("our lock");
    let busy = server
        .command(&["index", "articles.jsonl", "--wait", "100ms"])
        .output();
    let busy = busy.expect("the binary runs");
    let said = String::from_utf8_lossy(&busy.stderr);
    assert_eq!(busy.status.code(), Some(2), "{said}");
    assert!(
        said.contains("process 7 since noon; try again when"),
        "{said}"
    );

    let (mut job, said) = waiting_job(&server);
    assert!(
        said.contains("process 7 since noon; waiting for up to 20s"),
        "{said}"
    );
    lock.unlock().expect("our lock");
    assert!(job.wait().expect("the job ends").success());
}

#[test]
fn a_killed_job_leaves_no_lock() {
    let server = Server::with(&articles(), &[]);
    let lock = locked(&server, "writer.lock");
    let (mut first, _) = waiting_job(&server);
    // The first job has its turn, so the second one waits for the first.
    let (mut second, _) = waiting_job(&server);
    first.kill().expect("our process");
    first.wait().expect("our process");
    lock.unlock().expect("our lock");
    let mut said = String::new();
    let rest = second.stderr.as_mut().expect("a pipe");
    rest.read_to_string(&mut said).expect("a text");
    assert!(second.wait().expect("the job ends").success(), "{said}");
}
