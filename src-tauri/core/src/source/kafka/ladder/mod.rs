//! Tries a connection step by step, so that the first step that fails says where the trouble is.

#[cfg(test)]
mod tests;

use super::diagnose::{Complaints, Diagnosis};
use super::network::{open_all, resolve};
use super::settings::{KafkaSettings, mechanism_word, protocol_word, reach, servers};
use super::topics;
use crate::config::{ConnectionProfile, SecurityProtocol};
use rdkafka::client::ClientContext;
use rdkafka::config::RDKafkaLogLevel;
use rdkafka::consumer::{BaseConsumer, Consumer, ConsumerContext};
use rdkafka::error::{KafkaError, RDKafkaErrorCode};
use rdkafka::message::Message;
use rdkafka::metadata::Metadata;
use rdkafka::{Offset, TopicPartitionList};
use serde::Serialize;
use specta::Type;
use std::fs::File;
use std::net::SocketAddr;
use std::sync::Arc;
use std::time::{Duration, Instant};

/// How long login and the first answer of the cluster may take.
const LOGIN: Duration = Duration::from_secs(5);
/// How long one further request may take.
const REQUEST: Duration = Duration::from_secs(4);
/// Partitions whose ends are looked at; beyond it the count is a sample.
const PARTITIONS_LOOKED_AT: usize = 64;

/// A step of the ladder, in the order in which they are tried.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Type)]
#[serde(rename_all = "snake_case")]
pub enum TestStepName {
    /// What can be checked without the network.
    Settings,
    /// Addresses of the servers.
    NameLookup,
    /// Connections to the servers.
    Tcp,
    /// Encryption, login and the first answer.
    Login,
    /// Connections to the addresses that the brokers name themselves.
    Listeners,
    /// The topics exist and may be seen.
    TopicAccess,
    /// A record can be read.
    FirstMessage,
}

impl TestStepName {
    /// The name for people.
    #[must_use]
    pub fn words(self) -> &'static str {
        match self {
            Self::Settings => "settings",
            Self::NameLookup => "name lookup",
            Self::Tcp => "TCP",
            Self::Login => "login",
            Self::Listeners => "listeners",
            Self::TopicAccess => "topic access",
            Self::FirstMessage => "first message",
        }
    }
}

/// How a step ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Type)]
#[serde(rename_all = "snake_case")]
pub enum TestStepState {
    /// It works.
    Ok,
    /// It does not.
    Failed,
    /// It was not tried, because an earlier step failed.
    Skipped,
}

/// One step of a test. Its texts hold no secrets.
#[derive(Debug, Clone, PartialEq, Serialize, Type)]
pub struct TestStep {
    /// Which step.
    pub name: TestStepName,
    /// How it ended.
    pub state: TestStepState,
    /// What was found, in words.
    pub detail: String,
    /// What to do, where there is something to do.
    pub fix: Option<String>,
    /// How long it took, in milliseconds.
    pub took_ms: f64,
}

const STEPS: [TestStepName; 7] = [
    TestStepName::Settings,
    TestStepName::NameLookup,
    TestStepName::Tcp,
    TestStepName::Login,
    TestStepName::Listeners,
    TestStepName::TopicAccess,
    TestStepName::FirstMessage,
];

/// Tries a connection. Always answers with every step; after the first failure the others are skipped. Joins no
/// group, creates nothing, commits nothing. Blocking, for at most half a minute.
#[must_use]
pub fn test_connection(profile: &ConnectionProfile, password: Option<&str>) -> Vec<TestStep> {
    let settings = KafkaSettings::from(profile.clone());
    let mut ladder = Ladder {
        settings: &settings,
        password,
        addresses: Vec::new(),
        probe: None,
        metadata: None,
    };
    let mut steps = Vec::with_capacity(STEPS.len());
    let mut failed = false;
    for name in STEPS {
        if failed {
            let detail = "not tried".to_owned();
            steps.push(TestStep {
                name,
                state: TestStepState::Skipped,
                detail,
                fix: None,
                took_ms: 0.0,
            });
            continue;
        }
        let started = Instant::now();
        let outcome = ladder.climb(name);
        failed = outcome.is_err();
        let (state, found) = match outcome {
            Ok(found) => (TestStepState::Ok, found),
            Err(found) => (TestStepState::Failed, found),
        };
        steps.push(TestStep {
            name,
            state,
            detail: without_secret(found.detail, password),
            fix: found.fix.map(|fix| without_secret(fix, password)),
            took_ms: started.elapsed().as_secs_f64() * 1_000.0,
        });
    }
    steps
}

/// What a step found.
struct Found {
    detail: String,
    fix: Option<String>,
}

