//! The opposite of a replay: records of a live topic into a file.

use super::file::write_line;
use super::{Intake, KafkaSettings, KafkaSource, Positions, Record, SourceEvent, StopSignal};
use crate::error::{Error, ErrorKind, Result};
use std::collections::HashMap;
use std::fs::File;
use std::io::{BufWriter, Write};
use std::path::Path;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::mpsc::{self, RecvTimeoutError};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;
use tempfile::NamedTempFile;

/// Bytes of records that may wait to be written.
const WAITING_BYTES: usize = 32 << 20;
/// zstd level of captured files.
const LEVEL: i32 = 3;

/// What was captured.
#[derive(Debug, Clone, Copy, PartialEq, Eq, serde::Serialize)]
pub struct Captured {
    /// Records in the file.
    pub records: u64,
    /// Bytes of the file.
    pub bytes: u64,
}

/// Writes records of the topics in `settings` into `out`, from where `settings` say until stopped or until `limit`
/// records are written. The file is newline-delimited JSON as replay reads it, zstd-compressed if its name ends in
/// `.zst`; replaying it gives the same records byte by byte. It appears whole or not at all: until the end it has a
/// temporary name in the same folder. No store takes part, so every run begins anew. Blocking.
///
/// # Errors
/// When the topic cannot be read or the file cannot be written. Then there is no file.
pub fn capture(
    settings: KafkaSettings,
    password: Option<String>,
    out: &Path,
    stop: &StopSignal,
    limit: Option<u64>,
) -> Result<Captured> {
    let mut file = CaptureFile::create(out)?;
    let (sender, receiver) = mpsc::channel();
    let waiting = Arc::new(AtomicUsize::new(0));
    let intake = Arc::new(Channel {
        sender,
        waiting: Arc::clone(&waiting),
    });
    // The source ends with the capture, which may end before it is stopped from outside.
    let reading = stop.child_token();
    let source = KafkaSource::start(
        settings,
        password,
        intake,
        Arc::new(FromTheStart::default()),
        reading,
    )?;
    let limit = limit.unwrap_or(u64::MAX);
    while file.records < limit {
        // Asked before the queue is: what a source sends last is then still taken.
        let is_over = source.is_finished();
        match receiver.recv_timeout(Duration::from_millis(50)) {
            Ok(records) => {
                let room = usize::try_from(limit - file.records).unwrap_or(usize::MAX);
                for record in records.iter().take(room) {
                    file.write(record)?;
                }
                waiting.fetch_sub(records.iter().map(Record::weight).sum(), Ordering::Relaxed);
            }
            Err(RecvTimeoutError::Timeout) if !is_over => {}
            Err(RecvTimeoutError::Timeout | RecvTimeoutError::Disconnected) => break,
        }
    }
    source.stop();
    source.join()?;
    file.finish(out)
}

/// Takes records into a queue.
struct Channel {
    sender: mpsc::Sender<Vec<Record>>,
    waiting: Arc<AtomicUsize>,
}

impl Intake for Channel {
    fn send(&self, event: SourceEvent) {
        match event {
            SourceEvent::Records(records) => {
                self.waiting
                    .fetch_add(records.iter().map(Record::weight).sum(), Ordering::Relaxed);
                // Nobody listens once the limit is reached.
                let _ = self.sender.send(records);
            }
            SourceEvent::Assigned { .. } => {}
            SourceEvent::Revoked { done, .. } => {
                let _ = done.send(());
            }
        }
    }

    fn is_over_budget(&self) -> bool {
        self.waiting.load(Ordering::Relaxed) > WAITING_BYTES
    }

    fn is_below_resume(&self) -> bool {
        self.waiting.load(Ordering::Relaxed) < WAITING_BYTES / 2
    }
}

/// Positions of a single run, in memory.
#[derive(Default)]
struct FromTheStart(Mutex<HashMap<(String, i32), i64>>);

