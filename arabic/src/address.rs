//! Hashtags, handles, web and mail addresses: words that are searched whole and by their parts.

use crate::chars::{Class, class, is_word};
use crate::fold::fold;

/// Top-level domains that mark a text as an address even without `http` or `www`. Every domain of
/// two letters does so, too.
const GENERIC_DOMAINS: [&str; 7] = ["com", "net", "org", "info", "edu", "gov", "int"];

/// Returns the end of the hashtag whose `#` is at `start`; `None` if it has a single part and so is
/// a plain word.
pub fn hashtag_end(text: &str, start: usize) -> Option<usize> {
    let mut end = start;
    let mut parts = 0;
    let mut last = Class::Gap;
    for (offset, character) in text[start + 1..].char_indices() {
        let class = class(character);
        match class {
            Class::Invisible => continue,
            Class::Gap if character == '_' => last = Class::Gap,
            Class::Gap => break,
            Class::Arabic | Class::Letter | Class::Digit | Class::Ideograph => {
                parts += usize::from(class != last);
                last = class;
                end = start + 1 + offset + character.len_utf8();
            }
        }
    }
    (parts >= 2).then_some(end)
}

/// Returns the end of the handle (`@name`) whose `@` is at `start`. Returns `None` for the `@`
/// inside a mail address.
pub fn handle_end(text: &str, start: usize) -> Option<usize> {
    if text[..start].chars().next_back().is_some_and(is_word) {
        return None;
    }
    let rest = &text[start + 1..];
    let name = rest
        .bytes()
        .take_while(|b| b.is_ascii_alphanumeric() || *b == b'_')
        .count();
    let is_handle = name >= 2 && rest[..name].bytes().any(|b| b.is_ascii_alphanumeric());
    is_handle.then_some(start + 1 + name)
}

/// Finds a web or mail address at `start`. Returns the start of its parts (after `https://`) and
/// the end of the address.
pub fn address(text: &str, start: usize) -> Option<(usize, usize)> {
    let candidate = candidate(&text[start..]);
    let parts = candidate.len() - without_scheme(candidate).len();
    let rest = &candidate[parts..];
    let is_address = (parts > 0 && rest.starts_with(|c: char| c.is_ascii_alphanumeric()))
        || after_ignoring_case(rest, "www.").is_some_and(|host| host.len() > 2)
        || is_mail(rest)
        || is_bare_domain(rest);
    is_address.then_some((start + parts, start + candidate.len()))
}

/// Writes the folded term of a whole hashtag, handle or address. Addresses lose their scheme and
/// `www.`, hashtags lose their `#`, and handles keep their `@`.
pub fn whole_term(whole: &str, term: &mut String) {
    let bare = without_scheme(whole);
    let bare = after_ignoring_case(bare, "www.").unwrap_or(bare);
    fold(bare.trim_start_matches('#').trim_end_matches('/'), term);
}

/// Returns the longest run of characters that an address may contain, without punctuation that
/// follows the address in the sentence.
fn candidate(text: &str) -> &str {
    let allowed = |b: &u8| b.is_ascii_graphic() && !b"\"<>{}|\\^`".contains(b);
    let length = text.bytes().take_while(allowed).count();
    text[..length]
        .trim_end_matches(|c: char| c.is_ascii_punctuation() && !matches!(c, '/' | '=' | '&' | '_'))
}

fn without_scheme(address: &str) -> &str {
    ["https://", "http://", "ftp://"]
        .iter()
        .find_map(|scheme| after_ignoring_case(address, scheme))
        .unwrap_or(address)
}

/// Returns the text after an ASCII prefix, if the text begins with it in any case.
fn after_ignoring_case<'a>(text: &'a str, prefix: &str) -> Option<&'a str> {
    let (head, rest) = text.split_at_checked(prefix.len())?;
    head.eq_ignore_ascii_case(prefix).then_some(rest)
}

fn is_mail(candidate: &str) -> bool {
    candidate.split_once('@').is_some_and(|(local, domain)| {
        !local.is_empty()
            && local
                .bytes()
                .all(|b| b.is_ascii_alphanumeric() || matches!(b, b'.' | b'_' | b'-' | b'+'))
            && domain.contains('.')
            && domain.split('.').all(is_label)
    })
}

fn is_bare_domain(candidate: &str) -> bool {
    let host = candidate.split('/').next().unwrap_or(candidate);
    host.rsplit_once('.').is_some_and(|(labels, ending)| {
        labels.split('.').all(is_label)
            && host.bytes().all(|b| !b.is_ascii_uppercase())
            && (GENERIC_DOMAINS.contains(&ending)
                || (ending.len() == 2 && ending.bytes().all(|b| b.is_ascii_lowercase())))
    })
}

fn is_label(label: &str) -> bool {
    !label.is_empty()
        && label
            .bytes()
            .all(|b| b.is_ascii_alphanumeric() || b == b'-')
}
