//! Passwords. They live in the keyring of the operating system; settings hold only a reference.

use crate::error::{Error, ErrorKind};
use std::fmt;

/// Name under which the keyring lists Picket's entries.
const SERVICE: &str = "picket";

/// A password. It can be neither printed nor serialised by accident.
#[derive(Clone, PartialEq, Eq)]
pub struct Secret(String);

impl Secret {
    /// Wraps a password.
    #[must_use]
    pub fn new(text: String) -> Self {
        Self(text)
    }

    /// The password itself. Call it only where it is handed to a client library.
    #[must_use]
    pub fn reveal(&self) -> &str {
        &self.0
    }
}

impl fmt::Debug for Secret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Secret(…)")
    }
}

/// Reads what a reference points to: `keyring:NAME`, `env:NAME`, or nothing for an empty reference. Blocking.
///
/// # Errors
/// When the reference has another form, or what it points to is not there.
pub fn resolve(reference: &str) -> Result<Option<Secret>, Error> {
    if reference.is_empty() {
        return Ok(None);
    }
    if let Some(variable) = reference.strip_prefix("env:") {
        let value = std::env::var(variable).map_err(|error| {
            let message = format!("The password should be in the environment variable {variable}. Set it and try again.");
            Error::caused(ErrorKind::InvalidInput, message, error)
        })?;
        return Ok(Some(Secret(value)));
    }
    let Some(name) = reference.strip_prefix("keyring:") else {
        return Err(Error::new(
            ErrorKind::InvalidInput,
            "A password reference begins with keyring: or env:. Passwords are never kept in the settings file.",
        ));
    };
    match entry(name)?.get_password() {
        Ok(password) => Ok(Some(Secret(password))),
        Err(keyring::Error::NoEntry) => Err(Error::new(
            ErrorKind::InvalidInput,
            format!(
                "The keyring has no password for {name}. Open the connection and enter it again."
            ),
        )),
        Err(error) => Err(unavailable(error)),
    }
}

/// Stores a password in the keyring and gives the reference to it. Blocking.
///
/// # Errors
/// When the keyring cannot be used. The password is then kept nowhere.
pub fn store(name: &str, secret: &Secret) -> Result<String, Error> {
    entry(name)?
        .set_password(secret.reveal())
        .map_err(unavailable)?;
    Ok(format!("keyring:{name}"))
}

/// Removes what a reference points to, if it points into the keyring. Blocking.
///
/// # Errors
/// When the keyring cannot be used.
pub fn remove(reference: &str) -> Result<(), Error> {
    let Some(name) = reference.strip_prefix("keyring:") else {
        return Ok(());
    };
    match entry(name)?.delete_credential() {
        Ok(()) | Err(keyring::Error::NoEntry) => Ok(()),
        Err(error) => Err(unavailable(error)),
    }
}

fn entry(name: &str) -> Result<keyring::Entry, Error> {
    keyring::Entry::new(SERVICE, name).map_err(unavailable)
}

fn unavailable(error: keyring::Error) -> Error {
    Error::caused(
        ErrorKind::KeyringUnavailable,
        "The keyring of the operating system cannot be used. Unlock or start it, or put the password into an \
         environment variable and refer to it as env:NAME.",
        error,
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_secret_does_not_show_itself() {
        let secret = Secret::new("hunter2".to_owned());
        assert_eq!(format!("{secret:?}"), "Secret(…)");
    }

    #[test]
    fn references_are_read_by_their_kind() {
        assert_eq!(resolve("").unwrap(), None);
        assert!(resolve("env:PATH").unwrap().is_some());
        for (reference, word) in [
            ("env:PICKET_NO_SUCH_VARIABLE", "PICKET_NO_SUCH_VARIABLE"),
            ("hunter2", "keyring:"),
        ] {
            let error = resolve(reference).unwrap_err();
            assert_eq!(error.kind, ErrorKind::InvalidInput);
            assert!(error.message.contains(word), "{}", error.message);
        }
    }
}
