//! The connection to Redis: made when it is needed, and made again when it broke.

use super::address::Address;
use crate::error::{Error, ErrorKind, Result};
use redis::aio::MultiplexedConnection;
use redis::{
    AsyncConnectionConfig, Client, FromRedisValue, RedisError, RedisResult, ScriptInvocation,
    ServerErrorKind,
};
use std::time::Duration;
use tokio::sync::Mutex;

/// How long connecting, or one answer, may take before the connection is given up. Callers wait for much less.
const PATIENCE: Duration = Duration::from_secs(2);

pub(super) struct Link {
    client: Client,
    shown: String,
    pub(super) patience: Duration,
    connection: Mutex<Option<MultiplexedConnection>>,
}

impl Link {
    pub(super) fn new(address: Address) -> Result<Self> {
        let client = Client::open(address.connection).map_err(|error| {
            let message = format!(
                "The shared counters at {} cannot be used. Correct their address.",
                address.shown
            );
            Error::caused(ErrorKind::InvalidInput, message, error)
        })?;
        Ok(Self {
            client,
            shown: address.shown,
            patience: PATIENCE,
            connection: Mutex::new(None),
        })
    }

    /// Runs a script that takes, or says what was decided. A connection that turns out to be closed is replaced once,
    /// because servers close those that were idle. Should one have run the script before it broke, what that took stays
    /// counted until its lease is over.
    pub(super) async fn call<T: FromRedisValue>(
        &self,
        call: &ScriptInvocation<'_>,
    ) -> RedisResult<T> {
        let known = self.connection.lock().await.clone();
        if let Some(connection) = known {
            match self.run(call, connection).await {
                Err(error) if error.is_connection_dropped() => {}
                result => return result,
            }
        }
        self.run(call, self.connection().await?).await
    }

    /// Runs a script that gives back. It is never run twice: what is given back twice would be granted once too often.
    pub(super) async fn settle(&self, call: &ScriptInvocation<'_>) -> RedisResult<()> {
        self.run(call, self.connection().await?).await
    }

    async fn run<T: FromRedisValue>(
        &self,
        call: &ScriptInvocation<'_>,
        mut connection: MultiplexedConnection,
    ) -> RedisResult<T> {
        let result = call.invoke_async(&mut connection).await;
        if let Err(error) = &result
            && (error.is_timeout() || error.is_unrecoverable_error())
        {
            *self.connection.lock().await = None;
        }
        result
    }

    /// Waits for whoever is connecting already, and only connects if that failed.
    async fn connection(&self) -> RedisResult<MultiplexedConnection> {
        let mut connection = self.connection.lock().await;
        if let Some(connection) = &*connection {
            return Ok(connection.clone());
        }
        let new = self.connect().await?;
        *connection = Some(new.clone());
        Ok(new)
    }

    async fn connect(&self) -> RedisResult<MultiplexedConnection> {
        let config = AsyncConnectionConfig::new()
            .set_connection_timeout(Some(self.patience))
            .set_response_timeout(Some(self.patience));
        self.client
            .get_multiplexed_async_connection_with_config(&config)
            .await
    }

    /// Whether Redis can be reached, on a connection of its own.
    pub(super) async fn ping(&self) -> RedisResult<()> {
        let mut connection = self.connect().await?;
        redis::cmd("PING").exec_async(&mut connection).await
    }

    /// What went wrong and what to do about it.
    pub(super) fn words(&self, error: &RedisError) -> String {
        use redis::ErrorKind as Kind;
        let shown = &self.shown;
        let next = match error.kind() {
            Kind::AuthenticationFailed => {
                "Correct the user name and password of the shared counters."
            }
            Kind::Server(ServerErrorKind::ReadOnly) => {
                "It is a replica. Use the address of the primary."
            }
            Kind::Server(ServerErrorKind::NoPerm) => {
                "Let this user run scripts and use the keys grouphash:*, sliding-window-rate-limit:* and limit-*."
            }
            Kind::Server(ServerErrorKind::BusyLoading) => {
                "It is still starting. Nothing needs to be done."
            }
            _ if error.code() == Some("NOAUTH") => {
                "It asks for a password. Put it into the settings of the shared counters."
            }
            _ if error.code() == Some("OOM") => "It is full. Raise its maxmemory.",
            _ if error.code() == Some("WRONGTYPE") => {
                "Another program uses the same keys. Give the shared counters a database of their own."
            }
            _ if error.is_connection_refusal() => {
                "Start it, or correct the address of the shared counters."
            }
            _ if error.is_timeout() => {
                "See whether it is overloaded, and whether a firewall is in between."
            }
            Kind::Io if shown.starts_with("rediss:") => {
                "See whether it runs, speaks TLS at this port, and has a certificate that this machine trusts."
            }
            Kind::Io => "See whether it runs and can be reached from here.",
            _ => "Its log may say more.",
        };
        let problem = error.to_string();
        let problem = problem.trim_end_matches('.');
        format!("Redis at {shown} cannot be used: {problem}. {next}")
    }
}
