//! From a saved connection to the configuration of a Kafka client.

use crate::config::{
    ConnectionProfile, ConsumeMode, SaslMechanism, SecurityProtocol, StartPosition,
};
use crate::error::{Error, ErrorKind, Result};
use chrono::{DateTime, Utc};
use rdkafka::ClientConfig;
use rdkafka::config::RDKafkaLogLevel;
use std::sync::Arc;

/// Group id of a consumer that joins no group. The client library wants one to be named; nothing is committed under
/// it and no broker lists it.
const OBSERVER_GROUP: &str = "picket-observer";

/// What the client may fetch ahead, in KiB. Small, because records wait in the pipeline's budget, which can be seen.
const PREFETCH_KIB: &str = "16384";

/// Properties that decide about loss, doubles or secrets. A connection cannot set them by hand.
const RESERVED: &[&str] = &[
    "allow.auto.create.topics",
    "auto.offset.reset",
    "bootstrap.servers",
    "enable.auto.commit",
    "enable.auto.offset.store",
    "enable.partition.eof",
    "enable.ssl.certificate.verification",
    "group.id",
    "log.queue",
    "metadata.broker.list",
    "partition.assignment.strategy",
    "sasl.mechanism",
    "sasl.mechanisms",
    "sasl.password",
    "sasl.username",
    "security.protocol",
    "ssl.endpoint.identification.algorithm",
    "ssl.key.password",
    "statistics.interval.ms",
];

/// Where to begin in a partition that the store has not read before.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Begin {
    /// At the oldest record the broker keeps.
    Earliest,
    /// Behind the newest.
    Latest,
    /// At the first record with this broker timestamp or a later one; behind the newest where there is none.
    At(DateTime<Utc>),
}

impl From<StartPosition> for Begin {
    fn from(start: StartPosition) -> Self {
        match start {
            StartPosition::Earliest => Self::Earliest,
            StartPosition::Latest => Self::Latest,
        }
    }
}

/// What a [`KafkaSource`](super::KafkaSource) reads and how.
#[derive(Debug, Clone)]
pub struct KafkaSettings {
    /// The connection; its `topics` are the ones that are read.
    pub profile: ConnectionProfile,
    /// Where to begin in partitions that are new to the store.
    pub begin: Begin,
    /// Further librdkafka properties, by name.
    pub extra: Vec<(String, String)>,
    /// Name of the source; nothing for `kafka:<cluster id>`, so that all connections to one cluster share their
    /// offsets.
    pub source: Option<Arc<str>>,
}

impl From<ConnectionProfile> for KafkaSettings {
    fn from(profile: ConnectionProfile) -> Self {
        let begin = profile.start.into();
        Self {
            profile,
            begin,
            extra: Vec::new(),
            source: None,
        }
    }
}

impl KafkaSettings {
    /// Checks what can be checked without a broker.
    ///
    /// # Errors
    /// [`ErrorKind::InvalidInput`], naming the setting.
    pub fn validate(&self) -> Result<()> {
        self.profile.validate_reach()?;
        if self
            .profile
            .topics
            .iter()
            .all(|topic| topic.trim().is_empty())
        {
            return Err(invalid(
                "The connection names no topic. Add at least one, such as ingest-occurrences.",
            ));
        }
        if self.profile.mode == ConsumeMode::Group && self.profile.group_id.trim().is_empty() {
            return Err(invalid(
                "Group mode needs the name of a consumer group. Enter one, or choose observe mode.",
            ));
        }
        for (name, _) in &self.extra {
            if RESERVED.contains(&name.as_str()) {
                return Err(invalid(format!(
                    "The property {name} is decided by Picket. Remove it from the connection."
                )));
            }
        }
        Ok(())
    }

    /// Topics to read: trimmed, each once, in order.
    pub(super) fn topics(&self) -> Vec<Arc<str>> {
        let mut topics: Vec<Arc<str>> = Vec::new();
        for topic in self
            .profile
            .topics
            .iter()
            .map(|topic| topic.trim())
            .filter(|topic| !topic.is_empty())
        {
            if topics.iter().all(|known| **known != *topic) {
                topics.push(topic.into());
            }
        }
        topics
    }

    /// Configuration of the consumer.
    ///
    /// # Errors
    /// As [`KafkaSettings::validate`].
    pub(super) fn client_config(&self, password: Option<&str>) -> Result<ClientConfig> {
        self.validate()?;
        let mut config = reach(&self.profile, password);
        let group = match self.profile.mode {
            ConsumeMode::Observe => OBSERVER_GROUP,
            ConsumeMode::Group => self.profile.group_id.trim(),
        };
        config
            .set("group.id", group)
            .set("partition.assignment.strategy", "cooperative-sticky")
            .set("enable.auto.commit", "false")
            .set("enable.auto.offset.store", "false")
            // A place the broker does not have is an error here, never a silent jump.
            .set("auto.offset.reset", "error")
            .set("queued.max.messages.kbytes", PREFETCH_KIB)
            // The library waits a second once it has fetched ahead, and the store has by then nothing to do.
            .set("fetch.queue.backoff.ms", "20")
            .set("fetch.wait.max.ms", "200")
            .set("statistics.interval.ms", "1000");
        for (name, value) in &self.extra {
            config.set(name, value);
        }
        Ok(config)
    }
}

