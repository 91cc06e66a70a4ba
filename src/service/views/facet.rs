//! The values of a field as JSON.

use fihrist_index::search::FacetValue;
use serde::Serialize;
use utoipa::ToSchema;

/// A value and the number of articles that have it.
#[derive(Debug, Serialize, ToSchema)]
pub struct FacetValueView {
    /// The stored value. A filter accepts it as it is.
    #[schema(example = "صحيفة الساحل")]
    pub value: String,
    /// Number of matching articles that have this value. Copies are counted separately.
    #[schema(example = 12)]
    pub count: u64,
}

/// Converts values to JSON.
pub fn values(values: Vec<FacetValue>) -> Vec<FacetValueView> {
    values
        .into_iter()
        .map(|FacetValue { value, count }| FacetValueView { value, count })
        .collect()
}
