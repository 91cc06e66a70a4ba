//! Detects page furniture by rules: comment forms, share bars, “read also” lists, copyright lines.
//! A line in doubt is text.
//!
//! Furniture is found in a single page by the words of a line. Boilerplate, in `learning`, is found
//! by counting: a line that recurs in many articles of a source.
//!
//! The tables in `phrases` use ordinary spelling. Lines and phrases are folded and compared word by
//! word.

mod end;
mod phrases;
mod table;

use std::sync::LazyLock;

use rustc_hash::FxHashSet;

use super::{Class, class, folded, is_format};

use fihrist_arabic::{Span, first_word};
use phrases::Role::{
    self, Companion, FormField, FormHead, Furniture, ListHead, Neighbour, Pager, TagHead, Text,
};
use phrases::{
    COUNTED_WORDS, FEED_FOOTERS, FOLLOW_ON_WORDS, FOLLOW_WORDS, NETWORKS, RIGHTS, SHARE_WORDS,
};
use table::{FoldedWord, all_folded, phrase_words};
pub use table::{ends_sentence, folded_words, is_blank};

/// The maximum length of a line of furniture. A longer line is text, so paragraphs are not split
/// into words.
const MAX_LINE_BYTES: usize = 360;
/// The maximum length of a headline in a list of links.
const MAX_LINK_BYTES: usize = 220;
const MAX_LINKS: usize = 6;
const MAX_RIGHTS_WORDS: usize = 14;
const COPYRIGHT: &str = "copyright";
/// The maximum number of words in the name of an outlet that a line asks to follow.
const MAX_OUTLET_WORDS: usize = 2;
/// A word in the names of services such as `أخبار غوغل`, folded.
const NEWS: &str = "اخبار";

/// Returns, for each line (a span of `text`), whether it is furniture. `is_known` says so of lines
/// that are furniture for another reason.
pub fn mark(text: &str, lines: &[Span], is_known: impl Fn(usize) -> bool) -> Vec<bool> {
    let line = |index: usize| lines[index].slice(text);
    let roles = (0..lines.len()).map(|index| match is_known(index) {
        true => Furniture,
        false => role(line(index)),
    });
    let mut roles: Vec<Role> = roles.collect();
    if let Some(form) = end::comment_form(&roles, line) {
        roles[form..].fill(Furniture);
    }
    spread_over_lists(text, lines, &mut roles);
    end::spread_over_neighbours(&mut roles, line);
    end::spread_over_tags(&mut roles, line);
    spread_over_companions(&mut roles);
    roles.into_iter().map(is_furniture).collect()
}

const fn is_furniture(role: Role) -> bool {
    match role {
        Furniture | ListHead | TagHead | FormHead | FormField | Neighbour => true,
        Text | Companion | Pager => false,
    }
}

/// Marks the headlines below a label such as “read also”. A headline is a short line that does not
/// end like a sentence. The first other line ends the list.
fn spread_over_lists(text: &str, lines: &[Span], roles: &mut [Role]) {
    for head in 0..roles.len() {
        // A label with a headline on the same line has no list below it.
        if roles[head] != ListHead || !is_label_only(lines[head].slice(text)) {
            continue;
        }
        for i in (head + 1..roles.len()).take(MAX_LINKS) {
            match roles[i] {
                Text if is_headline(lines[i].slice(text)) => roles[i] = Furniture,
                Companion | Pager | Furniture => {}
                Text | ListHead | TagHead | FormHead | FormField | Neighbour => break,
            }
        }
    }
}

fn spread_over_companions(roles: &mut [Role]) {
    let forwards = (1..roles.len()).map(|i| (i, i - 1));
    let backwards = (1..roles.len()).rev().map(|i| (i - 1, i));
    for (line, beside) in forwards.chain(backwards) {
        if matches!(roles[line], Companion | Pager) && is_furniture(roles[beside]) {
            roles[line] = Furniture;
        }
    }
}

/// Returns whether the line consists of one phrase of the table and nothing else.
fn is_label_only(line: &str) -> bool {
    let words = folded_words(line);
    table::find(&words, line).is_some_and(|(_, word_count)| word_count == words.len())
}

fn is_headline(line: &str) -> bool {
    line.len() <= MAX_LINK_BYTES && !ends_sentence(line) && !line.ends_with([':', '،', '؛'])
}

fn role(line: &str) -> Role {
    if line.len() > MAX_LINE_BYTES {
        return Text;
    }
    // A line of dashes or stars has no word.
    let Some(first) = first_word(line) else {
        return Furniture;
    };
    // For nearly every line, the first word shows that the line is text.
    let first = folded(first.span.slice(line));
    if !first.starts_with(char::is_numeric)
        && !FIRST_WORDS.contains(&first)
        && !may_hold_rights(line)
    {
        return Text;
    }
    let words = folded_words(line);
    if is_rights_line(line, &words)
        || is_count(&words)
        || is_feed_footer(&words)
        || is_follow_line(&words) && !ends_sentence(line)
    {
        return Furniture;
    }
    table::find(&words, line).map_or_else(|| share_bar(&words), |(role, _)| role)
}

