//! What a collection teaches: the graph of related stems, boilerplate, and when model and graph are outgrown. It stores
//! nothing; backends keep the results beside each generation.

mod boilerplate;
pub mod graph;
mod graph_learning;
mod model_growth;

pub use boilerplate::{Boilerplate, BoilerplateLine, LineCounts, subtract_lines};
pub use graph_learning::{CollectionGraph, finish_graph, graph_learner, observe};
pub use model_growth::{Growth, JobControl, RebuildReport, TrainingSize};
