//! Addresses of stores.
//!
//! | address | store |
//! |---|---|
//! | `sqlite:///home/me/picket.db` | a file; the path is absolute and percent-encoded |
//! | `sqlite::memory:` | a database in memory, gone with its [`super::Store`] |
//! | `postgres://user:password@host:port/database` | PostgreSQL; the options of its own URLs are understood |
//! | `postgres://…/database?schema=name` | the same, in a schema of its own, which is created when missing |

use super::StoreError;
use sqlx::postgres::PgConnectOptions;
use std::path::{Path, PathBuf};
use std::str::FromStr;
use url::Url;

/// A parsed address.
#[derive(Debug, Clone)]
pub(super) enum Address {
    SqliteFile(PathBuf),
    SqliteMemory,
    Postgres(PostgresAddress),
}

/// Where a PostgreSQL store is.
#[derive(Debug, Clone)]
pub(super) struct PostgresAddress {
    pub options: Box<PgConnectOptions>,
    /// The schema asked for: letters, digits and underscores. Nothing means the server's own search path.
    pub schema: Option<String>,
}

/// An address and how to show it.
#[derive(Debug, Clone)]
pub(super) struct Location {
    pub address: Address,
    /// The address without its password.
    pub shown: String,
}

impl Location {
    pub(super) fn parse(text: &str) -> Result<Self, StoreError> {
        let text = text.trim();
        match text.split_once(':') {
            Some(("sqlite", ":memory:")) => Ok(Self {
                address: Address::SqliteMemory,
                shown: text.to_owned(),
            }),
            Some(("sqlite", rest)) => sqlite_file(text, rest),
            Some(("postgres" | "postgresql", _)) => postgres(text),
            _ => Err(bad(
                &scheme_only(text),
                "it begins neither with sqlite: nor with postgres:",
            )),
        }
    }
}

/// The address of a SQLite file.
///
/// # Errors
/// [`StoreError::BadUrl`] where the path is not absolute.
pub fn sqlite_url(path: &Path) -> Result<String, StoreError> {
    let url = Url::from_file_path(path).map_err(|()| {
        bad(
            &path.display().to_string(),
            "the path of a database file must be absolute",
        )
    })?;
    Ok(format!("sqlite://{}", url.path()))
}

fn sqlite_file(text: &str, rest: &str) -> Result<Location, StoreError> {
    let absolute = || bad(text, "the path of a database file must be absolute");
    let path = rest
        .strip_prefix("//")
        .filter(|path| path.starts_with('/'))
        .ok_or_else(absolute)?;
    let url =
        Url::parse(&format!("file://{path}")).map_err(|error| bad(text, &error.to_string()))?;
    if url.query().is_some() || url.fragment().is_some() {
        return Err(bad(
            text,
            "a database file takes no options; write ? as %3F and # as %23 in its path",
        ));
    }
    let path = url.to_file_path().map_err(|()| absolute())?;
    if path.file_name().is_none() {
        return Err(bad(text, "it names no file"));
    }
    Ok(Location {
        address: Address::SqliteFile(path),
        shown: text.to_owned(),
    })
}

fn postgres(text: &str) -> Result<Location, StoreError> {
    let mut url = Url::parse(text).map_err(|error| bad(&scheme_only(text), &error.to_string()))?;
    let shown = without_password(&url);
    let mut schema = None;
    let mut others = Vec::new();
    for (name, value) in url.query_pairs() {
        if name == "schema" {
            schema = Some(value.into_owned());
        } else {
            others.push((name.into_owned(), value.into_owned()));
        }
    }
    if schema.as_deref().is_some_and(|name| !is_plain_name(name)) {
        return Err(bad(
            &shown,
            "a schema's name is made of lower-case letters, digits and underscores",
        ));
    }
    url.set_query(None);
    if !others.is_empty() {
        url.query_pairs_mut().extend_pairs(others);
    }
    let options = PgConnectOptions::from_str(url.as_str())
        .map_err(|error| bad(&shown, &error.to_string()))?;
    let options = match &schema {
        Some(schema) => options.options([("search_path", schema)]),
        None => options,
    };
    Ok(Location {
        address: Address::Postgres(PostgresAddress {
            options: Box::new(options),
            schema,
        }),
        shown,
    })
}

/// Whether a name needs no quotes in SQL, which is also what makes it safe in a text.
fn is_plain_name(name: &str) -> bool {
    let mut characters = name.chars();
    characters
        .next()
        .is_some_and(|first| first.is_ascii_lowercase() || first == '_')
        && characters
            .all(|other| other.is_ascii_lowercase() || other.is_ascii_digit() || other == '_')
        && name.len() <= 63
        && !name.starts_with("pg_")
}

fn without_password(url: &Url) -> String {
    let mut shown = url.clone();
    // An error here means a URL that cannot have a password.
    let _ = shown.set_password(None);
    let others: Vec<_> = url
        .query_pairs()
        .filter(|(name, _)| name != "password")
        .collect();
    shown.set_query(None);
    if !others.is_empty() {
        shown.query_pairs_mut().extend_pairs(others);
    }
    shown.into()
}

/// What can be shown of an address that was not understood: it may hold a password anywhere.
fn scheme_only(text: &str) -> String {
    match text.split_once("://") {
        Some((scheme, _)) => format!("{scheme}://…"),
        None => "this text".to_owned(),
    }
}

fn bad(shown: &str, problem: &str) -> StoreError {
    StoreError::BadUrl {
        url: shown.to_owned(),
        problem: problem.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn files_are_absolute_and_percent_encoded() {
        let path = Path::new("/data/my store/50%.db");
        let text = sqlite_url(path).unwrap();
        assert_eq!(text, "sqlite:///data/my%20store/50%25.db");
        let location = Location::parse(&text).unwrap();
        assert!(matches!(location.address, Address::SqliteFile(found) if found == path));
        assert!(sqlite_url(Path::new("store.db")).is_err());
    }

    #[test]
    fn the_schema_becomes_the_search_path_and_the_password_stays_hidden() {
        let text =
            "postgres://me:s3cret@db:5433/picket?schema=team_1&password=s3cret&sslmode=disable";
        let location = Location::parse(text).unwrap();
        assert_eq!(
            location.shown,
            "postgres://me@db:5433/picket?schema=team_1&sslmode=disable"
        );
        let Address::Postgres(postgres) = location.address else {
            panic!("not PostgreSQL")
        };
        assert_eq!(postgres.schema.as_deref(), Some("team_1"));
        assert_eq!(
            postgres.options.get_options(),
            Some("-c search_path=team_1")
        );
        assert_eq!(postgres.options.get_host(), "db");
    }

    #[test]
    fn what_is_not_a_store_is_refused_without_telling_a_password() {
        for text in [
            "",
            "picket.db",
            "mysql://root:s3cret@host/db",
            "sqlite://picket.db",
            "sqlite:picket.db",
            "sqlite:///",
            "sqlite:///data/a.db?mode=ro",
            "postgres://me:s3cret@:x/db",
            "postgres://me:s3cret@host/db?schema=a;b",
            "postgres://me:s3cret@host/db?schema=pg_catalog",
            "postgres://me:s3cret@host/db?sslmode=perhaps",
        ] {
            let error = Location::parse(text).expect_err(text);
            assert!(matches!(error, StoreError::BadUrl { .. }), "{text}");
            assert!(!error.to_string().contains("s3cret"), "{error}");
        }
    }
}
