//! Makes a zstd dictionary from the shapes of stored events and occurrences.
//!
//!     cargo run --release -p picket-tests --bin dictionary -- /tmp/new.zdict
//!
//! Each line of `shapes.txt` is a stored text with marks such as `<uuid>` where texts differ. Filled over and over with
//! invented values they show the trainer what stays the same: names of members, of SDKs, of headers; nothing of
//! anybody's data. A dictionary that stores were written with must never change, so the output is a further one: it
//! goes beside those in `src-tauri/core/src/decode/codec`.

use anyhow::{Context, Result};
use clap::Parser;
use rand_chacha::ChaCha8Rng;
use rand_chacha::rand_core::{Rng, SeedableRng};
use std::path::PathBuf;

const SHAPES: &str = include_str!("shapes.txt");

/// Trains a dictionary.
#[derive(Debug, Parser)]
struct Arguments {
    /// File to write
    out: PathBuf,
    /// Bytes the dictionary may have; larger ones were no better
    #[arg(long, default_value_t = 16 * 1024)]
    bytes: usize,
    /// Texts made of every shape
    #[arg(long, default_value_t = 60)]
    texts: usize,
}

fn main() -> Result<()> {
    let arguments = Arguments::parse();
    let mut values = Values(ChaCha8Rng::seed_from_u64(1));
    let samples = (0..arguments.texts)
        .flat_map(|_| SHAPES.lines())
        .map(|shape| values.fill(shape))
        .collect::<Result<Vec<String>>>()?;
    let dictionary = zstd::dict::from_samples(&samples, arguments.bytes)?;
    std::fs::write(&arguments.out, &dictionary)
        .with_context(|| format!("{} cannot be written", arguments.out.display()))?;
    println!("{} bytes from {} texts", dictionary.len(), samples.len());
    Ok(())
}

/// Invented values; the same at every run.
struct Values(ChaCha8Rng);

impl Values {
    /// The shape with a value in the place of every mark. `<<` stands for a plain `<`.
    fn fill(&mut self, shape: &str) -> Result<String> {
        let mut text = String::new();
        let mut rest = shape;
        while let Some((before, after)) = rest.split_once('<') {
            text.push_str(before);
            if let Some(after) = after.strip_prefix('<') {
                text.push('<');
                rest = after;
                continue;
            }
            let (mark, after) = after
                .split_once('>')
                .context("a mark without an end; write << for <")?;
            text.push_str(&self.value(mark)?);
            rest = after;
        }
        text.push_str(rest);
        Ok(text)
    }

    fn value(&mut self, mark: &str) -> Result<String> {
        Ok(match mark {
            "uuid" => format!("{:016x}{:016x}", self.0.next_u64(), self.0.next_u64()),
            "hex16" => format!("{:016x}", self.0.next_u64()),
            "small" => self.between(1, 99).to_string(),
            "int" => self.between(100, 9_999_999).to_string(),
            "word" => self.word(),
            "Word" => self.capitalised(),
            "words" => self.sentence(),
            "GET" => self.pick(&["GET", "POST", "PUT", "DELETE"]).to_owned(),
            "CC" => self.pick(&["DE", "US", "FR", "JP"]).to_owned(),
            "status" => self.pick(&["200", "404", "500"]).to_owned(),
            "zone" => format!(
                "{}-{}-{}",
                self.pick(&["eu", "us"]),
                self.pick(&["west", "east", "north", "central"]),
                self.between(1, 3)
            ),
            "time" => format!(
                "{}.{:03}",
                self.between(1_700_000_000, 2_000_000_000),
                self.between(0, 999)
            ),
            "iso" => format!(
                "2026-{:02}-{:02}T{:02}:00:00Z",
                self.between(1, 12),
                self.between(1, 28),
                self.between(0, 23)
            ),
            "version" => format!(
                "{}.{}.{}",
                self.between(0, 30),
                self.between(0, 40),
                self.between(0, 20)
            ),
            "ip" => {
                let parts: [String; 4] = std::array::from_fn(|_| self.between(1, 254).to_string());
                parts.join(".")
            }
            other => anyhow::bail!("<{other}> is no mark"),
        })
    }

    /// A number from `low` to `high`, both included.
    fn between(&mut self, low: u64, high: u64) -> u64 {
        low + self.0.next_u64() % (high - low + 1)
    }

    fn pick<T: Copy>(&mut self, items: &[T]) -> T {
        let place = self.0.next_u64() % items.len() as u64;
        items[usize::try_from(place).unwrap_or(0)]
    }

    /// Letters in no language; words that senders really use would be guesses.
    fn word(&mut self) -> String {
        const LETTERS: &[u8] = b"etaoinsrhldcum";
        (0..self.between(3, 10))
            .map(|_| char::from(self.pick(LETTERS)))
            .collect()
    }

    fn capitalised(&mut self) -> String {
        let word = self.word();
        word[..1].to_uppercase() + &word[1..]
    }

    fn sentence(&mut self) -> String {
        let words: Vec<String> = (0..self.between(2, 8)).map(|_| self.word()).collect();
        words.join(" ")
    }
}
