//! Elements of a page whose names say what they hold: links to other articles, tags, share bars,
//! comments, captions or decks. The name of an element and its lines must agree: many sites name the
//! article itself `post tag-news`.

use super::page_line::PageLine;
use super::{ends_sentence, is_at_most};
use dom_query::NodeRef;

/// The maximum length of a headline or a label in a widget.
const MAX_BRIEF_CHARS: usize = 120;
/// A widget with excerpts has at most this many bytes of text for each byte of a link.
const MAX_TEXT_PER_LINK: usize = 4;

/// The maximum number of lines in a caption.
const MAX_CAPTION_LINES: usize = 2;
/// The maximum number of lines in a deck.
const MAX_DECK_LINES: usize = 4;

/// What the name of an element says about its lines.
#[derive(Clone, Copy, PartialEq)]
pub enum Widget {
    /// Headlines of other articles, perhaps with excerpts.
    Links,
    /// Tags, share bars, menus, facts about the article.
    Labels,
    /// An element beside the text. It may hold a quotation or a credit, so its lines decide.
    Beside,
    /// What visitors wrote.
    Comments,
    /// The caption of a picture.
    Caption,
    /// A line below the headline.
    Deck,
}

/// Words in classes and ids, in lower case. Two words side by side are also one word: `more-on`,
/// `readMore`.
#[rustfmt::skip]
const NAMES: &[(Widget, &[&str])] = &[
    (Widget::Links, &[
        "related", "relateds", "relatedposts", "relatednews", "relatedarticles", "relatedtopics",
        "relatedcontent", "recommended", "recommendation", "recommendations", "suggested", "suggestions",
        "similar", "moreon", "morenews", "readmore", "readalso", "alsoread", "seealso", "youmaylike",
        "mostread", "mostviewed", "trending", "latestnews", "outbrain", "taboola", "yarpp", "mgid",
    ]),
    (Widget::Labels, &[
        "tag", "tags", "taglist", "tagcloud", "keywords", "hashtags", "share", "sharing", "shares", "sharebar",
        "sharedaddy", "social", "addthis", "addtoany", "sharethis", "follow", "followus", "breadcrumb",
        "breadcrumbs", "nav", "navbar", "navigation", "navlinks", "pager", "pagination", "prevnext", "nextprev",
        "toolbar", "tools", "fontsize", "newsletter", "subscribe", "subscription", "readtime", "readingtime",
        "articleinfo", "articlemeta", "postmeta", "postinfo", "entrymeta", "storymeta", "metainfo", "listen",
        "audioplayer", "ads", "advert", "advertisement", "sponsored", "copyright", "appdownload", "apppromo",
    ]),
    (Widget::Comments, &["comments", "commentlist", "commentform", "respond", "disqus"]),
    (Widget::Caption, &["caption", "captiontext"]),
    (Widget::Deck, &["subtitle", "subheadline", "standfirst", "deck", "dek", "summary", "excerpt"]),
];
/// Words that count only at the end of a name. WordPress names an article by its tags: `tag-news`.
const LAST_WORDS: [&str; 2] = ["tag", "caption"];

/// Returns what the tag, the classes and the id of an element say; `None` if they say nothing.
pub fn widget(node: &NodeRef<'_>, tag: &str) -> Option<Widget> {
    match tag {
        "aside" | "footer" => return Some(Widget::Beside),
        "amp-social-share" => return Some(Widget::Labels),
        "body" | "html" | "article" | "main" | "blockquote" => return None,
        _ => {}
    }
    let attributes = ["class", "id"].into_iter().filter_map(|key| node.attr(key));
    let mut found: Vec<String> = Vec::new();
    for attribute in attributes {
        for words in attribute.split_whitespace().map(name_words) {
            found.extend(words.windows(2).map(<[String]>::concat));
            let last = words.len().saturating_sub(1);
            let counts = |at, word: &str| at == last || !LAST_WORDS.contains(&word);
            let words = words.into_iter().enumerate();
            found.extend(words.filter_map(|(at, word)| counts(at, &word).then_some(word)));
        }
    }
    let is_named =
        |(_, names): &&(Widget, &[&str])| found.iter().any(|name| names.contains(&&**name));
    NAMES.iter().find(is_named).map(|(widget, _)| *widget)
}

/// Splits a class or an id into words in lower case: `post-shareBar` is `post`, `share`, `bar`.
fn name_words(name: &str) -> Vec<String> {
    let mut words = vec![String::new()];
    let mut was_lower = false;
    for c in name.chars() {
        if !c.is_alphanumeric() || c.is_uppercase() && was_lower {
            words.push(String::new());
        }
        if c.is_alphanumeric() {
            words.last_mut().expect("one word").extend(c.to_lowercase());
        }
        was_lower = c.is_lowercase();
    }
    words.retain(|word| !word.is_empty());
    words
}

/// Returns whether the lines of an element are what its name says. `follows_sentence` says whether
/// a line above it ends like a sentence.
pub fn agree(widget: Widget, lines: &[PageLine], follows_sentence: bool) -> bool {
    let is_brief = |line: &PageLine| {
        line.is_link || is_at_most(&line.text, MAX_BRIEF_CHARS) && !ends_sentence(&line.text)
    };
    let links = || lines.iter().filter(|line| line.is_link);
    let bytes = |line: &PageLine| line.text.len();
    match widget {
        Widget::Labels => lines.iter().all(is_brief),
        Widget::Links => {
            let is_mostly_links = lines.iter().map(bytes).sum::<usize>()
                <= MAX_TEXT_PER_LINK * links().map(bytes).sum::<usize>();
            lines.iter().all(is_brief) || is_mostly_links
        }
        Widget::Beside => lines.iter().all(is_brief) && links().next().is_some(),
        Widget::Comments => follows_sentence,
        Widget::Caption => lines.len() <= MAX_CAPTION_LINES,
        Widget::Deck => lines.len() <= MAX_DECK_LINES,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_of_names() {
        for (name, expected) in [
            ("post-shareBar", "post share bar"),
            ("jp-relatedposts", "jp relatedposts"),
            ("field--name-field-tags", "field name field tags"),
            ("RelatedArticles2", "related articles2"),
            ("__", ""),
        ] {
            assert_eq!(name_words(name).join(" "), expected, "{name}");
        }
    }
}
