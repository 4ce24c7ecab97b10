//! Changes the settings file without losing its comments.

use super::{ConnectionProfile, Settings};
use crate::error::{Error, ErrorKind};
use std::io::Write;
use std::path::Path;
use toml_edit::{DocumentMut, Item, Table};

/// Saves a connection under its name, in place of `previous_name` where it was renamed.
///
/// # Errors
/// When the profile is not valid, or the file cannot be read or written; it is then as it was.
pub fn save_connection(
    file: &Path,
    profile: &ConnectionProfile,
    previous_name: Option<&str>,
) -> Result<(), Error> {
    profile.validate()?;
    let mut document = read(file)?;
    let connections = document
        .entry("connections")
        .or_insert_with(|| {
            let mut table = Table::new();
            table.set_implicit(true);
            Item::Table(table)
        })
        .as_table_mut()
        .ok_or_else(|| {
            Error::new(
                ErrorKind::InvalidInput,
                "`connections` in the settings file is not a table.",
            )
        })?;
    let renamed = previous_name.filter(|previous| *previous != profile.name);
    if (renamed.is_some() || previous_name.is_none()) && connections.contains_key(&profile.name) {
        return Err(Error::new(
            ErrorKind::InvalidInput,
            format!(
                "There is a connection called {} already. Choose another name.",
                profile.name
            ),
        ));
    }
    if let Some(previous) = renamed {
        connections.remove(previous);
    }
    let mut values = toml_edit::ser::to_document(profile)
        .map_err(|error| {
            Error::caused(
                ErrorKind::Internal,
                "The connection cannot be written as TOML.",
                error,
            )
        })?
        .as_table()
        .clone();
    // The table's own key is the name.
    values.remove("name");
    match connections
        .get_mut(&profile.name)
        .and_then(Item::as_table_mut)
    {
        Some(existing) => {
            for (key, value) in values {
                existing.insert(&key, value);
            }
            if profile.sasl_mechanism.is_none() {
                existing.remove("sasl_mechanism");
            }
        }
        None => {
            connections.insert(&profile.name, Item::Table(values));
        }
    }
    write(file, &document)
}

/// Removes a connection.
///
/// # Errors
/// When there is none of this name, or the file cannot be written.
pub fn delete_connection(file: &Path, name: &str) -> Result<(), Error> {
    let mut document = read(file)?;
    let removed = document
        .get_mut("connections")
        .and_then(Item::as_table_mut)
        .and_then(|table| table.remove(name));
    if removed.is_none() {
        return Err(Error::new(
            ErrorKind::NotFound,
            format!("There is no connection called {name}."),
        ));
    }
    write(file, &document)
}

fn read(file: &Path) -> Result<DocumentMut, Error> {
    let text = match std::fs::read_to_string(file) {
        Ok(text) => text,
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => String::new(),
        Err(error) => return Err(unreadable(file, error)),
    };
    text.parse().map_err(|error: toml_edit::TomlError| {
        Error::new(
            ErrorKind::InvalidInput,
            format!("{} is not valid TOML: {error}", file.display()),
        )
    })
}

/// Writes a new file beside the old one and puts it in its place, so that a full disk never leaves half of it.
fn write(file: &Path, document: &DocumentMut) -> Result<(), Error> {
    let folder = file
        .parent()
        .filter(|folder| !folder.as_os_str().is_empty())
        .unwrap_or(Path::new("."));
    let save = || -> std::io::Result<()> {
        std::fs::create_dir_all(folder)?;
        let mut new = tempfile::NamedTempFile::new_in(folder)?;
        new.write_all(document.to_string().as_bytes())?;
        new.as_file().sync_all()?;
        new.persist(file)?;
        Ok(())
    };
    save().map_err(|error| unreadable(file, error))?;
    // What was written must be readable by the next start.
    Settings::load(file).map(|_| ())
}

fn unreadable(file: &Path, error: std::io::Error) -> Error {
    let message = format!(
        "{} cannot be read or written: {error}. Check its folder and rights.",
        file.display()
    );
    Error::caused(ErrorKind::InvalidInput, message, error)
}
