//! Writes the metrics whose values are read at each request, in the Prometheus text format. The
//! recorder writes its own counters and histograms.

use std::fmt::Display;

/// Metrics in the Prometheus text format. Each call appends one metric.
#[derive(Default)]
pub struct Exposition(String);

impl Exposition {
    /// Writes a gauge that has no labels.
    pub fn gauge(&mut self, name: &str, help: &str, value: impl Display) {
        self.family(name, "gauge", help, [("", value)]);
    }

    /// Writes a metric with one value per label set. A label set is passed as it appears in the
    /// text, such as `class="search"`. A metric without values is omitted.
    pub fn family<V: Display, L: Display>(
        &mut self,
        name: &str,
        kind: &str,
        help: &str,
        figures: impl IntoIterator<Item = (L, V)>,
    ) {
        let mut figures = figures.into_iter().peekable();
        if figures.peek().is_none() {
            return;
        }
        self.0 += &format!("# HELP {name} {help}\n# TYPE {name} {kind}\n");
        for (labels, value) in figures {
            self.0 += &match labels.to_string().as_str() {
                "" => format!("{name} {value}\n"),
                labels => format!("{name}{{{labels}}} {value}\n"),
            };
        }
    }

    /// Returns the text of all metrics.
    pub fn finish(self) -> String {
        self.0
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn families_have_their_figures_below_them() {
        let mut text = Exposition::default();
        text.gauge("doors", "Doors that are open.", 2.5);
        text.family(
            "birds_total",
            "counter",
            "Birds.",
            [("kind=\"hoopoe\"", 3), ("kind=\"lark\"", 0)],
        );
        text.family("fish", "gauge", "Fish.", Vec::<(&str, u8)>::new());
        assert_eq!(
            text.finish(),
            "# HELP doors Doors that are open.\n# TYPE doors gauge\ndoors 2.5\n# HELP birds_total Birds.\n\
             # TYPE birds_total counter\nbirds_total{kind=\"hoopoe\"} 3\nbirds_total{kind=\"lark\"} 0\n"
        );
    }
}
