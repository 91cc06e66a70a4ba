//! One pass over the input: a thread reads, some work on articles, the caller's thread hears of it all. What the work
//! is, and what becomes of the news, is for the pass's owner to say.
//!
//! Articles go to the working threads over bounded queues, the same id always to the same thread and in order, so the
//! last copy of an article comes last.

use parking_lot::Mutex;
use std::hash::{Hash, Hasher};
use std::ops::ControlFlow;
use std::path::PathBuf;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::time::{Duration, Instant};

use crossbeam_channel::{Receiver, RecvTimeoutError, Sender, bounded};
use rustc_hash::{FxHashSet, FxHasher};

use super::budget::{Budget, Share};
use super::count::id_hash;
use super::job::IngestJob;
use super::kept::{Keep, KeptFile, KeptItem, ReadArticle};
use super::ledger::{FileMark, ReadFile};
use super::plan::{self, Plan, mark, path};
use super::read::Item;
use super::report::{NoteKind, Rejected, Source};
use super::unpack::Unpack;
use super::walk::{File, Found, Place, walk};
use crate::document::ArticleId;
use crate::error::{Error, Result};
use crate::parallel::joined;
use crate::progress::{Phase, Progress, ProgressUpdate};
use crate::writer::Upserted;

/// Article text on its way from the reading to the working threads.
const MAX_BYTES_UNDER_WAY: usize = 64 << 20;
/// Articles waiting for one working thread: so many that another does not run dry while it is busy for half a second.
const QUEUE_ARTICLES: usize = 512;
const PROGRESS_INTERVAL: Duration = Duration::from_millis(100);

/// What a pass reads and who watches it.
pub struct Pass<'a> {
    pub job: &'a IngestJob,
    pub phase: Phase,
    /// Bytes of all files, for the progress.
    pub bytes_total: u64,
    pub progress: &'a dyn Progress,
    /// Which files need not be read.
    pub plan: &'a Plan,
    /// What another pass has read of the rest, or will want.
    pub keep: Keep<'a>,
}

/// How a pass ended.
pub struct Passed<W> {
    /// The workers, with what they gathered.
    pub workers: Vec<W>,
    /// Bytes read from files, before decompression.
    pub bytes_read: u64,
    /// The files that were read to their ends.
    pub files: Vec<ReadFile>,
    /// Everything was read; otherwise the job was cancelled.
    pub is_whole: bool,
}

/// What the threads tell the caller's.
pub enum Event {
    /// An article was written, with so many bytes of text.
    Upserted(Upserted, u64),
    /// The words of an article were counted.
    Counted,
    Rejected(Rejected),
    /// An article that was written could not be stored.
    Refused(Rejected),
    Note(NoteKind, String),
    Skipped,
    File,
    /// A file with so many articles has not changed since it was read, and was not read again.
    UnchangedFile(u64),
    /// The index failed: the job ends.
    Failed(Error),
}

/// An article on its way to a working thread.
struct Parcel<'a> {
    article: Arc<ReadArticle>,
    /// The file it is from, by its place in the walk.
    place: u32,
    _share: Share<'a>,
}

