//! Measures the load that a server sustains. Several clients each send one search after the other
//! over a persistent connection, without pauses. The result is the number of searches per second
//! and their latencies. `tests/it/load.rs` tests that a server under load stays healthy.
//!
//! ```text
//! cargo bench --workspace --bench load -- http://127.0.0.1:7700 QUERIES.jsonl [--clients 1] [--seconds 10]
//!     [--requests 0] [--warm-up 0]
//! ```
//!
//! Each search returns ten hits with up to three snippets, without facets. A line of the queries is
//! `{"type": …, "text": …}`; the text of a `phrase` is searched in quotation marks. The run ends
//! after the given time and the given number of requests, whichever is later; the warm-up does not
//! count. The result is printed as JSON. An answer other than 200 is an error.

use std::io::{BufRead, BufReader, Read, Write};
use std::net::TcpStream;
use std::sync::Barrier;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::thread;
use std::time::{Duration, Instant};

const USAGE: &str =
    "usage: load URL QUERIES.jsonl [--clients N] [--seconds S] [--requests N] [--warm-up N]";
/// A slower server counts as stuck.
const TIMEOUT: Duration = Duration::from_secs(60);

struct Settings {
    /// Host and port.
    address: String,
    queries: String,
    clients: usize,
    duration: Duration,
    min_requests: usize,
    warm_up_requests: usize,
}

/// The outcome of the timed requests.
#[derive(Default)]
struct Outcome {
    /// Latencies of the requests that were answered with 200.
    milliseconds: Vec<f64>,
    errors: usize,
}

fn main() {
    let Some(settings) = settings(std::env::args().skip(1).collect()) else {
        // No arguments: all benchmarks are being run.
        return eprintln!("{USAGE}");
    };
    let requests = requests(&settings);
    ask_all(
        &settings,
        &requests,
        Duration::ZERO,
        settings.warm_up_requests,
    );
    let (outcome, elapsed) = ask_all(
        &settings,
        &requests,
        settings.duration,
        settings.min_requests,
    );
    println!("{}", report(&settings, outcome, elapsed));
}

/// Reads the arguments, without `--bench`, which cargo adds. Returns `None` if there are none.
fn settings(arguments: Vec<String>) -> Option<Settings> {
    let (mut clients, mut seconds, mut min_requests, mut warm_up_requests, mut others) =
        (1, 10, 0, 0, Vec::new());
    let mut arguments = arguments
        .into_iter()
        .filter(|argument| argument != "--bench");
    while let Some(argument) = arguments.next() {
        let mut number = || {
            arguments
                .next()
                .and_then(|number| number.parse().ok())
                .expect(USAGE)
        };
        match argument.as_str() {
            "--clients" => clients = number(),
            "--seconds" => seconds = number(),
            "--requests" => min_requests = number(),
            "--warm-up" => warm_up_requests = number(),
            _ => others.push(argument),
        }
    }
    if others.is_empty() {
        return None;
    }
    let [url, queries] = others.try_into().expect(USAGE);
    let address = url
        .strip_prefix("http://")
        .expect(USAGE)
        .trim_end_matches('/')
        .to_owned();
    let duration = Duration::from_secs(seconds as u64);
    Some(Settings {
        address,
        queries,
        clients,
        duration,
        min_requests,
        warm_up_requests,
    })
}

/// Returns the requests as they are sent, one per query.
fn requests(settings: &Settings) -> Vec<Vec<u8>> {
    let text = std::fs::read_to_string(&settings.queries).expect("a file of queries");
    let request = |line: &str| {
        let query: serde_json::Value = serde_json::from_str(line).expect("one query per line");
        let text = query["text"].as_str().expect("a text");
        let typed = if query["type"] == "phrase" {
            format!("\"{text}\"")
        } else {
            text.to_owned()
        };
        let encoded: String = typed.bytes().map(|byte| format!("%{byte:02X}")).collect();
        let target = format!("/api/v1/search?q={encoded}&limit=10&fragments=3");
        format!(
            "GET {target} HTTP/1.1\r\nHost: {}\r\n\r\n",
            settings.address
        )
        .into_bytes()
    };
    let requests: Vec<_> = text.lines().map(request).collect();
    assert!(!requests.is_empty(), "no query in {}", settings.queries);
    requests
}

