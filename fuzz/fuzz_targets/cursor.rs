//! Fuzzes the property `cursor` of the engine.
#![no_main]

fihrist_fuzz::target!("cursor");
