//! The parameters of a search: what they may be, and what they ask of the engine.

use fihrist_index::document::Field;
use fihrist_index::query::{Keyword, Scope};
use fihrist_index::search::{Cursor, Filters, Interval, Matching, Operator, Order, SearchRequest};
use fihrist_index::snippet::{Highlight, Options};
use utoipa::{IntoParams, ToSchema};

use super::filters;
use crate::service::error::ApiError;
use crate::service::limits::limits;
use crate::service::params::Params;

/// The parameters of a search.
#[derive(Debug, IntoParams, ToSchema)]
#[into_params(parameter_in = Query)]
#[expect(
    dead_code,
    reason = "describes the parameters; `checked` reads them one by one to explain every mistake"
)]
pub struct SearchParams {
    /// What to search for: words, phrases in quotation marks, `-word` for what must not be there, and all else of the query
    /// language. Any text is a query.
    #[param(max_length = 2000, example = "\"وقف إطلاق النار\" ليبيا")]
    #[schema(max_length = 2000, example = "\"وقف إطلاق النار\" ليبيا")]
    q: String,
    /// How many articles to answer with.
    #[param(minimum = 1, maximum = 100, default = 10)]
    #[schema(minimum = 1, maximum = 100, default = 10)]
    limit: Option<usize>,
    /// How many articles to leave out at the start. Not with `cursor`.
    #[param(minimum = 0, maximum = 10000, default = 0)]
    #[schema(minimum = 0, maximum = 10000, default = 0)]
    offset: Option<usize>,
    /// The `next_cursor` of an answer to the same parameters, to go on after its last article: however far, and in the ranking of
    /// that answer for as long as pages are turned every few minutes, whatever is written meanwhile.
    cursor: Option<String>,
    /// In which order articles come: the best match first, or by the date of publication, those without one last.
    #[param(default = "relevance", example = "newest")]
    #[schema(default = "relevance", example = "newest")]
    sort: Option<SortParam>,
    /// With `sort=relevance`: a match counts half as much with every stretch of this length by which it is older. A number of
    /// hours, days, weeks or years.
    #[param(pattern = "^[1-9][0-9]{0,2}[hdwy]$", example = "30d")]
    #[schema(pattern = "^[1-9][0-9]{0,2}[hdwy]$", example = "30d")]
    half_life: Option<String>,
    /// Only articles of these outlets, as `facets` tells them or spelled otherwise; one or several.
    #[param(example = json!(["صحيفة الساحل"]))]
    #[schema(max_items = 100, example = json!(["صحيفة الساحل"]))]
    source: Option<Vec<String>>,
    /// Only articles of these sections of their outlets; one or several.
    #[schema(max_items = 100)]
    section: Option<Vec<String>>,
    /// Only articles by one of these authors; one or several.
    #[schema(max_items = 100)]
    author: Option<Vec<String>>,
    /// Only articles published from this on: a year, a month, a day, or a duration such as `P7D` for the last seven days. Months by
    /// their names and dates of the Hijri calendar are understood, too. Days are those of UTC.
    #[param(example = "2020-01")]
    #[schema(example = "2020-01")]
    from: Option<String>,
    /// Only articles published until the end of this; a duration such as `P7D` for what is older than that.
    #[param(example = "2020-03-15")]
    #[schema(example = "2020-03-15")]
    to: Option<String>,
    /// What of a word has to agree: `stem`, `exact` for the word itself, or `auto` for the stem and what is taken for it.
    #[param(default = "auto", example = "auto")]
    #[schema(default = "auto", example = "auto")]
    r#match: Option<MatchParam>,
    /// How words combine: `and` for all, `or` for any, `auto` for all of them, or fewer where too few articles have all.
    #[param(default = "auto", example = "auto")]
    #[schema(default = "auto", example = "auto")]
    operator: Option<OperatorParam>,
    /// Where words and phrases may stand that name no field: some of `title`, `body`, `caption`, with commas between.
    #[param(
        default = "title,body,caption",
        pattern = "^(title|body|caption)(,(title|body|caption))*$",
        example = "title,body"
    )]
    #[schema(
        default = "title,body,caption",
        pattern = "^(title|body|caption)(,(title|body|caption))*$",
        example = "title,body"
    )]
    r#in: Option<String>,
    /// What of a word is marked: all of it with its clitics, `word`, or the part inside them, `stem`.
    #[param(default = "word", example = "word")]
    #[schema(default = "word", example = "word")]
    highlight: Option<HighlightParam>,
    /// Whether a query that finds too little is loosened: fewer words, phrases as words, words corrected.
    #[param(default = "on", example = "on")]
    #[schema(default = "on", example = "on")]
    relax: Option<RelaxParam>,
    /// Whether of articles that are copies of one another only the best is shown and counted: `duplicates`, or `none` to show
    /// all.
    #[param(default = "none", example = "duplicates")]
    #[schema(default = "none", example = "duplicates")]
    collapse: Option<CollapseParam>,
    /// The fields whose commonest values in all articles that match are counted: some of `source`, `section`, `author`, with
    /// commas between.
    #[param(
        pattern = "^(source|section|author)(,(source|section|author))*$",
        example = "source,section"
    )]
    #[schema(
        pattern = "^(source|section|author)(,(source|section|author))*$",
        example = "source,section"
    )]
    facets: Option<String>,
    /// By which stretches of time all articles that match are counted; `auto` for some that give at most 60.
    #[param(example = "auto")]
    #[schema(example = "auto")]
    histogram: Option<IntervalParam>,
    /// Whether each article says why it matches.
    #[param(default = false)]
    #[schema(default = false)]
    explain: Option<bool>,
    /// How many snippets of an article to show.
    #[param(minimum = 0, maximum = 20, default = 3)]
    #[schema(minimum = 0, maximum = 20, default = 3)]
    fragments: Option<usize>,
    /// About how long a snippet may be, in characters.
    #[param(minimum = 40, maximum = 1000, default = 200)]
    #[schema(minimum = 40, maximum = 1000, default = 200)]
    fragment_chars: Option<usize>,
}

