//! Fuzzes the property `snippet` of the engine.
#![no_main]

fihrist_fuzz::target!("snippet");
