//! Numbers in few bytes: seven bits a byte, the lowest first; all but the last byte have the eighth (LEB128).

/// Writes a number.
pub fn push(bytes: &mut Vec<u8>, mut number: usize) {
    while number >= 0x80 {
        bytes.push(number as u8 | 0x80);
        number >>= 7;
    }
    bytes.push(number as u8);
}

/// Takes a number of so many bits off; `None` if there is none, or none that [`push`] could have written.
pub fn take(rest: &mut &[u8], bits: u32) -> Option<usize> {
    let mut number = 0;
    for shift in (0..bits).step_by(7) {
        let (byte, others) = rest.split_first()?;
        *rest = others;
        number |= usize::from(byte & 0x7F) << shift;
        if *byte < 0x80 {
            // A last byte of zero would be a second way to write the number.
            return Some(number).filter(|_| *byte > 0 || shift == 0);
        }
    }
    None
}
