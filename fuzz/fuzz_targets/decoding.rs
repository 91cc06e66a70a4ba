//! Fuzzes the property `decoding` of the engine.
#![no_main]

fihrist_fuzz::target!("decoding");
