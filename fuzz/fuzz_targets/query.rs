//! Fuzzes the property `query` of the engine.
#![no_main]

fihrist_fuzz::target!("query");
