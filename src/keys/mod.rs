//! API keys: who may do what over HTTP. Only hashes of them are kept. What a key opens is for the routes to say, and a
//! lost key cannot be shown again.

mod file;
mod secret;

use std::fmt;

use serde::{Deserialize, Serialize};

pub use file::{change, parse, path, read};
pub use secret::{Secret, Verifier};

/// What a key is good for. One scope does not imply another.
#[derive(
    Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, clap::ValueEnum,
)]
#[serde(rename_all = "lowercase")]
pub enum Scope {
    /// Searching and reading, where that is not open to all
    Search,
    /// Writing and deleting articles
    Ingest,
    /// Watching the service, where that is not open to all
    Admin,
}

impl fmt::Display for Scope {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(match self {
            Self::Search => "search",
            Self::Ingest => "ingest",
            Self::Admin => "admin",
        })
    }
}

/// A key as it is kept.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Key {
    /// What it is called by; no secret.
    pub id: String,
    /// What its owner is reminded by.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
    /// What it is good for.
    pub scopes: Vec<Scope>,
    /// When it was made, ISO 8601 in UTC.
    pub created: String,
    /// What tells that a secret is this key's.
    #[serde(rename = "sha256")]
    pub verifier: Verifier,
}

/// All keys of a service.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Keys(pub Vec<Key>);

impl Keys {
    /// The key whose secret this is. How long that takes says nothing about the keys.
    pub fn find(&self, secret: &Secret) -> Option<&Key> {
        let presented = secret.verifier();
        // All are looked at, in any case.
        self.0.iter().fold(None, |found, key| {
            if key.verifier.matches(&presented) {
                Some(key)
            } else {
                found
            }
        })
    }

    /// Adds a key; what is returned with it is shown once.
    pub fn create(
        &mut self,
        name: Option<String>,
        scopes: Vec<Scope>,
    ) -> anyhow::Result<(Key, Secret)> {
        let secret = Secret::random()?;
        let mut id = secret::random_id()?;
        while self.0.iter().any(|key| key.id == id) {
            id = secret::random_id()?;
        }
        let created = jiff::Timestamp::now()
            .strftime("%Y-%m-%dT%H:%M:%SZ")
            .to_string();
        let mut scopes = scopes;
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

    /// Removes a key and says whether there was one.
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
