//! Access settings, which options and environment variables set. `http::access` applies them.

use std::net::IpAddr;
use std::num::NonZeroU32;
use std::time::Duration;

use axum::http::HeaderValue;
use axum::http::uri::Authority;
use clap::builder::BoolishValueParser;
use ipnet::IpNet;

/// The settings of access.
#[derive(Clone, clap::Args)]
pub struct AccessConfig {
    /// Require a key with the scope `search` for reading; health checks and the API description
    /// stay open
    #[arg(long = "require-key", env = "FIHRIST_REQUIRE_KEY", value_parser = BoolishValueParser::new())]
    pub requires_key: bool,

    /// Rate limit per client: 20/s, 600/m or off [default: 20/s, and off for this machine]
    // A person who types ten letters per second, with suggestions and results for each, stays below
    // it. A scraper without pauses does not. A client on this machine could read the files
    // directly.
    #[arg(long, env = "FIHRIST_RATE_LIMIT", value_parser = rate, value_name = "RATE")]
    rate_limit: Option<Rate>,

    /// Number of requests that a client may send at once after a pause [default: the requests of
    /// ten seconds]
    #[arg(long, env = "FIHRIST_RATE_BURST", value_name = "N")]
    rate_burst: Option<NonZeroU32>,

    /// Trusted proxies, whose headers state the address of the client, as addresses or networks:
    /// 127.0.0.1,10.0.0.0/8
    #[arg(
        long,
        env = "FIHRIST_TRUSTED_PROXIES",
        value_delimiter = ',',
        value_parser = network,
        value_name = "CIDR,…"
    )]
    pub trusted_proxies: Vec<IpNet>,

    /// Web sites whose scripts may send requests: `https://example.org`, or * for all sites, which
    /// may only read; may be given several times
    #[arg(long = "cors-origin", env = "FIHRIST_CORS_ORIGIN", value_delimiter = ',', value_parser = origin, value_name = "ORIGIN")]
    pub cors_origins: Vec<Origin>,
}

/// The rate limit of a client.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Quota {
    /// The time between two requests at the average rate.
    pub every: Duration,
    /// Number of requests that may be sent at once after a pause.
    pub burst: NonZeroU32,
    /// Whether the limit applies to clients on this machine as well.
    pub holds_for_loopback: bool,
}

/// The average rate of requests.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Rate {
    /// No limit.
    Off,
    /// One request per period.
    Every(Duration),
}

/// The origin of a web site, as browsers send it.
#[derive(Debug, Clone, PartialEq)]
pub enum Origin {
    /// Any site.
    Any,
    /// The site with this origin.
    Exactly(HeaderValue),
}

/// The default rate: one request per 50 ms, which is twenty per second.
const DEFAULT_EVERY: Duration = Duration::from_millis(50);

/// The default burst is the number of requests that the rate allows in this time.
const BURST: Duration = Duration::from_secs(10);

/// Minimum of the default burst. Even at a slow rate, a page loads at once with its stylesheet and
/// icon.
const MIN_BURST: u32 = 10;

impl AccessConfig {
    /// Returns the rate limit of a client, or `None` if there is none.
    pub fn quota(&self) -> Option<Quota> {
        let every = match self.rate_limit {
            None => DEFAULT_EVERY,
            Some(Rate::Every(every)) => every,
            Some(Rate::Off) => return None,
        };
        Some(Quota {
            every,
            burst: self.rate_burst.unwrap_or_else(|| default_burst(every)),
            holds_for_loopback: self.rate_limit.is_some(),
        })
    }
}

fn default_burst(every: Duration) -> NonZeroU32 {
    let count = BURST.as_nanos() / every.as_nanos().max(1);
    NonZeroU32::new(u32::try_from(count).unwrap_or(u32::MAX).max(MIN_BURST))
        .unwrap_or(NonZeroU32::MIN)
}

/// Parses a number of requests per second or per minute.
fn rate(text: &str) -> Result<Rate, String> {
    let expected =
        || "expected requests per second or per minute, as in 20/s or 600/m, or off".to_owned();
    if text.trim() == "off" {
        return Ok(Rate::Off);
    }
    let (number, unit) = text.split_once('/').ok_or_else(expected)?;
    let number: u32 = number.trim().parse().map_err(|_| expected())?;
    let unit = match unit.trim() {
        "s" => Duration::from_secs(1),
        "m" => Duration::from_mins(1),
        _ => return Err(expected()),
    };
    match number {
        0 => Err("expected more than zero; off means no limit".to_owned()),
        1..=MAX_RATE => Ok(Rate::Every(unit / number)),
        _ => Err(format!("expected at most {MAX_RATE}; off means no limit")),
    }
}

/// Maximum number of requests per second or minute. No client can send more.
const MAX_RATE: u32 = 1_000_000;

/// Parses an address or a network.
fn network(text: &str) -> Result<IpNet, &'static str> {
    let text = text.trim();
    let one = |address: IpAddr| IpNet::from(address.to_canonical());
    let network = text.parse().or_else(|_| text.parse().map(one));
    let network: IpNet =
        network.map_err(|_| "expected an address or a network, as in 127.0.0.1 or 10.0.0.0/8")?;
    if network.prefix_len() == 0 {
        // If all networks were trusted, every client could forge its address.
        return Err("expected the networks of your proxies, not all networks");
    }
    Ok(network)
}

