//! Patterns for words of one root that are not forms of one word: a verb and its verbal noun, a
//! name and its adjective.

use super::Derivation;

/// The patterns of verbal nouns, each with the patterns of its verb in the perfect.
pub const VERBAL_NOUNS: &[Derivation] = &[
    ["تفعيل", "", "فعل", ""],
    ["تفعله", "", "فعل فعي", ""],
    ["مفاعله", "", "فاعل", ""],
    ["مفاعاه", "", "فاعي", ""],
    ["افعال", "", "افعل", ""],
    ["افاله", "", "افال", ""],
    ["افعاء", "", "افعي", ""],
    ["افتعال", "افتعل", "", ""],
    ["افتعاء", "افتعي", "", ""],
    ["افتيال", "افتال", "", ""],
    ["انفعال", "انفعل", "", ""],
    ["استفعال", "استفعل", "", ""],
    ["استفاله", "استفال", "", ""],
    ["استفعاء", "استفعي", "", ""],
    ["فعول", "", "", "فعل"],
    ["فعال", "", "", "فعل فاعل"],
    ["فعاله", "", "", "فعل"],
    ["فياله", "", "", "فال"],
    ["فعاء", "", "", "فعي"],
    ["فعلله", "", "فعلل", ""],
    ["فول", "", "", "فال"],
    ["فيل", "", "", "فال"],
];

/// The endings of a name that its adjective in `ي` drops.
pub const NAME_ENDINGS: &[&str] = &["", "ا", "ه", "يا", "يه"];
