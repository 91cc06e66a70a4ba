//! What the fuzz targets share. The engine has the properties and the seeds: see its module `fuzzing`.

use std::fs;
use std::path::Path;

/// Fuzzes the property of the engine with this name.
#[macro_export]
macro_rules! target {
    ($name:literal) => {
        libfuzzer_sys::fuzz_target!(
            init: $crate::write_engine_seeds($name),
            |input: &[u8]| fihrist_index::fuzzing::check($name, input)
        );
    };
}

/// Writes the seeds of a property of the engine into the corpus of its target, and checks them once.
/// What the property prepares for all inputs, such as an index, is then not timed as part of one.
pub fn write_engine_seeds(name: &str) {
    let targets = fihrist_index::fuzzing::TARGETS;
    let target = targets.iter().find(|target| target.name == name);
    let seeds = (target.expect("a property").seeds)();
    for seed in &seeds {
        fihrist_index::fuzzing::check(name, seed);
    }
    write_seeds(name, seeds);
}

/// Writes inputs into the corpus of a target.
pub fn write_seeds(name: &str, seeds: Vec<Vec<u8>>) {
    let corpus = Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("corpus")
        .join(name);
    fs::create_dir_all(&corpus).expect("a folder for the corpus");
    for (number, seed) in seeds.into_iter().enumerate() {
        fs::write(corpus.join(format!("seed-{number}")), seed).expect("a seed");
    }
}
