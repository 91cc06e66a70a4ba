//! The block of metadata above a text, as Jekyll, Hugo and trafilatura write it between two lines of
//! `---`. Of YAML, it reads `key: value`, and lists of values.

use std::borrow::Cow;

use super::{Field, Fields, Mapping, Unmapped, Value};

const FENCE: &str = "---";
/// The maximum number of lines of the block.
const MAX_LINES: usize = 100;

/// The fields of a block, and the text below it.
pub struct FrontMatter<'m, 'a> {
    pub fields: Fields<'m, 'a>,
    pub unmapped: Unmapped,
    pub text: &'a str,
}

/// Splits a text from the block above it. Returns `None` if the text does not begin with such a
/// block, or the block has no known field.
pub fn split<'m, 'a>(text: &'a str, mapping: &'m Mapping) -> Option<FrontMatter<'m, 'a>> {
    let mut rest = text.strip_prefix(FENCE)?;
    let mut values: Vec<(&str, Value<'_>)> = Vec::new();
    for index in 0..=MAX_LINES {
        let (line, after) = rest.split_once('\n')?;
        rest = after;
        let line = line.trim_end();
        if index == 0 && line.is_empty() {
            continue;
        }
        if line == FENCE {
            return classified(values, rest, mapping);
        }
        let item = line.trim_start().strip_prefix("- ");
        if let Some(item) = item {
            if let Some((_, value)) = values.last_mut() {
                add(value, item);
            }
        } else if !line.starts_with([' ', '#']) && !line.is_empty() {
            let (key, value) = line.split_once(':')?;
            values.push((key, parsed(value.trim())));
        }
    }
    None
}

fn classified<'m, 'a>(
    values: Vec<(&str, Value<'a>)>,
    text: &'a str,
    mapping: &'m Mapping,
) -> Option<FrontMatter<'m, 'a>> {
    let mut fields = Fields::new();
    let mut unmapped = Unmapped::default();
    for (key, value) in values {
        match mapping.column(key) {
            Some(meaning) => fields.push(Field {
                meaning,
                value,
                depth: 0,
            }),
            None => unmapped.add(key.trim(), value.to_json()),
        }
    }
    (!fields.is_empty()).then_some(FrontMatter {
        fields,
        unmapped,
        text,
    })
}

fn parsed(value: &str) -> Value<'_> {
    let list = value
        .strip_prefix('[')
        .and_then(|list| list.strip_suffix(']'));
    match list {
        Some(list) => Value::List(list.split(',').map(|item| text(item.trim())).collect()),
        None if value.is_empty() => Value::Null,
        None => text(value),
    }
}

fn text(value: &str) -> Value<'_> {
    let unquoted = ['"', '\'']
        .into_iter()
        .find_map(|quote| value.strip_prefix(quote)?.strip_suffix(quote));
    Value::Text(Cow::Borrowed(unquoted.unwrap_or(value)))
}

/// Adds an item to the list that a value is.
fn add<'a>(value: &mut Value<'a>, item: &'a str) {
    match value {
        Value::List(items) => items.push(text(item.trim())),
        _ => *value = Value::List(vec![text(item.trim())]),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn blocks_of_metadata() {
        let mapping = Mapping::default();
        let check = |text: &str, expected: Option<(usize, &str)>| {
            let found = split(text, &mapping);
            let found = found.map(|found| (found.fields.len(), found.text));
            assert_eq!(found, expected, "{text}");
        };
        let block = "---\ntitle: خبر\ntags:\n- ميناء\n- تجارة\nlayout: post\n---\nمتن";
        let unmapped = split(block, &mapping).and_then(|found| found.unmapped.to_json());
        let expected = r#"{"layout":"post","tags":["ميناء","تجارة"]}"#;
        assert_eq!(unmapped.as_deref(), Some(expected));
        check(
            "---\ntitle: \"خبر\"\nlayout: post\n---\nمتن",
            Some((1, "متن")),
        );
        check(
            "---\nauthor:\n  - سلمى\n- هاني\ndate: 2020-03-15\n# x\n\n---\n\nمتن",
            Some((2, "\nمتن")),
        );
        for other in [
            "---\nعنوان بلا علامة\n---\n",
            "---\ntitle: خبر\n",
            "---\nlayout: post\n---\nمتن",
            "نص --- نص",
            "---",
        ] {
            check(other, None);
        }
    }
}
