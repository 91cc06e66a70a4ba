//! What all tools share: their description, the shape of their answers, and the schema of filters.

use std::borrow::Cow;
use std::fmt::Write;
use std::sync::Arc;

use rmcp::model::{Tool, ToolAnnotations};
use serde_json::{Map, Value, json};

/// What a tool answers: the same for the model to read and for programs.
pub struct Answer {
    pub text: String,
    pub structured: Value,
}

/// A tool that only reads what this service holds.
pub fn reading_tool(
    name: &'static str,
    title: &str,
    description: &'static str,
    input: Value,
    output: Value,
) -> Tool {
    Tool::new(Cow::Borrowed(name), description, object(input))
        .with_title(title)
        .with_raw_output_schema(Arc::new(object(output)))
        .with_annotations(ToolAnnotations::from_raw(
            None,
            Some(true),
            Some(false),
            Some(true),
            Some(false),
        ))
}

fn object(value: Value) -> Map<String, Value> {
    if let Value::Object(members) = value {
        members
    } else {
        Map::new()
    }
}

pub const FROM: &str = "Only articles published from this on: 2020, 2020-01, 2020-01-15, or P7D for the last seven days.";
pub const TO: &str = "Only articles published until the end of this.";

/// The schema of a filter.
pub fn filter(what: &str) -> Value {
    json!({"type": "array", "items": {"type": "string"}, "maxItems": 100, "description": format!("Only articles of one of these {what}, by their names.")})
}

pub fn line(text: &mut String, line: std::fmt::Arguments<'_>) {
    // Writing to a string cannot fail.
    let _always_written = writeln!(text, "{line}");
}
