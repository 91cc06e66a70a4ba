//! Numbers. A number has the same term with any digits and separators. A date or a version such as
//! `15.3.2020` is several numbers.

use crate::chars::{ARABIC_DECIMAL_SEPARATOR, ARABIC_THOUSANDS_SEPARATOR, Class, class};
use crate::fold;

/// Returns the end of the number whose first digit is at `start`: `12,345.67` is one number,
/// `15.3.2020` three.
pub fn number_end(text: &str, start: usize) -> usize {
    let (mut end, digits) = digits_end(text, start);
    let continues = follows_separator(text, start);
    if digits <= 3 && !continues {
        while let Some(start) = after(text, end, is_thousands_separator) {
            let (group_end, group) = digits_end(text, start);
            if group != 3 {
                break;
            }
            end = group_end;
        }
    }
    if !continues && let Some(start) = after(text, end, is_point) {
        let (fraction_end, fraction) = digits_end(text, start);
        let is_chain = after(text, fraction_end, is_point)
            .is_some_and(|next| after(text, next, is_digit).is_some());
        if fraction > 0 && !is_chain {
            end = fraction_end;
        }
    }
    end
}

/// Writes the term of a number: European digits, a point before the fraction, no thousands
/// separators.
pub fn number_term(number: &str, term: &mut String) {
    term.clear();
    for character in number.chars() {
        match character {
            c if is_point(c) => term.push('.'),
            c if is_digit(c) => {
                let mut buffer = [0; 4];
                term.push_str(&fold::folded(c.encode_utf8(&mut buffer)));
            }
            _ => {}
        }
    }
}

/// Returns the end of the character at `start`, if it satisfies a condition.
fn after(text: &str, start: usize, is_wanted: impl Fn(char) -> bool) -> Option<usize> {
    let character = text[start..].chars().next()?;
    is_wanted(character).then(|| start + character.len_utf8())
}

fn is_digit(character: char) -> bool {
    class(character) == Class::Digit
}

fn is_point(character: char) -> bool {
    matches!(character, '.' | ARABIC_DECIMAL_SEPARATOR)
}

fn is_thousands_separator(character: char) -> bool {
    matches!(character, ',' | '،' | ARABIC_THOUSANDS_SEPARATOR)
}

/// Whether the digits at `start` continue a chain such as `15.3.2020` or `2019,200`.
fn follows_separator(text: &str, start: usize) -> bool {
    let mut before = text[..start].chars().rev();
    before
        .next()
        .is_some_and(|c| is_thousands_separator(c) || is_point(c))
        && before.next().is_some_and(is_digit)
}

/// Returns the end of the run of digits at `start`, and the number of its digits. Zero-width
/// characters do not end the run.
fn digits_end(text: &str, start: usize) -> (usize, usize) {
    let mut end = start;
    let mut count = 0;
    for (offset, character) in text[start..].char_indices() {
        match class(character) {
            Class::Digit => {
                count += 1;
                end = start + offset + character.len_utf8();
            }
            Class::Invisible if count > 0 => {}
            _ => break,
        }
    }
    (end, count)
}
