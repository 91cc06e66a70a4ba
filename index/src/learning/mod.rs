//! What is learnt from a collection: the graph of related stems, the words that the stemmer keeps
//! apart, and the boilerplate. It also
//! decides when a collection has outgrown its model or graph. It stores nothing; backends store the
//! results with each generation.

mod boilerplate;
mod company;
pub mod graph;
mod graph_learning;
mod model_growth;

pub use boilerplate::{Boilerplate, LineCounts};
pub use company::CompanyLearner;
pub use graph_learning::{
    CollectionGraph, StemmedWord, finish_graph, graph_learner, learner_of, observe, stemmed_words,
};
pub use model_growth::{Growth, JobControl, RebuildReport, TrainingSize};