impl Found {
    fn new(detail: impl Into<String>) -> Self {
        Self {
            detail: detail.into(),
            fix: None,
        }
    }

    fn with_fix(detail: impl Into<String>, fix: impl Into<String>) -> Self {
        Self {
            detail: detail.into(),
            fix: Some(fix.into()),
        }
    }
}

impl From<Diagnosis> for Found {
    fn from(diagnosis: Diagnosis) -> Self {
        Self::with_fix(diagnosis.problem, diagnosis.fix)
    }
}

type Step = Result<Found, Found>;

struct Ladder<'a> {
    settings: &'a KafkaSettings,
    password: Option<&'a str>,
    /// Servers with their addresses.
    addresses: Vec<(String, Vec<SocketAddr>)>,
    probe: Option<BaseConsumer<Probe>>,
    metadata: Option<Metadata>,
}

impl Ladder<'_> {
    fn climb(&mut self, step: TestStepName) -> Step {
        match step {
            TestStepName::Settings => self.settings(),
            TestStepName::NameLookup => self.look_up(),
            TestStepName::Tcp => self.connect(),
            TestStepName::Login => self.log_in(),
            TestStepName::Listeners => self.listeners(),
            TestStepName::TopicAccess => self.topics(),
            TestStepName::FirstMessage => self.first_message(),
        }
    }

    fn settings(&mut self) -> Step {
        let profile = &self.settings.profile;
        let config = self
            .settings
            .client_config(self.password)
            .map_err(|error| Found::new(error.message))?;
        for file in [
            &profile.tls_ca_file,
            &profile.tls_certificate_file,
            &profile.tls_key_file,
        ] {
            if !file.is_empty()
                && let Err(error) = File::open(file)
            {
                return Err(Found::with_fix(
                    format!("{file} cannot be read: {error}."),
                    "Choose the file again.",
                ));
            }
        }
        if profile.uses_sasl() && self.password.is_none_or(str::is_empty) {
            return Err(Found::with_fix(
                format!("There is no password for {}.", profile.username),
                "Enter it again.",
            ));
        }
        let probe = config
            .create_with_context(Probe::default())
            .map_err(|error: KafkaError| {
                Found::with_fix(
                    format!("The client refuses the settings: {error}."),
                    "Check the files and names.",
                )
            })?;
        self.probe = Some(probe);
        let count = servers(&profile.bootstrap_servers).count();
        let login = profile
            .sasl_mechanism
            .filter(|_| profile.uses_sasl())
            .map_or_else(String::new, |mechanism| {
                format!(", {} as {}", mechanism_word(mechanism), profile.username)
            });
        let word = if count == 1 { "server" } else { "servers" };
        Ok(Found::new(format!(
            "{}{login}, {count} {word}",
            protocol_word(profile.security)
        )))
    }

    fn look_up(&mut self) -> Step {
        let mut found = Vec::new();
        let mut missing = Vec::new();
        for server in servers(&self.settings.profile.bootstrap_servers) {
            match resolve(server) {
                Ok(addresses) => {
                    found.push(format!("{server} → {}", addresses[0].ip()));
                    self.addresses.push((server.to_owned(), addresses));
                }
                Err(problem) => missing.push(problem),
            }
        }
        let fix = "Check the name; if it is only known inside a private network, connect to that network first.";
        if found.is_empty() {
            return Err(Found::with_fix(missing.join(" "), fix));
        }
        let detail = found
            .into_iter()
            .chain(missing.iter().cloned())
            .collect::<Vec<_>>()
            .join(", ");
        Ok(Found {
            detail,
            fix: (!missing.is_empty()).then(|| fix.to_owned()),
        })
    }

    fn connect(&mut self) -> Step {
        let results = open_all(&self.addresses);
        let open = results.iter().filter(|(_, result)| result.is_ok()).count();
        let problems: Vec<String> = results
            .iter()
            .filter_map(|(_, result)| result.as_ref().err().cloned())
            .collect();
        let detail = format!("{open} of {} reachable", results.len());
        if open == 0 {
            return Err(Found::with_fix(
                problems.join(" "),
                "Check the port, and whether a firewall or a VPN is in the way.",
            ));
        }
        let detail = std::iter::once(detail)
            .chain(problems.iter().cloned())
            .collect::<Vec<_>>()
            .join(". ");
        Ok(Found {
            detail,
            fix: (!problems.is_empty()).then(|| "The others are enough to begin with.".to_owned()),
        })
    }

    fn log_in(&mut self) -> Step {
        let Some(probe) = &self.probe else {
            return Err(Found::new("There is no client."));
        };
        let deadline = Instant::now() + LOGIN;
        let metadata = loop {
            // Each attempt is short, so that the client's own words about a failure are heard early.
            match probe.fetch_metadata(None, Duration::from_millis(1_500)) {
                Ok(metadata) => break metadata,
                Err(error) => {
                    listen(probe, Duration::from_millis(150));
                    let complaints = &probe.context().0;
                    let diagnosis = complaints.diagnosis();
                    if diagnosis
                        .as_ref()
                        .is_some_and(|diagnosis| diagnosis.permanent)
                        || Instant::now() >= deadline
                    {
                        return Err(self.login_problem(diagnosis, complaints, &error));
                    }
                }
            }
        };
        let cluster = probe
            .client()
            .fetch_cluster_id(Duration::from_secs(1))
            .unwrap_or_default();
        let profile = &self.settings.profile;
        let who = if profile.uses_sasl() {
            format!("as {}, ", profile.username)
        } else {
            String::new()
        };
        let how = if profile.uses_tls() {
            "encrypted"
        } else {
            "not encrypted"
        };
        let detail = format!(
            "{who}{how}, cluster {cluster}, {} brokers",
            metadata.brokers().len()
        );
        self.metadata = Some(metadata);
        Ok(Found::new(detail))
    }

    /// What keeps the cluster from answering, as exactly as can be said.
    fn login_problem(
        &self,
        diagnosis: Option<Diagnosis>,
        complaints: &Complaints,
        error: &KafkaError,
    ) -> Found {
        match diagnosis {
            Some(diagnosis) if diagnosis.is_about_certificate && self.is_only_the_name() => {
                Found::with_fix(
                    "The certificate of the broker is good, but it is for another name than the one in the address.",
                    "Use the name the certificate is for, or switch the name check off for this connection.",
                )
            }
            Some(diagnosis) if diagnosis.is_about_certificate => Found::with_fix(
                "The certificate of the broker is signed by an authority this machine does not know, or it has run out.",
                "Choose the PEM file of that authority as CA file.",
            ),
            Some(diagnosis) => diagnosis.into(),
            None => {
                let last = complaints
                    .lines()
                    .pop()
                    .unwrap_or_else(|| error.to_string());
                Found::with_fix(
                    format!("The cluster does not answer: {last}."),
                    "Check protocol and login; the brokers' logs may say more.",
                )
            }
        }
    }

    /// Whether the certificate would do if only the name were not checked: the library does not tell the two apart.
    /// This opens connections without logging in, so that no password goes to a host of the wrong name.
    fn is_only_the_name(&self) -> bool {
        if !self.settings.profile.tls_verify_hostname {
            return false;
        }
        let mut config = reach(
            &ConnectionProfile {
                security: SecurityProtocol::Ssl,
                tls_verify_hostname: false,
                ..self.settings.profile.clone()
            },
            None,
        );
        config.set("group.id", "picket-observer");
        let Ok(probe) = config.create_with_context::<_, BaseConsumer<Probe>>(Probe::default())
        else {
            return false;
        };
        // A port that wants a login lets the handshake pass and then hangs up, which is all that matters here.
        let _ = probe.fetch_metadata(None, Duration::from_millis(1_500));
        listen(&probe, Duration::from_millis(150));
        let diagnosis = probe.context().0.diagnosis();
        !diagnosis.is_some_and(|diagnosis| diagnosis.is_about_certificate)
    }

    fn listeners(&mut self) -> Step {
        let Some(metadata) = &self.metadata else {
            return Err(Found::new("The cluster has not answered."));
        };
        let mut addresses = Vec::new();
        for broker in metadata.brokers() {
            let (host, port) = (broker.host(), broker.port());
            let server = if host.contains(':') {
                format!("[{host}]:{port}")
            } else {
                format!("{host}:{port}")
            };
            match resolve(&server) {
                Ok(found) => addresses.push((server, found)),
                Err(_) => {
                    return Err(Found::with_fix(
                        format!(
                            "Broker {} calls itself {server}, a name that has no address on this machine.",
                            broker.id()
                        ),
                        "The cluster gives clients a name for its own network. Ask the operators for a listener \
                         with a name that is known here, or add the name to this machine's hosts file.",
                    ));
                }
            }
        }
        let results = open_all(&addresses);
        if let Some((server, Err(problem))) = results.iter().find(|(_, result)| result.is_err()) {
            let local = server.starts_with("localhost") || server.starts_with("127.");
            let fix = if local {
                "The cluster tells every client to connect to its own machine. The operators must set its \
                 advertised listeners."
            } else {
                "The cluster gives an address that cannot be reached from here. Ask the operators for one that can."
            };
            return Err(Found::with_fix(
                format!("A broker calls itself {server}. {problem}"),
                fix,
            ));
        }
        Ok(Found::new(format!(
            "{} of {} brokers reachable under their own names",
            results.len(),
            results.len()
        )))
    }

    fn topics(&mut self) -> Step {
        let Some(probe) = &self.probe else {
            return Err(Found::new("There is no client."));
        };
        let names = self.settings.topics();
        let places =
            topics::partitions(&names, probe).map_err(|error| Found::new(error.message))?;
        Ok(Found::new(format!(
            "{}: {} partitions",
            names.join(", "),
            places.len()
        )))
    }

    fn first_message(&mut self) -> Step {
        let Some(probe) = &self.probe else {
            return Err(Found::new("There is no client."));
        };
        let failed = |error: &dyn std::fmt::Display| {
            Found::with_fix(
                format!("The brokers do not show what the topic holds: {error}."),
                "Try again.",
            )
        };
        let places = topics::partitions(&self.settings.topics(), probe)
            .map_err(|error| failed(&error.message))?;
        let mut kept = 0_i64;
        let mut last = None;
        for (topic, partition) in places.iter().take(PARTITIONS_LOOKED_AT) {
            let (low, high) = probe
                .fetch_watermarks(topic, *partition, REQUEST)
                .map_err(|error| failed(&error))?;
            kept += high - low;
            if high > low && last.is_none() {
                last = Some((Arc::clone(topic), *partition, high - 1));
            }
        }
        let Some((topic, partition, offset)) = last else {
            return Ok(Found::with_fix(
                "The topic exists and holds no records.",
                "Start the feed; it shows what arrives.",
            ));
        };
        let record = read_one(probe, &topic, partition, offset)?;
        Ok(Found::new(format!("{kept} records kept; {record}")))
    }
}

