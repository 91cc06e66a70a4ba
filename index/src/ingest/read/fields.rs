//! Named values → a [`Draft`]. If several values can give the same part of an article, the best
//! name wins. It reads no file format.

use std::borrow::Cow;

use serde_json::Value as Json;

use super::full_text::prefer_full_text;
use super::{Draft, Meaning, NoteKind, Target, Unmapped, html};

/// A value found in a record, with the meaning of its name.
pub struct Field<'m, 'a> {
    /// The meaning of the name.
    pub meaning: &'m Meaning,
    /// The value.
    pub value: Value<'a>,
    /// The number of envelopes around the field, such as `_source`.
    pub depth: u8,
}

/// The values found in a record.
pub type Fields<'m, 'a> = Vec<Field<'m, 'a>>;

/// Chooses the value with the best name for each part of the article. Texts under the same name are
/// joined. Fails with the reason if the title, body or id has the wrong type. Values that are
/// not used become unmapped fields, and so do other values of the wrong type.
pub fn draft<'a>(mut fields: Fields<'_, 'a>, unmapped: Unmapped) -> Result<Draft<'a>, String> {
    fields.sort_by_key(|field| (field.depth, field.meaning.rank));
    prefer_full_text(&mut fields);
    let mut parts = Parts::default();
    parts.draft.unmapped = unmapped;
    for Field { meaning, value, .. } in fields {
        // A second whole text is the same text in another form.
        let json = match meaning.is_whole_body() {
            true => Json::Null,
            false => value.to_json(),
        };
        match parts.take(meaning, value) {
            Ok(true) => {}
            Ok(false) => parts.draft.unmapped.add(&meaning.name, json),
            Err(reason) => {
                parts.draft.unmapped.add(&meaning.name, json);
                match meaning.target {
                    _ if !meaning.is_strict() => {}
                    Target::Id | Target::Title | Target::Body => return Err(reason),
                    _ => parts.ignore(reason),
                }
            }
        }
    }
    Ok(parts.draft())
}

/// Fails with the reason if a value is not of the type that the API describes for its name.
pub fn check_types(fields: &[Field<'_, '_>]) -> Result<(), String> {
    for Field { meaning, value, .. } in fields {
        let wanted = match (meaning.target, value) {
            (_, Value::Null | Value::Text(_)) => continue,
            (Target::Id | Target::Date, Value::Number(_)) => continue,
            (Target::Author, Value::List(names)) if names.iter().all(Value::is_text) => continue,
            _ if !meaning.is_strict() => continue,
            (Target::Id | Target::Date, _) => "a string or a number",
            (Target::Author, _) => "a string or a list of strings",
            _ => "a string",
        };
        return Err(value.refusal(&meaning.name, wanted));
    }
    Ok(())
}

/// The texts of a draft so far.
#[derive(Default)]
struct Parts<'m, 'a> {
    draft: Draft<'a>,
    /// The lines of the body, and their name.
    body: Vec<Cow<'a, str>>,
    body_name: Option<&'m Meaning>,
    title_name: Option<&'m Meaning>,
    /// A URL under a name of the source.
    source_url: Cow<'a, str>,
}

impl<'m, 'a> Parts<'m, 'a> {
    /// Takes a value, unless there is one with a better name. Authors are added up. Returns whether
    /// the article has all of the value. Fails with the reason if the value has the wrong type.
    fn take(&mut self, meaning: &'m Meaning, value: Value<'a>) -> Result<bool, String> {
        let name = &*meaning.name;
        let draft = &mut self.draft;
        match meaning.target {
            Target::Body => {
                let text = value.into_body(name)?;
                let is_taken = is_free(self.body_name, meaning) && !text.trim().is_empty();
                if is_taken {
                    self.body.push(text);
                    self.body_name = Some(meaning);
                }
                Ok(is_taken)
            }
            Target::Title => {
                let text = html::line(value.into_line(name)?);
                let is_taken = is_free(self.title_name, meaning) && !text.trim().is_empty();
                let is_known = is_taken || text == draft.title;
                if is_taken {
                    draft.title = match draft.title.is_empty() {
                        true => text,
                        false => Cow::Owned(format!("{} {text}", draft.title)),
                    };
                    self.title_name = Some(meaning);
                }
                Ok(is_known)
            }
            Target::Author => {
                let names = value.into_names(name)?;
                let has_names = !names.is_empty();
                for name in names {
                    if !draft.authors.contains(&name) {
                        draft.authors.push(name);
                    }
                }
                Ok(has_names)
            }
            Target::Id | Target::Date | Target::Source | Target::Section | Target::Url => {
                let is_number_wanted = matches!(meaning.target, Target::Id | Target::Date);
                let (text, has_more) = value.into_first(name, is_number_wanted)?;
                let slot = match meaning.target {
                    Target::Id => &mut draft.id,
                    Target::Date => &mut draft.date,
                    Target::Section => &mut draft.section,
                    Target::Source if is_url(&text) => &mut self.source_url,
                    Target::Source => &mut draft.source,
                    _ => &mut draft.url,
                };
                if slot.trim().is_empty() {
                    *slot = text;
                    if has_more {
                        self.ignore(format!(
                            "`{name}`: only the first of several values is used"
                        ));
                    }
                    return Ok(!has_more);
                }
                Ok(*slot == text)
            }
        }
    }

    fn ignore(&mut self, reason: String) {
        self.draft.notes.push((NoteKind::IgnoredField, reason));
    }

    fn draft(mut self) -> Draft<'a> {
        let body = match self.body.len() {
            0 | 1 => self.body.pop().unwrap_or_default(),
            _ => Cow::Owned(self.body.join("\n")),
        };
        self.draft.body = html::body(body);
        if self.draft.url.trim().is_empty() {
            self.draft.url = self.source_url;
        }
        self.draft
    }
}

/// Returns whether a text has no name yet, or this one.
fn is_free(name: Option<&Meaning>, meaning: &Meaning) -> bool {
    name.is_none_or(|name| std::ptr::eq(name, meaning))
}

/// Returns whether a text is the address of a page.
pub fn is_url(text: &str) -> bool {
    let text = text.trim_start();
    text.starts_with("http://") || text.starts_with("https://")
}

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
const TEXT_MEMBERS: [&str; 14] = [
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

    fn refusal(&self, name: &str, wanted: &str) -> String {
        format!("`{name}` must be {wanted}, not {}", self.type_name())
    }

    const fn is_text(&self) -> bool {
        matches!(self, Self::Text(_))
    }

    /// Returns a text with one paragraph a line. A list is a list of paragraphs, or of the parts of
    /// a line that Telegram marks. Fails for a value that holds no text.
    fn into_body(self, name: &str) -> Result<Cow<'a, str>, String> {
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
    fn into_line(self, name: &str) -> Result<Cow<'a, str>, String> {
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
    fn into_first(
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
    fn into_names(self, name: &str) -> Result<Vec<Cow<'a, str>>, String> {
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
