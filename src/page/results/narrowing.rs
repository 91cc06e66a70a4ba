//! What a reader may choose beside the results: an order, outlets, sections, a stretch of time. All of it are links.

use fihrist_index::query::Keyword;
use fihrist_index::search::{Bucket, Facet, Histogram, Interval};
use jiff::ToSpan;
use jiff::civil::Date;

use super::address::{Address, Sort, toggle};
use crate::page::arabic::{ARTICLES, counted, day, month, year};

/// A link that is a choice.
pub struct Choice {
    pub name: String,
    pub href: String,
    /// How many articles it leads to, in digits; empty where that is not told.
    pub count: String,
    pub is_chosen: bool,
}

/// The choices for one field.
pub struct Field {
    pub name: &'static str,
    pub choices: Vec<Choice>,
}

/// Articles over time as a picture; lengths are in units of its view box.
pub struct Picture {
    pub width: u32,
    pub height: u32,
    pub bars: Vec<Bar>,
    pub undated: Option<String>,
}

/// One stretch of time.
pub struct Bar {
    /// `مارس 2020`.
    pub name: String,
    pub count: u64,
    /// `3 مقالات`.
    pub words: String,
    pub href: String,
    pub x: u32,
    pub y: u32,
    pub width: u32,
    pub height: u32,
}

const HEIGHT: u32 = 100;
const WIDTH: u32 = 1_200;

/// A bar that stands for something is seen.
const MIN_HEIGHT: u64 = 4;

/// The orders.
pub fn sorts(address: &Address) -> Vec<Choice> {
    let choice = |sort: Sort| Choice {
        name: match sort {
            Sort::Relevance => "الأوفق",
            Sort::Newest => "الأحدث",
            Sort::Oldest => "الأقدم",
        }
        .to_owned(),
        href: address.changed(|address| address.sort = sort),
        count: String::new(),
        is_chosen: address.sort == sort,
    };
    Sort::ALL.map(choice).into()
}

/// Stretches of time that end today.
pub fn times(address: &Address) -> Vec<Choice> {
    let choice = |(name, from): (&str, &str)| Choice {
        name: name.to_owned(),
        href: address.changed(|address| (address.from, address.to) = (Some(from.to_owned()), None)),
        count: String::new(),
        is_chosen: address.from.as_deref() == Some(from) && address.to.is_none(),
    };
    [("آخر أسبوع", "P7D"), ("آخر شهر", "P1M"), ("آخر سنة", "P1Y")].map(choice).into()
}

/// What is chosen, each with the link that undoes it.
pub fn chosen(address: &Address) -> Vec<Choice> {
    let choice = |name: String, href: String| Choice { name, href, count: String::new(), is_chosen: true };
    let mut chosen: Vec<Choice> = Vec::new();
    for source in &address.sources {
        chosen.push(choice(source.clone(), address.changed(|address| toggle(&mut address.sources, source))));
    }
    for section in &address.sections {
        chosen.push(choice(section.clone(), address.changed(|address| toggle(&mut address.sections, section))));
    }
    if address.has_time() {
        let name = match (address.from.as_deref(), address.to.as_deref()) {
            (Some(from), Some(to)) if from == to => from.to_owned(),
            (Some(from), Some(to)) => format!("من {from} إلى {to}"),
            (Some("P7D"), None) => "آخر أسبوع".to_owned(),
            (Some("P1M"), None) => "آخر شهر".to_owned(),
            (Some("P1Y"), None) => "آخر سنة".to_owned(),
            (Some(from), None) => format!("منذ {from}"),
            (None, to) => format!("حتى {}", to.unwrap_or_default()),
        };
        chosen.push(choice(name, address.changed(|address| (address.from, address.to) = (None, None))));
    }
    chosen
}

/// The values of a field, those that are chosen first.
pub fn field(address: &Address, facet: Facet) -> Field {
    let (name, is_source) = match facet.field {
        Keyword::Source => ("المصدر", true),
        Keyword::Section => ("القسم", false),
        Keyword::Author => ("الكاتب", false),
    };
    let known = if is_source { &address.sources } else { &address.sections };
    let mut choices: Vec<Choice> = facet
        .values
        .into_iter()
        .map(|value| Choice {
            is_chosen: known.contains(&value.value),
            href: address.changed(|address| {
                toggle(if is_source { &mut address.sources } else { &mut address.sections }, &value.value);
            }),
            count: crate::page::arabic::with_thousands(value.count),
            name: value.value,
        })
        .collect();
    choices.sort_by_key(|choice| !choice.is_chosen);
    Field { name, choices }
}

/// The picture of a histogram, if there is something to compare.
pub fn picture(address: &Address, histogram: &Histogram) -> Option<Picture> {
    let (buckets, most) = (&histogram.buckets, histogram.buckets.iter().map(|bucket| bucket.count).max()?);
    let slots = u32::try_from(buckets.len()).ok().filter(|slots| (2..=WIDTH / 2).contains(slots))?;
    let slot = WIDTH / slots;
    let bars = (0..).zip(buckets).map(|(place, bucket)| {
        let height = match bucket.count {
            0 => 0,
            count => u32::try_from((count * u64::from(HEIGHT) / most).max(MIN_HEIGHT)).unwrap_or(HEIGHT),
        };
        let (from, to) = ends(bucket, histogram.interval);
        Bar {
            name: match histogram.interval {
                Interval::Auto | Interval::Day | Interval::Week => day(bucket.from),
                Interval::Month => month(bucket.from),
                Interval::Year => year(bucket.from),
            },
            count: bucket.count,
            words: counted(bucket.count, &ARTICLES),
            href: address.changed(|address| (address.from, address.to) = (Some(from), Some(to))),
            // Time runs as the page is read: the first stretch is on the right.
            x: slot * (slots - 1 - place),
            y: HEIGHT - height,
            width: (slot * 4 / 5).max(1),
            height,
        }
    });
    let undated = (histogram.undated > 0).then(|| counted(histogram.undated, &ARTICLES));
    Some(Picture { width: slot * slots, height: HEIGHT, bars: bars.collect(), undated })
}

/// The two ends of a bucket as an address says them.
fn ends(bucket: &Bucket, interval: Interval) -> (String, String) {
    let from: Date = bucket.from;
    match interval {
        Interval::Auto | Interval::Day => (from.to_string(), from.to_string()),
        Interval::Week => (from.to_string(), from.checked_add(6.days()).unwrap_or(from).to_string()),
        Interval::Month => (from.strftime("%Y-%m").to_string(), from.strftime("%Y-%m").to_string()),
        Interval::Year => (from.strftime("%Y").to_string(), from.strftime("%Y").to_string()),
    }
}
