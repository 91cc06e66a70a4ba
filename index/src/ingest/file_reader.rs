//! The reading thread of a pass. It walks the input and reads each file, or takes it from the
//! cache. It puts the articles into the queues of the working threads.

use std::hash::{Hash, Hasher};
use std::ops::ControlFlow;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering::Relaxed};
use std::time::Duration;

use crossbeam_channel::Sender;
use rustc_hash::FxHasher;

use super::{
    Budget, CacheUse, CachedFile, Event, File, FileIdentity, FileLocation, FileMark, IngestJob,
    Item, Places, ReadArticle, ReadFile, RejectedInput, Reservation, UnchangedFiles, Unpack,
    WalkStep, continue_if, id_hash, unchanged_files, walk,
};
use crate::{ArticleId, Upserted};

/// A rejected record that is longer than this number of bytes waits until it is alone in the queue of
/// events, so that the queue's records take little memory.
const MAX_QUEUED_RECORD: usize = 64 << 10;
const QUEUE_POLL: Duration = Duration::from_millis(1);

/// An article on its way to a working thread.
pub struct QueuedArticle<'a> {
    pub article: Arc<ReadArticle>,
    /// The index of its file in the walk.
    pub file_index: u32,
    _reservation: Reservation<'a>,
}

/// The state of the reading thread.
pub struct FileReader<'a> {
    pub job: &'a IngestJob,
    pub unchanged: &'a UnchangedFiles,
    pub cache: CacheUse<'a>,
    /// One queue for each working thread.
    pub queues: Vec<Sender<QueuedArticle<'a>>>,
    pub events: Sender<Event>,
    pub budget: &'a Budget,
    pub bytes_read: &'a AtomicU64,
    /// When this is true, the thread stops reading.
    pub stop: &'a AtomicBool,
}

/// The state of a file that is being read.
struct FileInProgress<'f> {
    file: &'f File,
    /// The file's index in the walk.
    file_index: u32,
    identity: FileIdentity,
    /// The hashes of the ids of the articles read from it.
    ids: Vec<u64>,
    /// True if the file is in a known format.
    is_article_file: bool,
    has_rejections: bool,
}

