//! Helpers that the tests of the service share: articles, the running server, a browser.

pub mod axe;
pub mod browser;
pub mod cluster;
pub mod disk;
pub mod exposition;
pub mod server;

use std::fmt::Display;
use std::io::{Write, stderr};
use std::net::{SocketAddr, TcpListener};

use serde_json::{Value, json};

/// Prints why a test is skipped. The test harness hides what a passing test prints by a macro.
pub fn skip(reason: &str) {
    writeln!(stderr(), "skipped: {reason}").expect("stderr");
}

/// Skips a test whose tool is missing, or fails under CI, which installs every tool.
pub fn skip_without(tool: &str, error: &dyn Display) {
    assert!(
        std::env::var_os("CI").is_none(),
        "{tool} is needed under CI: {error}"
    );
    skip(&format!("{tool} is missing: {error}"));
}

/// Returns an address on this machine on which no server listens.
pub fn unused_address() -> SocketAddr {
    let listener = TcpListener::bind("127.0.0.1:0").expect("a free port");
    listener.local_addr().expect("an address")
}

/// An id with characters that an address must encode.
pub const AWKWARD_ID: &str = "مرفأ/3 ؟#%";
/// The id of an article that contains HTML.
pub const HOSTILE_ID: &str = "hostile";

/// Fourteen short articles; all but one of them mention the harbour.
pub fn articles() -> Vec<Value> {
    let mut articles = vec![
        json!({"id": "truce", "title": "الوسطاء يعلنون وقف إطلاق النار في مدينة الميناء",
            "body": "قال الوسطاء إن الطرفين قبلا بوقف اطلاق النار بعد ليلة طويلة.\nويبدأ وقف إطلاق النار فجر الأحد في الميناء.",
            "source": "صحيفة المنارة", "section": "سياسة", "author": "هند السالم", "date": "2020-03-05",
            "url": "https://example.org/truce"}),
        json!({"id": AWKWARD_ID, "title": "سفينة قمح ترسو في الميناء", "body": "أفرغت السفينة حمولتها في الميناء قبل الظهر.",
            "source": "نشرة الساحل", "section": "اقتصاد", "date": "2021-11"}),
        json!({"id": HOSTILE_ID, "title": "<script>alert(1)</script> في الميناء & \"بعيدًا\"",
            "body": "<b onclick=x>الميناء</b> يسجل <i>رقمًا</i>.", "source": "<u>مصدر</u>", "url": "javascript:alert(1)"}),
        json!({"id": "garden", "title": "حديقة جديدة على التل", "body": "افتتح الأهالي حديقة عامة فيها مئة شجرة زيتون.",
            "source": "نشرة الساحل", "section": "مجتمع", "date": "2022"}),
    ];
    articles.extend((1..=10).map(|day| {
        json!({"id": format!("diary-{day}"), "title": format!("يوميات الميناء، الحلقة {day}"),
            "body": "يستيقظ الصيادون قبل الشمس.\nثم تمتلئ الأرصفة بالناس ويعود الميناء إلى ضجيجه.",
            "source": "مجلة الشاطئ", "section": "ثقافة", "date": format!("2023-05-{day:02}")})
    }));
    articles
}

/// Percent-encodes a text for an address: every byte but unreserved ASCII.
pub fn encoded(text: &str) -> String {
    text.bytes()
        .map(|byte| match byte {
            b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' | b'-' | b'_' | b'.' | b'~' => {
                char::from(byte).to_string()
            }
            _ => format!("%{byte:02X}"),
        })
        .collect()
}
