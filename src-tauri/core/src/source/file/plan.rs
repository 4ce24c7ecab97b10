//! The first pass over a file: what it is, and which offsets its records get.

use super::envelope;
use super::lines::{BytesRead, Line, Lines, text_of};
use crate::error::{Error, ErrorKind, Result};
use crate::source::StopSignal;
use sha2::{Digest, Sha256};
use std::collections::BTreeMap;
use std::fs::File;
use std::sync::Arc;

/// Topic of lines that are no records. No real topic can have this name.
pub const UNREADABLE_TOPIC: &str = "replay/unreadable";

/// How records are numbered.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Numbering {
    /// A record has the offset of its line; one without has its place in its partition, counted from 0.
    AsWritten,
    /// Every record has the number of its line, counted from 1.
    ByLine,
}

/// Offsets of one partition of the file.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Extent {
    /// First offset.
    pub first: i64,
    /// Behind the last offset.
    pub end: i64,
}

/// What the first pass found.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Plan {
    /// Name of the source.
    pub source: Arc<str>,
    pub numbering: Numbering,
    pub partitions: BTreeMap<(Arc<str>, i32), Extent>,
}

/// A line with its place, or what is wrong with it.
pub(super) enum Parsed<'a> {
    /// Only white space.
    Blank,
    Record(envelope::Envelope<'a>),
    /// The line is no record, for this reason.
    Unreadable(String),
}

/// Reads one line.
pub(super) fn parse<'a>(line: &Line<'a>) -> Parsed<'a> {
    if line.cut > 0 {
        let length = line.bytes.len() as u64 + line.cut;
        return Parsed::Unreadable(format!(
            "it has {length} bytes, which is too long; its beginning is kept"
        ));
    }
    if line.bytes.iter().all(u8::is_ascii_whitespace) {
        return Parsed::Blank;
    }
    match envelope::parse(line.bytes) {
        Ok(envelope) => Parsed::Record(envelope),
        Err(reason) => Parsed::Unreadable(reason),
    }
}

/// Gives offsets to the records of a file, line by line.
///
/// Offsets must rise in a partition, because a store that knows the next offset of a partition passes over whatever
/// lies below it. Where the offsets in a file do not rise, following them would lose records; then all records of
/// the file are numbered by their lines instead.
#[derive(Debug, Default)]
struct Numberer {
    as_written: BTreeMap<(Arc<str>, i32), (Extent, i64)>,
    by_line: BTreeMap<(Arc<str>, i32), Extent>,
    falls: bool,
}

impl Numberer {
    fn record(&mut self, topic: &str, partition: i32, offset: Option<i64>, line: i64) {
        let key = (Arc::<str>::from(topic), partition);
        let extent = self.by_line.entry(key.clone()).or_insert(Extent {
            first: line,
            end: line,
        });
        extent.end = line + 1;
        match self.as_written.get_mut(&key) {
            Some((extent, count)) => {
                let offset = offset.unwrap_or(*count);
                self.falls |= offset < extent.end || offset == i64::MAX;
                extent.end = extent.end.max(offset.saturating_add(1));
                *count += 1;
            }
            None => {
                let first = offset.unwrap_or(0);
                self.falls |= first < 0 || first == i64::MAX;
                self.as_written.insert(
                    key,
                    (
                        Extent {
                            first,
                            end: first.saturating_add(1),
                        },
                        1,
                    ),
                );
            }
        }
    }

    /// Lines that are no records have the number of their line in either case.
    fn unreadable(&mut self, line: i64) {
        self.record(UNREADABLE_TOPIC, 0, Some(line), line);
    }

    fn plan(self, source: Arc<str>) -> Plan {
        if self.falls {
            return Plan {
                source,
                numbering: Numbering::ByLine,
                partitions: self.by_line,
            };
        }
        let partitions = self
            .as_written
            .into_iter()
            .map(|(key, (extent, _))| (key, extent))
            .collect();
        Plan {
            source,
            numbering: Numbering::AsWritten,
            partitions,
        }
    }
}

