//! Where Picket keeps its files.

use crate::error::{Error, ErrorKind};
use std::path::PathBuf;

/// The folders of one user.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Paths {
    /// Stores and logs.
    pub data: PathBuf,
    /// The settings file.
    pub settings: PathBuf,
}

impl Paths {
    /// The folders of the operating system, or those below `PICKET_DATA_DIR` where it is set; the settings file can
    /// be named on its own.
    ///
    /// # Errors
    /// Where the user has no home folder.
    pub fn find(settings: Option<PathBuf>) -> Result<Self, Error> {
        let own = std::env::var_os("PICKET_DATA_DIR")
            .filter(|value| !value.is_empty())
            .map(PathBuf::from);
        let (data, default_settings) = match own {
            Some(data) => (data.clone(), data.join("picket.toml")),
            None => {
                let folders =
                    directories::ProjectDirs::from("", "", "picket").ok_or_else(|| {
                        Error::new(
                            ErrorKind::InvalidInput,
                            "There is no home folder. Set PICKET_DATA_DIR to a folder to use.",
                        )
                    })?;
                (
                    folders.data_dir().to_owned(),
                    folders.config_dir().join("picket.toml"),
                )
            }
        };
        Ok(Self {
            data,
            settings: settings.unwrap_or(default_settings),
        })
    }

    /// Address of the store that is used when none is named.
    #[must_use]
    pub fn default_store(&self) -> String {
        sqlite_url(&self.data.join("picket.db"))
    }

    /// Address of the store that demo data goes into, apart from everything else.
    #[must_use]
    pub fn demo_store(&self) -> String {
        sqlite_url(&self.data.join("demo.db"))
    }
}

fn sqlite_url(path: &std::path::Path) -> String {
    format!("sqlite://{}", path.display())
}
