//! Rate limiting with the generic cell rate algorithm of `governor`, for a limited number of
//! clients, and the headers that report the remaining quota. `client` identifies clients.

use std::num::NonZeroU32;
use std::time::Duration;

use axum::http::{HeaderMap, HeaderName, HeaderValue};
use governor::RateLimiter;
use governor::clock::{Clock, MonotonicClock};
use governor::middleware::StateInformationMiddleware;

use super::Client;
use super::client_times::ClientTimes;
use crate::config::Quota;

/// Maximum number of clients in memory. This many use about ten megabytes.
const MAX_CLIENTS: usize = 100_000;

/// A request with a wrong key counts as this many requests, so that guessing keys is stopped early.
pub const COST_OF_A_WRONG_KEY: u32 = 5;

const LIMIT: HeaderName = HeaderName::from_static("ratelimit-limit");
const REMAINING: HeaderName = HeaderName::from_static("ratelimit-remaining");
const RESET: HeaderName = HeaderName::from_static("ratelimit-reset");
const POLICY: HeaderName = HeaderName::from_static("ratelimit-policy");

/// The names of the headers that report the quota.
pub const HEADERS: [HeaderName; 4] = [LIMIT, REMAINING, RESET, POLICY];

/// Counts the requests of clients.
pub struct Limiter<C: Clock = MonotonicClock> {
    pub quota: Quota,
    inner: RateLimiter<Client, ClientTimes<Client>, C, StateInformationMiddleware>,
}

/// The quota of a client after a request.
#[derive(Clone, Copy)]
pub struct RateLimitStatus {
    quota: Quota,
    /// Number of requests that the client may send now.
    remaining: u32,
    /// The time until the next request is allowed, if none is allowed now.
    pub wait: Option<Duration>,
}

impl Limiter {
    /// Creates a limiter with the clock of the system.
    pub fn new(quota: Quota) -> Self {
        Self::with(quota, MAX_CLIENTS, MonotonicClock)
    }
}

impl<C: Clock> Limiter<C> {
    fn with(quota: Quota, max_clients: usize, clock: C) -> Self {
        let every = quota.every.max(Duration::from_nanos(1));
        let cells = governor::Quota::with_period(every)
            .expect("the period is not zero")
            .allow_burst(quota.burst);
        Self {
            quota,
            inner: RateLimiter::new(cells, ClientTimes::new(max_clients), clock),
        }
    }

    /// Counts a number of requests, at most the burst, so that each is allowed after a pause.
    pub fn count(&self, client: &Client, requests: u32) -> RateLimitStatus {
        let cost = NonZeroU32::new(requests).unwrap_or(NonZeroU32::MIN);
        let outcome = self
            .inner
            .check_key_n(client, cost.min(self.quota.burst))
            .expect("the cost is at most the burst");
        let (remaining, wait) = match outcome {
            Ok(state) => (state.remaining_burst_capacity(), None),
            // The remaining quota is too small for this request.
            Err(until) => (0, Some(until.wait_time_from(self.inner.clock().now()))),
        };
        RateLimitStatus {
            quota: self.quota,
            remaining,
            wait,
        }
    }
}

impl RateLimitStatus {
    /// Adds the rate limit headers, in the version of the IETF draft that most clients know. In it,
    /// `RateLimit-Limit` is the number of requests in the window that the policy states.
    pub fn write_headers(&self, headers: &mut HeaderMap) {
        let Quota { every, burst, .. } = self.quota;
        let reset = match self.wait {
            None => every.saturating_mul(burst.get() - self.remaining.min(burst.get())),
            Some(wait) => wait.saturating_add(every.saturating_mul(burst.get() - 1)),
        };
        let window = seconds(every.saturating_mul(burst.get())).max(1);
        headers.insert(LIMIT, burst.get().into());
        headers.insert(REMAINING, self.remaining.into());
        headers.insert(RESET, seconds(reset).into());
        if let Ok(policy) = HeaderValue::from_str(&format!("{burst};w={window}")) {
            headers.insert(POLICY, policy);
        }
    }
}

