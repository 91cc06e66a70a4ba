//! The gate of all requests: identifies the client, applies the rate limit, and checks the key for
//! the route. Whether a client may write is checked in `auth`.

mod client;
mod client_times;
mod cors;
mod rate;
mod route_access;

use std::net::{IpAddr, Ipv4Addr, SocketAddr};
use std::sync::Arc;

use axum::extract::{MatchedPath, Request, State};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use ipnet::IpNet;

use self::client::{Client, address};
use self::rate::{Limiter, RateLimitStatus};
use self::route_access::RouteAccess;
use super::auth;
use crate::config::AccessConfig;
use crate::service::error::ApiError;
use crate::service::state::AppState;

pub use cors::layer as cors_layer;

/// The remote address of the connection on which a request arrived.
#[derive(Debug, Clone, Copy)]
pub struct Peer(pub SocketAddr);

/// The settings and state of the gate; cheap to clone.
#[derive(Clone)]
pub struct Gate(Arc<Rules>);

struct Rules {
    state: AppState,
    is_closed: bool,
    limiter: Option<Limiter>,
    holds_for_loopback: bool,
    trusted_proxies: Vec<IpNet>,
}

impl Gate {
    /// Creates a gate with these settings and the keys of the server.
    pub fn new(state: AppState, config: &AccessConfig) -> Self {
        Self(Arc::new(Rules {
            state,
            is_closed: config.requires_key,
            limiter: config.quota().map(Limiter::new),
            holds_for_loopback: config.quota().is_some_and(|quota| quota.holds_for_loopback),
            trusted_proxies: config.trusted_proxies.clone(),
        }))
    }
}

/// Middleware: passes an allowed request on, or answers it with an error.
pub async fn control(
    State(gate): State<Gate>,
    route: Option<MatchedPath>,
    request: Request,
    next: Next,
) -> Response {
    let access = RouteAccess::of(route.as_ref().map(MatchedPath::as_str), request.method());
    let (status, outcome) = gate.0.check(access, &request);
    let mut response = match outcome {
        Ok(()) => next.run(request).await,
        Err(error) => error.into_response(),
    };
    if let Some(status) = status {
        status.write_headers(response.headers_mut());
    }
    response
}

impl Rules {
    fn check(
        &self,
        access: RouteAccess,
        request: &Request,
    ) -> (Option<RateLimitStatus>, Result<(), ApiError>) {
        if access == RouteAccess::Operations {
            return (None, Ok(()));
        }
        let scope = access.scope().filter(|_| self.is_closed);
        let keys = match self.state.keys().current() {
            Ok(keys) => keys,
            Err(error) if scope.is_some() => {
                return (None, Err(ApiError::internal("read the keys", error)));
            }
            // A route that needs no key stays open if the key file is damaged. A route that writes
            // reports the damage itself.
            Err(_) => Arc::default(),
        };
        // If no key is required, a password is meant for another party, such as a proxy.
        let presented = auth::key_of(request.headers(), scope.is_some());
        let key = presented.as_ref().ok().and_then(|secret| keys.find(secret));
        let is_required = scope.is_some() || access == RouteAccess::Writing;
        let is_wrong = match &presented {
            Ok(_) => key.is_none(),
            // Malformed credentials may be meant for another server. They count as a wrong key only
            // if the route requires a key.
            Err(error) => is_required && matches!(error, ApiError::KeyUnknown),
        };
        let status = match key {
            Some(key) => self.count(access, request, false, || Client::Key(key.id.clone())),
            None => self.count(access, request, is_wrong, || self.address(request).into()),
        };
        if let Some(wait) = status.and_then(|status| status.wait) {
            return (
                status,
                Err(ApiError::RateLimited {
                    wait_s: rate::seconds(wait).max(1),
                }),
            );
        }
        let outcome = match (scope, key) {
            (None, _) => Ok(()),
            (Some(scope), Some(key)) if key.scopes.contains(&scope) => Ok(()),
            (Some(scope), Some(_)) => Err(ApiError::ScopeMissing(scope)),
            (Some(_), None) => Err(presented.err().unwrap_or(ApiError::KeyUnknown)),
        };
        (status, outcome)
    }

    /// Counts the request towards the rate limit, unless its route or its client is exempt. A
    /// request with a wrong key counts on every route.
    fn count(
        &self,
        access: RouteAccess,
        request: &Request,
        has_wrong_key: bool,
        client: impl FnOnce() -> Client,
    ) -> Option<RateLimitStatus> {
        let limiter = self.limiter.as_ref()?;
        let peer = peer(request);
        let is_proxy = || {
            self.trusted_proxies
                .iter()
                .any(|network| network.contains(&peer))
        };
        let is_exempt = !self.holds_for_loopback && peer.is_loopback() && !is_proxy();
        ((access.is_counted() || has_wrong_key) && !is_exempt)
            .then(|| limiter.count(&client(), has_wrong_key))
    }

    fn address(&self, request: &Request) -> IpAddr {
        address(peer(request), request.headers(), &self.trusted_proxies)
    }
}

/// Returns the remote address, or `0.0.0.0` if the request has no connection.
fn peer(request: &Request) -> IpAddr {
    let peer = request
        .extensions()
        .get::<Peer>()
        .map(|Peer(address)| address.ip().to_canonical());
    peer.unwrap_or(IpAddr::V4(Ipv4Addr::UNSPECIFIED))
}
