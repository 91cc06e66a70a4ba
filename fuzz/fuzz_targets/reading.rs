//! Fuzzes the property `reading` of the engine.
#![no_main]

fihrist_fuzz::target!("reading");
