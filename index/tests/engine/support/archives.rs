//! Archives for the tests of formats that hold other files.

use std::io::{Cursor, Write};

/// Returns a zip archive of the files.
pub fn zip(files: &[(&str, &[u8])]) -> Vec<u8> {
    let mut writer = zip::ZipWriter::new(Cursor::new(Vec::new()));
    for (name, bytes) in files {
        writer
            .start_file(*name, zip::write::SimpleFileOptions::default())
            .expect("a file");
        writer.write_all(bytes).expect("written");
    }
    writer.finish().expect("finished").into_inner()
}
