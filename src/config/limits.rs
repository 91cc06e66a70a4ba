//! The limits of queries and answers.

/// The limits, which options and environment variables set.
#[derive(Debug, Clone, Copy, PartialEq, clap::Args)]
pub struct Limits {
    /// Maximum length of a query, in characters
    // Longer than any question, and short enough to analyze quickly. A longer query does not fit
    // into an address.
    #[arg(long = "max-query-chars", env = "FIHRIST_MAX_QUERY_CHARS", default_value = "2000", value_parser = at_most::<1, 5_000>, value_name = "N")]
    pub query_chars: usize,

    /// Maximum number of articles in one answer
    #[arg(long = "max-limit", env = "FIHRIST_MAX_LIMIT", default_value = "100", value_parser = at_most::<1, 1_000>, value_name = "N")]
    pub limit: usize,

    /// Maximum number of articles that a search may skip
    // Skipped articles are ranked as well. A client that needs all results can use the cursor.
    #[arg(long = "max-offset", env = "FIHRIST_MAX_OFFSET", default_value = "10000", value_parser = at_most::<0, 1_000_000>, value_name = "N")]
    pub offset: usize,

    /// Maximum size of an answer: 4000000, 16MiB
    // A hundred articles with their passages take less than a megabyte.
    #[arg(long = "max-answer", env = "FIHRIST_MAX_ANSWER", default_value = "16MiB", value_parser = super::size, value_name = "SIZE")]
    pub answer_bytes: usize,

    /// Maximum number of rejected lines that the answer to a write lists; further ones are counted
    // Whoever sends more has mistaken the format, and needs no longer list.
    #[arg(long = "max-rejected-lines", env = "FIHRIST_MAX_REJECTED_LINES", default_value = "1000", value_parser = at_most::<1, 100_000>, value_name = "N")]
    pub rejected_lines: usize,
}

impl Limits {
    /// The default limits.
    pub const DEFAULT: Self = Self {
        query_chars: 2_000,
        limit: 100,
        offset: 10_000,
        answer_bytes: 16 << 20,
        rejected_lines: 1_000,
    };
}

/// Parses a number within bounds.
fn at_most<const MIN: usize, const MAX: usize>(text: &str) -> Result<usize, String> {
    let number = text
        .trim()
        .parse()
        .ok()
        .filter(|number| (MIN..=MAX).contains(number));
    number.ok_or_else(|| format!("expected a number from {MIN} to {MAX}"))
}

#[cfg(test)]
mod tests {
    use clap::Parser;

    use super::*;
    use crate::config::ServiceConfig;

    #[derive(Parser)]
    struct Flags {
        #[command(flatten)]
        config: ServiceConfig,
    }

    #[test]
    fn the_defaults_of_the_flags_are_those_of_the_service() {
        let flags = Flags::try_parse_from(["fihrist"]).unwrap_or_else(|error| panic!("{error}"));
        assert_eq!(flags.config.limits, Limits::DEFAULT);
    }

    #[test]
    fn limits_have_limits() {
        let check = |flag: &str, value: &str, is_good: bool| {
            assert_eq!(
                Flags::try_parse_from(["fihrist", flag, value]).is_ok(),
                is_good,
                "{flag} {value}"
            );
        };
        check("--max-offset", "0", true);
        check("--max-offset", "1000001", false);
        check("--max-limit", "0", false);
        check("--max-limit", "1000", true);
        check("--max-query-chars", "5001", false);
        check("--max-connections", "0", false);
        check("--max-connections", "-1", false);
        check("--max-limit", "99999999999999999999999", false);
        check("--max-answer", "0", false);
        check("--max-answer", "100KiB", true);
        check("--max-rejected-lines", "0", false);
    }
}
