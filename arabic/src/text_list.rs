//! A list of texts in one string. A separate string for each of a million words would take several
//! times the memory.

/// Texts, each known by its index. All together take less than 4 GB.
#[derive(Default)]
pub struct TextList {
    text: String,
    /// Where each text ends in `text`.
    ends: Vec<u32>,
}

impl TextList {
    /// Returns an empty list with room for `count` texts of `size_bytes` together.
    pub fn with_capacity(count: usize, size_bytes: usize) -> Self {
        Self {
            text: String::with_capacity(size_bytes),
            ends: Vec::with_capacity(count),
        }
    }

    /// Adds a text at the end.
    pub fn push(&mut self, text: &str) {
        self.text.push_str(text);
        self.ends.push(self.text.len() as u32);
    }

    /// Returns the memory that no text needs.
    pub fn shrink_to_fit(&mut self) {
        self.text.shrink_to_fit();
        self.ends.shrink_to_fit();
    }

    /// Returns how many texts there are.
    pub fn len(&self) -> usize {
        self.ends.len()
    }

    /// Returns the text with this index; `None` if there is none.
    #[inline]
    pub fn get(&self, index: usize) -> Option<&str> {
        let end = *self.ends.get(index)?;
        let start = index.checked_sub(1).map_or(0, |before| self.ends[before]);
        Some(&self.text[start as usize..end as usize])
    }

    /// Returns the texts in the order of their indices.
    pub fn iter(&self) -> impl Iterator<Item = &str> {
        (0..self.len()).map_while(|index| self.get(index))
    }
}
