//! The filters beside the results: the order, sources, sections and the period. All of them are
//! links.

use fihrist_index::query::Keyword;
use fihrist_index::search::{Bucket, Facet, Histogram, Interval, Order};
use jiff::ToSpan;
use jiff::civil::Date;

use super::Address;
use crate::page::{ARTICLES, Display, Language, counted, day, month, with_thousands};

/// A link that makes a choice.
pub struct Choice {
    pub name: String,
    pub href: String,
    /// The number of articles in digits; empty if it is not counted.
    pub count: String,
    pub is_chosen: bool,
}

impl Choice {
    fn new(name: impl Into<String>, href: String, is_chosen: bool) -> Self {
        Self {
            name: name.into(),
            href,
            count: String::new(),
            is_chosen,
        }
    }
}

/// The values of one field that the reader can choose from.
pub struct Field {
    pub name: &'static str,
    pub choices: Vec<Choice>,
}

/// A bar chart of articles by date. Lengths are in units of its view box.
pub struct Picture {
    pub width: usize,
    pub height: u64,
    pub bars: Vec<Bar>,
    pub undated: Option<String>,
}

/// The bar of one interval.
pub struct Bar {
    /// The name of the interval, such as `مارس 2020`.
    pub name: String,
    pub count: u64,
    /// The number of articles in words, such as `3 مقالات`.
    pub words: String,
    pub href: String,
    /// The first and the last day of the interval, as written in an address.
    pub from: String,
    pub to: String,
    pub x: usize,
    pub y: u64,
    pub width: usize,
    pub height: u64,
}

const HEIGHT: u64 = 100;
const WIDTH: usize = 1_200;

/// A bar that counts articles is at least this high, so that it is visible.
const MIN_HEIGHT: u64 = 4;

/// Returns the choices of the sort order.
pub fn sorts(address: &Address) -> Vec<Choice> {
    let language = address.display.language;
    let names = [
        (Order::Relevance, language.pick("الأوفق", "Relevance")),
        (Order::Newest, language.pick("الأحدث", "Newest")),
        (Order::Oldest, language.pick("الأقدم", "Oldest")),
    ];
    let choice = |(sort, name): (Order, &str)| {
        let href = address.changed(|address| address.sort = sort);
        Choice::new(name, href, address.sort == sort)
    };
    names.map(choice).into()
}

/// Returns the link that turns Hijri dates on or off.
pub fn calendar(address: &Address) -> Choice {
    let Display {
        language,
        has_hijri,
    } = address.display;
    // The results stay the same, so the link leads to the same page number.
    let mut changed = address.clone();
    changed.display.has_hijri = !has_hijri;
    let name = language.pick("التاريخ الهجري", "Hijri dates");
    Choice::new(name, changed.href(), has_hijri)
}

/// The periods offered, each by its start as written in an address. They end today.
const RECENT: [&str; 3] = ["P7D", "P1M", "P1Y"];

/// Returns the name of a period of [`RECENT`], or `None` for another start.
fn recent(language: Language, from: &str) -> Option<&'static str> {
    match from {
        "P7D" => Some(language.pick("آخر أسبوع", "Last week")),
        "P1M" => Some(language.pick("آخر شهر", "Last month")),
        "P1Y" => Some(language.pick("آخر سنة", "Last year")),
        _ => None,
    }
}

/// Returns the choices of the period of publication.
pub fn times(address: &Address) -> Vec<Choice> {
    let choice = |from: &str| {
        let name = recent(address.display.language, from).unwrap_or_default();
        let is_chosen = address.from.as_deref() == Some(from) && address.to.is_none();
        let href =
            address.changed(|address| (address.from, address.to) = (Some(from.to_owned()), None));
        Choice::new(name, href, is_chosen)
    };
    RECENT.map(choice).into()
}

/// Returns the chosen filters, each with the link that removes it.
pub fn chosen(address: &Address) -> Vec<Choice> {
    let mut chosen: Vec<Choice> = Vec::new();
    for field in [Keyword::Source, Keyword::Section] {
        let choice = |value: &String| Choice::new(value, address.toggled(field, value), true);
        chosen.extend(address.values(field).iter().map(choice));
    }
    if address.has_time() {
        let href = address.changed(|address| (address.from, address.to) = (None, None));
        chosen.push(Choice::new(stretch(address), href, true));
    }
    if !address.relaxes {
        let language = address.display.language;
        let name = language.pick("كما كتبتُه فقط", "Exactly as written");
        let href = address.changed(|address| address.relaxes = true);
        chosen.push(Choice::new(name, href, true));
    }
    chosen
}

