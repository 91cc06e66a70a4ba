//! The values of a field as JSON.

use fihrist_index::search::FacetValue;
use serde::Serialize;
use utoipa::ToSchema;

/// A value and how many articles have it.
#[derive(Debug, Serialize, ToSchema)]
pub struct FacetValueView {
    /// As it is stored; a filter takes it so.
    #[schema(example = "صحيفة الساحل")]
    pub value: String,
    /// How many of the articles that match have it; copies of one another are counted one by one.
    #[schema(example = 12)]
    pub count: u64,
}

/// Values as the API shows them.
pub fn values(values: Vec<FacetValue>) -> Vec<FacetValueView> {
    values
        .into_iter()
        .map(|FacetValue { value, count }| FacetValueView { value, count })
        .collect()
}
