//! A value of a field: the types that it may have, and the texts that it gives. It knows no names of
//! fields.

use std::borrow::Cow;

use serde_json::Value as Json;

/// A value in a record.
pub enum Value<'a> {
    /// `null`.
    Null,
    /// `true` or `false`.
    Bool(bool),
    /// A number, as text.
    Number(String),
    /// A string.
    Text(Cow<'a, str>),
    /// A list.
    List(Vec<Value<'a>>),
    /// An object. Its members are kept only if they may be the text of an article.
    Object(Vec<(Cow<'a, str>, Value<'a>)>),
}

/// The members of an object in a body that hold text, not metadata such as a type or a link.
const TEXT_MEMBERS: [&str; 15] = [
    "text",
    "content",
    "body",
    "value",
    "html",
    "paragraph",
    "paragraphs",
    "section",
    "sections",
    "headline",
    "heading",
    "summary",
    "blocks",
    "children",
    "data",
];

/// The values of `type` in a text that Telegram splits into parts of a line.
#[rustfmt::skip]
const INLINE_TYPES: [&str; 20] = [
    "plain", "bold", "italic", "underline", "strikethrough", "link", "text_link", "mention", "mention_name", "hashtag",
    "cashtag", "bot_command", "email", "phone", "code", "pre", "spoiler", "custom_emoji", "blockquote", "bank_card",
];

impl<'a> Value<'a> {
    /// Returns the name of the type for messages.
    pub const fn type_name(&self) -> &'static str {
        match self {
            Self::Null => "null",
            Self::Bool(_) => "true or false",
            Self::Number(_) => "a number",
            Self::Text(_) => "a string",
            Self::List(_) => "a list",
            Self::Object(_) => "an object",
        }
    }

    /// Returns whether the value says nothing.
    pub fn is_empty(&self) -> bool {
        match self {
            Self::Null => true,
            Self::Text(text) => text.trim().is_empty(),
            Self::List(values) => values.iter().all(Self::is_empty),
            Self::Bool(_) | Self::Number(_) | Self::Object(_) => false,
        }
    }

    /// Returns the value as JSON.
    pub fn to_json(&self) -> Json {
        match self {
            Self::Null => Json::Null,
            Self::Bool(value) => (*value).into(),
            Self::Number(number) => serde_json::from_str(number).unwrap_or_default(),
            Self::Text(text) => (**text).into(),
            Self::List(values) => values.iter().map(Self::to_json).collect(),
            Self::Object(members) => {
                let members = members.iter();
                members
                    .map(|(name, value)| (&**name, value.to_json()))
                    .collect()
            }
        }
    }

    pub fn refusal(&self, name: &str, wanted: &str) -> String {
        format!("`{name}` must be {wanted}, not {}", self.type_name())
    }

    pub const fn is_text(&self) -> bool {
        matches!(self, Self::Text(_))
    }

    /// Returns a text with one paragraph a line. A list is a list of paragraphs, or of the parts of
    /// a line that Telegram marks. Fails for a value that holds no text.
    pub fn into_body(self, name: &str) -> Result<Cow<'a, str>, String> {
        match self {
            Self::Null => Ok(Cow::default()),
            Self::Text(text) => Ok(text),
            Self::List(values) => {
                let separator = if are_inline(&values) { "" } else { "\n" };
                let texts = values.into_iter().map(|value| value.into_body(name));
                let texts: Vec<_> = texts.collect::<Result<_, _>>()?;
                let texts = texts.iter().filter(|text| !text.is_empty());
                Ok(texts
                    .map(|text| &**text)
                    .collect::<Vec<_>>()
                    .join(separator)
                    .into())
            }
            Self::Object(members) if members.iter().any(|(name, _)| is_text_member(name)) => {
                // Beside the value, a summary is a part of it.
                let has_value = members.iter().any(|(name, _)| name == "value");
                let is_text =
                    |name: &str| is_text_member(name) && !(has_value && name == "summary");
                let texts = members.into_iter().filter(|(name, _)| is_text(name));
                let texts = texts.map(|(_, value)| value.into_body(name));
                let texts: Vec<_> = texts.collect::<Result<_, _>>()?;
                let texts = texts.iter().filter(|text| !text.is_empty());
                let texts: Vec<_> = texts.map(|text| &**text).collect();
                Ok(texts.join("\n").into())
            }
            Self::Bool(_) | Self::Number(_) | Self::Object(_) => {
                Err(self.refusal(name, "a string or a list of strings"))
            }
        }
    }

    /// Returns a text of one line: a string, a number, or the strings of a list.
    pub fn into_line(self, name: &str) -> Result<Cow<'a, str>, String> {
        match self {
            Self::Null => Ok(Cow::default()),
            Self::Text(text) => Ok(text),
            Self::Number(number) => Ok(Cow::Owned(number)),
            Self::List(values) => {
                let texts = values.into_iter().map(|value| value.into_line(name));
                let texts: Vec<_> = texts.collect::<Result<_, _>>()?;
                Ok(Cow::Owned(texts.join(" ").trim().to_owned()))
            }
            Self::Bool(_) | Self::Object(_) => Err(self.refusal(name, "a string")),
        }
    }

    /// Returns a string, or the first string of a list and whether it has more. A number is taken
    /// if it is wanted; a fraction of it is dropped.
    pub fn into_first(
        self,
        name: &str,
        is_number_wanted: bool,
    ) -> Result<(Cow<'a, str>, bool), String> {
        match self {
            Self::Null => Ok((Cow::default(), false)),
            Self::Text(text) => Ok((text, false)),
            Self::Number(number) if is_number_wanted => {
                let whole = number.split_once('.').map_or(&*number, |(whole, _)| whole);
                Ok((Cow::Owned(whole.to_owned()), false))
            }
            Self::List(values) => {
                let mut values = values.into_iter().filter(|value| !value.is_empty());
                let first = values.next().unwrap_or(Self::Null);
                let (first, _) = first.into_first(name, is_number_wanted)?;
                Ok((first, values.next().is_some()))
            }
            Self::Number(_) | Self::Bool(_) | Self::Object(_) => {
                let wanted = if is_number_wanted {
                    "a string or a number"
                } else {
                    "a string"
                };
                Err(self.refusal(name, wanted))
            }
        }
    }

    /// Returns names: a string with `;` between them, or a list of strings. A number is the key of
    /// an author in another table, and no name.
    pub fn into_names(self, name: &str) -> Result<Vec<Cow<'a, str>>, String> {
        match self {
            Self::Null | Self::Number(_) => Ok(Vec::new()),
            Self::Text(text) if text.contains(';') => {
                let names = text
                    .split(';')
                    .map(|name| Cow::Owned(name.trim().to_owned()));
                Ok(names.collect())
            }
            Self::Text(text) if text.contains('@') => {
                Ok(vec![Cow::Owned(without_mail_address(&text).to_owned())])
            }
            Self::Text(text) => Ok(vec![text]),
            Self::List(values) => {
                let names = values.into_iter().map(|value| value.into_names(name));
                Ok(names.collect::<Result<Vec<_>, _>>()?.concat())
            }
            Self::Bool(_) | Self::Object(_) => {
                Err(self.refusal(name, "a string or a list of strings"))
            }
        }
    }
}

