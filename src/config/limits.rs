//! The limits of requests: options and environment variables → checked settings.

use std::num::NonZeroUsize;

/// The options for the size of queries and answers.
#[derive(Debug, Clone, clap::Args)]
pub struct LimitArgs {
    /// Maximum number of open connections; further ones wait until one is closed
    // Each connection uses a file descriptor. Many systems allow a process 1,024; an index uses
    // some dozens.
    #[arg(
        long,
        env = "FIHRIST_MAX_CONNECTIONS",
        default_value = "512",
        value_name = "N"
    )]
    pub max_connections: NonZeroUsize,

    /// Maximum length of a query, in characters
    // Longer than any question, and short enough to analyze quickly. A longer query does not fit
    // into an address.
    #[arg(long, env = "FIHRIST_MAX_QUERY_CHARS", default_value = "2000", value_parser = at_most::<1, 5_000>, value_name = "N")]
    pub max_query_chars: usize,

    /// Maximum number of articles in one answer
    #[arg(long, env = "FIHRIST_MAX_LIMIT", default_value = "100", value_parser = at_most::<1, 1_000>, value_name = "N")]
    pub max_limit: usize,

    /// Maximum number of articles that a search may skip
    // Skipped articles are ranked as well. A client that needs all results can use the cursor.
    #[arg(long, env = "FIHRIST_MAX_OFFSET", default_value = "10000", value_parser = at_most::<0, 1_000_000>, value_name = "N")]
    pub max_offset: usize,
}

/// The checked limits.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Limits {
    /// Maximum length of a query, in characters.
    pub query_chars: usize,
    /// Maximum number of articles in one answer.
    pub limit: usize,
    /// Maximum number of skipped articles.
    pub offset: usize,
}

impl Limits {
    /// The default limits.
    pub const DEFAULT: Self = Self {
        query_chars: 2_000,
        limit: 100,
        offset: 10_000,
    };
}

impl From<&LimitArgs> for Limits {
    fn from(args: &LimitArgs) -> Self {
        Self {
            query_chars: args.max_query_chars,
            limit: args.max_limit,
            offset: args.max_offset,
        }
    }
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

    #[derive(Parser)]
    struct Flags {
        #[command(flatten)]
        limits: LimitArgs,
    }

    #[test]
    fn the_defaults_of_the_flags_are_those_of_the_service() {
        let flags = Flags::try_parse_from(["fihrist"]).unwrap_or_else(|error| panic!("{error}"));
        assert_eq!(Limits::from(&flags.limits), Limits::DEFAULT);
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
    }
}
