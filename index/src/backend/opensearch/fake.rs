//! A node for tests that gives the answers a test asks for: complete, broken off, or none. It stores nothing.

use std::io::{BufRead, BufReader, Read, Write};
use std::net::{TcpListener, TcpStream};
use std::sync::{Arc, Mutex};
use std::thread::{sleep, spawn};
use std::time::Duration;

use serde_json::{Value, json};

/// What the node answers.
pub enum Reply {
    Json(u16, Value),
    Text(u16, &'static str),
    /// An answer that breaks off in the middle.
    Half(Value),
    /// No answer; the connection stays open.
    Silence,
}

/// A request that was received.
#[derive(Debug, Clone)]
pub struct Request {
    pub path: String,
    pub head: String,
    pub body: String,
}

/// A node on loopback.
pub struct FakeNode {
    pub url: String,
    requests: Arc<Mutex<Vec<Request>>>,
}

impl FakeNode {
    /// Starts a node. `answer` gets each request, and the number of requests before it.
    pub fn new(answer: impl Fn(&Request, usize) -> Reply + Send + Sync + 'static) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").expect("a port");
        let url = format!("http://{}", listener.local_addr().expect("an address"));
        let requests = Arc::new(Mutex::new(Vec::new()));
        let seen = Arc::clone(&requests);
        let answer = Arc::new(answer);
        spawn(move || {
            for stream in listener.incoming().map_while(Result::ok) {
                let seen = Arc::clone(&seen);
                let answer = Arc::clone(&answer);
                spawn(move || serve(stream, &seen, &*answer));
            }
        });
        Self { url, requests }
    }

    /// Starts a node whose root names OpenSearch 2. `answer` gets all other requests.
    pub fn opensearch(answer: impl Fn(&Request, usize) -> Reply + Send + Sync + 'static) -> Self {
        Self::new(move |request, before| match request.path.as_str() {
            "/" => root("opensearch", "2.19.6"),
            _ => answer(request, before),
        })
    }

    /// Returns the requests so far, without those for the root.
    pub fn requests(&self) -> Vec<Request> {
        self.requests.lock().expect("no panic inside").clone()
    }
}

/// Returns the answer of a root.
pub fn root(distribution: &str, number: &str) -> Reply {
    Reply::Json(
        200,
        json!({"version": {"distribution": distribution, "number": number}}),
    )
}

/// Returns an address where nothing listens.
pub fn nobody() -> String {
    let listener = TcpListener::bind("127.0.0.1:0").expect("a port");
    format!("http://{}", listener.local_addr().expect("an address"))
}

fn serve(
    stream: TcpStream,
    seen: &Mutex<Vec<Request>>,
    answer: &(dyn Fn(&Request, usize) -> Reply + Sync),
) {
    let mut reader = BufReader::new(stream.try_clone().expect("the same stream"));
    let mut head = String::new();
    while reader.read_line(&mut head).is_ok_and(|bytes| bytes > 2) {}
    let length = head.lines().find_map(|line| {
        line.to_lowercase()
            .strip_prefix("content-length: ")?
            .trim()
            .parse()
            .ok()
    });
    let mut body = vec![0; length.unwrap_or(0)];
    reader.read_exact(&mut body).expect("a body");
    let path = head
        .split(' ')
        .nth(1)
        .unwrap_or_default()
        .split('?')
        .next()
        .unwrap_or_default()
        .to_owned();
    let request = Request {
        path,
        head,
        body: String::from_utf8(body).expect("text"),
    };
    let before = {
        let mut seen = seen.lock().expect("no panic inside");
        if request.path != "/" {
            seen.push(request.clone());
        }
        seen.len().saturating_sub(1)
    };
    let (status, text, is_half) = match answer(&request, before) {
        Reply::Json(status, value) => (status, value.to_string(), false),
        Reply::Text(status, text) => (status, text.to_owned(), false),
        Reply::Half(value) => (200, value.to_string(), true),
        Reply::Silence => {
            sleep(Duration::from_secs(60));
            return;
        }
    };
    let sent = if is_half { text.len() / 2 } else { text.len() };
    let head = format!(
        "HTTP/1.1 {status} X\r\ncontent-length: {}\r\nconnection: close\r\n\r\n",
        text.len()
    );
    let mut stream = stream;
    // The client may have closed the connection.
    drop(
        stream
            .write_all(head.as_bytes())
            .and_then(|()| stream.write_all(&text.as_bytes()[..sent])),
    );
}
