//! What the commands work on: the settings, the open store, the running feed.

use crate::bundle::{Bundles, READ_ONLY};
use crate::commands::bundle::BundleInfo;
use crate::error::{CommandError, CommandResult};
use crate::events;
use crate::questions::Questions;
use crate::runs::Runs;
use crate::session::Session;
use crate::take_over;
use anyhow::Result;
use chrono::{DateTime, Utc};
use picket_core::clock::{SharedClock, SystemClock};
use picket_core::config::{Paths, Settings, TriageSettings};
use picket_core::engine::desk::Lists;
use picket_core::engine::find::Asker;
use picket_core::engine::{Upkeep, UpkeepSettings};
use picket_core::limits::Counters;
use picket_core::model::Directory;
use picket_core::pipeline::{Feed, PipelineSettings};
use picket_core::store::{Access, Store, StoreError, TriageStore};
use picket_core::view::{FeedState, FeedStatus};
use picket_core::{Error, ErrorKind};
use std::path::PathBuf;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Weak};
use tauri::AppHandle;
use tokio::sync::{Mutex, RwLock};

/// Name of the feed of generated records.
pub const DEMO: &str = "demo";

/// The state of the application.
pub struct AppState {
    /// Folders.
    pub paths: Paths,
    /// The time.
    pub clock: SharedClock,
    /// The user's own store, or that of the demo.
    open: RwLock<Open>,
    /// What is shown in its place.
    pub bundles: Bundles,
    /// The running feed. Locked for as long as a feed starts or stops, so that two cannot.
    pub feed: Mutex<Option<Arc<Feed>>>,
    /// How the last feed stood when it was stopped.
    pub last_status: Mutex<FeedStatus>,
    /// The counters of the running feed.
    counters: Mutex<Weak<Counters>>,
    /// The tasks that run by themselves in the open store.
    upkeep: Mutex<Option<Upkeep>>,
    /// Work that can be stopped.
    pub runs: Runs,
    /// What the window's lists held when they were read.
    pub lists: Lists<Store>,
    /// What the window asks and may ask anew before it is answered.
    pub questions: Questions,
}

/// Who asks, and when.
pub struct Asking {
    /// People and teams.
    pub directory: Directory,
    /// The acting member.
    pub me: Option<i64>,
    /// What is allowed.
    pub triage: TriageSettings,
    /// The time.
    pub now: DateTime<Utc>,
}

impl Asking {
    /// As lists know it.
    pub fn asker(&self) -> Asker<'_> {
        Asker {
            directory: &self.directory,
            me: self.me,
        }
    }
}

/// What is looked at.
pub struct StoreFacts {
    /// Whether it is the store of the demo.
    pub demo: bool,
    /// Why it can only be read, if so.
    pub read_only: Option<String>,
    /// The bundle, if it is one.
    pub bundle: Option<BundleInfo>,
}

/// The store that is open, or why none is.
#[derive(Clone)]
struct Open {
    demo: bool,
    store: std::result::Result<Arc<Store>, CommandError>,
    /// What keeps it from being written to.
    locked: Option<Arc<Locked>>,
}

/// A store that another process writes to.
pub struct Locked {
    /// Its address.
    pub url: String,
    /// Cause and next step.
    reason: String,
    /// Whether somebody waits for it already.
    is_awaited: AtomicBool,
}

impl AppState {
    /// Reads the settings and opens the store that was open last. A store that cannot be opened is reported by the
    /// commands that need it: the window opens all the same.
    pub async fn open(settings: Option<PathBuf>, demo: bool) -> Result<Self> {
        Ok(Self::at(Paths::find(settings)?, demo).await)
    }

    /// As [`Self::open`], in these folders.
    pub async fn at(paths: Paths, demo: bool) -> Self {
        let demo = demo || Session::load(&paths).demo;
        let open = Open::at(&paths, demo).await;
        Self {
            paths,
            clock: Arc::new(SystemClock),
            open: RwLock::new(open),
            bundles: Bundles::default(),
            feed: Mutex::new(None),
            last_status: Mutex::default(),
            counters: Mutex::default(),
            upkeep: Mutex::default(),
            runs: Runs::default(),
            lists: Lists::default(),
            questions: Questions::default(),
        }
    }

