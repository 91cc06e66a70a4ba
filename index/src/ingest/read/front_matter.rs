//! The block of metadata above a text: YAML between two lines of `---`, as Jekyll, Hugo and
//! trafilatura write it, or TOML between two lines of `+++`. It reads texts and lists of texts, and
//! skips what is nested deeper.

use std::borrow::Cow;

use super::{Field, Fields, Mapping, Unmapped, Value};

/// The line before and after a block, and the sign between a key and its value.
const FENCES: [(&str, char); 2] = [("---", ':'), ("+++", '=')];
/// The maximum number of lines of the block.
const MAX_LINES: usize = 100;

/// The fields of a block, and the text below it.
pub struct FrontMatter<'m, 'a> {
    pub fields: Fields<'m, 'a>,
    pub unmapped: Unmapped,
    pub text: &'a str,
}

/// A key of the block, as it is written.
struct Entry<'a> {
    key: &'a str,
    /// The value, in one line.
    value: Cow<'a, str>,
    /// The lines of a list.
    items: Vec<&'a str>,
}

/// Splits a text from the block above it. Returns `None` if the text does not begin with such a
/// block, or the block has no known field.
pub fn split<'m, 'a>(text: &'a str, mapping: &'m Mapping) -> Option<FrontMatter<'m, 'a>> {
    let mut fences = FENCES.into_iter();
    let (fence, sign, mut rest) =
        fences.find_map(|(fence, sign)| Some((fence, sign, text.strip_prefix(fence)?)))?;
    let mut entries: Vec<Entry<'_>> = Vec::new();
    for index in 0..=MAX_LINES {
        let (line, after) = rest.split_once('\n')?;
        rest = after;
        let line = line.trim_end();
        if line == fence {
            return classified(entries, rest, mapping);
        }
        let content = line.trim_start();
        let is_inner = content.len() < line.len() || content.starts_with("- ");
        match entries.last_mut() {
            _ if index == 0 && line.is_empty() => {}
            _ if content.is_empty() || content.starts_with('#') => {}
            Some(entry) if is_inner || entry.is_open_list() => entry.take(content),
            _ if is_inner || content.starts_with('[') => {}
            _ => {
                let (key, value) = line.split_once(sign)?;
                entries.push(Entry {
                    key: key.trim().trim_matches(['"', '\'']),
                    value: value.trim().into(),
                    items: Vec::new(),
                });
            }
        }
    }
    None
}

impl<'a> Entry<'a> {
    /// Takes a line below the key: an item of a list, or the next line of the value.
    fn take(&mut self, line: &'a str) {
        if let Some(item) = line.strip_prefix("- ") {
            self.items.push(item.trim());
        } else if self.items.is_empty() && !self.value.is_empty() {
            self.value = match &*self.value {
                // The value stands below a sign for a text of several lines.
                "|" | "|-" | ">" | ">-" => line.into(),
                before => format!("{before} {line}").into(),
            };
        }
    }

    fn into_value(self) -> Value<'a> {
        if !self.items.is_empty() {
            return list(self.items.into_iter());
        }
        match self.value {
            Cow::Borrowed("") => Value::Null,
            Cow::Borrowed(value) => single(value),
            Cow::Owned(value) => match single(&value) {
                Value::List(items) => Value::List(items.into_iter().map(owned).collect()),
                other => owned(other),
            },
        }
    }

    /// Whether the value is a list whose end stands on a later line.
    fn is_open_list(&self) -> bool {
        self.value.starts_with('[') && !self.value.starts_with("[[") && !self.value.ends_with(']')
    }
}

/// Returns the value that is written in one line.
fn single(value: &str) -> Value<'_> {
    let is_link = value.starts_with("[[");
    let items = value
        .strip_prefix('[')
        .and_then(|list| list.strip_suffix(']'));
    match items.filter(|_| !is_link) {
        Some(items) => list(items.split(',').filter(|item| !item.trim().is_empty())),
        None => Value::Text(text(value)),
    }
}

fn owned<'a>(value: Value<'_>) -> Value<'a> {
    match value {
        Value::Text(text) => Value::Text(text.into_owned().into()),
        _ => Value::Null,
    }
}

fn list<'a>(items: impl Iterator<Item = &'a str>) -> Value<'a> {
    let text = |item: &'a str| text(item.trim().strip_prefix("name:").unwrap_or(item).trim());
    Value::List(items.map(|item| Value::Text(text(item))).collect())
}

/// Returns a text without its quotes, or the double brackets of a link in Obsidian.
fn text(value: &str) -> Cow<'_, str> {
    let inside = |start, end| value.strip_prefix(start)?.strip_suffix(end);
    if let Some(quoted) = inside("\"", "\"") {
        // Such a text has the escapes of JSON.
        let parsed = serde_json::from_str(value);
        return parsed.map_or(Cow::Borrowed(quoted), Cow::Owned);
    }
    if let Some(quoted) = inside("'", "'") {
        return quoted.replace("''", "'").into();
    }
    inside("[[", "]]").unwrap_or(value).into()
}

fn classified<'m, 'a>(
    entries: Vec<Entry<'a>>,
    text: &'a str,
    mapping: &'m Mapping,
) -> Option<FrontMatter<'m, 'a>> {
    let mut fields = Fields::new();
    let mut unmapped = Unmapped::default();
    for entry in entries {
        let key = entry.key;
        let value = entry.into_value();
        match mapping.column(key) {
            Some(meaning) => fields.push(Field {
                meaning,
                value,
                depth: 0,
            }),
            None => unmapped.add(key, value.to_json()),
        }
    }
    (!fields.is_empty()).then_some(FrontMatter {
        fields,
        unmapped,
        text,
    })
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
        check(
            "+++\ntitle = 'خبر'\ndate = 2020-03-15\n[params]\nx = 1\n+++\nمتن",
            Some((2, "متن")),
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

    #[test]
    fn values() {
        let mapping = Mapping::default();
        let check = |lines: &str, expected: &str| {
            let text = format!("---\ntitle: x\n{lines}\n---\n");
            let found = split(&text, &mapping).and_then(|found| found.unmapped.to_json());
            assert_eq!(found.as_deref().unwrap_or_default(), expected, "{lines}");
        };
        check(r#"a: "خبر \"عاجل\" \u0628""#, r#"{"a":"خبر \"عاجل\" ب"}"#);
        check("a: 'خبر ''عاجل'''", r#"{"a":"خبر 'عاجل'"}"#);
        check("\"a\": خبر طويل\n  وبقيته", r#"{"a":"خبر طويل وبقيته"}"#);
        check("a: >-\n  خبر\n  طويل", r#"{"a":"خبر طويل"}"#);
        check(
            "a:\n  - name: سلمى\n    url: x\n  - \"[[هاني]]\"",
            r#"{"a":["سلمى","[[هاني]]"]}"#,
        );
        check("a:\n  - '[[هاني'\n  - [[ريم]]", r#"{"a":["[[هاني","ريم"]}"#);
        check("a: [ميناء, \"سفن\"]", r#"{"a":["ميناء","سفن"]}"#);
        check("a: [\n  ميناء,\n\"سفن\",\n]", r#"{"a":["ميناء","سفن"]}"#);
        check("a:\n  b: c", "");
    }
}
