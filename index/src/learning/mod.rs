//! What a collection teaches: word counts, the graph of related stems, boilerplate lines, and when to learn anew.

mod boilerplate;
pub mod graph;
mod graph_learning;
mod model_growth;

pub use boilerplate::{Boilerplate, BoilerplateLine, LineCounts, subtract_lines};
pub use graph_learning::{CollectionGraph, finish_graph, graph_learner, observe};
pub use model_growth::{Growth, JobControl, RebuildReport, TrainingSize};
