//! Counts the bytes that a long job reads and writes, reports the progress, and checks
//! whether the job was cancelled. It reads no file itself.

use std::io::{self, Read};
use std::sync::atomic::Ordering;
use std::time::{Duration, Instant};

use crate::learning::JobControl;
use crate::progress::{Phase, ProgressUpdate};

const INTERVAL: Duration = Duration::from_millis(100);

/// Counts the bytes of one phase of a job.
pub struct Meter<'a> {
    control: JobControl<'a>,
    now: ProgressUpdate,
    last_report: Instant,
}

impl<'a> Meter<'a> {
    /// Begins a phase that processes `total` bytes, and reports it.
    pub fn new(control: JobControl<'a>, phase: Phase, total: u64) -> Self {
        let now = ProgressUpdate {
            phase,
            done: 0,
            total,
            articles: 0,
        };
        control.progress.advanced(now);
        Self {
            control,
            now,
            last_report: Instant::now(),
        }
    }

    /// Counts more bytes of the phase.
    pub fn add(&mut self, bytes: usize) {
        self.now.done += bytes as u64;
        if self.last_report.elapsed() >= INTERVAL || self.now.done == self.now.total {
            self.last_report = Instant::now();
            self.control.progress.advanced(self.now);
        }
    }

    /// Returns whether the job was cancelled.
    pub fn is_cancelled(&self) -> bool {
        self.control.cancel.load(Ordering::Relaxed)
    }
}

/// A reader that counts the bytes it reads. Reading fails after the job was cancelled.
pub struct Metered<'a, 'b, R> {
    /// The reader whose bytes are counted.
    pub inner: R,
    /// The meter that counts the bytes.
    pub meter: &'a mut Meter<'b>,
}

impl<R: Read> Read for Metered<'_, '_, R> {
    fn read(&mut self, bytes: &mut [u8]) -> io::Result<usize> {
        if self.meter.is_cancelled() {
            return Err(io::Error::other("cancelled"));
        }
        let count = self.inner.read(bytes)?;
        self.meter.add(count);
        Ok(count)
    }
}
