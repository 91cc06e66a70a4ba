//! How many bytes of the work are done, told to whoever watches, and whether to go on. It reads and writes nothing.

use std::io::{self, Read};
use std::sync::atomic::Ordering;
use std::time::{Duration, Instant};

use crate::learning::JobControl;
use crate::progress::{Phase, ProgressUpdate};

const INTERVAL: Duration = Duration::from_millis(100);

/// The bytes of one phase.
pub struct Meter<'a> {
    control: JobControl<'a>,
    phase: Phase,
    done: u64,
    total: u64,
    last_told: Instant,
}

impl<'a> Meter<'a> {
    /// Begins a phase.
    pub fn new(control: JobControl<'a>, phase: Phase, total: u64) -> Self {
        let meter = Self {
            control,
            phase,
            done: 0,
            total,
            last_told: Instant::now(),
        };
        meter.tell();
        meter
    }

    /// So many more are done.
    pub fn add(&mut self, bytes: usize) {
        self.done += bytes as u64;
        if self.last_told.elapsed() >= INTERVAL || self.done == self.total {
            self.last_told = Instant::now();
            self.tell();
        }
    }

    /// Whether to stop.
    pub fn is_cancelled(&self) -> bool {
        self.control.cancel.load(Ordering::Relaxed)
    }

    fn tell(&self) {
        self.control.progress.advanced(ProgressUpdate {
            phase: self.phase,
            done: self.done,
            total: self.total,
            articles: 0,
        });
    }
}

/// A reader that is counted, and fails when it is to stop.
pub struct Metered<'a, 'b, R> {
    /// What is read.
    pub inner: R,
    /// Where it is counted.
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
