use super::*;
use crate::source::testing::{MemoryPositions, Recorder, Seen, intake, positions, until};
use std::path::PathBuf;
use std::sync::atomic::Ordering;
use std::time::Duration;

struct Bench {
    folder: tempfile::TempDir,
    memory: Arc<MemoryPositions>,
}

struct Replayed {
    recorder: Arc<Recorder>,
    health: Arc<SourceHealth>,
}

impl Bench {
    fn new() -> Self {
        Self {
            folder: tempfile::tempdir().unwrap(),
            memory: Arc::default(),
        }
    }

    fn file(&self, name: &str, content: &[u8]) -> PathBuf {
        let path = self.folder.path().join(name);
        std::fs::write(&path, content).unwrap();
        path
    }

    fn replay(&self, path: &Path) -> Replayed {
        let recorder = Arc::<Recorder>::default();
        let handle = FileSource::start(
            path,
            intake(&recorder),
            positions(&self.memory),
            StopSignal::new(),
        )
        .unwrap();
        let health = Arc::clone(handle.health());
        handle.join().unwrap();
        assert_eq!(health.state(), SourceState::Finished);
        Replayed { recorder, health }
    }

    /// As a pipeline that has stored everything.
    fn store(&self, replayed: &Replayed) {
        let source = replayed.health.snapshot().source.unwrap();
        for ((topic, partition), offsets) in replayed.recorder.offsets() {
            self.memory
                .set(&source, &topic, partition, offsets.last().unwrap() + 1);
        }
    }
}

fn numbered(count: usize) -> Vec<u8> {
    (0..count)
        .flat_map(|n| format!("{{\"topic\":\"t\",\"value\":{{\"n\":{n}}}}}\n").into_bytes())
        .collect()
}

#[test]
fn values_arrive_byte_by_byte() {
    let bench = Bench::new();
    let content = b"{\"topic\":\"t\",\"value\": {\"a\" : NaN,  \"\\ud800\":1e400}, \"offset\":5}\r\n\n   \n{\"topic\":\"t\",\"offset\":8,\"value_base64\":\"\"}\n{\"topic\":\"u\",\"partition\":7,\"value\":\"x\xff\"}";
    let replayed = bench.replay(&bench.file("values.ndjson", content));
    assert_eq!(
        replayed.recorder.payloads(),
        [&b"{\"a\" : NaN,  \"\\ud800\":1e400}"[..], b"", b"\"x\xff\""]
    );
    assert_eq!(
        replayed.recorder.seen(),
        [
            Seen::Assigned("t".into(), 0, 5),
            Seen::Assigned("u".into(), 7, 0)
        ]
    );
    assert_eq!(replayed.recorder.offsets()[&("t".to_owned(), 0)], [5, 8]);
    let snapshot = replayed.health.snapshot();
    assert_eq!(
        snapshot.progress,
        Some((content.len() as u64, content.len() as u64))
    );
    assert_eq!((snapshot.records, snapshot.skipped), (3, 0));
}

#[test]
fn the_same_text_is_not_replayed_twice_however_it_is_packed() {
    let bench = Bench::new();
    let first = bench.replay(&bench.file("a.ndjson", &numbered(1_300)));
    assert_eq!(first.recorder.count(), 1_300);
    bench.store(&first);
    let packed = zstd::encode_all(&numbered(1_300)[..], 3).unwrap();
    let again = bench.replay(&bench.file("b.ndjson.zst", &packed));
    let snapshot = again.health.snapshot();
    assert_eq!(
        (again.recorder.count(), snapshot.records, snapshot.skipped),
        (0, 0, 1_300)
    );
    assert_eq!(snapshot.source, first.health.snapshot().source);
    assert_eq!(
        snapshot.progress,
        Some((packed.len() as u64, packed.len() as u64))
    );
}

#[test]
fn a_replay_that_was_broken_off_goes_on() {
    let bench = Bench::new();
    let path = bench.file("a.ndjson", &numbered(900));
    let whole = bench.replay(&path);
    let source = whole.health.snapshot().source.unwrap();
    assert!(
        source.starts_with("file:") && source.len() == 21,
        "{source}"
    );
    bench.memory.set(&source, "t", 0, 421);
    let rest = bench.replay(&path);
    assert_eq!(rest.recorder.seen(), [Seen::Assigned("t".into(), 0, 421)]);
    assert_eq!(
        rest.recorder.offsets()[&("t".to_owned(), 0)],
        (421..900).collect::<Vec<i64>>()
    );
    assert_eq!(rest.health.snapshot().skipped, 421);
    assert_eq!(rest.recorder.payloads()[0], b"{\"n\":421}");
}

#[test]
fn different_files_never_share_offsets() {
    let bench = Bench::new();
    let first = bench.replay(&bench.file("a.ndjson", &numbered(10)));
    bench.store(&first);
    let second = bench.replay(&bench.file("b.ndjson", &numbered(11)));
    assert_eq!(second.recorder.count(), 11);
}

