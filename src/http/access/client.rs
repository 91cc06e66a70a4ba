//! Identifies the client of a request for rate limiting: the owner of a key, or an address.

use std::net::{IpAddr, Ipv4Addr, SocketAddr};

use axum::http::{HeaderMap, HeaderName, header};
use ipnet::IpNet;

const FORWARDED_FOR: HeaderName = HeaderName::from_static("x-forwarded-for");

/// A client of the rate limiter, which counts the requests of each client together.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub enum Client {
    /// The owner of the key with this id.
    Key(String),
    /// A client at an IPv4 address.
    V4(Ipv4Addr),
    /// A client in an IPv6 network of 64 bits, the smallest network that a provider assigns to a
    /// customer.
    V6(u64),
}

impl From<IpAddr> for Client {
    fn from(address: IpAddr) -> Self {
        match address.to_canonical() {
            IpAddr::V4(address) => Self::V4(address),
            IpAddr::V6(address) => {
                Self::V6(u64::try_from(address.to_bits() >> 64).unwrap_or_default())
            }
        }
    }
}

/// Returns the address of the client. This is the address of the connection, unless a trusted proxy
/// opened it. Then it is the last address in the header that does not belong to a trusted proxy;
/// clients can forge the addresses before it.
pub fn address(peer: IpAddr, headers: &HeaderMap, trusted: &[IpNet]) -> IpAddr {
    let is_trusted = |address: &IpAddr| trusted.iter().any(|network| network.contains(address));
    let peer = peer.to_canonical();
    if !is_trusted(&peer) {
        return peer;
    }
    let last_untrusted = |hops: Vec<Option<IpAddr>>| {
        let mut nearest = peer;
        // Addresses before an invalid one cannot be trusted.
        for hop in hops.into_iter().rev().map_while(|hop| hop) {
            nearest = hop;
            if !is_trusted(&hop) {
                break;
            }
        }
        nearest
    };
    let by_x_header = last_untrusted(x_forwarded_for(headers));
    let by_standard = last_untrusted(forwarded(headers));
    match (by_x_header == peer, by_standard == peer) {
        (_, true) => by_x_header,
        (true, false) => by_standard,
        // A proxy sets one header and may pass the other on unchanged, so a client can forge it. If
        // the two differ, neither is used.
        (false, false) if by_x_header == by_standard => by_x_header,
        (false, false) => peer,
    }
}

/// Returns the addresses of `x-forwarded-for`, the nearest last.
fn x_forwarded_for(headers: &HeaderMap) -> Vec<Option<IpAddr>> {
    let values = headers.get_all(FORWARDED_FOR).iter();
    let addresses = values.flat_map(|value| value.to_str().unwrap_or("?").split(','));
    addresses.map(hop).collect()
}

/// Returns the addresses of `forwarded` (RFC 7239), the nearest last. An element without an address
/// gives `None`.
fn forwarded(headers: &HeaderMap) -> Vec<Option<IpAddr>> {
    let values = headers.get_all(header::FORWARDED).iter();
    let address_of = |element: &str| {
        let pairs = split_unquoted(element, ';').into_iter();
        let address = pairs
            .filter_map(|pair| pair.trim().split_once('='))
            .find(|(name, _)| name.trim().eq_ignore_ascii_case("for"));
        hop(address?.1.trim().trim_matches('"'))
    };
    let elements = values.flat_map(|value| split_unquoted(value.to_str().unwrap_or("?"), ','));
    elements.map(address_of).collect()
}

/// Parses an address with an optional port, which is ignored.
fn hop(text: &str) -> Option<IpAddr> {
    let text = text.trim();
    let bare = text.trim_start_matches('[').trim_end_matches(']');
    let with_port = text.parse().map(|address: SocketAddr| address.ip());
    let address = with_port.or_else(|_| bare.parse()).ok()?;
    Some(address.to_canonical())
}

fn split_unquoted(text: &str, separator: char) -> Vec<&str> {
    let mut is_quoted = false;
    let split = text.split(|c: char| {
        is_quoted ^= c == '"';
        c == separator && !is_quoted
    });
    split.collect()
}

#[cfg(test)]
mod tests {
    use axum::http::HeaderValue;
    use proptest::prelude::*;

    use super::*;

