//! Raw flags and environment → checked settings of the service, every default with its reason. It opens nothing.

use std::net::SocketAddr;
use std::num::NonZeroUsize;
use std::path::PathBuf;
use std::thread::available_parallelism;
use std::time::Duration;

/// The flags of `serve`, which `up` shares.
#[derive(Debug, Clone, clap::Args)]
pub struct ServiceArgs {
    /// Address and port to listen on; port 0 takes a free one
    // Loopback: whoever opens the service to a network says so.
    #[arg(long, env = "FIHRIST_LISTEN", default_value = "127.0.0.1:7700", value_name = "ADDRESS")]
    pub listen: SocketAddr,

    /// Searches that run at the same time; others wait a moment, then are told to come back [default: twice the cores]
    #[arg(long, env = "FIHRIST_MAX_SEARCHES", value_name = "N")]
    pub max_searches: Option<NonZeroUsize>,

    /// Time after which a request is given up: 10, 10s, 500ms, 1m
    // A search takes milliseconds: ten seconds is a fault, and a proxy in front usually waits for thirty.
    #[arg(long, env = "FIHRIST_REQUEST_TIMEOUT", default_value = "10s", value_parser = duration, value_name = "TIME")]
    pub request_timeout: Duration,

    /// How log lines are written
    #[arg(long, env = "FIHRIST_LOG_FORMAT", value_enum, default_value = "text", value_name = "FORMAT")]
    pub log_format: LogFormat,
}

/// How log lines are written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, clap::ValueEnum)]
pub enum LogFormat {
    /// For people
    Text,
    /// One JSON object a line, for machines
    Json,
}

/// Checked settings of the service.
#[derive(Debug, Clone)]
pub struct ServiceConfig {
    pub data: PathBuf,
    pub max_searches: NonZeroUsize,
    pub request_timeout: Duration,
}

impl ServiceArgs {
    /// Puts the defaults in that depend on the machine.
    pub fn config(&self, data: PathBuf) -> ServiceConfig {
        ServiceConfig {
            data,
            max_searches: self.max_searches.unwrap_or_else(default_max_searches),
            request_timeout: self.request_timeout,
        }
    }
}

/// Twice the cores: a search is mostly computing, but some wait for a page of the index to be read.
fn default_max_searches() -> NonZeroUsize {
    available_parallelism().unwrap_or(NonZeroUsize::MIN).saturating_mul(NonZeroUsize::MIN.saturating_add(1))
}

/// Reads a positive span of time; a bare number counts seconds.
fn duration(text: &str) -> Result<Duration, String> {
    let digits = text.find(|c: char| !c.is_ascii_digit()).unwrap_or(text.len());
    let (number, unit) = text.split_at(digits);
    let number: u64 = number.parse().map_err(|_| "expected a number, as in 10s or 500ms".to_owned())?;
    let milliseconds = match unit.trim() {
        "ms" => Some(number),
        "" | "s" => number.checked_mul(1_000),
        "m" => number.checked_mul(60_000),
        _ => return Err("expected ms, s or m after the number".to_owned()),
    };
    match milliseconds {
        Some(0) => Err("expected more than nothing".to_owned()),
        Some(milliseconds) => Ok(Duration::from_millis(milliseconds)),
        None => Err("expected a smaller number".to_owned()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_spans_of_time() {
        let check = |text: &str, expected: Option<u64>| {
            assert_eq!(duration(text).ok(), expected.map(Duration::from_millis), "{text}");
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