impl Pass<'_> {
    /// Runs `work` on every article, with a thread for each of the `workers`. `attend` gets what happens, and nothing
    /// now and then, and says how many articles are done; its error ends the pass.
    pub fn run<W: Send>(
        &self,
        mut workers: Vec<W>,
        work: impl Fn(&mut W, &ReadArticle) -> Event + Sync,
        mut attend: impl FnMut(Option<Event>) -> Result<u64>,
    ) -> Result<Passed<W>> {
        let bytes_read = AtomicU64::new(0);
        let budget = Budget::new(MAX_BYTES_UNDER_WAY);
        // Set when nothing more is to be read: the caller cancelled, or the index failed.
        let stop = AtomicBool::new(false);
        // Files with an article that was turned away: they are read again, so that it is reported again.
        let spoiled = Mutex::new(FxHashSet::default());
        let (is_whole, mut files) = std::thread::scope(|scope| {
            let (events, incoming) = bounded(QUEUE_ARTICLES * workers.len());
            let mut queues = Vec::with_capacity(workers.len());
            for worker in &mut workers {
                let (queue, parcels) = bounded(QUEUE_ARTICLES);
                let (events, work, stop, spoiled) = (events.clone(), &work, &stop, &spoiled);
                scope.spawn(move || {
                    work_on(&parcels, &events, stop, spoiled, |article| {
                        work(worker, article)
                    })
                });
                queues.push(queue);
            }
            let reader = Reader {
                pass: self,
                queues,
                events,
                budget: &budget,
                bytes_read: &bytes_read,
                stop: &stop,
            };
            let reading = scope.spawn(move || reader.run());
            self.hear(&incoming, &stop, &bytes_read, &mut attend)?;
            // A signal after the last article changes nothing: the pass is whole.
            Ok(joined(reading))
        })?;
        let spoiled = spoiled.into_inner();
        for (_, file) in files
            .iter_mut()
            .filter(|(place, _)| spoiled.contains(place))
        {
            file.mark = None;
        }
        let files = files.into_iter().map(|(_, file)| file).collect();
        Ok(Passed {
            workers,
            bytes_read: bytes_read.into_inner(),
            files,
            is_whole,
        })
    }

    /// Passes events on until all threads are done.
    fn hear(
        &self,
        incoming: &Receiver<Event>,
        stop: &AtomicBool,
        bytes_read: &AtomicU64,
        attend: &mut dyn FnMut(Option<Event>) -> Result<u64>,
    ) -> Result<()> {
        let mut failure = None;
        let mut last_progress = Instant::now();
        let mut articles = 0;
        let advanced = |articles| {
            let done = bytes_read.load(Ordering::Relaxed);
            self.progress.advanced(ProgressUpdate {
                phase: self.phase,
                done,
                total: self.bytes_total,
                articles,
            });
        };
        // At once: it says which phase begins.
        advanced(articles);
        loop {
            if self.job.cancel.load(Ordering::Relaxed) {
                stop.store(true, Ordering::Relaxed);
            }
            let event = match incoming.recv_timeout(PROGRESS_INTERVAL) {
                Ok(event) => Some(event),
                Err(RecvTimeoutError::Timeout) => None,
                Err(RecvTimeoutError::Disconnected) => break,
            };
            if failure.is_none() {
                match attend(event) {
                    Ok(now) => articles = now,
                    Err(error) => {
                        stop.store(true, Ordering::Relaxed);
                        failure = Some(error);
                    }
                }
            }
            if last_progress.elapsed() >= PROGRESS_INTERVAL {
                advanced(articles);
                last_progress = Instant::now();
            }
        }
        advanced(articles);
        failure.map_or(Ok(()), Err)
    }
}

/// The reading thread.
struct Reader<'a> {
    pass: &'a Pass<'a>,
    queues: Vec<Sender<Parcel<'a>>>,
    events: Sender<Event>,
    budget: &'a Budget,
    bytes_read: &'a AtomicU64,
    stop: &'a AtomicBool,
}

