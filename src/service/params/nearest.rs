//! The hint for a parameter that does not exist.

use strsim::levenshtein;

/// Returns the hint for an unknown name: the name that was probably meant, or all known names.
pub fn unknown(name: &str, known: &[&str]) -> String {
    match nearest(name, known) {
        Some(meant) => format!("unknown parameter; did you mean `{meant}`?"),
        None => format!("unknown parameter; expected one of {}", known.join(", ")),
    }
}

/// Returns the known name that was probably meant. At most a third of its letters differ from
/// `name`, or one of the two names starts with the other.
fn nearest<'a>(name: &str, known: &[&'a str]) -> Option<&'a str> {
    // Names of parameters are short. The end of a longer text is ignored, because such a text is no
    // misspelled name.
    let name: String = name.to_lowercase().chars().take(64).collect();
    let known = known.iter().copied();
    let distance = |candidate: &&str| levenshtein(&name, candidate);
    let close = |candidate: &&str| distance(candidate) <= candidate.len() / 3;
    let begins = |candidate: &&str| {
        !name.is_empty() && (name.starts_with(*candidate) || candidate.starts_with(&name))
    };
    let by_distance = known.clone().filter(close).min_by_key(distance);
    by_distance.or_else(|| known.filter(begins).max_by_key(|candidate| candidate.len()))
}

#[cfg(test)]
mod tests {
    use super::*;

    const KNOWN: [&str; 5] = ["q", "limit", "offset", "fragments", "fragment_chars"];

    #[test]
    fn guesses_what_was_meant() {
        let check = |name: &str, expected: Option<&str>| {
            assert_eq!(nearest(name, &KNOWN), expected, "{name}")
        };
        check("limits", Some("limit"));
        check("Limit", Some("limit"));
        check("lmit", Some("limit"));
        check("fragment", Some("fragments"));
        check("fragmentChars", Some("fragment_chars"));
        check("query", Some("q"));
        check("page", None);
        check("", None);
        check("\u{1F600}", None);
    }
}
