//! The table of search parameters, and the words that choices accept. The HTTP API, the MCP tools
//! and the command line take their parameters from it; `request` turns them into a search.

use fihrist_index::document::Field;
use fihrist_index::query::Keyword;
use fihrist_index::search::{Interval, Matching, Operator, Order};
use fihrist_index::snippet::Highlight;

use super::table::{Choice, Kind, Param};
use crate::service::limits;

/// The parameters of a search over HTTP.
pub const SEARCH: &[Param] = &[
    QUERY,
    LIMIT,
    OFFSET,
    CURSOR,
    SORT,
    HALF_LIFE,
    SOURCE,
    SECTION,
    AUTHOR,
    FROM,
    TO,
    MATCH,
    OPERATOR,
    IN,
    HIGHLIGHT,
    RELAX,
    COLLAPSE,
    FACETS,
    HISTOGRAM,
    EXPLAIN,
    FRAGMENTS,
    FRAGMENT_CHARS,
];

/// The parameters that select the articles of a count: all articles if none is given.
pub const COUNTED: [Param; 10] = [
    COUNTED_QUERY,
    SOURCE_COUNTED,
    SECTION,
    AUTHOR,
    FROM,
    TO,
    MATCH,
    OPERATOR,
    IN,
    RELAX,
];

pub const QUERY: Param = Param::new(
    "q",
    Kind::Query,
    "The query: words, phrases in quotation marks, `-word` to exclude a word, and the rest of the query language. \
     Every text is a valid query.",
)
.required()
.example("\"وقف إطلاق النار\" ليبيا");

pub const COUNTED_QUERY: Param = Param::new(
    "q",
    Kind::Query,
    "Counts only articles that match this query. Counts all articles if it is missing or blank.",
)
.example("وقف إطلاق النار");

const SOURCE_COUNTED: Param = Param {
    example: None,
    ..SOURCE
};

pub const LIMIT: Param = Param::new(
    "limit",
    Kind::Integer(1, || limits().limit, 10),
    "Number of articles to return.",
);

pub const OFFSET: Param = Param::new(
    "offset",
    Kind::Integer(0, || limits().offset, 0),
    "Number of articles to skip. Cannot be combined with `cursor`.",
);

const CURSOR: Param = Param::new(
    "cursor",
    Kind::Text,
    "The `next_cursor` of an earlier answer to the same parameters: the answer continues after its last article, at any \
     depth. The ranking stays the same while pages are requested every few minutes, even if articles are written \
     meanwhile.",
);

pub const SORT: Param = Param::new(
    "sort",
    Kind::Choice(Some("SortParam"), || SORTS.words()),
    "Order of the articles: the best match first, or by date of publication. Articles without a date come last.",
)
.example("newest");

const HALF_LIFE: Param = Param::new(
    "half_life",
    Kind::Pattern("^[1-9][0-9]{0,2}[hdwy]$"),
    "Only with `sort=relevance`: the score of an article is halved for each period of this length since its publication. \
     A number of hours, days, weeks or years.",
)
.example("30d");

pub const SOURCE: Param = Param::new(
    "source",
    Kind::Texts,
    "Only articles of these sources; one or several. Spelling variants of a name match.",
)
.example("صحيفة الساحل");

pub const SECTION: Param = Param::new(
    "section",
    Kind::Texts,
    "Only articles of these sections; one or several.",
);

pub const AUTHOR: Param = Param::new(
    "author",
    Kind::Texts,
    "Only articles by one of these authors; one or several.",
);

pub const FROM: Param = Param::new(
    "from",
    Kind::Text,
    "Only articles published on or after this date: a year (2020), a month (2020-01), a day (2020-01-15), or a duration \
     such as P7D for the last seven days. Month names and Hijri dates are accepted. Days are in UTC.",
)
.example("2020-01");

pub const TO: Param = Param::new(
    "to",
    Kind::Text,
    "Only articles published before the end of this date. A duration such as P7D selects articles that are older than \
     seven days.",
)
.example("2020-03-15");

pub const MATCH: Param = Param::new(
    "match",
    Kind::Choice(Some("MatchParam"), || MATCHING.words()),
    "How a word matches: `exact` in this form only, `stem` by its stem, `auto` by its stem and by related stems.",
)
.example("auto");

