//! The fields that a query may name.

use crate::document::Field;

/// Fields that hold values rather than text.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Keyword {
    /// The outlet.
    Source,
    /// The section of the outlet.
    Section,
    /// One of the authors.
    Author,
}

impl Keyword {
    /// All of them.
    pub const ALL: [Self; 3] = [Self::Source, Self::Section, Self::Author];

    /// The stable name.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Source => "source",
            Self::Section => "section",
            Self::Author => "author",
        }
    }
}

/// The searched fields in which a text may stand.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Scope([bool; Field::ALL.len()]);

impl Scope {
    /// Every field.
    pub const ALL: Self = Self([true; Field::ALL.len()]);

    /// One field.
    pub fn of(field: Field) -> Self {
        Self(Field::ALL.map(|each| each == field))
    }

    /// The fields of both.
    pub fn or(self, other: Self) -> Self {
        let mut fields = self.0;
        fields
            .iter_mut()
            .zip(other.0)
            .for_each(|(own, other)| *own |= other);
        Self(fields)
    }

    /// The fields of each that the other has, too; those of `self` where there is none.
    pub fn within(self, other: Self) -> Self {
        let mut fields = self.0;
        fields
            .iter_mut()
            .zip(other.0)
            .for_each(|(own, other)| *own &= other);
        if fields.contains(&true) {
            Self(fields)
        } else {
            self
        }
    }

    /// Whether it holds the field.
    pub fn contains(self, field: Field) -> bool {
        Field::ALL
            .iter()
            .zip(self.0)
            .any(|(each, is_in)| *each == field && is_in)
    }
}
