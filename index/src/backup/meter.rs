//! Counts the bytes that a backup or restore reads and writes, reports the progress, and checks
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
    phase: Phase,
    done: u64,
    total: u64,
    last_report: Instant,
}

impl<'a> Meter<'a> {
    /// Begins a phase that processes `total` bytes, and reports it.
    pub fn new(control: JobControl<'a>, phase: Phase, total: u64) -> Self {
        let meter = Self {
            control,
            phase,
            done: 0,
            total,
            last_report: Instant::now(),
        };
        meter.report();
        meter
    }

    /// Counts more bytes of the phase.
    pub fn add(&mut self, bytes: usize) {
        self.done += bytes as u64;
        if self.last_report.elapsed() >= INTERVAL || self.done == self.total {
            self.last_report = Instant::now();
            self.report();
        }
    }

    /// Returns whether the job was cancelled.
    pub fn is_cancelled(&self) -> bool {
        self.control.cancel.load(Ordering::Relaxed)
    }

    fn report(&self) {
        self.control.progress.advanced(ProgressUpdate {
            phase: self.phase,
            done: self.done,
            total: self.total,
            articles: 0,
        });
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
