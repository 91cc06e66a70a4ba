//! Tests of the graph, and of learning one from a small made-up corpus.

use super::*;

fn graph(pairs: &[(&'static str, &'static str, Relation, u8)]) -> Graph {
    Graph::from_pairs(pairs.iter().map(|pair| named(*pair)))
}

fn named<'a>((from, to, relation, similarity): (&'a str, &'a str, Relation, u8)) -> NamedPair<'a> {
    NamedPair {
        from,
        to,
        relation,
        similarity,
        is_one_way: false,
    }
}

const PAIRS: [(&str, &str, Relation, u8); 3] = [
    ("اقلام", "قلم", Relation::Plural, 90),
    ("قلمي", "قلم", Relation::Nisba, 120),
    ("مدريد", "مادريد", Relation::Spelling, 200),
];

#[test]
fn a_pair_is_found_from_both_stems_the_most_similar_first() {
    let graph = graph(&PAIRS);
    let of_pen: Vec<_> = graph
        .related("قلم")
        .map(|other| (other.stem, other.is_base, other.similarity))
        .collect();
    assert_eq!(of_pen, [("قلمي", false, 120), ("اقلام", false, 90)]);
    let of_pens: Vec<_> = graph
        .related("اقلام")
        .map(|other| (other.stem, other.is_base, other.relation))
        .collect();
    assert_eq!(of_pens, [("قلم", true, Relation::Plural)]);
    assert_eq!(
        (graph.related("كتاب").count(), graph.related("").count()),
        (0, 0)
    );
    assert_eq!((graph.pair_count(), graph.stem_count()), (3, 5));
}

#[test]
fn a_one_way_pair_is_found_from_its_base() {
    let one_way = NamedPair {
        is_one_way: true,
        ..named(("اعوام", "عام", Relation::Plural, 60))
    };
    let graph = Graph::from_pairs([one_way].into_iter().chain(PAIRS.map(named)));
    let graph = Graph::from_bytes(&graph.to_bytes()).expect("its own bytes");
    let stems = |of: &str| {
        graph
            .related(of)
            .map(|other| other.stem)
            .collect::<Vec<_>>()
    };
    assert_eq!(stems("عام"), ["اعوام"]);
    assert_eq!(stems("اعوام"), [""; 0]);
    assert_eq!(stems("مدريد"), ["مادريد"]);
}

#[test]
fn the_bytes_are_canonical() {
    let forward = graph(&PAIRS);
    let mut backward = PAIRS;
    backward.reverse();
    assert_eq!(graph(&backward).to_bytes(), forward.to_bytes());
    assert_eq!(graph(&backward).hash(), forward.hash());
    let again = Graph::from_bytes(&forward.to_bytes()).expect("its own bytes");
    assert_eq!(
        (again.to_bytes(), again.hash()),
        (forward.to_bytes(), forward.hash())
    );
    assert_ne!(forward.hash(), graph(&[]).hash());
}

#[test]
fn own_evidence_outweighs_the_base() {
    let own = graph(&[
        ("قلم", "اقلام", Relation::Spelling, 10),
        ("بيوت", "بيت", Relation::Plural, 50),
    ]);
    let merged = Graph::merge(&graph(&PAIRS), &own);
    assert_eq!(merged.pair_count(), 4);
    let pens = merged.related("اقلام").next().expect("still a pair");
    assert_eq!(
        (pens.stem, pens.relation, pens.is_base, pens.similarity),
        ("قلم", Relation::Spelling, false, 10)
    );
    assert_eq!(Graph::merge(&own, &graph(&[])).to_bytes(), own.to_bytes());
}

#[test]
fn a_hub_keeps_its_most_similar() {
    let letters = "بتثجحخدذرزس";
    let words: Vec<String> = letters
        .chars()
        .map(|letter| format!("كتا{letter}"))
        .collect();
    let pairs = words
        .iter()
        .zip(100..)
        .map(|(stem, similarity)| ("كتب", stem.as_str(), Relation::Spelling, similarity));
    let graph = Graph::from_pairs(pairs.map(named));
    let of_hub: Vec<_> = graph.related("كتب").map(|other| other.similarity).collect();
    assert_eq!(of_hub, [110, 109, 108, 107, 106, 105, 104, 103]);
    assert_eq!(
        graph.related("كتاب").next().map(|other| other.stem),
        Some("كتب")
    );
}

#[test]
fn the_base_graph_in_this_binary_reads_and_knows_plurals() {
    let base = Graph::base();
    assert_eq!(
        Graph::from_bytes(&base.to_bytes()).map(|graph| graph.hash),
        Ok(base.hash.clone())
    );
    assert!(base.pair_count() > 2_000, "{base:?}");
    assert!(BASE.len() < 150_000, "{} bytes", BASE.len());
    for (plural, singular) in [
        ("مدارس", "مدرسه"),
        ("صواريخ", "صاروخ"),
        ("اسلحه", "سلاح"),
        ("شعوب", "شعب"),
    ] {
        let related: Vec<_> = base.related(plural).filter(|other| other.is_base).collect();
        assert!(
            related
                .iter()
                .any(|other| other.stem == singular && other.relation == Relation::Plural),
            "{plural}: {related:?}"
        );
    }
}

