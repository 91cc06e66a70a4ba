//! Fuzzes the property `unpacking` of the engine.
#![no_main]

fihrist_fuzz::target!("unpacking");