/// Returns whether the line can be a copyright line, by a quick look at its bytes. A copyright line
/// has a Latin letter, a sign such as `©`, or `وظ` as in `محفوظة`.
fn may_hold_rights(line: &str) -> bool {
    let is_rare = |byte: u8| byte.is_ascii_alphabetic() || matches!(byte, 0xC2 | 0xEF);
    let follows_waw = |at: usize| {
        let mut before = line[..at].chars().rev();
        before.find(|c| class(*c) != Class::Invisible) == Some('و')
    };
    line.bytes().any(is_rare) || line.match_indices('ظ').any(|(at, _)| follows_waw(at))
}

/// Returns whether this is a copyright line: `© 2020`, `جميع الحقوق محفوظة لصحيفة … 2020`. A longer
/// sentence with a full stop is text.
fn is_rights_line(line: &str, words: &[FoldedWord]) -> bool {
    if words.len() > MAX_RIGHTS_WORDS {
        return false;
    }
    let start = line.get(..COPYRIGHT.len()).unwrap_or_default();
    if line.starts_with('©') || start.eq_ignore_ascii_case(COPYRIGHT) {
        return true;
    }
    RIGHTS
        .iter()
        .any(|phrase| states_rights(&phrase_words(phrase), words, line))
}

/// Returns whether this is the line that WordPress writes below each entry of a feed: `ظهرت المقالة …
/// أولاً على …`.
fn is_feed_footer(words: &[FoldedWord]) -> bool {
    let stands_at = |phrase: &str, at: usize| {
        let phrase = phrase_words(phrase);
        let words = words.iter().skip(at).map(|word| &word.word);
        words.take(phrase.len()).eq(&phrase)
    };
    FEED_FOOTERS.iter().any(|(opening, middle)| {
        stands_at(opening, 0) && (1..words.len()).any(|at| stands_at(middle, at))
    })
}

/// Returns whether the line asks to follow the outlet: `تابعوا المرفأ على واتساب`.
fn is_follow_line(words: &[FoldedWord]) -> bool {
    let is_known = |word: &str| {
        let lists = [&NETWORK_WORDS, &table::PAGE_WORD_FORMS];
        word == NEWS
            || lists
                .iter()
                .any(|list| list.iter().any(|known| known == word))
    };
    let is_page_word = |word: &FoldedWord| {
        is_known(&word.word) || word.word.strip_prefix('و').is_some_and(is_known)
    };
    let is_on = |word: &FoldedWord| FOLLOW_ON.contains(&word.word);
    words
        .first()
        .is_some_and(|word| FOLLOW.contains(&word.word))
        && words.iter().position(is_on).is_some_and(|at| {
            let after = &words[at + 1..];
            (2..=MAX_OUTLET_WORDS + 1).contains(&at)
                && !after.is_empty()
                && after.iter().all(is_page_word)
        })
}

/// Returns whether the line begins with the phrase, ends with it, or contains it and a `©`. A line
/// that ends like a sentence must begin with the phrase or contain `©`.
fn states_rights(phrase: &[String], words: &[FoldedWord], line: &str) -> bool {
    let mut windows = words.windows(phrase.len().max(1));
    let is_phrase = |window: &[FoldedWord]| window.iter().map(|word| &word.word).eq(phrase);
    let Some(at) = windows.position(is_phrase) else {
        return false;
    };
    let is_at_end = at + phrase.len() == words.len();
    at == 0 || line.contains('©') || (is_at_end && !ends_sentence(line))
}

/// Returns whether the line is a counter: one number and the noun that it counts, as in `3 دقائق
/// قراءة` or `2min`.
fn is_count(words: &[FoldedWord]) -> bool {
    let (mut numbers, mut nouns) = (0, 0);
    for word in words {
        let noun = word.word.trim_start_matches(char::is_numeric);
        numbers += usize::from(noun.len() < word.word.len());
        if !noun.is_empty() {
            nouns += 1;
            if !COUNTED.iter().any(|counted| counted == noun) {
                return false;
            }
        }
    }
    numbers == 1 && (1..=3).contains(&nouns)
}

/// Returns the role of a line that may be a share bar. It is furniture if it has a network name and
/// a word for sharing, or at least three network names.
fn share_bar(words: &[FoldedWord]) -> Role {
    let count = |names: &[String]| {
        let is_name = |word: &&FoldedWord| names.contains(&word.word);
        words.iter().filter(is_name).count()
    };
    let networks = count(&NETWORK_WORDS);
    let share_words = count(&SHARING_WORDS);
    match (networks, share_words) {
        _ if networks + share_words < words.len() => Text,
        (0, _) => Text,
        (1 | 2, 0) => Companion,
        (1.., _) => Furniture,
    }
}

