//! Where the services are, and what happens in a test whose service is not there.
//!
//! `make test` starts the services and sets the variables. By hand: `eval "$(tests/services/services env | sed 's/^/export /')"`.

use std::fmt;
use std::fs::OpenOptions;
use std::io::Write;
use std::path::PathBuf;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Service {
    Kafka,
    Postgres,
    Redis,
}

impl Service {
    /// The environment variable which holds its address.
    #[must_use]
    pub fn variable(self) -> &'static str {
        match self {
            Self::Kafka => "PICKET_TEST_KAFKA",
            Self::Postgres => "PICKET_TEST_POSTGRES",
            Self::Redis => "PICKET_TEST_REDIS",
        }
    }
}

impl fmt::Display for Service {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Kafka => "kafka",
            Self::Postgres => "postgres",
            Self::Redis => "redis",
        })
    }
}

/// Bootstrap servers of a Kafka cluster, or `None` after a counted skip. A test reads
/// `let Some(brokers) = service::kafka() else { return };`.
#[must_use]
pub fn kafka() -> Option<String> {
    address(Service::Kafka)
}

/// URL of a PostgreSQL database whose user may create databases, or `None` after a counted skip.
#[must_use]
pub fn postgres() -> Option<String> {
    address(Service::Postgres)
}

/// URL of a Redis, or `None` after a counted skip.
#[must_use]
pub fn redis() -> Option<String> {
    address(Service::Redis)
}

/// The address of a service, or `None` after a counted skip; see [`skip`].
#[must_use]
pub fn address(service: Service) -> Option<String> {
    let found = std::env::var(service.variable())
        .ok()
        .filter(|value| !value.is_empty());
    if found.is_none() {
        skip(
            &service.to_string(),
            &format!(
                "{} is not set, so this test cannot reach it. Run `make test`, or start it with \
                 `tests/services/services start {service}` and export what `tests/services/services env` prints.",
                service.variable(),
            ),
        );
    }
    found
}

/// Leaves a test out, loudly: a line on the terminal, and one in the file that `make test` counts at its end.
///
/// # Panics
/// In CI (`CI=true`): a green run there means that everything ran.
pub fn skip(what: &str, why: &str) {
    let thread = std::thread::current();
    let test = thread.name().unwrap_or("a test").to_owned();
    assert!(!in_ci(), "{test} needs {what}: {why}");
    // Straight to the file descriptor: what a passing test prints with eprintln! is never shown.
    let _ = writeln!(
        std::io::stderr().lock(),
        "\n  !!  SKIPPED {test}: {what}: {why}\n"
    );
    let path = skips_file();
    let written = path
        .parent()
        .map_or(Ok(()), std::fs::create_dir_all)
        .and_then(|()| OpenOptions::new().create(true).append(true).open(&path))
        // One write, so that lines of tests running at the same time do not mix.
        .and_then(|mut file| file.write_all(format!("{test}: {what} was not there\n").as_bytes()));
    if let Err(error) = written {
        panic!(
            "the skip of {test} could not be counted in {}: {error}",
            path.display()
        );
    }
}

/// Whether nothing may be skipped.
#[must_use]
pub fn in_ci() -> bool {
    matches!(std::env::var("CI").as_deref(), Ok("true" | "1"))
}

fn skips_file() -> PathBuf {
    std::env::var_os("PICKET_SKIPS_FILE").map_or_else(
        || {
            PathBuf::from(concat!(
                env!("CARGO_MANIFEST_DIR"),
                "/../target/picket-skips"
            ))
        },
        PathBuf::from,
    )
}

#[cfg(test)]
mod tests {
    use std::io::{Read, Write};
    use std::net::TcpStream;

    #[test]
    fn redis_answers() {
        let Some(url) = super::redis() else { return };
        let address = url
            .trim_start_matches("redis://")
            .split('/')
            .next()
            .unwrap()
            .to_owned();
        let mut stream = TcpStream::connect(address).unwrap();
        stream.write_all(b"PING\r\n").unwrap();
        let mut answer = [0; 7];
        stream.read_exact(&mut answer).unwrap();
        assert_eq!(&answer, b"+PONG\r\n");
    }
}
