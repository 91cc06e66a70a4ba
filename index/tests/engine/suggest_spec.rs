//! Runs the specification of suggestions: every row of `spec/suggestions.md` is a check over the
//! words below.

use fihrist_index::arabic::spelling::{Suggestion, Vocabulary};
use fihrist_index::arabic::{Analyzer, Model, fold};

use crate::support::tables::{check_all, rows_of};

/// The words of an invented index, and the number of articles with each.
const WORDS: &str = "
    الحكومة 900 حكومة 300 والحكومة 60 للحكومة 80 حكومات 20 حكومته 9 الحكم 200 حكم 150 المحكمة 120 محكمة 90 الحكمة 4
    الوزير 400 وزير 700 وزراء 100 الوزارة 150 وزارة 350 ووزير 30 الرئيس 950 رئيس 800 الرئيسي 70 رئيسية 40 روسي 60
    المدينة 500 مدينة 450 مدن 60 بمدينة 90 المدرسة 60 مدرسة 80 مدارس 50 المدير 70 مدير 120 الماضي 600 المقبل 300
    الانتخابات 400 انتخابات 250 بانتخابات 10 الاقتصاد 150 اقتصاد 60 الاقتصادية 170 المستشفى 90 مستشفى 110 مستشفيات 25
    المباراة 200 مباراة 220 مباريات 70 الفريق 250 فريق 180 لاعب 90 اللاعب 80 لاعبين 40 المنتخب 130 منتخب 70
    السلام 100 سلام 60 الحرب 300 حرب 200 القمة 120 قمة 90 المسؤول 80 مسؤول 150 مسؤولين 60 شؤون 45 الشؤون 50
    العراق 400 بالعراق 30 ألمانيا 180 لألمانيا 8 ليبيا 210 بليبيا 10 سوريا 380 فلسطين 150 الفلسطينيين 90 مصر 500 لبنان 170
    تونس 260 الجزائر 190 المغرب 200 السعودية 320 الكويت 110 إسرائيل 240 أمريكا 150 فرنسا 280 بريطانيا 230 إنجلترا 60
    حفتر 90 لحفتر 5 ترامب 600 نتنياهو 120 أردوغان 160 بوتين 180 ماكرون 100 ميركل 80 أوباما 70 كلينتون 60
    السيسي 140 الأسد 200 أسد 30 حسين 90 محمد 500 أحمد 350 إبراهيم 120 صلاح 140 عمر 110 خالد 130 فاطمة 60 عائشة 40
    واشنطن 210 لندن 190 باريس 160 موسكو 150 القاهرة 330 بغداد 170 دمشق 160 الموصل 60 طهران 140 برشلونة 120
    غوغل 70 فيسبوك 130 تويتر 110 جورج 80 جونسون 75 واتساب 35 تشيلسي 60 رونالدو 110
    قال 950 وقال 900 يقول 400 سيقول 6 سيقدم 30 يقدم 120 قدم 200 القدم 260 التقدم 60 كرة 280 الكرة 90
    كتاب 140 الكتاب 90 كتب 120 كاتب 70 بكتاب 6 في 990 التي 980 الذي 970
    bbc 25 google 12 boeing 9 covid 30 2018 600 2019 300
";

fn vocabulary() -> Vocabulary {
    let tokens: Vec<&str> = WORDS.split_whitespace().collect();
    let words = tokens
        .chunks(2)
        .map(|pair| (fold::folded(pair[0]), pair[1].parse().expect("a number")));
    Vocabulary::new(words.collect(), &Analyzer::new(Model::base()))
}

/// Runs `answer` on every row below a heading. A failure is the row as it would have to be.
#[track_caller]
fn check_rows(heading: &str, minimum: usize, answer: impl Fn(&Vocabulary, &str) -> Vec<String>) {
    let rows = rows_of(include_str!("../spec/suggestions.md"), |table| {
        table.heading == heading
    });
    let vocabulary = vocabulary();
    check_all(&rows, minimum, |row| {
        let (typed, expected) = (&row[0], &row[1]);
        let mut answer = answer(&vocabulary, typed).join(" ");
        if answer.is_empty() {
            answer = "–".to_owned();
        }
        if answer == *expected {
            Ok(())
        } else {
            Err(format!("| {typed} | {answer} |"))
        }
    });
}

fn texts(suggestions: impl IntoIterator<Item = Suggestion>) -> Vec<String> {
    suggestions
        .into_iter()
        .map(|suggestion| suggestion.text)
        .collect()
}

#[test]
fn completion() {
    check_rows("Completion", 15, |vocabulary, typed| {
        texts(vocabulary.complete(typed, 3))
    });
}

#[test]
fn spelling() {
    check_rows("Spelling", 20, |vocabulary, typed| {
        texts(vocabulary.correct(typed, 2))
    });
}

#[test]
fn keyboard_layout() {
    check_rows("Keyboard layout", 12, |vocabulary, typed| {
        texts(vocabulary.relayout(typed))
    });
}

#[test]
fn latin_letters() {
    check_rows("Latin letters", 15, |vocabulary, typed| {
        texts(vocabulary.from_latin(typed, 1))
    });
}

#[test]
fn patterns() {
    check_rows("Patterns", 10, |vocabulary, typed| {
        let (mut words, has_more) = vocabulary.expand_pattern(typed, 4);
        words.extend(has_more.then(|| "…".to_owned()));
        words
    });
}
