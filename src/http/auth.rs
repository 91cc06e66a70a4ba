//! Reads the API key from the headers of a request, and checks its scope. If the key file cannot be
//! read, every request that needs a key fails.

use axum::extract::FromRequestParts;
use axum::http::HeaderName;
use axum::http::request::Parts;
use base64::Engine;
use base64::engine::general_purpose::STANDARD as BASE64;

use super::{ApiError, AppState, HeaderMap, Result, header};
use crate::keys::{Keys, Scope, Secret};

const API_KEY: HeaderName = HeaderName::from_static("x-api-key");

/// An extractor that requires a key with the scope `ingest`.
///
/// If the server has no keys at all, the route answers as if it did not exist. A server without
/// keys can therefore not be written to.
pub struct MayIngest;

impl FromRequestParts<AppState> for MayIngest {
    type Rejection = ApiError;

    async fn from_request_parts(parts: &mut Parts, state: &AppState) -> Result<Self> {
        let keys = state
            .keys
            .current()
            .map_err(|error| ApiError::internal("read the keys", error))?;
        if keys.0.is_empty() {
            return Err(ApiError::UnknownRoute);
        }
        check(&keys, &parts.headers, Scope::Ingest).map(|()| Self)
    }
}

fn check(keys: &Keys, headers: &HeaderMap, scope: Scope) -> Result<()> {
    let key = keys
        .find(&key_of(headers, false)?)
        .ok_or(ApiError::KeyUnknown)?;
    if key.scopes.contains(&scope) {
        Ok(())
    } else {
        Err(ApiError::ScopeMissing(scope))
    }
}

/// Returns the key from `authorization: Bearer …`, otherwise from `x-api-key`. If passwords are
/// accepted, the password of `authorization: Basic …` comes last. Credentials of other kinds are
/// ignored, because they may be meant for a proxy. Two keys of one kind are refused as unknown.
pub fn key_of(headers: &HeaderMap, takes_passwords: bool) -> Result<Secret> {
    let mut given: Vec<String> = credentials(headers, "bearer").map(str::to_owned).collect();
    if given.is_empty() {
        let keys = headers.get_all(API_KEY).iter();
        given.extend(keys.map(|value| value.to_str().unwrap_or_default().to_owned()));
    }
    if given.is_empty() && takes_passwords {
        let encoded = credentials(headers, "basic");
        given.extend(encoded.map(|encoded| password(encoded).unwrap_or_default()));
    }
    match given.as_slice() {
        [] => Err(ApiError::KeyMissing),
        [one] => Secret::parse(one.trim()).ok_or(ApiError::KeyUnknown),
        [_, _, ..] => Err(ApiError::KeyUnknown),
    }
}

/// Returns the credentials of each `authorization` header that uses the scheme `wanted`.
fn credentials<'a>(headers: &'a HeaderMap, wanted: &str) -> impl Iterator<Item = &'a str> {
    let headers = headers.get_all(header::AUTHORIZATION).iter();
    headers.filter_map(move |value| {
        let (scheme, credentials) = value.to_str().ok()?.trim().split_once(' ')?;
        scheme.eq_ignore_ascii_case(wanted).then_some(credentials)
    })
}

/// Returns the password from the Base64 encoding of `name:password`, or `None` if it is malformed.
fn password(encoded: &str) -> Option<String> {
    let both = String::from_utf8(BASE64.decode(encoded.trim()).ok()?).ok()?;
    Some(both.split_once(':')?.1.to_owned())
}

#[cfg(test)]
mod tests {
    use axum::http::HeaderValue;
    use proptest::prelude::*;

    use super::*;

    fn headers(pairs: &[(&str, &str)]) -> HeaderMap {
        let mut headers = HeaderMap::new();
        for (name, value) in pairs {
            let name = HeaderName::from_bytes(name.as_bytes()).unwrap();
            headers.append(name, HeaderValue::from_bytes(value.as_bytes()).unwrap());
        }
        headers
    }