/// What of a word has to agree.
#[derive(Debug, ToSchema)]
#[schema(rename_all = "lowercase")]
#[expect(dead_code, reason = "describes the values of a parameter")]
pub enum MatchParam {
    Auto,
    Exact,
    Stem,
}

/// What of a word is marked.
#[derive(Debug, ToSchema)]
#[schema(rename_all = "lowercase")]
#[expect(dead_code, reason = "describes the values of a parameter")]
enum HighlightParam {
    Word,
    Stem,
}

/// Whether a query is loosened.
#[derive(Debug, ToSchema)]
#[schema(rename_all = "lowercase")]
#[expect(dead_code, reason = "describes the values of a parameter")]
pub enum RelaxParam {
    On,
    Off,
}

/// What is shown as one.
#[derive(Debug, ToSchema)]
#[schema(rename_all = "lowercase")]
#[expect(dead_code, reason = "describes the values of a parameter")]
enum CollapseParam {
    Duplicates,
    None,
}

/// In which order articles come.
#[derive(Debug, ToSchema)]
#[schema(rename_all = "lowercase")]
#[expect(dead_code, reason = "describes the values of a parameter")]
enum SortParam {
    Relevance,
    Newest,
    Oldest,
}

/// Stretches of time.
#[derive(Debug, ToSchema)]
#[schema(rename_all = "lowercase")]
#[expect(dead_code, reason = "describes the values of a parameter")]
pub enum IntervalParam {
    Auto,
    Day,
    Week,
    Month,
    Year,
}

/// How words combine.
#[derive(Debug, ToSchema)]
#[schema(rename_all = "lowercase")]
#[expect(dead_code, reason = "describes the values of a parameter")]
pub enum OperatorParam {
    Auto,
    And,
    Or,
}

pub const KNOWN: [&str; 22] = [
    "q",
    "limit",
    "offset",
    "cursor",
    "sort",
    "half_life",
    "source",
    "section",
    "author",
    "from",
    "to",
    "match",
    "operator",
    "in",
    "highlight",
    "relax",
    "collapse",
    "facets",
    "histogram",
    "explain",
    "fragments",
    "fragment_chars",
];
pub const MATCHING: [(&str, Matching); 3] = [
    ("auto", Matching::Auto),
    ("exact", Matching::Exact),
    ("stem", Matching::Stem),
];
pub const OPERATORS: [(&str, Operator); 3] = [
    ("auto", Operator::Auto),
    ("and", Operator::And),
    ("or", Operator::Or),
];

/// On unless it is switched off.
#[derive(Debug, Clone, Copy)]
pub struct Relaxes(pub bool);

impl Default for Relaxes {
    fn default() -> Self {
        Self(true)
    }
}

/// Off unless it is asked for.
#[derive(Debug, Clone, Copy, Default)]
pub struct Collapses(pub bool);

pub const COLLAPSE: [(&str, Collapses); 2] =
    [("duplicates", Collapses(true)), ("none", Collapses(false))];
pub const RELAX: [(&str, Relaxes); 2] = [("on", Relaxes(true)), ("off", Relaxes(false))];
const HIGHLIGHTS: [(&str, Highlight); 2] = [("word", Highlight::Word), ("stem", Highlight::Stem)];

pub const SORTS: [(&str, Order); 3] = [
    ("relevance", Order::Relevance),
    ("newest", Order::Newest),
    ("oldest", Order::Oldest),
];
pub const INTERVALS: [(&str, Interval); 5] = [
    ("auto", Interval::Auto),
    ("day", Interval::Day),
    ("week", Interval::Week),
    ("month", Interval::Month),
    ("year", Interval::Year),
];

