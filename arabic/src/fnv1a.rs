//! The hash of terms, texts and stored data. Equal bytes have an equal hash in every version.

/// Returns the 64-bit FNV-1a hash. It is stable between versions and machines; the hashers of `std`
/// do not promise that.
pub const fn fnv1a(bytes: &[u8]) -> u64 {
    let mut hash = 0xcbf2_9ce4_8422_2325;
    let mut rest = bytes;
    while let [byte, after @ ..] = rest {
        hash = (hash ^ *byte as u64).wrapping_mul(0x100_0000_01b3);
        rest = after;
    }
    hash
}
