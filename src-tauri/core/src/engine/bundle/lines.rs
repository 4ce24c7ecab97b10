//! The lines of a bundle, in their order.

use super::form::{self, NewIssue, NewOccurrence};
use super::{BundleError, BundleHead, MOST_BYTES, MOST_LINE_BYTES, Part};
use crate::engine::export::{BUNDLE_MOST_ISSUES, BUNDLE_VERSION};
use serde::Deserialize;
use serde_json::Value;
use std::fs::File;
use std::io::{BufRead, BufReader, Read};
use std::path::Path;

/// Occurrences that are stored at once.
const CHUNK: usize = 500;
/// The same in bytes of their lines, because one can be very long.
const CHUNK_BYTES: usize = 32 << 20;

/// What every line is.
#[derive(Deserialize)]
struct Line {
    kind: String,
    data: Value,
}

/// The numbers of the first and of the last line.
#[derive(Deserialize)]
struct Numbers {
    issues: u64,
    occurrences: u64,
}

/// Reads a bundle and hands it over part by part, until `take` wants no more.
pub(super) fn read(
    path: &Path,
    mut take: impl FnMut(Part) -> bool,
) -> Result<BundleHead, BundleError> {
    let mut lines = Lines::open(path)?;
    let head = lines.head()?;
    let mut reading = form::Reading::default();
    let (mut issues, mut occurrences): (Vec<NewIssue>, Vec<NewOccurrence>) = Default::default();
    let (mut counted, mut bytes) = ((0, 0), 0);
    let mut has_handed_over_issues = false;
    loop {
        let Some((line, length)) = lines.next()? else {
            return Err(lines.cut());
        };
        let end: Option<Numbers> = match line.kind.as_str() {
            "end" => Some(form::read(line.data.clone()).map_err(|problem| lines.damaged(problem))?),
            _ => None,
        };
        if line.kind == "issue" {
            if has_handed_over_issues {
                return Err(lines.damaged("an issue stands behind the occurrences"));
            }
            if counted.0 == BUNDLE_MOST_ISSUES {
                return Err(lines.too_large());
            }
            counted.0 += 1;
            let issue = reading.issue(line.data);
            issues.push(issue.map_err(|problem| lines.damaged(problem))?);
            continue;
        }
        if !has_handed_over_issues {
            has_handed_over_issues = true;
            let people = reading.people(&mut issues);
            if !take(Part::Issues(std::mem::take(&mut issues), people)) {
                return Ok(head);
            }
        }
        if line.kind == "occurrence" {
            counted.1 += 1;
            bytes += length;
            let occurrence = reading.occurrence(line.data, lines.number);
            occurrences.push(occurrence.map_err(|problem| lines.damaged(problem))?);
        } else if end.is_none() {
            let problem = format!("“{}” is nothing that a bundle has", shown(&line.kind));
            return Err(lines.damaged(problem));
        }
        if end.is_some() || occurrences.len() == CHUNK || bytes >= CHUNK_BYTES {
            bytes = 0;
            let part = Part::Occurrences(std::mem::take(&mut occurrences));
            if !take(part) {
                return Ok(head);
            }
        }
        if let Some(end) = end {
            if (end.issues, end.occurrences) != counted {
                return Err(lines.damaged(format!(
                    "it counts {} issues and {} occurrences, and there are {} and {}",
                    end.issues, end.occurrences, counted.0, counted.1
                )));
            }
            if lines.next()?.is_some() {
                return Err(lines.damaged("something stands behind the end"));
            }
            // What was counted: an issue may have gone while the bundle was made.
            let (issues, occurrences) = counted;
            return Ok(BundleHead {
                issues,
                occurrences,
                ..head
            });
        }
    }
}

/// A word of the file as far as it is fit to be repeated.
fn shown(word: &str) -> String {
    word.chars()
        .filter(|char| !char.is_control())
        .take(40)
        .collect()
}

struct Lines<'a> {
    path: &'a Path,
    /// Stops behind the largest file.
    input: BufReader<std::io::Take<File>>,
    text: Vec<u8>,
    /// The line that was read last, from 1.
    number: u64,
}

impl<'a> Lines<'a> {
    fn open(path: &'a Path) -> Result<Self, BundleError> {
        let unreadable = |source| BundleError::Unreadable {
            file: path.to_owned(),
            source,
        };
        let file = File::open(path).map_err(unreadable)?;
        let about = file.metadata().map_err(unreadable)?;
        let lines = Self {
            path,
            // Whatever it says of its size now: it can grow, and a device has none.
            input: BufReader::new(file.take(MOST_BYTES + 1)),
            text: Vec::new(),
            number: 0,
        };
        if !about.is_file() {
            return Err(BundleError::NotABundle {
                file: path.to_owned(),
            });
        }
        if about.len() > MOST_BYTES {
            return Err(lines.too_large());
        }
        Ok(lines)
    }

    /// The first line.
    fn head(&mut self) -> Result<BundleHead, BundleError> {
        let not_a_bundle = || BundleError::NotABundle {
            file: self.path.to_owned(),
        };
        let no_bundle = not_a_bundle();
        let head = match self.next() {
            Ok(Some((line, _))) if line.kind == "bundle" => line.data,
            Err(error @ BundleError::Unreadable { .. }) => return Err(error),
            _ => return Err(no_bundle),
        };
        let Some(version) = head.get("version").and_then(Value::as_u64) else {
            return Err(no_bundle);
        };
        if version != u64::from(BUNDLE_VERSION) {
            return Err(BundleError::OtherVersion {
                file: self.path.to_owned(),
                version,
            });
        }
        form::head(head).map_err(|problem| self.damaged(problem))
    }

    /// The next line and its length in bytes; nothing at the end of the file.
    fn next(&mut self) -> Result<Option<(Line, usize)>, BundleError> {
        self.text.clear();
        let mut one = self.input.by_ref().take(MOST_LINE_BYTES + 1);
        let length =
            one.read_until(b'\n', &mut self.text)
                .map_err(|source| BundleError::Unreadable {
                    file: self.path.to_owned(),
                    source,
                })?;
        if length == 0 {
            return Ok(None);
        }
        self.number += 1;
        if length as u64 > MOST_LINE_BYTES {
            return Err(self.damaged("it is longer than 16 MB"));
        }
        if self.text.last() != Some(&b'\n') {
            return Err(self.cut());
        }
        match serde_json::from_slice(&self.text) {
            Ok(line) => Ok(Some((line, length))),
            Err(error) => Err(self.damaged(error.to_string())),
        }
    }

    fn damaged(&self, problem: impl Into<String>) -> BundleError {
        BundleError::Damaged {
            file: self.path.to_owned(),
            line: self.number,
            problem: problem.into(),
        }
    }

    fn cut(&self) -> BundleError {
        BundleError::Cut {
            file: self.path.to_owned(),
            line: self.number,
        }
    }

    fn too_large(&self) -> BundleError {
        BundleError::TooLarge {
            file: self.path.to_owned(),
        }
    }
}
