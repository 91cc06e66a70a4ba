//! The hash of terms, of texts and of what is stored: equal bytes have an equal hash under every
//! version.

/// The 64-bit FNV-1a hash: stable between versions and machines, which `std`'s hashers do not
/// promise.
pub const fn fnv1a(bytes: &[u8]) -> u64 {
    let mut hash = 0xcbf2_9ce4_8422_2325;
    let mut rest = bytes;
    while let [byte, after @ ..] = rest {
        hash = (hash ^ *byte as u64).wrapping_mul(0x100_0000_01b3);
        rest = after;
    }
    hash
}
