//! The product from outside: one binary, a module per feature.

mod access;
mod api;
mod backup;
mod browser;
mod cli;
mod clients;
mod cluster;
mod docker;
mod feed;
mod load;
mod mcp;
mod openapi;
mod page;
mod rebuild;
mod support;
mod tidy;
