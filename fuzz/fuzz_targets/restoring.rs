//! Fuzzes the property `restoring` of the engine.
#![no_main]

fihrist_fuzz::target!("restoring");