/// Returns a corpus in which a plural shares the contexts of its singular, and a look-alike does not.
fn corpus() -> Vec<Vec<String>> {
    let mut fields = Vec::new();
    for i in 0..400u64 {
        // All other words are pseudo-random.
        let noise = |seed: u64| {
            format!(
                "حشو{}",
                (i * 8 + seed).wrapping_mul(0x9E37_79B9_7F4A_7C15) >> 58
            )
        };
        let (pen, house) = if i % 2 == 0 {
            ("قلم", "بيت")
        } else {
            ("اقلام", "ثلج")
        };
        let sentences = [
            ["حبر", pen, "ورق"],
            ["باب", house, "سقف"],
            ["برد", "اثلاج", "شتاء"],
        ];
        let mut field = Vec::new();
        for sentence in sentences {
            field.extend(sentence.map(str::to_owned));
            field.extend([noise(1), noise(2), noise(4), noise(5)]);
        }
        fields.push(field);
    }
    fields
}

fn learn(fields: &[Vec<String>], part_count: usize) -> Graph {
    learn_with(&[], fields, part_count)
}

fn learn_with(listed: &[ListedPair], fields: &[Vec<String>], part_count: usize) -> Graph {
    // Every word takes the article in half of its occurrences, as nouns do.
    let words = fields.iter().flatten().flat_map(|stem| {
        [
            (stem.clone(), stem.clone(), 1),
            (format!("ال{stem}"), stem.clone(), 1),
        ]
    });
    // The twenty most frequent stems are no contexts: these twenty words occur nowhere else.
    let common = ('ب'..='ي')
        .take(20)
        .map(|letter| (format!("و{letter}"), format!("و{letter}"), 100_000));
    let learner = Learner::new(words.chain(common), listed, |_, _| false);
    let mut parts: Vec<_> = (0..part_count)
        .map(|_| learner.cooccurrence_counts())
        .collect();
    for (i, field) in fields.iter().enumerate() {
        parts[i % part_count].add(field.iter().map(|stem| (|| stem.as_str(), None)));
    }
    let whole = parts.into_iter().reduce(|mut whole, part| {
        whole.merge(part);
        whole
    });
    learner.finish(whole.expect("a part"))
}

#[test]
fn similar_contexts_confirm_a_proposal() {
    let graph = learn(&corpus(), 1);
    let pens = graph.related("اقلام").next().expect("a pair");
    assert_eq!(
        (pens.stem, pens.relation, pens.is_base),
        ("قلم", Relation::Plural, true)
    );
    assert_eq!(
        graph.related("اثلاج").next(),
        None,
        "it looks like the plural of a word with other contexts"
    );
}

#[test]
fn a_listed_pair_needs_similar_contexts_only_if_a_stem_is_not_the_word() {
    let learn = |is_whole, base: &str| {
        let listed = ListedPair {
            form: "اثلاج".to_owned(),
            base: base.to_owned(),
            relation: Relation::Plural,
            is_whole,
        };
        let graph = learn_with(&[listed], &corpus(), 1);
        assert_eq!(graph.related("اثلاج").next(), None);
        let related = graph.related("ثلج").next();
        related.map(|other| (other.stem.to_owned(), other.is_one_way, other.similarity))
    };
    // The stems are frequent and their contexts differ, so the plural does not find the singular.
    assert_eq!(learn(true, "ثلج"), Some(("اثلاج".to_owned(), true, 128)));
    assert_eq!(learn(false, "ثلج"), None);
    assert_eq!(learn(true, "ثلوج"), None, "it is no stem of the corpus");
}

#[test]
fn the_graph_does_not_depend_on_order_or_parts() {
    let mut fields = corpus();
    let expected = learn(&fields, 1).to_bytes();
    assert_eq!(learn(&fields, 3).to_bytes(), expected);
    fields.reverse();
    assert_eq!(learn(&fields, 2).to_bytes(), expected);
}

#[test]
fn a_tiny_corpus_teaches_nothing() {
    assert_eq!(learn(&[], 1).pair_count(), 0);
    assert_eq!(learn(&corpus()[..3], 1).pair_count(), 0);
}

#[test]
fn reads_what_it_wrote_and_refuses_what_is_damaged() {
    let graph = Graph::base();
    let mut compressed = graph.to_compressed(3).expect("compressed");
    assert_eq!(
        Graph::from_compressed(&compressed).expect("a graph").hash(),
        graph.hash()
    );
    assert!(Graph::from_compressed(&compressed[..compressed.len() - 3]).is_err());
    compressed[0] ^= 1;
    assert!(Graph::from_compressed(&compressed).is_err());
}
