//! Half-lives such as `30d`, for ranking by recency.

/// Parses a number of hours, days, weeks or years into seconds. The number has at most three
/// digits.
pub fn parse_seconds(text: &str) -> Option<u32> {
    const HOUR: u32 = 3_600;
    let (number, unit) = text.split_at_checked(text.len().checked_sub(1)?)?;
    let unit = match unit {
        "h" => HOUR,
        "d" => 24 * HOUR,
        "w" => 7 * 24 * HOUR,
        "y" => 365 * 24 * HOUR,
        _ => return None,
    };
    let is_number =
        (1..=3).contains(&number.len()) && number.bytes().all(|byte| byte.is_ascii_digit());
    let number: u32 = number
        .parse()
        .ok()
        .filter(|number| is_number && *number > 0)?;
    number.checked_mul(unit)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_half_lives() {
        let check =
            |text: &str, expected: Option<u32>| assert_eq!(parse_seconds(text), expected, "{text}");
        check("12h", Some(43_200));
        check("30d", Some(2_592_000));
        check("2w", Some(1_209_600));
        check("99y", Some(3_122_064_000));
        check("999y", None);
        check("0d", None);
        check("+3d", None);
        check("1000d", None);
        check("30", None);
        check("d", None);
        check("", None);
        check("30ي", None);
        check("٣٠d", None);
    }
}