impl Positions for FromTheStart {
    fn claim(&self, _source: &str, topic: &str, partition: i32, initial: i64) -> Result<i64> {
        let mut offsets = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        Ok(*offsets
            .entry((topic.to_owned(), partition))
            .or_insert(initial))
    }

    fn skip_gap(
        &self,
        _source: &str,
        topic: &str,
        partition: i32,
        _from: i64,
        to: i64,
    ) -> Result<()> {
        self.0
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .insert((topic.to_owned(), partition), to);
        Ok(())
    }
}

/// A file of records that is not there yet.
struct CaptureFile {
    writer: Writer,
    line: Vec<u8>,
    records: u64,
}

enum Writer {
    Plain(BufWriter<NamedTempFile>),
    Packed(zstd::Encoder<'static, BufWriter<NamedTempFile>>),
}

impl CaptureFile {
    fn create(out: &Path) -> Result<Self> {
        let folder = match out.parent() {
            Some(folder) if !folder.as_os_str().is_empty() => folder,
            _ => Path::new("."),
        };
        let temporary = tempfile::Builder::new()
            .prefix(".capture-")
            .suffix(".part")
            .tempfile_in(folder);
        let plain =
            BufWriter::with_capacity(1 << 17, temporary.map_err(|error| unwritable(out, error))?);
        let writer = if out.extension().is_some_and(|extension| extension == "zst") {
            Writer::Packed(
                zstd::Encoder::new(plain, LEVEL).map_err(|error| unwritable(out, error))?,
            )
        } else {
            Writer::Plain(plain)
        };
        Ok(Self {
            writer,
            line: Vec::new(),
            records: 0,
        })
    }

    fn write(&mut self, record: &Record) -> Result<()> {
        self.line.clear();
        write_line(record, &mut self.line).map_err(|error| {
            Error::caused(
                ErrorKind::Internal,
                "A record cannot be written as a line.",
                error,
            )
        })?;
        let result = match &mut self.writer {
            Writer::Plain(writer) => writer.write_all(&self.line),
            Writer::Packed(writer) => writer.write_all(&self.line),
        };
        self.records += 1;
        result.map_err(|error| unwritable(Path::new("the capture"), error))
    }

