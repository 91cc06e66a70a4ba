//! The answers of a node: a status with JSON, or a refusal with its reason. It sends nothing.

use serde_json::Value;

use crate::error::{Error, Remedy, Result};

/// The major versions of OpenSearch that this program supports.
const SUPPORTED: [&str; 2] = ["2", "3"];

/// The HTTP status of a node that is overloaded.
const TOO_MANY: u16 = 429;
/// The HTTP statuses of a node that cannot reach a part of the cluster.
const UNREADY: [u16; 3] = [502, 503, 504];

/// An answer, which may be a refusal.
pub struct Answer {
    /// The HTTP status.
    pub status: u16,
    pub body: Vec<u8>,
    /// The addresses of the cluster, for messages.
    pub urls: String,
}

/// Why a request was refused.
#[derive(Debug, PartialEq, Eq)]
pub struct Refusal {
    pub status: u16,
    /// The name of the error, such as `index_not_found_exception`.
    pub kind: String,
    pub reason: String,
}

impl Answer {
    /// Returns whether the node is overloaded or unready, so that another attempt or node may
    /// succeed.
    pub fn is_overrun(&self) -> bool {
        UNREADY.contains(&self.status) || (self.status == TOO_MANY && !self.refusal().is_block())
    }

    /// Returns whether a search lost a shard or its point in time, so that another attempt may succeed.
    pub fn is_loss(&self) -> bool {
        // A lost point in time is answered with 404. A query that no node accepts is the caller's
        // mistake. OpenSearch answers some of these with 500 and a reason.
        self.status == 404
            || self.is_overrun()
            || (self.status == 500 && !self.refusal().is_about_the_query())
    }

    /// Returns the JSON; fails if the answer is a refusal.
    pub fn accepted(self) -> Result<Value> {
        if self.status >= 300 {
            return Err(self.refusal().into_error(&self.urls));
        }
        serde_json::from_slice(&self.body).map_err(|_| Error::Unavailable {
            urls: self.urls,
            reason: "its answer is not JSON, so it may not be OpenSearch".to_owned(),
            remedy: Remedy::CheckCluster,
        })
    }

    /// Returns the JSON, or `None` if the answer is "not found". Fails if it is another refusal.
    pub fn found(self) -> Result<Option<Value>> {
        if self.status == 404 {
            Ok(None)
        } else {
            self.accepted().map(Some)
        }
    }

    /// Returns why the request was refused.
    pub fn refusal(&self) -> Refusal {
        let value: Value = serde_json::from_slice(&self.body).unwrap_or_default();
        Refusal::of(self.status, &value["error"])
    }
}

impl Refusal {
    /// Reads the refusal in an `error` object, which belongs to a whole request or to one item of a
    /// batch.
    pub fn of(status: u16, error: &Value) -> Self {
        // The first cause says more than "all shards failed".
        let root = &error["root_cause"][0];
        let cause = if root.is_object() { root } else { error };
        let text = |name: &str| {
            let text = cause[name].as_str().or(error.as_str());
            text.unwrap_or_default().to_owned()
        };
        Self {
            status,
            kind: text("type"),
            reason: text("reason"),
        }
    }

    /// Returns the refusal as an error that names the addresses of the cluster.
    pub fn into_error(self, urls: &str) -> Error {
        let (reason, remedy) = self.explanation();
        Error::Unavailable {
            urls: urls.to_owned(),
            reason,
            remedy,
        }
    }

    /// Returns whether the query itself is the reason, so that no node would accept it.
    fn is_about_the_query(&self) -> bool {
        ["too_many", "illegal_argument", "query_shard", "parsing"]
            .iter()
            .any(|name| self.kind.contains(name))
    }

    /// Returns whether the index or the cluster is closed against writing.
    pub fn is_block(&self) -> bool {
        self.kind == "cluster_block_exception"
    }

