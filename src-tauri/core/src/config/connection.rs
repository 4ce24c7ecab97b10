//! A saved way to reach one Kafka cluster.

use serde::{Deserialize, Serialize};
use specta::Type;

/// What kind of cluster a connection leads to; shown with a colour and a word.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize, Type)]
#[serde(rename_all = "snake_case")]
pub enum ClusterEnvironment {
    /// On this machine.
    #[default]
    Local,
    /// Shared development.
    Dev,
    /// Staging.
    Staging,
    /// Production: only ever observed.
    Production,
}

/// How the connection is secured.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize, Type)]
#[serde(rename_all = "snake_case")]
pub enum SecurityProtocol {
    /// Neither encryption nor login.
    #[default]
    Plaintext,
    /// TLS.
    Ssl,
    /// Login without encryption.
    SaslPlaintext,
    /// Login over TLS.
    SaslSsl,
}

/// How to log in.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, Type)]
pub enum SaslMechanism {
    /// User and password as they are.
    #[serde(rename = "PLAIN")]
    Plain,
    /// Salted challenge, SHA-256.
    #[serde(rename = "SCRAM-SHA-256")]
    ScramSha256,
    /// Salted challenge, SHA-512.
    #[serde(rename = "SCRAM-SHA-512")]
    ScramSha512,
}

/// How partitions are obtained.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize, Type)]
#[serde(rename_all = "snake_case")]
pub enum ConsumeMode {
    /// Reads every partition by assignment; joins no group, commits nothing to the broker.
    #[default]
    Observe,
    /// Joins a consumer group and shares the partitions with its other members.
    Group,
}

/// Where to begin in a partition that this store has not read before.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize, Type)]
#[serde(rename_all = "snake_case")]
pub enum StartPosition {
    /// The oldest record the broker still has.
    Earliest,
    /// Only what arrives from now on.
    #[default]
    Latest,
}

/// A saved connection. Secrets are not part of it: they live in the keyring of the operating system.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, Type)]
#[serde(default, deny_unknown_fields)]
pub struct ConnectionProfile {
    /// Unique name, shown everywhere.
    pub name: String,
    /// Kind of cluster.
    pub environment: ClusterEnvironment,
    /// `host:port`, comma separated.
    pub bootstrap_servers: String,
    /// Encryption and login.
    pub security: SecurityProtocol,
    /// Login mechanism; required by the two SASL protocols.
    pub sasl_mechanism: Option<SaslMechanism>,
    /// Login name.
    pub username: String,
    /// Where the password is kept: `keyring:NAME` or `env:NAME`; empty when there is none.
    pub password_ref: String,
    /// PEM file of the certificate authority; empty for the system's.
    pub tls_ca_file: String,
    /// PEM file of the client certificate; empty for none.
    pub tls_certificate_file: String,
    /// PEM file of the client key; empty for none.
    pub tls_key_file: String,
    /// Whether the certificate must name the host. On unless the user switches it off.
    pub tls_verify_hostname: bool,
    /// Topics to read.
    pub topics: Vec<String>,
    /// Observe or group.
    pub mode: ConsumeMode,
    /// Consumer group; required in group mode.
    pub group_id: String,
    /// Where to begin in partitions without a stored offset.
    pub start: StartPosition,
}

impl Default for ConnectionProfile {
    fn default() -> Self {
        Self {
            name: String::new(),
            environment: ClusterEnvironment::default(),
            bootstrap_servers: String::new(),
            security: SecurityProtocol::default(),
            sasl_mechanism: None,
            username: String::new(),
            password_ref: String::new(),
            tls_ca_file: String::new(),
            tls_certificate_file: String::new(),
            tls_key_file: String::new(),
            tls_verify_hostname: true,
            topics: vec!["ingest-occurrences".to_owned()],
            mode: ConsumeMode::default(),
            group_id: String::new(),
            start: StartPosition::default(),
        }
    }
}