    /// What is looked at: the bundle that is shown, or else the open store.
    pub async fn store(&self) -> CommandResult<Arc<Store>> {
        match self.bundles.shown() {
            Some(shown) => Ok(Arc::clone(&shown.store)),
            None => self.open.read().await.store.clone(),
        }
    }

    /// The open store, if it is looked at and may be written to.
    pub async fn writable_store(&self) -> CommandResult<Arc<Store>> {
        self.bundles.refuse()?;
        self.own_store().await
    }

    /// The open store, if it may be written to, whatever is looked at.
    async fn own_store(&self) -> CommandResult<Arc<Store>> {
        let open = self.open.read().await.clone();
        match open.locked {
            Some(locked) => Err(CommandError::new(
                ErrorKind::StoreLocked,
                locked.reason.clone(),
            )),
            None => open.store,
        }
    }

    /// What is looked at.
    pub async fn store_facts(&self) -> StoreFacts {
        if let Some(shown) = self.bundles.shown() {
            return StoreFacts {
                demo: false,
                read_only: Some(READ_ONLY.to_owned()),
                bundle: Some(shown.info.clone()),
            };
        }
        let open = self.open.read().await;
        StoreFacts {
            demo: open.demo,
            read_only: open.locked.as_ref().map(|locked| locked.reason.clone()),
            bundle: None,
        }
    }

    /// What keeps the open store from being written to.
    pub async fn locked(&self) -> Option<Arc<Locked>> {
        self.open.read().await.locked.clone()
    }

    /// Whether this is what keeps the open store from being written to: another store may be open by now.
    pub async fn waits_for(&self, locked: &Arc<Locked>) -> bool {
        self.open.read().await.waits_for(locked)
    }

    /// Puts a store that is free now in place of the same one that could only be read. Answers whether it did: where
    /// another store was opened meanwhile, this one is closed again.
    pub async fn take_over(&self, locked: &Arc<Locked>, store: Store) -> bool {
        let mut open = self.open.write().await;
        if !open.waits_for(locked) {
            drop(open);
            store.close().await;
            return false;
        }
        // The one before is not closed: it ends with the last question that it still answers.
        open.store = Ok(Arc::new(store));
        open.locked = None;
        true
    }

    /// Says why a store that is free now is still only read: nobody waits for it any more. Answers whether it is the one
    /// that is open.
    pub async fn give_up(&self, locked: &Arc<Locked>, error: StoreError) -> bool {
        let mut open = self.open.write().await;
        let is_open = open.waits_for(locked);
        if is_open {
            open.locked = Some(Arc::new(Locked {
                url: locked.url.clone(),
                reason: Error::from(error).message,
                is_awaited: AtomicBool::new(true),
            }));
        }
        is_open
    }

    /// Opens the demo store or the user's own one, unless it is open already. No feed may be running.
    pub async fn use_store(&self, demo: bool) {
        let mut open = self.open.write().await;
        if open.demo == demo && open.store.is_ok() {
            return;
        }
        self.stop_upkeep().await;
        if let Ok(store) = &open.store {
            store.close().await;
        }
        *open = Open::at(&self.paths, demo).await;
        Session { demo }.save(&self.paths);
    }

    /// Who asks the open store, and when.
    pub async fn asking(&self, store: &Store) -> CommandResult<Asking> {
        let settings = self.settings()?;
        let (me, now) = self.acting_as(|| Ok(settings.people.me()))?;
        Ok(Asking {
            directory: store.directory().await?,
            me,
            triage: settings.triage,
            now,
        })
    }

    /// Who acts in what is looked at, and the time it is there. In a bundle that is nobody: its people are others than
    /// those of the settings, whatever their numbers.
    pub fn acting(&self) -> CommandResult<(Option<i64>, DateTime<Utc>)> {
        self.acting_as(|| Ok(self.settings()?.people.me()))
    }

    /// As [`Self::acting`], where `me` says who acts in the open store. It is asked only there: a bundle needs no settings.
    fn acting_as(
        &self,
        me: impl FnOnce() -> CommandResult<Option<i64>>,
    ) -> CommandResult<(Option<i64>, DateTime<Utc>)> {
        match self.bundles.shown() {
            Some(shown) => Ok((None, shown.now)),
            None => Ok((me()?, self.clock.now())),
        }
    }

