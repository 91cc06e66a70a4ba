//! The product from outside: one binary, a module per feature.

mod access;
mod api;
mod backup;
mod browser;
mod cli;
mod clients;
mod docker;
mod feed;
mod mcp;
mod page;
mod rebuild;
mod support;
mod tidy;
