//! Helpers that the tests share: articles, archives, backups and the location of an index. It holds
//! no test.

pub mod archives;
pub mod articles;
pub mod backups;
pub mod location;
pub mod stories;