impl ConnectionProfile {
    /// Checks what is needed to reach a cluster.
    fn validate_reach(&self) -> Result<()> {
        if servers(&self.bootstrap_servers).next().is_none() {
            return Err(invalid(
                "The connection names no server. Enter at least one as host:port.",
            ));
        }
        for server in servers(&self.bootstrap_servers) {
            split_host_port(server).ok_or_else(|| {
                invalid(format!(
                    "{server} is not a server address. Write it as host:port, such as kafka-1:9092."
                ))
            })?;
        }
        if self.uses_sasl() {
            if self.sasl_mechanism.is_none() {
                return Err(invalid(
                    "The connection logs in but names no mechanism. Choose PLAIN or one of SCRAM.",
                ));
            }
            if self.username.is_empty() {
                return Err(invalid(
                    "The connection logs in but names no user. Enter the user name.",
                ));
            }
        }
        if self.tls_certificate_file.is_empty() != self.tls_key_file.is_empty() {
            return Err(invalid(
                "A client certificate needs its key and the other way round. Choose both files.",
            ));
        }
        Ok(())
    }

    /// Whether the connection logs in with user and password.
    pub(super) fn uses_sasl(&self) -> bool {
        matches!(
            self.security,
            SecurityProtocol::SaslPlaintext | SecurityProtocol::SaslSsl
        )
    }

    /// Whether the connection is encrypted.
    pub(super) fn uses_tls(&self) -> bool {
        matches!(
            self.security,
            SecurityProtocol::Ssl | SecurityProtocol::SaslSsl
        )
    }
}

/// The part of the configuration that leads to the cluster, without any of what is read there.
pub(super) fn reach(profile: &ConnectionProfile, password: Option<&str>) -> ClientConfig {
    let mut config = ClientConfig::new();
    // Its warnings say what is wrong with a connection, so they are wanted whatever this program logs itself.
    config.set_log_level(RDKafkaLogLevel::Info);
    config
        .set(
            "bootstrap.servers",
            servers(&profile.bootstrap_servers)
                .collect::<Vec<_>>()
                .join(","),
        )
        .set("client.id", "picket")
        .set("security.protocol", protocol_word(profile.security))
        .set("allow.auto.create.topics", "false")
        .set("socket.connection.setup.timeout.ms", "10000")
        .set("reconnect.backoff.max.ms", "5000");
    if profile.uses_sasl() {
        if let Some(mechanism) = profile.sasl_mechanism {
            config.set("sasl.mechanisms", mechanism_word(mechanism));
        }
        config
            .set("sasl.username", &profile.username)
            .set("sasl.password", password.unwrap_or_default());
    }
    if profile.uses_tls() {
        let check = if profile.tls_verify_hostname {
            "https"
        } else {
            "none"
        };
        config
            .set("enable.ssl.certificate.verification", "true")
            .set("ssl.endpoint.identification.algorithm", check);
        if !profile.tls_ca_file.is_empty() {
            config.set("ssl.ca.location", &profile.tls_ca_file);
        } else if cfg!(not(windows)) {
            // Looks in the usual places of all distributions; Windows has its own store by default.
            config.set("ssl.ca.location", "probe");
        }
        if !profile.tls_certificate_file.is_empty() {
            config
                .set("ssl.certificate.location", &profile.tls_certificate_file)
                .set("ssl.key.location", &profile.tls_key_file);
        }
    }
    config
}

/// The word of the client library and of people for a protocol.
pub(super) fn protocol_word(protocol: SecurityProtocol) -> &'static str {
    match protocol {
        SecurityProtocol::Plaintext => "PLAINTEXT",
        SecurityProtocol::Ssl => "SSL",
        SecurityProtocol::SaslPlaintext => "SASL_PLAINTEXT",
        SecurityProtocol::SaslSsl => "SASL_SSL",
    }
}

/// The word of the client library and of people for a login mechanism.
pub(super) fn mechanism_word(mechanism: SaslMechanism) -> &'static str {
    match mechanism {
        SaslMechanism::Plain => "PLAIN",
        SaslMechanism::ScramSha256 => "SCRAM-SHA-256",
        SaslMechanism::ScramSha512 => "SCRAM-SHA-512",
    }
}

/// The single servers of a comma separated list.
pub(super) fn servers(list: &str) -> impl Iterator<Item = &str> {
    list.split(',')
        .map(str::trim)
        .filter(|server| !server.is_empty())
}

/// Host and port of `host:port` or `[address]:port`.
pub(super) fn split_host_port(server: &str) -> Option<(&str, u16)> {
    let (host, port) = server.rsplit_once(':')?;
    let port = port.parse().ok().filter(|port| *port != 0)?;
    let host = match host.strip_prefix('[') {
        Some(rest) => rest.strip_suffix(']')?,
        None if host.contains(':') => return None,
        None => host,
    };
    (!host.is_empty()).then_some((host, port))
}