    fn finish(self, out: &Path) -> Result<Captured> {
        let failed = |error| unwritable(out, error);
        let plain = match self.writer {
            Writer::Plain(writer) => writer,
            Writer::Packed(writer) => writer.finish().map_err(failed)?,
        };
        let temporary = plain
            .into_inner()
            .map_err(|error| failed(error.into_error()))?;
        temporary.as_file().sync_all().map_err(failed)?;
        let file: File = temporary
            .persist(out)
            .map_err(|error| failed(error.error))?;
        let bytes = file.metadata().map_err(failed)?.len();
        Ok(Captured {
            records: self.records,
            bytes,
        })
    }
}

fn unwritable(out: &Path, error: std::io::Error) -> Error {
    let message = format!(
        "{} cannot be written: {error}. Check the folder and the room on its disk.",
        out.display()
    );
    Error::caused(ErrorKind::InvalidInput, message, error)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::config::{ConnectionProfile, StartPosition};
    use crate::source::FileSource;
    use crate::source::testing::{MemoryPositions, Recorder, intake, positions};
    use rdkafka::ClientConfig;
    use rdkafka::message::{Header, OwnedHeaders};
    use rdkafka::mocking::MockCluster;
    use rdkafka::producer::{BaseProducer, BaseRecord, Producer};

    const PAYLOADS: [&[u8]; 6] = [
        b"{\"a\": 1}",
        b"",
        b"no json \xff\x00",
        b"{\"line\":\n2}",
        b" [] ",
        b"null",
    ];

    fn topic_with(
        payloads: &[&[u8]],
    ) -> (
        MockCluster<'static, rdkafka::producer::DefaultProducerContext>,
        KafkaSettings,
    ) {
        let cluster = MockCluster::new(1).unwrap();
        cluster.create_topic("ingest-occurrences", 1, 1).unwrap();
        let producer: BaseProducer = ClientConfig::new()
            .set("bootstrap.servers", cluster.bootstrap_servers())
            .create()
            .unwrap();
        for payload in payloads {
            let headers = OwnedHeaders::new().insert(Header {
                key: "h",
                value: Some(&b"\xfe"[..]),
            });
            let record = BaseRecord::to("ingest-occurrences")
                .key(&b"\xffkey"[..])
                .payload(*payload)
                .headers(headers);
            producer.send(record).map_err(|(error, _)| error).unwrap();
        }
        producer.flush(Duration::from_secs(20)).unwrap();
        let profile = ConnectionProfile {
            bootstrap_servers: cluster.bootstrap_servers(),
            start: StartPosition::Earliest,
            ..ConnectionProfile::default()
        };
        (cluster, KafkaSettings::from(profile))
    }

    #[test]
    fn a_captured_topic_replays_byte_by_byte() {
        let (_cluster, settings) = topic_with(&PAYLOADS);
        let folder = tempfile::tempdir().unwrap();
        for name in ["plain.ndjson", "packed.ndjson.zst"] {
            let out = folder.path().join(name);
            let captured =
                capture(settings.clone(), None, &out, &StopSignal::new(), Some(6)).unwrap();
            assert_eq!(captured.records, 6);
            assert_eq!(captured.bytes, std::fs::metadata(&out).unwrap().len());
            let recorder = Arc::<Recorder>::default();
            let memory = Arc::<MemoryPositions>::default();
            FileSource::start(
                &out,
                intake(&recorder),
                positions(&memory),
                StopSignal::new(),
            )
            .unwrap()
            .join()
            .unwrap();
            assert_eq!(recorder.payloads(), PAYLOADS);
            let records = recorder.records.lock().unwrap();
            assert!(
                records
                    .iter()
                    .all(|record| record.key.as_deref() == Some(b"\xffkey"))
            );
            assert!(
                records
                    .iter()
                    .all(|record| record.headers == [("h".to_owned(), vec![0xfe])])
            );
            assert!(records.iter().all(|record| record.timestamp_ms.is_some()));
            assert_eq!(records[5].offset, 5);
        }
        assert_eq!(
            std::fs::read_dir(folder.path()).unwrap().count(),
            2,
            "no temporary file is left"
        );
    }

    #[test]
    fn stopping_keeps_what_was_captured() {
        let (_cluster, settings) = topic_with(&PAYLOADS);
        let folder = tempfile::tempdir().unwrap();
        let out = folder.path().join("stopped.ndjson");
        let stop = StopSignal::new();
        let later = stop.clone();
        let stopper = std::thread::spawn(move || {
            std::thread::sleep(Duration::from_secs(3));
            later.cancel();
        });
        let captured = capture(settings, None, &out, &stop, None).unwrap();
        stopper.join().unwrap();
        assert_eq!(captured.records, 6);
        assert_eq!(std::fs::read_to_string(&out).unwrap().lines().count(), 6);
    }

    #[test]
    fn a_capture_that_fails_leaves_no_file() {
        let (_cluster, mut settings) = topic_with(&[]);
        settings.profile.topics = vec!["somewhere-else".to_owned()];
        let folder = tempfile::tempdir().unwrap();
        let out = folder.path().join("none.ndjson");
        let error = capture(settings.clone(), None, &out, &StopSignal::new(), Some(1)).unwrap_err();
        assert_eq!(error.kind, ErrorKind::NotFound);
        assert_eq!(std::fs::read_dir(folder.path()).unwrap().count(), 0);
        let nowhere = folder.path().join("no/such/folder.ndjson");
        let error = capture(settings, None, &nowhere, &StopSignal::new(), Some(1)).unwrap_err();
        assert_eq!(error.kind, ErrorKind::InvalidInput);
    }
}
