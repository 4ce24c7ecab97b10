use super::*;
use std::cell::RefCell;
use std::io::{self, Write};
use std::rc::Rc;

/// Counts what it is given and forgets it.
#[derive(Default, Clone)]
struct Counter(Rc<RefCell<usize>>);

impl Write for Counter {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        *self.0.borrow_mut() += bytes.len();
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

/// No writer holds back more than a small buffer, however many rows come.
#[test]
fn rows_are_written_as_they_come() {
    let columns = columns("id,title");
    for name in ["csv", "json", "ndjson", "md"] {
        let counter = Counter::default();
        let format = Format::named(name).unwrap();
        let mut writer = RowWriter::new(counter.clone(), format, columns.clone()).unwrap();
        let title = "x".repeat(90);
        for id in 1..=20_000_i64 {
            let row = ExportRow::new()
                .with("id", id)
                .with("title", title.as_str());
            writer.write(&row).unwrap();
            let least = usize::try_from(id).unwrap() * 90;
            assert!(*counter.0.borrow() + 16_384 >= least, "{name} at row {id}");
        }
        writer.finish().unwrap();
    }
}

/// Takes so many bytes, then nothing.
struct Full(usize);

impl Write for Full {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        if self.0 < bytes.len() {
            return Err(io::ErrorKind::StorageFull.into());
        }
        self.0 -= bytes.len();
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

#[test]
fn every_format_passes_on_why_nothing_is_taken() {
    for name in ["csv", "json", "ndjson", "md"] {
        let format = Format::named(name).unwrap();
        for room in [0, 10, 20_000] {
            let failed = RowWriter::new(Full(room), format, columns("id,title"))
                .and_then(|mut writer| {
                    for id in 0..1_000_i64 {
                        writer.write(&ExportRow::new().with("id", id).with("title", HOSTILE[6]))?;
                    }
                    writer.finish()
                })
                .err()
                .unwrap();
            assert_eq!(
                failed.kind(),
                io::ErrorKind::StorageFull,
                "{name} with room for {room}"
            );
        }
    }
}
