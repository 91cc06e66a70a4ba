//! What is learnt from a collection: the graph of related stems and the boilerplate. It also
//! decides when a collection has outgrown its model or graph. It stores nothing; backends store the
//! results with each generation.

mod boilerplate;
pub mod graph;
mod graph_learning;
mod model_growth;

pub use boilerplate::{Boilerplate, LineCounts};
pub use graph_learning::{CollectionGraph, finish_graph, graph_learner, observe};
pub use model_growth::{Growth, JobControl, RebuildReport, TrainingSize};
