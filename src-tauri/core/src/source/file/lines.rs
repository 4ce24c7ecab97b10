//! The lines of a file, plain or zstd-compressed, with flat memory.

use std::fs::File;
use std::io::{self, BufRead, BufReader, Read, Seek, SeekFrom};
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

/// Bytes of a line that are kept; the rest of a longer one is passed over and counted.
pub(super) const LONGEST_LINE: usize = 64 << 20;

const ZSTD_MAGIC: [u8; 4] = [0x28, 0xb5, 0x2f, 0xfd];

/// How much of the file has been read, in its own bytes.
#[derive(Debug, Clone, Default)]
pub(super) struct BytesRead(Arc<AtomicU64>);

impl BytesRead {
    pub(super) fn get(&self) -> u64 {
        self.0.load(Ordering::Relaxed)
    }
}

/// One line without its end.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Line<'a> {
    /// Its bytes, at most [`LONGEST_LINE`].
    pub bytes: &'a [u8],
    /// Bytes that were passed over because the line is longer than that.
    pub cut: u64,
}

/// The text of `file` from its beginning, decompressed where it begins like a zstd frame.
pub(super) fn text_of(file: &File, read: &BytesRead) -> io::Result<Box<dyn BufRead>> {
    let mut file = file.try_clone()?;
    file.seek(SeekFrom::Start(0))?;
    let mut magic = Vec::with_capacity(ZSTD_MAGIC.len());
    (&mut file)
        .take(ZSTD_MAGIC.len() as u64)
        .read_to_end(&mut magic)?;
    file.seek(SeekFrom::Start(0))?;
    let counted = Counted {
        file,
        read: read.clone(),
    };
    if magic == ZSTD_MAGIC {
        Ok(Box::new(BufReader::with_capacity(
            1 << 17,
            zstd::Decoder::new(counted)?,
        )))
    } else {
        Ok(Box::new(BufReader::with_capacity(1 << 17, counted)))
    }
}

struct Counted {
    file: File,
    read: BytesRead,
}

impl Read for Counted {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let read = self.file.read(buffer)?;
        self.read.0.fetch_add(read as u64, Ordering::Relaxed);
        Ok(read)
    }
}

/// Reads lines one after the other into one buffer.
pub(super) struct Lines<R> {
    text: R,
    buffer: Vec<u8>,
    longest: usize,
}

impl<R: BufRead> Lines<R> {
    pub(super) fn new(text: R) -> Self {
        Self {
            text,
            buffer: Vec::new(),
            longest: LONGEST_LINE,
        }
    }

    /// The next line; `seen` gets every byte of the text, line ends included. Nothing at the end.
    pub(super) fn next(&mut self, mut seen: impl FnMut(&[u8])) -> io::Result<Option<Line<'_>>> {
        self.buffer.clear();
        let mut cut = 0;
        let mut any = false;
        loop {
            let available = self.text.fill_buf()?;
            if available.is_empty() {
                break;
            }
            any = true;
            let end = available.iter().position(|byte| *byte == b'\n');
            let used = end.map_or(available.len(), |end| end + 1);
            let content = &available[..end.unwrap_or(used)];
            let room = content
                .len()
                .min(self.longest.saturating_sub(self.buffer.len()));
            self.buffer.extend_from_slice(&content[..room]);
            cut += (content.len() - room) as u64;
            seen(&available[..used]);
            self.text.consume(used);
            if end.is_some() {
                break;
            }
        }
        if !any {
            return Ok(None);
        }
        let bytes = self.buffer.strip_suffix(b"\r").unwrap_or(&self.buffer);
        Ok(Some(Line { bytes, cut }))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::io::Write as _;

    fn lines(text: &[u8], longest: usize) -> Vec<(Vec<u8>, u64)> {
        let mut lines = Lines {
            longest,
            ..Lines::new(BufReader::with_capacity(3, text))
        };
        let mut all = Vec::new();
        let mut seen = Vec::new();
        while let Some(line) = lines.next(|bytes| seen.extend_from_slice(bytes)).unwrap() {
            all.push((line.bytes.to_vec(), line.cut));
        }
        assert_eq!(seen, text);
        all
    }

    #[test]
    fn lines_end_with_line_feeds_with_or_without_carriage_return() {
        let expected: [(&[u8], u64); 4] = [(b"first", 0), (b"", 0), (b"second\r", 0), (b"last", 0)];
        let expected: Vec<_> = expected
            .iter()
            .map(|(bytes, cut)| (bytes.to_vec(), *cut))
            .collect();
        assert_eq!(lines(b"first\n\r\nsecond\r\r\nlast", 100), expected);
        assert!(lines(b"", 100).is_empty());
    }

    #[test]
    fn a_long_line_is_cut_and_the_next_one_whole() {
        assert_eq!(
            lines(b"0123456789\nab", 4),
            [(b"0123".to_vec(), 6), (b"ab".to_vec(), 0)]
        );
    }

    #[test]
    fn compression_is_seen_by_its_first_bytes() {
        let plain = b"one\ntwo\n".repeat(100);
        // Two frames behind each other, as concatenated files have.
        let packed = [
            zstd::encode_all(&plain[..], 3).unwrap(),
            zstd::encode_all(&plain[..], 3).unwrap(),
        ]
        .concat();
        for (content, text) in [
            (plain.clone(), plain.clone()),
            (packed, plain.repeat(2)),
            (vec![0x28], vec![0x28]),
        ] {
            let mut file = tempfile::tempfile().unwrap();
            file.write_all(&content).unwrap();
            let read = BytesRead::default();
            let mut all = Vec::new();
            text_of(&file, &read)
                .unwrap()
                .read_to_end(&mut all)
                .unwrap();
            assert_eq!(all, text);
            assert_eq!(read.get(), content.len() as u64);
        }
    }
}
