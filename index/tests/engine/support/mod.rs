//! Helpers that the tests share: articles, indexes and their locations, archives, backups, and the
//! tables of a specification. It holds no test.

pub mod archives;
pub mod articles;
pub mod backups;
pub mod damages;
pub mod indexes;
pub mod location;
pub mod stories;
pub mod tables;
