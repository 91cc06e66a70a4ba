//! The fields that a query can name: keyword fields to filter by, and the scope of a text.

use crate::document::Field;

/// A field of metadata that has values to filter by.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Keyword {
    /// The outlet that published the article.
    Source,
    /// The section of the outlet.
    Section,
    /// One of the authors.
    Author,
}

impl Keyword {
    /// All keyword fields.
    pub const ALL: [Self; 3] = [Self::Source, Self::Section, Self::Author];

    /// Returns the name in the API. It never changes.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Source => "source",
            Self::Section => "section",
            Self::Author => "author",
        }
    }
}

/// The set of searched fields in which a word, phrase or pattern may match.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Scope([bool; Field::ALL.len()]);

impl Scope {
    /// The scope of every field.
    pub const ALL: Self = Self([true; Field::ALL.len()]);

    /// Returns the scope of one field.
    pub fn of(field: Field) -> Self {
        Self(Field::ALL.map(|each| each == field))
    }

    /// Returns the fields that at least one of the two scopes has.
    pub fn or(self, other: Self) -> Self {
        let mut fields = self.0;
        for (own, other) in fields.iter_mut().zip(other.0) {
            *own |= other;
        }
        Self(fields)
    }

    /// Returns the fields that both scopes have; the fields of `self` if there are none.
    pub fn within(self, other: Self) -> Self {
        let mut fields = self.0;
        for (own, other) in fields.iter_mut().zip(other.0) {
            *own &= other;
        }
        if fields.contains(&true) {
            Self(fields)
        } else {
            self
        }
    }

    /// Returns whether the scope has the field.
    pub fn contains(self, field: Field) -> bool {
        Field::ALL
            .iter()
            .zip(self.0)
            .any(|(each, is_in)| *each == field && is_in)
    }
}
