//! What all tools share: their description, the schema of their arguments, and the form of their
//! answers.

use std::sync::Arc;

use fihrist_index::Article;
use rmcp::model::ToolAnnotations;
use serde_json::Map;

use super::{JsonObject, Param, Tool, Value, json, line};
use crate::service::article_page;
use crate::service::params::required_names;

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
    Tool::new(name, description, members(input_schema(input)))
        .with_title(title)
        .with_raw_output_schema(Arc::new(members(output)))
        .with_annotations(ToolAnnotations::from_raw(
            None,
            Some(true),
            Some(false),
            Some(true),
            Some(false),
        ))
}

fn members(value: Value) -> JsonObject {
    match value {
        Value::Object(members) => members,
        _ => Map::new(),
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
    let required = required_names(table);
    if !required.is_empty() {
        schema["required"] = json!(required);
    }
    schema
}

/// Returns the schema of an object all of whose members are required.
macro_rules! object {
    ($($name:literal: $schema:tt,)*) => {
        serde_json::json!({"type": "object", "properties": {$($name: $schema),*}, "required": [$($name),*]})
    };
}
pub(super) use object;

/// Returns the JSON schema of a byte range in the stored text.
pub fn range_schema() -> Value {
    json!({"type": "array", "items": {"type": "integer"}, "minItems": 2, "maxItems": 2, "description": "UTF-8 bytes of the stored text: start, end"})
}

/// Appends a line for each fact about an article that is known. `section` is one of the facts.
pub fn write_facts(text: &mut String, article: &Article, section: Option<&String>) {
    let published = article.published.as_ref();
    let facts = [
        ("source", article.source.as_ref()),
        ("section", section),
        ("date", published.map(|published| &published.date)),
        ("url", article.url.as_ref()),
    ];
    for (name, value) in facts {
        if let Some(value) = value {
            line!(text, "{name}: {value}");
        }
    }
}

/// Returns what every tool states about an article, as JSON.
pub fn facts(article: &Article, base: Option<&str>) -> Value {
    let published = article.published.as_ref();
    json!({
        "id": article.id.as_str(),
        "title": article.title(),
        "source": article.source,
        "date": published.map(|published| &published.date),
        "url": article.url,
        "page": base.map(|base| article_page(base, article)),
    })
}
