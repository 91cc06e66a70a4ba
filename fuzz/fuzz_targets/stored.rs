//! Fuzzes the property `stored` of the engine.
#![no_main]

fihrist_fuzz::target!("stored");
