//! The clusters of copies in a snapshot: computed from the signatures of the articles, and kept as a cluster number for
//! each document. [`crate::duplicates`] decides what a copy is.

use std::sync::Arc;

use tantivy::collector::{Collector, SegmentCollector};
use tantivy::{DocAddress, DocId, Score, Searcher, SegmentOrdinal, SegmentReader};

use crate::backend::tantivy::format::schema::SIGNATURE;
use crate::duplicates::{Clusters, Signature};
use crate::error::{Error, Result};

const READ: &str = "read the signatures of the index";

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
        for (segment, reader) in (0..).zip(searcher.segment_readers()) {
            read(reader, &mut signatures, |document| {
                documents.push(DocAddress::new(segment, document))
            })
            .map_err(Error::internal(READ))?;
        }
        let clusters = Clusters::of(&signatures);
        let unknown = |reader: &SegmentReader| vec![Clusters::NONE; reader.max_doc() as usize];
        let mut segments: Vec<Vec<u32>> = searcher.segment_readers().iter().map(unknown).collect();
        for (address, number) in documents.into_iter().zip(clusters.numbers()) {
            let segment = segments.get_mut(address.segment_ord as usize);
            if let Some(of_document) =
                segment.and_then(|segment| segment.get_mut(address.doc_id as usize))
            {
                *of_document = *number;
            }
        }
        Ok(Self {
            segments: segments.into_iter().map(Arc::from).collect(),
            sizes: clusters.sizes().to_vec(),
        })
    }

    /// Returns the number of a document's cluster; `None` if the document has no copies.
    pub fn cluster(&self, address: DocAddress) -> Option<u32> {
        let number = self
            .segments
            .get(address.segment_ord as usize)?
            .get(address.doc_id as usize)?;
        Some(*number).filter(|number| *number != Clusters::NONE)
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
) -> tantivy::Result<()> {
    let Some(column) = segment.fast_fields().bytes(SIGNATURE)? else {
        return Ok(());
    };
    let mut ordinals: Vec<(u64, DocId)> = segment
        .doc_ids_alive()
        .filter_map(|document| {
            column
                .ords()
                .first(document)
                .map(|ordinal| (ordinal, document))
        })
        .collect();
    // The list is sorted by ordinal, so that each block of the dictionary is read once.
    ordinals.sort_unstable();
    let mut documents = ordinals.iter().map(|(_, document)| *document);
    let ordinals: Vec<u64> = ordinals.iter().map(|(ordinal, _)| *ordinal).collect();
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

impl Collector for CountCollapsed<'_> {
    type Fruit = u64;
    type Child = SegmentCount;

    fn for_segment(
        &self,
        segment: SegmentOrdinal,
        _: &SegmentReader,
    ) -> tantivy::Result<SegmentCount> {
        let clusters = self
            .0
            .segments
            .get(segment as usize)
            .cloned()
            .unwrap_or_default();
        Ok(SegmentCount {
            clusters,
            alone: 0,
            seen: vec![0; self.0.sizes.len().div_ceil(u64::BITS as usize)],
        })
    }

    fn requires_scoring(&self) -> bool {
        false
    }

    fn merge_fruits(&self, segments: Vec<(u64, Vec<u64>)>) -> tantivy::Result<u64> {
        let mut alone = 0;
        let mut seen = vec![0; self.0.sizes.len().div_ceil(u64::BITS as usize)];
        for (alone_there, seen_there) in segments {
            alone += alone_there;
            seen.iter_mut()
                .zip(seen_there)
                .for_each(|(all, there)| *all |= there);
        }
        Ok(alone
            + seen
                .iter()
                .map(|bits| u64::from(bits.count_ones()))
                .sum::<u64>())
    }
}

impl SegmentCollector for SegmentCount {
    type Fruit = (u64, Vec<u64>);

    fn collect(&mut self, document: DocId, _: Score) {
        match self.clusters.get(document as usize) {
            None | Some(&Clusters::NONE) => self.alone += 1,
            Some(cluster) => {
                if let Some(bits) = self.seen.get_mut((cluster / u64::BITS) as usize) {
                    *bits |= 1 << (cluster % u64::BITS);
                }
            }
        }
    }

    fn harvest(self) -> Self::Fruit {
        (self.alone, self.seen)
    }
}