    fn headers(lines: &[(&'static str, &str)]) -> HeaderMap {
        let mut headers = HeaderMap::new();
        for (name, value) in lines {
            headers.append(*name, HeaderValue::from_bytes(value.as_bytes()).unwrap());
        }
        headers
    }

    fn trusted() -> Vec<IpNet> {
        ["127.0.0.1/32", "10.0.0.0/8", "fd00::/8"]
            .map(|network| network.parse().unwrap())
            .to_vec()
    }

    #[track_caller]
    fn check(peer: &str, lines: &[(&'static str, &str)], expected: &str) {
        let found = address(peer.parse().unwrap(), &headers(lines), &trusted());
        assert_eq!(
            found,
            expected.parse::<IpAddr>().unwrap(),
            "{peer} {lines:?}"
        );
    }

    const X: &str = "x-forwarded-for";
    const STANDARD: &str = "forwarded";

    #[test]
    fn only_trusted_proxies_are_believed() {
        check("192.0.2.1", &[(X, "198.51.100.7")], "192.0.2.1");
        check("192.0.2.1", &[(STANDARD, "for=198.51.100.7")], "192.0.2.1");
        check("10.1.2.3", &[(X, "198.51.100.7")], "198.51.100.7");
        check("::ffff:10.1.2.3", &[(X, "198.51.100.7")], "198.51.100.7");
        check("10.1.2.3", &[], "10.1.2.3");
        let nobody = address(
            "10.1.2.3".parse().unwrap(),
            &headers(&[(X, "198.51.100.7")]),
            &[],
        );
        assert_eq!(nobody.to_string(), "10.1.2.3");
    }

    #[test]
    fn the_last_untrusted_address_counts() {
        check("127.0.0.1", &[(X, "1.1.1.1, 198.51.100.7")], "198.51.100.7");
        check(
            "127.0.0.1",
            &[(X, "1.1.1.1, 198.51.100.7, 10.0.0.5")],
            "198.51.100.7",
        );
        check(
            "127.0.0.1",
            &[(X, "1.1.1.1"), (X, "198.51.100.7")],
            "198.51.100.7",
        );
        check(
            "127.0.0.1",
            &[(X, "127.0.0.1, 198.51.100.7,10.9.9.9")],
            "198.51.100.7",
        );
        check("127.0.0.1", &[(X, "10.0.0.1, 10.0.0.2")], "10.0.0.1");
        check("127.0.0.1", &[(X, "198.51.100.7:4711")], "198.51.100.7");
        check("127.0.0.1", &[(X, "[2001:db8::1]:4711")], "2001:db8::1");
        check("127.0.0.1", &[(X, "2001:db8::1, fd00::9")], "2001:db8::1");
        check("127.0.0.1", &[(X, "::ffff:198.51.100.7")], "198.51.100.7");
    }

    #[test]
    fn what_is_no_address_hides_what_stands_before_it() {
        check("127.0.0.1", &[(X, "198.51.100.7, unknown")], "127.0.0.1");
        check(
            "127.0.0.1",
            &[(X, "198.51.100.7, unknown, 10.0.0.5")],
            "10.0.0.5",
        );
        check("127.0.0.1", &[(X, "")], "127.0.0.1");
        check("127.0.0.1", &[(X, "198.51.100.7,")], "127.0.0.1");
        check("127.0.0.1", &[(X, "ميناء")], "127.0.0.1");
        check(
            "127.0.0.1",
            &[(STANDARD, "for=198.51.100.7, proto=https")],
            "127.0.0.1",
        );
        check("127.0.0.1", &[(STANDARD, "for=_hidden")], "127.0.0.1");
    }

    #[test]
    fn the_standard_header_is_read_too() {
        check(
            "127.0.0.1",
            &[(STANDARD, "for=198.51.100.7;proto=https;by=10.0.0.1")],
            "198.51.100.7",
        );
        check(
            "127.0.0.1",
            &[(STANDARD, "For=\"[2001:db8::1]:4711\"")],
            "2001:db8::1",
        );
        check(
            "127.0.0.1",
            &[(STANDARD, "for=1.1.1.1, For=198.51.100.7, for=10.0.0.5")],
            "198.51.100.7",
        );
        check(
            "127.0.0.1",
            &[(STANDARD, "host=\"a,b;for=1.1.1.1\";for=198.51.100.7")],
            "198.51.100.7",
        );
        check(
            "127.0.0.1",
            &[(STANDARD, "for=198.51.100.7"), (X, "198.51.100.7")],
            "198.51.100.7",
        );
        check(
            "127.0.0.1",
            &[(STANDARD, "for=1.1.1.1"), (X, "198.51.100.7")],
            "127.0.0.1",
        );
    }

    #[test]
    fn addresses_of_one_network_are_one_client() {
        let client = |text: &str| Client::from(text.parse::<IpAddr>().unwrap());
        assert_eq!(
            client("2001:db8:1:2:3::4"),
            client("2001:db8:1:2:ffff:ffff:ffff:ffff")
        );
        assert_ne!(client("2001:db8:1:2::4"), client("2001:db8:1:3::4"));
        assert_eq!(client("::ffff:192.0.2.1"), client("192.0.2.1"));
        assert_ne!(client("192.0.2.1"), client("192.0.2.2"));
    }

    proptest! {
        #[test]
        fn any_header_is_an_address_or_none(text in "[\\x20-\\x7E\\xA0-\\xFF]{0,60}|(for=)?\"?\\[?[0-9a-f:.]{0,20}[\\]\",;]*") {
            let lines = headers(&[(X, &text), (STANDARD, &text)]);
            let untrusting = address("192.0.2.1".parse().unwrap(), &lines, &trusted());
            prop_assert_eq!(untrusting.to_string(), "192.0.2.1");
            let _no_panic = address("127.0.0.1".parse().unwrap(), &lines, &trusted());
        }
    }
}
