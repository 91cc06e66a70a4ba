//! The text of the help page, in both languages side by side, with the same examples.

/// The help in one language.
pub struct Help {
    pub title: &'static str,
    pub intro: &'static str,
    pub sections: &'static [Section],
    pub keys_title: &'static str,
    /// Keyboard keys and what they do. A space separates several keys.
    pub keys: &'static [(&'static str, &'static str)],
}

pub struct Section {
    pub title: &'static str,
    pub text: &'static str,
    pub examples: &'static [Example],
}

pub struct Example {
    pub query: &'static str,
    pub finds: &'static str,
}

const fn example(query: &'static str, finds: &'static str) -> Example {
    Example { query, finds }
}

pub const ARABIC: Help = Help {
    title: "كيف تبحث",
    intro: "اكتب الكلمات كما تخطر لك: يكفي البحث البسيط في أكثر الأحوال. وكل مثال هنا رابط يبحث عنه.",
    sections: &[
        Section {
            title: "كلمات",
            text: "تتقدم المقالات التي تجمع الكلمات كلها. ولا يفرّق البحث بين أ وا، ولا بين ة وه، ويجد الكلمة وما اتصل \
                   بها من ال والواو والباء والضمائر، وكثيرًا من جموعها وتصريفاتها.",
            examples: &[
                example("وقف إطلاق النار", "الكلمات الثلاث حيثما وقعت"),
                example("مدرسة", "ومنها المدرسة وبمدرستهم والمدارس"),
            ],
        },
        Section {
            title: "عبارة",
            text: "بين علامتي تنصيص، أيّ علامتين: الكلمات متتابعة بهذا الترتيب.",
            examples: &[
                example("\"وقف إطلاق النار\"", "ومنها بوقف اطلاق النار"),
                example("«ارتفاع الأسعار»", "والأقواس العربية مثلها"),
            ],
        },
        Section {
            title: "كلمات متقاربة",
            text: "برقم بعد العبارة يُسمح بكلمات بينها، وبكلمة قرب يُترك الترتيب.",
            examples: &[
                example("\"رئيس الاتحاد\"~3", "بينهما ثلاث كلمات على الأكثر"),
                example(
                    "المدارس قرب/5 الأمطار",
                    "بينهما خمس كلمات على الأكثر، أيهما سبقت؛ و NEAR/5 مثلها",
                ),
            ],
        },
        Section {
            title: "هذا أو ذاك، وهذا دون ذاك",
            text: "أو تعني أحدهما، والعلامة - أو كلمة ليس تستثني ما بعدها، والأقواس تجمع.",
            examples: &[
                example("الحرائق أو الفيضانات", "أحدهما على الأقل؛ و OR مثلها"),
                example("الانتخابات -البلدية", "الأولى دون الثانية؛ و ليس مثلها"),
                example("(المطر أو الثلج) الطرق", "الطرق مع أحدهما"),
            ],
        },
        Section {
            title: "كما كُتبت",
            text: "العلامة = قبل كلمة أو عبارة تكتفي بصيغتها هذه.",
            examples: &[
                example("=كتاب", "كتاب وحدها، لا كتب ولا كاتب"),
                example("=\"وقف إطلاق النار\"", "العبارة بهذه الصيغ"),
            ],
        },
        Section {
            title: "حروف ناقصة",
            text: "النجمة * تقوم مقام أي حروف، وعلامة الاستفهام ? مقام حرف واحد.",
            examples: &[
                example("حكوم*", "ما يبدأ بهذه الحروف"),
                example("م?تمر", "أي حرف في موضع العلامة"),
            ],
        },
        Section {
            title: "في موضع بعينه",
            text: "عنوان ومتن وصورة (لشروح الصور) وكاتب ومصدر وقسم، تتبعها نقطتان.",
            examples: &[
                example("عنوان:الانتخابات", "في العنوان؛ و title: مثلها"),
                example("قسم:اقتصاد الأسعار", "مقالات قسم الاقتصاد وحدها"),
                example("متن:المطر", "في نص المقالة وحده"),
            ],
        },
        Section {
            title: "في زمن بعينه",
            text: "سنة أو شهر أو يوم أو ما بين اثنين، وأسماء الشهور كما تُكتب في المشرق والمغرب.",
            examples: &[
                example("تاريخ:2020 الموازنة", "سنة بتمامها؛ و date: مثلها"),
                example("تاريخ:2020-01..2020-03 الموازنة", "من شهر إلى شهر"),
                example("تاريخ:\"كانون الثاني 2020\"", "شهر باسمه"),
            ],
        },
    ],
    keys_title: "مفاتيح الاختصار",
    keys: &[
        ("/", "إلى خانة البحث"),
        ("Enter", "يبحث، أو يختار الاقتراح"),
        ("↓ ↑", "بين الاقتراحات، وبين النتائج"),
        ("← →", "بين أعمدة الزمن، ومع Shift لمدى منها"),
        (
            "Esc",
            "يغلق الاقتراحات، ويخرج من الخانة؛ ومن النتائج يعود إليها",
        ),
        ("j k", "النتيجة التالية، السابقة"),
        ("n p", "الموضع التالي، السابق في المقالة"),
        ("?", "قائمة المفاتيح، وفيها يُوقَف عمل مفاتيح الحرف الواحد"),
    ],
};

