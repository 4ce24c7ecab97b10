//! A saved way to reach one Kafka cluster.

use crate::error::{Error, ErrorKind};
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

impl ConnectionProfile {
    /// Checks what can be checked without reaching the cluster.
    ///
    /// # Errors
    /// The first field that is wrong, and what to write instead.
    pub fn validate(&self) -> Result<(), Error> {
        let wrong = |message: &str| Err(Error::new(ErrorKind::InvalidInput, message));
        if self.name.trim().is_empty() || self.name != self.name.trim() {
            return wrong("The connection needs a name without blanks around it.");
        }
        if self.name == "demo" {
            return wrong("The name demo belongs to the demo data. Choose another one.");
        }
        for server in self.bootstrap_servers.split(',').map(str::trim) {
            let port = server
                .rsplit_once(':')
                .filter(|(host, _)| !host.is_empty())
                .map(|(_, port)| port);
            if port
                .and_then(|port| port.parse::<u16>().ok())
                .is_none_or(|port| port == 0)
            {
                return Err(Error::new(
                    ErrorKind::InvalidInput,
                    format!(
                        "“{server}” is not host:port. Write for example kafka-1.example:9092, several with commas."
                    ),
                ));
            }
        }
        if self.topics.is_empty() || self.topics.iter().any(|topic| topic.trim().is_empty()) {
            return wrong("Name at least one topic; a topic name cannot be empty.");
        }
        if matches!(
            self.security,
            SecurityProtocol::SaslPlaintext | SecurityProtocol::SaslSsl
        ) {
            if self.sasl_mechanism.is_none() {
                return wrong("This security protocol logs in: choose a mechanism.");
            }
            if self.username.is_empty() {
                return wrong("This security protocol logs in: enter a user.");
            }
        }
        if self.tls_certificate_file.is_empty() != self.tls_key_file.is_empty() {
            return wrong(
                "A client certificate and its key go together: name both files or neither.",
            );
        }
        if self.mode == ConsumeMode::Group && self.group_id.trim().is_empty() {
            return wrong("Group mode needs the name of the consumer group.");
        }
        if self.mode == ConsumeMode::Group && self.environment == ClusterEnvironment::Production {
            return wrong("A production cluster is only observed: choose the mode Observe.");
        }
        Ok(())
    }
}
