//! Copies of one story among the articles of an index: found however they were changed, in whatever order and batches they
//! came, shown as one where that is asked for. How likeness is estimated is tested where it is made.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::atomic::AtomicBool;

use fihrist_index::ingest::{IngestJob, Input, NoProgress};
use fihrist_index::search::{Hits, SearchRequest};
use fihrist_index::{Article, ArticleId, Index, IndexWriter, Location, rebuild};

use crate::support::articles::{article, of_day};
use crate::support::location::Place;

/// A story of an agency, a paragraph a line.
const FERRY: &str = "غادرت أول عبّارة كهربائية ميناء المنارة صباح الأحد وعلى متنها مئة وعشرون راكباً في رحلة إلى جزيرة الصفصاف.
وقال قبطان العبّارة إن الرحلة استغرقت أربعين دقيقة، وإن البحر كان هادئاً على غير عادته في مثل هذا الفصل من السنة.
وأوضحت شركة الملاحة أن العبّارة الجديدة تحمل بطاريات تكفي لست رحلات، وأنها تُشحن ليلاً من محطة أُنشئت قرب الرصيف الشمالي.
وكان أهالي الجزيرة قد طالبوا منذ سنوات بخط منتظم يربطهم بالمدينة، بعد أن توقفت السفينة القديمة عن العمل بسبب أعطالها المتكررة.
وأضافت الشركة أن سعر التذكرة لن يتغير قبل نهاية العام، وأن الطلاب والمسنين يدفعون نصف السعر في كل الأيام.
ويأمل أصحاب المقاهي والنُّزُل الصغيرة في الجزيرة أن تعيد الرحلات المنتظمة الزوار الذين غابوا عنها في الصيفين الماضيين.
وختم رئيس البلدية كلمته على الرصيف بالقول إن عبّارة ثانية ستصل مع بداية الربيع إذا أقر المجلس ميزانيتها.";

/// Another story, of the same harbour.
const MARKET: &str = "أعلنت بلدية المنارة إغلاق سوق السمك القديم ثلاثة أشهر لترميم سقفه الخشبي الذي تضرر من عواصف الشتاء.
وينتقل البائعون في هذه المدة إلى ساحة مسقوفة خلف ميناء الصيادين، حيث جُهزت ثلاجات ومصارف للمياه.
وقال كبير البائعين إن الساحة أضيق مما اعتادوا، لكنه يفضل الضيق على سقف يتساقط فوق رؤوس الناس.
وتبلغ كلفة الترميم نصف مليون دينار، تدفع البلدية ثلثها وتتكفل جمعية حفظ التراث بالباقي.";

fn first_lines(text: &str, lines: usize) -> String {
    text.lines().take(lines).collect::<Vec<_>>().join("\n")
}

/// Words that no other seed has, so that nothing but what is meant to be alike is alike.
fn invented(seed: usize, words: std::ops::Range<usize>) -> String {
    const LETTERS: [char; 8] = ['ب', 'س', 'ر', 'م', 'ن', 'ل', 'ك', 'د'];
    let word = |number: usize| {
        (0..6)
            .map(|place| LETTERS[number >> (3 * place) & 7])
            .collect::<String>()
    };
    words
        .map(|number| word(number + 1_000 * seed))
        .collect::<Vec<_>>()
        .join(" ")
}

fn write(data: &Location, articles: &[Article], batch: usize) {
    let mut writer = IndexWriter::open(data).expect("a writer");
    for articles in articles.chunks(batch) {
        for article in articles {
            writer.upsert(article).expect("indexed");
        }
        writer.commit().expect("committed");
    }
    writer.finish().expect("finished");
}

