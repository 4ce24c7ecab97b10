//! Where Redis is: `redis://user:password@host:6379/0`, or `rediss://` for TLS.

use crate::config::Secret;
use crate::error::{Error, ErrorKind, Result};
use redis::{ConnectionInfo, IntoConnectionInfo};
use std::fmt;
use url::Url;

/// An address and how to show it.
pub(super) struct Address {
    pub connection: ConnectionInfo,
    /// The address without its password.
    pub shown: String,
}

impl fmt::Debug for Address {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("Address").field(&self.shown).finish()
    }
}

impl Address {
    /// Reads an address. A password that is given apart counts more than one inside the address.
    pub(super) fn parse(text: &str, password: Option<&Secret>) -> Result<Self> {
        let text = text.trim();
        let mut url =
            Url::parse(text).map_err(|error| bad(&scheme_only(text), &error.to_string()))?;
        if !matches!(url.scheme(), "redis" | "rediss") {
            return Err(bad(
                &scheme_only(text),
                "it begins neither with redis:// nor with rediss://",
            ));
        }
        if url.query().is_some() || url.fragment().is_some() {
            return Err(bad(&scheme_only(text), "it takes no options after ? or #"));
        }
        if url.host_str().is_none_or(str::is_empty) {
            return Err(bad(&scheme_only(text), "it names no host"));
        }
        if let Some(password) = password {
            // Refused only by an address without a host.
            let _ = url.set_password(Some(password.reveal()));
        }
        if !url.username().is_empty() && url.password().is_none() {
            // It may well be the password, at the wrong side of the colon, so it is not shown.
            return Err(bad(
                &scheme_only(text),
                "it has a user name and no password; write a password alone as redis://:password@host",
            ));
        }
        let mut shown = url.clone();
        let _ = shown.set_password(None);
        let shown = String::from(shown);
        let connection = url
            .as_str()
            .into_connection_info()
            .map_err(|error| bad(&shown, &error.to_string()))?;
        Ok(Self { connection, shown })
    }
}

/// What can be shown of an address that was not understood: it may hold a password anywhere.
fn scheme_only(text: &str) -> String {
    match text.split_once("://") {
        Some((scheme, _)) => format!("{scheme}://…"),
        None => "this text".to_owned(),
    }
}

fn bad(shown: &str, problem: &str) -> Error {
    Error::new(
        ErrorKind::InvalidInput,
        format!(
            "The address of the shared counters, {shown}, cannot be used: {problem}. Write it like \
             redis://host:6379/0, or with rediss:// for TLS."
        ),
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_is_shown_without_its_password() {
        for (text, password, shown) in [
            ("redis://cache", None, "redis://cache"),
            (" redis://cache:6380/2 ", None, "redis://cache:6380/2"),
            ("rediss://me:s3cret@cache/1", None, "rediss://me@cache/1"),
            ("redis://:s3cret@[::1]:6379", None, "redis://[::1]:6379"),
            ("redis://me@cache", Some("s3cret"), "redis://me@cache"),
            ("redis://cache", Some("s3cret @/:"), "redis://cache"),
        ] {
            let password = password.map(|text| Secret::new(text.to_owned()));
            let address = Address::parse(text, password.as_ref()).unwrap();
            assert_eq!(address.shown, shown);
            assert!(!format!("{address:?}").contains("s3cret"));
        }
    }

    #[test]
    fn a_password_given_apart_counts_more() {
        let secret = Secret::new("pa ss/wörd".to_owned());
        let address = Address::parse("redis://me:old@cache", Some(&secret)).unwrap();
        let settings = address.connection.redis_settings();
        assert_eq!(settings.username(), Some("me"));
        assert_eq!(settings.password(), Some("pa ss/wörd"));
    }

    #[test]
    fn what_is_not_an_address_is_refused_without_telling_a_password() {
        for text in [
            "",
            "localhost:6379",
            "http://me:s3cret@cache",
            "redis://",
            "redis://:s3cret@",
            "redis://s3cret@cache",
            "redis://:s3cret@cache:port",
            "redis://:s3cret@cache/first",
            "redis://:s3cret@cache?password=s3cret",
            "rediss://:s3cret@cache#insecure",
        ] {
            let error = Address::parse(text, None).expect_err(text);
            assert_eq!(error.kind, ErrorKind::InvalidInput, "{text}");
            assert!(error.message.contains("redis://host:6379/0"), "{text}");
            assert!(!error.to_string().contains("s3cret"), "{error}");
        }
    }
}