/// Returns the chosen period of publication in words.
fn stretch(address: &Address) -> String {
    let language = address.display.language;
    match (address.from.as_deref(), address.to.as_deref()) {
        (Some(from), Some(to)) if from == to => from.to_owned(),
        (Some(from), Some(to)) => match language {
            Language::Arabic => format!("من {from} إلى {to}"),
            Language::English => format!("{from} to {to}"),
        },
        (Some(from), None) => match recent(language, from) {
            Some(name) => name.to_owned(),
            None => format!("{} {from}", language.pick("منذ", "since")),
        },
        (None, to) => format!(
            "{} {}",
            language.pick("حتى", "until"),
            to.unwrap_or_default()
        ),
    }
}

/// Returns the values of a field as choices, the chosen values first.
pub fn field(address: &Address, facet: Facet) -> Field {
    let language = address.display.language;
    let name = match facet.field {
        Keyword::Source => language.pick("المصدر", "Source"),
        Keyword::Section => language.pick("القسم", "Section"),
        Keyword::Author => language.pick("الكاتب", "Author"),
    };
    let choices = facet.values.into_iter().map(|value| Choice {
        is_chosen: address.values(facet.field).contains(&value.value),
        href: address.toggled(facet.field, &value.value),
        count: with_thousands(value.count),
        name: value.value,
    });
    let mut choices: Vec<Choice> = choices.collect();
    choices.sort_by_key(|choice| !choice.is_chosen);
    Field { name, choices }
}

/// Returns the bar chart of a histogram, or `None` for fewer than two intervals or for too many to
/// draw.
pub fn picture(address: &Address, histogram: &Histogram) -> Option<Picture> {
    let buckets = &histogram.buckets;
    let most = buckets.iter().map(|bucket| bucket.count).max()?;
    let slots = buckets.len();
    if !(2..=WIDTH / 2).contains(&slots) {
        return None;
    }
    let slot = WIDTH / slots;
    let language = address.display.language;
    let bars = buckets.iter().enumerate().map(|(place, bucket)| {
        let height = match bucket.count {
            0 => 0,
            count => (count * HEIGHT / most).max(MIN_HEIGHT),
        };
        let (from, to) = ends(bucket, histogram.interval);
        Bar {
            name: match histogram.interval {
                Interval::Auto | Interval::Day | Interval::Week => day(language, bucket.from),
                Interval::Month => month(language, bucket.from),
                Interval::Year => bucket.from.year().to_string(),
            },
            count: bucket.count,
            words: counted(language, bucket.count, &ARTICLES),
            href: address.changed(|address| {
                (address.from, address.to) = (Some(from.clone()), Some(to.clone()))
            }),
            from,
            to,
            // The order of the bars follows the reading direction of the page.
            x: slot
                * match language {
                    Language::Arabic => slots - 1 - place,
                    Language::English => place,
                },
            y: HEIGHT - height,
            width: (slot * 4 / 5).max(1),
            height,
        }
    });
    let undated = (histogram.undated > 0).then(|| counted(language, histogram.undated, &ARTICLES));
    Some(Picture {
        width: slot * slots,
        height: HEIGHT,
        bars: bars.collect(),
        undated,
    })
}

/// Returns the first and the last day of an interval, as written in an address.
fn ends(bucket: &Bucket, interval: Interval) -> (String, String) {
    let first: Date = bucket.from;
    let from = match interval {
        Interval::Auto | Interval::Day | Interval::Week => first.to_string(),
        Interval::Month => first.strftime("%Y-%m").to_string(),
        Interval::Year => first.strftime("%Y").to_string(),
    };
    let to = match interval {
        Interval::Week => first.checked_add(6.days()).unwrap_or(first).to_string(),
        Interval::Auto | Interval::Day | Interval::Month | Interval::Year => from.clone(),
    };
    (from, to)
}
