//! Encodes a graph as bytes: the stems, front-coded, then the pairs column by column, which
//! compresses well. The module `compression` compresses the bytes.

use super::{Pair, Relation};
use crate::varint;

/// The first bytes of every graph. The digit is the version of the format.
const MAGIC: &[u8] = b"fihrist graph 1\n";

/// Why bytes are not a graph.
#[derive(Debug, PartialEq, Eq, thiserror::Error)]
pub enum GraphError {
    /// The bytes do not begin with the magic number of this version's format.
    #[error("not a graph in the format that this program reads")]
    Unknown,
    /// The bytes begin with the magic but are not a graph.
    #[error("damaged graph: unexpected content at byte {offset}")]
    Damaged {
        /// The offset at which decoding stopped.
        offset: usize,
    },
}

/// The bit of a relation's code that says that the pair is one-way.
const ONE_WAY: u8 = 0x80;

/// The greatest number of bits in an encoded number. No graph has as many stems as such a number
/// can count.
const MAX_BITS: u32 = 28;

/// Encodes sorted stems and their sorted pairs.
pub fn encode(stems: &[Box<str>], pairs: &[Pair]) -> Vec<u8> {
    let mut bytes = MAGIC.to_vec();
    varint::push(&mut bytes, stems.len());
    let mut previous: &[u8] = &[];
    for stem in stems.iter().map(|stem| stem.as_bytes()) {
        let shared = previous
            .iter()
            .zip(stem)
            .take_while(|(one, other)| one == other)
            .count();
        varint::push(&mut bytes, shared);
        varint::push(&mut bytes, stem.len() - shared);
        bytes.extend(&stem[shared..]);
        previous = stem;
    }
    varint::push(&mut bytes, pairs.len());
    let mut previous = 0;
    for pair in pairs {
        varint::push(&mut bytes, (pair.from - previous) as usize);
        previous = pair.from;
    }
    pairs
        .iter()
        .for_each(|pair| varint::push(&mut bytes, pair.to as usize));
    bytes.extend(pairs.iter().map(|pair| match pair.is_one_way {
        true => pair.relation as u8 | ONE_WAY,
        false => pair.relation as u8,
    }));
    bytes.extend(pairs.iter().map(|pair| pair.similarity));
    bytes
}

/// Decodes the bytes of [`encode`]; fails for any other bytes.
pub fn decode(bytes: &[u8]) -> Result<(Vec<Box<str>>, Vec<Pair>), GraphError> {
    let mut rest = bytes.strip_prefix(MAGIC).ok_or(GraphError::Unknown)?;
    let content = take_content(&mut rest).filter(|_| rest.is_empty());
    content.ok_or(GraphError::Damaged {
        offset: bytes.len() - rest.len(),
    })
}

fn take_content(rest: &mut &[u8]) -> Option<(Vec<Box<str>>, Vec<Pair>)> {
    let stems = take_stems(rest)?;
    let pairs = take_pairs(rest, stems.len())?;
    let mut is_used = vec![false; stems.len()];
    for pair in &pairs {
        is_used[pair.from as usize] = true;
        is_used[pair.to as usize] = true;
    }
    let mut joined: Vec<_> = pairs
        .iter()
        .map(|pair| (pair.from.min(pair.to), pair.from.max(pair.to)))
        .collect();
    joined.sort_unstable();
    let is_canonical =
        is_used.iter().all(|is_used| *is_used) && joined.is_sorted_by(|one, next| one < next);
    Some((stems, pairs)).filter(|_| is_canonical)
}

fn take_stems(rest: &mut &[u8]) -> Option<Vec<Box<str>>> {
    let count = take_number(rest)?;
    let mut stems: Vec<Box<str>> = Vec::new();
    for _ in 0..count {
        let previous = stems.last().map_or(&[][..], |stem| stem.as_bytes());
        let shared = take_number(rest)?;
        let own = take_number(rest)?;
        let mut stem = previous.get(..shared)?.to_vec();
        let (letters, others) = rest.split_at_checked(own)?;
        stem.extend(letters);
        let is_shortest = previous
            .get(shared)
            .is_none_or(|next| letters.first() != Some(next));
        if !is_shortest || (!stems.is_empty() && *previous >= *stem) {
            return None;
        }
        *rest = others;
        stems.push(String::from_utf8(stem).ok()?.into_boxed_str());
    }
    Some(stems)
}

