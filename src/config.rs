//! The settings of the server, which options and environment variables set. Each default has a
//! reason. Nothing is opened here.

mod access;
mod backend;
mod limits;
mod memory;

use std::net::SocketAddr;
use std::num::NonZeroUsize;
use std::thread::available_parallelism;
use std::time::Duration;

use axum::http::Uri;

pub use access::{AccessConfig, Origin, Quota};
pub use backend::{BackendArgs, DataDir, IndexArgs, refuse_cluster};
pub use limits::Limits;
pub use memory::{MemoryLimit, memory_limit};

/// The settings of the server: the options of `serve` and `up`.
#[derive(clap::Args)]
pub struct ServiceConfig {
    #[command(flatten)]
    pub index: IndexArgs,

    /// Address and port to listen on; port 0 chooses a free port
    // Loopback by default: opening the server to a network must be explicit.
    #[arg(
        long,
        env = "FIHRIST_LISTEN",
        default_value = "127.0.0.1:7700",
        value_name = "ADDRESS"
    )]
    pub listen: SocketAddr,

    /// Number of searches that run at the same time; eight times as many may wait briefly, and
    /// further ones are refused [default: twice the number of cores]
    #[arg(long, env = "FIHRIST_MAX_SEARCHES", default_value_t = default_max_searches(), hide_default_value = true, value_name = "N")]
    pub max_searches: NonZeroUsize,

    /// Time limit of a request: 10, 10s, 500ms, 1m
    // A search takes milliseconds, so ten seconds indicate a fault. A proxy in front usually waits
    // for thirty.
    #[arg(long, env = "FIHRIST_REQUEST_TIMEOUT", default_value = "10s", value_parser = duration, value_name = "TIME")]
    pub request_timeout: Duration,

    /// Time limit of a request that writes articles
    // A body of the maximum size takes a minute on a slow line. Processing it takes some seconds.
    #[arg(long, env = "FIHRIST_WRITE_TIMEOUT", default_value = "60s", value_parser = duration, value_name = "TIME")]
    pub write_timeout: Duration,

    /// Maximum size of the body of a request that writes articles, decompressed: 1000000, 64MiB,
    /// 1GiB
    // About ten thousand articles. Four bodies of this size are processed at the same time, so this
    // limits the memory.
    #[arg(long = "max-body", env = "FIHRIST_MAX_BODY", default_value = "64MiB", value_parser = size, value_name = "SIZE")]
    pub max_body_bytes: usize,

    /// Public URL of the server, for links in feeds and in MCP answers: `https://archive.example`
    // Behind a proxy, only this setting knows the address. Without it, the host header of the
    // request is used.
    #[arg(long, env = "FIHRIST_PUBLIC_URL", value_parser = public_url, value_name = "URL")]
    pub public_url: Option<String>,

    /// A host under which MCP clients may reach the server at /mcp, besides this machine and the
    /// public URL; `*` for any
    // A web page can make a browser send requests to a server on the same machine, under the host
    // name of the page.
    #[arg(
        long = "allowed-host",
        env = "FIHRIST_ALLOWED_HOSTS",
        value_delimiter = ',',
        value_name = "HOST"
    )]
    pub allowed_hosts: Vec<String>,

    #[command(flatten)]
    pub access: AccessConfig,

    /// Maximum number of open connections; further ones wait until one is closed
    // Each connection uses a file descriptor. Many systems allow a process 1,024; an index uses
    // some dozens.
    #[arg(
        long,
        env = "FIHRIST_MAX_CONNECTIONS",
        default_value = "512",
        value_name = "N"
    )]
    pub max_connections: NonZeroUsize,

    #[command(flatten)]
    pub limits: Limits,

    /// Memory that the server may use for its work: 900 (megabytes), 2GiB or off; beyond it, requests
    /// are refused [default: three quarters of the limit of its control group, if there is one]
    // Mapped files of the index do not count, because the system can drop them.
    #[arg(long, env = "FIHRIST_MEMORY_LIMIT", value_parser = memory::parse, value_name = "SIZE")]
    pub memory_limit: Option<MemoryLimit>,

    /// Time in which a client must read 64 KiB of an answer, or all of it; then its connection is
    /// closed
    // A slow line reads this in a second.
    #[arg(long, env = "FIHRIST_SEND_TIMEOUT", default_value = "10s", value_parser = duration, value_name = "TIME")]
    pub send_timeout: Duration,

    /// Format of the log
    #[arg(
        long,
        env = "FIHRIST_LOG_FORMAT",
        value_enum,
        default_value = "text",
        value_name = "FORMAT"
    )]
    pub log_format: LogFormat,
}

/// The format of the log.
#[derive(Clone, Copy, PartialEq, clap::ValueEnum)]
pub enum LogFormat {
    /// For people
    Text,
    /// One JSON object per line, for programs
    Json,
}

