//! The text of the help page, in both languages side by side.

use crate::page::Text;

/// A part of the help: its title, its text, and queries with what they find, in Arabic and in
/// English.
pub struct Section {
    pub title: Text,
    pub text: Text,
    pub examples: &'static [(&'static str, &'static str, &'static str)],
}

pub const TITLE: Text = ("كيف تبحث", "How to search");

pub const INTRO: Text = (
    "اكتب الكلمات كما تخطر لك: يكفي البحث البسيط في أكثر الأحوال. وكل مثال هنا رابط يبحث عنه.",
    "Type the words that come to mind; a plain search is usually enough. Every example on this \
        page is a link that runs the search.",
);

pub const KEYS_TITLE: Text = ("مفاتيح الاختصار", "Keys");

/// Keyboard keys and what they do, in Arabic and in English. A space separates several keys.
pub const KEYS: [(&str, &str, &str); 8] = [
    ("/", "إلى خانة البحث", "moves to the search box"),
    (
        "Enter",
        "يبحث، أو يختار الاقتراح",
        "searches, or accepts the suggestion",
    ),
    (
        "↓ ↑",
        "بين الاقتراحات، وبين النتائج",
        "moves through suggestions and results",
    ),
    (
        "← →",
        "بين أعمدة الزمن، ومع Shift لمدى منها",
        "moves through the bars of the chart; with Shift, selects a range",
    ),
    (
        "Esc",
        "يغلق الاقتراحات، ويخرج من الخانة؛ ومن النتائج يعود إليها",
        "closes the suggestions and leaves the box; in the results, returns to the box",
    ),
    (
        "j k",
        "النتيجة التالية، السابقة",
        "next and previous result",
    ),
    (
        "n p",
        "الموضع التالي، السابق في المقالة",
        "next and previous match in an article",
    ),
    (
        "?",
        "قائمة المفاتيح، وفيها يُوقَف عمل مفاتيح الحرف الواحد",
        "shows the list of keys, where single-key shortcuts can be turned off",
    ),
];

pub const SECTIONS: [Section; 8] = [
    Section {
        title: ("كلمات", "Words"),
        text: (
            "تتقدم المقالات التي تجمع الكلمات كلها. ولا يفرّق البحث بين أ وا، ولا بين ة وه، ويجد الكلمة وما اتصل \
                   بها من ال والواو والباء والضمائر، وكثيرًا من جموعها وتصريفاتها.",
            "Articles with all of the words come first. Spellings such as أ and ا or ة and ه \
                are equal. A word matches with its article, prepositions and pronouns, and in many \
                of its plurals and other forms.",
        ),
        examples: &[
            (
                "وقف إطلاق النار",
                "الكلمات الثلاث حيثما وقعت",
                "the three words, anywhere in the article",
            ),
            (
                "مدرسة",
                "ومنها المدرسة وبمدرستهم والمدارس",
                "with المدرسة, بمدرستهم and المدارس",
            ),
        ],
    },
    Section {
        title: ("عبارة", "A phrase"),
        text: (
            "بين علامتي تنصيص، أيّ علامتين: الكلمات متتابعة بهذا الترتيب.",
            "Quotation marks of any kind: the words follow one another in this order.",
        ),
        examples: &[
            (
                "\"وقف إطلاق النار\"",
                "ومنها بوقف اطلاق النار",
                "with بوقف اطلاق النار",
            ),
            (
                "«ارتفاع الأسعار»",
                "والأقواس العربية مثلها",
                "Arabic quotation marks work as well",
            ),
        ],
    },
    Section {
        title: ("كلمات متقاربة", "Words near each other"),
        text: (
            "برقم بعد العبارة يُسمح بكلمات بينها، وبكلمة قرب يُترك الترتيب.",
            "A number after a phrase allows other words between its words. NEAR ignores the order.",
        ),
        examples: &[
            (
                "\"رئيس الاتحاد\"~3",
                "بينهما ثلاث كلمات على الأكثر",
                "at most three words between them",
            ),
            (
                "المدارس قرب/5 الأمطار",
                "بينهما خمس كلمات على الأكثر، أيهما سبقت؛ و NEAR/5 مثلها",
                "at most five words between them, in any order; NEAR/5 is the same",
            ),
        ],
    },
    Section {
        title: ("هذا أو ذاك، وهذا دون ذاك", "Alternatives and exclusions"),
        text: (
            "أو تعني أحدهما، والعلامة - أو كلمة ليس تستثني ما بعدها، والأقواس تجمع.",
            "أو means either, - or ليس excludes what follows, and brackets group.",
        ),
        examples: &[
            (
                "الحرائق أو الفيضانات",
                "أحدهما على الأقل؛ و OR مثلها",
                "at least one of them; OR is the same",
            ),
            (
                "الانتخابات -البلدية",
                "الأولى دون الثانية؛ و ليس مثلها",
                "the first without the second; ليس is the same",
            ),
            (
                "(المطر أو الثلج) الطرق",
                "الطرق مع أحدهما",
                "roads, and one of the two words",
            ),
        ],
    },
    Section {
        title: ("كما كُتبت", "Exact form"),
        text: (
            "العلامة = قبل كلمة أو عبارة تكتفي بصيغتها هذه.",
            "The sign = before a word or a phrase matches only this form.",
        ),
        examples: &[
            (
                "=كتاب",
                "كتاب وحدها، لا كتب ولا كاتب",
                "كتاب alone, neither كتب nor كاتب",
            ),
            (
                "=\"وقف إطلاق النار\"",
                "العبارة بهذه الصيغ",
                "the phrase in these forms",
            ),
        ],
    },
    Section {
        title: ("حروف ناقصة", "Missing letters"),
        text: (
            "النجمة * تقوم مقام أي حروف، وعلامة الاستفهام ? مقام حرف واحد.",
            "The asterisk * stands for any letters, the question mark ? for one letter.",
        ),
        examples: &[
            (
                "حكوم*",
                "ما يبدأ بهذه الحروف",
                "words that start with these letters",
            ),
            (
                "م?تمر",
                "أي حرف في موضع العلامة",
                "any letter at this position",
            ),
        ],
    },
    Section {
        title: ("في موضع بعينه", "In one field"),
        text: (
            "عنوان ومتن وصورة (لشروح الصور) وكاتب ومصدر وقسم، تتبعها نقطتان.",
            "title, body, caption (of pictures), author, source and section, followed by a colon.",
        ),
        examples: &[
            (
                "عنوان:الانتخابات",
                "في العنوان؛ و title: مثلها",
                "in the title; title: is the same",
            ),
            (
                "قسم:اقتصاد الأسعار",
                "مقالات قسم الاقتصاد وحدها",
                "only articles of the economy section",
            ),
            (
                "متن:المطر",
                "في نص المقالة وحده",
                "only in the text of the article",
            ),
        ],
    },
    Section {
        title: ("في زمن بعينه", "In a period"),
        text: (
            "سنة أو شهر أو يوم أو ما بين اثنين، وأسماء الشهور كما تُكتب في المشرق والمغرب.",
            "A year, a month, a day, or a range; months have their Mashreq and Maghreb names.",
        ),
        examples: &[
            (
                "تاريخ:2020 الموازنة",
                "سنة بتمامها؛ و date: مثلها",
                "the whole year; date: is the same",
            ),
            (
                "تاريخ:2020-01..2020-03 الموازنة",
                "من شهر إلى شهر",
                "from one month to another",
            ),
            (
                "تاريخ:\"كانون الثاني 2020\"",
                "شهر باسمه",
                "a month by its name",
            ),
        ],
    },
];
