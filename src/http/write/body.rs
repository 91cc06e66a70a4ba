//! Receives and decompresses the body of a request that writes, in bounded memory. Its content is
//! read elsewhere.

use std::cell::Cell;
use std::io::{self, BufRead, BufReader, Read};

use axum::http::header;
use flate2::read::MultiGzDecoder;

use super::{ApiError, Body, HeaderMap, Result, Share};
use crate::http::receive;
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
    body: Body,
) -> Result<Received> {
    let is_gzip = is_gzip(headers)?;
    let max_bytes = write_queue.max_body_bytes;
    let announced = headers
        .get(header::CONTENT_LENGTH)
        .and_then(|value| value.to_str().ok()?.parse::<usize>().ok());
    if announced.is_some_and(|bytes| bytes > max_bytes) {
        return Err(ApiError::BodyTooLarge(max_bytes));
    }
    let share = write_queue.share();
    let bytes = receive::receive(body, max_bytes, |bytes| share.grow(bytes)).await?;
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
    /// Passes the decompressed body to `read`, with the intake that counts what is kept of it. Fails
    /// if the body is too large, even if `read` succeeded.
    pub fn read<T>(self, read: impl FnOnce(&mut dyn BufRead, &Intake) -> T) -> Result<(T, Share)> {
        let intake = Intake::new(self.share);
        let received = self.bytes.as_slice();
        let inner: Box<dyn Read + '_> = if self.is_gzip {
            Box::new(MultiGzDecoder::new(received))
        } else {
            Box::new(received)
        };
        let mut limited = Limited {
            inner,
            intake: &intake,
            max_bytes: self.max_bytes,
            left_bytes: self.max_bytes,
            stopped: None,
        };
        let outcome = read(&mut BufReader::new(&mut limited), &intake);
        match limited.stopped {
            Some(error) => Err(error),
            None => Ok((outcome, intake.share)),
        }
    }
}

/// Charges what is kept of a body to the share of its request: the line that is being read, and the
/// values that were read.
pub struct Intake {
    share: Share,
    /// The bytes that arrived since the last value was read.
    unread_bytes: Cell<usize>,
    /// The most of them so far. The buffer of a line is used again, so it is charged once.
    charged_bytes: Cell<usize>,
}

impl Intake {
    /// Creates an intake that charges a share.
    pub fn new(share: Share) -> Self {
        Self {
            share,
            unread_bytes: Cell::new(0),
            charged_bytes: Cell::new(0),
        }
    }

    /// Charges a value that was read and is kept. Fails if it takes too much memory.
    pub fn keep(&self, bytes: usize) -> Result<()> {
        self.share.grow(bytes)
    }

    /// Notes that a line has been read to its end.
    pub fn end_line(&self) {
        self.unread_bytes.set(0);
    }

    fn receive(&self, bytes: usize) -> Result<()> {
        let unread = self.unread_bytes.get() + bytes;
        self.unread_bytes.set(unread);
        let more = unread.saturating_sub(self.charged_bytes.get());
        self.share.grow(more)?;
        self.charged_bytes.set(unread.max(self.charged_bytes.get()));
        Ok(())
    }
}

/// A reader of decompressed bytes. It stops at the maximum size, or when the memory is used up.
struct Limited<'a, R> {
    inner: R,
    intake: &'a Intake,
    max_bytes: usize,
    left_bytes: usize,
    /// Why the reader has stopped.
    stopped: Option<ApiError>,
}

impl<R: Read> Read for Limited<'_, R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let count = self.inner.read(buffer)?;
        if count > self.left_bytes {
            self.stopped = Some(ApiError::BodyTooLarge(self.max_bytes));
        } else if let Err(error) = self.intake.receive(count) {
            self.stopped = Some(error);
        }
        if self.stopped.is_some() {
            return Err(io::Error::other("the limit is reached"));
        }
        self.left_bytes -= count;
        Ok(count)
    }
}
