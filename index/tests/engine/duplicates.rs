//! Copies of one story among the articles of an index: which articles count as copies, and in which
//! order they are listed. The estimate of similarity is tested where it is made.

mod collapsing;
mod updates;

use fihrist_index::ingest::{IngestJob, Input, NoProgress};
use fihrist_index::{Article, ArticleId, Index};

use crate::support::articles::{article, of_day};
use crate::support::indexes::{run_job, write};
use crate::support::location::TestLocation;

/// An agency's story, one paragraph a line.
const FERRY: &str = "غادرت أول عبّارة كهربائية ميناء المنارة صباح الأحد وعلى متنها مئة وعشرون راكباً في رحلة إلى جزيرة الصفصاف.
وقال قبطان العبّارة إن الرحلة استغرقت أربعين دقيقة، وإن البحر كان هادئاً على غير عادته في مثل هذا الفصل من السنة.
وأوضحت شركة الملاحة أن العبّارة الجديدة تحمل بطاريات تكفي لست رحلات، وأنها تُشحن ليلاً من محطة أُنشئت قرب الرصيف الشمالي.
وكان أهالي الجزيرة قد طالبوا منذ سنوات بخط منتظم يربطهم بالمدينة، بعد أن توقفت السفينة القديمة عن العمل بسبب أعطالها المتكررة.
وأضافت الشركة أن سعر التذكرة لن يتغير قبل نهاية العام، وأن الطلاب والمسنين يدفعون نصف السعر في كل الأيام.
ويأمل أصحاب المقاهي والنُّزُل الصغيرة في الجزيرة أن تعيد الرحلات المنتظمة الزوار الذين غابوا عنها في الصيفين الماضيين.
وختم رئيس البلدية كلمته على الرصيف بالقول إن عبّارة ثانية ستصل مع بداية الربيع إذا أقر المجلس ميزانيتها.";

/// Another story about the same harbour.
const MARKET: &str = "أعلنت بلدية المنارة إغلاق سوق السمك القديم ثلاثة أشهر لترميم سقفه الخشبي الذي تضرر من عواصف الشتاء.
وينتقل البائعون في هذه المدة إلى ساحة مسقوفة خلف ميناء الصيادين، حيث جُهزت ثلاجات ومصارف للمياه.
وقال كبير البائعين إن الساحة أضيق مما اعتادوا، لكنه يفضل الضيق على سقف يتساقط فوق رؤوس الناس.
وتبلغ كلفة الترميم نصف مليون دينار، تدفع البلدية ثلثها وتتكفل جمعية حفظ التراث بالباقي.";

fn first_lines(text: &str, lines: usize) -> String {
    text.lines().take(lines).collect::<Vec<_>>().join("\n")
}

/// Returns words that no other seed gives, so that no text resembles another by accident.
fn invented(seed: usize, words: std::ops::Range<usize>) -> String {
    const LETTERS: [char; 8] = ['ب', 'س', 'ر', 'م', 'ن', 'ل', 'ك', 'د'];
    let word = |number: usize| {
        (0..6)
            .map(|digit| LETTERS[number >> (3 * digit) & 7])
            .collect::<String>()
    };
    words
        .map(|number| word(number + 1_000 * seed))
        .collect::<Vec<_>>()
        .join(" ")
}

fn index_of(articles: &[Article]) -> (TestLocation, Index) {
    let data = TestLocation::new();
    write(data.at(), articles, articles.len());
    let index = Index::open(data.at()).expect("an index");
    (data, index)
}

fn copies(index: &Index, id: &str) -> Vec<String> {
    let id = ArticleId::new(id).expect("an id");
    let copies = index
        .duplicates(&id, 1_000)
        .expect("an answer")
        .expect("an article");
    assert_eq!(copies.total as usize, copies.articles.len());
    copies
        .articles
        .into_iter()
        .map(|article| article.id.as_str().to_owned())
        .collect()
}

