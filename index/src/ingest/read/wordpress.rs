//! What is particular to WordPress and Blogger: types of posts, and the shortcodes in their text. It reads no
//! file.

/// Types of posts that are no articles. Other types are a site's own, such as `news`.
const OTHER_TYPES: [&str; 14] = [
    "attachment",
    "nav_menu_item",
    "revision",
    "page",
    "custom_css",
    "customize_changeset",
    "oembed_cache",
    "user_request",
    "acf-field",
    "acf-field-group",
    "elementor_library",
    // Of Blogger.
    "comment",
    "template",
    "settings",
];

/// Shortcodes that stand alone or hold no text.
const KNOWN: [&str; 9] = [
    "gallery",
    "embed",
    "audio",
    "video",
    "playlist",
    "caption",
    "wp_caption",
    "contact-form-7",
    "more",
];

/// Returns whether a type of posts can be that of articles.
pub fn is_post(kind: &str) -> bool {
    !OTHER_TYPES.contains(&kind) && !kind.starts_with("wp_")
}

/// Removes shortcodes: `[gallery ids="1,2"]`. The text between two shortcodes stays, a caption as a
/// caption. A word in brackets such as `[sic]` stays, too.
pub fn without_shortcodes(html: &str) -> String {
    let mut kept = String::with_capacity(html.len());
    let mut rest = html;
    while let Some(start) = rest.find('[') {
        let (before, after) = rest.split_at(start);
        kept.push_str(before);
        let Some(code) = Shortcode::parse(after).filter(|code| code.is_real(html)) else {
            kept.push('[');
            rest = &after[1..];
            continue;
        };
        rest = &after[code.length_bytes..];
        match (code.name, code.is_end) {
            ("caption" | "wp_caption", false) => kept.push_str("<figcaption>"),
            ("caption" | "wp_caption", true) => kept.push_str("</figcaption>"),
            ("embed" | "audio" | "video" | "playlist", false) => {
                // The address between the two shortcodes is no text.
                let end = format!("[/{}]", code.name);
                if let Some((_, after)) = rest.split_once(&*end) {
                    rest = after;
                }
            }
            (_, _) => {}
        }
    }
    kept + rest
}

/// A shortcode at the beginning of a text.
struct Shortcode<'h> {
    name: &'h str,
    is_end: bool,
    has_attributes: bool,
    length_bytes: usize,
}

impl<'h> Shortcode<'h> {
    fn parse(text: &'h str) -> Option<Self> {
        let inside = &text[1..text.find(']')?];
        let is_end = inside.starts_with('/');
        let code = inside.trim_start_matches('/');
        let end = code
            .find(|c: char| !c.is_ascii_alphanumeric() && c != '_' && c != '-')
            .unwrap_or(code.len());
        let (name, attributes) = code.split_at(end);
        let is_name = name.starts_with(|c: char| c.is_ascii_lowercase());
        let is_code = is_name && (attributes.is_empty() || attributes.starts_with([' ', '/']));
        is_code.then_some(Self {
            name,
            is_end,
            has_attributes: attributes.contains('='),
            length_bytes: inside.len() + 2,
        })
    }

    /// Returns whether it is a shortcode rather than a word in brackets: it is well known, has
    /// attributes, or its end or beginning is in the text, too.
    fn is_real(&self, html: &str) -> bool {
        self.is_end
            || self.has_attributes
            || KNOWN.contains(&self.name)
            || html.contains(&format!("[/{}]", self.name))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(html: &str, expected: &str) {
        assert_eq!(without_shortcodes(html), expected, "{html}");
    }

    #[test]
    fn shortcodes_are_dropped_and_their_text_stays() {
        check("نص [gallery ids=\"1,2\"] وبقية", "نص  وبقية");
        check(
            "[caption id=\"a\" width=\"9\"]<img src=\"x\"/> مركب في الميناء[/caption]",
            "<figcaption><img src=\"x\"/> مركب في الميناء</figcaption>",
        );
        check("[vc_row][vc_column_text]نص[/vc_column_text][/vc_row]", "نص");
        check("قبل [embed]https://v.example/1[/embed] بعد", "قبل  بعد");
        check("[su_quote cite=\"س\"]قول[/su_quote]", "قول");
    }

    #[test]
    fn other_brackets_stay() {
        for text in ["كذا [sic] كذا", "[صورة] خبر", "a[1] [", "[ نص ]", "[AFP]"] {
            check(text, text);
        }
    }

    #[test]
    fn types_of_posts() {
        assert!(is_post("post") && is_post("news"));
        assert!(!is_post("page") && !is_post("attachment") && !is_post("wp_block"));
    }
}
