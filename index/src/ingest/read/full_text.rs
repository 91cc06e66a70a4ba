//! Values that may be the body of an article → the order in which they are taken. Some programs write
//! junk or only the beginning of the text under the best name. It changes no text.

use std::ptr;

use super::value::is_text_member;
use super::{Field, Fields, Target, Value};
use fihrist_arabic::chars::{Class, class};

/// A text with fewer characters is not taken instead of a shorter one with a better name.
const MIN_FULL_CHARS: usize = 200;
/// A text under the best name is only a part if another one is more than this many times as long.
const FULL_TO_PART: usize = 5;

/// Puts the full text before the other bodies if the best name holds no Arabic or a far shorter text.
/// A name that the user gives stays the best one. What a program writes for an object that is no text
/// is removed.
pub fn prefer_full_text(fields: &mut Fields<'_, '_>) {
    fields.retain(|field| field.meaning.target != Target::Body || !is_placeholder(&field.value));
    let bodies = || fields.iter().filter(|field| is_body(field));
    let Some(first) = bodies().next().map(|field| field.meaning) else {
        return;
    };
    if first.is_given() || bodies().all(|field| ptr::eq(field.meaning, first)) {
        return;
    }
    let mut sizes: Vec<(_, Visible)> = Vec::new();
    for field in bodies() {
        let visible = Visible::of(&field.value);
        match sizes.last_mut() {
            Some((meaning, sum)) if ptr::eq(*meaning, field.meaning) => sum.add(&visible),
            _ => sizes.push((field.meaning, visible)),
        }
    }
    let best = sizes.into_iter().reduce(|best, next| {
        let is_better = next.1.is_fuller_than(&best.1);
        if is_better { next } else { best }
    });
    if let Some((best, _)) = best {
        fields.sort_by_key(|field| is_body(field) && !ptr::eq(field.meaning, best));
    }
}

fn is_body(field: &Field<'_, '_>) -> bool {
    field.meaning.target == Target::Body && !field.value.is_empty()
}

/// Returns whether a text is what Python writes for an object: `<Element body at 0x7f26>`.
fn is_placeholder(value: &Value<'_>) -> bool {
    let Value::Text(text) = value else {
        return false;
    };
    let text = text.trim();
    text.len() < 200 && text.starts_with('<') && text.ends_with('>') && text.contains(" at 0x")
}

/// How much text a reader sees.
#[derive(Default)]
struct Visible {
    chars: usize,
    has_arabic: bool,
    /// Whether the text is a whole web page, with its menus.
    is_page: bool,
}

impl Visible {
    fn of(value: &Value<'_>) -> Self {
        let mut visible = Self::default();
        visible.count(value);
        visible
    }

    fn count(&mut self, value: &Value<'_>) {
        match value {
            Value::Text(text) => self.count_text(text),
            Value::List(values) => values.iter().for_each(|value| self.count(value)),
            Value::Object(members) => {
                let texts = members.iter().filter(|(name, _)| is_text_member(name));
                texts.for_each(|(_, value)| self.count(value));
            }
            Value::Null | Value::Bool(_) | Value::Number(_) => {}
        }
    }

    fn count_text(&mut self, text: &str) {
        let mut is_in_tag = false;
        for character in text.chars() {
            match character {
                '<' => is_in_tag = true,
                '>' => is_in_tag = false,
                _ if is_in_tag => {}
                _ => {
                    self.chars += 1;
                    self.has_arabic |= class(character) == Class::Arabic;
                }
            }
        }
        let begins = text.trim_start().get(..5).unwrap_or_default();
        self.is_page |= ["<!doc", "<html", "<head"]
            .iter()
            .any(|start| begins.eq_ignore_ascii_case(start));
    }

    fn add(&mut self, other: &Self) {
        self.chars += other.chars;
        self.has_arabic |= other.has_arabic;
        self.is_page |= other.is_page;
    }

    /// Returns whether this text is taken although the other one has a better name.
    fn is_fuller_than(&self, other: &Self) -> bool {
        let is_longer = |times: usize| self.chars > other.chars.saturating_mul(times);
        let is_only_arabic = self.has_arabic && !other.has_arabic;
        let is_full = self.chars >= MIN_FULL_CHARS && is_longer(FULL_TO_PART);
        // A long text in another language is no junk.
        let is_junk = other.chars < MIN_FULL_CHARS || is_longer(1);
        !self.is_page && ((is_only_arabic && is_junk) || is_full)
    }
}
