//! The checksum of a small text file: its last line, such as `#crc32 0badcafe`. It covers all bytes
//! before it.

const PREFIX: &str = "#crc32 ";
const LINE_BYTES: usize = PREFIX.len() + 8 + 1;

/// Returns the content with its checksum line. `content` must end with the end of a line.
pub fn with_checksum_line(content: &[u8]) -> Vec<u8> {
    let mut bytes = content.to_vec();
    bytes.extend(checksum_line(content).bytes());
    bytes
}

/// Returns the content without its checksum line. A file of an earlier version has no such line and
/// is returned as it is. Returns `None` when the checksum is wrong.
pub fn without_checksum_line(mut bytes: Vec<u8>) -> Option<Vec<u8>> {
    let content_bytes = bytes.len().saturating_sub(LINE_BYTES);
    let (content, last) = bytes.split_at(content_bytes);
    if last.starts_with(PREFIX.as_bytes()) {
        if last != checksum_line(content).as_bytes() {
            return None;
        }
        bytes.truncate(content_bytes);
    }
    Some(bytes)
}

/// Returns the line with the checksum of some content.
pub fn checksum_line(content: &[u8]) -> String {
    format!("{PREFIX}{:08x}\n", crc32fast::hash(content))
}
