//! Headless Chromium through WebDriver, which is JSON over HTTP. It has only the commands that the
//! tests of the page need.

use std::fs;
use std::io::{BufRead, BufReader, copy, sink};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::thread::sleep;
use std::time::{Duration, Instant};

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use serde_json::{Value, json};

/// The key that submits a form.
pub const ENTER: &str = "\u{E007}";
pub const ESCAPE: &str = "\u{E00C}";
pub const TAB: &str = "\u{E004}";
pub const UP: &str = "\u{E013}";
pub const DOWN: &str = "\u{E015}";
pub const LEFT: &str = "\u{E012}";
pub const RIGHT: &str = "\u{E014}";
const SHIFT: &str = "\u{E008}";

/// No step on a page takes longer.
const TIME_LIMIT: Duration = Duration::from_secs(15);

const FLAGS: [&str; 8] = [
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
];

pub struct Browser {
    driver: Child,
    session: String,
    agent: ureq::Agent,
}

/// Whether pages may run scripts. Scripts of WebDriver always run.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Scripts {
    Run,
    Blocked,
}

impl Browser {
    /// Opens a browser. Without chromedriver, the test says that it is skipped, or fails under CI.
    pub fn open(scripts: Scripts) -> Option<Self> {
        let started = Command::new("chromedriver")
            .arg("--port=0")
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn();
        let mut driver = match started {
            Ok(driver) => driver,
            Err(error) => {
                super::skip_without("chromedriver", &error);
                return None;
            }
        };
        let mut output = BufReader::new(driver.stdout.take().expect("a pipe"));
        let mut line = String::new();
        while !line.contains("started successfully on port") {
            line.clear();
            assert!(
                output.read_line(&mut line).expect("a line") > 0,
                "chromedriver ended"
            );
        }
        let port = line
            .trim_end()
            .trim_end_matches('.')
            .rsplit(' ')
            .next()
            .expect("a port");
        let session = format!("http://127.0.0.1:{port}/session");
        std::thread::spawn(move || copy(&mut output, &mut sink()));
        let agent = ureq::Agent::config_builder()
            .http_status_as_error(false)
            .build()
            .new_agent();
        let mut browser = Self {
            driver,
            session,
            agent,
        };
        let setting = if scripts == Scripts::Blocked { 2 } else { 1 };
        let answer = browser.command(
            "",
            json!({"capabilities": {"alwaysMatch": {
                "browserName": "chrome",
                "goog:chromeOptions": {"args": FLAGS, "prefs": {"profile.managed_default_content_settings.javascript": setting}},
                "goog:loggingPrefs": {"browser": "ALL", "performance": "ALL"},
                "timeouts": {"script": 20_000, "pageLoad": 20_000},
            }}}),
        );
        browser.session = format!(
            "{}/{}",
            browser.session,
            answer["sessionId"].as_str().expect("a session")
        );
        Some(browser)
    }

    pub fn go(&self, url: &str) {
        self.command("/url", json!({"url": url}));
    }

    /// Returns the value of a JavaScript expression in the page.
    pub fn value(&self, expression: &str) -> Value {
        self.command(
            "/execute/sync",
            json!({"script": format!("return {expression}"), "args": []}),
        )
    }

    /// Runs a script in the page.
    pub fn run(&self, script: &str) {
        self.command("/execute/sync", json!({"script": script, "args": []}));
    }

    /// Returns the value that the promise of a JavaScript expression resolves to.
    pub fn resolved(&self, promise: &str) -> Value {
        let script = format!(
            "const done = arguments[0]; ({promise}).then(done, (error) => done(String(error)))"
        );
        self.command("/execute/async", json!({"script": script, "args": []}))
    }

    /// Returns the number of elements that match a selector.
    pub fn count(&self, selector: &str) -> u64 {
        self.value(&format!(
            "document.querySelectorAll({}).length",
            json!(selector)
        ))
        .as_u64()
        .expect("a number")
    }

