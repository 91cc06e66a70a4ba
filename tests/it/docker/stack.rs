//! The image and the compose stacks of the tests, removed when a test ends.

use std::env;
use std::path::Path;
use std::process::{Command, Output};

use serde_json::Value;
use tempfile::TempDir;

use super::{TOP, set_mode};
use crate::support::unused_address;

/// An image with a unique name, removed when dropped.
pub struct Image {
    name: String,
}

impl Image {
    pub fn build() -> Self {
        let image = Self {
            name: format!("fihrist-test:{}", std::process::id()),
        };
        match env::var("FIHRIST_DOCKER_BUILD_STAGE") {
            Ok(stage) => {
                let stage = format!("build={stage}");
                let file = format!("{TOP}/docker/Dockerfile");
                let arguments = [
                    "buildx",
                    "build",
                    "--load",
                    "--build-context",
                    &stage,
                    "-f",
                    &file,
                    "-t",
                    &image.name,
                    TOP,
                ];
                docker(&arguments).succeeds();
            }
            Err(_) => {
                let samples = Path::new(TOP).join("static/samples");
                let profile =
                    env::var("FIHRIST_DOCKER_PROFILE").unwrap_or_else(|_| "quick".to_owned());
                let arguments = [
                    "build",
                    "--build-arg",
                    &format!("PROFILE={profile}"),
                    "index",
                ];
                Stack::new(&image, "build", &samples)
                    .compose(&arguments)
                    .succeeds();
            }
        }
        image
    }
}

impl Drop for Image {
    fn drop(&mut self) {
        docker(&["image", "rm", "--force", &self.name]);
    }
}

/// A compose stack with a unique project name and port. Dropping it removes its volumes as well.
pub struct Stack<'a> {
    image: &'a Image,
    project: String,
    port: u16,
    pub articles: &'a Path,
    /// The folder for backups, which every user may write to.
    pub backups: TempDir,
}

impl<'a> Stack<'a> {
    pub fn new(image: &'a Image, name: &str, articles: &'a Path) -> Self {
        let backups = tempfile::tempdir().expect("a folder");
        set_mode(backups.path(), 0o777);
        Self {
            image,
            project: format!("fihrist-test-{name}-{}", std::process::id()),
            port: unused_address().port(),
            articles,
            backups,
        }
    }

    pub fn compose(&self, arguments: &[&str]) -> Finished {
        let mut command = Command::new("docker");
        command.args([
            "compose",
            "--project-name",
            &self.project,
            "--file",
            &format!("{TOP}/docker/compose.yaml"),
        ]);
        command.env("FIHRIST_IMAGE", &self.image.name);
        command.env("FIHRIST_PORT", self.port.to_string());
        command.env("FIHRIST_ARTICLES", self.articles);
        command.env("FIHRIST_BACKUPS", self.backups.path());
        command.env("FIHRIST_MAX_SEARCHES", "6");
        finish(command.args(arguments))
    }

    pub fn container(&self, service: &str) -> String {
        self.compose(&["ps", "--quiet", service])
            .succeeds()
            .trim()
            .to_owned()
    }

    pub fn url(&self, path: &str) -> String {
        format!("http://127.0.0.1:{}{path}", self.port)
    }

    /// Returns the number of articles that match a query.
    pub fn total(&self, query: &str) -> u64 {
        let mut response = ureq::get(self.url("/api/v1/search"))
            .query("q", query)
            .call()
            .expect("an answer");
        let found: Value = response.body_mut().read_json().expect("JSON");
        found["total"]["value"]
            .as_u64()
            .unwrap_or_else(|| panic!("no total in {found}"))
    }
}

impl Drop for Stack<'_> {
    fn drop(&mut self) {
        self.compose(&["down", "--volumes", "--remove-orphans", "--timeout", "5"]);
    }
}

/// A command that has ended.
pub struct Finished {
    command: String,
    pub code: Option<i32>,
    stdout: String,
    stderr: String,
}

impl Finished {
    /// Returns the standard output of the command. Fails with all its output unless its exit code is 0.
    #[track_caller]
    pub fn succeeds(self) -> String {
        assert_eq!(self.code, Some(0), "{}\n{}", self.command, self.all());
        self.stdout
    }

    pub fn all(&self) -> String {
        format!("{}\n{}", self.stdout, self.stderr)
    }
}

pub fn docker(arguments: &[&str]) -> Finished {
    finish(Command::new("docker").args(arguments))
}

fn finish(command: &mut Command) -> Finished {
    let text = format!("{command:?}");
    let Output {
        status,
        stdout,
        stderr,
    } = command.output().expect("docker answered before");
    let lossy = |bytes: Vec<u8>| String::from_utf8_lossy(&bytes).into_owned();
    Finished {
        command: text,
        code: status.code(),
        stdout: lossy(stdout),
        stderr: lossy(stderr),
    }
}
