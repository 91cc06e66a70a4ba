//! The host of a request, which links and the check of allowed hosts use.

use axum::extract::Request;
use axum::http::{HeaderValue, Version, header};
use axum::middleware::Next;
use axum::response::Response;

use crate::service::{ApiError, Result, host_of};

/// Middleware: refuses a request without exactly one valid host header (RFC 9112, section 3.2). In
/// HTTP/1.0 the header may be missing.
///
/// If the target of the request is a whole address, as for a proxy, its host replaces the header.
pub async fn require(mut request: Request, next: Next) -> Result<Response> {
    check(&request)?;
    if let Some(authority) = request.uri().authority() {
        let host = HeaderValue::from_str(authority.as_str()).map_err(|_| invalid())?;
        request.headers_mut().insert(header::HOST, host);
        check(&request)?;
    }
    Ok(next.run(request).await)
}

fn check(request: &Request) -> Result<()> {
    let headers = request.headers();
    let may_be_missing = request.version() < Version::HTTP_11;
    if host_of(headers).is_some() || (may_be_missing && !headers.contains_key(header::HOST)) {
        return Ok(());
    }
    Err(invalid())
}

fn invalid() -> ApiError {
    let message = "the host header is missing, repeated or invalid; send one header `host` with the name or \
                   address of the server";
    ApiError::InvalidRequest(message.to_owned())
}
