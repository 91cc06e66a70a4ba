//! Remarks on how the query was analyzed: relaxations, corrections, problems and related words,
//! each with the link that undoes it.

use fihrist_index::query::{NoticeCode, Query, with_exact_form};
use fihrist_index::search::{Hits, Relaxed};

use super::Address;
use crate::page::Language;

/// A remark, and the link that it offers: its address and its text.
pub struct Remark {
    pub text: String,
    pub link: Option<(String, String)>,
}

impl Remark {
    pub fn plain(text: &str) -> Self {
        Self {
            text: text.to_owned(),
            link: None,
        }
    }
}

/// A word of the query that matches related words as well.
pub struct Expansion {
    pub word: String,
    /// Some of the related words.
    pub others: String,
    /// The link to the same search without the related words.
    pub undo: String,
}

/// A function word of the query that the search ignores.
pub struct Ignored {
    pub word: String,
    /// The link to the same search with the word; `None` if the query language cannot express it.
    pub count: Option<String>,
}

/// Maximum number of related words that are shown for a word.
const NAMED: usize = 4;

/// Returns all remarks on the query, the most important first. Ignored words have
/// [chips](ignored) instead.
pub fn remarks(hits: &Hits, address: &Address) -> Vec<Remark> {
    let language = address.display.language;
    let corrected = hits.did_you_mean.as_ref();
    let corrected = corrected.filter(|_| hits.relaxed == Some(Relaxed::Corrected));
    let (relaxed, meant) = match corrected {
        Some(meant) => (Some(instead(meant, address)), None),
        None => (
            hits.relaxed.map(|relaxed| Remark {
                text: loosened(language, relaxed),
                link: Some((
                    as_written(address),
                    language
                        .pick("كما كتبتُه فقط", "Exactly as written")
                        .to_owned(),
                )),
            }),
            hits.did_you_mean.as_ref().map(|meant| Remark {
                text: language.pick("هل تقصد:", "Did you mean:").to_owned(),
                link: Some((
                    address.changed(|address| address.query.clone_from(meant)),
                    format!("\u{2068}{meant}\u{2069}"),
                )),
            }),
        ),
    };
    let notices = hits
        .query
        .notices
        .iter()
        .filter(|notice| notice.code != NoticeCode::IgnoredWord)
        .map(|notice| Remark::plain(odd(language, notice.code)));
    relaxed.into_iter().chain(meant).chain(notices).collect()
}

/// Returns the words of the query that match related words as well.
pub fn expansions(query: &Query, address: &Address) -> Vec<Expansion> {
    let expansion = |text| {
        let undo = with_exact_form(query, text)?;
        let word = text.terms.first()?;
        let in_two_words = word.parts.as_ref().map(|parts| parts.text());
        let related = word.related.iter();
        let related = related.filter_map(|related| related.word.as_deref());
        let mut others: Vec<&str> = in_two_words.as_deref().into_iter().chain(related).collect();
        if others.is_empty() {
            return None;
        }
        if others.len() > NAMED {
            others.truncate(NAMED);
            others.push("…");
        }
        Some(Expansion {
            word: word.text.clone(),
            others: others.join(address.display.language.pick("، ", ", ")),
            undo: address.changed(|address| address.query = undo),
        })
    };
    query.texts().filter_map(expansion).collect()
}

/// Returns the remark that the corrected query was searched, with the link to the typed one.
fn instead(meant: &str, address: &Address) -> Remark {
    let typed = &address.query;
    let (text, link) = match address.display.language {
        Language::Arabic => (
            format!("هذه نتائج \u{2068}{meant}\u{2069}."),
            format!("ابحث عن \u{2068}{typed}\u{2069} كما كتبتَه"),
        ),
        Language::English => (
            format!("Showing results for \u{2068}{meant}\u{2069}."),
            format!("Search instead for \u{2068}{typed}\u{2069}"),
        ),
    };
    Remark {
        text,
        link: Some((as_written(address), link)),
    }
}

/// Returns the address of the same search without relaxations and corrections.
fn as_written(address: &Address) -> String {
    address.changed(|address| address.relaxes = false)
}

/// Returns the function words that the search ignores, each once.
pub fn ignored(query: &Query, address: &Address) -> Vec<Ignored> {
    let mut ignored: Vec<Ignored> = Vec::new();
    for text in query.ignored() {
        let word = text.span.slice(&query.input);
        if ignored.iter().all(|known| known.word != word) {
            let counted = with_exact_form(query, text);
            ignored.push(Ignored {
                word: word.to_owned(),
                count: counted.map(|query| address.changed(|address| address.query = query)),
            });
        }
    }
    ignored
}

