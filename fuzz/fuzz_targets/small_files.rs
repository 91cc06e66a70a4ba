//! Fuzzes the property `small_files` of the engine.
#![no_main]

fihrist_fuzz::target!("small_files");