    /// Returns the text of the first element that matches.
    pub fn text(&self, selector: &str) -> String {
        let text = self.value(&format!(
            "document.querySelector({}).innerText",
            json!(selector)
        ));
        text.as_str().expect("a text").to_owned()
    }

    pub fn keys(&self, selector: &str, text: &str) {
        self.command(
            &format!("/element/{}/value", self.element(selector)),
            json!({"text": text}),
        );
    }

    pub fn click(&self, selector: &str) {
        self.command(
            &format!("/element/{}/click", self.element(selector)),
            json!({}),
        );
    }

    /// Presses keys one after another, wherever the focus is.
    pub fn press(&self, keys: &str) {
        let presses = keys
            .chars()
            .flat_map(|key| ["keyDown", "keyUp"].map(|kind| json!({"type": kind, "value": key})));
        let actions: Vec<Value> = presses.collect();
        self.command(
            "/actions",
            json!({"actions": [{"type": "key", "id": "keyboard", "actions": actions}]}),
        );
    }

    /// Presses a key while Shift is held.
    pub fn press_shifted(&self, key: &str) {
        let step = |kind: &str, key: &str| json!({"type": kind, "value": key});
        let steps = [
            step("keyDown", SHIFT),
            step("keyDown", key),
            step("keyUp", key),
            step("keyUp", SHIFT),
        ];
        self.command(
            "/actions",
            json!({"actions": [{"type": "key", "id": "keyboard", "actions": steps}]}),
        );
    }

    /// Presses the mouse button on one element and releases it on another.
    pub fn drag(&self, from: &str, to: &str) {
        let element =
            |selector: &str| json!({"element-6066-11e4-a52e-4f735466cecf": self.element(selector)});
        let steps = [
            json!({"type": "pointerMove", "origin": element(from), "x": 0, "y": 0}),
            json!({"type": "pointerDown", "button": 0}),
            json!({"type": "pointerMove", "origin": element(to), "x": 0, "y": 0, "duration": 100}),
            json!({"type": "pointerUp", "button": 0}),
        ];
        self.command(
            "/actions",
            json!({"actions": [{"type": "pointer", "id": "mouse", "actions": steps}]}),
        );
    }

    /// Presses Tab until an element that matches has the focus, at most sixty times.
    pub fn tab_to(&self, selector: &str) {
        let is_there = format!("document.activeElement.matches({})", json!(selector));
        for _ in 0..60 {
            if self.value(&is_there) == true {
                return;
            }
            self.press(TAB);
        }
        panic!("Tab does not lead to {selector}");
    }

    /// Waits until a JavaScript expression is true; fails after a time limit.
    pub fn wait(&self, expression: &str) {
        let started = Instant::now();
        while self.value(&format!("Boolean({expression})")) != true {
            assert!(started.elapsed() < TIME_LIMIT, "still false: {expression}");
            sleep(Duration::from_millis(20));
        }
    }

    pub fn back(&self) {
        self.command("/back", json!({}));
    }

    /// Delays every answer; `None` disconnects the network.
    pub fn delay(&self, latency_ms: Option<u32>) {
        self.devtools("Network.enable", json!({}));
        let conditions = json!({"offline": latency_ms.is_none(), "latency": latency_ms.unwrap_or(0),
            "downloadThroughput": -1, "uploadThroughput": -1});
        self.devtools("Network.emulateNetworkConditions", conditions);
    }

    /// Allows a site to read the clipboard.
    pub fn grant_clipboard(&self, origin: &str) {
        let permissions = ["clipboardReadWrite", "clipboardSanitizedWrite"];
        self.devtools(
            "Browser.grantPermissions",
            json!({"origin": origin, "permissions": permissions}),
        );
    }