fn loosened(language: Language, relaxed: Relaxed) -> String {
    let (arabic, english) = match relaxed {
        Relaxed::AnyWord { with_all_words: 0 } | Relaxed::AnyPart { with_all_words: 0 } => (
            "لا توجد مقالة تجمع كل هذه الكلمات، فهذه مقالات فيها بعضها.",
            "No article contains all of these words; these contain some of them.",
        ),
        Relaxed::AnyWord { with_all_words } | Relaxed::AnyPart { with_all_words } => {
            return match language {
                // The number has no noun after it, because the noun would have to agree in case.
                Language::Arabic => format!(
                    "عدد المقالات التي تجمع كل هذه الكلمات: {with_all_words}، ومعها مقالات فيها بعضها."
                ),
                Language::English => format!(
                    "Articles with all of these words: {with_all_words}. Articles with some of them follow."
                ),
            };
        }
        Relaxed::AnyForm => (
            "لا توجد مقالة فيها الكلمات بالصيغة التي كتبتَها، فهذه مقالات فيها صيغ أخرى منها.",
            "No article contains the words in the form you wrote; these contain other forms.",
        ),
        Relaxed::AnyField => (
            "لا توجد مقالة فيها ما طلبتَ في الموضع الذي حددتَه، فبحثنا عنه في غيره.",
            "No article contains the words in this field, so other fields were searched as well.",
        ),
        Relaxed::Corrected => (
            "لا توجد مقالة فيها ما كتبتَه، فبحثنا عنه بكتابة أخرى.",
            "No article contains the query as typed; the same words were searched in another spelling.",
        ),
    };
    language.pick(arabic, english).to_owned()
}

fn odd(language: Language, code: NoticeCode) -> &'static str {
    let (arabic, english) = match code {
        NoticeCode::UnclosedQuote => (
            "في البحث علامة تنصيص لم تُغلق، فبحثنا عن كلماتها متفرقة.",
            "A quotation mark is not closed, so the words after it were searched one by one.",
        ),
        NoticeCode::EmptyPhrase => (
            "لا كلمات بين علامتي التنصيص.",
            "There is no word between the quotation marks.",
        ),
        NoticeCode::NoWords => (
            "ليس في البحث كلمة يمكن البحث عنها.",
            "The query contains no word to search for.",
        ),
        NoticeCode::DanglingOperator => (
            "في البحث أداة ربط ينقصها أحد طرفيها، فبحثنا عنها كلمةً.",
            "An operator lacks an operand, so it was searched as a word.",
        ),
        NoticeCode::UnreadableDate => (
            "في البحث تاريخ لم نفهمه، فبحثنا من دونه.",
            "A date is invalid, so the search ignores it.",
        ),
        NoticeCode::ShortPattern => (
            "في البحث نمط لا يكفي ما فيه من حروف، فبحثنا عنه كلمةً.",
            "A pattern has too few letters, so it was searched as a word.",
        ),
        NoticeCode::BroadPattern => (
            "النمط يوافق كلمات كثيرة، فبحثنا عن أكثرها شيوعاً.",
            "A pattern matches many words; the most frequent ones were searched.",
        ),
        NoticeCode::TooNarrow => (
            "لا نتائج بهذا الشرط، ومن دونه توجد نتائج.",
            "There are no results with this filter, but there are some without it.",
        ),
        NoticeCode::NarrowSettings => (
            "لا نتائج بهذه الإعدادات، وبالإعدادات المعتادة توجد نتائج.",
            "There are no results with these settings, but there are some with the default ones.",
        ),
        NoticeCode::NotTogether => (
            "لا توجد مقالة تجمع ما طلبتَه.",
            "No article matches the whole query.",
        ),
        NoticeCode::UnknownWord => (
            "في البحث كلمة لا توجد في أي مقالة.",
            "One of the words is in no article.",
        ),
        NoticeCode::IgnoredWord => (
            "في البحث كلمة شائعة لم نبحث عنها.",
            "A function word was ignored.",
        ),
        NoticeCode::UnknownValue => (
            "لا مقالة لها هذا المصدر أو القسم أو الكاتب.",
            "No article has this source, section or author.",
        ),
    };
    language.pick(arabic, english)
}
