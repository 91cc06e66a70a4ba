//! Tests of the product from outside: one binary, with a module for each feature.

mod access;
mod api;
mod backup;
mod browser;
mod cli;
mod clients;
mod cluster;
mod damage;
mod docker;
mod feed;
mod load;
mod mcp;
mod openapi;
mod page;
mod rebuild;
mod reliability;
mod support;
mod tidy;