    /// Sets the width of the window and the preferred colour scheme.
    pub fn look(&self, width: u64, scheme: &str) {
        self.resize(width, 900);
        self.devtools(
            "Emulation.setEmulatedMedia",
            json!({"features": [{"name": "prefers-color-scheme", "value": scheme}]}),
        );
    }

    /// Writes a picture of the whole page to the target folder; returns its path.
    pub fn picture(&self, name: &str) -> PathBuf {
        // The window becomes as high as the page: Chromium shifts right-to-left pages when it
        // captures beyond the window.
        let size = |of: &str| self.value(of).as_u64().expect("a number");
        self.resize(
            size("innerWidth"),
            size("document.documentElement.scrollHeight"),
        );
        let shot = self.devtools("Page.captureScreenshot", json!({}));
        let path = PathBuf::from(env!("CARGO_TARGET_TMPDIR")).join(format!("{name}.png"));
        fs::write(
            &path,
            decode_base64(shot["data"].as_str().expect("a picture")),
        )
        .expect("a file of ours");
        path
    }

    /// Writes the content of a window of this size as a WebP picture.
    pub fn view(&self, width: u64, height: u64, path: &Path) {
        self.resize(width, height);
        self.devtools("Emulation.setScrollbarsHidden", json!({"hidden": true}));
        let shot = self.devtools(
            "Page.captureScreenshot",
            json!({"format": "webp", "quality": 85}),
        );
        fs::write(
            path,
            decode_base64(shot["data"].as_str().expect("a picture")),
        )
        .expect("a file of ours");
    }

    /// Returns all messages of the pages on the console.
    pub fn complaints(&self) -> Vec<String> {
        self.log("browser")
            .iter()
            .filter_map(|entry| entry["message"].as_str().map(str::to_owned))
            .collect()
    }

    /// Returns the addresses requested since the last call.
    pub fn requested(&self) -> Vec<String> {
        let events = self.log("performance").into_iter();
        let events = events
            .filter_map(|entry| serde_json::from_str::<Value>(entry["message"].as_str()?).ok());
        let sent = events.filter(|event| event["message"]["method"] == "Network.requestWillBeSent");
        sent.filter_map(|event| {
            event["message"]["params"]["request"]["url"]
                .as_str()
                .map(str::to_owned)
        })
        .collect()
    }

    fn resize(&self, width: u64, height: u64) {
        let size = json!({"width": width, "height": height, "deviceScaleFactor": 1, "mobile": width < 600});
        self.devtools("Emulation.setDeviceMetricsOverride", size);
    }

    fn element(&self, selector: &str) -> String {
        let found = self.command(
            "/element",
            json!({"using": "css selector", "value": selector}),
        );
        let id = found
            .as_object()
            .and_then(|found| found.values().next()?.as_str().map(str::to_owned));
        id.expect("an element")
    }

    fn log(&self, kind: &str) -> Vec<Value> {
        self.command("/se/log", json!({"type": kind}))
            .as_array()
            .cloned()
            .unwrap_or_default()
    }

    fn devtools(&self, name: &str, params: Value) -> Value {
        self.command("/goog/cdp/execute", json!({"cmd": name, "params": params}))
    }

    fn command(&self, path: &str, body: Value) -> Value {
        let mut response = self
            .agent
            .post(format!("{}{path}", self.session))
            .send_json(&body)
            .expect("chromedriver answers");
        let answer: Value = response
            .body_mut()
            .with_config()
            .limit(1 << 28)
            .read_json()
            .expect("JSON");
        assert!(
            answer["value"]["error"].is_null(),
            "{path}: {}",
            answer["value"]
        );
        answer["value"].clone()
    }
}

impl Drop for Browser {
    fn drop(&mut self) {
        // The session ends first, since a killed chromedriver leaves its Chromium running.
        let _ = self.agent.delete(&self.session).call();
        let _ = self.driver.kill();
        let _ = self.driver.wait();
    }
}

fn decode_base64(text: &str) -> Vec<u8> {
    STANDARD.decode(text).expect("Base64")
}
