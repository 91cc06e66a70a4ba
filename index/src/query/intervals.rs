//! Where words stand together: the places of a phrase, of a phrase with gaps, of words near one another, from the places of
//! each. It reads no index and no text, so that searching and marking go by the same rules.
//!
//! Places are positions of words, ascending; an interval is the first and the last word of a match.

/// The first and the last position of a match.
pub type Interval = (u32, u32);

/// The matches of words that follow one another, with at most `gaps` other words between them in all. Of the matches that
/// begin at one place there is the shortest. Ascending by their beginning.
pub fn in_order(words: &[&[u32]], gaps: u32) -> Vec<Interval> {
    let Some((first, rest)) = words.split_first() else {
        return Vec::new();
    };
    let reach = rest.len() as u32;
    let end_of = |start: u32| {
        // The nearest next word each time leaves the most room for the others.
        let last = rest.iter().try_fold(start, |at, places| {
            places
                .get(places.partition_point(|place| *place <= at))
                .copied()
        })?;
        (last - start <= reach.saturating_add(gaps)).then_some((start, last))
    };
    first.iter().filter_map(|start| end_of(*start)).collect()
}

/// The matches of parts in any order, none of them overlapping another, with at most `distance` other words between the
/// first and the last. Parts are matches themselves, ascending. Of the matches that hold another there is the inner one: they
/// ascend by their beginning and by their end.
///
/// `stops` is told how many steps are about to be made, and ends the search by saying so.
pub fn near(
    parts: &[&[Interval]],
    distance: u32,
    mut stops: impl FnMut(u32) -> bool,
) -> Vec<Interval> {
    let mut heads = vec![0; parts.len()];
    let mut found: Vec<Interval> = Vec::new();
    if parts.is_empty() {
        return found;
    }
    let firsts = parts.iter().map(|part| part.first().copied());
    let Some(mut now) = firsts.collect::<Option<Vec<Interval>>>() else {
        return found;
    };
    let steps = u32::try_from(parts.len() * parts.len()).unwrap_or(u32::MAX);
    loop {
        // Each part is held against each other one.
        if stops(steps) {
            return found;
        }
        let overlaps = |i: usize| {
            let touches = |(j, other): (usize, &Interval)| {
                j != i && other.0 <= now[i].1 && now[i].0 <= other.1
            };
            now.iter().enumerate().any(touches)
        };
        // One place serves one part: of parts that overlap, the one whose next match is nearer takes that.
        let next = |i: &usize| {
            parts[*i]
                .get(heads[*i] + 1)
                .map_or(u32::MAX, |(start, _)| *start)
        };
        let advances = match (0..now.len()).filter(|i| overlaps(*i)).min_by_key(next) {
            Some(part) => part,
            None => {
                let (start, end) = now.iter().fold((u32::MAX, 0), |(start, end), part| {
                    (start.min(part.0), end.max(part.1))
                });
                let words: u32 = now.iter().map(|(from, to)| to - from + 1).sum();
                if (end - start + 1).saturating_sub(words) <= distance {
                    // The same end from a later start is the inner match.
                    while found.last().is_some_and(|last| last.1 >= end) {
                        found.pop();
                    }
                    found.push((start, end));
                }
                (0..now.len()).min_by_key(|i| now[*i]).unwrap_or(0)
            }
        };
        heads[advances] += 1;
        match parts[advances].get(heads[advances]) {
            Some(next) => now[advances] = *next,
            None => return found,
        }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn check_order(words: &[&[u32]], gaps: u32, expected: &[Interval]) {
        assert_eq!(in_order(words, gaps), expected, "{words:?} ~{gaps}");
    }

    #[test]
    fn words_of_a_phrase_follow_one_another() {
        check_order(&[&[1, 5, 9], &[2, 7]], 0, &[(1, 2)]);
        check_order(&[&[1, 5, 9], &[2, 7]], 1, &[(1, 2), (5, 7)]);
        check_order(&[&[3], &[1]], 5, &[]);
        check_order(&[&[1, 2], &[2, 3], &[4]], 0, &[(2, 4)]);
        check_order(&[&[0], &[2], &[5]], 2, &[]);
        check_order(&[&[0], &[2], &[5]], 3, &[(0, 5)]);
        check_order(&[&[7]], 0, &[(7, 7)]);
        check_order(&[], 0, &[]);
    }

    fn words(places: &[u32]) -> Vec<Interval> {
        places.iter().map(|place| (*place, *place)).collect()
    }

    fn check_near(parts: &[&[Interval]], distance: u32, expected: &[Interval]) {
        assert_eq!(
            near(parts, distance, |_| false),
            expected,
            "{parts:?} within {distance}"
        );
    }

    #[test]
    fn parts_are_near_in_any_order() {
        check_near(&[&words(&[10]), &words(&[4])], 5, &[(4, 10)]);
        check_near(&[&words(&[10]), &words(&[4])], 4, &[]);
        check_near(&[&words(&[1, 10]), &words(&[3, 8])], 1, &[(1, 3), (8, 10)]);
        check_near(&[&[(2, 4)], &words(&[5])], 0, &[(2, 5)]);
        check_near(&[&[(2, 4)], &words(&[3])], 9, &[]);
        check_near(&[&words(&[1, 2]), &words(&[1, 2])], 0, &[(1, 2)]);
        check_near(&[&words(&[1]), &[]], 9, &[]);
        check_near(&[], 9, &[]);
    }

    #[test]
    fn a_search_for_what_is_near_can_be_ended() {
        let many = words(&(0..1_000).map(|i| 3 * i).collect::<Vec<_>>());
        let others = words(&(0..1_000).map(|i| 3 * i + 1).collect::<Vec<_>>());
        let mut steps_left = 400;
        let found = near(&[&many, &others], 0, |steps| {
            steps_left -= i64::from(steps);
            steps_left < 0
        });
        assert!(!found.is_empty() && found.len() <= 50, "{}", found.len());
    }

    proptest! {
        #[test]
        fn every_pair_that_is_near_enough_is_found(
            one in proptest::collection::btree_set(0..60u32, 0..12),
            other in proptest::collection::btree_set(0..60u32, 0..12),
            distance in 0..9u32,
        ) {
            let [one, other] = [one, other].map(|places| places.into_iter().collect::<Vec<_>>());
            let is_near = |a: &u32, b: &u32| a != b && a.abs_diff(*b) - 1 <= distance;
            let expected = one.iter().any(|a| other.iter().any(|b| is_near(a, b)));
            let found = near(&[&words(&one), &words(&other)], distance, |_| false);
            prop_assert_eq!(!found.is_empty(), expected, "{:?}", found);
            prop_assert!(found.windows(2).all(|pair| pair[0].0 < pair[1].0 && pair[0].1 < pair[1].1));
        }

        #[test]
        fn a_phrase_is_found_where_it_is(
            one in proptest::collection::btree_set(0..40u32, 0..20),
            other in proptest::collection::btree_set(0..40u32, 0..20),
        ) {
            let expected: Vec<Interval> =
                one.iter().filter(|place| other.contains(&(*place + 1))).map(|place| (*place, place + 1)).collect();
            let [one, other] = [one, other].map(|places| places.into_iter().collect::<Vec<_>>());
            prop_assert_eq!(in_order(&[&one, &other], 0), expected);
        }
    }
}
