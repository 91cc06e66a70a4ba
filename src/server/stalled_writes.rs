//! A connection that fails if its client does not read. The answers of such a client would stay in
//! memory for as long as it likes.

use std::io::{self, ErrorKind, IoSlice};
use std::pin::Pin;
use std::task::{Context, Poll, ready};
use std::time::Duration;

use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};
use tokio::time::{Instant, Sleep, sleep_until};

/// A client must read this many bytes within the time limit, or all that there is.
const MIN_BYTES: usize = 64 << 10;

/// A connection with a time limit for its writes.
pub struct StalledWrites<S> {
    inner: S,
    limit: Duration,
    /// Ends when the client has not read enough; `None` while the client reads all that is sent.
    end: Option<Pin<Box<Sleep>>>,
    /// The bytes that were written since the client fell behind.
    written: usize,
}

impl<S> StalledWrites<S> {
    /// Limits the time in which the client must read.
    pub fn new(inner: S, limit: Duration) -> Self {
        Self {
            inner,
            limit,
            end: None,
            written: 0,
        }
    }

    /// Passes on the outcome of a write of `wanted` bytes, or fails if the client is too slow.
    fn watch(
        &mut self,
        wanted: usize,
        outcome: Poll<io::Result<usize>>,
        context: &mut Context<'_>,
    ) -> Poll<io::Result<usize>> {
        let count = match &outcome {
            Poll::Ready(Ok(count)) => *count,
            Poll::Ready(Err(_)) => return outcome,
            Poll::Pending => 0,
        };
        self.written += count;
        if count == wanted || self.written >= MIN_BYTES {
            (self.end, self.written) = (None, 0);
        }
        if outcome.is_ready() {
            return outcome;
        }
        let limit = self.limit;
        let end = self
            .end
            .get_or_insert_with(|| Box::pin(sleep_until(Instant::now() + limit)));
        ready!(end.as_mut().poll(context));
        Poll::Ready(Err(ErrorKind::TimedOut.into()))
    }
}

impl<S: AsyncWrite + Unpin> AsyncWrite for StalledWrites<S> {
    fn poll_write(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        bytes: &[u8],
    ) -> Poll<io::Result<usize>> {
        let outcome = Pin::new(&mut self.inner).poll_write(context, bytes);
        self.watch(bytes.len(), outcome, context)
    }

    fn poll_write_vectored(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        slices: &[IoSlice<'_>],
    ) -> Poll<io::Result<usize>> {
        let wanted = slices.iter().map(|slice| slice.len()).sum();
        let outcome = Pin::new(&mut self.inner).poll_write_vectored(context, slices);
        self.watch(wanted, outcome, context)
    }

    fn is_write_vectored(&self) -> bool {
        self.inner.is_write_vectored()
    }

    fn poll_flush(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.inner).poll_flush(context)
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.inner).poll_shutdown(context)
    }
}

impl<S: AsyncRead + Unpin> AsyncRead for StalledWrites<S> {
    fn poll_read(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        buffer: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        Pin::new(&mut self.inner).poll_read(context, buffer)
    }
}

#[cfg(test)]
mod tests {
    use tokio::io::{AsyncReadExt, AsyncWriteExt, duplex};

    use super::*;

    const LIMIT: Duration = Duration::from_millis(50);

    #[tokio::test]
    async fn a_client_that_does_not_read_ends_its_connection() {
        let (server, client) = duplex(1_000);
        let mut server = StalledWrites::new(server, LIMIT);
        let error = server.write_all(&[0; 2_000]).await.unwrap_err();
        assert_eq!(error.kind(), ErrorKind::TimedOut);
        drop(client);
    }

    #[tokio::test]
    async fn a_client_that_reads_gets_everything() {
        let (server, mut client) = duplex(1_000);
        let mut server = StalledWrites::new(server, Duration::from_secs(60));
        let reader = tokio::spawn(async move {
            let mut bytes = Vec::new();
            client.read_to_end(&mut bytes).await.map(|_| bytes.len())
        });
        server.write_all(&[0; 200_000]).await.unwrap();
        drop(server);
        assert_eq!(reader.await.unwrap().unwrap(), 200_000);
    }
}