pub const OPERATOR: Param = Param::new(
    "operator",
    Kind::Choice(Some("OperatorParam"), || OPERATORS.words()),
    "How words combine: `and` requires all, `or` requires any. `auto` requires all, or fewer if too few articles contain \
     all.",
)
.example("auto");

pub const IN: Param = Param::new(
    "in",
    Kind::List(|| Field::ALL.map(Field::name).to_vec(), true),
    "Fields in which words and phrases are searched if they name no field: some of `title`, `body` and `caption`, \
     separated by commas.",
)
.example("title,body");

const HIGHLIGHT: Param = Param::new(
    "highlight",
    Kind::Choice(Some("HighlightParam"), || HIGHLIGHTS.words()),
    "What is marked in a matching word: `word` marks it with its clitics, `stem` without them.",
)
.example("word");

pub const RELAX: Param = Param::new(
    "relax",
    Kind::Choice(Some("RelaxParam"), || RELAXES.words()),
    "Whether a query that finds too few articles is relaxed: fewer words are required, phrases match as words, or words \
     are corrected.",
)
.example("on");

const COLLAPSE: Param = Param::new(
    "collapse",
    Kind::Choice(Some("CollapseParam"), || COLLAPSES.words()),
    "`duplicates` shows and counts only the best of several copies of an article. `none` shows all copies.",
)
.example("duplicates");

const FACETS: Param = Param::new(
    "facets",
    Kind::List(|| Keyword::ALL.map(Keyword::name).to_vec(), false),
    "Fields whose most frequent values are counted in all matching articles: some of `source`, `section` and `author`, \
     separated by commas.",
)
.example("source,section");

const HISTOGRAM: Param = Param::new(
    "histogram",
    Kind::Choice(Some("IntervalParam"), || INTERVALS.words()),
    "Counts all matching articles by date, in intervals of this length. `auto` chooses a length that gives at most 60 \
     intervals.",
)
.example("auto")
.without("default");

pub const INTERVAL: Param = Param::new(
    "interval",
    Kind::Choice(Some("IntervalParam"), || INTERVALS.words()),
    "Length of the intervals. `auto` chooses the shortest length that gives at most 60 intervals. If days or weeks would \
     give more than 10,000, the next longer length is used.",
)
.example("month");

const EXPLAIN: Param = Param::new(
    "explain",
    Kind::Flag,
    "Whether each article comes with an explanation of why it matches.",
);

const FRAGMENTS: Param = Param::new(
    "fragments",
    Kind::Integer(0, || 20, 3),
    "Number of snippets per article.",
);

const FRAGMENT_CHARS: Param = Param::new(
    "fragment_chars",
    Kind::Integer(40, || 1_000, 200),
    "Approximate maximum length of a snippet, in characters.",
);

// The words that a choice accepts, each with its meaning to the engine.

pub const MATCHING: Choice<Matching> = Choice {
    words: &[
        ("auto", Matching::Auto),
        ("exact", Matching::Exact),
        ("stem", Matching::Stem),
    ],
    default: Matching::Auto,
};
pub const OPERATORS: Choice<Operator> = Choice {
    words: &[
        ("auto", Operator::Auto),
        ("and", Operator::And),
        ("or", Operator::Or),
    ],
    default: Operator::Auto,
};
pub const SORTS: Choice<Order> = Choice {
    words: &[
        ("relevance", Order::Relevance),
        ("newest", Order::Newest),
        ("oldest", Order::Oldest),
    ],
    default: Order::Relevance,
};
pub const INTERVALS: Choice<Interval> = Choice {
    words: &[
        ("auto", Interval::Auto),
        ("day", Interval::Day),
        ("week", Interval::Week),
        ("month", Interval::Month),
        ("year", Interval::Year),
    ],
    default: Interval::Auto,
};
pub const RELAXES: Choice<bool> = Choice {
    words: &[("on", true), ("off", false)],
    default: true,
};
pub const COLLAPSES: Choice<bool> = Choice {
    words: &[("duplicates", true), ("none", false)],
    default: false,
};
pub const HIGHLIGHTS: Choice<Highlight> = Choice {
    words: &[("word", Highlight::Word), ("stem", Highlight::Stem)],
    default: Highlight::Word,
};