/// Returns whole seconds, rounded up, so that waiting this long is enough.
pub fn seconds(time: Duration) -> u64 {
    time.as_secs() + u64::from(time.subsec_nanos() > 0)
}

#[cfg(test)]
mod tests {
    use governor::clock::FakeRelativeClock;

    use super::*;

    fn limiter(burst: u32, clients: usize) -> (Limiter<FakeRelativeClock>, FakeRelativeClock) {
        let clock = FakeRelativeClock::default();
        let burst = NonZeroU32::new(burst).unwrap();
        let quota = Quota {
            every: Duration::from_millis(500),
            burst,
            holds_for_loopback: true,
        };
        (Limiter::with(quota, clients, clock.clone()), clock)
    }

    fn client(name: &str) -> Client {
        Client::Key(name.to_owned())
    }

    fn header_values(status: RateLimitStatus) -> [String; 4] {
        let mut headers = HeaderMap::new();
        status.write_headers(&mut headers);
        HEADERS.map(|name| headers[name].to_str().unwrap().to_owned())
    }

    #[test]
    fn a_burst_then_a_steady_rate() {
        let (limiter, clock) = limiter(4, 10);
        let count = |name: &str| limiter.count(&client(name), 1);
        let remaining: Vec<u32> = (0..4).map(|_| count("a").remaining).collect();
        assert_eq!(remaining, [3, 2, 1, 0]);
        assert_eq!(count("a").wait, Some(Duration::from_millis(500)));
        assert_eq!(count("b").remaining, 3, "another client has its own");
        clock.advance(Duration::from_millis(499));
        assert!(count("a").wait.is_some());
        clock.advance(Duration::from_millis(1));
        assert_eq!(count("a").wait, None);
        assert!(count("a").wait.is_some());
        clock.advance(Duration::from_mins(1));
        assert_eq!(count("a").remaining, 3, "no more than the burst comes back");
    }

    #[test]
    fn several_requests_cost_more_and_no_more_than_there_is() {
        let (limiter, _) = limiter(12, 10);
        let count = |requests: u32| limiter.count(&client("a"), requests);
        assert_eq!((count(5).remaining, count(5).remaining), (7, 2));
        assert!(count(5).wait.is_some());
        assert_eq!(count(1).remaining, 1, "what is left is for others");
        let (limiter, _) = self::limiter(1, 10);
        assert_eq!(limiter.count(&client("a"), 5).wait, None);
        assert!(limiter.count(&client("a"), 5).wait.is_some());
    }

    #[test]
    fn the_headers_tell_where_a_client_stands() {
        let (limiter, clock) = limiter(3, 10);
        let count = || header_values(limiter.count(&client("a"), 1));
        assert_eq!(count(), ["3", "2", "1", "3;w=2"]);
        assert_eq!(count(), ["3", "1", "1", "3;w=2"]);
        assert_eq!(count(), ["3", "0", "2", "3;w=2"]);
        assert_eq!(count(), ["3", "0", "2", "3;w=2"]);
        clock.advance(Duration::from_secs(2));
        assert_eq!(count(), ["3", "2", "1", "3;w=2"]);
    }

    #[test]
    fn a_flood_of_clients_neither_fills_the_memory_nor_frees_those_who_are_over() {
        let (limiter, _) = limiter(3, 100);
        let greedy = client("greedy");
        (0..3).for_each(|_| assert!(limiter.count(&greedy, 1).wait.is_none()));
        for i in 0..10_000 {
            assert!(limiter.count(&client(&i.to_string()), 1).wait.is_none());
        }
        assert!(limiter.count(&greedy, 1).wait.is_some());
        assert!(limiter.inner.into_state_store().len() <= 100);
    }
}