impl Reader<'_> {
    /// Whether everything was read, and the files that were, each with its place in the walk.
    fn run(self) -> (bool, Vec<(u32, ReadFile)>) {
        let mut files = Vec::new();
        for (place, found) in (0..).zip(walk(&self.pass.job.inputs, self.pass.job.format)) {
            if self.check_deadline().is_break() {
                return (false, files);
            }
            let flow = match found {
                Found::Skipped => self.tell(Event::Skipped),
                Found::Rejected(rejected) => self.tell(Event::Rejected(rejected)),
                Found::File(file) => self.read_file(place, &file, &mut files),
            };
            if flow.is_break() {
                return (false, files);
            }
        }
        (true, files)
    }

    fn read_file(
        &self,
        place: u32,
        file: &File,
        files: &mut Vec<(u32, ReadFile)>,
    ) -> ControlFlow<()> {
        if let Some(ids) = self.pass.plan.unchanged(file) {
            return self.tell(Event::UnchangedFile(ids.len() as u64));
        }
        let mark = mark(file);
        let on_disk = match &file.place {
            Place::Disk(path) => Some(path.clone()),
            Place::Memory(_) | Place::Spool(_) => None,
        };
        let mut reading = Reading {
            place,
            path: on_disk,
            ids: Vec::new(),
            is_ours: false,
            has_rejections: false,
        };
        let kept = if let Keep::From(kept) = self.pass.keep {
            kept.take(place, mark)
        } else {
            None
        };
        match kept {
            Some(kept) => {
                self.bytes_read
                    .fetch_add(kept.bytes_read, Ordering::Relaxed);
                kept.items
                    .into_iter()
                    .try_for_each(|item| self.deliver(item, &mut reading))?;
            }
            None => self.unpack(file, mark, &mut reading)?,
        }
        if !reading.is_ours {
            return ControlFlow::Continue(());
        }
        // One that was written to meanwhile, or that has something to reject, is read again the next time.
        let mark = mark.filter(|_| !reading.has_rejections && mark == plan::mark(file));
        let path = path(file).unwrap_or_else(|| file.name.clone());
        files.push((
            place,
            ReadFile {
                path,
                mark,
                ids: reading.ids,
            },
        ));
        ControlFlow::Continue(())
    }

    /// Reads a file, and keeps what it gives if that is wanted and there is room for it.
    fn unpack(
        &self,
        file: &File,
        mark: Option<FileMark>,
        reading: &mut Reading,
    ) -> ControlFlow<()> {
        let (format, mapping) = (self.pass.job.format, &self.pass.job.mapping);
        let may_change = reading.path.is_some() && mark.is_none();
        let mut keep = if let Keep::For(kept) = self.pass.keep {
            Some(kept).filter(|_| !may_change)
        } else {
            None
        };
        let (mut items, mut size_bytes) = (Vec::new(), 0);
        let (place, before) = (reading.place, self.bytes_read.load(Ordering::Relaxed));
        let mut sink = |item: Item| {
            let item = KeptItem::from(item);
            if let Some(kept) = keep {
                size_bytes += if let KeptItem::Article(article) = &item {
                    article.article.text.len()
                } else {
                    0
                };
                items.push(item.clone());
                if !kept.has_room_for(size_bytes) {
                    (keep, items) = (None, Vec::new());
                }
            }
            self.deliver(item, reading)
        };
        Unpack {
            format,
            mapping,
            sink: &mut sink,
        }
        .file(file, self.bytes_read)?;
        if let Some(kept) = keep.filter(|_| mark == plan::mark(file)) {
            let bytes_read = self
                .bytes_read
                .load(Ordering::Relaxed)
                .saturating_sub(before);
            kept.keep(
                place,
                KeptFile {
                    mark,
                    items,
                    bytes_read,
                },
                size_bytes,
            );
        }
        ControlFlow::Continue(())
    }

    fn deliver(&self, item: KeptItem, reading: &mut Reading) -> ControlFlow<()> {
        self.check_deadline()?;
        match item {
            KeptItem::File => {
                reading.is_ours = true;
                self.tell(Event::File)
            }
            KeptItem::Skipped => self.tell(Event::Skipped),
            KeptItem::Rejected(rejected) => {
                reading.has_rejections = true;
                let input = match (rejected.input, &reading.path) {
                    (Source::Unknown, Some(path)) => Source::File(path.clone()),
                    (input, _) => input,
                };
                self.tell(Event::Rejected(Rejected { input, ..rejected }))
            }
            KeptItem::Note(kind, example) => self.tell(Event::Note(kind, example)),
            KeptItem::Article(read) => {
                let article = &read.article;
                let id = id_hash(&article.id);
                reading.ids.push(id);
                if self.pass.plan.is_superseded(id, reading.place) {
                    return self.tell(Event::Upserted(Upserted::Unchanged, 0));
                }
                let share = self.budget.take(article.text.len());
                let queue = thread_for(&article.id, self.queues.len());
                let parcel = Parcel {
                    article: read,
                    place: reading.place,
                    _share: share,
                };
                match self.queues.get(queue).map(|queue| queue.send(parcel)) {
                    Some(Ok(())) => ControlFlow::Continue(()),
                    _ => ControlFlow::Break(()),
                }
            }
        }
    }

    fn tell(&self, event: Event) -> ControlFlow<()> {
        if self.events.send(event).is_err() {
            ControlFlow::Break(())
        } else {
            ControlFlow::Continue(())
        }
    }

    fn check_deadline(&self) -> ControlFlow<()> {
        if self.stop.load(Ordering::Relaxed) {
            ControlFlow::Break(())
        } else {
            ControlFlow::Continue(())
        }
    }
}

/// A file that is being read.
struct Reading {
    place: u32,
    path: Option<PathBuf>,
    ids: Vec<u64>,
    /// It holds articles, or should.
    is_ours: bool,
    has_rejections: bool,
}

/// A working thread: until no article can come any more.
fn work_on(
    parcels: &Receiver<Parcel<'_>>,
    events: &Sender<Event>,
    stop: &AtomicBool,
    spoiled: &Mutex<FxHashSet<u32>>,
    mut work: impl FnMut(&ReadArticle) -> Event,
) {
    for parcel in parcels {
        let event = work(&parcel.article);
        if matches!(event, Event::Rejected(_)) {
            spoiled.lock().insert(parcel.place);
        }
        if matches!(event, Event::Failed(_)) {
            stop.store(true, Ordering::Relaxed);
        }
        if events.send(event).is_err() {
            return;
        }
    }
}

/// The thread that gets all copies of an article.
fn thread_for(id: &ArticleId, threads: usize) -> usize {
    let mut hasher = FxHasher::default();
    id.hash(&mut hasher);
    hasher.finish() as usize % threads.max(1)
}