/// The searched fields by name.
pub fn scope(params: &mut Params) -> Scope {
    let fields = Field::ALL.map(|field| (field.name(), Scope::of(field)));
    params
        .choices("in", &fields)
        .into_iter()
        .reduce(Scope::or)
        .unwrap_or(Scope::ALL)
}

/// Checks the parameters of a search; every mistake is explained.
pub fn checked(mut params: Params) -> Result<SearchRequest, ApiError> {
    let query = params.required_text("q");
    let filters = filters::read(&mut params, filters::today());
    let order = order(&mut params);
    let facets = params.choices("facets", &Keyword::ALL.map(|field| (field.name(), field)));
    let histogram = params
        .has("histogram")
        .then(|| params.choice("histogram", &INTERVALS));
    let has_offset = params.has("offset");
    let mut request = SearchRequest {
        // A person who sets nothing and types nothing asks for nothing; who narrows or sorts looks around.
        blank_finds_all: filters != Filters::default()
            || !order.needs_scores()
            || !facets.is_empty()
            || histogram.is_some(),
        query,
        limit: params.integer("limit", 1..=limits().limit, limits().limit.min(10)),
        offset: params.integer("offset", 0..=limits().offset, 0),
        cursor: None,
        order,
        filters,
        matching: params.choice("match", &MATCHING),
        operator: params.choice("operator", &OPERATORS),
        scope: scope(&mut params),
        highlight: params.choice("highlight", &HIGHLIGHTS),
        relaxes: params.choice("relax", &RELAX).0,
        collapses: params.choice("collapse", &COLLAPSE).0,
        facets,
        histogram,
        explains: params.flag("explain"),
        snippets: Options {
            max_snippets: params.integer("fragments", 0..=20, 3),
            max_snippet_chars: params.integer("fragment_chars", 40..=1_000, 200),
        },
    };
    if let Some(cursor) = params.text("cursor") {
        request.cursor = Cursor::parse(&cursor, &request);
        if has_offset {
            params.wrong("cursor", "give a cursor or an offset, not both");
        } else if request.cursor.is_none() {
            params.wrong(
                "cursor",
                "expected the next_cursor of an answer to the same parameters",
            );
        }
    }
    params.finish()?;
    Ok(request)
}

/// The parameters that say which articles a count is of.
pub const COUNTED: [&str; 10] = [
    "q", "source", "section", "author", "from", "to", "match", "operator", "in", "relax",
];

/// Checks the parameters of a count: of all articles where nothing is asked.
pub fn narrowed(mut params: Params) -> Result<SearchRequest, ApiError> {
    let request = SearchRequest {
        filters: filters::read(&mut params, filters::today()),
        blank_finds_all: true,
        matching: params.choice("match", &MATCHING),
        operator: params.choice("operator", &OPERATORS),
        scope: scope(&mut params),
        relaxes: params.choice("relax", &RELAX).0,
        ..SearchRequest::new(&params.text("q").unwrap_or_default())
    };
    params.finish()?;
    Ok(request)
}

/// The order that `sort` and `half_life` ask for.
fn order(params: &mut Params) -> Order {
    let order = params.choice("sort", &SORTS);
    let Some(text) = params.text("half_life") else {
        return order;
    };
    match half_life_seconds(&text) {
        None => params.wrong(
            "half_life",
            "expected a number of hours, days, weeks or years, as in 12h, 30d, 6w, 1y",
        ),
        Some(_) if order != Order::Relevance => {
            params.wrong("half_life", "it goes with sort=relevance alone")
        }
        Some(half_life_seconds) => return Order::Recency { half_life_seconds },
    }
    order
}

/// Reads a number of hours, days, weeks or years, of three digits at most.
fn half_life_seconds(text: &str) -> Option<u32> {
    const HOUR: u32 = 3_600;
    let (number, unit) = text.split_at_checked(text.len().checked_sub(1)?)?;
    let unit = match unit {
        "h" => HOUR,
        "d" => 24 * HOUR,
        "w" => 7 * 24 * HOUR,
        "y" => 365 * 24 * HOUR,
        _ => return None,
    };
    let is_number =
        (1..=3).contains(&number.len()) && number.bytes().all(|byte| byte.is_ascii_digit());
    let number: u32 = number
        .parse()
        .ok()
        .filter(|number| is_number && *number > 0)?;
    number.checked_mul(unit)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_half_lives() {
        let check = |text: &str, expected: Option<u32>| {
            assert_eq!(half_life_seconds(text), expected, "{text}")
        };
        check("12h", Some(43_200));
        check("30d", Some(2_592_000));
        check("2w", Some(1_209_600));
        check("99y", Some(3_122_064_000));
        check("999y", None);
        check("0d", None);
        check("+3d", None);
        check("1000d", None);
        check("30", None);
        check("d", None);
        check("", None);
        check("30ي", None);
        check("٣٠d", None);
    }
}