#[test]
fn lines_that_are_no_records_are_handed_over_with_the_reason() {
    let bench = Bench::new();
    let content = b"{\"topic\":\"t\",\"value\":1}\nwhat is this\n{\"topic\":\"t\",\"value\":2}\n{\"id\":\"no envelope\"}\n\xff\xfe\n{\"topic\":\"t\",\"value\":3";
    let replayed = bench.replay(&bench.file("mixed.ndjson", content));
    assert_eq!(
        replayed.recorder.payloads(),
        [
            &b"1"[..],
            b"what is this",
            b"2",
            b"{\"id\":\"no envelope\"}",
            b"\xff\xfe",
            b"{\"topic\":\"t\",\"value\":3"
        ]
    );
    let offsets = replayed.recorder.offsets();
    assert_eq!(offsets[&(UNREADABLE_TOPIC.to_owned(), 0)], [2, 4, 5, 6]);
    assert_eq!(offsets[&("t".to_owned(), 0)], [0, 1]);
    let records = replayed.recorder.records.lock().unwrap();
    assert_eq!(
        records[3].flaw.as_deref(),
        Some("line 4 of the replayed file is not a record: it names no topic")
    );
}

#[test]
fn offsets_that_fall_do_not_lose_a_record() {
    let bench = Bench::new();
    let content = b"{\"topic\":\"t\",\"offset\":9,\"value\":1}\n\n{\"topic\":\"t\",\"offset\":3,\"value\":2}\n?\n{\"topic\":\"t\",\"value\":3}\n";
    let replayed = bench.replay(&bench.file("falling.ndjson", content));
    assert_eq!(replayed.recorder.offsets()[&("t".to_owned(), 0)], [1, 3, 5]);
    assert_eq!(
        replayed.recorder.offsets()[&(UNREADABLE_TOPIC.to_owned(), 0)],
        [4]
    );
    assert_eq!(replayed.recorder.payloads(), [&b"1"[..], b"2", b"?", b"3"]);
}

#[test]
fn over_budget_it_waits() {
    let bench = Bench::new();
    let path = bench.file("a.ndjson", &numbered(2_000));
    let recorder = Arc::<Recorder>::default();
    recorder.over_budget.store(true, Ordering::Relaxed);
    let handle = FileSource::start(
        &path,
        intake(&recorder),
        positions(&bench.memory),
        StopSignal::new(),
    )
    .unwrap();
    until(&handle, "waiting", || {
        handle.health().state() == SourceState::StoreBound
    });
    std::thread::sleep(Duration::from_millis(100));
    assert_eq!(recorder.count(), 500);
    recorder.over_budget.store(false, Ordering::Relaxed);
    handle.join().unwrap();
    assert_eq!(recorder.count(), 2_000);
}

#[test]
fn it_can_be_stopped_while_it_waits() {
    let bench = Bench::new();
    let path = bench.file("a.ndjson", &numbered(2_000));
    let recorder = Arc::<Recorder>::default();
    recorder.over_budget.store(true, Ordering::Relaxed);
    let handle = FileSource::start(
        &path,
        intake(&recorder),
        positions(&bench.memory),
        StopSignal::new(),
    )
    .unwrap();
    until(&handle, "waiting", || {
        handle.health().state() == SourceState::StoreBound
    });
    handle.stop();
    handle.join().unwrap();
    assert_eq!(recorder.count(), 500);
}

#[test]
fn files_that_cannot_be_used_are_refused() {
    let bench = Bench::new();
    let start = |path: &Path| {
        let recorder = Arc::<Recorder>::default();
        FileSource::start(
            path,
            intake(&recorder),
            positions(&bench.memory),
            StopSignal::new(),
        )
    };
    let missing = start(&bench.folder.path().join("none.ndjson")).unwrap_err();
    assert_eq!(missing.kind, ErrorKind::NotFound);
    assert!(missing.message.contains("none.ndjson"));
    assert_eq!(
        start(bench.folder.path()).unwrap_err().kind,
        ErrorKind::InvalidInput
    );
    let mut broken = zstd::encode_all(&numbered(5_000)[..], 3).unwrap();
    broken.truncate(broken.len() / 2);
    let handle = start(&bench.file("broken.zst", &broken)).unwrap();
    let health = Arc::clone(handle.health());
    assert_eq!(handle.join().unwrap_err().kind, ErrorKind::InvalidInput);
    let snapshot = health.snapshot();
    assert_eq!(
        (snapshot.state, snapshot.records),
        (SourceState::Failed, 0),
        "nothing of a broken file is stored"
    );
}

#[test]
fn an_empty_file_is_no_problem() {
    let bench = Bench::new();
    let replayed = bench.replay(&bench.file("empty", b""));
    assert_eq!(
        (replayed.recorder.count(), replayed.recorder.seen().len()),
        (0, 0)
    );
}
