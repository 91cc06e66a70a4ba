//! Receives and decompresses the body of a request that writes, in bounded memory. Its content is
//! read elsewhere.

use std::io::{self, BufRead, BufReader, Read};

use axum::http::header;
use flate2::read::MultiGzDecoder;
use http_body_util::BodyExt;

use super::{ApiError, Body, HeaderMap, Result, Share};
use crate::service::WriteQueue;

/// The body of a request as received, possibly compressed.
pub struct Received {
    bytes: Vec<u8>,
    is_gzip: bool,
    max_bytes: usize,
    share: Share,
}

/// Receives a body; fails if it is too large or if the memory budget is used up.
pub async fn receive(
    write_queue: &WriteQueue,
    headers: &HeaderMap,
    mut body: Body,
) -> Result<Received> {
    let is_gzip = is_gzip(headers)?;
    let max_bytes = write_queue.max_body_bytes;
    let announced = headers
        .get(header::CONTENT_LENGTH)
        .and_then(|value| value.to_str().ok()?.parse::<usize>().ok());
    if announced.is_some_and(|bytes| bytes > max_bytes) {
        return Err(ApiError::BodyTooLarge(max_bytes));
    }
    let mut share = write_queue.share();
    let mut bytes = Vec::new();
    while let Some(frame) = body.frame().await {
        let frame =
            frame.map_err(|_| ApiError::InvalidRequest("the body ended early".to_owned()))?;
        let Ok(data) = frame.into_data() else {
            continue;
        };
        if bytes.len() + data.len() > max_bytes {
            return Err(ApiError::BodyTooLarge(max_bytes));
        }
        if !share.grow(data.len()) {
            return Err(ApiError::Busy);
        }
        bytes.extend_from_slice(&data);
    }
    Ok(Received {
        bytes,
        is_gzip,
        max_bytes,
        share,
    })
}

/// Whether the body is compressed with gzip. Fails for other encodings.
fn is_gzip(headers: &HeaderMap) -> Result<bool> {
    let mut encodings = headers.get_all(header::CONTENT_ENCODING).iter();
    let encoding = match (encodings.next(), encodings.next()) {
        (None, _) => return Ok(false),
        (Some(one), None) => one.to_str().unwrap_or_default(),
        (Some(_), Some(_)) => return Err(ApiError::UnsupportedEncoding),
    };
    match encoding.trim().to_ascii_lowercase().as_str() {
        "" | "identity" => Ok(false),
        "gzip" | "x-gzip" => Ok(true),
        _ => Err(ApiError::UnsupportedEncoding),
    }
}

impl Received {
    /// Passes the decompressed body to `read`. Fails if the body is too large, even if `read`
    /// succeeded.
    pub fn read<T>(self, read: impl FnOnce(&mut dyn BufRead) -> T) -> Result<(T, Share)> {
        if !self.is_gzip {
            return Ok((read(&mut self.bytes.as_slice()), self.share));
        }
        let mut limited = Limited {
            inner: MultiGzDecoder::new(self.bytes.as_slice()),
            max_bytes: self.max_bytes,
            left_bytes: self.max_bytes,
            share: self.share,
            stopped: None,
        };
        let outcome = read(&mut BufReader::new(&mut limited));
        match limited.stopped {
            Some(error) => Err(error),
            None => Ok((outcome, limited.share)),
        }
    }
}

/// A reader of decompressed bytes. It stops at the maximum size, or when the memory budget is used
/// up.
struct Limited<R> {
    inner: R,
    max_bytes: usize,
    left_bytes: usize,
    share: Share,
    /// Why the reader has stopped.
    stopped: Option<ApiError>,
}

impl<R: Read> Read for Limited<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let count = self.inner.read(buffer)?;
        if count > self.left_bytes {
            self.stopped = Some(ApiError::BodyTooLarge(self.max_bytes));
        } else if !self.share.grow(count) {
            self.stopped = Some(ApiError::Busy);
        }
        if self.stopped.is_some() {
            return Err(io::Error::other("the limit is reached"));
        }
        self.left_bytes -= count;
        Ok(count)
    }
}
