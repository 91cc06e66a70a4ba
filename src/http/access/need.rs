//! What a route needs, by its pattern as the router has matched it: so no way of writing a path leads around. A route that
//! is not named here needs the scope `search`, a new one too.

use axum::http::Method;

use crate::keys::Scope;

/// What has to be shown for a request, where the installation is closed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Need {
    /// Nothing, and it is not counted: those who watch the service must not be in its way.
    Operations,
    /// Nothing: it holds nothing of the articles.
    Open,
    /// A key that may watch; not counted.
    Metrics,
    /// A key that may read.
    Reading,
    /// A key that may write, in any installation: the route itself asks for it.
    Writing,
}

impl Need {
    /// What a request needs; `pattern` is that of its route, if there is one.
    pub fn of(pattern: Option<&str>, method: &Method) -> Self {
        match pattern {
            Some("/healthz" | "/readyz" | "/version") => Self::Operations,
            // The page that asks for a key looks like the others.
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

    /// The scope that a closed installation asks for here.
    pub fn scope(self) -> Option<Scope> {
        match self {
            Self::Operations | Self::Open | Self::Writing => None,
            Self::Metrics => Some(Scope::Admin),
            Self::Reading => Some(Scope::Search),
        }
    }

    /// Whether requests are counted here.
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
        let check = |pattern: Option<&str>, method: Method, expected: Need| {
            assert_eq!(Need::of(pattern, &method), expected, "{method} {pattern:?}");
        };
        check(None, Method::GET, Need::Reading);
        check(None, Method::DELETE, Need::Reading);
        check(Some("/"), Method::GET, Need::Reading);
        check(Some("/api/v1/anything/new"), Method::POST, Need::Reading);
        check(Some("/api/v1/articles"), Method::GET, Need::Reading);
        check(Some("/api/v1/articles"), Method::POST, Need::Writing);
        check(Some("/api/v1/articles/{id}"), Method::HEAD, Need::Reading);
        check(Some("/api/v1/articles/{id}"), Method::PATCH, Need::Reading);
        check(Some("/api/v1/articles/{id}"), Method::DELETE, Need::Writing);
        check(
            Some("/api/v1/articles/{id}/duplicates"),
            Method::DELETE,
            Need::Reading,
        );
        check(Some("/metrics"), Method::GET, Need::Metrics);
        check(Some("/healthz"), Method::GET, Need::Operations);
    }
}
