//! Copies: articles with mostly the same text. One may be an agency's text that several outlets
//! publish, shortened or with another headline or footer. Texts are compared word by word, not by
//! meaning. This module reads no index.
//!
//! Each article gets a [`Signature`] when it is indexed. The [`Clusters`] of an index depend on its
//! signatures only, not on the order of the articles. `docs/duplicates.md` has the references and
//! the measurements.
//!
//! ```
//! use fihrist_index::arabic::fnv1a;
//! use fihrist_index::duplicates::Signature;
//!
//! let hashes = |text: &'static str| text.split(' ').map(|word| fnv1a(word.as_bytes()));
//! let words = |text: &'static str| Signature::of([], hashes(text)).expect("a text with words");
//! let (one, same) = (words("the ferry left the harbour at noon"), words("the ferry left the harbour at noon"));
//! assert_eq!(one.resemblance(&same), 1.0);
//! assert!(one.is_copy_of(&same));
//! ```

mod cluster;
mod signature;

pub use cluster::Clusters;
pub use signature::{ROWS, Signature};
