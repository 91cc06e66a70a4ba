//! The files of the repository as the tidy rules read them. It knows text and lines; what is tidy is not its business.

use std::fmt;
use std::fs;
use std::path::{Path, PathBuf};

/// One file: its path from the top of the repository, with `/`, and its text.
pub struct SourceFile {
    pub path: String,
    pub text: String,
}

/// A broken rule, and where.
pub struct Finding {
    path: String,
    line: usize,
    message: String,
}

impl SourceFile {
    pub fn new(path: &str, text: &str) -> Self {
        Self {
            path: path.to_owned(),
            text: text.to_owned(),
        }
    }

    pub fn finding(&self, line: usize, message: impl Into<String>) -> Finding {
        Finding {
            path: self.path.clone(),
            line,
            message: message.into(),
        }
    }

    /// Returns the Rust of the file without its tests, comments and literals, on the same lines as before.
    pub fn product_code(&self) -> String {
        if self.path.contains("/tests/") || self.path.ends_with("tests.rs") {
            return String::new();
        }
        let code = code_only(&self.text);
        let tests = code.find("#[cfg(test)]\nmod ").unwrap_or(code.len());
        code[..tests].to_owned()
    }

    /// Returns the text above the tests, comments included.
    pub fn product_text(&self) -> &str {
        let tests = self
            .text
            .find("#[cfg(test)]\nmod ")
            .unwrap_or(self.text.len());
        &self.text[..tests]
    }
}

impl fmt::Display for Finding {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "{}:{}: {}", self.path, self.line, self.message)
    }
}

/// Returns the top of the repository.
pub fn top() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR"))
}

/// Reads one file of the repository.
pub fn read(path: &str) -> SourceFile {
    let text = fs::read_to_string(top().join(path))
        .unwrap_or_else(|error| panic!("cannot read {path}: {error}"));
    SourceFile::new(path, &text)
}

/// Reads every file under `folders` that has one of `extensions`, in the order of their paths.
pub fn read_all(folders: &[&str], extensions: &[&str]) -> Vec<SourceFile> {
    let mut paths = Vec::new();
    for folder in folders {
        collect(&top().join(folder), extensions, &mut paths);
    }
    paths.sort();
    assert!(
        !paths.is_empty(),
        "no {extensions:?} in {folders:?}: the rule would hold over nothing"
    );
    paths
        .iter()
        .map(|path| {
            let relative = path.strip_prefix(top()).expect("collected below the top");
            read(&relative.to_string_lossy().replace('\\', "/"))
        })
        .collect()
}

fn collect(folder: &Path, extensions: &[&str], paths: &mut Vec<PathBuf>) {
    let Ok(entries) = fs::read_dir(folder) else {
        return;
    };
    for entry in entries {
        let path = entry.expect("a readable folder").path();
        if path.is_dir() {
            collect(&path, extensions, paths);
        } else if path
            .extension()
            .is_some_and(|extension| extensions.iter().any(|wanted| extension == *wanted))
        {
            paths.push(path);
        }
    }
}

/// Returns the lines of `text` with their numbers, from one.
pub fn lines(text: &str) -> impl Iterator<Item = (usize, &str)> {
    text.lines().enumerate().map(|(i, line)| (i + 1, line))
}

/// Returns the words of `text` (letters, digits, `_`), with the line of each and what follows it.
pub fn words(text: &str) -> impl Iterator<Item = (usize, &str, &str)> {
    let is_boundary = |c: char| !is_word_char(c);
    let mut start = 0;
    let mut line = 1;
    std::iter::from_fn(move || {
        let found = start + text[start..].find(is_word_char)?;
        line += text[start..found].matches('\n').count();
        let length = text[found..]
            .find(is_boundary)
            .unwrap_or(text.len() - found);
        start = found + length;
        Some((line, &text[found..start], &text[start..]))
    })
}

/// Blanks comments, strings and character literals out of Rust; line ends stay where they are.
pub fn code_only(text: &str) -> String {
    let mut code = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(next) = rest.chars().next() {
        let after_word = code.chars().next_back().is_some_and(is_word_char);
        let opaque_bytes = opaque_bytes(rest, after_word);
        if opaque_bytes == 0 {
            code.push(next);
            rest = &rest[next.len_utf8()..];
        } else {
            code.push(' ');
            code.extend(rest[..opaque_bytes].chars().filter(|c| *c == '\n'));
            rest = &rest[opaque_bytes..];
        }
    }
    code
}

/// Returns the length of the comment or literal that `rest` begins with, zero if it begins with neither.
fn opaque_bytes(rest: &str, after_word: bool) -> usize {
    if rest.starts_with("//") {
        return rest.find('\n').unwrap_or(rest.len());
    }
    if rest.starts_with("/*") {
        return block_comment_bytes(rest);
    }
    if rest.starts_with('"') {
        return quoted_bytes(rest, '"');
    }
    if rest.starts_with('\'') {
        // Not every apostrophe is a character: `'a` is a lifetime.
        let is_char = rest.get(1..).is_some_and(|inner| inner.starts_with('\\'))
            || rest.chars().nth(2) == Some('\'');
        return if is_char { quoted_bytes(rest, '\'') } else { 0 };
    }
    if rest.starts_with('r') && !after_word {
        let hashes = rest[1..].len() - rest[1..].trim_start_matches('#').len();
        if rest[1 + hashes..].starts_with('"') {
            let end = format!("\"{}", "#".repeat(hashes));
            let opening = 2 + hashes;
            return rest[opening..]
                .find(&end)
                .map_or(rest.len(), |at| opening + at + end.len());
        }
    }
    0
}

fn quoted_bytes(rest: &str, quote: char) -> usize {
    let mut is_escaped = false;
    for (at, c) in rest.char_indices().skip(1) {
        match c {
            _ if is_escaped => is_escaped = false,
            '\\' => is_escaped = true,
            _ if c == quote => return at + 1,
            _ => {}
        }
    }
    rest.len()
}

fn block_comment_bytes(rest: &str) -> usize {
    let mut depth = 0;
    let mut at = 0;
    while at < rest.len() {
        if rest[at..].starts_with("/*") {
            depth += 1;
            at += 2;
        } else if rest[at..].starts_with("*/") {
            depth -= 1;
            at += 2;
            if depth == 0 {
                return at;
            }
        } else {
            at += rest[at..].chars().next().map_or(1, char::len_utf8);
        }
    }
    rest.len()
}

fn is_word_char(c: char) -> bool {
    c.is_alphanumeric() || c == '_'
}

#[test]
fn code_is_what_is_left_without_comments_and_literals() {
    let check = |text: &str, expected: &str| assert_eq!(code_only(text), expected, "{text}");
    check("a // b\nc", "a  \nc");
    check("a /* b /* c\n */ d */ e", "a  \n e");
    check(r#"f("// \" no", 'x', '\'', x)"#, "f( ,  ,  , x)");
    check("f::<'a>(r#\"a \"quoted\" word\"#)", "f::<'a>( )");
    check("colour\"red\"", "colour ");
}
