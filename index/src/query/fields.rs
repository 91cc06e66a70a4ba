//! The fields that a query can name: keyword fields to filter by, and the scope of a text.

use std::array;

use crate::document::Field;

named! {
    /// A field of metadata that has values to filter by.
    #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
    pub enum Keyword {
        /// The outlet that published the article.
        Source = "source",
        /// The section of the outlet.
        Section = "section",
        /// One of the authors.
        Author = "author",
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
        Self(array::from_fn(|i| self.0[i] || other.0[i]))
    }

    /// Returns the fields that both scopes have; the fields of `self` if there are none.
    pub fn within(self, other: Self) -> Self {
        let both = array::from_fn(|i| self.0[i] && other.0[i]);
        if both.contains(&true) {
            Self(both)
        } else {
            self
        }
    }

    /// Returns whether the scope has the field.
    pub const fn contains(self, field: Field) -> bool {
        self.0[field as usize]
    }
}
