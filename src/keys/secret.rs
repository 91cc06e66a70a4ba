//! The secret of a key and its hash. A secret has 256 random bits, so a plain SHA-256 is as good as
//! the slow hashes that passwords need.

use std::fmt;

use anyhow::{Result, anyhow};
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};
use subtle::ConstantTimeEq;

/// The start of every key, by which people and secret scanners recognize it.
const PREFIX: &str = "fih_";
const SECRET_BYTES: usize = 32;

/// The text of a key, as only its owner has it.
///
/// Invariant: `fih_` and 64 lower-case hexadecimal digits. It is never logged, because its `Debug`
/// hides it.
#[derive(PartialEq)]
pub struct Secret(String);

impl Secret {
    /// Returns a new secret.
    pub fn random() -> Result<Self> {
        Ok(Self(format!("{PREFIX}{}", random_hex::<SECRET_BYTES>()?)))
    }

    /// Parses a key; returns `None` if the text does not have the form of a key.
    pub fn parse(text: &str) -> Option<Self> {
        let digits = text.strip_prefix(PREFIX)?;
        let is_hex = |byte| matches!(byte, b'0'..=b'9' | b'a'..=b'f');
        (digits.len() == 2 * SECRET_BYTES && digits.bytes().all(is_hex))
            .then(|| Self(text.to_owned()))
    }

    /// Returns the hash of the secret, which is stored instead of it.
    pub fn verifier(&self) -> Verifier {
        Verifier(Sha256::digest(self.0.as_bytes()).into())
    }

    /// Returns the text of the key, to show it to its owner.
    pub fn reveal(&self) -> &str {
        &self.0
    }
}

impl fmt::Debug for Secret {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("Secret(…)")
    }
}

/// The SHA-256 hash of a secret.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(into = "String", try_from = "String")]
pub struct Verifier([u8; 32]);

impl Verifier {
    /// Compares two hashes in constant time.
    pub fn matches(&self, other: &Self) -> bool {
        self.0.ct_eq(&other.0).into()
    }
}

impl From<Verifier> for String {
    fn from(verifier: Verifier) -> Self {
        hex::encode(verifier.0)
    }
}

impl TryFrom<String> for Verifier {
    type Error = &'static str;

    fn try_from(text: String) -> Result<Self, &'static str> {
        let mut bytes = [0; 32];
        hex::decode_to_slice(text, &mut bytes).map_err(|_| "expected 64 hexadecimal digits")?;
        Ok(Self(bytes))
    }
}

/// Returns random bytes as hexadecimal digits.
pub fn random_hex<const BYTES: usize>() -> Result<String> {
    let mut bytes = [0; BYTES];
    getrandom::fill(&mut bytes)
        .map_err(|error| anyhow!("the system cannot provide random numbers: {error}"))?;
    Ok(hex::encode(bytes))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn secrets_are_recognised_by_their_shape() {
        let secret = Secret::random().unwrap();
        assert_eq!(Secret::parse(secret.reveal()).as_ref(), Some(&secret));
        assert_ne!(secret, Secret::random().unwrap());
        assert_eq!(format!("{secret:?}"), "Secret(…)");
        let digits = &secret.reveal()[PREFIX.len()..];
        for text in [
            "",
            PREFIX,
            digits,
            &format!("{PREFIX}{digits}0"),
            &format!("{PREFIX}G{}", &digits[1..]),
        ] {
            assert_eq!(Secret::parse(text), None, "{text}");
        }
    }

    proptest! {
        #[test]
        fn any_text_is_a_secret_or_none(text in ".*") {
            if let Some(secret) = Secret::parse(&text) {
                prop_assert_eq!(secret.reveal(), text);
            }
        }

        #[test]
        fn verifiers_survive_the_file(bytes: [u8; 32]) {
            let json = serde_json::to_string(&Verifier(bytes)).unwrap();
            prop_assert_eq!(serde_json::from_str::<Verifier>(&json).unwrap(), Verifier(bytes));
        }

        #[test]
        fn any_text_is_a_verifier_or_none(text in "[0-9a-fA-F+é]{0,70}") {
            let json = serde_json::to_string(&text).unwrap();
            if let Ok(Verifier(bytes)) = serde_json::from_str(&json) {
                prop_assert_eq!(hex::encode(bytes), text.to_lowercase());
            }
        }
    }
}
