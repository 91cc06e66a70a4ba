//! JSON that programs write although it is none → JSON. It mends only what leaves no doubt.

/// JSON that was mended.
pub struct Mended {
    /// The record as JSON.
    pub json: String,
    /// The number of surrogates without their pair, which became U+FFFD.
    pub lone_surrogates: u64,
}

/// Mends a record. `NaN` and `Infinity` become `null`, surrogates without their pair become U+FFFD,
/// and control characters and unknown escapes in strings are escaped. Returns `None` if nothing was
/// mended.
pub fn mended(record: &str) -> Option<Mended> {
    let mut mended = Mended {
        json: String::with_capacity(record.len()),
        lone_surrogates: 0,
    };
    let mut rest = record;
    let mut is_in_string = false;
    while let Some(next) = rest.chars().next() {
        let taken = match next {
            '"' => {
                is_in_string = !is_in_string;
                mended.keep(rest, 1)
            }
            '\\' if is_in_string => mended.escape(rest),
            '\0'..='\x1F' if is_in_string => {
                mended.json.push_str(&format!("\\u{:04x}", u32::from(next)));
                1
            }
            'N' | 'I' | '-' if !is_in_string => mended.constant(rest),
            _ => {
                let special = |c: char| {
                    c == '"'
                        || (is_in_string && (c == '\\' || c < ' '))
                        || (!is_in_string && "NI-".contains(c))
                };
                let end = rest[next.len_utf8()..].find(special);
                let length = end.map_or(rest.len(), |end| end + next.len_utf8());
                mended.keep(rest, length)
            }
        };
        rest = &rest[taken..];
    }
    (mended.json != record).then_some(mended)
}

impl Mended {
    fn keep(&mut self, rest: &str, length: usize) -> usize {
        self.json.push_str(&rest[..length]);
        length
    }

    /// Takes what begins with `N`, `I` or `-` outside of strings.
    fn constant(&mut self, rest: &str) -> usize {
        for constant in ["NaN", "Infinity", "-Infinity"] {
            if rest.starts_with(constant) {
                self.json.push_str("null");
                return constant.len();
            }
        }
        self.keep(rest, 1)
    }

    /// Takes an escape.
    fn escape(&mut self, rest: &str) -> usize {
        match rest[1..].chars().next() {
            Some('"' | '\\' | '/' | 'b' | 'f' | 'n' | 'r' | 't') => self.keep(rest, 2),
            Some('u') => match (unit(rest), rest.get(6..).and_then(unit)) {
                (Some(0xD800..=0xDBFF), Some(0xDC00..=0xDFFF)) => self.keep(rest, 12),
                (Some(0xD800..=0xDFFF), _) => {
                    self.lone_surrogates += 1;
                    self.json.push('\u{FFFD}');
                    6
                }
                (Some(_), _) => self.keep(rest, 6),
                (None, _) => {
                    self.json.push_str("\\\\");
                    1
                }
            },
            Some('\'') => {
                self.json.push('\'');
                2
            }
            Some(_) | None => {
                self.json.push_str("\\\\");
                1
            }
        }
    }
}

/// Returns the UTF-16 unit of an escape such as `\ud83d` at the beginning of a text.
fn unit(text: &str) -> Option<u32> {
    let digits = text.strip_prefix("\\u")?.get(..4)?;
    let is_hex = digits.bytes().all(|byte| byte.is_ascii_hexdigit());
    u32::from_str_radix(digits, 16).ok().filter(|_| is_hex)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(record: &str, expected: &str, lone_surrogates: u64) {
        let mended = mended(record).unwrap();
        assert_eq!(
            (&*mended.json, mended.lone_surrogates),
            (expected, lone_surrogates)
        );
    }

    #[test]
    fn what_is_mended() {
        check(
            r#"{"a": NaN, "b": [-Infinity, Infinity]}"#,
            r#"{"a": null, "b": [null, null]}"#,
            0,
        );
        check(
            r#"{"a": "\ud83d x \udc00"}"#,
            "{\"a\": \"\u{FFFD} x \u{FFFD}\"}",
            2,
        );
        check("{\"a\": \"x\ty\"}", r#"{"a": "x\u0009y"}"#, 0);
        check(
            r#"{"a": "it\'s C:\x \u12"}"#,
            r#"{"a": "it's C:\\x \\u12"}"#,
            0,
        );
    }

    #[test]
    fn other_text_stays() {
        for record in [
            r#"{"a": "NaN \ud83d\ude00 \" \\ \n Infinity", "b": -1.5}"#,
            "{\"a\": \"نص\", ",
            "\"\\",
        ] {
            let seen = mended(record).map(|mended| mended.json);
            assert!(seen.is_none() || record.ends_with('\\'), "{seen:?}");
        }
    }
}
