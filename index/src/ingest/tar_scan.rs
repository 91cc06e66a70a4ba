//! A damaged tar archive → the place of the next header. Lost or inserted bytes shift all that
//! follows, so a header can begin at any byte.

use std::io::{self, BufRead, Read};
use std::ops::Range;

use super::Pushback;

const HEADER_BYTES: usize = 512;
/// The place of the checksum in a header.
const CHECKSUM: Range<usize> = 148..156;
/// The place of the name of the format in a header.
const MAGIC_START: usize = 257;
const MAGIC: &[u8] = b"ustar";

/// A reader of an archive that keeps the last bytes it gave. A header can begin in the block after
/// the beginning of the one that was expected, or in the block before it.
pub struct RecentBytes<R> {
    inner: R,
    recent: Vec<u8>,
    /// Whether the stream failed, so that nothing more can be read.
    pub has_failed: bool,
}

impl<R: Read> RecentBytes<R> {
    /// Less than two blocks: the header that was read last begins no later.
    const MAX_BYTES: usize = 2 * HEADER_BYTES - 1;

    pub const fn new(inner: R) -> Self {
        Self {
            inner,
            recent: Vec::new(),
            has_failed: false,
        }
    }

    /// Returns the last bytes, at most [`Self::MAX_BYTES`].
    pub fn into_recent(self) -> Vec<u8> {
        self.recent
    }
}

impl<R: Read> Read for RecentBytes<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let read = self.inner.read(buffer);
        self.has_failed |= read.is_err();
        let given = &buffer[..read?];
        let new = &given[given.len().saturating_sub(Self::MAX_BYTES)..];
        let surplus = (self.recent.len() + new.len()).saturating_sub(Self::MAX_BYTES);
        self.recent.drain(..surplus);
        self.recent.extend(new);
        Ok(given.len())
    }
}

/// Goes to the next header. Returns false if there is none.
pub fn seek_header(input: &mut Pushback<impl BufRead>) -> io::Result<bool> {
    let mut window: Vec<u8> = Vec::new();
    loop {
        let bytes = input.fill_buf()?;
        let count = bytes.len();
        window.extend(bytes);
        input.consume(count);
        let mut magics = memchr::memmem::find_iter(&window, MAGIC);
        let start = magics.find_map(|at| {
            let start = at.checked_sub(MAGIC_START)?;
            let header = window.get(start..start + HEADER_BYTES)?;
            is_header(header).then_some(start)
        });
        if let Some(start) = start {
            input.push_back(&window[start..]);
            return Ok(true);
        }
        if count == 0 {
            return Ok(false);
        }
        let passed = window.len().saturating_sub(HEADER_BYTES - 1);
        window.drain(..passed);
    }
}

/// Returns whether the checksum of a header is right: the sum of its bytes, with spaces in place of
/// the checksum itself.
fn is_header(header: &[u8]) -> bool {
    let sum = |bytes: &[u8]| bytes.iter().map(|byte| u64::from(*byte)).sum::<u64>();
    let expected = sum(header) - sum(&header[CHECKSUM]) + 8 * u64::from(b' ');
    let written = header[CHECKSUM]
        .iter()
        .filter(|byte| matches!(byte, b'0'..=b'7'));
    written.fold(0, |number, digit| number * 8 + u64::from(digit - b'0')) == expected
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn header(name: &str) -> Vec<u8> {
        let mut header = tar::Header::new_gnu();
        header.set_path(name).expect("a name");
        header.set_size(0);
        header.set_cksum();
        header.as_bytes().to_vec()
    }

    #[test]
    fn a_header_is_found_at_any_byte() {
        for before in [0, 1, 511, 512, 8_192, 100_001] {
            let mut damaged = header("damaged");
            damaged[3] ^= 1;
            let bytes = [
                &vec![b'u'; before],
                &*damaged,
                b"x",
                &header("whole"),
                b"ustar",
            ]
            .concat();
            let mut input = Pushback::new(&bytes[..]);
            assert!(seek_header(&mut input).expect("bytes"));
            let mut rest = Vec::new();
            input.read_to_end(&mut rest).expect("bytes");
            assert_eq!(rest[..HEADER_BYTES], header("whole"), "{before}");
        }
        assert!(!seek_header(&mut Pushback::new(&b"ustar"[..])).expect("bytes"));
    }

    #[test]
    fn the_last_bytes_are_kept() {
        let bytes: Vec<u8> = (0..5_000_u32).map(|number| number as u8).collect();
        for part in [1, 512, 1_000, 4_000] {
            let mut recent = RecentBytes::new(&bytes[..]);
            let mut buffer = vec![0; part];
            while recent.read(&mut buffer).expect("bytes") > 0 {}
            assert_eq!(recent.into_recent(), bytes[bytes.len() - 1_023..], "{part}");
        }
    }

    proptest! {
        #[test]
        fn any_bytes_come_to_an_end(bytes in prop::collection::vec(any::<u8>(), 0..2_000)) {
            seek_header(&mut Pushback::new(&bytes[..])).expect("bytes");
        }
    }
}
