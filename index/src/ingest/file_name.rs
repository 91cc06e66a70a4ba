//! What a file's name says about its content. It does not look inside the file.

/// Extensions of files that are often in the same folder as articles. Such a file is opened only if
/// the user named it.
#[rustfmt::skip]
const FOREIGN_EXTENSIONS: &[&str] = &[
    "jpg", "jpeg", "png", "gif", "webp", "svg", "ico", "bmp", "tif", "tiff", "avif", "mp3", "mp4", "m4a", "ogg", "wav", "avi", "mov",
    "mkv", "webm", "css", "js", "mjs", "map", "ts", "woff", "woff2", "ttf", "otf", "eot", "pdf", "doc", "docx", "xls", "xlsx", "ppt",
    "pptx", "odt", "rtf", "epub", "log", "py", "rs", "c", "h", "java", "php", "sh", "toml", "yaml", "yml", "ini", "lock",
    "db", "sqlite", "sql", "ods", "odp", "jar", "apk", "parquet", "bin", "exe", "dll", "so", "o", "bz2", "7z", "rar", "idx", "cdx", "cdxj",
];

/// Names of text files about a site, a program or a folder.
const FOREIGN_NAMES: [&str; 9] = [
    "robots.txt",
    "ads.txt",
    "humans.txt",
    "security.txt",
    "requirements.txt",
    "readme.txt",
    "license.txt",
    "changelog.txt",
    "readme.md",
];

/// Names of JSON files that describe a program or a data set beside the articles.
const HELPER_NAMES: [&str; 9] = [
    "package.json",
    "package-lock.json",
    "composer.json",
    "tsconfig.json",
    "datapackage.json",
    "dataset_info.json",
    "dataset_infos.json",
    "dataset_dict.json",
    "state.json",
];

/// Extensions of zip archives that are one document.
const DOCUMENT_EXTENSIONS: [&str; 9] = [
    "docx", "xlsx", "pptx", "odt", "ods", "odp", "epub", "jar", "apk",
];

/// Returns whether the name is that of a file that holds no articles.
pub fn is_foreign_name(name: &str) -> bool {
    is_one_of(&FOREIGN_NAMES, name) || FOREIGN_EXTENSIONS.contains(&extension(name).as_str())
}

/// Returns whether the name is that of a JSON file that holds no articles unless it has their fields.
pub fn is_helper_name(name: &str) -> bool {
    is_one_of(&HELPER_NAMES, name)
}

fn is_one_of(names: &[&str], path: &str) -> bool {
    let file_name = path.rsplit(['/', '\\']).next().unwrap_or_default();
    names
        .iter()
        .any(|name| name.eq_ignore_ascii_case(file_name))
}

/// Returns whether the extension belongs to a document that is stored as a zip archive.
pub fn is_zipped_document_name(name: &str) -> bool {
    DOCUMENT_EXTENSIONS.contains(&extension(name).as_str())
}

/// Returns the extension in lower case. A compression's extension is skipped: `a.CSV.gz` gives
/// `csv`.
pub fn extension(name: &str) -> String {
    let name = name.to_lowercase();
    let file_name = name.rsplit(['/', '\\']).next().unwrap_or_default();
    let uncompressed = [".gz", ".xz", ".zst"]
        .iter()
        .find_map(|suffix| file_name.strip_suffix(suffix))
        .unwrap_or(file_name);
    match uncompressed.rsplit_once('.') {
        Some((_, extension)) => extension.to_owned(),
        None => String::new(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn foreign_names() {
        assert!(
            is_foreign_name("d/Robots.txt")
                && is_foreign_name("a.CSS.gz")
                && !is_foreign_name("css")
        );
    }
}
