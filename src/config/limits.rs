//! How much a request may ask for: flags → checked settings.

use std::num::NonZeroUsize;

/// The flags about the size of questions and answers.
#[derive(Debug, Clone, clap::Args)]
pub struct LimitArgs {
    /// Connections at a time; others wait until one is free
    // Each takes a file descriptor, of which a process has 1,024 on many systems; an index takes some dozens.
    #[arg(
        long,
        env = "FIHRIST_MAX_CONNECTIONS",
        default_value = "512",
        value_name = "N"
    )]
    pub max_connections: NonZeroUsize,

    /// The longest query, in characters
    // Longer than any question, short enough to analyse without a thought. More than that does not fit into an address.
    #[arg(long, env = "FIHRIST_MAX_QUERY_CHARS", default_value = "2000", value_parser = at_most::<1, 5_000>, value_name = "N")]
    pub max_query_chars: usize,

    /// The largest number of articles in one answer
    #[arg(long, env = "FIHRIST_MAX_LIMIT", default_value = "100", value_parser = at_most::<1, 1_000>, value_name = "N")]
    pub max_limit: usize,

    /// The furthest article that a search may skip to
    // All that are skipped are ranked as well; who wants everything has the cursor.
    #[arg(long, env = "FIHRIST_MAX_OFFSET", default_value = "10000", value_parser = at_most::<0, 1_000_000>, value_name = "N")]
    pub max_offset: usize,
}

/// Checked limits.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Limits {
    /// The longest query, in characters.
    pub query_chars: usize,
    /// The most articles in one answer.
    pub limit: usize,
    /// The most articles that are skipped.
    pub offset: usize,
}

impl Limits {
    /// What holds where nobody says otherwise.
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

/// Reads a number within bounds.
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
