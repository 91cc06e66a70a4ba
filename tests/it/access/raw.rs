//! Requests as bytes, which no client library would send.

use std::io::{Read, Write};
use std::net::TcpStream;

use crate::support::server::Server;

/// Sends the bytes, and reads until the server closes. Returns the status, 0 without an answer, and
/// the whole answer.
pub fn send(server: &Server, bytes: &[u8]) -> (u16, String) {
    let mut stream = server.connect();
    // The server may answer and close before it has read everything.
    let _ = stream.write_all(bytes);
    read(&mut stream)
}

/// Reads the answer on a connection that the server closes. Bytes before a reset count.
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

/// Sends a request without a body; the target is sent unchanged.
pub fn get(server: &Server, method: &str, target: &str, headers: &str) -> (u16, String) {
    send(
        server,
        format!("{method} {target} HTTP/1.1\r\nhost: x\r\nconnection: close\r\n{headers}\r\n")
            .as_bytes(),
    )
}
