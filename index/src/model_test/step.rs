//! The steps of a sequence, and how often each occurs.

use proptest::prelude::*;

use super::articles::{IDS, VERSIONS};

/// One step of a sequence.
#[derive(Debug, Clone)]
pub enum Step {
    Upsert {
        id: usize,
        version: u32,
    },
    Delete {
        id: usize,
    },
    Commit,
    SetLedger(u8),
    LearnGraph,
    Rebuild,
    BackUp,
    /// Restores one of the backups so far.
    Restore(usize),
    /// Ends the writer, which commits.
    Close,
    /// Ends the process between two operations.
    Crash(Crash),
    /// Lets a number of file operations succeed. Then the fault happens.
    Arm {
        after: u32,
        fault: Planned,
    },
    /// Asks a server that has been running for some time.
    Ask,
}

/// How a process ends.
#[derive(Debug, Clone, Copy)]
pub enum Crash {
    Kill,
    /// The machine loses its power; the seed decides what was on its way to the disk.
    PowerLoss(u64),
}

/// A fault that happens during a later step.
#[derive(Debug, Clone, Copy)]
pub enum Planned {
    Crash(Crash),
    /// One file operation fails. `retries` says whether the writer then goes on.
    Error {
        code: i32,
        retries: bool,
    },
}

pub const INPUT_OUTPUT: i32 = 5;
pub const NO_SPACE: i32 = 28;

pub fn step() -> impl Strategy<Value = Step> {
    // Learning a graph takes ten times as long as all other steps of a sequence.
    prop_oneof![
        20 => (0..IDS, 0..VERSIONS).prop_map(|(id, version)| Step::Upsert { id, version }),
        6 => (0..IDS).prop_map(|id| Step::Delete { id }),
        10 => Just(Step::Commit),
        2 => any::<u8>().prop_map(Step::SetLedger),
        1 => Just(Step::LearnGraph),
        2 => Just(Step::Rebuild),
        4 => Just(Step::BackUp),
        4 => (0..4_usize).prop_map(Step::Restore),
        4 => Just(Step::Close),
        2 => crash().prop_map(Step::Crash),
        14 => (after(), planned()).prop_map(|(after, fault)| Step::Arm { after, fault }),
        4 => Just(Step::Ask),
    ]
}

/// A commit has about a dozen file operations, a rebuild or a restore several dozen.
fn after() -> impl Strategy<Value = u32> {
    prop_oneof![4 => 0..10_u32, 2 => 0..40_u32, 1 => 0..160_u32]
}

fn crash() -> impl Strategy<Value = Crash> {
    prop_oneof![
        1 => Just(Crash::Kill),
        1 => any::<u64>().prop_map(Crash::PowerLoss),
    ]
}

fn planned() -> impl Strategy<Value = Planned> {
    let error = (
        prop_oneof![Just(INPUT_OUTPUT), Just(NO_SPACE)],
        any::<bool>(),
    );
    prop_oneof![
        2 => crash().prop_map(Planned::Crash),
        1 => error.prop_map(|(code, retries)| Planned::Error { code, retries }),
    ]
}
