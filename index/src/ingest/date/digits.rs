//! Digits of any script → ASCII digits.

use fihrist_arabic::chars::is_format;
use fihrist_arabic::fold::folded;

/// Replaces all digits by ASCII digits and removes invisible characters. Letters keep their case,
/// because some formats need it.
pub(super) fn plain_digits(written: &str) -> String {
    let one_digit = |c: char| {
        if c.is_numeric() {
            folded(c.encode_utf8(&mut [0; 4]))
        } else {
            c.to_string()
        }
    };
    written
        .chars()
        .filter(|c| !is_format(*c))
        .map(one_digit)
        .collect()
}