fn take_pairs(rest: &mut &[u8], stem_count: usize) -> Option<Vec<Pair>> {
    let count = take_number(rest)?;
    // A pair takes at least four bytes. This check keeps a damaged count from reserving too much
    // memory.
    if count > rest.len() / 4 {
        return None;
    }
    let mut pairs = Vec::with_capacity(count);
    let mut previous = 0;
    for _ in 0..count {
        previous = take_number(rest)?
            .checked_add(previous)
            .filter(|from| *from < stem_count)?;
        pairs.push(Pair {
            from: previous as u32,
            to: 0,
            relation: Relation::Plural,
            similarity: 0,
            is_one_way: false,
        });
    }
    for pair in &mut pairs {
        pair.to =
            take_number(rest).filter(|to| *to < stem_count && *to != pair.from as usize)? as u32;
    }
    for pair in &mut pairs {
        let code = *rest.split_off_first()?;
        pair.relation = *Relation::ALL.get(usize::from(code & !ONE_WAY))?;
        pair.is_one_way = code & ONE_WAY != 0;
    }
    for pair in &mut pairs {
        pair.similarity = *rest.split_off_first()?;
    }
    Some(pairs).filter(|pairs| pairs.is_sorted_by_key(|pair| (pair.from, pair.to)))
}

fn take_number(rest: &mut &[u8]) -> Option<usize> {
    varint::take(rest, MAX_BITS)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn sample() -> (Vec<Box<str>>, Vec<Pair>) {
        let stems = ["بلد", "بلدان", "سهم", "اسهم"];
        let mut stems: Vec<Box<str>> = stems.into_iter().map(Box::from).collect();
        stems.sort();
        let pair = |from, to, relation| Pair {
            from,
            to,
            relation,
            similarity: 200,
            is_one_way: false,
        };
        (
            stems,
            vec![pair(0, 3, Relation::Plural), pair(2, 1, Relation::Spelling)],
        )
    }

    #[test]
    fn reads_what_it_wrote() {
        let (stems, pairs) = sample();
        assert_eq!(decode(&encode(&stems, &pairs)), Ok((stems, pairs)));
        assert_eq!(decode(&encode(&[], &[])), Ok((Vec::new(), Vec::new())));
    }

    #[test]
    fn cut_or_grown_bytes_are_damage() {
        let (stems, pairs) = sample();
        let bytes = encode(&stems, &pairs);
        for end in MAGIC.len()..bytes.len() {
            assert!(
                matches!(decode(&bytes[..end]), Err(GraphError::Damaged { .. })),
                "cut at {end}"
            );
        }
        assert!(matches!(
            decode(&[&bytes[..], &[0]].concat()),
            Err(GraphError::Damaged { .. })
        ));
        assert_eq!(decode(b"fihrist graph 0\n"), Err(GraphError::Unknown));
    }

    #[test]
    fn numbers_have_one_spelling() {
        for number in [0, 1, 127, 128, 16_383, 16_384, (1 << 28) - 1] {
            let mut bytes = Vec::new();
            varint::push(&mut bytes, number);
            assert_eq!(take_number(&mut &bytes[..]), Some(number));
        }
        assert_eq!(take_number(&mut &[0x80, 0][..]), None);
    }

    proptest! {
        #[test]
        fn whatever_is_read_is_written_the_same(
            change in proptest::collection::vec((0usize..80, any::<u8>()), 0..6),
            tail in proptest::collection::vec(any::<u8>(), 0..64),
            is_sample in any::<bool>(),
        ) {
            let (stems, pairs) = sample();
            let mut bytes = if is_sample { encode(&stems, &pairs) } else { [MAGIC, &tail].concat() };
            for (offset, byte) in change {
                if let Some(old) = bytes.get_mut(MAGIC.len() + offset) {
                    *old = byte;
                }
            }
            if let Ok((stems, pairs)) = decode(&bytes) {
                prop_assert_eq!(encode(&stems, &pairs), bytes);
            }
        }
    }
}
