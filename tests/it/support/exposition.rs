//! A strict reader of Prometheus' text format: Prometheus accepts every text that it accepts.

use std::collections::{BTreeMap, BTreeSet};

/// Metrics by name, with their labels in alphabetical order, as in `name{a="1",b="2"}`.
#[derive(Debug)]
pub struct Figures(BTreeMap<String, f64>);

impl Figures {
    pub fn find(&self, name: &str) -> Option<f64> {
        self.0.get(name).copied()
    }

    /// Returns a metric; 0 for a counter or a histogram without a sample.
    pub fn value(&self, name: &str) -> f64 {
        let family = name.split('{').next().unwrap_or(name);
        let may_be_missing = ["_total", "_count", "_bucket"]
            .iter()
            .any(|end| family.ends_with(end));
        self.find(name)
            .or(may_be_missing.then_some(0.0))
            .unwrap_or_else(|| panic!("no {name} in {:?}", self.0.keys()))
    }
}

/// Parses a text, or returns what is wrong with it.
pub fn parse(text: &str) -> Result<Figures, String> {
    if !text.ends_with('\n') {
        return Err("the last line has no end".to_owned());
    }
    let mut figures = BTreeMap::new();
    let mut kinds: BTreeMap<&str, &str> = BTreeMap::new();
    let mut helped = BTreeSet::new();
    let mut finished: BTreeSet<&str> = BTreeSet::new();
    let mut current = "";
    for line in text.lines().filter(|line| !line.is_empty()) {
        let wrong = |what: &str| Err(format!("{what}: {line}"));
        let mut begin = |family| {
            if family != current && !finished.insert(current) | finished.contains(family) {
                return Err(format!("a family in several places: {line}"));
            }
            current = family;
            Ok(())
        };
        if let Some(comment) = line.strip_prefix("# ") {
            let mut parts = comment.splitn(3, ' ');
            match (parts.next(), parts.next(), parts.next()) {
                (Some("HELP"), Some(family), Some(help)) if !help.is_empty() => {
                    begin(family)?;
                    if !helped.insert(family) {
                        return wrong("a second HELP line");
                    }
                }
                (Some("TYPE"), Some(family), Some(kind @ ("counter" | "gauge" | "histogram"))) => {
                    begin(family)?;
                    if kinds.insert(family, kind).is_some() {
                        return wrong("a second TYPE line");
                    }
                    if (kind == "counter") != family.ends_with("_total") {
                        return wrong("only counters, and all of them, end in _total");
                    }
                }
                _ => return wrong("neither a HELP nor a TYPE line"),
            }
            continue;
        }
        let Some((series, value)) = line.rsplit_once(' ') else {
            return wrong("no value");
        };
        let (name, labels) = labels_of(series).ok_or_else(|| format!("labels: {line}"))?;
        let family = family_of(name, &kinds).ok_or_else(|| format!("no TYPE line: {line}"))?;
        begin(family)?;
        if !helped.contains(family) {
            return wrong("no HELP line");
        }
        let value: f64 = value.parse().map_err(|_| format!("not a number: {line}"))?;
        let labels: Vec<String> = labels
            .iter()
            .map(|(name, value)| format!("{name}=\"{value}\""))
            .collect();
        let key = if labels.is_empty() {
            name.to_owned()
        } else {
            format!("{name}{{{}}}", labels.join(","))
        };
        if figures.insert(key, value).is_some() {
            return wrong("the same series twice");
        }
    }
    check_histograms(&figures)?;
    Ok(Figures(figures))
}

fn family_of<'a>(name: &'a str, kinds: &BTreeMap<&str, &str>) -> Option<&'a str> {
    if kinds.contains_key(name) {
        return Some(name);
    }
    let family = ["_bucket", "_sum", "_count"]
        .iter()
        .find_map(|end| name.strip_suffix(end))?;
    (kinds.get(family) == Some(&"histogram")).then_some(family)
}