impl FileReader<'_> {
    /// Reads the input. Returns whether all of it was read, and the article files that were read to
    /// their ends, each with its index in the walk.
    pub fn run(self) -> (bool, Vec<(u32, ReadFile)>) {
        let mut files = Vec::new();
        let mut places = Places::new(&self.unchanged.ledger);
        let mut steps = (0..).zip(walk(self.job));
        let flow = steps.try_for_each(|(file_index, step)| {
            self.check_stop()?;
            match step {
                WalkStep::Skipped(file) => self.send(Event::Skipped(file)),
                WalkStep::LinkOut(name) => self.send(Event::LinkOut(name)),
                WalkStep::Rejected(rejected) => self.send(Event::Rejected(rejected)),
                WalkStep::File(file) => {
                    let read = self.read_file(file_index, &file, &mut places)?;
                    files.extend(read.map(|read| (file_index, read)));
                    ControlFlow::Continue(())
                }
            }
        });
        (flow.is_continue(), files)
    }

    /// Reads a file, unless it is unchanged. Returns it if it is an article file.
    fn read_file(
        &self,
        file_index: u32,
        file: &File,
        places: &mut Places<'_>,
    ) -> ControlFlow<(), Option<ReadFile>> {
        if let Some(ids) = self.unchanged.unchanged(file) {
            self.send(Event::UnchangedFile(ids.len() as u64))?;
            return ControlFlow::Continue(None);
        }
        let mark = unchanged_files::mark(file);
        let mut in_progress = FileInProgress {
            file,
            file_index,
            identity: FileIdentity::of(unchanged_files::path(file)),
            ids: Vec::new(),
            is_article_file: false,
            has_rejections: false,
        };
        let cached = match self.cache {
            CacheUse::Drain(cache) => cache.take(file_index, mark),
            CacheUse::Fill(_) | CacheUse::Unused => None,
        };
        match cached {
            Some(cached) => {
                self.bytes_read.fetch_add(cached.bytes_read, Relaxed);
                for mut item in cached.items {
                    in_progress.identity.locate(&mut item, &file.name, places);
                    self.handle(item, &mut in_progress)?;
                }
            }
            None => self.unpack(mark, &mut in_progress, places)?,
        }
        if !in_progress.is_article_file {
            return ControlFlow::Continue(None);
        }
        // A file that changed while it was read, or that has a rejection, gets no mark: the next
        // job reads it again.
        let is_same = mark == unchanged_files::mark(file);
        let FileInProgress {
            identity,
            mut ids,
            has_rejections,
            ..
        } = in_progress;
        let replaced_ids = identity.replaced_ids(places, &ids, has_rejections);
        ids.sort_by_key(|id| !identity.is_located(*id));
        let located_count = ids.iter().filter(|id| identity.is_located(**id)).count();
        let path = identity.path.unwrap_or_else(|| file.name.clone());
        let root_bytes = match file.location {
            FileLocation::Disk(_) => file.input.real.as_os_str().len(),
            FileLocation::Memory(_) | FileLocation::Spool(_) => path.len(),
        };
        ControlFlow::Continue(Some(ReadFile {
            root_bytes,
            path,
            mark: mark.filter(|_| is_same && !has_rejections),
            has_rejections,
            is_sample: matches!(file.location, FileLocation::Memory(_)),
            located_count,
            ids,
            place: identity.place,
            moved_from: identity.moved_from,
            replaced_ids,
        }))
    }

    /// Reads a file. Its items go into the cache if a later pass needs them and there is room for
    /// the whole file.
    fn unpack(
        &self,
        mark: Option<FileMark>,
        in_progress: &mut FileInProgress<'_>,
        places: &mut Places<'_>,
    ) -> ControlFlow<()> {
        let (file, file_index) = (in_progress.file, in_progress.file_index);
        let may_change = file.path().is_some() && mark.is_none();
        let mut cache = match self.cache {
            CacheUse::Fill(cache) if !may_change => Some(cache),
            CacheUse::Fill(_) | CacheUse::Drain(_) | CacheUse::Unused => None,
        };
        let mut items = Vec::new();
        let mut size_bytes = 0;
        let bytes_before = self.bytes_read.load(Relaxed);
        let mut sink = |mut item: Item| {
            if let Item::Rejected(rejected) = &mut item
                && self.job.rejects.is_none()
            {
                rejected.input = RejectedInput::Unknown;
            }
            in_progress.identity.locate(&mut item, &file.name, places);
            if let Some(filled) = cache {
                size_bytes += item.size_bytes();
                items.push(item.clone());
                if !filled.has_room_for(size_bytes) {
                    (cache, items) = (None, Vec::new());
                }
            }
            self.handle(item, in_progress)
        };
        let mut unpack = Unpack {
            format: self.job.format,
            mapping: &self.job.mapping,
            sink: &mut sink,
        };
        unpack.file(file, self.bytes_read)?;
        if let Some(cache) = cache
            && mark == unchanged_files::mark(file)
        {
            let bytes_after = self.bytes_read.load(Relaxed);
            let file = CachedFile {
                mark,
                items,
                bytes_read: bytes_after.saturating_sub(bytes_before),
            };
            cache.insert(file_index, file, size_bytes);
        }
        ControlFlow::Continue(())
    }

    fn handle(&self, item: Item, in_progress: &mut FileInProgress<'_>) -> ControlFlow<()> {
        self.check_stop()?;
        self.send(match item {
            Item::Article(article) => return self.queue(article, in_progress),
            Item::File => {
                in_progress.is_article_file = true;
                Event::File
            }
            Item::Skipped(file) => Event::Skipped(file),
            Item::Rejected(mut rejected) => {
                in_progress.has_rejections = true;
                match (&rejected.input, in_progress.file.path()) {
                    (RejectedInput::Unknown, Some(path)) if self.job.rejects.is_some() => {
                        rejected.input = RejectedInput::File(path.to_owned());
                    }
                    (RejectedInput::Record(record), _) if record.len() > MAX_QUEUED_RECORD => {
                        self.wait_for_empty_queue()?;
                    }
                    (_, _) => {}
                }
                Event::Rejected(rejected)
            }
            Item::Note(kind, example) => Event::Note(kind, example),
        })
    }

    /// Queues an article, unless a later unchanged file holds another copy of it: that copy is in
    /// the index already.
    fn queue(
        &self,
        read: Arc<ReadArticle>,
        in_progress: &mut FileInProgress<'_>,
    ) -> ControlFlow<()> {
        let article = &read.article;
        let file_index = in_progress.file_index;
        let id = id_hash(&article.id);
        in_progress.ids.push(id);
        if self.unchanged.is_superseded(id, file_index) {
            return self.send(Event::Upserted(Upserted::Unchanged, 0));
        }
        let reservation = self.budget.reserve(article.text.len());
        let thread = thread_for(&article.id, self.queues.len());
        let queued = QueuedArticle {
            article: read,
            file_index,
            _reservation: reservation,
        };
        let queue = self.queues.get(thread);
        continue_if(queue.is_some_and(|queue| queue.send(queued).is_ok()))
    }

    /// Waits until the calling thread has taken all events.
    fn wait_for_empty_queue(&self) -> ControlFlow<()> {
        while !self.events.is_empty() {
            self.check_stop()?;
            std::thread::sleep(QUEUE_POLL);
        }
        ControlFlow::Continue(())
    }

    fn send(&self, event: Event) -> ControlFlow<()> {
        continue_if(self.events.send(event).is_ok())
    }

    fn check_stop(&self) -> ControlFlow<()> {
        continue_if(!self.stop.load(Relaxed))
    }
}

/// Returns the index of the thread that gets all copies of an article.
fn thread_for(id: &ArticleId, threads: usize) -> usize {
    let mut hasher = FxHasher::default();
    id.hash(&mut hasher);
    hasher.finish() as usize % threads.max(1)
}
