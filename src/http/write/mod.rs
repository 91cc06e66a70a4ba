//! Writing over HTTP: the routes and the bodies that they read. The writer thread is in
//! `service::writing`.

mod body;
mod lines;
pub mod routes;
