//! A running `fihrist serve` with its own index, stopped when the test ends.

use std::io::{BufRead, BufReader};
use std::net::TcpStream;
use std::path::PathBuf;
use std::process::{Child, Command, ExitStatus, Stdio};
use std::sync::{Arc, Mutex};
use std::thread::{JoinHandle, sleep, spawn};
use std::time::{Duration, Instant};

use serde_json::Value;
use tempfile::TempDir;

/// No step of a test takes longer; a test that hangs fails after this time.
const TIME_LIMIT: Duration = Duration::from_secs(20);

pub struct Server {
    /// `http://127.0.0.1:PORT`.
    pub url: String,
    /// The log line that names the address.
    pub greeting: String,
    folder: TempDir,
    process: Child,
    log: Arc<Mutex<String>>,
    reader: Option<JoinHandle<()>>,
}

/// An answer of the server.
pub struct Answer {
    pub status: u16,
    pub headers: ureq::http::HeaderMap,
    pub body: String,
}

impl Server {
    /// Indexes the articles and serves them.
    pub fn with(articles: &[Value], flags: &[&str]) -> Self {
        let folder = tempfile::tempdir().expect("a temporary folder");
        indexed(&folder, articles);
        Self::over(folder, flags)
    }

    /// Makes a key and indexes the articles, then serves them.
    pub fn with_key(articles: &[Value], scopes: &str, flags: &[&str]) -> (Self, String) {
        let folder = tempfile::tempdir().expect("a temporary folder");
        indexed(&folder, articles);
        let key = run(&folder, &["key", "create", "--scope", scopes])
            .trim()
            .to_owned();
        (Self::over(folder, flags), key)
    }

    /// Indexes the sample articles and serves them.
    pub fn over_samples() -> Self {
        let folder = tempfile::tempdir().expect("a temporary folder");
        let samples = concat!(env!("CARGO_MANIFEST_DIR"), "/static/samples");
        assert!(
            fihrist(&folder)
                .args(["index", samples])
                .stderr(Stdio::null())
                .status()
                .expect("the binary runs")
                .success()
        );
        Self::over(folder, &[])
    }

    /// Serves a folder in which nothing has been indexed.
    pub fn without_index(flags: &[&str]) -> Self {
        Self::over(tempfile::tempdir().expect("a temporary folder"), flags)
    }

    /// Serves a folder.
    pub fn over(folder: TempDir, flags: &[&str]) -> Self {
        let mut process = fihrist(&folder)
            .args(["serve", "--listen", "127.0.0.1:0"])
            .args(flags)
            .stderr(Stdio::piped())
            .spawn()
            .expect("the binary starts");
        let mut lines = BufReader::new(process.stderr.take().expect("a pipe"))
            .lines()
            .map_while(Result::ok);
        let log = Arc::new(Mutex::new(String::new()));
        let greeting = lines
            .by_ref()
            .inspect(|line| note(&log, line))
            .find(|line| line.contains(" listens on "))
            .unwrap_or_else(|| {
                panic!("the server ended: {}", log.lock().expect("no panic inside"))
            });
        let url = greeting
            .split_whitespace()
            .find(|word| word.starts_with("http://"))
            .expect("an address")
            .to_owned();
        let reader = spawn({
            let log = Arc::clone(&log);
            move || lines.for_each(|line| note(&log, &line))
        });
        Self {
            url,
            greeting,
            folder,
            process,
            log,
            reader: Some(reader),
        }
    }

    /// Returns the process id.
    pub fn id(&self) -> u32 {
        self.process.id()
    }

    /// Indexes more articles under the running server.
    pub fn index(&self, articles: &[Value]) {
        indexed(&self.folder, articles);
    }

    /// Returns a path in the folder of the server.
    pub fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    /// Runs a command on the index of the running server; returns its output.
    pub fn run(&self, arguments: &[&str]) -> String {
        run(&self.folder, arguments)
    }

    /// Returns a command on the index of the running server.
    pub fn command(&self, arguments: &[&str]) -> Command {
        let mut command = fihrist(&self.folder);
        command.args(arguments);
        command
    }

    /// Runs a command on the index of the running server; returns its output, which must be JSON.
    pub fn run_json(&self, arguments: &[&str]) -> Value {
        let output = self.run(arguments);
        serde_json::from_str(&output).unwrap_or_else(|error| panic!("{error}: {output}"))
    }

    /// Opens a connection with a timeout, for requests that no client library sends.
    pub fn connect(&self) -> TcpStream {
        let address = self.url.trim_start_matches("http://");
        let stream = TcpStream::connect(address).expect("a connection");
        stream.set_read_timeout(Some(TIME_LIMIT)).expect("a socket");
        stream
    }

    pub fn get(&self, path: &str) -> Answer {
        self.get_with(path, &[])
    }

    pub fn get_with(&self, path: &str, headers: &[(&str, &str)]) -> Answer {
        let mut request = agent().get(format!("{}{path}", self.url));
        for (name, value) in headers {
            request = request.header(*name, *value);
        }
        Answer::from(request.call().expect("an answer"))
    }

