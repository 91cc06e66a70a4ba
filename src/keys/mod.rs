//! API keys: what a client may do over HTTP. Only hashes of keys are stored, so a lost key cannot
//! be shown again. The routes decide which scope they require.

mod file;
mod secret;

use std::fmt;

use serde::{Deserialize, Serialize};

pub use file::{change, parse, path, read};
pub use secret::{Secret, Verifier};

/// The scope of a key. No scope implies another.
#[derive(
    Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, clap::ValueEnum,
)]
#[serde(rename_all = "lowercase")]
pub enum Scope {
    /// Searching and reading, if reading requires a key
    Search,
    /// Writing and deleting articles
    Ingest,
    /// Monitoring the server, if reading requires a key
    Admin,
}

impl fmt::Display for Scope {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        // The serialized name is the displayed one.
        self.serialize(formatter)
    }
}

/// A stored key.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Key {
    /// The id of the key; it is not secret.
    pub id: String,
    /// The name that its owner gave it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
    /// The scopes of the key.
    pub scopes: Vec<Scope>,
    /// The time of its creation, ISO 8601 in UTC.
    pub created: String,
    /// The hash of its secret.
    #[serde(rename = "sha256")]
    pub verifier: Verifier,
}

/// The length of a key's id.
const ID_BYTES: usize = 4;

/// All keys of a server.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Keys(pub Vec<Key>);

impl Keys {
    /// Returns the key with this secret. The duration of the call reveals nothing about the keys.
    pub fn find(&self, secret: &Secret) -> Option<&Key> {
        let presented = secret.verifier();
        // Every key is compared, even after a match, so that the duration is always the same.
        self.0.iter().fold(None, |found, key| {
            if key.verifier.matches(&presented) {
                Some(key)
            } else {
                found
            }
        })
    }

    /// Adds a key. The returned secret is shown only once.
    pub fn create(
        &mut self,
        name: Option<String>,
        mut scopes: Vec<Scope>,
    ) -> anyhow::Result<(Key, Secret)> {
        let secret = Secret::random()?;
        let mut id = secret::random_hex::<ID_BYTES>()?;
        while self.0.iter().any(|key| key.id == id) {
            id = secret::random_hex::<ID_BYTES>()?;
        }
        let created = jiff::Timestamp::now()
            .strftime("%Y-%m-%dT%H:%M:%SZ")
            .to_string();
        scopes.sort_unstable();
        scopes.dedup();
        let key = Key {
            id,
            name,
            scopes,
            created,
            verifier: secret.verifier(),
        };
        self.0.push(key.clone());
        Ok((key, secret))
    }

    /// Removes a key; returns whether it existed.
    pub fn revoke(&mut self, id: &str) -> bool {
        let before = self.0.len();
        self.0.retain(|key| key.id != id);
        self.0.len() < before
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_secret_finds_its_own_key_only() {
        let mut keys = Keys::default();
        let (first, first_secret) = keys.create(None, vec![Scope::Search]).unwrap();
        let (second, second_secret) = keys
            .create(
                Some("cms".to_owned()),
                vec![Scope::Ingest, Scope::Search, Scope::Ingest],
            )
            .unwrap();
        assert_eq!(second.scopes, [Scope::Search, Scope::Ingest]);
        assert_eq!(
            (keys.find(&first_secret), keys.find(&second_secret)),
            (Some(&first), Some(&second))
        );
        assert_eq!(keys.find(&Secret::random().unwrap()), None);
        assert!(keys.revoke(&first.id) && !keys.revoke(&first.id));
        assert_eq!(
            (keys.find(&first_secret), keys.find(&second_secret)),
            (None, Some(&second))
        );
    }
}
