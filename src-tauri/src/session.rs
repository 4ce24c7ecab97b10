//! What the window remembers of itself between two starts.

use picket_core::config::Paths;
use serde::{Deserialize, Serialize};
use std::path::PathBuf;

/// Remembered choices. Losing them costs nothing but a click, so problems with the file are only logged.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Session {
    /// Whether the demo store was open.
    pub demo: bool,
}

impl Session {
    /// What was remembered last.
    pub fn load(paths: &Paths) -> Self {
        std::fs::read(file(paths))
            .ok()
            .and_then(|bytes| serde_json::from_slice(&bytes).ok())
            .unwrap_or_default()
    }

    /// Remembers this.
    pub fn save(self, paths: &Paths) {
        let saved = serde_json::to_vec(&self)
            .map_err(std::io::Error::from)
            .and_then(|bytes| {
                std::fs::create_dir_all(&paths.data)?;
                std::fs::write(file(paths), bytes)
            });
        if let Err(error) = saved {
            tracing::warn!(%error, "the session could not be remembered");
        }
    }
}

fn file(paths: &Paths) -> PathBuf {
    paths.data.join("session.json")
}
