//! The hint for a parameter that does not exist.

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
    let name = name.to_lowercase();
    let close = |candidate: &&str| distance(&name, candidate) <= candidate.len() / 3;
    let begins = |candidate: &&str| {
        !name.is_empty() && (name.starts_with(*candidate) || candidate.starts_with(&name))
    };
    let by_distance = known
        .iter()
        .copied()
        .filter(close)
        .min_by_key(|candidate| distance(&name, candidate));
    by_distance.or_else(|| {
        known
            .iter()
            .copied()
            .filter(begins)
            .max_by_key(|candidate| candidate.len())
    })
}

/// Returns the edit distance of two words.
fn distance(one: &str, other: &str) -> usize {
    let other: Vec<char> = other.chars().collect();
    let mut row: Vec<usize> = (0..=other.len()).collect();
    // Names of parameters are short. The end of a longer text is ignored, because such a text is no
    // misspelled name.
    for (i, a) in one.chars().take(64).enumerate() {
        let mut diagonal = row[0];
        row[0] = i + 1;
        for (j, b) in other.iter().enumerate() {
            let replaced = diagonal + usize::from(a != *b);
            diagonal = row[j + 1];
            row[j + 1] = replaced.min(diagonal + 1).min(row[j] + 1);
        }
    }
    row[other.len()]
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
