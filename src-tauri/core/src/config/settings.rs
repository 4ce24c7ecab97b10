//! The settings and their layers: defaults, then `picket.toml`, then `PICKET_*` variables, then flags.

use super::ConnectionProfile;
use crate::error::{Error, ErrorKind};
use figment::providers::{Env, Format, Serialized, Toml};
use figment::{Figment, Metadata, Source};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use std::path::Path;

/// Everything that can be set.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Settings {
    /// Address of the store; empty for the file in the data folder.
    pub store: String,
    /// How records are taken in.
    pub ingest: IngestSettings,
    /// Saved connections by name.
    pub connections: BTreeMap<String, ConnectionProfile>,
}

/// How records are taken in.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct IngestSettings {
    /// Whether a record of a project that the store does not know creates it. When off, such records become dead
    /// letters.
    pub create_projects: bool,
    /// Features that are on, such as `organizations:replay-click-dead-ingest`. Group types that are not released
    /// need theirs.
    pub features: Vec<String>,
    /// Names of projects, which producers only number: `checkout = 4`. A name is lower-case letters, digits, `-` and
    /// `_`; it begins the short ids of the project's issues.
    pub projects: BTreeMap<String, i64>,
}

impl Default for IngestSettings {
    fn default() -> Self {
        Self {
            create_projects: true,
            features: Vec::new(),
            projects: BTreeMap::new(),
        }
    }
}

impl Settings {
    /// Reads all layers but the flags. A missing file is an empty one.
    ///
    /// # Errors
    /// A file that cannot be read or understood, naming the key and where it was set.
    pub fn load(file: &Path) -> Result<Self, Error> {
        let mut settings: Self = layers(file)
            .extract()
            .map_err(|error| invalid(file, &error))?;
        if let Some(name) = settings.ingest.projects.keys().find(|name| !is_slug(name)) {
            return Err(Error::new(
                ErrorKind::InvalidInput,
                format!(
                    "{} names a project “{name}”. Use lower-case letters, digits, - and _.",
                    file.display()
                ),
            ));
        }
        for (name, connection) in &mut settings.connections {
            connection.name.clone_from(name);
        }
        Ok(settings)
    }

    /// Where a value comes from, in words: the file, a variable, or the defaults.
    #[must_use]
    pub fn origin(file: &Path, key: &str) -> String {
        let metadata = layers(file).find_metadata(key).cloned();
        match metadata {
            Some(metadata) if metadata.name.contains("environment") => {
                "an environment variable".to_owned()
            }
            Some(Metadata {
                source: Some(Source::File(file)),
                ..
            }) => file.display().to_string(),
            _ => "default".to_owned(),
        }
    }
}

fn is_slug(name: &str) -> bool {
    let allowed =
        |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit() || b"-_".contains(&byte);
    !name.is_empty() && name.bytes().all(allowed)
}

fn layers(file: &Path) -> Figment {
    // `PICKET_INGEST__CREATE_PROJECTS=false` sets `ingest.create_projects`.
    let variables = Env::prefixed("PICKET_")
        .only(&["STORE", "INGEST__CREATE_PROJECTS", "INGEST__FEATURES"])
        .split("__");
    let defaults = Figment::from(Serialized::defaults(Settings::default()));
    let with_file = if file.exists() {
        defaults.merge(Toml::file_exact(file))
    } else {
        defaults
    };
    with_file.merge(variables)
}

fn invalid(file: &Path, error: &figment::Error) -> Error {
    let key = error.path.join(".");
    let place = match error
        .metadata
        .as_ref()
        .and_then(|metadata| metadata.source.as_ref())
    {
        Some(source) => source.to_string(),
        None => file.display().to_string(),
    };
    let what = if key.is_empty() {
        "cannot be read".to_owned()
    } else {
        format!("has a wrong value for `{key}`")
    };
    Error::new(
        ErrorKind::InvalidInput,
        format!(
            "{place} {what}: {}. Correct it and start again.",
            error.kind
        ),
    )
}
