//! What a reader should know about how a query was understood, in words: what was loosened, what was meant, what was odd,
//! which words stand for others; each with the link that undoes it.

use fihrist_index::query::{NoticeCode, Query, with_exact_form};
use fihrist_index::search::{Hits, Relaxed};

use super::address::Address;
use crate::page::language::Language;

/// A sentence for the reader, and where it leads.
pub struct Remark {
    pub text: String,
    pub link: Option<(String, &'static str)>,
}

impl Remark {
    pub fn plain(text: &str) -> Self {
        Self {
            text: text.to_owned(),
            link: None,
        }
    }
}

/// A word of the query with the words that stand for it, too.
pub struct Expansion {
    pub word: String,
    /// Some of them, as their stems are written.
    pub others: String,
    /// The same search for the word alone.
    pub undo: String,
}

/// Stems that are named for a word; more say less.
const NAMED: usize = 4;

/// All there is to say about the query, the weightiest first.
pub fn remarks(hits: &Hits, address: &Address) -> Vec<Remark> {
    let language = address.display.language;
    let relaxed = hits.relaxed.map(|relaxed| Remark {
        text: loosened(language, relaxed),
        link: Some((
            address.changed(|address| address.relaxes = false),
            language.say("كما كتبتُه فقط", "Only as I wrote it"),
        )),
    });
    let meant = hits.did_you_mean.as_ref().map(|meant| Remark {
        text: match language {
            Language::Arabic => format!("هل تقصد: {meant}؟"),
            Language::English => format!("Did you mean: \u{2068}{meant}\u{2069}?"),
        },
        link: Some((
            address.changed(|address| address.query.clone_from(meant)),
            language.say("ابحث عنه", "Search for it"),
        )),
    });
    let notices = hits
        .query
        .notices
        .iter()
        .map(|notice| Remark::plain(odd(language, notice.code)));
    relaxed.into_iter().chain(meant).chain(notices).collect()
}

/// The words of the query that stand for more than themselves.
pub fn expansions(query: &Query, address: &Address) -> Vec<Expansion> {
    let expansion = |text| {
        let undo = with_exact_form(query, text)?;
        let word = text.terms.first().filter(|word| !word.related.is_empty())?;
        let mut others: Vec<&str> = word
            .related
            .iter()
            .map(|related| related.stem.as_str())
            .take(NAMED)
            .collect();
        if word.related.len() > NAMED {
            others.push("…");
        }
        Some(Expansion {
            word: word.text.clone(),
            others: others.join(address.display.language.say("، ", ", ")),
            undo: address.changed(|address| address.query = undo),
        })
    };
    query.texts().filter_map(expansion).collect()
}

fn loosened(language: Language, relaxed: Relaxed) -> String {
    let text = match relaxed {
        Relaxed::AnyWord { with_all_words: 0 } | Relaxed::AnyPart { with_all_words: 0 } => language
            .say(
                "لا توجد مقالة تجمع كل هذه الكلمات، فهذه مقالات فيها بعضها.",
                "No article has all of these words; these have some of them.",
            ),
        // In Arabic the number stands alone: a counted noun would have to agree in case.
        Relaxed::AnyWord { with_all_words } | Relaxed::AnyPart { with_all_words } => {
            return match language {
                Language::Arabic => {
                    format!(
                        "عدد المقالات التي تجمع كل هذه الكلمات: {with_all_words}، ومعها مقالات فيها بعضها."
                    )
                }
                Language::English => {
                    format!(
                        "Articles with all of these words: {with_all_words}. With them come articles with some."
                    )
                }
            };
        }
        Relaxed::AnyForm => language.say(
            "لا توجد مقالة فيها الكلمات بالصيغة التي كتبتَها، فهذه مقالات فيها صيغ أخرى منها.",
            "No article has the words in the form you wrote; these have other forms of them.",
        ),
        Relaxed::AnyField => language.say(
            "لا توجد مقالة فيها ما طلبتَ في الموضع الذي حددتَه، فبحثنا عنه في غيره.",
            "No article has it where you asked for it, so it was searched for elsewhere.",
        ),
        Relaxed::Corrected => language.say(
            "لا توجد مقالة فيها ما كتبتَه، فبحثنا عما نظنك تقصده.",
            "No article has what you wrote, so this is a search for what you may have meant.",
        ),
    };
    text.to_owned()
}

fn odd(language: Language, code: NoticeCode) -> &'static str {
    match code {
        NoticeCode::UnclosedQuote => language.say(
            "في البحث علامة تنصيص لم تُغلق، فبحثنا عن كلماتها متفرقة.",
            "A quotation mark was not closed, so its words were searched for one by one.",
        ),
        NoticeCode::EmptyPhrase => language.say(
            "لا كلمات بين علامتي التنصيص.",
            "There are no words between the quotation marks.",
        ),
        NoticeCode::NoWords => language.say(
            "ليس في البحث كلمة يمكن البحث عنها.",
            "There is no word in it that could be searched for.",
        ),
        NoticeCode::DanglingOperator => language.say(
            "في البحث أداة ربط ينقصها أحد طرفيها، فبحثنا عنها كلمةً.",
            "An operator lacks one of its sides, so it was searched for as a word.",
        ),
        NoticeCode::UnreadableDate => language.say(
            "في البحث تاريخ لم نفهمه، فبحثنا من دونه.",
            "A date was not understood; the search goes on without it.",
        ),
        NoticeCode::ShortPattern => language.say(
            "في البحث نمط لا يكفي ما فيه من حروف، فبحثنا عنه كلمةً.",
            "A pattern has too few letters, so it was searched for as a word.",
        ),
        NoticeCode::BroadPattern => language.say(
            "النمط يوافق كلمات كثيرة، فبحثنا عن أكثرها شيوعاً.",
            "A pattern fits many words; the commonest of them were searched for.",
        ),
        NoticeCode::TooNarrow => language.say(
            "لا نتائج بهذا الشرط، ومن دونه توجد نتائج.",
            "There are no results under this condition, but there are some without it.",
        ),
        NoticeCode::NarrowSettings => language.say(
            "لا نتائج بهذه الإعدادات، وبالإعدادات المعتادة توجد نتائج.",
            "There are no results with these settings, but there are some with the usual ones.",
        ),
        NoticeCode::NotTogether => language.say(
            "لا توجد مقالة تجمع ما طلبتَه.",
            "No article has all that you asked for together.",
        ),
        NoticeCode::UnknownWord => language.say(
            "في البحث كلمة لا توجد في أي مقالة.",
            "A word of it is in no article.",
        ),
        NoticeCode::UnknownValue => language.say(
            "لا مقالة لها هذا المصدر أو القسم أو الكاتب.",
            "No article is of this source, section or author.",
        ),
    }
}
