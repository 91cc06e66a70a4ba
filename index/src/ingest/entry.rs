//! A file on its way through decompression and archives: its name in reports and the number of
//! archives and compressions around it. It holds no bytes.

use std::borrow::Cow;

/// A file, or a file inside another one.
#[derive(Debug, Clone)]
pub struct Entry<'a> {
    /// The file's name in reports, such as `archive.zip!/name`.
    pub name: Cow<'a, str>,
    /// True if the user named this file; false if it was found in a folder or archive.
    pub is_asked_for: bool,
    /// The number of archives around the file.
    pub archives: u8,
    /// The number of compression layers that were removed since the last archive.
    pub compressions: u8,
}

impl Entry<'_> {
    /// Returns the entry for a file inside this archive, named `archive!/name`.
    pub fn member<'a>(&self, name: &str) -> Entry<'a> {
        Entry {
            name: Cow::Owned(format!("{}!/{name}", self.name)),
            is_asked_for: false,
            archives: self.archives + 1,
            compressions: 0,
        }
    }

    /// Returns the entry for the content of this compressed file.
    pub fn decompressed(&self) -> Self {
        Self {
            compressions: self.compressions + 1,
            ..self.clone()
        }
    }
}