/// Parses an origin as browsers send it: scheme, host and port, nothing else.
fn origin(text: &str) -> Result<Origin, String> {
    let text = text.trim();
    if text == "*" {
        return Ok(Origin::Any);
    }
    let expected =
        |what: &str| format!("{what}, as in https://example.org or http://localhost:3000; or *");
    let Some((scheme @ ("http" | "https"), rest)) = text.split_once("://") else {
        return Err(expected("expected http:// or https:// and a host"));
    };
    if rest.contains(['/', '?', '#', '@']) {
        return Err(expected(
            "expected a host without anything after it, not even a slash",
        ));
    }
    let authority = Authority::try_from(rest)
        .map_err(|_| expected("expected a host in ASCII letters (xn--… for others)"))?;
    if authority.host().is_empty()
        || rest.contains('*')
        || rest.chars().any(|c| c.is_ascii_uppercase())
    {
        return Err(expected("expected a host in lower case without wildcards"));
    }
    let port = rest.strip_prefix(authority.host()).unwrap_or_default();
    if !port.is_empty() && authority.port_u16().is_none() {
        return Err(expected("expected a port from 1 to 65535"));
    }
    if matches!(
        (scheme, authority.port_u16()),
        ("http", Some(80)) | ("https", Some(443))
    ) {
        return Err(expected(
            "expected no port, because browsers omit the default port",
        ));
    }
    HeaderValue::from_str(text)
        .map(Origin::Exactly)
        .map_err(|_| expected("expected a host"))
}

#[cfg(test)]
mod tests {
    use clap::Parser;
    use proptest::prelude::*;

    use super::*;

    #[derive(Parser)]
    struct Flags {
        #[command(flatten)]
        access: AccessConfig,
    }

    fn config(flags: &[&str]) -> AccessConfig {
        Flags::try_parse_from([&["fihrist"], flags].concat())
            .unwrap_or_else(|error| panic!("{error}"))
            .access
    }

    #[test]
    fn reads_rates() {
        let check =
            |text: &str, expected: Option<Rate>| assert_eq!(rate(text).ok(), expected, "{text}");
        check("off", Some(Rate::Off));
        check("20/s", Some(Rate::Every(Duration::from_millis(50))));
        check("600/m", Some(Rate::Every(Duration::from_millis(100))));
        check("1 / m", Some(Rate::Every(Duration::from_mins(1))));
        for text in [
            "",
            "20",
            "0/s",
            "-1/s",
            "1.5/s",
            "20/h",
            "20/",
            "/s",
            "99999999999/s",
            "1000001/s",
            "Off?",
        ] {
            check(text, None);
        }
    }

    #[test]
    fn the_burst_follows_the_rate() {
        let check = |flags: &[&str], expected: Option<(u32, bool)>| {
            let quota = config(flags)
                .quota()
                .map(|quota| (quota.burst.get(), quota.holds_for_loopback));
            assert_eq!(quota, expected, "{flags:?}");
        };
        check(&[], Some((200, false)));
        check(&["--rate-limit", "5/s"], Some((50, true)));
        check(&["--rate-limit", "6/m"], Some((10, true)));
        check(
            &["--rate-limit", "6/m", "--rate-burst", "3"],
            Some((3, true)),
        );
        check(&["--rate-burst", "3"], Some((3, false)));
        check(&["--rate-limit", "off"], None);
    }

    #[test]
    fn reads_networks() {
        let check = |text: &str, expected: Option<&str>| {
            assert_eq!(
                network(text)
                    .ok()
                    .map(|network| network.to_string())
                    .as_deref(),
                expected,
                "{text}"
            );
        };
        check("127.0.0.1", Some("127.0.0.1/32"));
        check(" 10.0.0.0/8 ", Some("10.0.0.0/8"));
        check("::1", Some("::1/128"));
        check("::ffff:192.0.2.1", Some("192.0.2.1/32"));
        check("fd00::/8", Some("fd00::/8"));
        for text in [
            "",
            "localhost",
            "10.0.0.0/33",
            "0.0.0.0/0",
            "::/0",
            "10.0.0",
            "10.0.0.1:80",
        ] {
            check(text, None);
        }
        let several = config(&["--trusted-proxies", "127.0.0.1,10.0.0.0/8"]);
        assert_eq!(several.trusted_proxies.len(), 2);
    }

    #[test]
    fn reads_origins() {
        assert_eq!(origin("*"), Ok(Origin::Any));
        for text in [
            "https://example.org",
            "http://localhost:3000",
            "https://[2001:db8::1]:8443",
            "http://192.0.2.1",
        ] {
            assert_eq!(
                origin(text),
                Ok(Origin::Exactly(HeaderValue::from_str(text).unwrap())),
                "{text}"
            );
        }
        let check = |text: &str, expected: &str| {
            let error = origin(text).expect_err(text);
            assert!(error.contains(expected), "{text}: {error}");
        };
        check("example.org", "http:// or https://");
        check("null", "http:// or https://");
        check("", "http:// or https://");
        check("HTTPS://example.org", "http:// or https://");
        check("file://example.org", "http:// or https://");
        check("https://example.org/", "not even a slash");
        check("https://example.org/app", "not even a slash");
        check("https://user@example.org", "not even a slash");
        check("https://", "a host");
        check("https://:80", "a host");
        check("https://*.example.org", "wildcards");
        check("https://Example.org", "lower case");
        check("https://مثال.org", "xn--");
        check("https://example.org:443", "no port");
        check("https://example.org:70000", "port from 1");
        check("https://example.org:", "port from 1");
        check("https://exa mple.org", "a host");
    }

    proptest! {
        #[test]
        fn any_text_is_a_setting_or_explained(text in "\\PC{0,40}|(https://)?[a-z0-9:/@.*\\[\\]]{0,20}") {
            if let Ok(Rate::Every(every)) = rate(&text) {
                prop_assert!(!every.is_zero());
            }
            if let Ok(Origin::Exactly(origin)) = origin(&text) {
                prop_assert_eq!(origin.as_bytes(), text.trim().as_bytes());
            }
            let _no_panic = network(&text);
        }
    }
}
