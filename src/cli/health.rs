//! `fihrist health`: whether a server answers and has an index, for health checks in containers without curl.

use std::time::Duration;

use anyhow::{Context, bail};

/// Shorter than the interval of any sane health check.
const TIMEOUT: Duration = Duration::from_secs(3);

/// Ask a running server whether it is ready
#[derive(Debug, clap::Args)]
pub struct Args {
    /// Where the server listens
    #[arg(long, env = "FIHRIST_URL", default_value = "http://127.0.0.1:7700", value_name = "URL")]
    pub url: String,
}

/// Succeeds when the server is ready.
pub fn run(args: &Args) -> anyhow::Result<()> {
    let url = args.url.trim_end_matches('/');
    let agent =
        ureq::Agent::config_builder().timeout_global(Some(TIMEOUT)).http_status_as_error(false).build().new_agent();
    let mut response = agent.get(format!("{url}/readyz")).call().with_context(|| format!("no answer from {url}"))?;
    if response.status().is_success() {
        println!("{url} is ready");
        return Ok(());
    }
    let status = response.status();
    let problem: Option<serde_json::Value> = response.body_mut().read_json().ok();
    match problem.as_ref().and_then(|problem| problem["detail"].as_str()) {
        Some(detail) => bail!("{url} is not ready: {detail}"),
        None => bail!("{url} is not ready: it answered {status}"),
    }
}
