//! Function words. They are indexed like all words. A query ignores them if it contains any other
//! word.

use std::sync::LazyLock;

use rustc_hash::FxHashSet;

/// Function words of the written language, folded: prepositions, conjunctions, pronouns,
/// demonstratives, relatives, particles.
const WRITTEN: &str = "
    من في علي الي عن مع هذا هذه ذلك تلك هذان هاتان هولاء هؤلاء اولئك الذي التي الذين اللذين
    اللتين اللذان اللتان اللواتي اللاتي ما ماذا لماذا متي اين كيف هل لا لم لن ليس ليست قد لقد
    سوف ان انه انها انهم كان كانت كانوا يكون تكون هو هي هم هن هما انا انت نحن او ام ثم بل لكن
    لكنه لكنها حتي اذا اذ لو لولا كما كي لكي بين بينما بعد قبل عند عندما حين حيث منذ خلال حول ضد
    غير الا اي كل بعض به بها بهم له لها لهم فيه فيها فيهم منه منها منهم عليه عليها عليهم اليه
    اليها عنه عنها معه معها لدي ايضا فقط نحو دون اما مما بما
";

/// Function words of the spoken language, as people type them in a search: Egypt, the Levant, the
/// Gulf, Iraq, the Maghreb. The list omits words that mean something else in the written language:
/// `دول` is "these" in Cairo and "states" in the news.
const COLLOQUIAL: &str = "
    ايه ليه ازاي فين امتي مين ده دي دا كده كدا اللي علشان عشان بتاع بتاعه بتاعت مش مفيش احنا لسه
    كمان برضه شو وين ليش هيك هاد هيدا هيدي هدول مشان منشان يلي شلون قديش اديش ايمتي وش ايش شنو
    هذي ذي مو اكو ماكو شكو واش اش اشنو شكون علاش كيفاش وقتاش فوقاش شحال ديال نتاع متاع هادي هادو
    باش علاه
";

static STOP_WORDS: LazyLock<FxHashSet<&str>> = LazyLock::new(|| {
    let lists = [WRITTEN, COLLOQUIAL];
    lists.into_iter().flat_map(str::split_whitespace).collect()
});

/// Returns whether the folded word is a function word, with or without a conjunction before it.
pub fn is_stop_word(folded: &str) -> bool {
    let bare = folded.strip_prefix(['و', 'ف']).unwrap_or(folded);
    STOP_WORDS.contains(folded) || STOP_WORDS.contains(bare)
}
