//! The product from outside: one binary, a module per feature.

mod access;
mod api;
mod backup;
mod browser;
mod cli;
mod docker;
mod page;
mod rebuild;
mod support;
mod tidy;
