//! Fuzzes the property `damaged_index` of the engine.
#![no_main]

fihrist_fuzz::target!("damaged_index");
