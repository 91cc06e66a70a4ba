//! The product from outside: one binary, a module per feature.

mod cli;
mod tidy;