/// Runs all clients for at least this time and this number of requests.
fn ask_all(
    settings: &Settings,
    requests: &[Vec<u8>],
    duration: Duration,
    min_requests: usize,
) -> (Outcome, Duration) {
    let asked = AtomicUsize::new(0);
    let all_connected = Barrier::new(settings.clients);
    let client = |number: usize| {
        let mut connection = Connection::open(&settings.address);
        let mut outcome = Outcome::default();
        // Each client starts at another query.
        let mut next = number * requests.len() / settings.clients;
        all_connected.wait();
        let started = Instant::now();
        while asked.fetch_add(1, Ordering::Relaxed) < min_requests || started.elapsed() < duration {
            let sent = Instant::now();
            let status = connection.ask(&requests[next % requests.len()]);
            match status {
                200 => outcome
                    .milliseconds
                    .push(sent.elapsed().as_secs_f64() * 1e3),
                _ => outcome.errors += 1,
            }
            next += 1;
        }
        (outcome, started.elapsed())
    };
    thread::scope(|scope| {
        let clients: Vec<_> = (0..settings.clients)
            .map(|number| scope.spawn(move || client(number)))
            .collect();
        let mut all = (Outcome::default(), Duration::ZERO);
        for client in clients {
            let (outcome, elapsed) = client.join().expect("a client that has ended");
            all.0.milliseconds.extend(outcome.milliseconds);
            all.0.errors += outcome.errors;
            all.1 = all.1.max(elapsed);
        }
        all
    })
}

/// A persistent connection with its buffers.
struct Connection {
    stream: BufReader<TcpStream>,
    line: Vec<u8>,
    body: Vec<u8>,
}

impl Connection {
    fn open(address: &str) -> Self {
        let stream = TcpStream::connect(address).expect("a server");
        stream.set_nodelay(true).expect("a socket");
        stream.set_read_timeout(Some(TIMEOUT)).expect("a socket");
        Self {
            stream: BufReader::with_capacity(1 << 16, stream),
            line: Vec::new(),
            body: Vec::new(),
        }
    }

    /// Sends a request and reads the whole answer; returns its status.
    fn ask(&mut self, request: &[u8]) -> u16 {
        self.stream
            .get_mut()
            .write_all(request)
            .expect("a server that listens");
        let status = self
            .line()
            .split(' ')
            .nth(1)
            .and_then(|status| status.parse().ok())
            .expect("a status");
        let mut size_bytes = None;
        loop {
            let line = self.line();
            if line.is_empty() {
                break;
            }
            let (name, value) = line.split_once(':').expect("a header");
            if name.eq_ignore_ascii_case("content-length") {
                size_bytes = value.trim().parse().ok();
            }
        }
        self.body
            .resize(size_bytes.expect("an answer that says its length"), 0);
        self.stream
            .read_exact(&mut self.body)
            .expect("a whole answer");
        status
    }

    fn line(&mut self) -> &str {
        self.line.clear();
        self.stream
            .read_until(b'\n', &mut self.line)
            .expect("an answer");
        str::from_utf8(&self.line)
            .expect("a header in ASCII")
            .trim_end()
    }
}

fn report(settings: &Settings, outcome: Outcome, elapsed: Duration) -> String {
    let Outcome {
        mut milliseconds,
        errors,
    } = outcome;
    milliseconds.sort_by(f64::total_cmp);
    let rounded = |number: f64| (number * 1e3).round() / 1e3;
    let at = |share: f64| {
        milliseconds
            .get((milliseconds.len() as f64 * share) as usize)
            .copied()
            .map(rounded)
    };
    let report = serde_json::json!({
        "clients": settings.clients, "requests": milliseconds.len() + errors, "errors": errors,
        "seconds": rounded(elapsed.as_secs_f64()),
        "requests_per_second": rounded(milliseconds.len() as f64 / elapsed.as_secs_f64()),
        "p50_ms": at(0.5), "p95_ms": at(0.95), "p99_ms": at(0.99), "max_ms": milliseconds.last().copied().map(rounded),
    });
    serde_json::to_string_pretty(&report).expect("numbers")
}
