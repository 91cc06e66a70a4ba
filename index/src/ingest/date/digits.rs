//! Digits of any script → ASCII digits.

use fihrist_arabic::chars::is_format;
use fihrist_arabic::fold::folded;

/// Replaces all digits by ASCII digits and removes invisible characters. Letters keep their case,
/// because some formats need it.
pub(super) fn plain_digits(written: &str) -> String {
    let mut plain = String::with_capacity(written.len());
    for character in written.chars() {
        if is_format(character) {
            continue;
        }
        if character.is_numeric() {
            plain.push_str(&folded(character.encode_utf8(&mut [0; 4])));
        } else {
            plain.push(character);
        }
    }
    plain
}
