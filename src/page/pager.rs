//! The pages of a result, and which of them are linked.

use crate::service::limits;

/// Number of hits on one page.
pub const PAGE_SIZE: usize = 10;

/// Returns the number of the last page that can be requested.
pub fn max_page() -> usize {
    limits().offset / PAGE_SIZE + 1
}

/// The links between the pages of a result, if it has more than one page.
pub struct Pager {
    pub current: usize,
    pub last: usize,
    /// The numbers of the pages with a link: the first, the last and the neighbours. `None` marks
    /// omitted pages.
    pub links: Vec<Option<usize>>,
}

impl Pager {
    /// Returns the pages around `current`. Returns `None` if one page is enough, or if `current` lies
    /// after the last page.
    pub fn new(current: usize, total: u64) -> Option<Self> {
        let total = usize::try_from(total).unwrap_or(usize::MAX);
        let last = total.div_ceil(PAGE_SIZE).min(max_page());
        if last <= 1 || current > last {
            return None;
        }
        let mut links = Vec::new();
        let mut before = 0;
        for page in
            (1..=last).filter(|page| *page == 1 || *page == last || page.abs_diff(current) <= 2)
        {
            // The link to a single omitted page takes as much space as an ellipsis, so the link is
            // shown.
            if page == before + 2 {
                links.push(Some(page - 1));
            } else if page > before + 2 {
                links.push(None);
            }
            links.push(Some(page));
            before = page;
        }
        Some(Self {
            current,
            last,
            links,
        })
    }

    pub fn previous(&self) -> Option<usize> {
        (self.current > 1).then(|| self.current - 1)
    }

    pub fn next(&self) -> Option<usize> {
        (self.current < self.last).then(|| self.current + 1)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn links_first_last_and_neighbours() {
        let check = |current: usize, total: u64, expected: &str| {
            let shown = Pager::new(current, total).map_or_else(String::new, |pager| {
                let shown = |link: &Option<usize>| {
                    link.map_or_else(|| "…".to_owned(), |page| page.to_string())
                };
                pager.links.iter().map(shown).collect::<Vec<_>>().join(" ")
            });
            assert_eq!(shown, expected, "page {current} of {total} hits");
        };
        check(1, 0, "");
        check(1, 10, "");
        check(1, 11, "1 2");
        check(1, 60, "1 2 3 … 6");
        check(4, 70, "1 2 3 4 5 6 7");
        check(10, 200, "1 … 8 9 10 11 12 … 20");
        check(1_001, 1_000_000, "1 … 999 1000 1001");
        check(9, 20, "");
    }
}
