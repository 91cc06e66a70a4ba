//! Encodes numbers in few bytes (LEB128): seven bits per byte, the lowest bits first. The eighth
//! bit is set in all bytes but the last. For example, 300 becomes `AC 02`.

/// Appends the encoded number to `bytes`.
pub fn push(bytes: &mut Vec<u8>, mut number: usize) {
    while number >= 0x80 {
        bytes.push(number as u8 | 0x80);
        number >>= 7;
    }
    bytes.push(number as u8);
}

/// Decodes a number of at most `bits` bits and removes it from the front of `rest`. Returns `None`
/// if there is none, or if [`push`] would encode it otherwise.
pub fn take(rest: &mut &[u8], bits: u32) -> Option<usize> {
    let mut number = 0;
    for shift in (0..bits).step_by(7) {
        let byte = rest.split_off_first()?;
        number |= usize::from(byte & 0x7F) << shift;
        if *byte < 0x80 {
            // A last byte of zero would give a number a second encoding.
            return Some(number).filter(|_| *byte > 0 || shift == 0);
        }
    }
    None
}
