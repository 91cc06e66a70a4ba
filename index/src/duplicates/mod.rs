//! Which articles are copies of one another: the story of an agency under many names, shortened,
//! with another headline, with another footer. It compares word for word, not by meaning; it reads
//! no index and asks no clock.
//!
//! Each article gets a [`Signature`] while it is indexed, and [`Clusters`] follow from the
//! signatures of an index alone: the same articles have the same clusters, in whatever order and
//! batches they came. `docs/duplicates.md` has the sources and the figures.
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
