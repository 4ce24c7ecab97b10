//! What every command needs: the settings, the store, and how to answer.

use anyhow::{Result, bail};
use picket_core::clock::{SharedClock, SystemClock};
use picket_core::config::{ConnectionProfile, ConsumeMode, Paths, Settings};
use picket_core::pipeline::PipelineSettings;
use picket_core::store::{Access, Store};
use std::path::PathBuf;
use std::sync::Arc;

use crate::args::ClusterArgs;
use crate::refusal::WrongArguments;

/// The surroundings of a command.
pub struct Context {
    /// Folders.
    pub paths: Paths,
    /// Settings of all layers.
    pub settings: Settings,
    /// Store named on the command line.
    pub store: Option<String>,
    /// Whether to answer in JSON.
    pub json: bool,
    /// The time.
    pub clock: SharedClock,
}

impl Context {
    pub fn new(store: Option<String>, config: Option<PathBuf>, json: bool) -> Result<Self> {
        if let Some(file) = config.as_deref().filter(|file| !file.exists()) {
            bail!(WrongArguments(format!(
                "There is no settings file {}. Correct --config, or leave it out for the one in the user's configuration folder",
                file.display()
            )));
        }
        let paths = Paths::find(config)?;
        let settings = Settings::load(&paths.settings)?;
        Ok(Self {
            paths,
            settings,
            store,
            json,
            clock: Arc::new(SystemClock),
        })
    }

    /// Address of the store: flag, then settings, then the file in the data folder.
    pub fn store_url(&self) -> String {
        match (&self.store, self.settings.store.as_str()) {
            (Some(url), _) => url.clone(),
            (None, "") => self.paths.default_store(),
            (None, url) => url.to_owned(),
        }
    }

    pub async fn open(&self, access: Access) -> Result<Arc<Store>> {
        self.open_at(&self.store_url(), access).await
    }

    pub async fn open_at(&self, url: &str, access: Access) -> Result<Arc<Store>> {
        Ok(Arc::new(
            Store::open(url, access)
                .await
                .map_err(picket_core::Error::from)?,
        ))
    }

    pub async fn pipeline(&self, store: &Store) -> Result<PipelineSettings> {
        Ok(PipelineSettings::from_settings(&self.settings, store, self.clock.now()).await?)
    }

    /// The connection that arguments name, with their topics.
    pub fn connection(&self, args: &ClusterArgs) -> Result<ConnectionProfile> {
        let mut profile = match (&args.brokers, &args.connection) {
            (Some(brokers), _) => ConnectionProfile {
                name: brokers.clone(),
                bootstrap_servers: brokers.clone(),
                mode: ConsumeMode::Observe,
                ..ConnectionProfile::default()
            },
            (None, Some(name)) => match self.settings.connections.get(name) {
                Some(profile) => profile.clone(),
                None => bail!(
                    "There is no connection called {name}. {}",
                    self.known_connections()
                ),
            },
            (None, None) => match self.settings.connections.values().collect::<Vec<_>>()[..] {
                [only] => only.clone(),
                _ => bail!(
                    "Name a connection with --connection or brokers with --brokers. {}",
                    self.known_connections()
                ),
            },
        };
        if !args.topics.is_empty() {
            profile.topics.clone_from(&args.topics);
        }
        Ok(profile)
    }

    fn known_connections(&self) -> String {
        let names: Vec<_> = self
            .settings
            .connections
            .keys()
            .map(String::as_str)
            .collect();
        if names.is_empty() {
            format!("None is saved in {}.", self.paths.settings.display())
        } else {
            format!("Saved are {}.", names.join(", "))
        }
    }
}
