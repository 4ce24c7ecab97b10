//! Records of a file: captured earlier, generated, or written by hand.
//!
//! A file is newline-delimited JSON, plain or zstd-compressed (told by its first bytes), a record a line
//! (`envelope`). It is read twice: once to learn its digest and the offsets of its records (`plan`), and once to hand
//! them over. The digest of its text names the source, so replaying the same text again continues where it stopped
//! and adds nothing once all is stored, compressed or not, whatever the file is called; and two different files never
//! share offsets.
//!
//! Nothing in a file is lost silently. A line that is no record is handed over as a record of
//! [`UNREADABLE_TOPIC`], numbered by its line, with the line itself as value and what is wrong with it as
//! [`Record::flaw`]; blank lines are the only ones that are passed over.

mod envelope;
mod lines;
mod plan;
mod scan;
#[cfg(test)]
mod tests;

pub(super) use envelope::write as write_line;
pub use plan::UNREADABLE_TOPIC;

use super::patience::{await_budget, patiently};
use super::{
    Intake, Positions, Record, SourceEvent, SourceHandle, SourceHealth, SourceState, StopSignal,
};
use crate::error::{Error, ErrorKind, Result};
use envelope::Envelope;
use lines::{BytesRead, Lines, text_of};
use plan::{Numbering, Parsed, Plan, unreadable_file};
use std::collections::BTreeMap;
use std::fs::File;
use std::io::{Read as _, Write as _};
use std::path::Path;
use std::sync::Arc;

/// Records of one hand-over.
const BATCH_RECORDS: usize = 500;
/// Bytes of one hand-over; one record may be larger.
const BATCH_BYTES: usize = 1 << 20;

/// Reads files.
#[derive(Debug)]
pub struct FileSource;

impl FileSource {
    /// Starts to replay the file at `path`, or standard input for `-`, which is copied to a temporary file first.
    /// The source finishes when everything has been handed over.
    ///
    /// # Errors
    /// [`ErrorKind::NotFound`] or [`ErrorKind::InvalidInput`] where the file cannot be opened.
    pub fn start(
        path: &Path,
        intake: Arc<dyn Intake>,
        positions: Arc<dyn Positions>,
        stop: StopSignal,
    ) -> Result<SourceHandle> {
        let file = if path == Path::new("-") {
            None
        } else {
            Some(open(path)?)
        };
        let health = Arc::new(SourceHealth::new());
        let replay = Replay {
            intake,
            positions,
            health: Arc::clone(&health),
            stop: stop.clone(),
        };
        SourceHandle::spawn("file-source", stop, health, move || replay.run(file))
    }
}

fn open(path: &Path) -> Result<File> {
    let name = path.display();
    let refused = |error: std::io::Error| {
        let kind = match error.kind() {
            std::io::ErrorKind::NotFound => ErrorKind::NotFound,
            _ => ErrorKind::InvalidInput,
        };
        Error::caused(
            kind,
            format!("The file {name} cannot be opened: {error}. Check its name and rights."),
            error,
        )
    };
    let file = File::open(path).map_err(refused)?;
    if file.metadata().map_err(refused)?.is_dir() {
        return Err(Error::new(
            ErrorKind::InvalidInput,
            format!("{name} is a folder. Name a file of records."),
        ));
    }
    Ok(file)
}

struct Replay {
    intake: Arc<dyn Intake>,
    positions: Arc<dyn Positions>,
    health: Arc<SourceHealth>,
    stop: StopSignal,
}

impl Replay {
    fn run(&self, file: Option<File>) -> Result<()> {
        let file = match file {
            Some(file) => file,
            None => match self.spool()? {
                Some(file) => file,
                None => return Ok(()),
            },
        };
        let Some(plan) = plan::make(&file, &self.stop)? else {
            return Ok(());
        };
        self.health.set_source(&plan.source);
        let Some(begins) = self.claim(&plan)? else {
            return Ok(());
        };
        self.health.set_state(SourceState::Live);
        self.hand_over(&file, &plan, begins)
    }

    /// Copies standard input to a temporary file, which vanishes with the last handle to it.
    fn spool(&self) -> Result<Option<File>> {
        let no_room = |error: std::io::Error| {
            let message = format!(
                "Standard input cannot be kept in a temporary file: {error}. Make room for it."
            );
            Error::caused(ErrorKind::InvalidInput, message, error)
        };
        let mut file = tempfile::tempfile().map_err(no_room)?;
        let mut input = std::io::stdin().lock();
        let mut buffer = vec![0; 1 << 17];
        while !self.stop.is_cancelled() {
            let read = input.read(&mut buffer).map_err(unreadable_file)?;
            if read == 0 {
                return Ok(Some(file));
            }
            file.write_all(&buffer[..read]).map_err(no_room)?;
        }
        Ok(None)
    }

