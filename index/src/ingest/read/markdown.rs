//! Markdown → the body of an article. A library parses it, and its HTML is read like that of a field.

use pulldown_cmark::{Event, Options, Parser, html::push_html};

use super::{Body, Draft, SegmentKind, html};

/// Reads a text as the body of a draft. If the draft has no title, a heading above the text becomes
/// the title.
pub fn read(text: &str, draft: &mut Draft<'_>) {
    let options = Options::ENABLE_TABLES | Options::ENABLE_STRIKETHROUGH;
    // Programs that extract articles write one paragraph a line.
    let events = Parser::new_ext(text, options).map(|event| match event {
        Event::SoftBreak => Event::HardBreak,
        other => other,
    });
    let mut markup = String::new();
    push_html(&mut markup, events);
    draft.body = match html::body(markup.into()) {
        Body::Paragraphs(mut lines) => {
            let is_heading = lines
                .first()
                .is_some_and(|line| line.kind == SegmentKind::Subhead);
            if is_heading && draft.title.trim().is_empty() {
                draft.title = lines.remove(0).text;
            }
            Body::Paragraphs(lines)
        }
        // It is nested too deep.
        Body::Plain(_) => Body::Plain(text.to_owned().into()),
    };
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn marks_are_no_text() {
        let mut draft = Draft::default();
        let text = "# سوق السمك\n\nعادت **السفن** إلى [الميناء](https://a.example/).\nثم أبحرت.\n\n## سوق\n\n- سمك\n- ملح\n";
        read(text, &mut draft);
        let Body::Paragraphs(lines) = &draft.body else {
            panic!("lines");
        };
        let lines = lines.iter().map(|line| (line.kind.name(), &*line.text));
        let expected = [
            ("body", "عادت السفن إلى الميناء."),
            ("body", "ثم أبحرت."),
            ("subhead", "سوق"),
            ("body", "سمك"),
            ("body", "ملح"),
        ];
        assert_eq!(draft.title, "سوق السمك");
        assert!(lines.eq(expected));
    }
}
