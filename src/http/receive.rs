//! Receives the body of a request into memory that is charged before it is allocated.

use std::error::Error;
use std::io::{self, ErrorKind};
use std::iter::successors;

use axum::body::Body;
use http_body_util::BodyExt;

use super::{ApiError, Result};

/// Receives a body of at most `max_bytes`. `grow` is called before the buffer grows by a number of
/// bytes, and may refuse.
pub async fn receive(
    mut body: Body,
    max_bytes: usize,
    mut grow: impl FnMut(usize) -> Result<()>,
) -> Result<Vec<u8>> {
    let mut bytes = Vec::new();
    while let Some(frame) = body.frame().await {
        let frame = frame.map_err(|error| not_received(&error))?;
        let Ok(data) = frame.into_data() else {
            continue;
        };
        let needed = bytes.len() + data.len();
        if needed > max_bytes {
            return Err(ApiError::BodyTooLarge(max_bytes));
        }
        if needed > bytes.capacity() {
            let capacity = needed.max(2 * bytes.capacity()).min(max_bytes);
            grow(capacity - bytes.capacity())?;
            bytes.reserve_exact(capacity - bytes.len());
        }
        bytes.extend_from_slice(&data);
    }
    Ok(bytes)
}

/// Returns the error for a body that did not arrive completely. A body that is too slow exceeds the
/// time limit of its request instead.
fn not_received(error: &(dyn Error + 'static)) -> ApiError {
    let causes: Vec<_> = successors(Some(error), |&cause| cause.source()).collect();
    let of_connection = causes
        .iter()
        .find_map(|cause| cause.downcast_ref::<io::Error>());
    let is_cut_off = of_connection.is_some_and(|error| {
        matches!(
            error.kind(),
            ErrorKind::UnexpectedEof | ErrorKind::ConnectionReset
        )
    });
    ApiError::BodyNotReceived(if is_cut_off {
        "the connection ended before the body was complete; send the request again".to_owned()
    } else {
        let cause = causes.last().map(ToString::to_string).unwrap_or_default();
        format!("the body could not be received: {cause}; send the request again")
    })
}
