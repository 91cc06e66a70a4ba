//! Writing to a disk that is full or read-only: what fails, and that everything else goes on.

use std::fs;
use std::process::Command;

use super::{WritingClient, problem, story};
use crate::support::articles;
use crate::support::disk::SmallDisk;
use crate::support::server::{Server, fihrist, indexed, wait_until};

/// A server whose data folder is a small disk.
fn client_on_a_disk(flags: &[&str]) -> Option<(WritingClient, SmallDisk)> {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let disk = SmallDisk::mount(&folder.path().join("data"), 24)?;
    indexed(&folder, &articles());
    Some((WritingClient::over(Server::over(folder, flags)), disk))
}

/// Returns the number of files in all generations.
fn file_count(server: &Server) -> usize {
    let generations = fs::read_dir(server.path("data/generations")).expect("generations");
    let files = |generation: std::io::Result<fs::DirEntry>| {
        let path = generation.expect("a generation").path();
        fs::read_dir(path).expect("a folder").count()
    };
    generations.map(files).sum()
}

#[test]
fn a_full_disk_stops_only_writing() {
    let Some((client, disk)) = client_on_a_disk(&[]) else {
        return;
    };
    assert_eq!(client.put("before", &story("ترهونة")).status, 201);
    disk.fill();
    let mut files = Vec::new();
    for number in 0..4 {
        let answer = client.put(&format!("lost-{number}"), &story("ترهونة"));
        problem(&answer, 507, "disk_full");
        problem(&client.delete("before"), 507, "disk_full");
        assert_eq!(client.total("ترهونة"), 1);
        files.push(file_count(&client.server));
    }
    assert_eq!(
        files[1], files[3],
        "failed writers leave more and more files: {files:?}"
    );
    let job = fihrist_job(&client.server);
    assert_eq!(job.0, Some(2), "{}", job.1);
    assert!(job.1.contains("the disk is full"), "{}", job.1);
    disk.free();
    assert_eq!(client.put("after", &story("ترهونة")).status, 201);
    assert_eq!(client.total("ترهونة"), 2);
    assert_eq!(client.delete("before").status, 200);
    assert_eq!(client.total("ترهونة"), 1);
}

/// Runs a job with a new article. Returns its exit code and what it says.
fn fihrist_job(server: &Server) -> (Option<i32>, String) {
    fs::write(server.path("job.jsonl"), format!("{}\n", story("زليتن"))).expect("a file of ours");
    let job = server
        .command(&["index", "job.jsonl"])
        .output()
        .expect("the binary runs");
    let said = String::from_utf8_lossy(&job.stderr).into_owned();
    (job.status.code(), said)
}

#[test]
fn a_read_only_folder_can_be_searched() {
    let Some((client, disk)) = client_on_a_disk(&[]) else {
        return;
    };
    disk.set_read_only(true);
    problem(&client.put("new", &story("ترهونة")), 503, "index_read_only");
    let (code, said) = fihrist_job(&client.server);
    assert_eq!(code, Some(2), "{said}");
    assert!(said.contains("the folder is read-only"), "{said}");

    // A server that starts on the folder reads the index and the keys.
    let folder = tempfile::tempdir().expect("a temporary folder");
    let data = client.server.path("data");
    let data = data.to_str().expect("a path of ours");
    let server = Server::over(folder, &["--data", data]);
    assert_eq!(server.search("الميناء", "")["total"]["value"], 13);
    let reading = WritingClient {
        server,
        authorization: client.authorization.clone(),
    };
    problem(
        &reading.put("new", &story("ترهونة")),
        503,
        "index_read_only",
    );
    for arguments in [&["stats"][..], &["search", "الميناء"], &["key", "list"]] {
        client.server.run(arguments);
    }
    disk.set_read_only(false);
    assert_eq!(reading.put("new", &story("ترهونة")).status, 201);
}

/// Returns the removed files of the index that a process still has open or mapped.
fn removed_files(server: &Server) -> Vec<String> {
    let process = format!("/proc/{}", server.id());
    let open = fs::read_dir(format!("{process}/fd")).expect("our process");
    let open = open.filter_map(|file| fs::read_link(file.ok()?.path()).ok());
    let mut files: Vec<String> = open.map(|path| path.display().to_string()).collect();
    let maps = fs::read_to_string(format!("{process}/maps")).expect("our process");
    files.extend(maps.lines().map(str::to_owned));
    files.retain(|file| file.contains("/data/generations/") && file.ends_with("(deleted)"));
    files
}

#[test]
fn a_fresh_index_frees_the_disk_at_once() {
    let client = WritingClient::over(Server::with(&articles(), &[]));
    assert_eq!(client.put("new", &story("ترهونة")).status, 201);
    client.server.run(&["index", "articles.jsonl", "--fresh"]);
    let generations = fs::read_dir(client.server.path("data/generations")).expect("generations");
    assert_eq!(generations.count(), 1);
    wait_until(|| (client.total("ترهونة") == 0).then_some(()));
    wait_until(|| removed_files(&client.server).is_empty().then_some(()));
}

#[test]
fn a_limit_of_the_file_size_is_a_full_disk() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    indexed(&folder, &articles());
    let lines: String = (0..200)
        .map(|number| format!("{}\n", story(&format!("قرية{number}"))))
        .collect();
    fs::write(folder.path().join("job.jsonl"), lines).expect("a file of ours");
    let program = fihrist(&folder);
    let script = format!(
        "ulimit -f 8; exec {} index job.jsonl",
        program.get_program().display()
    );
    let job = Command::new("sh")
        .args(["-c", &script])
        .current_dir(folder.path())
        .output();
    let job = job.expect("a shell");
    let said = String::from_utf8_lossy(&job.stderr);
    assert_eq!(job.status.code(), Some(2), "{said}");
    assert!(said.contains("the disk is full"), "{said}");
}
