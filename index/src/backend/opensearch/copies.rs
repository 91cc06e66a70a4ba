//! The clusters of copies in a generation. Each document stores the lowest content hash of its cluster, so that
//! OpenSearch can collapse by that field. [`crate::duplicates`] decides which texts are copies, from all signatures.
//!
//! For example, articles with the content hashes 5, 9 and 7 are copies: all three store the cluster 5. An article
//! without copies stores its own content hash. When article 5 is deleted, the cluster becomes 7, and the other two are
//! corrected.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD_NO_PAD;
use rustc_hash::FxHashMap;
use serde_json::json;

use super::{
    Bulk, CLUSTER, CONTENT_HASH, File, Generation, HITS_A_PAGE, META, Read, Requester, SIGNATURE,
    TEXT, files, hits_of, scan, to_article, to_document, to_number,
};
use crate::document::AnalyzedArticle;
use crate::duplicates::{Clusters, Signature};
use crate::error::{OrInternal, Result};

/// The number of documents that are corrected at a time.
const CORRECTED: usize = 500;

/// The size of an entry in the file of cluster sizes: a cluster, and the number of its articles.
const ENTRY_BYTES: usize = size_of::<u64>() + size_of::<u32>();

/// What is known of the documents that have a signature.
#[derive(Default)]
struct Sketches {
    signatures: Vec<Signature>,
    /// For each document, its content hash and the cluster that it stores, which may be out of date.
    stored: Vec<(u64, u64)>,
}

/// Computes the clusters of copies, and corrects the documents that store another cluster. Returns
/// the file with the cluster sizes; `None` if there are no clusters.
pub fn update(requester: &Requester, generation: &Generation, bulk: &Bulk) -> Result<Option<File>> {
    let Sketches { signatures, stored } = read(requester, generation)?;
    let clusters = Clusters::of(&signatures);
    drop(signatures);
    let mut lowest: Vec<u64> = vec![u64::MAX; clusters.sizes.len()];
    for (number, (hash, _)) in clusters.numbers.iter().zip(&stored) {
        if let Some(lowest) = lowest.get_mut(*number as usize) {
            *lowest = (*lowest).min(*hash);
        }
    }
    let mut wrong: FxHashMap<u64, u64> = FxHashMap::default();
    for (number, (hash, stored)) in clusters.numbers.iter().zip(stored) {
        let cluster = lowest.get(*number as usize).copied().unwrap_or(hash);
        if cluster != stored {
            wrong.insert(hash, cluster);
        }
    }
    let hashes: Vec<u64> = wrong.keys().copied().collect();
    for some in hashes.chunks(CORRECTED) {
        correct(requester, generation, bulk, some, &wrong)?;
    }
    bulk.flush()?;
    if lowest.is_empty() {
        return Ok(None);
    }
    let mut sizes: Vec<(u64, u32)> = lowest.into_iter().zip(clusters.sizes).collect();
    sizes.sort_unstable();
    let mut bytes = Vec::with_capacity(sizes.len() * ENTRY_BYTES);
    for (cluster, size) in sizes {
        bytes.extend(cluster.to_le_bytes());
        bytes.extend(size.to_le_bytes());
    }
    files::put(requester, &generation.files, "copies", &bytes).map(Some)
}

/// The number of articles in each cluster of copies.
#[derive(Default)]
pub struct ClusterSizes(FxHashMap<u64, u32>);

impl ClusterSizes {
    /// Returns the number of clusters.
    pub fn clusters(&self) -> u64 {
        self.0.len() as u64
    }

    /// Returns the number of articles in all clusters.
    pub fn articles(&self) -> u64 {
        self.0.values().map(|size| u64::from(*size)).sum()
    }

    /// Returns the number of copies of an article in a cluster.
    pub fn copies_of(&self, cluster: u64) -> u64 {
        let size = self.0.get(&cluster).copied().unwrap_or_default();
        u64::from(size.saturating_sub(1))
    }
}

/// Reads the file of cluster sizes that a state names; no sizes if the state names none.
pub fn read_sizes(requester: &Requester, read: &Read) -> Result<ClusterSizes> {
    let Some(file) = &read.state.copies else {
        return Ok(ClusterSizes::default());
    };
    let bytes = files::get(requester, &read.index, file)?;
    let (entries, _) = bytes.as_chunks::<ENTRY_BYTES>();
    let entry = |entry: &[u8; ENTRY_BYTES]| {
        let (cluster, size) = entry.split_first_chunk()?;
        Some((
            u64::from_le_bytes(*cluster),
            u32::from_le_bytes(size.try_into().ok()?),
        ))
    };
    Ok(ClusterSizes(entries.iter().filter_map(entry).collect()))
}

fn read(requester: &Requester, generation: &Generation) -> Result<Sketches> {
    let body = json!({"size": HITS_A_PAGE, "_source": false, "docvalue_fields": [SIGNATURE, CONTENT_HASH, CLUSTER]});
    let mut sketches = Sketches::default();
    scan(requester, &generation.index, body, &mut |hits| {
        for hit in hits {
            let field = |name: &str| &hit["fields"][name][0];
            // The padding of the Base64 is removed, so that it does not matter whether the cluster
            // returns it.
            let bytes = field(SIGNATURE)
                .as_str()
                .and_then(|text| STANDARD_NO_PAD.decode(text.trim_end_matches('=')).ok());
            if let Some(signature) = bytes.and_then(|bytes| Signature::from_bytes(&bytes)) {
                sketches.signatures.push(signature);
                let cluster = to_number(field(CLUSTER));
                sketches
                    .stored
                    .push((to_number(field(CONTENT_HASH)), cluster));
            }
        }
        Ok(true)
    })?;
    Ok(sketches)
}

/// Writes the documents with these content hashes again, each with its cluster from `right`. A
/// newer version of a document is not overwritten.
fn correct(
    requester: &Requester,
    generation: &Generation,
    bulk: &Bulk,
    hashes: &[u64],
    right: &FxHashMap<u64, u64>,
) -> Result<()> {
    let body = json!({
        "size": hashes.len(),
        "version": true,
        "_source": [TEXT, META],
        "docvalue_fields": [CONTENT_HASH],
        "query": {"bool": {"filter": [{"terms": {CONTENT_HASH: hashes}}]}},
    });
    let answer = requester.search(&generation.index, &body)?;
    for hit in hits_of(&answer) {
        let content_hash = to_number(&hit["fields"][CONTENT_HASH][0]);
        let (Some(cluster), Some(version)) = (right.get(&content_hash), hit["_version"].as_u64())
        else {
            continue;
        };
        let source = hit.get("_source").ok_or("it is not stored");
        let article = to_article(source.or_internal("read a stored article")?)?;
        let analyzed = AnalyzedArticle::new(&article, content_hash, &generation.analyzer);
        let document = to_document(&analyzed, *cluster);
        bulk.put(article.id.as_str(), version + 1, &document)?;
    }
    Ok(())
}
