//! Patterns for forms of one word with different stems: weak verbs, the fourth verb form, and some
//! endings. The stemmer strips these endings only if the word counts confirm it.

use super::{Derivation, Rule, Strength};

/// The patterns of imperfects and passives, each with the patterns of its perfect.
pub(super) const VERBS: &[Derivation] = &[
    // Hollow verbs.
    ("يفول", ["فال", "", ""]),
    ("يفيل", ["فال افال", "", ""]),
    ("يفال", ["", "فال", "افال"]),
    ("يفتال", ["افتال", "", ""]),
    ("ينفال", ["انفال", "", ""]),
    ("يستفيل", ["استفال", "", ""]),
    ("فيل", ["", "", "فال"]),
    ("افيل", ["افال", "", ""]),
    ("استفيل", ["استفال", "", ""]),
    ("يفل", ["", "يفول يفيل", "يفال"]),
    ("فلت", ["", "", "فال"]),
    ("فلنا", ["", "فال", ""]),
    // Verbs with a weak last radical.
    ("يفعو", ["فعا", "", ""]),
    ("يفعي", ["فعي افعي", "فعا", ""]),
    ("يفتعي", ["افتعي", "", ""]),
    ("يستفعي", ["استفعي", "", ""]),
    ("يتفعي", ["تفعي", "", ""]),
    ("يتفاعي", ["تفاعي", "", ""]),
    ("يفاعي", ["فاعي", "", ""]),
    // Verbs with a weak first radical, and doubled verbs.
    ("يعل", ["", "وعل", ""]),
    ("يفع", ["", "فع", "افع"]),
    ("يستفع", ["استفع", "", ""]),
    // Sound verbs.
    ("يفعل", ["افعل", "فعل", ""]),
    ("يفتعل", ["افتعل", "", ""]),
    ("ينفعل", ["انفعل", "", ""]),
    ("يستفعل", ["استفعل", "", ""]),
    ("يفاعل", ["فاعل", "", ""]),
    ("يتفاعل", ["تفاعل", "", ""]),
    ("يتفعل", ["تفعل", "", ""]),
    ("يفعلل", ["فعلل", "", ""]),
    ("فوعل", ["", "", "فاعل"]),
];

/// The patterns of feminine colours and elatives, each with the pattern of its masculine.
pub(super) const FEMININES: &[Derivation] =
    &[("فعلاء", ["", "", "افعل"]), ("فعلي", ["", "", "افعل"])];

/// Endings of inflected words, each with the ending that its base has instead.
pub(super) const ENDINGS: &[(&str, &str, Strength, Rule)] = &[
    ("ت", "", Strength::Evident, Rule::Verb),
    ("وا", "", Strength::Evident, Rule::Verb),
    ("ت", "ي", Strength::Usual, Rule::Verb),
    ("ت", "ا", Strength::Usual, Rule::Verb),
    ("وا", "ي", Strength::Usual, Rule::Verb),
    ("وا", "ا", Strength::Usual, Rule::Verb),
    ("ون", "ي", Strength::Usual, Rule::Verb),
    ("تا", "", Strength::Usual, Rule::Verb),
    ("نا", "", Strength::Doubtful, Rule::Verb),
    ("يه", "ي", Strength::Usual, Rule::Feminine),
    ("ا", "", Strength::Usual, Rule::Accusative),
    ("و", "", Strength::Usual, Rule::Construct),
    ("ي", "", Strength::Usual, Rule::Construct),
    ("تي", "ه", Strength::Usual, Rule::Construct),
    ("تا", "ه", Strength::Usual, Rule::Construct),
    ("تين", "ه", Strength::Usual, Rule::SoundPlural),
    ("ين", "", Strength::Doubtful, Rule::SoundPlural),
    ("ون", "", Strength::Doubtful, Rule::SoundPlural),
    ("ان", "", Strength::Doubtful, Rule::SoundPlural),
];

/// The prefixes of an imperfect besides `ي`.
pub(super) const IMPERFECT_PREFIXES: [char; 3] = ['ت', 'ن', 'ا'];