/// Returns twice the number of cores. A search mostly computes, but some searches wait while pages
/// of the index are read from disk.
fn default_max_searches() -> NonZeroUsize {
    available_parallelism()
        .unwrap_or(NonZeroUsize::MIN)
        .saturating_mul(NonZeroUsize::MIN.saturating_add(1))
}

/// Parses a positive duration. A number without a unit is in seconds.
pub fn duration(text: &str) -> Result<Duration, &'static str> {
    let (number, unit) = number_and_unit(text, "expected a number, as in 10s or 500ms")?;
    let factor = match unit {
        "ms" => 1,
        "" | "s" => 1_000,
        "m" => 60_000,
        _ => return Err("expected ms, s or m after the number"),
    };
    match number.checked_mul(factor) {
        Some(0) => Err("expected more than zero"),
        Some(milliseconds) => Ok(Duration::from_millis(milliseconds)),
        None => Err("expected a smaller number"),
    }
}

/// Parses a positive size. A number without a unit is in bytes.
fn size(text: &str) -> Result<usize, &'static str> {
    let (number, unit) = number_and_unit(text, "expected a number, as in 64MiB or 1000000")?;
    let factor = match unit.to_ascii_lowercase().as_str() {
        "" | "b" => 1,
        "k" | "kib" => 1 << 10,
        "m" | "mib" => 1 << 20,
        "g" | "gib" => 1 << 30,
        _ => return Err("expected KiB, MiB or GiB after the number"),
    };
    match number.checked_mul(factor) {
        Some(0) => Err("expected more than zero"),
        // The memory budget cannot count bodies that are larger.
        Some(bytes) if bytes <= MAX_BODY_BYTES => Ok(bytes as usize),
        Some(_) | None => Err("expected at most 1GiB"),
    }
}

/// Splits a text after its leading digits. Fails with `expected` if they are not a number.
fn number_and_unit<'a>(
    text: &'a str,
    expected: &'static str,
) -> Result<(u64, &'a str), &'static str> {
    let digits = text
        .find(|c: char| !c.is_ascii_digit())
        .unwrap_or(text.len());
    let (number, unit) = text.split_at(digits);
    let number = number.parse().map_err(|_| expected)?;
    Ok((number, unit.trim()))
}

/// Parses a URL to which paths can be appended.
fn public_url(text: &str) -> Result<String, &'static str> {
    const EXPECTED: &str = "expected an address such as https://archive.example";
    let text = text.trim_end_matches('/');
    let url: Uri = text.parse().map_err(|_| EXPECTED)?;
    if is_web_address(&url) && !text.contains(['@', '#', '"', '<', '>']) {
        Ok(text.to_owned())
    } else {
        Err(EXPECTED)
    }
}

/// Whether a URL has a scheme of the web, a host and no query string.
fn is_web_address(url: &Uri) -> bool {
    matches!(url.scheme_str(), Some("http" | "https"))
        && url.host().is_some_and(|host| !host.is_empty())
        && url.query().is_none()
}

/// Maximum of `--max-body`, in bytes. A body is held in memory; larger inputs should be indexed by
/// a job.
const MAX_BODY_BYTES: u64 = 1 << 30;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_sizes() {
        let check =
            |text: &str, expected: Option<usize>| assert_eq!(size(text).ok(), expected, "{text}");
        check("1000", Some(1_000));
        check("1 KiB", Some(1 << 10));
        check("64MiB", Some(64 << 20));
        check("1g", Some(1 << 30));
        check("1025MiB", None);
        check("0", None);
        check("-1", None);
        check("64MB", None);
        check("", None);
        check("99999999999999999999", None);
        check("18446744073709551615GiB", None);
    }

    #[test]
    fn reads_addresses() {
        let check = |text: &str, expected: Option<&str>| {
            assert_eq!(public_url(text).ok().as_deref(), expected, "{text}")
        };
        check("https://archive.example", Some("https://archive.example"));
        check(
            "http://archive.example:8080/press/",
            Some("http://archive.example:8080/press"),
        );
        for wrong in [
            "",
            "archive.example",
            "ftp://archive.example",
            "https://",
            "https://a/?q=1",
            "https://a@b",
            "/x",
        ] {
            check(wrong, None);
        }
    }

    #[test]
    fn reads_spans_of_time() {
        let check = |text: &str, expected: Option<u64>| {
            assert_eq!(
                duration(text).ok(),
                expected.map(Duration::from_millis),
                "{text}"
            );
        };
        check("10", Some(10_000));
        check("10s", Some(10_000));
        check("500ms", Some(500));
        check("2m", Some(120_000));
        check("0s", None);
        check("ten", None);
        check("10 weeks", None);
        check("", None);
        check("99999999999999999999", None);
        check("18446744073709551615m", None);
    }
}