/// Returns the name of a series and its labels.
fn labels_of(series: &str) -> Option<(&str, BTreeMap<&str, &str>)> {
    let is_name = |name: &str| {
        !name.is_empty()
            && name.chars().all(|c| c.is_ascii_alphanumeric() || c == '_')
            && !name.starts_with(|c: char| c.is_ascii_digit())
    };
    let (name, inside) = match series.split_once('{') {
        None => (series, ""),
        Some((name, rest)) => (name, rest.strip_suffix('}')?),
    };
    let mut labels = BTreeMap::new();
    let mut rest = inside;
    while !rest.is_empty() {
        let (label, after) = rest.split_once("=\"")?;
        let (value, after) = after.split_once('"')?;
        // Labels of the service need no escapes.
        if !is_name(label) || value.contains('\\') || labels.insert(label, value).is_some() {
            return None;
        }
        rest = if after.is_empty() {
            ""
        } else {
            after.strip_prefix(',').filter(|rest| !rest.is_empty())?
        };
    }
    is_name(name).then_some((name, labels))
}

/// Checks that buckets do not decrease and that the last one equals the count.
fn check_histograms(figures: &BTreeMap<String, f64>) -> Result<(), String> {
    let mut buckets: BTreeMap<String, Vec<(f64, f64)>> = BTreeMap::new();
    for (key, count) in figures {
        let Some((name, labels)) = labels_of(key).filter(|(name, _)| name.ends_with("_bucket"))
        else {
            continue;
        };
        let bound = labels
            .get("le")
            .and_then(|le| le.parse().ok())
            .ok_or_else(|| format!("no bound: {key}"))?;
        let others: Vec<String> = labels
            .iter()
            .filter(|(label, _)| **label != "le")
            .map(|(label, value)| format!("{label}=\"{value}\""))
            .collect();
        let labels = if others.is_empty() {
            String::new()
        } else {
            format!("{{{}}}", others.join(","))
        };
        buckets
            .entry(format!(
                "{}_count{labels}",
                name.trim_end_matches("_bucket")
            ))
            .or_default()
            .push((bound, *count));
    }
    for (count, mut buckets) in buckets {
        buckets.sort_by(|one, other| one.0.total_cmp(&other.0));
        let rises = buckets.windows(2).all(|pair| pair[0].1 <= pair[1].1);
        let last = buckets
            .last()
            .filter(|(bound, _)| bound.is_infinite())
            .map(|(_, value)| *value);
        if !rises || last.is_none() || last != figures.get(&count).copied() {
            return Err(format!("buckets of {count}: {buckets:?}"));
        }
    }
    Ok(())
}

#[test]
fn text_that_prometheus_refuses_is_found() {
    let head = "# HELP a_total A.\n# TYPE a_total counter\n";
    let check = |text: &str, is_right: bool| assert_eq!(parse(text).is_ok(), is_right, "{text}");
    check(&format!("{head}a_total 1\n"), true);
    check(
        &format!("{head}a_total{{x=\"1\",y=\"a b\"}} 1\na_total{{x=\"2\",y=\"\"}} 2.5e3\n\n"),
        true,
    );
    check(&format!("{head}a_total 1"), false);
    check(&format!("{head}a_total 1\na_total 2\n"), false);
    check(&format!("{head}a_total one\n"), false);
    check(&format!("{head}a_total{{x=1}} 1\n"), false);
    check(&format!("{head}a_total{{x=\"1\",}} 1\n"), false);
    check(&format!("{head}b_total 1\n"), false);
    check("# TYPE a_total counter\na_total 1\n", false);
    check("# HELP a A.\n# TYPE a counter\na 1\n", false);
    let other = "# HELP b B.\n# TYPE b gauge\nb 1\n";
    check(&format!("{head}a_total 1\n{other}"), true);
    check(&format!("{head}{other}a_total 1\n"), false);
    let histogram = |inf: u8| {
        format!(
            "# HELP h H.\n# TYPE h histogram\nh_bucket{{le=\"1\"}} 2\nh_bucket{{le=\"+Inf\"}} {inf}\nh_sum 9\nh_count 3\n"
        )
    };
    check(&histogram(3), true);
    check(&histogram(4), false);
    check(&histogram(1), false);
}
