//! Named values → a [`Draft`]. If several values can give the same part of an article, the best
//! name wins. It reads no file format.

use std::borrow::Cow;

use super::{Body, Draft, Meaning, Target, html};

/// The values found in a record, each with the meaning of its name.
pub type Fields<'m, 'a> = Vec<(&'m Meaning, Value<'a>)>;

/// Chooses the value with the best name for each part of the article. Fails with the reason if a
/// value under a strict name has the wrong type. Under another name, such a value is ignored.
pub fn draft<'a>(mut fields: Fields<'_, 'a>) -> Result<Draft<'a>, String> {
    fields.sort_by_key(|(meaning, _)| meaning.rank);
    let mut draft = Draft::default();
    for (meaning, value) in fields {
        if let Err(reason) = supply(&mut draft, meaning, value)
            && meaning.is_strict()
        {
            return Err(reason);
        }
    }
    Ok(draft)
}

/// Puts a value into the draft, unless a value with a better name is there. Authors are added up.
/// Fails with the reason if the value has the wrong type.
fn supply<'a>(draft: &mut Draft<'a>, meaning: &Meaning, value: Value<'a>) -> Result<(), String> {
    let name = &*meaning.name;
    let (slot, text) = match meaning.target {
        Target::Author => {
            draft.authors.extend(value.into_texts(name)?);
            return Ok(());
        }
        Target::Body => {
            let text = value.into_text(name, "a string")?;
            if matches!(&draft.body, Body::Plain(body) if body.trim().is_empty()) {
                draft.body = html::body(text);
            }
            return Ok(());
        }
        Target::Id => (&mut draft.id, value.into_text_or_number(name)?),
        Target::Title => (
            &mut draft.title,
            html::line(value.into_text(name, "a string")?),
        ),
        Target::Source => (&mut draft.source, value.into_text(name, "a string")?),
        Target::Section => (&mut draft.section, value.into_text(name, "a string")?),
        Target::Date => (&mut draft.date, value.into_text_or_number(name)?),
        Target::Url => (&mut draft.url, value.into_text(name, "a string")?),
    };
    if slot.trim().is_empty() {
        *slot = text;
    }
    Ok(())
}

/// A value in a record.
pub enum Value<'a> {
    /// `null`.
    Null,
    /// `true` or `false`.
    Bool,
    /// A number, as text.
    Number(String),
    /// A string.
    Text(Cow<'a, str>),
    /// A list.
    List(Vec<Value<'a>>),
    /// An object. Its content is not kept.
    Object,
}

impl<'a> Value<'a> {
    /// Returns the name of the type for messages.
    pub const fn type_name(&self) -> &'static str {
        match self {
            Self::Null => "null",
            Self::Bool => "true or false",
            Self::Number(_) => "a number",
            Self::Text(_) => "a string",
            Self::List(_) => "a list",
            Self::Object => "an object",
        }
    }

    /// Returns the string of the field `name`; empty for `null`. Fails for another type; the reason
    /// says what is `wanted`.
    fn into_text(self, name: &str, wanted: &str) -> Result<Cow<'a, str>, String> {
        match self {
            Self::Null => Ok(Cow::default()),
            Self::Text(text) => Ok(text),
            Self::Bool | Self::Number(_) | Self::List(_) | Self::Object => Err(format!(
                "`{name}` must be {wanted}, not {}",
                self.type_name()
            )),
        }
    }

    /// Returns the string or number of the field `name`; empty for `null`. Fails for another type.
    fn into_text_or_number(self, name: &str) -> Result<Cow<'a, str>, String> {
        match self {
            Self::Number(number) => Ok(Cow::Owned(number)),
            Self::Null | Self::Bool | Self::Text(_) | Self::List(_) | Self::Object => {
                self.into_text(name, "a string or a number")
            }
        }
    }

    /// Returns the strings of the field `name`: a string, or a list of strings. Fails for another
    /// type.
    fn into_texts(self, name: &str) -> Result<Vec<Cow<'a, str>>, String> {
        match self {
            Self::List(values) => {
                let texts = values
                    .into_iter()
                    .map(|value| value.into_text(name, "a string"));
                texts.collect()
            }
            Self::Null | Self::Bool | Self::Number(_) | Self::Text(_) | Self::Object => {
                let text = self.into_text(name, "a string or a list of strings")?;
                Ok(vec![text])
            }
        }
    }
}