    /// Returns the reason in words, and what a user can do about the refusal.
    pub fn explanation(&self) -> (String, Remedy) {
        let reason = &self.reason;
        match self.status {
            401 => (
                "it does not know the user or the key (401)".to_owned(),
                Remedy::CheckLogin,
            ),
            403 if !self.is_block() => (
                format!("the user or the key may not do this (403): {reason}"),
                Remedy::CheckLogin,
            ),
            _ if self.is_block() && reason.contains("flood-stage") => (
                format!("its disks are full and it takes no writes: {reason}"),
                Remedy::FreeDiskSpace,
            ),
            _ if self.is_block() => (
                format!("it is closed against writing: {reason}"),
                Remedy::TryAgain,
            ),
            status if self.kind.is_empty() => (format!("it answers {status}"), Remedy::TryAgain),
            status => (
                format!("it answers {status}, {}: {reason}", self.kind),
                Remedy::TryAgain,
            ),
        }
    }
}

/// Checks the version in the answer of a cluster's root path. If it is unsupported, returns a
/// reason that names it.
pub fn check_version(root: &Value) -> Result<(), String> {
    let version = &root["version"];
    let number = version["number"].as_str().unwrap_or("of no version");
    let distribution = version["distribution"].as_str().unwrap_or("not OpenSearch");
    let major = number.split('.').next().unwrap_or_default();
    if distribution == "opensearch" && SUPPORTED.contains(&major) {
        return Ok(());
    }
    Err(format!(
        "it is {distribution} {number}; this program supports OpenSearch 2 and 3"
    ))
}

/// Returns the elements of a JSON array; none for anything else.
pub fn elements(value: &Value) -> &[Value] {
    value.as_array().map_or(&[], Vec::as_slice)
}

/// Returns the hits in the answer of a search; none if the answer has none.
pub fn hits_of(answer: &Value) -> &[Value] {
    elements(&answer["hits"]["hits"])
}

/// Returns the total in the answer of a search: how many documents the query matches.
pub fn total_of(answer: &Value) -> u64 {
    to_number(&answer["hits"]["total"]["value"])
}

/// Reads a 64-bit number, which some versions of OpenSearch write as text; 0 for anything else.
pub fn to_number(value: &Value) -> u64 {
    value
        .as_u64()
        .or_else(|| value.as_str()?.parse().ok())
        .unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn answer(status: u16, body: Vec<u8>) -> Answer {
        let urls = String::new();
        Answer { status, body, urls }
    }

    #[test]
    fn knows_whom_it_speaks_to() {
        let check = |version: Value, expected: bool| {
            let spoken = check_version(&json!({ "version": version }));
            assert_eq!(spoken.is_ok(), expected, "{spoken:?}");
        };
        check(
            json!({"distribution": "opensearch", "number": "2.19.6"}),
            true,
        );
        check(
            json!({"distribution": "opensearch", "number": "3.1.0"}),
            true,
        );
        check(
            json!({"distribution": "opensearch", "number": "1.3.0"}),
            false,
        );
        check(json!({"number": "8.1.0", "build_flavor": "default"}), false);
        check(json!(null), false);
    }

    #[test]
    fn a_refusal_says_what_helps() {
        let check = |status: u16, error: Value, expected: &str| {
            let body = serde_json::to_vec(&json!({ "error": error })).unwrap();
            let (refusal, _) = answer(status, body).refusal().explanation();
            assert!(refusal.contains(expected), "{refusal}");
        };
        check(401, json!("Unauthorized"), "does not know the user");
        check(
            403,
            json!({"type": "security_exception", "reason": "no permissions"}),
            "may not do this",
        );
        let flood = "index [a] blocked by: [TOO_MANY_REQUESTS/12/disk usage exceeded flood-stage watermark]";
        check(
            429,
            json!({"type": "cluster_block_exception", "reason": flood}),
            "disks are full",
        );
        check(
            403,
            json!({"type": "cluster_block_exception", "reason": "index [a] blocked by: [FORBIDDEN/8/index write (api)]"}),
            "closed against",
        );
        check(
            500,
            json!({"root_cause": [{"type": "a", "reason": "b"}], "type": "c"}),
            "it answers 500, a: b",
        );
    }

    #[test]
    fn a_full_disk_is_no_reason_to_ask_again() {
        let block = json!({"error": {"type": "cluster_block_exception", "reason": "flood-stage"}});
        assert!(!answer(429, serde_json::to_vec(&block).unwrap()).is_overrun());
        assert!(answer(429, Vec::new()).is_overrun());
        assert!(answer(503, Vec::new()).is_overrun());
        assert!(!answer(500, Vec::new()).is_overrun());
    }
}
