//! What all tools share: their description, the schema of their arguments, and the form of their
//! answers.

use std::borrow::Cow;
use std::fmt::Write;
use std::sync::Arc;

use rmcp::model::{Tool, ToolAnnotations};
use serde_json::{Map, Value, json};

use crate::service::params::Param;

/// The answer of a tool: as text for the model, and as structured content for programs.
pub struct Answer {
    pub text: String,
    pub structured: Value,
}

/// Describes a tool that only reads.
pub fn reading_tool(
    name: &'static str,
    title: &str,
    description: &'static str,
    input: &[Param],
    output: Value,
) -> Tool {
    Tool::new(
        Cow::Borrowed(name),
        description,
        object(input_schema(input)),
    )
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

/// Returns the schema of the arguments of a tool.
fn input_schema(table: &[Param]) -> Value {
    let mut properties = Map::new();
    for param in table {
        let mut property = param.schema();
        property["description"] = param.description.into();
        if let Some(example) = param.typed_example() {
            property["examples"] = json!([example]);
        }
        properties.insert(param.name.to_owned(), property);
    }
    let mut schema =
        json!({"type": "object", "properties": properties, "additionalProperties": false});
    let required: Vec<&str> = table
        .iter()
        .filter(|param| param.is_required)
        .map(|param| param.name)
        .collect();
    if !required.is_empty() {
        schema["required"] = json!(required);
    }
    schema
}

pub fn line(text: &mut String, line: std::fmt::Arguments<'_>) {
    // Writing to a string cannot fail.
    let _always_written = writeln!(text, "{line}");
}