    /// How records go into the open store. While a feed runs, what is processed beside it shares its counters.
    pub async fn pipeline(&self, store: &Store) -> CommandResult<PipelineSettings> {
        let now = self.clock.now();
        let mut pipeline = PipelineSettings::from_settings(&self.settings()?, store, now).await?;
        let mut counters = self.counters.lock().await;
        match counters.upgrade() {
            Some(shared) => pipeline.counters = shared,
            None => *counters = Arc::downgrade(&pipeline.counters),
        }
        Ok(pipeline)
    }

    /// The settings as they are in the file now.
    pub fn settings(&self) -> CommandResult<Settings> {
        Ok(Settings::load(&self.paths.settings)?)
    }

    /// What the feed is doing, or how the last one stood.
    pub async fn feed_status(&self) -> FeedStatus {
        match self.feed.lock().await.as_ref() {
            Some(feed) => feed.status(),
            None => self.last_status.lock().await.clone(),
        }
    }

    /// Stops the feed that runs, if one does, and remembers how it stood.
    pub async fn stop_feed(&self) -> CommandResult<FeedStatus> {
        let Some(feed) = self.feed.lock().await.take() else {
            return Ok(self.last_status.lock().await.clone());
        };
        let stopped = feed.stop().await;
        let status = FeedStatus {
            state: FeedState::Off,
            rate: 0.0,
            ..feed.status()
        };
        *self.last_status.lock().await = status.clone();
        stopped?;
        Ok(status)
    }

    /// Starts the tasks that run by themselves. Those that run already get to know the features of the settings; for a
    /// store that is locked, it is waited until it is free.
    pub async fn keep_up(&self, app: &AppHandle) {
        if let Some(locked) = self.locked().await
            && !locked.is_awaited.swap(true, Ordering::Relaxed)
        {
            take_over::when_free(app.clone(), locked);
        }
        let Ok(store) = self.own_store().await else {
            return;
        };
        // Settings that cannot be read are reported by the feed, which needs them. Nothing is forgotten by guess meanwhile.
        let settings = self.settings();
        let settings = settings.map(|known| UpkeepSettings::from(&known));
        let settings = settings.unwrap_or_default();
        let mut running = self.upkeep.lock().await;
        if let Some(upkeep) = &*running {
            upkeep.set(settings);
        } else {
            let upkeep = Upkeep::start(store, Arc::clone(&self.clock), settings);
            events::follow_upkeep(app, &upkeep);
            *running = Some(upkeep);
        }
    }

    async fn stop_upkeep(&self) {
        if let Some(upkeep) = self.upkeep.lock().await.take() {
            upkeep.stop().await;
        }
    }

    /// Drains the feed, ends the tasks and closes the store.
    pub async fn shut_down(&self) {
        if let Err(error) = self.stop_feed().await {
            tracing::warn!(message = error.message, "the feed did not end well");
        }
        self.stop_upkeep().await;
        let mut open = self.open.write().await;
        // Nobody takes it over any more.
        open.locked = None;
        if let Ok(store) = &open.store {
            store.close().await;
        }
    }
}

impl Open {
    async fn at(paths: &Paths, demo: bool) -> Self {
        let url = match (demo, Settings::load(&paths.settings)) {
            (true, _) => paths.demo_store(),
            (false, Ok(settings)) if settings.store.is_empty() => paths.default_store(),
            (false, Ok(settings)) => settings.store,
            (false, Err(error)) => {
                return Self {
                    demo,
                    store: Err(error.into()),
                    locked: None,
                };
            }
        };
        let (store, locked) = match Store::open(&url, Access::ReadWrite).await {
            Err(error @ StoreError::Locked { .. }) => {
                let store = Store::open(&url, Access::ReadOnly).await;
                let reason = format!(
                    "{} Picket tries again by itself; then changes work without a restart.",
                    Error::from(error).message
                );
                let locked = Locked {
                    url,
                    reason,
                    is_awaited: AtomicBool::new(false),
                };
                (store, Some(Arc::new(locked)))
            }
            opened => (opened, None),
        };
        Self {
            demo,
            store: store.map(Arc::new).map_err(CommandError::from),
            locked,
        }
    }

    fn waits_for(&self, locked: &Arc<Locked>) -> bool {
        self.locked
            .as_ref()
            .is_some_and(|current| Arc::ptr_eq(current, locked))
    }
}
