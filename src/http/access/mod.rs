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
use parking_lot::Mutex;

use self::client::{Client, address};
use self::rate::{Limiter, RateLimitStatus};
use self::route_access::RouteAccess;
use super::{ApiError, AppState, auth};
use crate::config::AccessConfig;
use crate::service::{Quota, RequestScope};

pub use cors::layer as cors_layer;

/// The remote address of the connection on which a request arrived.
#[derive(Clone)]
pub struct Peer(pub SocketAddr);

/// The settings and state of the gate.
pub struct Gate {
    state: AppState,
    config: AccessConfig,
    limiter: Option<Limiter>,
}

/// Middleware: passes an allowed request on, or answers it with an error.
pub async fn control(
    State(gate): State<Arc<Gate>>,
    route: Option<MatchedPath>,
    mut request: Request,
    next: Next,
) -> Response {
    let access = RouteAccess::of(route.as_ref().map(MatchedPath::as_str), request.method());
    let (counted, outcome) = gate.check(access, &request);
    let counted = counted.map(|counted| Arc::new(Mutex::new(counted)));
    let mut response = match outcome {
        Ok(()) => {
            let scope = gate.scope(counted.clone());
            request.extensions_mut().insert(scope.clone());
            scope.run(next.run(request)).await
        }
        Err(error) => error.into_response(),
    };
    if let Some(counted) = counted {
        let Counted { status, .. } = *counted.lock();
        status.write_headers(response.headers_mut());
    }
    response
}

/// A client whose request was counted, and its quota since then.
struct Counted {
    client: Client,
    status: RateLimitStatus,
}

impl Gate {
    /// Creates a gate with these settings and the keys of the server.
    pub fn new(state: AppState, config: &AccessConfig) -> Arc<Self> {
        Arc::new(Self {
            state,
            config: config.clone(),
            limiter: config.quota().map(Limiter::new),
        })
    }

    /// Returns the scope of an allowed request. Its further work is counted as more requests of the
    /// client, if the request itself was counted.
    fn scope(self: &Arc<Self>, counted: Option<Arc<Mutex<Counted>>>) -> RequestScope {
        let gate = Arc::clone(self);
        let quota = counted.map(|counted| -> Quota {
            Box::new(move |requests| {
                let mut counted = counted.lock();
                if let Some(limiter) = &gate.limiter {
                    counted.status = limiter.count(&counted.client, requests);
                }
                refused(counted.status)
            })
        });
        RequestScope::new(&self.state.memory, quota)
    }

    /// Returns the client if the request counts towards its quota, and whether the request is
    /// allowed.
    fn check(
        &self,
        access: RouteAccess,
        request: &Request,
    ) -> (Option<Counted>, Result<(), ApiError>) {
        if access == RouteAccess::Operations {
            return (None, Ok(()));
        }
        let scope = access.scope().filter(|_| self.config.requires_key);
        let keys = match self.state.keys.current() {
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
        let peer = peer(request);
        let counted = self.count(access, peer, is_wrong, || match key {
            Some(key) => Client::Key(key.id.clone()),
            None => address(peer, request.headers(), &self.config.trusted_proxies).into(),
        });
        if let Some(Err(error)) = counted.as_ref().map(|counted| refused(counted.status)) {
            return (counted, Err(error));
        }
        let outcome = match (scope, key) {
            (None, _) => Ok(()),
            (Some(scope), Some(key)) if key.scopes.contains(&scope) => Ok(()),
            (Some(scope), Some(_)) => Err(ApiError::ScopeMissing(scope)),
            (Some(_), None) => Err(presented.err().unwrap_or(ApiError::KeyUnknown)),
        };
        (counted, outcome)
    }

    /// Counts the request towards the rate limit, unless its route or its client is exempt. A
    /// request with a wrong key counts on every route.
    fn count(
        &self,
        access: RouteAccess,
        peer: IpAddr,
        has_wrong_key: bool,
        client: impl FnOnce() -> Client,
    ) -> Option<Counted> {
        let limiter = self.limiter.as_ref()?;
        let is_proxy = || {
            let mut proxies = self.config.trusted_proxies.iter();
            proxies.any(|network| network.contains(&peer))
        };
        let is_exempt = !limiter.quota.holds_for_loopback && peer.is_loopback() && !is_proxy();
        let requests = if has_wrong_key {
            rate::COST_OF_A_WRONG_KEY
        } else {
            1
        };
        ((access.is_counted() || has_wrong_key) && !is_exempt).then(|| {
            let client = client();
            let status = limiter.count(&client, requests);
            Counted { client, status }
        })
    }
}

/// Fails if the quota did not allow a request.
fn refused(status: RateLimitStatus) -> Result<(), ApiError> {
    match status.wait {
        None => Ok(()),
        Some(wait) => Err(ApiError::RateLimited {
            wait_s: rate::seconds(wait).max(1),
        }),
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