pub const ENGLISH: Help = Help {
    title: "How to search",
    intro: "Type the words that come to mind; a plain search is usually enough. Every example on this \
        page is a link that runs the search.",
    sections: &[
        Section {
            title: "Words",
            text: "Articles with all of the words come first. Spellings such as أ and ا or ة and ه \
                are equal. A word matches with its article, prepositions and pronouns, and in many \
                of its plurals and other forms.",
            examples: &[
                example("وقف إطلاق النار", "the three words, anywhere in the article"),
                example("مدرسة", "with المدرسة, بمدرستهم and المدارس"),
            ],
        },
        Section {
            title: "A phrase",
            text: "Quotation marks of any kind: the words follow one another in this order.",
            examples: &[
                example("\"وقف إطلاق النار\"", "with بوقف اطلاق النار"),
                example("«ارتفاع الأسعار»", "Arabic quotation marks work as well"),
            ],
        },
        Section {
            title: "Words near each other",
            text: "A number after a phrase allows other words between its words. NEAR ignores the order.",
            examples: &[
                example("\"رئيس الاتحاد\"~3", "at most three words between them"),
                example(
                    "المدارس قرب/5 الأمطار",
                    "at most five words between them, in any order; NEAR/5 is the same",
                ),
            ],
        },
        Section {
            title: "Alternatives and exclusions",
            text: "أو means either, - or ليس excludes what follows, and brackets group.",
            examples: &[
                example(
                    "الحرائق أو الفيضانات",
                    "at least one of them; OR is the same",
                ),
                example(
                    "الانتخابات -البلدية",
                    "the first without the second; ليس is the same",
                ),
                example("(المطر أو الثلج) الطرق", "roads, and one of the two words"),
            ],
        },
        Section {
            title: "Exact form",
            text: "The sign = before a word or a phrase matches only this form.",
            examples: &[
                example("=كتاب", "كتاب alone, neither كتب nor كاتب"),
                example("=\"وقف إطلاق النار\"", "the phrase in these forms"),
            ],
        },
        Section {
            title: "Missing letters",
            text: "The asterisk * stands for any letters, the question mark ? for one letter.",
            examples: &[
                example("حكوم*", "words that start with these letters"),
                example("م?تمر", "any letter at this position"),
            ],
        },
        Section {
            title: "In one field",
            text: "title, body, caption (of pictures), author, source and section, followed by a colon.",
            examples: &[
                example("عنوان:الانتخابات", "in the title; title: is the same"),
                example("قسم:اقتصاد الأسعار", "only articles of the economy section"),
                example("متن:المطر", "only in the text of the article"),
            ],
        },
        Section {
            title: "In a period",
            text: "A year, a month, a day, or a range; months have their Mashreq and Maghreb names.",
            examples: &[
                example("تاريخ:2020 الموازنة", "the whole year; date: is the same"),
                example(
                    "تاريخ:2020-01..2020-03 الموازنة",
                    "from one month to another",
                ),
                example("تاريخ:\"كانون الثاني 2020\"", "a month by its name"),
            ],
        },
    ],
    keys_title: "Keys",
    keys: &[
        ("/", "moves to the search box"),
        ("Enter", "searches, or accepts the suggestion"),
        ("↓ ↑", "moves through suggestions and results"),
        (
            "← →",
            "moves through the bars of the chart; with Shift, selects a range",
        ),
        (
            "Esc",
            "closes the suggestions and leaves the box; in the results, returns to the box",
        ),
        ("j k", "next and previous result"),
        ("n p", "next and previous match in an article"),
        (
            "?",
            "shows the list of keys, where single-key shortcuts can be turned off",
        ),
    ],
};

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn both_languages_have_the_same_examples_and_keys() {
        let queries = |help: &Help| {
            let examples = help.sections.iter().flat_map(|section| section.examples);
            examples.map(|example| example.query).collect::<Vec<_>>()
        };
        let keys = |help: &Help| help.keys.iter().map(|(key, _)| *key).collect::<Vec<_>>();
        assert_eq!(queries(&ARABIC), queries(&ENGLISH));
        assert_eq!(keys(&ARABIC), keys(&ENGLISH));
    }
}