fn invalid(message: impl Into<String>) -> Error {
    Error::new(ErrorKind::InvalidInput, message)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn secured() -> ConnectionProfile {
        ConnectionProfile {
            bootstrap_servers: " kafka-1:9094 , kafka-2:9094,".to_owned(),
            security: SecurityProtocol::SaslSsl,
            sasl_mechanism: Some(SaslMechanism::ScramSha512),
            username: "picket".to_owned(),
            ..ConnectionProfile::default()
        }
    }

    #[test]
    fn a_secured_connection_becomes_its_properties() {
        let profile = ConnectionProfile {
            tls_ca_file: "/etc/ca.pem".to_owned(),
            tls_certificate_file: "/etc/me.pem".to_owned(),
            tls_key_file: "/etc/me.key".to_owned(),
            ..secured()
        };
        let config = KafkaSettings::from(profile)
            .client_config(Some("geheim"))
            .unwrap();
        for (name, value) in [
            ("bootstrap.servers", "kafka-1:9094,kafka-2:9094"),
            ("security.protocol", "SASL_SSL"),
            ("sasl.mechanisms", "SCRAM-SHA-512"),
            ("sasl.username", "picket"),
            ("sasl.password", "geheim"),
            ("ssl.ca.location", "/etc/ca.pem"),
            ("ssl.certificate.location", "/etc/me.pem"),
            ("ssl.key.location", "/etc/me.key"),
            ("ssl.endpoint.identification.algorithm", "https"),
            ("enable.ssl.certificate.verification", "true"),
            ("enable.auto.commit", "false"),
            ("enable.auto.offset.store", "false"),
            ("auto.offset.reset", "error"),
            ("allow.auto.create.topics", "false"),
            ("group.id", "picket-observer"),
        ] {
            assert_eq!(config.get(name), Some(value), "{name}");
        }
        assert!(!format!("{config:?}").contains("geheim"));
    }

    #[test]
    fn only_the_name_check_can_be_switched_off() {
        let profile = ConnectionProfile {
            tls_verify_hostname: false,
            ..secured()
        };
        let config = KafkaSettings::from(profile).client_config(None).unwrap();
        assert_eq!(
            config.get("ssl.endpoint.identification.algorithm"),
            Some("none")
        );
        assert_eq!(
            config.get("enable.ssl.certificate.verification"),
            Some("true")
        );
    }

    #[test]
    fn plain_connections_carry_neither_login_nor_tls() {
        let profile = ConnectionProfile {
            bootstrap_servers: "b:9092".to_owned(),
            ..ConnectionProfile::default()
        };
        let config = KafkaSettings::from(profile)
            .client_config(Some("unused"))
            .unwrap();
        assert_eq!(config.get("security.protocol"), Some("PLAINTEXT"));
        for name in [
            "sasl.password",
            "sasl.username",
            "sasl.mechanisms",
            "ssl.ca.location",
        ] {
            assert_eq!(config.get(name), None, "{name}");
        }
    }

    #[test]
    fn a_group_uses_its_own_name_and_the_cooperative_protocol() {
        let profile = ConnectionProfile {
            bootstrap_servers: "b:9092".to_owned(),
            mode: ConsumeMode::Group,
            group_id: " triage ".to_owned(),
            ..ConnectionProfile::default()
        };
        let config = KafkaSettings::from(profile).client_config(None).unwrap();
        assert_eq!(config.get("group.id"), Some("triage"));
        assert_eq!(
            config.get("partition.assignment.strategy"),
            Some("cooperative-sticky")
        );
    }

    #[test]
    fn settings_that_cannot_work_are_refused_with_a_reason() {
        type Change = fn(&mut KafkaSettings);
        let cases: [(Change, &str); 9] = [
            (
                |s| s.profile.bootstrap_servers = " , ".into(),
                "names no server",
            ),
            (
                |s| s.profile.bootstrap_servers = "kafka-1".into(),
                "kafka-1 is not a server address",
            ),
            (
                |s| s.profile.bootstrap_servers = "kafka-1:0".into(),
                "kafka-1:0 is not a server address",
            ),
            (|s| s.profile.topics = vec![" ".into()], "names no topic"),
            (
                |s| s.profile.mode = ConsumeMode::Group,
                "name of a consumer group",
            ),
            (|s| s.profile.sasl_mechanism = None, "names no mechanism"),
            (|s| s.profile.username.clear(), "names no user"),
            (|s| s.profile.tls_key_file = "k.pem".into(), "needs its key"),
            (
                |s| s.extra = vec![("enable.auto.commit".into(), "true".into())],
                "decided by Picket",
            ),
        ];
        for (change, part) in cases {
            let mut settings = KafkaSettings::from(secured());
            settings.validate().unwrap();
            change(&mut settings);
            let error = settings.validate().unwrap_err();
            assert_eq!(error.kind, ErrorKind::InvalidInput);
            assert!(error.message.contains(part), "{part}: {}", error.message);
        }
    }
}
