//! The block of metadata above a text, as Jekyll, Hugo and trafilatura write it between two lines of
//! `---`. Of YAML, it reads `key: value`, and lists of values.

use std::borrow::Cow;

use super::{Field, Fields, Mapping, Value};

const FENCE: &str = "---";
/// The maximum number of lines of the block.
const MAX_LINES: usize = 100;

/// Returns the known fields of the block and the text below it; `None` if the text does not begin
/// with such a block, or the block has no known field.
pub fn split<'m, 'a>(text: &'a str, mapping: &'m Mapping) -> Option<(Fields<'m, 'a>, &'a str)> {
    let mut rest = text.strip_prefix(FENCE)?;
    let mut fields: Fields<'m, 'a> = Vec::new();
    let mut is_known = false;
    for index in 0..=MAX_LINES {
        let (line, after) = rest.split_once('\n')?;
        rest = after;
        let line = line.trim_end();
        if index == 0 && line.is_empty() {
            continue;
        }
        if line == FENCE {
            return (!fields.is_empty()).then_some((fields, rest));
        }
        let item = line.trim_start().strip_prefix("- ");
        if let Some(item) = item {
            if let Some(field) = fields.last_mut().filter(|_| is_known) {
                add(&mut field.value, item);
            }
        } else if !line.starts_with([' ', '#']) && !line.is_empty() {
            let (key, value) = line.split_once(':')?;
            let meaning = mapping.column(key);
            is_known = meaning.is_some();
            if let Some(meaning) = meaning {
                fields.push(Field {
                    meaning,
                    value: parsed(value.trim()),
                    depth: 0,
                });
            }
        }
    }
    None
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
            let found = found.map(|(fields, rest)| (fields.len(), rest));
            assert_eq!(found, expected, "{text}");
        };
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
