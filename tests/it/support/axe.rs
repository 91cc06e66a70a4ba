//! axe-core, which finds what keeps people out of a page. `.ci/run` fetches it into the target folder; it is no part of the
//! product.

use std::io::{Write, stderr};
use std::path::{Path, PathBuf};

use serde_json::Value;

use super::browser::Browser;

/// The rules, ready to run in a page.
pub struct Axe(String);

impl Axe {
    /// Reads them from `FIHRIST_AXE` or the target folder; where they are missing, the test is skipped aloud, but never
    /// under CI.
    pub fn open() -> Option<Self> {
        let place = std::env::var_os("FIHRIST_AXE").map_or_else(
            || Path::new(env!("CARGO_TARGET_TMPDIR")).join("../axe/axe.min.js"),
            PathBuf::from,
        );
        match std::fs::read_to_string(&place) {
            Ok(script) => Some(Self(script)),
            Err(error) => {
                assert!(
                    std::env::var_os("CI").is_none(),
                    "axe-core is needed under CI: {}: {error}",
                    place.display()
                );
                writeln!(
                    stderr(),
                    "SKIPPED a test of the page: no axe-core at {} ({error})",
                    place.display()
                )
                .expect("stderr");
                None
            }
        }
    }

    /// What is wrong with the page, a rule and an element a line.
    pub fn violations(&self, browser: &Browser) -> Vec<String> {
        // axe takes letters that join for the ligatures of an icon font, and passes over all Arabic text when it
        // compares colours. Told that no letters join, it looks at them.
        browser.run("CanvasRenderingContext2D.prototype.measureText = (text) => ({ width: 30 * text.length })");
        browser.run(&self.0);
        let found = browser.settled("axe.run().then((results) => results.violations)");
        let nodes = |violation: &Value| {
            let (id, help) = (violation["id"].clone(), violation["help"].clone());
            let nodes = violation["nodes"].as_array().cloned().unwrap_or_default();
            nodes
                .into_iter()
                .map(move |node| format!("{id}: {help}: {}", node["html"]))
                .collect::<Vec<_>>()
        };
        found
            .as_array()
            .expect("violations")
            .iter()
            .flat_map(nodes)
            .collect()
    }
}
