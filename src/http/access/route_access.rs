//! The access that each route requires, by the pattern that the router matched. Another spelling of
//! a path cannot bypass it. A route that is not listed requires the scope `search`.

use axum::http::Method;

use crate::keys::Scope;

/// What a route requires of a request if the server requires keys.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum RouteAccess {
    /// No key is required, and requests do not count towards the rate limit. Monitoring therefore
    /// always works.
    Operations,
    /// No key is required, because the route returns no data of articles.
    Open,
    /// A key with the scope `admin`. Requests do not count towards the rate limit.
    Metrics,
    /// A key with the scope `search`.
    Reading,
    /// A key with the scope `ingest`, even if the server requires no keys. The route checks the key
    /// itself.
    Writing,
}

impl RouteAccess {
    /// Returns the required access; `pattern` is the pattern of the matched route, if any.
    pub fn of(pattern: Option<&str>, method: &Method) -> Self {
        match pattern {
            Some("/healthz" | "/readyz" | "/version") => Self::Operations,
            // The page that asks for a key uses these assets.
            Some(
                "/openapi.json" | "/docs" | "/help" | "/opensearch.xml" | "/style.css" | "/page.js"
                | "/favicon.svg" | "/favicon.ico",
            ) => Self::Open,
            Some("/metrics") => Self::Metrics,
            Some("/api/v1/articles") if *method == Method::POST => Self::Writing,
            Some("/api/v1/articles/{id}")
                if *method == Method::PUT || *method == Method::DELETE =>
            {
                Self::Writing
            }
            Some(_) | None => Self::Reading,
        }
    }

    /// Returns the scope that the gate requires if the server requires keys; `None` if the gate
    /// requires no key.
    pub fn scope(self) -> Option<Scope> {
        match self {
            Self::Operations | Self::Open | Self::Writing => None,
            Self::Metrics => Some(Scope::Admin),
            Self::Reading => Some(Scope::Search),
        }
    }

    /// Whether requests count towards the rate limit.
    pub fn is_counted(self) -> bool {
        match self {
            Self::Operations | Self::Metrics => false,
            Self::Open | Self::Reading | Self::Writing => true,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_not_named_needs_to_read() {
        let check = |pattern: Option<&str>, method: Method, expected: RouteAccess| {
            assert_eq!(
                RouteAccess::of(pattern, &method),
                expected,
                "{method} {pattern:?}"
            );
        };
        check(None, Method::GET, RouteAccess::Reading);
        check(None, Method::DELETE, RouteAccess::Reading);
        check(Some("/"), Method::GET, RouteAccess::Reading);
        check(
            Some("/api/v1/anything/new"),
            Method::POST,
            RouteAccess::Reading,
        );
        check(Some("/api/v1/articles"), Method::GET, RouteAccess::Reading);
        check(Some("/api/v1/articles"), Method::POST, RouteAccess::Writing);
        check(
            Some("/api/v1/articles/{id}"),
            Method::HEAD,
            RouteAccess::Reading,
        );
        check(
            Some("/api/v1/articles/{id}"),
            Method::PATCH,
            RouteAccess::Reading,
        );
        check(
            Some("/api/v1/articles/{id}"),
            Method::DELETE,
            RouteAccess::Writing,
        );
        check(
            Some("/api/v1/articles/{id}/duplicates"),
            Method::DELETE,
            RouteAccess::Reading,
        );
        check(Some("/metrics"), Method::GET, RouteAccess::Metrics);
        check(Some("/healthz"), Method::GET, RouteAccess::Operations);
    }
}
