//! `fihrist health`: asks whether a server answers and has an index. Health checks in containers
//! need no curl.

use std::net::{Ipv4Addr, Ipv6Addr, SocketAddr};
use std::time::Duration;

use anyhow::{Context, bail};

use crate::config::duration;

/// Ask a running server whether it is ready
#[derive(clap::Args)]
pub struct Args {
    /// Address of the server [default: the address in FIHRIST_LISTEN, on this machine; otherwise
    /// http://127.0.0.1:7700]
    #[arg(long, env = "FIHRIST_URL", value_name = "URL")]
    url: Option<String>,

    /// Time limit for the answer: 2, 2s, 500ms
    // Shorter than the three seconds after which the image's health check is killed, so that the
    // reason is still printed.
    #[arg(long, default_value = "2s", value_parser = duration, value_name = "TIME")]
    timeout: Duration,

    /// In a container, only this variable holds the address of the server.
    #[arg(
        long,
        env = "FIHRIST_LISTEN",
        default_value = "127.0.0.1:7700",
        hide = true
    )]
    listen: SocketAddr,
}

/// Succeeds if the server is ready.
pub fn run(args: &Args) -> anyhow::Result<bool> {
    let url = args.url.clone().unwrap_or_else(|| url_of(args.listen));
    let url = url.trim_end_matches('/');
    let config = ureq::Agent::config_builder()
        .timeout_global(Some(args.timeout))
        .http_status_as_error(false);
    let agent = config.proxy(None).build().new_agent();
    let mut response = agent
        .get(format!("{url}/readyz"))
        .call()
        .with_context(|| format!("no answer from {url}"))?;
    let status = response.status();
    let body: Option<serde_json::Value> = response.body_mut().read_json().ok();
    let said = |name: &str| body.as_ref().and_then(|body| body[name].as_str());
    if status.is_success() {
        match said("status") {
            Some("stale") => {
                println!(
                    "{url} is ready, but cannot open newer commits of the index; see the log of the server"
                )
            }
            Some(_) | None => println!("{url} is ready"),
        }
        return Ok(true);
    }
    match said("detail") {
        Some(detail) => bail!("{url} is not ready: {detail}"),
        None => bail!("{url} is not ready: it answered {status}"),
    }
}

/// Returns the URL of a server that listens on an address of this machine.
fn url_of(mut listen: SocketAddr) -> String {
    if listen.ip().is_unspecified() {
        listen.set_ip(if listen.is_ipv4() {
            Ipv4Addr::LOCALHOST.into()
        } else {
            Ipv6Addr::LOCALHOST.into()
        });
    }
    format!("http://{listen}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_server_on_all_addresses_is_on_this_machine_too() {
        let check =
            |listen: &str, expected: &str| assert_eq!(url_of(listen.parse().unwrap()), expected);
        check("0.0.0.0:7700", "http://127.0.0.1:7700");
        check("[::]:80", "http://[::1]:80");
        check("10.1.2.3:9", "http://10.1.2.3:9");
    }
}