/// Reads the whole file once. Nothing when asked to stop.
///
/// # Errors
/// When the file cannot be read to its end, also because its compression is damaged. Nothing has been handed over
/// then.
pub(super) fn make(file: &File, stop: &StopSignal) -> Result<Option<Plan>> {
    let mut digest = Sha256::new();
    let mut numberer = Numberer::default();
    let mut lines = Lines::new(text_of(file, &BytesRead::default()).map_err(unreadable_file)?);
    let mut number = 0_i64;
    while let Some(line) = lines
        .next(|bytes| digest.update(bytes))
        .map_err(unreadable_file)?
    {
        number += 1;
        match parse(&line) {
            Parsed::Blank => {}
            Parsed::Record(record) => {
                numberer.record(&record.topic, record.partition, record.offset, number);
            }
            Parsed::Unreadable(_) => numberer.unreadable(number),
        }
        if number % 256 == 0 && stop.is_cancelled() {
            return Ok(None);
        }
    }
    let digest = digest.finalize();
    let name: String = digest
        .iter()
        .take(8)
        .map(|byte| format!("{byte:02x}"))
        .collect();
    Ok(Some(numberer.plan(format!("file:{name}").into())))
}

pub(super) fn unreadable_file(error: std::io::Error) -> Error {
    let message =
        format!("The file cannot be read to its end: {error}. Check that it is complete.");
    Error::caused(ErrorKind::InvalidInput, message, error)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn plan(records: &[(&str, i32, Option<i64>)]) -> (Numbering, Vec<(String, i32, i64, i64)>) {
        let mut numberer = Numberer::default();
        for (line, (topic, partition, offset)) in (1..).zip(records) {
            numberer.record(topic, *partition, *offset, line);
        }
        let plan = numberer.plan("file:x".into());
        let partitions = plan.partitions.into_iter();
        let extents = partitions.map(|((topic, partition), extent)| {
            (topic.to_string(), partition, extent.first, extent.end)
        });
        (plan.numbering, extents.collect())
    }

    #[test]
    fn records_without_offsets_are_counted_per_partition() {
        let (numbering, extents) = plan(&[
            ("a", 0, None),
            ("b", 0, None),
            ("a", 0, None),
            ("a", 1, None),
        ]);
        assert_eq!(numbering, Numbering::AsWritten);
        assert_eq!(
            extents,
            [
                ("a".into(), 0, 0, 2),
                ("a".into(), 1, 0, 1),
                ("b".into(), 0, 0, 1)
            ]
        );
    }

    #[test]
    fn rising_offsets_are_kept_with_their_holes() {
        let (numbering, extents) =
            plan(&[("a", 0, Some(10)), ("a", 0, Some(11)), ("a", 0, Some(90))]);
        assert_eq!(
            (numbering, extents),
            (Numbering::AsWritten, vec![("a".into(), 0, 10, 91)])
        );
    }

    #[test]
    fn offsets_that_do_not_rise_give_way_to_line_numbers() {
        for offsets in [
            [Some(3), Some(3)],
            [Some(3), Some(2)],
            // The second would be number 1 of its partition.
            [Some(7), None],
            [Some(-1), Some(0)],
            [Some(i64::MAX), None],
        ] {
            let (numbering, extents) =
                plan(&[("a", 0, offsets[0]), ("b", 0, None), ("a", 0, offsets[1])]);
            assert_eq!(numbering, Numbering::ByLine, "{offsets:?}");
            assert_eq!(
                extents,
                [("a".into(), 0, 1, 4), ("b".into(), 0, 2, 3)],
                "{offsets:?}"
            );
        }
    }

    #[test]
    fn a_mixture_that_rises_is_kept() {
        let (numbering, extents) = plan(&[
            ("a", 0, None),
            ("a", 0, Some(1)),
            ("a", 0, None),
            ("a", 0, Some(40)),
        ]);
        assert_eq!(
            (numbering, extents),
            (Numbering::AsWritten, vec![("a".into(), 0, 0, 41)])
        );
    }
}