fn index_of(articles: &[Article]) -> (Place, Index) {
    let data = Place::new();
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

fn ids(hits: &Hits) -> Vec<&str> {
    hits.hits
        .iter()
        .map(|hit| hit.article.id.as_str())
        .collect()
}

fn collapsed(query: &str) -> SearchRequest {
    SearchRequest {
        collapses: true,
        ..SearchRequest::new(query)
    }
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
fn the_samples_hold_two_stories_that_two_outlets_print() {
    let data = Place::new();
    let mut writer = IndexWriter::open(data.at()).expect("a writer");
    let samples = Input::Path(concat!(env!("CARGO_MANIFEST_DIR"), "/../static/samples").into());
    IngestJob::new(vec![samples])
        .run(&mut writer, &NoProgress)
        .expect("a report");
    writer.finish().expect("finished");
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
fn articles_of_one_form_about_different_things_are_no_copies() {
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
fn a_new_copy_joins_with_the_next_commit_and_a_replaced_one_leaves() {
    let (data, index) = index_of(&[article("1", "عبّارة", FERRY), article("2", "سوق", MARKET)]);
    assert!(copies(&index, "1").is_empty());
    let commit = |mut writer: IndexWriter| {
        writer.commit().expect("committed");
        if data.folder().is_none() {
            // In a cluster, copies are found when the job ends.
            writer.finish().expect("finished");
            writer = IndexWriter::open(data.at()).expect("a writer");
        }
        index.refresh().expect("refreshed");
        writer
    };
    let writer = IndexWriter::open(data.at()).expect("a writer");
    writer
        .upsert(&article("3", "رحلة أولى", FERRY))
        .expect("indexed");
    let writer = commit(writer);
    assert_eq!(
        (copies(&index, "1"), copies(&index, "3")),
        (vec!["3".to_owned()], vec!["1".to_owned()])
    );
    writer
        .upsert(&article("3", "سوق السمك", MARKET))
        .expect("indexed");
    let writer = commit(writer);
    assert_eq!(
        (copies(&index, "1"), copies(&index, "3")),
        (vec![], vec!["2".to_owned()])
    );
    writer.finish().expect("finished");
    let nobody = ArticleId::new("nobody").expect("an id");
    assert_eq!(index.duplicates(&nobody, 10).expect("an answer"), None);
}

/// Which articles are together, of those that are not alone.
fn clusters(data: &Location, articles: &[Article]) -> BTreeSet<BTreeSet<String>> {
    let index = Index::open(data).expect("an index");
    let together = articles.iter().map(|article| {
        let id = article.id.as_str();
        copies(&index, id)
            .into_iter()
            .chain([id.to_owned()])
            .collect::<BTreeSet<_>>()
    });
    let clusters: BTreeSet<_> = together.filter(|cluster| cluster.len() > 1).collect();
    let stats = index.stats().expect("stats");
    assert_eq!(stats.duplicate_clusters as usize, clusters.len());
    assert_eq!(
        stats.duplicate_articles as usize,
        clusters.iter().map(BTreeSet::len).sum::<usize>()
    );
    clusters
}

#[test]
fn order_and_batches_and_what_was_replaced_make_no_difference() {
    // Stories in chains: each copy has lost its beginning and gone on, so that the first and the last are not alike.
    let copy = |seed: usize, step: usize| invented(seed, 20 * step..20 * step + 160);
    let mut articles: Vec<Article> = (0..12)
        .flat_map(|seed| (0..=seed % 5).map(move |step| (seed, step)))
        .map(|(seed, step)| {
            article(
                &format!("{seed}-{step}"),
                &format!("خبر {seed}"),
                &copy(seed, step),
            )
        })
        .collect();
    let expected = clusters(index_of(&articles).0.at(), &articles);
    assert!(
        expected.iter().any(|cluster| cluster.len() == 5),
        "{expected:?}"
    );
    for (turn, batch) in [5, 30].into_iter().enumerate() {
        articles.reverse();
        articles.rotate_left(5 * turn);
        let data = Place::new();
        // Every third has another text at first, which would make clusters of its own.
        let earlier: Vec<Article> = articles
            .iter()
            .step_by(3)
            .map(|later| article(later.id.as_str(), "مسودة", &copy(99, 0)))
            .collect();
        write(data.at(), &earlier, 4);
        write(data.at(), &articles, batch);
        assert_eq!(
            clusters(data.at(), &articles),
            expected,
            "batches of {batch}"
        );
        rebuild(data.at(), &NoProgress, &AtomicBool::new(false))
            .expect("rebuilt")
            .expect("not cancelled");
        assert_eq!(clusters(data.at(), &articles), expected, "rebuilt");
    }
}

#[test]
fn what_held_two_copies_together_lets_them_go_when_it_is_replaced() {
    let gone_on = |id: &str, words: usize| {
        let body = [invented(1, 0..160 - words), invented(3, 0..words)].join(" ");
        article(id, "خبر", &body)
    };
    let articles = [
        gone_on("first", 0),
        gone_on("middle", 30),
        gone_on("last", 60),
    ];
    let (data, index) = index_of(&articles);
    assert_eq!(copies(&index, "first"), ["last", "middle"]);
    write(
        data.at(),
        &[article("middle", "خبر", &invented(2, 0..160))],
        1,
    );
    index.refresh().expect("refreshed");
    assert!(copies(&index, "first").is_empty() && copies(&index, "last").is_empty());
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

#[test]
fn a_collapsed_search_shows_the_best_of_each_story_in_the_same_order() {
    let story = |seed: usize, copy: usize| {
        let mention = "القنطرة ".repeat(1 + (seed + copy) % 3);
        article(
            &format!("{seed}-{copy}"),
            &format!("خبر {seed}"),
            &format!("{mention}{}", invented(seed, 0..90 + seed)),
        )
    };
    let sizes: BTreeMap<usize, u64> =
        BTreeMap::from([(1, 1), (2, 3), (3, 1), (4, 2), (5, 6), (6, 1), (7, 2)]);
    let articles: Vec<Article> = sizes
        .iter()
        .flat_map(|(seed, size)| (0..*size as usize).map(|copy| story(*seed, copy)))
        .collect();
    let (_data, index) = index_of(&articles);
    let all = index
        .search(&SearchRequest {
            limit: 100,
            ..SearchRequest::new("القنطرة")
        })
        .expect("an answer");
    assert_eq!(all.total, 16);
    let seed_of = |id: &str| {
        id.split_once('-')
            .and_then(|(seed, _)| seed.parse::<usize>().ok())
            .expect("a story")
    };
    for hit in &all.hits {
        assert_eq!(
            hit.duplicates + 1,
            sizes[&seed_of(hit.article.id.as_str())],
            "{}",
            hit.article.id
        );
    }
    let mut shown = BTreeSet::new();
    let expected: Vec<&str> = ids(&all)
        .into_iter()
        .filter(|id| shown.insert(seed_of(id)))
        .collect();
    let one = index.search(&collapsed("القنطرة")).expect("an answer");
    assert_eq!((one.total, ids(&one)), (7, expected.clone()));
    assert!(
        one.hits
            .iter()
            .all(|hit| hit.duplicates + 1 == sizes[&seed_of(hit.article.id.as_str())])
    );
    let pages = [0, 3, 6, 9].map(|offset| {
        let page = index
            .search(&SearchRequest {
                limit: 3,
                offset,
                ..collapsed("القنطرة")
            })
            .expect("an answer");
        assert_eq!(page.total, 7);
        ids(&page)
            .into_iter()
            .map(str::to_owned)
            .collect::<Vec<_>>()
    });
    assert_eq!(pages.concat(), expected);
    let none = index
        .search(&SearchRequest {
            limit: 0,
            ..collapsed("القنطرة")
        })
        .expect("an answer");
    assert_eq!((none.total, none.hits.len()), (7, 0));
}

#[test]
fn hundreds_of_copies_leave_room_for_the_others() {
    // The copies say it more often, so that all of them come before the others.
    let copy = |id: usize| {
        article(
            &format!("copy-{id}"),
            "قنطرة قنطرة",
            &format!("{FERRY} القنطرة {id}"),
        )
    };
    let other = |id: usize| {
        article(
            &format!("other-{id}"),
            "خبر",
            &format!("{} القنطرة", invented(id, 0..200)),
        )
    };
    let articles: Vec<Article> = (0..450).map(copy).chain((0..12).map(other)).collect();
    let (_data, index) = index_of(&articles);
    let found = index.search(&collapsed("القنطرة")).expect("an answer");
    assert_eq!(
        (found.total, found.hits.len(), found.hits[0].duplicates),
        (13, 10, 449)
    );
    assert_eq!(
        ids(&found)
            .iter()
            .filter(|id| id.starts_with("other-"))
            .count(),
        9
    );
    let rest = index
        .search(&SearchRequest {
            offset: 10,
            ..collapsed("القنطرة")
        })
        .expect("an answer");
    assert_eq!(rest.hits.len(), 3);
}

#[test]
fn a_relaxed_search_counts_stories_throughout() {
    let copy = |id: usize| article(&format!("copy-{id}"), "عبّارة", FERRY);
    let articles: Vec<Article> = (0..25)
        .map(copy)
        .chain([article("market", "سوق", MARKET)])
        .collect();
    let (_data, index) = index_of(&articles);
    // All copies have both words, and are one story: the market, which has one of the words, is shown, too.
    let found = index.search(&collapsed("ميناء عبارة")).expect("an answer");
    assert_eq!(
        (
            found.total,
            found.relaxed.map(|relaxed| relaxed.with_all_words())
        ),
        (2, Some(1))
    );
    let plain = index
        .search(&SearchRequest::new("ميناء عبارة"))
        .expect("an answer");
    assert_eq!((plain.total, plain.relaxed), (25, None));
}
