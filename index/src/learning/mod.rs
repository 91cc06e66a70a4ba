//! What a collection teaches: word counts, the graph of related stems, boilerplate lines, and when to learn anew.

pub mod graph;
mod kinship;
mod life;
mod recurring;

pub use kinship::{OwnGraph, finish_graph, graph_learner, see};
pub use life::{Growth, Learnt, Rebuilt, Watch};
pub use recurring::{CountedLine, LineCounts, Recurring, without_lines};
