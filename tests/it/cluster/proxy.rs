//! A proxy in front of several servers: it skips a server that does not answer. It forwards
//! requests without a body.

use std::io::{Read, Write};
use std::net::{Shutdown, TcpListener, TcpStream};
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::thread::spawn;

/// Starts a proxy that listens until the test ends; returns its address.
pub fn before(servers: &[&str]) -> String {
    let servers: Arc<[String]> = servers
        .iter()
        .map(|url| url.trim_start_matches("http://").to_owned())
        .collect();
    let listener = TcpListener::bind("127.0.0.1:0").expect("a port");
    let url = format!("http://{}", listener.local_addr().expect("an address"));
    let turn = AtomicUsize::new(0);
    spawn(move || {
        for client in listener.incoming().map_while(Result::ok) {
            let (servers, first) = (Arc::clone(&servers), turn.fetch_add(1, Ordering::Relaxed));
            spawn(move || forward(client, &servers, first));
        }
    });
    url
}

fn forward(mut client: TcpStream, servers: &[String], first: usize) {
    let mut request = Vec::new();
    let mut some = [0; 4_096];
    while !request.windows(4).any(|end| end == b"\r\n\r\n") {
        match client.read(&mut some) {
            Ok(count) if count > 0 => request.extend_from_slice(&some[..count]),
            Ok(_) | Err(_) => return,
        }
    }
    let answer =
        (0..servers.len()).find_map(|i| ask(&servers[(first + i) % servers.len()], &request));
    let answer =
        answer.unwrap_or_else(|| b"HTTP/1.1 502 Bad Gateway\r\ncontent-length: 0\r\n\r\n".to_vec());
    // The client may have disconnected.
    drop(
        client
            .write_all(&answer)
            .and_then(|()| client.shutdown(Shutdown::Both)),
    );
}

/// Returns the whole answer of a server, or `None`.
fn ask(server: &str, request: &[u8]) -> Option<Vec<u8>> {
    let mut stream = TcpStream::connect(server).ok()?;
    // One request a connection, so the end of the connection is the end of the answer.
    let text =
        String::from_utf8_lossy(request).replace("\r\n\r\n", "\r\nconnection: close\r\n\r\n");
    stream.write_all(text.as_bytes()).ok()?;
    let mut answer = Vec::new();
    stream.read_to_end(&mut answer).ok()?;
    let head = String::from_utf8_lossy(&answer).to_lowercase();
    let (head, _) = head.split_once("\r\n\r\n")?;
    let length = head
        .lines()
        .find_map(|line| line.strip_prefix("content-length: ")?.parse::<usize>().ok());
    // A truncated answer does not count.
    let is_whole = length.is_none_or(|length| answer.len() == head.len() + 4 + length);
    is_whole.then_some(answer)
}