/// Reads the record at `offset`, or the one before it where that place holds none.
fn read_one(
    probe: &BaseConsumer<Probe>,
    topic: &str,
    partition: i32,
    offset: i64,
) -> Result<String, Found> {
    let unable = |error: &KafkaError| Found::new(format!("No record can be read: {error}."));
    let mut list = TopicPartitionList::new();
    // A few before the last: the very last offsets may be markers of transactions, which are no records.
    let begin = Offset::Offset((offset - 3).max(0));
    list.add_partition_offset(topic, partition, begin)
        .map_err(|error| unable(&error))?;
    probe.assign(&list).map_err(|error| unable(&error))?;
    let deadline = Instant::now() + REQUEST;
    let mut result = Err(Found::with_fix(
        "The topic holds records, but none arrived in time.",
        "Try again; the brokers may be busy or slow down this client.",
    ));
    while Instant::now() < deadline {
        match probe.poll(Duration::from_millis(100)) {
            None => {}
            Some(Ok(message)) => {
                let time = message
                    .timestamp()
                    .to_millis()
                    .and_then(chrono::DateTime::from_timestamp_millis);
                let time = time.map_or_else(String::new, |time| {
                    format!(" from {}", time.format("%Y-%m-%d %H:%M:%S UTC"))
                });
                result = Ok(format!(
                    "one{time} with {} bytes was read",
                    message.payload_len()
                ));
                break;
            }
            Some(Err(KafkaError::MessageConsumption(
                RDKafkaErrorCode::TopicAuthorizationFailed,
            ))) => {
                result = Err(Found::with_fix(
                    format!("This user may see the topic {topic} but not read it."),
                    "Ask the operators for Read on it.",
                ));
                break;
            }
            // A place that was deleted meanwhile, a group nobody joins, a broker that is just busy: look on.
            Some(Err(_)) => {}
        }
    }
    // The probe reads nothing more.
    let _ = probe.unassign();
    result
}

/// Lets the client deliver its log lines.
fn listen(probe: &BaseConsumer<Probe>, time: Duration) {
    let until = Instant::now() + time;
    loop {
        let left = until.saturating_duration_since(Instant::now());
        if left.is_zero() {
            return;
        }
        // Whatever it says is kept by the context.
        let _ = probe.poll(left);
    }
}

/// No text holds the password today; should an error ever quote it, it is cut out here.
fn without_secret(text: String, password: Option<&str>) -> String {
    match password {
        Some(password) if password.len() > 3 && text.contains(password) => {
            text.replace(password, "•••")
        }
        _ => text,
    }
}

/// Keeps what the client complains about.
#[derive(Default)]
struct Probe(Complaints);

impl ClientContext for Probe {
    fn log(&self, level: RDKafkaLogLevel, _facility: &str, message: &str) {
        self.0.hear(level, message);
    }

    fn stats(&self, _statistics: rdkafka::Statistics) {}

    fn error(&self, _error: KafkaError, reason: &str) {
        self.0.push(reason);
    }
}

impl ConsumerContext for Probe {}
