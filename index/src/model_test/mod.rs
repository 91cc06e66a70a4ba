//! A model-based test of the embedded index: random sequences of operations and faults, compared
//! with a plain map. A fault is a kill, a loss of power, or a failing file operation.
//!
//! | variable | meaning |
//! |---|---|
//! | `FIHRIST_SEQUENCES` | the number of sequences; 200 if it is not set |
//! | `FIHRIST_SEED` | runs only the sequence with this seed |

mod articles;
mod contents;
mod leftovers;
mod step;
mod world;

use std::sync::atomic::{AtomicU64, Ordering};

use proptest::collection::vec;
use proptest::test_runner::{Config, RngAlgorithm, TestCaseError, TestError, TestRng, TestRunner};

use step::{Crash, Planned, Step, step};
use world::World;

const SEQUENCES: u64 = 200;
/// The number of shorter sequences that are tried to explain a failure.
const MAX_SHRINKS: u32 = 400;

#[test]
fn what_was_answered_survives_every_fault() {
    let number = |name| {
        std::env::var(name)
            .ok()
            .and_then(|value| value.parse().ok())
    };
    let only: Option<u64> = number("FIHRIST_SEED");
    let seeds = match only {
        Some(seed) => seed..seed + 1,
        None => 0..number("FIHRIST_SEQUENCES").unwrap_or(SEQUENCES),
    };
    let next = AtomicU64::new(seeds.start);
    let work = || {
        let mut failures = Vec::new();
        loop {
            let seed = next.fetch_add(1, Ordering::Relaxed);
            if seed >= seeds.end {
                return failures;
            }
            failures.extend(run(seed).err());
        }
    };
    let threads = std::thread::available_parallelism().map_or(1, usize::from);
    let failures: Vec<String> = std::thread::scope(|scope| {
        let threads: Vec<_> = (0..threads).map(|_| scope.spawn(work)).collect();
        let threads = threads.into_iter();
        threads
            .flat_map(|thread| thread.join().expect("no panic"))
            .collect()
    });
    assert!(failures.is_empty(), "{}", failures.join("\n\n"));
}

#[test]
fn a_disk_that_forgets_syncs_is_noticed() {
    let steps = [
        Step::Upsert { id: 0, version: 0 },
        Step::Commit,
        Step::Crash(Crash::PowerLoss(0)),
    ];
    assert_eq!(World::new().run(&steps), Ok(()));
    let forgetful = World::new();
    forgetful.disk().forget_syncs();
    let failure = forgetful.run(&steps).expect_err("a lost commit");
    assert!(failure.contains("instead of"), "{failure}");
}

/// The first writer is killed after it has created the data directory, and before it has synced the
/// directory above.
#[test]
fn a_directory_of_a_killed_writer_survives_a_loss_of_power() {
    for seed in 0..20 {
        let steps = [
            Step::Arm {
                after: 1,
                fault: Planned::Crash(Crash::Kill),
            },
            Step::Upsert { id: 0, version: 0 },
            Step::Upsert { id: 0, version: 0 },
            Step::Commit,
            Step::Crash(Crash::PowerLoss(seed)),
        ];
        assert_eq!(World::new().run(&steps), Ok(()), "seed {seed}");
    }
}

/// Runs the sequence that a seed determines. If it fails, returns the shortest sequence that fails.
fn run(seed: u64) -> Result<(), String> {
    let config = Config {
        cases: 1,
        max_shrink_iters: MAX_SHRINKS,
        failure_persistence: None,
        ..Config::default()
    };
    let mut bytes = [0; 32];
    bytes[..8].copy_from_slice(&seed.to_le_bytes());
    let random = TestRng::from_seed(RngAlgorithm::ChaCha, &bytes);
    let steps = vec(step(), 3..20);
    let outcome = TestRunner::new_with_rng(config, random).run(&steps, |steps| {
        World::new().run(&steps).map_err(TestCaseError::fail)
    });
    outcome.map_err(|error| match error {
        TestError::Fail(reason, steps) => format!(
            "FIHRIST_SEED={seed} fails after {} steps:\n{}\n{reason}",
            steps.len(),
            listed(&steps)
        ),
        TestError::Abort(reason) => format!("FIHRIST_SEED={seed}: {reason}"),
    })
}

fn listed(steps: &[Step]) -> String {
    let lines = steps.iter().map(|step| format!("  {step:?}"));
    lines.collect::<Vec<_>>().join("\n")
}
