//! Finds the matches of a phrase, of a phrase with gaps, and of a `NEAR`, given the positions of
//! each word. It reads no index and no text, so that searching and marking follow the same rules.
//!
//! Positions are in ascending order. An interval is the pair of the first and the last position of
//! a match. For example, one word is at the positions 1 and 5, and the next word at 2 and 7. Then
//! the phrase matches at (1, 2); with one gap it also matches at (5, 7).

/// A match: the positions of its first and its last word.
pub type Interval = (u32, u32);

/// Returns the matches of words in order, with at most `gaps` other words between them in total.
/// `words` has the positions of each word. Of the matches with the same start it returns the
/// shortest. The matches are ordered by start.
pub fn in_order(words: &[&[u32]], gaps: u32) -> Vec<Interval> {
    let Some((first, rest)) = words.split_first() else {
        return Vec::new();
    };
    let reach = rest.len() as u32;
    let end_of = |start: u32| {
        // Each word takes its nearest position after the previous word, which leaves the most gaps
        // for the following words.
        let mut last = start;
        for positions in rest {
            last = *positions.get(positions.partition_point(|position| *position <= last))?;
        }
        (last - start <= reach.saturating_add(gaps)).then_some((start, last))
    };
    first.iter().filter_map(|start| end_of(*start)).collect()
}

/// Returns the matches of parts in any order, with at most `distance` other words between the first
/// part and the last. Each part is given by its own matches, in order. The parts of a match do not
/// overlap. If one match lies inside another, only the inner one is returned. The matches are
/// ordered by start and by end.
///
/// `stops` is called with the number of steps that follow; if it returns true, the search ends.
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
        // Each part is compared with every other part.
        if stops(steps) {
            return found;
        }
        let overlaps = |i: usize| {
            let touches = |(j, other): (usize, &Interval)| {
                j != i && other.0 <= now[i].1 && now[i].0 <= other.1
            };
            now.iter().enumerate().any(touches)
        };
        // A word can belong to one part only. Of the parts that overlap, the one whose next match
        // is nearest advances.
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
                    // Of matches with the same end, the one with the later start is the inner
                    // match.
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

    fn words(positions: &[u32]) -> Vec<Interval> {
        positions
            .iter()
            .map(|position| (*position, *position))
            .collect()
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
    fn a_search_for_near_parts_can_be_ended() {
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
            let [one, other] = [one, other].map(|positions| positions.into_iter().collect::<Vec<_>>());
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
                one.iter().filter(|position| other.contains(&(*position + 1))).map(|position| (*position, position + 1)).collect();
            let [one, other] = [one, other].map(|positions| positions.into_iter().collect::<Vec<_>>());
            prop_assert_eq!(in_order(&[&one, &other], 0), expected);
        }
    }
}