#[test]
fn a_copy_is_found_however_it_was_changed() {
    let title = "عبّارة كهربائية تصل بين المنارة وجزيرة الصفصاف";
    let spelled_otherwise = FERRY
        .replace(['أ', 'إ'], "ا")
        .replace('ة', "ه")
        .replace('ى', "ي")
        .replace(['\u{64B}', '\u{64F}', '\u{651}'], "")
        .replace("الرحلة", "الرحـــلة")
        .replace(['،', '.'], " ! ");
    let mut turned: Vec<&str> = FERRY.lines().collect();
    turned.swap(2, 4);
    let framed = format!(
        "المنارة (وكالة الخليج للأنباء)\n{FERRY}\nاقرأ أيضاً: خمس رحلات لا تفوتك هذا الصيف\nالمصدر: وكالات"
    );
    let variants = [
        ("same", title, FERRY.to_owned()),
        ("shortened", title, first_lines(FERRY, 5)),
        ("half", title, first_lines(FERRY, 4)),
        (
            "another-title",
            "أهالي الجزيرة يستقبلون سفينتهم الجديدة بعد انتظار طويل",
            FERRY.to_owned(),
        ),
        ("another-spelling", title, spelled_otherwise),
        ("framed", title, framed),
        ("turned", title, turned.join("\n")),
    ];
    for (id, title_of_copy, body) in &variants {
        let articles = [
            article("ferry", title, FERRY),
            article(id, title_of_copy, body),
            article("market", title, MARKET),
        ];
        let (_data, index) = index_of(&articles);
        assert_eq!(
            (copies(&index, "ferry"), copies(&index, id)),
            (vec![(*id).to_owned()], vec!["ferry".to_owned()]),
            "{id}"
        );
        assert!(copies(&index, "market").is_empty(), "{id}");
        let stats = index.stats().expect("stats");
        assert_eq!((stats.duplicate_clusters, stats.duplicate_articles), (1, 2));
    }
}

#[test]
fn two_stories_of_the_samples_have_a_copy() {
    let data = TestLocation::new();
    let samples = Input::Path(concat!(env!("CARGO_MANIFEST_DIR"), "/../static/samples").into());
    run_job(data.at(), &IngestJob::new(vec![samples]), &NoProgress);
    let index = Index::open(data.at()).expect("an index");
    assert_eq!(
        (copies(&index, "sample-001"), copies(&index, "sample-026")),
        (
            vec!["sample-002".to_owned()],
            vec!["b80d4e61f7239ac5".to_owned()],
        )
    );
    assert_eq!(index.stats().expect("stats").duplicate_articles, 4);
}

#[test]
fn articles_in_the_same_words_about_different_things_are_not_copies() {
    let weather = |town: &str, degrees: u32| {
        format!(
            "يكون الطقس غداً في {town} معتدلاً إلى مشمس والرياح شمالية خفيفة والحرارة {degrees} درجة."
        )
    };
    let articles = [
        article("1", "طقس المنارة", &weather("المنارة", 24)),
        article("2", "طقس الصفصاف", &weather("الصفصاف", 31)),
        article("3", "صورة اليوم", "صياد يرتق شبكته."),
        article("4", "صورة اليوم", "نوارس فوق الرصيف."),
    ];
    let (_data, index) = index_of(&articles);
    assert_eq!(index.stats().expect("stats").duplicate_articles, 0);
}

#[test]
fn copies_are_listed_newest_first() {
    let copy = |id: &str| article(id, "عبّارة", FERRY);
    let articles = [
        copy("f"),
        of_day(2, copy("b")),
        of_day(9, copy("d")),
        copy("a"),
        of_day(9, copy("c")),
        copy("e"),
    ];
    let (_data, index) = index_of(&articles);
    assert_eq!(copies(&index, "f"), ["c", "d", "b", "a", "e"]);
    assert_eq!(copies(&index, "d"), ["c", "b", "a", "e", "f"]);
    for limit in 0..6 {
        let id = ArticleId::new("f").expect("an id");
        let found = index
            .duplicates(&id, limit)
            .expect("an answer")
            .expect("an article");
        let listed: Vec<&str> = found
            .articles
            .iter()
            .map(|article| article.id.as_str())
            .collect();
        assert_eq!(
            (found.total, &listed[..]),
            (5, &["c", "d", "b", "a", "e"][..limit.min(5)])
        );
    }
}