static NETWORK_WORDS: LazyLock<Vec<String>> = LazyLock::new(|| all_folded(NETWORKS));
static SHARING_WORDS: LazyLock<Vec<String>> = LazyLock::new(|| all_folded(SHARE_WORDS));
static COUNTED: LazyLock<Vec<String>> = LazyLock::new(|| all_folded(COUNTED_WORDS));

static FOLLOW: LazyLock<Vec<String>> = LazyLock::new(|| all_folded(FOLLOW_WORDS));
static FOLLOW_ON: LazyLock<Vec<String>> = LazyLock::new(|| all_folded(FOLLOW_ON_WORDS));

/// The first words of all lines of furniture, except copyright lines and numbers.
static FIRST_WORDS: LazyLock<FxHashSet<String>> = LazyLock::new(|| {
    let names = [&NETWORK_WORDS, &SHARING_WORDS, &COUNTED, &FOLLOW];
    let names = names.into_iter().flat_map(|words| words.iter()).cloned();
    let footers = FEED_FOOTERS
        .iter()
        .filter_map(|(opening, _)| phrase_words(opening).into_iter().next());
    table::TABLE
        .keys()
        .cloned()
        .chain(names)
        .chain(footers)
        .collect()
});

#[cfg(test)]
mod tests {
    use super::*;

    /// Checks a page whose lines begin with `+` for furniture and `-` for text.
    fn check(page: &str) {
        let rows: Vec<&str> = page
            .lines()
            .map(str::trim)
            .filter(|row| !row.is_empty())
            .collect();
        let text = rows
            .iter()
            .map(|row| &row[1..])
            .collect::<Vec<_>>()
            .join("\n");
        let mut start = 0;
        let lines: Vec<Span> = rows
            .iter()
            .map(|row| {
                start += row.len();
                Span::new(start - row.len(), start - 1)
            })
            .collect();
        let seen: Vec<String> = mark(&text, &lines, |_| false)
            .iter()
            .zip(&lines)
            .map(|(is_it, line)| format!("{}{}", if *is_it { '+' } else { '-' }, line.slice(&text)))
            .collect();
        assert_eq!(seen, rows);
    }

    #[test]
    fn a_comment_form_ends_the_article() {
        check(
            "-قال الوزير.\n+اترك رداً\n+لن يتم نشر عنوان بريدك الإلكتروني.\n+كلام زائر طويل عن الخبر.",
        );
        check("-قال الوزير.\n+التعليقات مغلقة.");
        check("-قال الوزير.\n+الحقول الإلزامية مشار إليها بـ *\n+التعليق *\n+الاسم *");
    }

    #[test]
    fn sentences_that_begin_like_furniture_are_text() {
        check(
            "-اترك رد الفعل للأيام وامض في طريقك.\n-شارك سالم الدوسري مع ناديه أمام ريال مدريد\n-للمزيد من الحذر أغلقت المدارس.",
        );
        check(
            "-تابعنا على الشاشات مشاهد مؤلمة\n-قد يهمك أن تعرف السبب.\n-الوسوم الأكثر تداولا هذا الصباح",
        );
        check(
            "-وأكدت الدار أن جميع الحقوق محفوظة للكاتب وورثته.\n-شارك في الحوار عبر تويتر وزيران\n-السعر",
        );
    }

    #[test]
    fn a_list_of_links_ends_where_sentences_begin() {
        check(
            "-مقدمة.\n+اقرأ أيضاً:\n+أزمة كوريا الشمالية في سطور\n+مدير الوكالة اجتمع سرا مع الزعيم\n-ونقلت الوكالة عن الزعيم قوله إن المحادثات ستستمر.\n-بحث عن وساطة؟",
        );
        check("-مقدمة.\n+للمزيد: أسباب الأزمة بين السودان ومصر؟\n-عودة إلى المفاوضات\n-قال الوزير.");
        check(
            "+للمزيد.. زيمبابوي: إرث ملطخ بالدماء\n+للمزيد - روسيا: أبرز التحولات السياسية\n+اقرأ ايضا | فوز رابع",
        );
    }

    #[test]
    fn share_bars_and_what_stands_beside_them() {
        check("-قال.\n+شارك هذا الموضوع:\n+تويتر\n+فيس بوك\n+معجب بهذه:\n+إعجاب تحميل...");
        check("-قال.\n-تويتر\n-وقالت الشركة إنها ستحقق.\n+طباعة\n+أرسل إلى صديق");
        check(
            "+شارك: فيسبوك تويتر واتساب\n+تابعونا على فيسبوك\n+facebook twitter whatsapp\n+انقر للمشاركة على فيسبوك (فتح في نافذة جديدة)",
        );
    }

    #[test]
    fn copyright_tags_and_rules() {
        check(
            "+جميع الحقوق محفوظة © صحيفة المرفأ 2020\n+© 2020 وكالة النيل\n+----------\n+الوسوم: الطاقة، لبنان\n+حقوق النشر محفوظة.",
        );
    }
}
