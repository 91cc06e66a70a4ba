//! The embedded index: a directory of generations, each a Tantivy index. It is the default backend.

mod candidates;
mod collect;
mod format;
mod generation;
mod query;
mod snapshot;
mod survey;

use parking_lot::RwLock;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use super::{Backend, RefreshOrder, Snapshot};
use crate::error::Result;
use crate::parallel::run_all;
use collect::View;
#[cfg(any(test, feature = "fuzzing"))]
pub(crate) use format::fuzzing;
#[cfg(any(test, feature = "fuzzing"))]
pub(crate) use generation::words_from_bytes;
pub use generation::{
    Commit, CommitFile, EmbeddedWriter, RestoreTarget, Turn, current_name, is_turn_taken,
};
use generation::{Generation, Stamp, directory, with_current};
use snapshot::EmbeddedSnapshot;
pub use survey::{DamagedFile, LostArticles, Place, Rank, Readout, Survey};

/// An index in a directory on this machine.
pub struct Embedded {
    data: PathBuf,
    /// The generation in use. It is replaced when another one becomes current.
    current: RwLock<Arc<Generation>>,
    refreshes: RefreshOrder,
}

impl Embedded {
    /// Opens the current generation at `data`.
    pub fn open(data: &Path) -> Result<Self> {
        let current = Generation::open_current(data)?;
        Ok(Self {
            data: data.to_owned(),
            current: RwLock::new(Arc::new(current)),
            refreshes: RefreshOrder::default(),
        })
    }

    fn current(&self) -> Arc<Generation> {
        Arc::clone(&self.current.read())
    }

    /// Follows the newest commit of the current generation. Calls `prepare` with a view before
    /// searches see it.
    fn follow(&self, prepare: impl Fn(&View) -> Result<()>) -> Result<()> {
        let current = self.current();
        let replacement = with_current(&self.data, |name| {
            // If the directory was emptied and filled again, a generation of the same name has
            // another model.
            if name == current.name
                && Stamp::read(&self.data, &directory(&self.data, name))? == current.stamp
            {
                current.follow_graph();
                return current.reload(&prepare).map(|()| None);
            }
            let next = Generation::open(&self.data, name)?;
            // The analyzer's stems of all words are computed here, so that no query waits for them.
            next.analyzer.warm_with(run_all);
            prepare(&next.view())?;
            Ok(Some(Arc::new(next)))
        })?;
        if let Some(next) = replacement {
            *self.current.write() = next;
        }
        Ok(())
    }
}

impl Backend for Embedded {
    fn snapshot(&self) -> Arc<dyn Snapshot> {
        Arc::new(EmbeddedSnapshot::new(self.current()))
    }

    fn refresh(&self) -> Result<()> {
        // The view is warmed here, so that no query waits for it.
        self.refreshes.run(|| self.follow(View::warm))
    }
}

#[cfg(test)]
mod tests {
    use std::sync::mpsc::channel;
    use std::thread::scope;
    use std::time::Duration;

    use super::*;
    use crate::IndexWriter;
    use crate::document::{Article, ArticleId, Segment, SegmentKind};
    use fihrist_arabic::Span;

    fn article(id: &str) -> Article {
        let text = "وصلت القوارب إلى المرفأ".to_owned();
        Article {
            id: ArticleId::new(id).expect("an id"),
            segments: vec![Segment {
                kind: SegmentKind::Body,
                span: Span::new(0, text.len()),
            }],
            text,
            source: None,
            section: None,
            authors: Vec::new(),
            url: None,
            published: None,
            unmapped: None,
        }
    }

    #[test]
    fn an_older_view_never_replaces_a_newer_one() {
        let data = tempfile::tempdir().expect("a directory");
        let write = |id: &str| {
            let mut writer = IndexWriter::open(data.path()).expect("a writer");
            writer.upsert(&article(id)).expect("written");
            writer.commit().expect("committed");
            writer.finish().expect("finished");
        };
        write("1");
        let index = Embedded::open(data.path()).expect("an index");
        write("2");
        let (begin, begun) = channel();
        let (finish, finished) = channel();
        scope(|scope| {
            let index = &index;
            scope.spawn(move || {
                // The first refresh has read two articles when it waits for the second refresh to
                // end. The second one must not end before it.
                let slow = |view: &View| {
                    begin.send(()).expect("a receiver");
                    let _ended = finished.recv_timeout(Duration::from_millis(500));
                    view.warm()
                };
                index
                    .refreshes
                    .run(|| index.follow(slow))
                    .expect("refreshed");
            });
            begun.recv().expect("the first refresh began");
            write("3");
            scope.spawn(move || {
                index.refresh().expect("refreshed");
                let _waits = finish.send(());
            });
        });
        assert_eq!(index.current().view().searcher.num_docs(), 3);
    }
}