/// Returns the name in `desk@example.org (سلمى)` and `سلمى (desk@example.org)`.
pub fn without_mail_address(text: &str) -> &str {
    let text = text.trim();
    let parts = text.strip_suffix(')').and_then(|text| text.split_once('('));
    match parts {
        Some((address, name)) if address.contains('@') && !name.contains('@') => name.trim(),
        Some((name, address)) if address.contains('@') => name.trim(),
        Some(_) | None => text,
    }
}

/// Returns whether a member of an object in a body holds text.
pub fn is_text_member(name: &str) -> bool {
    TEXT_MEMBERS.contains(&name)
}

/// Returns whether the values of a list are parts of a line: strings and objects, or objects of the
/// types that Telegram uses.
fn are_inline(values: &[Value<'_>]) -> bool {
    let is_object = |value: &&Value<'_>| matches!(value, Value::Object(_));
    let objects = values.iter().filter(is_object).count();
    let is_part = |value: &Value<'_>| match value {
        Value::Object(members) => members.iter().any(|(name, value)| {
            let is_inline = |kind: &str| INLINE_TYPES.contains(&kind);
            name == "type" && matches!(value, Value::Text(kind) if is_inline(kind))
        }),
        _ => true,
    };
    objects > 0 && (objects < values.len() || values.iter().all(is_part))
}
