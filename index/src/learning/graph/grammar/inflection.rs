//! Patterns for forms of one word with different stems: weak verbs, the fourth verb form, and some
//! endings. The stemmer strips these endings only if the word counts confirm it.

use super::Derivation;
use super::Rule::{self, Accusative, Construct, Feminine, SoundPlural, Verb};
use super::Strength::{self, Doubtful, Evident, Usual};

/// The patterns of imperfects and passives, each with the patterns of its perfect.
pub const VERBS: &[Derivation] = &[
    // Hollow verbs.
    ["يفول", "فال", "", ""],
    ["يفيل", "فال افال", "", ""],
    ["يفال", "", "فال", "افال"],
    ["يفتال", "افتال", "", ""],
    ["ينفال", "انفال", "", ""],
    ["يستفيل", "استفال", "", ""],
    ["فيل", "", "", "فال"],
    ["افيل", "افال", "", ""],
    ["استفيل", "استفال", "", ""],
    ["يفل", "", "يفول يفيل", "يفال"],
    ["فلت", "", "", "فال"],
    ["فلنا", "", "فال", ""],
    // The jussive, and the perfect of the first and second person, whose endings the stemmer strips.
    ["فل", "", "", "فال"],
    ["افل", "", "", "افال"],
    ["افتل", "", "", "افتال"],
    ["استفل", "", "", "استفال"],
    // Verbs with a weak last radical.
    ["يفعو", "فعا", "", ""],
    ["يفعي", "فعي افعي", "فعا", ""],
    ["يفتعي", "افتعي", "", ""],
    ["افتع", "", "افتعي", ""],
    ["تفع", "", "", "تفعي"],
    ["يستفعي", "استفعي", "", ""],
    ["يتفعي", "تفعي", "", ""],
    ["يتفاعي", "تفاعي", "", ""],
    ["يفاعي", "فاعي", "", ""],
    // Verbs with a weak first radical, and doubled verbs.
    ["يعل", "", "وعل", ""],
    ["يفع", "", "فع", "افع"],
    ["يستفع", "استفع", "", ""],
    // Sound verbs.
    ["يفعل", "افعل", "فعل", ""],
    ["يفتعل", "افتعل", "", ""],
    ["ينفعل", "انفعل", "", ""],
    ["يستفعل", "استفعل", "", ""],
    ["يفاعل", "فاعل", "", ""],
    ["يتفاعل", "تفاعل", "", ""],
    ["يتفعل", "تفعل", "", ""],
    ["يفعلل", "فعلل", "", ""],
    ["فوعل", "", "", "فاعل"],
];

/// The patterns of feminine colours and elatives, each with the pattern of its masculine.
pub const FEMININES: &[Derivation] = &[["فعلاء", "", "", "افعل"], ["فعلي", "", "", "افعل"]];

/// Endings of inflected words, each with the ending that its base has instead.
pub const ENDINGS: &[(&str, &str, Strength, Rule)] = &[
    ("ت", "", Evident, Verb),
    ("وا", "", Evident, Verb),
    ("ت", "ي", Usual, Verb),
    ("ت", "ا", Usual, Verb),
    ("وا", "ي", Usual, Verb),
    ("وا", "ا", Usual, Verb),
    ("ون", "ي", Usual, Verb),
    ("تا", "", Usual, Verb),
    ("نا", "", Doubtful, Verb),
    ("يه", "ي", Usual, Feminine),
    ("ا", "", Usual, Accusative),
    ("و", "", Usual, Construct),
    ("ي", "", Usual, Construct),
    ("تي", "ه", Usual, Construct),
    ("تا", "ه", Usual, Construct),
    ("تين", "ه", Usual, SoundPlural),
    ("ين", "", Doubtful, SoundPlural),
    ("ون", "", Doubtful, SoundPlural),
    ("ان", "", Doubtful, SoundPlural),
];

/// The prefixes of an imperfect besides `ي`.
pub const IMPERFECT_PREFIXES: [char; 3] = ['ت', 'ن', 'ا'];
