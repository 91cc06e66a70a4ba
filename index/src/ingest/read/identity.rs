//! Article ids for articles that name none: from the file's name, or from the text.

use std::path::Path;

use sha2::{Digest, Sha256};

use crate::document::ArticleId;

/// Returns the id in a file name like `000_0298d090f25e48f7.txt` or `0298d090f25e48f7.txt.gz`: 16
/// or more hex digits.
pub fn id_from_name(name: &str) -> Option<ArticleId> {
    let file_name = Path::new(name).file_name()?.to_str()?;
    let stem = file_name.split('.').next()?;
    let hex = match stem.split_once('_') {
        Some((number, hex))
            if !number.is_empty() && number.bytes().all(|byte| byte.is_ascii_digit()) =>
        {
            hex
        }
        Some(_) => return None,
        None => stem,
    };
    (hex.len() >= 16 && hex.bytes().all(|byte| byte.is_ascii_hexdigit()))
        .then(|| ArticleId::new(hex).ok())?
}

/// Returns an id that depends on the text alone: the first 16 hex digits of its SHA-256.
pub fn content_id(text: &str) -> ArticleId {
    let hex = hex::encode(&Sha256::digest(text.as_bytes())[..8]);
    ArticleId::new(&hex).expect("16 hex digits are an id")
}
