//! Requests as bytes, for what no client would send.

use std::io::{Read, Write};
use std::net::TcpStream;
use std::time::Duration;

use crate::support::server::Server;

/// A connection that gives up after a while.
pub fn connect(server: &Server) -> TcpStream {
    let stream =
        TcpStream::connect(server.url.trim_start_matches("http://")).expect("a connection");
    stream
        .set_read_timeout(Some(Duration::from_secs(20)))
        .expect("a socket");
    stream
}

/// Sends the bytes, and reads until the server closes; status and all of the answer. 0 where there is none.
pub fn send(server: &Server, bytes: &[u8]) -> (u16, String) {
    let mut stream = connect(server);
    // The server may answer and close before it has read all.
    let _ = stream.write_all(bytes);
    read(&mut stream)
}

/// The answer on a connection that the server closes; what was read before a reset counts.
pub fn read(stream: &mut TcpStream) -> (u16, String) {
    let mut answer = Vec::new();
    let mut buffer = [0; 4096];
    while let Ok(count @ 1..) = stream.read(&mut buffer) {
        answer.extend_from_slice(&buffer[..count]);
    }
    let answer = String::from_utf8_lossy(&answer).into_owned();
    let status = answer
        .split(' ')
        .nth(1)
        .and_then(|status| status.parse().ok())
        .unwrap_or(0);
    (status, answer)
}

/// A request without a body, of a target that is sent as it is.
pub fn get(server: &Server, method: &str, target: &str, headers: &str) -> (u16, String) {
    send(
        server,
        format!("{method} {target} HTTP/1.1\r\nhost: x\r\nconnection: close\r\n{headers}\r\n")
            .as_bytes(),
    )
}
