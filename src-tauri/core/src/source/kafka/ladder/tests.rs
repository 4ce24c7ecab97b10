//! The ladder against the mock cluster and against ports that are no brokers.

use super::*;
use crate::config::SaslMechanism;
use rdkafka::ClientConfig;
use rdkafka::mocking::MockCluster;
use rdkafka::producer::{BaseProducer, BaseRecord, DefaultProducerContext, Producer};
use std::net::TcpListener;

const TOPIC: &str = "ingest-occurrences";

fn cluster() -> (
    MockCluster<'static, DefaultProducerContext>,
    ConnectionProfile,
) {
    let cluster = MockCluster::new(2).unwrap();
    cluster.create_topic(TOPIC, 2, 1).unwrap();
    let profile = ConnectionProfile {
        bootstrap_servers: cluster.bootstrap_servers(),
        ..ConnectionProfile::default()
    };
    (cluster, profile)
}

/// The step that failed, after checking that those before it are fine and those behind it were left out.
fn failing(steps: &[TestStep]) -> &TestStep {
    assert_eq!(
        steps.iter().map(|step| step.name).collect::<Vec<_>>(),
        STEPS
    );
    let at = steps
        .iter()
        .position(|step| step.state == TestStepState::Failed)
        .expect("a failure");
    assert!(
        steps[..at]
            .iter()
            .all(|step| step.state == TestStepState::Ok)
    );
    assert!(
        steps[at + 1..]
            .iter()
            .all(|step| step.state == TestStepState::Skipped)
    );
    &steps[at]
}

fn fails(profile: &ConnectionProfile, password: Option<&str>, name: TestStepName, part: &str) {
    let steps = test_connection(profile, password);
    let step = failing(&steps);
    assert_eq!(step.name, name, "{steps:#?}");
    assert!(step.detail.contains(part), "{} lacks {part}", step.detail);
    assert!(
        !step.detail.contains("hunter22")
            && !step.fix.as_deref().unwrap_or_default().contains("hunter22")
    );
}

#[test]
fn a_good_connection_climbs_to_the_top() {
    let (cluster, profile) = cluster();
    let steps = test_connection(&profile, None);
    assert!(
        steps.iter().all(|step| step.state == TestStepState::Ok),
        "{steps:#?}"
    );
    assert_eq!(steps[6].detail, "The topic exists and holds no records.");
    assert!(steps[3].detail.contains("2 brokers") && steps[3].detail.contains("not encrypted"));
    assert_eq!(steps[5].detail, "ingest-occurrences: 2 partitions");
    let producer: BaseProducer = ClientConfig::new()
        .set("bootstrap.servers", cluster.bootstrap_servers())
        .create()
        .unwrap();
    for _ in 0..5 {
        let record = BaseRecord::<(), str>::to(TOPIC)
            .partition(1)
            .payload("12345678")
            .timestamp(1_700_000_000_000);
        producer.send(record).map_err(|(error, _)| error).unwrap();
    }
    producer.flush(Duration::from_secs(10)).unwrap();
    let steps = test_connection(&profile, None);
    assert_eq!(
        steps[6].detail,
        "5 records kept; one from 2023-11-14 22:13:20 UTC with 8 bytes was read"
    );
}

#[test]
fn a_missing_topic_is_named_with_its_neighbours() {
    let (_cluster, mut profile) = cluster();
    profile.topics = vec!["ingest-occurrence".to_owned()];
    fails(
        &profile,
        None,
        TestStepName::TopicAccess,
        "Did you mean ingest-occurrences?",
    );
}

#[test]
fn names_ports_and_settings_fail_at_their_own_step() {
    let at = |servers: &str| ConnectionProfile {
        bootstrap_servers: servers.to_owned(),
        ..ConnectionProfile::default()
    };
    fails(
        &at("nowhere"),
        None,
        TestStepName::Settings,
        "nowhere is not a server address",
    );
    fails(
        &at("broker.invalid:9092"),
        None,
        TestStepName::NameLookup,
        "no address for broker.invalid",
    );
    let free = TcpListener::bind("127.0.0.1:0")
        .unwrap()
        .local_addr()
        .unwrap();
    fails(
        &at(&free.to_string()),
        None,
        TestStepName::Tcp,
        "nothing listens",
    );
    let mut tls = at("127.0.0.1:9093");
    tls.security = SecurityProtocol::Ssl;
    tls.tls_ca_file = "/no/such/ca.pem".to_owned();
    fails(
        &tls,
        None,
        TestStepName::Settings,
        "/no/such/ca.pem cannot be read",
    );
    let mut login = at("127.0.0.1:9093");
    login.security = SecurityProtocol::SaslPlaintext;
    login.sasl_mechanism = Some(SaslMechanism::Plain);
    login.username = "ana".to_owned();
    fails(&login, None, TestStepName::Settings, "no password for ana");
}

#[test]
fn tls_to_a_plain_port_is_recognised() {
    let (_cluster, mut profile) = cluster();
    profile.security = SecurityProtocol::Ssl;
    fails(&profile, None, TestStepName::Login, "does not speak TLS");
}

#[test]
fn a_port_that_hangs_up_is_taken_for_tls() {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = listener.local_addr().unwrap();
    // What a TLS server does with a client that does not greet it: hang up.
    std::thread::spawn(move || {
        for stream in listener.incoming().flatten() {
            let mut byte = [0];
            let _ = std::io::Read::read(&mut &stream, &mut byte);
        }
    });
    let profile = ConnectionProfile {
        bootstrap_servers: address.to_string(),
        ..ConnectionProfile::default()
    };
    fails(&profile, None, TestStepName::Login, "speaks TLS");
}

#[test]
fn a_server_that_never_answers_costs_only_seconds() {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let profile = ConnectionProfile {
        bootstrap_servers: listener.local_addr().unwrap().to_string(),
        security: SecurityProtocol::SaslPlaintext,
        sasl_mechanism: Some(SaslMechanism::Plain),
        username: "ana".to_owned(),
        ..ConnectionProfile::default()
    };
    let started = Instant::now();
    fails(&profile, Some("hunter22"), TestStepName::Login, "");
    assert!(started.elapsed() < Duration::from_secs(12));
}

#[test]
fn a_quoted_password_is_cut_out() {
    assert_eq!(
        without_secret("bad hunter22!".to_owned(), Some("hunter22")),
        "bad •••!"
    );
    assert_eq!(without_secret("a cat".to_owned(), Some("a")), "a cat");
}
