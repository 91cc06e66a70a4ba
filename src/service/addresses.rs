//! Under which addresses the service is reached: what links to itself begin with, and which hosts a browser may name.
//!
//! A host header says whatever its sender likes. It is used for links only where no setting says better, and only if it is
//! nothing but a host and a port.

use axum::http::uri::Authority;
use axum::http::{HeaderMap, Uri, header};
use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};

use super::error::ApiError;

/// All but what RFC 3986 calls unreserved.
const RESERVED: &AsciiSet = &NON_ALPHANUMERIC
    .remove(b'-')
    .remove(b'_')
    .remove(b'.')
    .remove(b'~');

/// The addresses of a service.
#[derive(Debug, Clone, Default)]
pub struct Addresses {
    /// What links begin with, without a slash at the end.
    public_url: Option<String>,
    allowed_hosts: Vec<String>,
}

impl Addresses {
    /// The address that a setting gives, if any, and hosts that may be named besides this machine's own.
    pub fn new(public_url: Option<String>, allowed_hosts: Vec<String>) -> Self {
        Self {
            public_url,
            allowed_hosts,
        }
    }

    /// What absolute links begin with, without a slash at the end.
    pub fn base(&self, headers: &HeaderMap) -> Option<String> {
        self.public_url
            .clone()
            .or_else(|| host(headers).map(|host| format!("http://{host}")))
    }

    /// The same for an answer that is nothing without it.
    pub fn required_base(&self, headers: &HeaderMap) -> Result<String, ApiError> {
        self.base(headers).ok_or_else(|| {
            ApiError::InvalidRequest(
                "the header host is missing or names no host, so there is no address to link to"
                    .into(),
            )
        })
    }

    /// Whether links are the same for all who ask.
    pub fn is_fixed(&self) -> bool {
        self.public_url.is_some()
    }

    /// The hosts that a request may name, without a port or with it; empty if all may be.
    pub fn allowed_hosts(&self) -> Vec<String> {
        if self.allowed_hosts.iter().any(|host| host == "*") {
            return Vec::new();
        }
        let own = ["localhost", "127.0.0.1", "::1"]
            .map(str::to_owned)
            .into_iter();
        let public = self
            .public_url
            .as_ref()
            .and_then(|url| url.parse::<Uri>().ok());
        let public = public.and_then(|url| url.host().map(str::to_owned));
        own.chain(public)
            .chain(self.allowed_hosts.iter().cloned())
            .collect()
    }

    /// The origins of pages that a browser may send requests from: those of the allowed hosts; empty if all may.
    pub fn allowed_origins(&self) -> Vec<String> {
        let origins = |host: String| {
            let is_bare_v6 = host.matches(':').count() > 1 && !host.starts_with('[');
            let host = if is_bare_v6 {
                format!("[{host}]")
            } else {
                host
            };
            let has_port = host
                .rsplit_once(':')
                .is_some_and(|(_, port)| port.parse::<u16>().is_ok());
            let port = if has_port { "" } else { ":*" };
            ["http", "https"].map(|scheme| format!("{scheme}://{host}{port}"))
        };
        self.allowed_hosts().into_iter().flat_map(origins).collect()
    }
}

/// The host header, if it is a host and perhaps a port: no user, no path, nothing to break out of a link with.
fn host(headers: &HeaderMap) -> Option<String> {
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

/// A text as a part of an address.
pub fn encoded(text: &str) -> String {
    utf8_percent_encode(text, RESERVED).to_string()
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
