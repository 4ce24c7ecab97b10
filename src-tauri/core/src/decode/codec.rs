//! The compressed form of stored JSON: zstd frames that carry their content size.

use std::cell::RefCell;
use std::io;
use std::sync::Arc;
use zstd::bulk::{Compressor, Decompressor};
use zstd::zstd_safe;

/// The fastest standard level: decoding runs for every record, and JSON shrinks well at any level.
const LEVEL: i32 = 1;

/// A scratch buffer above this size is given back instead of being kept for the next record.
const SCRATCH_KEPT: usize = 1 << 20;

struct Encoder {
    /// Nothing when zstd could not set up a context.
    compressor: Option<Compressor<'static>>,
    scratch: Vec<u8>,
}

thread_local! {
    static ENCODER: RefCell<Encoder> =
        RefCell::new(Encoder { compressor: Compressor::new(LEVEL).ok(), scratch: Vec::new() });
    static DECODER: RefCell<Decompressor<'static>> = RefCell::new(Decompressor::default());
}

/// Compresses `bytes` into one zstd frame.
///
/// Never fails: should zstd refuse (it can only run out of memory), the frame holds the bytes as they are.
#[must_use]
pub fn compress(bytes: &[u8]) -> Arc<[u8]> {
    ENCODER.with_borrow_mut(|encoder| {
        let Encoder {
            compressor: Some(compressor),
            scratch,
        } = encoder
        else {
            return raw_frame(bytes).into();
        };
        scratch.clear();
        scratch.reserve(zstd_safe::compress_bound(bytes.len()));
        let frame = match compressor.compress_to_buffer(bytes, scratch) {
            Ok(_) => Arc::from(scratch.as_slice()),
            Err(_) => raw_frame(bytes).into(),
        };
        if scratch.capacity() > SCRATCH_KEPT {
            *scratch = Vec::new();
        }
        frame
    })
}

/// Restores what [`compress`] made of at most `limit` bytes.
///
/// # Errors
/// Not a zstd frame, a damaged one, or one that holds more than `limit` bytes. What a frame claims about its size is
/// checked against `limit` before any memory is set aside for it.
pub fn decompress(frame: &[u8], limit: usize) -> io::Result<Vec<u8>> {
    let invalid = |detail: String| io::Error::new(io::ErrorKind::InvalidData, detail);
    let claimed = zstd_safe::get_frame_content_size(frame)
        .map_err(|_| invalid("not a zstd frame".to_owned()))?
        .ok_or_else(|| invalid("the zstd frame does not say how much it holds".to_owned()))?;
    let size = usize::try_from(claimed)
        .ok()
        .filter(|&size| size <= limit)
        .ok_or_else(|| {
            invalid(format!(
                "the zstd frame holds {claimed} bytes, at most {limit} are read"
            ))
        })?;
    DECODER.with_borrow_mut(|decoder| {
        let mut bytes = Vec::with_capacity(size);
        decoder.decompress_to_buffer(frame, &mut bytes)?;
        Ok(bytes)
    })
}

/// A zstd frame whose blocks hold `bytes` uncompressed (RFC 8878, sections 3.1.1.1 and 3.1.1.2).
fn raw_frame(bytes: &[u8]) -> Vec<u8> {
    const MAGIC: [u8; 4] = 0xFD2F_B528_u32.to_le_bytes();
    /// Single segment, content size in eight bytes, no checksum, no dictionary.
    const DESCRIPTOR: u8 = 0b1110_0000;
    const MAX_BLOCK: usize = 128 * 1024;

    let mut frame = Vec::with_capacity(bytes.len() + 16 + 3 * (bytes.len() / MAX_BLOCK + 1));
    frame.extend_from_slice(&MAGIC);
    frame.push(DESCRIPTOR);
    frame.extend_from_slice(&(bytes.len() as u64).to_le_bytes());
    let mut rest = bytes;
    loop {
        let (block, after) = rest.split_at(rest.len().min(MAX_BLOCK));
        let last = after.is_empty();
        // Size in the upper 21 bits, block type 0 (raw), and the flag of the last block.
        let header = (block.len() << 3) | usize::from(last);
        frame.extend_from_slice(&header.to_le_bytes()[..3]);
        frame.extend_from_slice(block);
        if last {
            return frame;
        }
        rest = after;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const LIMIT: usize = 1 << 22;

    fn sample(length: usize) -> Vec<u8> {
        (0..length)
            .map(|index| u8::try_from((index * index / 7) % 251).unwrap())
            .collect()
    }

    #[test]
    fn what_is_compressed_comes_back() {
        for length in [0, 1, 2_000, 2 << 20] {
            let bytes = sample(length);
            assert_eq!(
                decompress(&compress(&bytes), LIMIT).unwrap(),
                bytes,
                "{length} bytes"
            );
        }
        assert!(compress(&[b'x'; 10_000]).len() < 100);
    }

    #[test]
    fn an_uncompressed_frame_is_a_frame() {
        for length in [0, 1, 128 * 1024, 128 * 1024 + 1, 400_000] {
            let bytes = sample(length);
            assert_eq!(
                decompress(&raw_frame(&bytes), LIMIT).unwrap(),
                bytes,
                "{length} bytes"
            );
        }
    }

    #[test]
    fn the_limit_holds_at_the_byte() {
        let frame = compress(&sample(1_000));
        assert_eq!(decompress(&frame, 1_000).unwrap().len(), 1_000);
        let error = decompress(&frame, 999).unwrap_err().to_string();
        assert!(error.contains("1000") && error.contains("999"), "{error}");
    }

    #[test]
    fn a_frame_that_lies_about_its_size_is_refused() {
        let bytes = [b'x'; 64];
        let mut claims_more = raw_frame(&bytes);
        claims_more[5..13].copy_from_slice(&(u64::MAX >> 8).to_le_bytes());
        assert!(decompress(&claims_more, LIMIT).is_err());

        let mut claims_less = raw_frame(&bytes);
        claims_less[5..13].copy_from_slice(&3_u64.to_le_bytes());
        assert!(decompress(&claims_less, LIMIT).is_err());

        // A second frame behind the first is more than the first one announced.
        let two = [raw_frame(&bytes), raw_frame(&bytes)].concat();
        assert!(decompress(&two, LIMIT).is_err());
    }

    #[test]
    fn anything_else_is_an_error() {
        let whole = compress(&sample(5_000));
        assert!(decompress(b"", LIMIT).is_err());
        assert!(decompress(b"{\"not\": \"zstd\"}", LIMIT).is_err());
        assert!(decompress(&whole[..whole.len() / 2], LIMIT).is_err());
        // The contexts are still usable afterwards.
        assert_eq!(decompress(&whole, LIMIT).unwrap(), sample(5_000));
    }
}
