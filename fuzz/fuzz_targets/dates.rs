//! Fuzzes the property `dates` of the engine.
#![no_main]

fihrist_fuzz::target!("dates");
