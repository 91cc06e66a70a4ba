//! The binary under test, run in a folder of its own without settings from the environment.

use std::fmt;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::thread::sleep;
use std::time::{Duration, Instant};

use serde_json::Value;
use tempfile::TempDir;

/// A temporary folder. Commands run in it, so the index is in its `data`.
pub struct Workspace {
    folder: TempDir,
}

/// A command that has ended.
pub struct Run {
    pub code: Option<i32>,
    pub stdout: String,
    pub stderr: String,
    command: String,
}

impl Workspace {
    pub fn new() -> Self {
        Self {
            folder: tempfile::tempdir().expect("a temporary folder"),
        }
    }

    pub fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    pub fn write(&self, name: &str, bytes: impl AsRef<[u8]>) {
        let path = self.path(name);
        fs::create_dir_all(path.parent().expect("a folder")).expect("a folder of ours");
        fs::write(path, bytes).expect("a file of ours");
    }

    /// Makes a dangling link.
    pub fn link(&self, name: &str, target: &str) {
        std::os::unix::fs::symlink(Path::new(target), self.path(name)).expect("a folder of ours");
    }

    /// Removes every permission of a file.
    pub fn forbid(&self, name: &str) {
        use std::os::unix::fs::PermissionsExt;
        fs::set_permissions(self.path(name), fs::Permissions::from_mode(0o000))
            .expect("a file of ours");
    }

    /// Returns whether the test runs as root, who may read every file.
    pub fn is_root(&self) -> bool {
        use std::os::unix::fs::MetadataExt;
        fs::metadata(self.folder.path()).expect("our folder").uid() == 0
    }

    /// Waits until a file has content.
    pub fn wait_for(&self, name: &str) {
        let started = Instant::now();
        while fs::metadata(self.path(name)).map_or(0, |file| file.len()) == 0 {
            assert!(started.elapsed() < Duration::from_secs(30), "no {name}");
            sleep(Duration::from_millis(2));
        }
    }

    pub fn command(&self, arguments: &[&str]) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_fihrist"));
        for (name, _) in
            std::env::vars_os().filter(|(name, _)| name.to_string_lossy().starts_with("FIHRIST_"))
        {
            command.env_remove(name);
        }
        command.current_dir(self.folder.path()).args(arguments);
        command
    }

    pub fn run(&self, arguments: &[&str]) -> Run {
        let output = self.command(arguments).output().expect("the binary runs");
        let lossy = |bytes: Vec<u8>| String::from_utf8_lossy(&bytes).into_owned();
        Run {
            code: output.status.code(),
            stdout: lossy(output.stdout),
            stderr: lossy(output.stderr),
            command: arguments.join(" "),
        }
    }

    /// Returns the hits of `search --json`, with any exit code.
    fn hits(&self, query: &str) -> Vec<Value> {
        let run = self.run(&["search", "--json", "--limit", "100", "--", query]);
        run.json()["hits"]
            .as_array()
            .cloned()
            .unwrap_or_else(|| panic!("no hits in {run}"))
    }

    /// Returns the ids of the articles that match a query, best first.
    pub fn ids(&self, query: &str) -> Vec<String> {
        self.hits(query)
            .iter()
            .map(|hit| hit["id"].as_str().expect("an id").to_owned())
            .collect()
    }

    /// Returns the snippets of the articles that match a query, best first.
    pub fn found(&self, query: &str) -> Vec<String> {
        let snippets = |hit: &Value| hit["snippets"].as_array().cloned().unwrap_or_default();
        let text = |snippet: &Value| -> String {
            let fragments = snippet["fragments"].as_array().cloned().unwrap_or_default();
            fragments
                .iter()
                .filter_map(|fragment| fragment["text"].as_str())
                .collect()
        };
        self.hits(query)
            .iter()
            .flat_map(snippets)
            .map(|snippet| text(&snippet))
            .collect()
    }
}

impl Run {
    /// Fails unless the command ended with `code`.
    #[track_caller]
    pub fn ends_with(self, code: i32) -> Self {
        assert_eq!(self.code, Some(code), "{self}");
        self
    }

    /// Returns its standard output, which must be JSON.
    pub fn json(&self) -> Value {
        serde_json::from_str(&self.stdout).unwrap_or_else(|error| panic!("{error}: {self}"))
    }

    /// Fails unless the output holds every one of the parts.
    #[track_caller]
    pub fn says(&self, parts: &[&str]) {
        for part in parts {
            assert!(self.all().contains(part), "no `{part}` in {self}");
        }
    }

    pub fn all(&self) -> String {
        format!("{}{}", self.stdout, self.stderr)
    }
}

impl fmt::Display for Run {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self {
            code,
            stdout,
            stderr,
            command,
        } = self;
        write!(
            formatter,
            "`fihrist {command}` ended with {code:?}\nstdout: {stdout}\nstderr: {stderr}"
        )
    }
}

/// Encodes Arabic letters in Windows-1256. Characters that the tests do not use become question
/// marks.
pub fn windows_1256(text: &str) -> Vec<u8> {
    // The code page from 0xC0 on; Latin letters fill the gaps.
    const HIGH: &str = "ہءآأؤإئابةتثجحخدذرزسشصض×طظعغـفقكàلâمنهوçèéêëىي";
    text.chars()
        .map(
            |letter| match HIGH.chars().position(|high| high == letter) {
                _ if letter.is_ascii() => letter as u8,
                Some(at) => u8::try_from(0xC0 + at).expect("the upper half of a byte"),
                None => b'?',
            },
        )
        .collect()
}