    #[test]
    fn keys_stand_in_headers() {
        let secret = Secret::random().unwrap();
        let key = secret.reveal();
        let check = |pairs: &[(&str, &str)], expected: &str| {
            let found = match key_of(&headers(pairs), false) {
                Ok(found) if found == secret => "it",
                Ok(_) => "another",
                Err(error) => error.status().1,
            };
            assert_eq!(found, expected, "{pairs:?}");
        };
        check(&[("authorization", &format!("Bearer {key}"))], "it");
        check(&[("authorization", &format!("bearer   {key} "))], "it");
        check(&[("x-api-key", key)], "it");
        check(
            &[("authorization", "Basic dXNlcg=="), ("x-api-key", key)],
            "it",
        );
        check(
            &[
                ("authorization", &format!("Bearer {key}")),
                ("x-api-key", "other"),
            ],
            "it",
        );
        check(&[], "key_missing");
        check(&[("authorization", "")], "key_missing");
        check(&[("authorization", "Basic dXNlcg==")], "key_missing");
        check(&[("authorization", key)], "key_missing");
        check(&[("authorization", "Bearer ")], "key_missing");
        check(&[("authorization", "Bearer x")], "key_unknown");
        check(&[("authorization", "Bearer مفتاح")], "key_missing");
        check(&[("x-api-key", "مفتاح")], "key_unknown");
        check(&[("x-api-key", "")], "key_unknown");
        check(&[("x-api-key", key), ("x-api-key", key)], "key_unknown");
        check(
            &[
                ("authorization", &format!("Bearer {key}")),
                ("authorization", "Bearer x"),
            ],
            "key_unknown",
        );
        check(
            &[("authorization", &format!("Bearer {key}0"))],
            "key_unknown",
        );
    }

    #[test]
    fn keys_are_passwords_where_passwords_are_taken() {
        let secret = Secret::random().unwrap();
        let key = secret.reveal();
        let basic = |text: &str| format!("Basic {}", BASE64.encode(text));
        let check = |pairs: &[(&str, &str)], expected: &str| {
            let found = match key_of(&headers(pairs), true) {
                Ok(found) if found == secret => "it",
                Ok(_) => "another",
                Err(error) => error.status().1,
            };
            assert_eq!(found, expected, "{pairs:?}");
        };
        let named = basic(&format!("هند:{key}"));
        let unnamed = basic(&format!(":{key}"));
        check(&[("authorization", &named)], "it");
        check(&[("authorization", &unnamed)], "it");
        check(
            &[("authorization", &unnamed.replace("Basic", "bAsIc"))],
            "it",
        );
        check(&[("authorization", &basic(key))], "key_unknown");
        check(
            &[("authorization", &basic(&format!("{key}:")))],
            "key_unknown",
        );
        check(
            &[("authorization", &basic(&format!("a:b:{key}")))],
            "key_unknown",
        );
        check(&[("authorization", "Basic ???")], "key_unknown");
        check(&[("authorization", "Basic /////w==")], "key_unknown");
        check(
            &[("authorization", &named), ("authorization", &named)],
            "key_unknown",
        );
        check(
            &[("authorization", &named), ("x-api-key", "other")],
            "key_unknown",
        );
        check(
            &[("authorization", &basic("proxy:word")), ("x-api-key", key)],
            "it",
        );
        check(
            &[
                ("authorization", &basic("proxy:word")),
                ("authorization", &format!("Bearer {key}")),
            ],
            "it",
        );
        check(&[], "key_missing");
    }

    #[test]
    fn a_key_is_for_what_it_is_for() {
        let mut keys = Keys::default();
        let (_, searches) = keys
            .create(None, vec![Scope::Search, Scope::Admin])
            .unwrap();
        let (_, ingests) = keys.create(None, vec![Scope::Ingest]).unwrap();
        let ask = |secret: &Secret| {
            check(
                &keys,
                &headers(&[("x-api-key", secret.reveal())]),
                Scope::Ingest,
            )
        };
        assert!(ask(&ingests).is_ok());
        assert!(matches!(
            ask(&searches),
            Err(ApiError::ScopeMissing(Scope::Ingest))
        ));
        assert!(matches!(
            ask(&Secret::random().unwrap()),
            Err(ApiError::KeyUnknown)
        ));
    }

    proptest! {
        #[test]
        fn any_headers_are_a_key_or_an_error(values in proptest::collection::vec("[\\x20-\\x7E\\xA0-\\xFF]{0,80}", 0..4)) {
            let mut headers = HeaderMap::new();
            for (i, value) in values.iter().enumerate() {
                let name = if i % 2 == 0 { header::AUTHORIZATION } else { API_KEY };
                headers.append(name, HeaderValue::from_bytes(value.as_bytes()).unwrap());
            }
            let _no_panic = key_of(&headers, true);
            if let Ok(secret) = key_of(&headers, false) {
                prop_assert!(values.iter().any(|value| value.contains(secret.reveal())));
            }
        }
    }
}
