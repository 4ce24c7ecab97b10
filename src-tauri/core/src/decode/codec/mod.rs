//! The compressed form of stored JSON: zstd frames that carry their content size (ADR 0014).
//!
//! A frame names the dictionary it was made with, or none. Frames without one are read for ever: older stores hold them.

use std::cell::RefCell;
use std::io;
use std::sync::{Arc, LazyLock};
use zstd::bulk::{Compressor, Decompressor};
use zstd::dict::{DecoderDictionary, EncoderDictionary};
use zstd::zstd_safe;

/// The fastest standard level: decoding runs for every record, and JSON shrinks well at any level.
const LEVEL: i32 = 1;

/// A scratch buffer above this size is given back instead of being kept for the next record.
const SCRATCH_KEPT: usize = 1 << 20;

/// What stored texts have in common. Stores hold frames made with it, so these bytes never change; a better dictionary
/// is a further file, and this one stays for reading.
static DICTIONARY: &[u8] = include_bytes!("stored-1.zdict");

static FOR_WRITING: LazyLock<EncoderDictionary<'static>> =
    LazyLock::new(|| EncoderDictionary::copy(DICTIONARY, LEVEL));
static FOR_READING: LazyLock<DecoderDictionary<'static>> =
    LazyLock::new(|| DecoderDictionary::copy(DICTIONARY));

struct Encoder {
    /// Nothing when zstd could not set up a context.
    compressor: Option<Compressor<'static>>,
    scratch: Vec<u8>,
}

thread_local! {
    static ENCODER: RefCell<Encoder> = RefCell::new(Encoder {
        compressor: Compressor::with_prepared_dictionary(&FOR_WRITING).ok(),
        scratch: Vec::new(),
    });
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
/// Not a zstd frame, a damaged one, one made with an unknown dictionary, or one that holds more than `limit` bytes.
/// What a frame claims about its size is checked against `limit` before any memory is set aside for it.
pub fn decompress(frame: &[u8], limit: usize) -> io::Result<Vec<u8>> {
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
        match zstd_safe::get_dict_id_from_frame(frame) {
            None => decoder.set_dictionary(&[])?,
            id if id == zstd_safe::get_dict_id_from_dict(DICTIONARY) => {
                decoder.set_prepared_dictionary(&FOR_READING)?;
            }
            Some(id) => {
                return Err(invalid(format!(
                    "the zstd frame was made with dictionary {id}, which this version does not have; open the store \
                     with the version that wrote it"
                )));
            }
        }
        let mut bytes = Vec::with_capacity(size);
        decoder.decompress_to_buffer(frame, &mut bytes)?;
        Ok(bytes)
    })
}

fn invalid(detail: String) -> io::Error {
    io::Error::new(io::ErrorKind::InvalidData, detail)
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
    fn a_frame_of_an_earlier_version_is_read() {
        let text = br#"{"event_id":"0","platform":"python","level":"error"}"#;
        let without_dictionary = zstd::bulk::compress(text, LEVEL).unwrap();
        assert_eq!(decompress(&without_dictionary, LIMIT).unwrap(), text);
        // Between them, the context remembers nothing of the dictionary.
        assert_eq!(decompress(&compress(text), LIMIT).unwrap(), text);
        assert_eq!(decompress(&without_dictionary, LIMIT).unwrap(), text);
    }

    /// If this fails, the dictionary was changed, and the stores that were written with it cannot be read any more.
    #[test]
    fn the_first_dictionary_stays_as_it_is() {
        const FRAME: &[u8] = b"\x28\xb5\x2f\xfd\x23\x94\x04\xca\x60\x52\xe5\x00\x00\x58\x31\x66\x37\x70\x79\x74\x68\x6f\x6e\x22\x7d\x04\xfc\xb0\xf9\x13\xa0\x9c\xa1\x69\x12\x43\xea\x41\x8f\x2c\x01";
        let text = br#"{"event_id":"1f","project":7,"type":"generic","level":"error","platform":"python"}"#;
        assert_eq!(decompress(FRAME, LIMIT).unwrap(), text);
    }

    #[test]
    fn an_unknown_dictionary_is_named() {
        let mut frame = compress(&sample(1_000)).to_vec();
        // Behind magic number and descriptor (RFC 8878, section 3.1.1.1).
        frame[5..9].copy_from_slice(&4_711_u32.to_le_bytes());
        let error = decompress(&frame, LIMIT).unwrap_err().to_string();
        assert!(error.contains("dictionary 4711"), "{error}");
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
