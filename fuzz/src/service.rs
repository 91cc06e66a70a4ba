//! The modules of the service that read parameters, for the target `parameters`. The service is a
//! program, not a library, so the target contains the files.

#[path = "../../src/service/params/mod.rs"]
#[allow(dead_code, unused_imports, reason = "the program uses more of it")]
pub mod params;

pub type Result<T> = std::result::Result<T, ApiError>;

/// The part of the service's errors that reading parameters needs.
#[derive(Debug)]
pub enum ApiError {
    InvalidParameters(Vec<ParameterError>),
}

#[derive(Debug, PartialEq, Eq)]
pub struct ParameterError {
    pub name: String,
    pub hint: String,
}

impl ParameterError {
    pub fn new(name: &str, hint: impl Into<String>) -> Self {
        let (name, hint) = (name.to_owned(), hint.into());
        Self { name, hint }
    }
}

/// The limits that reading parameters needs.
pub struct Limits {
    pub query_chars: usize,
    pub limit: usize,
    pub offset: usize,
}

pub fn limits() -> Limits {
    Limits {
        query_chars: 2_000,
        limit: 100,
        offset: 10_000,
    }
}
