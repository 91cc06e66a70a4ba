//! The public address of the server, which its links start with, and the hosts that requests may
//! name.
//!
//! Clients control the host header. It is used for links only if no public URL is configured, and
//! only if it consists of a host and a port.

use axum::http::uri::Authority;
use axum::http::{HeaderMap, Uri, header};
use fihrist_index::Article;
use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};

use super::ApiError;

/// All characters except the unreserved ones of RFC 3986.
const RESERVED: &AsciiSet = &NON_ALPHANUMERIC
    .remove(b'-')
    .remove(b'_')
    .remove(b'.')
    .remove(b'~');

/// The public address of a server, and the hosts that requests may name.
#[derive(Default)]
pub struct Addresses {
    /// The configured start of links, without a trailing slash.
    public_url: Option<String>,
    allowed_hosts: Vec<String>,
}

impl Addresses {
    /// Takes the configured public URL, if any, and hosts to allow besides those of this machine.
    pub fn new(public_url: Option<String>, allowed_hosts: Vec<String>) -> Self {
        Self {
            public_url,
            allowed_hosts,
        }
    }

    /// Returns the start of absolute links, without a trailing slash. Returns `None` if no public
    /// URL is configured and the host header is invalid.
    pub fn base(&self, headers: &HeaderMap) -> Option<String> {
        self.public_url
            .clone()
            .or_else(|| host_of(headers).map(|host| format!("http://{host}")))
    }

    /// Returns the start of absolute links, or an error if it is unknown.
    pub fn required_base(&self, headers: &HeaderMap) -> Result<String, ApiError> {
        let missing = "the host header is missing or invalid, so the answer cannot contain links; send a \
                       valid host header";
        self.base(headers)
            .ok_or_else(|| ApiError::InvalidRequest(missing.to_owned()))
    }

    /// Whether the public URL is configured, so that links are the same for all clients.
    pub fn is_fixed(&self) -> bool {
        self.public_url.is_some()
    }

    /// Returns the hosts that a request may name, with or without a port; empty if all are allowed.
    pub fn allowed_hosts(&self) -> Vec<String> {
        if self.allowed_hosts.iter().any(|host| host == "*") {
            return Vec::new();
        }
        let public = self.public_url.as_ref();
        let public = public.and_then(|url| url.parse::<Uri>().ok()?.host().map(str::to_owned));
        let own = ["localhost", "127.0.0.1", "::1"].map(str::to_owned);
        let others = public.into_iter().chain(self.allowed_hosts.iter().cloned());
        own.into_iter().chain(others).collect()
    }

    /// Returns the origins of the allowed hosts. Only their pages may send requests. Returns nothing
    /// if all origins are allowed.
    pub fn allowed_origins(&self) -> Vec<String> {
        let origins = |host: String| {
            let is_bare_v6 = host.matches(':').count() > 1 && !host.starts_with('[');
            let host = if is_bare_v6 {
                format!("[{host}]")
            } else {
                host
            };
            let port = host.rsplit_once(':').map(|(_, port)| port.parse::<u16>());
            let port = if matches!(port, Some(Ok(_))) {
                ""
            } else {
                ":*"
            };
            ["http", "https"].map(|scheme| format!("{scheme}://{host}{port}"))
        };
        self.allowed_hosts().into_iter().flat_map(origins).collect()
    }
}

/// Returns the host header if it is a host with an optional port. Nothing in it can break out of a
/// link.
pub fn host_of(headers: &HeaderMap) -> Option<String> {
    let mut given = headers.get_all(header::HOST).iter();
    let (Some(one), None) = (given.next(), given.next()) else {
        return None;
    };
    let authority: Authority = one.to_str().ok()?.parse().ok()?;
    let is_plain =
        |c: char| c.is_ascii_alphanumeric() || matches!(c, '.' | '-' | '_' | ':' | '[' | ']');
    let is_host = !authority.host().is_empty() && authority.as_str().chars().all(is_plain);
    is_host.then(|| authority.as_str().to_owned())
}

/// Returns the address of the page that shows an article.
pub fn article_page(base: &str, article: &Article) -> String {
    format!("{base}/a/{}", encoded(article.id.as_str()))
}

/// Percent-encodes a text as a part of a URL.
pub fn encoded(text: &str) -> String {
    utf8_percent_encode(text, RESERVED).to_string()
}

/// Whether a link may be followed: an article could contain a `javascript:` address.
pub fn is_web_address(url: &str) -> bool {
    let scheme = url.split_once("://").map(|(scheme, _)| scheme);
    scheme.is_some_and(|scheme| {
        ["http", "https"]
            .iter()
            .any(|web| scheme.eq_ignore_ascii_case(web))
    })
}

#[cfg(test)]
mod tests {
    use axum::http::HeaderValue;

    use super::*;

    fn base(addresses: &Addresses, host: &str) -> Option<String> {
        let mut headers = HeaderMap::new();
        headers.append(
            header::HOST,
            HeaderValue::from_bytes(host.as_bytes()).unwrap(),
        );
        addresses.base(&headers)
    }

    #[test]
    fn links_begin_with_the_setting_or_with_a_plain_host() {
        let check = |host: &str, expected: Option<&str>| {
            assert_eq!(
                base(&Addresses::default(), host).as_deref(),
                expected,
                "{host}"
            );
        };
        check("archive.example", Some("http://archive.example"));
        check("127.0.0.1:7700", Some("http://127.0.0.1:7700"));
        check("[::1]:7700", Some("http://[::1]:7700"));
        for hostile in [
            "",
            "a b",
            "user@host",
            "host/path",
            "host\"><script>",
            "host?x",
            "host#x",
            "مضيف",
            "a:b:c",
        ] {
            check(hostile, None);
        }
        assert_eq!(Addresses::default().base(&HeaderMap::new()), None);
        let fixed = Addresses::new(Some("https://archive.example".to_owned()), Vec::new());
        assert_eq!(
            base(&fixed, "evil.example").as_deref(),
            Some("https://archive.example")
        );
    }

    #[test]
    fn hosts_and_their_origins_are_allowed() {
        let fixed = Addresses::new(
            Some("https://archive.example/x".to_owned()),
            vec!["lan:7700".to_owned()],
        );
        assert_eq!(
            fixed.allowed_hosts(),
            [
                "localhost",
                "127.0.0.1",
                "::1",
                "archive.example",
                "lan:7700"
            ]
        );
        let origins = fixed.allowed_origins();
        for origin in [
            "http://localhost:*",
            "http://[::1]:*",
            "https://archive.example:*",
            "http://lan:7700",
        ] {
            assert!(
                origins.iter().any(|allowed| allowed == origin),
                "{origin} in {origins:?}"
            );
        }
        assert!(
            Addresses::new(None, vec!["*".to_owned()])
                .allowed_hosts()
                .is_empty()
        );
    }
}
