//! The clusters of copies in a snapshot: computed from the signatures of the articles, and kept as a cluster number for
//! each document. [`crate::duplicates`] decides what a copy is.

use std::sync::Arc;

use tantivy::collector::{Collector, SegmentCollector};
use tantivy::{DocAddress, DocId, Result, Score, Searcher, SegmentOrdinal, SegmentReader};

use crate::backend::tantivy::format::SIGNATURE;
use crate::duplicates::{Clusters, Signature};

/// The cluster of each document, and the size of each cluster.
#[derive(Debug, Default)]
pub struct Duplicates {
    /// For each document of each segment, the number of its cluster, or [`Clusters::NONE`].
    segments: Vec<Arc<[u32]>>,
    sizes: Vec<u32>,
}

impl Duplicates {
    /// Computes the clusters of all articles of a searcher.
    pub fn of(searcher: &Searcher) -> Result<Self> {
        let mut signatures =
            Vec::with_capacity(usize::try_from(searcher.num_docs()).unwrap_or_default());
        let mut documents = Vec::with_capacity(signatures.capacity());
        let mut segments: Vec<Vec<u32>> = Vec::new();
        for (segment, reader) in (0..).zip(searcher.segment_readers()) {
            segments.push(vec![Clusters::NONE; reader.max_doc() as usize]);
            read(reader, &mut signatures, |document| {
                documents.push(DocAddress::new(segment, document))
            })?;
        }
        let clusters = Clusters::of(&signatures);
        for (address, number) in documents.into_iter().zip(clusters.numbers) {
            segments[address.segment_ord as usize][address.doc_id as usize] = number;
        }
        Ok(Self {
            segments: segments.into_iter().map(Arc::from).collect(),
            sizes: clusters.sizes,
        })
    }

    /// Returns the number of a document's cluster; `None` if the document has no copies.
    pub fn cluster(&self, address: DocAddress) -> Option<u32> {
        let segment = self.segments.get(address.segment_ord as usize)?;
        let number = *segment.get(address.doc_id as usize)?;
        (number != Clusters::NONE).then_some(number)
    }

    /// Returns how many copies each document of a cluster has: the size of the cluster less 1.
    pub fn copies(&self, cluster: u32) -> u64 {
        let size = self.sizes.get(cluster as usize).copied();
        u64::from(size.unwrap_or_default().saturating_sub(1))
    }

    /// Returns the other documents in the cluster of a document.
    pub fn others(&self, of: DocAddress) -> Vec<DocAddress> {
        let Some(cluster) = self.cluster(of) else {
            return Vec::new();
        };
        let mut others = Vec::new();
        for (segment, numbers) in (0..).zip(&self.segments) {
            for (document, number) in (0..).zip(&**numbers) {
                let address = DocAddress::new(segment, document);
                if *number == cluster && address != of {
                    others.push(address);
                }
            }
        }
        others
    }

    /// Returns the number of clusters.
    pub fn clusters(&self) -> u64 {
        self.sizes.len() as u64
    }

    /// Returns the number of documents in all clusters.
    pub fn documents(&self) -> u64 {
        self.sizes.iter().map(|size| u64::from(*size)).sum()
    }
}

/// Appends the signature of each document that is not deleted to `signatures`. Calls `on_document`
/// for these documents in the same order.
fn read(
    segment: &SegmentReader,
    signatures: &mut Vec<Signature>,
    mut on_document: impl FnMut(DocId),
) -> Result<()> {
    let Some(column) = segment.fast_fields().bytes(SIGNATURE)? else {
        return Ok(());
    };
    let ordinal = |document| Some((column.ords().first(document)?, document));
    let mut ordinals: Vec<(u64, DocId)> = segment.doc_ids_alive().filter_map(ordinal).collect();
    // The list is sorted by ordinal, so that each block of the dictionary is read once.
    ordinals.sort_unstable();
    let (ordinals, documents): (Vec<u64>, Vec<DocId>) = ordinals.into_iter().unzip();
    let mut documents = documents.into_iter();
    column
        .dictionary()
        .sorted_ords_to_term_cb(&ordinals, |bytes| {
            if let (Some(document), Some(signature)) =
                (documents.next(), Signature::from_bytes(bytes))
            {
                signatures.push(signature);
                on_document(document);
            }
        })?;
    Ok(())
}

/// A collector that counts the documents that match. The copies of one article count as one.
pub struct CountCollapsed<'a>(pub &'a Duplicates);

/// The counts of one segment: documents without copies, and clusters of copies.
pub struct SegmentCount {
    clusters: Arc<[u32]>,
    alone: u64,
    /// One bit for each cluster: whether a document of it matches.
    seen: Vec<u64>,
}

impl CountCollapsed<'_> {
    /// Returns [`SegmentCount::seen`] for no documents.
    fn none_seen(&self) -> Vec<u64> {
        vec![0; self.0.sizes.len().div_ceil(u64::BITS as usize)]
    }
}

impl Collector for CountCollapsed<'_> {
    type Fruit = u64;
    type Child = SegmentCount;

    fn for_segment(&self, segment: SegmentOrdinal, _: &SegmentReader) -> Result<SegmentCount> {
        let clusters = self.0.segments.get(segment as usize).cloned();
        Ok(SegmentCount {
            clusters: clusters.unwrap_or_default(),
            alone: 0,
            seen: self.none_seen(),
        })
    }

    fn requires_scoring(&self) -> bool {
        false
    }

    fn merge_fruits(&self, segments: Vec<SegmentCount>) -> Result<u64> {
        let mut alone = 0;
        let mut seen = self.none_seen();
        for segment in segments {
            alone += segment.alone;
            for (all, there) in seen.iter_mut().zip(segment.seen) {
                *all |= there;
            }
        }
        let clusters = seen.iter().map(|bits| u64::from(bits.count_ones()));
        Ok(alone + clusters.sum::<u64>())
    }
}

impl SegmentCollector for SegmentCount {
    type Fruit = Self;

    fn collect(&mut self, document: DocId, _: Score) {
        match self.clusters.get(document as usize) {
            None | Some(&Clusters::NONE) => self.alone += 1,
            Some(cluster) => {
                self.seen[(cluster / u64::BITS) as usize] |= 1 << (cluster % u64::BITS)
            }
        }
    }

    fn harvest(self) -> Self {
        self
    }
}
