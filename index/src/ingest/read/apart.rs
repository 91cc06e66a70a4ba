//! Spaces between elements that a page shows apart by their style only: `<span>name</span><time>`.
//! Many programs write pages without white space between the elements.

use super::markup::is_in;
use dom_query::NodeRef;

/// Elements that lay out a page. If such an element has no text of its own, the elements in it are
/// parts of a line, such as a name and a date.
const BOXES: &[&str] = &[
    "article", "aside", "div", "footer", "header", "main", "nav", "section",
];
/// Elements that are such parts. Others, such as `<b>`, may begin inside a word.
const PARTS: &[&str] = &["a", "cite", "label", "small", "span", "time"];

/// Puts a space between parts of a line that touch each other. A `<time>` is such a part everywhere.
pub fn set_apart(root: NodeRef<'_>) {
    for node in root.descendants() {
        let name = node.node_name().unwrap_or_default();
        if is_in(BOXES, &name) && !has_own_text(node) {
            let children = node.children();
            for pair in children.windows(2).filter(|pair| pair.iter().all(is_part)) {
                pair[0].insert_after(&space(node));
            }
        } else if &*name == "time" {
            if node
                .next_sibling()
                .is_some_and(|next| next.text().starts_with(char::is_alphanumeric))
            {
                node.insert_after(&space(node));
            }
            if node
                .prev_sibling()
                .is_some_and(|before| before.text().ends_with(char::is_alphanumeric))
            {
                node.insert_before(&space(node));
            }
        }
    }
}

fn space<'a>(node: NodeRef<'a>) -> NodeRef<'a> {
    node.tree.new_text(" ")
}

fn has_own_text(node: NodeRef<'_>) -> bool {
    let is_text = |child: NodeRef<'_>| child.is_text() && !child.text().trim().is_empty();
    node.children_it(false).any(is_text)
}

/// Returns whether an element in a box is a part of a line. An editor can split a word over several
/// elements, but it styles each of them.
fn is_part(node: &NodeRef<'_>) -> bool {
    is_in(PARTS, &node.node_name().unwrap_or_default())
        && !node.has_attr("style")
        && !node.has_attr("lang")
}