    /// Where each partition goes on. Nothing when asked to stop.
    fn claim(&self, plan: &Plan) -> Result<Option<Offsets>> {
        let mut begins = Offsets::new();
        for ((topic, partition), extent) in &plan.partitions {
            let claimed = patiently(
                &self.stop,
                None,
                |error| self.health.retrying(error.message.clone()),
                || {
                    self.positions
                        .claim(&plan.source, topic, *partition, extent.first)
                },
            )?;
            let Some(next_offset) = claimed else {
                return Ok(None);
            };
            self.health.begin(topic, *partition, next_offset);
            self.health
                .watermarks(topic, *partition, Some(extent.first), Some(extent.end));
            self.intake.send(SourceEvent::Assigned {
                source: Arc::clone(&plan.source),
                topic: Arc::clone(topic),
                partition: *partition,
                next_offset,
            });
            begins.entry(Arc::clone(topic)).or_default().insert(
                *partition,
                Turn {
                    begin: next_offset,
                    count: 0,
                },
            );
        }
        Ok(Some(begins))
    }

    fn hand_over(&self, file: &File, plan: &Plan, mut turns: Offsets) -> Result<()> {
        let length = file.metadata().map_err(unreadable_file)?.len();
        let read = BytesRead::default();
        let mut lines = Lines::new(text_of(file, &read).map_err(unreadable_file)?);
        let mut batch = Batch::default();
        let mut number = 0_i64;
        while let Some(line) = lines.next(|_| {}).map_err(unreadable_file)? {
            number += 1;
            let record = match plan::parse(&line) {
                Parsed::Blank => continue,
                Parsed::Record(envelope) => {
                    let by_line = (plan.numbering == Numbering::ByLine).then_some(number);
                    number_record(&mut turns, envelope, by_line)
                }
                Parsed::Unreadable(reason) => {
                    let envelope = unreadable(line.bytes, number, &reason);
                    number_record(&mut turns, envelope, Some(number))
                }
            };
            match record {
                Some(record) => batch.add(record),
                None => batch.skipped += 1,
            }
            if batch.is_full() {
                self.send(&mut batch, &read, length);
                await_budget(&*self.intake, &self.health, &self.stop);
                if self.stop.is_cancelled() {
                    return Ok(());
                }
            }
        }
        self.send(&mut batch, &read, length);
        Ok(())
    }

    fn send(&self, batch: &mut Batch, read: &BytesRead, length: u64) {
        let batch = std::mem::take(batch);
        self.health.skipped(batch.skipped);
        self.health.progress(read.get().min(length), length);
        if batch.records.is_empty() {
            return;
        }
        let mut next: BTreeMap<(&Arc<str>, i32), i64> = BTreeMap::new();
        for record in &batch.records {
            next.insert((&record.topic, record.partition), record.offset + 1);
        }
        let positions = next
            .into_iter()
            .map(|((topic, partition), offset)| (topic, partition, offset));
        self.health.advanced(batch.records.len(), positions);
        self.intake.send(SourceEvent::Records(batch.records));
    }
}

/// Where each partition begins and how many of its records have been seen.
type Offsets = BTreeMap<Arc<str>, BTreeMap<i32, Turn>>;

#[derive(Debug)]
struct Turn {
    begin: i64,
    count: i64,
}

#[derive(Default)]
struct Batch {
    records: Vec<Record>,
    bytes: usize,
    skipped: u64,
}

impl Batch {
    fn add(&mut self, record: Record) {
        self.bytes += record.weight();
        self.records.push(record);
    }

    fn is_full(&self) -> bool {
        let all = self.records.len() + usize::try_from(self.skipped).unwrap_or(BATCH_RECORDS);
        all >= BATCH_RECORDS || self.bytes >= BATCH_BYTES
    }
}

/// The record with its offset: `by_line` where that decides. Nothing where the store has it already.
fn number_record(
    turns: &mut Offsets,
    envelope: Envelope<'_>,
    by_line: Option<i64>,
) -> Option<Record> {
    // The first pass has seen the same lines, so every partition is known.
    let topic = turns
        .get_key_value(envelope.topic.as_str())
        .map(|(topic, _)| Arc::clone(topic))?;
    let turn = turns.get_mut(&topic)?.get_mut(&envelope.partition)?;
    let offset = by_line.or(envelope.offset).unwrap_or(turn.count);
    turn.count += 1;
    (offset >= turn.begin).then(|| Record {
        topic,
        partition: envelope.partition,
        offset,
        timestamp_ms: envelope.timestamp_ms,
        key: envelope.key.map(Arc::from),
        headers: envelope.headers,
        payload: Arc::from(&*envelope.value),
        flaw: envelope.flaw,
    })
}

/// A line that is no record, as one.
fn unreadable<'a>(line: &'a [u8], number: i64, reason: &str) -> Envelope<'a> {
    let detail = format!("line {number} of the replayed file is not a record: {reason}");
    Envelope {
        topic: UNREADABLE_TOPIC.to_owned(),
        partition: 0,
        offset: Some(number),
        timestamp_ms: None,
        key: None,
        headers: Vec::new(),
        value: line.into(),
        flaw: Some(detail),
    }
}
