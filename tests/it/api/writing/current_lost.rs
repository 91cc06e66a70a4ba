//! `CURRENT` is lost under a running server: writes fail, searches go on, and nothing is removed.

use serde_json::json;

use super::WritingClient;
use crate::api::problems::problem;

#[test]
fn writes_fail_and_searches_go_on_while_current_is_lost() {
    let client = WritingClient::new();
    let story = |title: &str| json!({"title": title, "body": "عاد القارب إلى المرفأ."});
    assert_eq!(client.put("a", &story("قارب")).status, 201);
    let current = client.server.path("data/CURRENT");
    let generation = client.server.path("data/generations/000001/meta.json");
    let name = std::fs::read(&current).expect("a name");
    std::fs::remove_file(&current).expect("removed");
    for id in ["b", "c"] {
        let problem = problem(&client.put(id, &story("قارب آخر")), 500, "index_damaged");
        let detail = problem["detail"].as_str().expect("a text");
        assert!(
            detail.contains("is missing; the last whole generation is `000001`"),
            "{detail}"
        );
    }
    problem(&client.delete("a"), 500, "index_damaged");
    assert_eq!(client.total("القارب"), 1);
    assert!(generation.exists());
    std::fs::write(&current, name).expect("written");
    assert_eq!(client.put("b", &story("قارب آخر")).status, 201);
    assert_eq!(client.total("القارب"), 2);
    client.server.terminate();
    let (status, log) = client.server.wait();
    assert!(status.success() && log.contains("echo 000001 > "), "{log}");
}
