//! axe-core, which finds accessibility violations. `.ci/run` fetches it into the target folder; it
//! is not part of the product.

use std::path::{Path, PathBuf};

use serde_json::Value;

use super::browser::Browser;

/// The script of axe-core, ready to run in a page.
pub struct Axe(String);

impl Axe {
    /// Reads the script from `FIHRIST_AXE` or the target folder. If it is missing, the test says
    /// that it is skipped, or fails under CI.
    pub fn open() -> Option<Self> {
        let place = std::env::var_os("FIHRIST_AXE").map_or_else(
            || Path::new(env!("CARGO_TARGET_TMPDIR")).join("../axe/axe.min.js"),
            PathBuf::from,
        );
        match std::fs::read_to_string(&place) {
            Ok(script) => Some(Self(script)),
            Err(error) => {
                super::skip_without(&format!("axe-core at {}", place.display()), &error);
                None
            }
        }
    }

    /// Returns the violations of the page: a rule and an element a line.
    pub fn violations(&self, browser: &Browser) -> Vec<String> {
        // axe takes joined letters for the ligatures of an icon font, and skips Arabic text when it
        // compares colours. With this width no letters join, so axe checks them.
        browser.run("CanvasRenderingContext2D.prototype.measureText = (text) => ({ width: 30 * text.length })");
        browser.run(&self.0);
        let found = browser.resolved("axe.run().then((results) => results.violations)");
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
