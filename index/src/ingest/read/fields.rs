//! Named values → a [`Draft`]. If several values can give the same part of an article, the best
//! name wins. It reads no file format.

use std::borrow::Cow;

use serde_json::Value as Json;

use super::full_text::prefer_full_text;
use super::{Draft, Meaning, NoteKind, Target, Unmapped, Value, html, markdown, page};

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
        match is_page(&body).then(|| page::read(&body)) {
            Some(Ok(page)) => self.draft.fill_from(page),
            _ if self
                .body_name
                .is_some_and(|name| name.name.starts_with("markdown")) =>
            {
                markdown::read(&body, &mut self.draft);
            }
            _ => self.draft.body = html::body(body),
        }
        if self.draft.url.trim().is_empty() {
            self.draft.url = self.source_url;
        }
        self.draft
    }
}

/// Returns whether a text is a whole web page.
fn is_page(text: &str) -> bool {
    let start = text
        .trim_start()
        .get(..14)
        .unwrap_or_default()
        .to_ascii_lowercase();
    start.starts_with("<!doctype html") || start.starts_with("<html")
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