    pub fn post(&self, path: &str, content_type: &str, body: &str) -> Answer {
        let request = agent()
            .post(format!("{}{path}", self.url))
            .header("content-type", content_type);
        Answer::from(request.send(body).expect("an answer"))
    }

    /// Sends any request; an empty `body` means no body.
    pub fn send(&self, method: &str, path: &str, headers: &[(&str, &str)], body: &[u8]) -> Answer {
        let mut request = ureq::http::Request::builder()
            .method(method)
            .uri(format!("{}{path}", self.url));
        for (name, value) in headers {
            request = request.header(*name, *value);
        }
        let answer = if body.is_empty() {
            agent().run(request.body(()).expect("a request"))
        } else {
            agent().run(request.body(body.to_vec()).expect("a request"))
        };
        Answer::from(answer.expect("an answer"))
    }

    /// Makes a key with these scopes for the running server.
    pub fn key(&self, scopes: &str) -> String {
        self.run(&["key", "create", "--scope", scopes])
            .trim()
            .to_owned()
    }

    /// Returns the answer to a search, which must succeed.
    pub fn search(&self, query: &str, more: &str) -> Value {
        let answer = self.get(&format!("/api/v1/search?q={}{more}", super::encoded(query)));
        assert_eq!(answer.status, 200, "{}", answer.body);
        answer.json()
    }

    /// Sends the signal that asks the server to stop.
    pub fn terminate(&self) {
        let status = Command::new("kill")
            .arg(self.process.id().to_string())
            .status()
            .expect("kill");
        assert!(status.success());
    }

    /// Kills the server, as a power failure would.
    pub fn kill(&mut self) {
        self.process.kill().expect("our process");
    }

    /// Waits until the server ends by itself; its folder stays.
    pub fn ended(&mut self) -> ExitStatus {
        wait_until(|| self.process.try_wait().expect("our process"))
    }

    /// Waits until the server ends by itself; returns its exit status and its log.
    pub fn wait(mut self) -> (ExitStatus, String) {
        let status = self.ended();
        if let Some(reader) = self.reader.take() {
            reader.join().expect("the log is read");
        }
        (status, self.log.lock().expect("no panic inside").clone())
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        // Both calls fail if the process has ended, which is fine.
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}

impl Answer {
    pub fn json(&self) -> Value {
        serde_json::from_str(&self.body).unwrap_or_else(|error| panic!("{error}: {}", self.body))
    }

    /// Returns a header as text, empty if it is missing.
    pub fn header(&self, name: &str) -> &str {
        self.headers
            .get(name)
            .map_or("", |value| value.to_str().expect("an ASCII header"))
    }
}

impl From<ureq::http::Response<ureq::Body>> for Answer {
    fn from(mut response: ureq::http::Response<ureq::Body>) -> Self {
        Self {
            status: response.status().as_u16(),
            headers: response.headers().clone(),
            body: response.body_mut().read_to_string().expect("a text"),
        }
    }
}

/// Returns a client that accepts every status, follows no redirect and has a timeout.
fn agent() -> ureq::Agent {
    let config = ureq::Agent::config_builder()
        .http_status_as_error(false)
        .max_redirects(0);
    config
        .max_redirects_will_error(false)
        .timeout_global(Some(TIME_LIMIT))
        .build()
        .new_agent()
}

/// The binary, run in a folder without settings from the environment.
pub fn fihrist(folder: &TempDir) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_fihrist"));
    for (name, _) in
        std::env::vars().filter(|(name, _)| name.starts_with("FIHRIST_") || name == "RUST_LOG")
    {
        command.env_remove(name);
    }
    command
        .current_dir(folder.path())
        .stdin(Stdio::null())
        .stdout(Stdio::null());
    command
}

fn run(folder: &TempDir, arguments: &[&str]) -> String {
    let output = fihrist(folder)
        .args(arguments)
        .stdout(Stdio::piped())
        .output()
        .expect("the binary runs");
    assert!(
        output.status.success(),
        "{arguments:?}: {}",
        String::from_utf8_lossy(&output.stderr)
    );
    String::from_utf8_lossy(&output.stdout).into_owned()
}

/// Indexes articles into the folder's index.
pub fn indexed(folder: &TempDir, articles: &[Value]) {
    let lines: String = articles
        .iter()
        .map(|article| format!("{article}\n"))
        .collect();
    std::fs::write(folder.path().join("articles.jsonl"), lines).expect("a file of ours");
    let output = fihrist(folder)
        .args(["index", "articles.jsonl"])
        .output()
        .expect("the binary runs");
    assert!(
        output.status.success(),
        "{}",
        String::from_utf8_lossy(&output.stderr)
    );
}

/// Repeats a question until it has an answer.
pub fn wait_until<T>(mut ask: impl FnMut() -> Option<T>) -> T {
    let started = Instant::now();
    loop {
        if let Some(found) = ask() {
            return found;
        }
        assert!(started.elapsed() < TIME_LIMIT, "waited in vain");
        sleep(Duration::from_millis(20));
    }
}

fn note(log: &Mutex<String>, line: &str) {
    let mut log = log.lock().expect("no panic inside");
    log.push_str(line);
    log.push('\n');
}
