//! A bundle in place of the store (ADR 0018): it is looked at, and everything else goes on below it.

use crate::commands::bundle::BundleInfo;
use crate::error::{CommandError, CommandResult};
use chrono::{DateTime, Utc};
use picket_core::engine::bundle;
use picket_core::store::Store;
use picket_core::{Error, ErrorKind};
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

/// Why nothing of a bundle can be changed.
pub const READ_ONLY: &str =
    "This is a bundle, which can only be looked at. Close it to go back to your own issues.";

/// A bundle that is shown.
pub struct Shown {
    /// Its store, in memory.
    pub store: Arc<Store>,
    /// What the window says of it.
    pub info: BundleInfo,
    /// The time that lists and searches take for now: a bundle looks as it did when it was made.
    pub now: DateTime<Utc>,
}

/// The bundle that is shown, and the one that waits to be.
#[derive(Default)]
pub struct Bundles(Mutex<Inner>);

#[derive(Default)]
struct Inner {
    shown: Option<Arc<Shown>>,
    /// Given from outside, for the window to open.
    given: Option<PathBuf>,
    /// How many were opened.
    opened: u32,
}

impl Bundles {
    fn lock(&self) -> MutexGuard<'_, Inner> {
        // Nothing in here can be half done.
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// The one that is shown.
    pub fn shown(&self) -> Option<Arc<Shown>> {
        self.lock().shown.clone()
    }

    /// An error where one is shown.
    ///
    /// # Errors
    /// [`READ_ONLY`].
    pub fn refuse(&self) -> CommandResult<()> {
        match self.shown() {
            None => Ok(()),
            Some(_) => Err(CommandError::new(ErrorKind::ReadOnly, READ_ONLY)),
        }
    }

    /// Opens one and shows it. Where it does not open, what was shown stays. `now` is the time.
    ///
    /// # Errors
    /// What is wrong with the file, and where.
    pub async fn open(&self, path: &Path, now: DateTime<Utc>) -> CommandResult<BundleInfo> {
        let opened = bundle::open(path, now).await.map_err(Error::from)?;
        let mut inner = self.lock();
        inner.opened += 1;
        let info = BundleInfo::new(path, &opened.head, opened.view, inner.opened);
        inner.shown = Some(Arc::new(Shown {
            store: Arc::new(opened.store),
            info: info.clone(),
            now: opened.head.made.min(now),
        }));
        Ok(info)
    }

    /// Shows none any more.
    pub fn close(&self) {
        self.lock().shown = None;
    }

    /// Keeps a file that is to be opened once the window is there.
    pub fn give(&self, path: PathBuf) {
        self.lock().given = Some(path);
    }

    /// The file that was given last, once.
    pub fn take_given(&self) -> Option<PathBuf> {
        self.lock().given.take()
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used, reason = "a test should stop where it fails")]
mod tests {
    use crate::state::AppState;
    use picket_core::ErrorKind;
    use picket_core::config::Paths;
    use std::sync::Arc;

    const EMPTY: &str = "{\"kind\":\"bundle\",\"data\":{\"version\":1,\"made\":\"2026-03-04T12:30:00Z\",\"issues\":0,\"occurrences\":0}}
{\"kind\":\"end\",\"data\":{\"issues\":0,\"occurrences\":0}}
";

    #[tokio::test]
    async fn a_bundle_is_shown_in_place_of_the_store_until_it_is_closed() {
        let folder = tempfile::tempdir().unwrap();
        let paths = Paths {
            data: folder.path().to_owned(),
            settings: folder.path().join("picket.toml"),
        };
        let state = AppState::at(paths, false).await;
        let own = state.store().await.unwrap();
        let (file, now) = (folder.path().join("case.picket"), state.clock.now());

        std::fs::write(&file, &EMPTY[..EMPTY.len() - 2]).unwrap();
        let refused = state.bundles.open(&file, now).await.unwrap_err();
        assert!(
            refused.message.contains("is not whole"),
            "{}",
            refused.message
        );
        assert!(Arc::ptr_eq(&own, &state.store().await.unwrap()));

        std::fs::write(&file, EMPTY).unwrap();
        let info = state.bundles.open(&file, now).await.unwrap();
        assert_eq!((info.name.as_str(), info.opening), ("case.picket", 1));
        assert!(!Arc::ptr_eq(&own, &state.store().await.unwrap()));
        let refused = state.writable_store().await.unwrap_err();
        assert_eq!(refused.code, ErrorKind::ReadOnly);
        let facts = state.store_facts().await;
        assert_eq!(facts.read_only.unwrap(), refused.message);
        assert_eq!(facts.bundle.unwrap().path, file.display().to_string());
        let (me, then) = state.acting().unwrap();
        assert_eq!(
            (me, then.to_rfc3339().as_str()),
            (None, "2026-03-04T12:30:00+00:00")
        );
        assert_eq!(state.bundles.open(&file, now).await.unwrap().opening, 2);

        state.bundles.close();
        assert!(Arc::ptr_eq(&own, &state.writable_store().await.unwrap()));
        assert!(state.acting().unwrap().1 >= now);
        state.shut_down().await;
    }

    #[test]
    fn a_file_is_given_out_once() {
        let bundles = super::Bundles::default();
        bundles.give("/a.picket".into());
        assert_eq!(bundles.take_given(), Some("/a.picket".into()));
        assert_eq!(bundles.take_given(), None);
    }
}
