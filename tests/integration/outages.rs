//! The broker, PostgreSQL and Redis are each stopped for a while and started again during a run.

use picket_core::config::{ConnectionProfile, StartPosition};
use picket_core::limits::{Counters, RedisCounters};
use picket_core::pipeline::{Feed, PipelineSettings};
use picket_core::source::KafkaSettings;
use picket_core::view::FeedAway;
use picket_tests::feeds::{clock, open, picture};
use picket_tests::kafka::{Outgoing, Topic};
use picket_tests::messages::{fingerprint, occurrence};
use picket_tests::program::program;
use picket_tests::service;
use picket_tests::wait::wait_until;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::Arc;
use std::time::Duration;

const OUTAGE: Duration = Duration::from_secs(20);
const SOON: Duration = Duration::from_secs(90);
/// Records sent before, during and after each outage.
const PORTION: u64 = 500;

/// Services that this test may stop, in a folder and on ports of their own.
struct Services {
    folder: tempfile::TempDir,
}

impl Services {
    fn start() -> Self {
        let services = Self {
            folder: tempfile::tempdir().unwrap(),
        };
        // The broker's packages are there already.
        let packages = root().join(".services/kafka/libs");
        if packages.is_dir() {
            let kafka = services.folder.path().join("kafka");
            std::fs::create_dir_all(&kafka).unwrap();
            let mut copy = Command::new("cp");
            copy.arg("-r").arg(packages).arg(&kafka);
            assert!(copy.status().unwrap().success());
        }
        services.run(&["start"]);
        services
    }

    fn run(&self, arguments: &[&str]) -> String {
        let output = Command::new(root().join("tests/services/services"))
            .args(arguments)
            .env("PICKET_SERVICES_DIR", self.folder.path())
            .output()
            .unwrap();
        let said = String::from_utf8_lossy(&output.stderr);
        assert!(output.status.success(), "{arguments:?}: {said}");
        String::from_utf8(output.stdout).unwrap()
    }

    fn address(&self, variable: &str) -> String {
        let variables = self.run(&["env"]);
        let mut lines = variables.lines();
        let found = lines.find_map(|line| {
            let line = line.trim_start_matches("export ");
            line.strip_prefix(variable)?.strip_prefix('=')
        });
        found.unwrap().trim_matches(['\'', '"']).to_owned()
    }
}

impl Drop for Services {
    fn drop(&mut self) {
        let _ = Command::new(root().join("tests/services/services"))
            .arg("reset")
            .env("PICKET_SERVICES_DIR", self.folder.path())
            .output();
    }
}

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("..")
}

#[tokio::test(flavor = "multi_thread")]
async fn broker_store_and_counters_go_away_and_come_back() {
    if service::kafka().is_none() || service::postgres().is_none() || service::redis().is_none() {
        return;
    }
    let services = Services::start();
    let (brokers, postgres, redis) = (
        services.address("PICKET_TEST_KAFKA"),
        services.address("PICKET_TEST_POSTGRES"),
        services.address("PICKET_TEST_REDIS"),
    );
    let topic = Topic::create(&brokers, "outages", 4).await.unwrap();
    let store = open(&postgres).await;
    let counters = RedisCounters::new(&redis, None).unwrap();
    let counters = counters.with_deadline(Duration::from_secs(1));
    let settings = PipelineSettings {
        counters: Arc::new(Counters::Redis(counters)),
        ..PipelineSettings::default()
    };
    let profile = ConnectionProfile {
        name: "outages".to_owned(),
        bootstrap_servers: brokers.clone(),
        topics: vec![topic.name().to_owned()],
        start: StartPosition::Earliest,
        ..ConnectionProfile::default()
    };
    let mut kafka = KafkaSettings::from(profile);
    // Asked so often, a broker answers as well while it starts and stops: that the topic is there and no broker is.
    let often = ("topic.metadata.refresh.interval.ms", "30");
    kafka.extra.push((often.0.to_owned(), often.1.to_owned()));
    let feed = Feed::kafka(Arc::clone(&store), &clock(), &settings, kafka, None).unwrap();

    let folder = tempfile::tempdir().unwrap();
    let doctor = Doctor::new(folder.path(), &brokers, &postgres, &redis, topic.name());
    let mut sent = 0;
    let mut send = || {
        let records = (sent..sent + PORTION).map(record);
        topic.send(records).unwrap();
        sent += PORTION;
        sent
    };

    let total = send();
    accounted(&feed, total).await;
    assert_eq!(doctor.complaints(), Vec::<String>::new());

    services.run(&["stop", "redis"]);
    let total = send();
    wait_until("the counters to be away", SOON, async || {
        feed.status().counters.away_since.is_some()
    })
    .await;
    // Records go on without limits.
    accounted(&feed, total).await;
    assert!(feed.status().counters.decided_without > 0.0);
    assert!(doctor.complaints().contains(&"counters".to_owned()));
    tokio::time::sleep(OUTAGE).await;
    services.run(&["start", "redis"]);
    let total = send();
    accounted(&feed, total).await;
    wait_until("the counters to be back", SOON, async || {
        let total = send();
        accounted(&feed, total).await;
        feed.status().counters.away_since.is_none()
    })
    .await;

    services.run(&["stop", "postgres"]);
    let total = send();
    wait_until("the store to be away", SOON, async || {
        feed.status().away == Some(FeedAway::Store)
    })
    .await;
    assert!(doctor.complaints().contains(&"store".to_owned()));
    tokio::time::sleep(OUTAGE).await;
    services.run(&["start", "postgres"]);
    accounted(&feed, total).await;
    assert_eq!(feed.status().away, None);

    services.run(&["stop", "kafka"]);
    wait_until("the broker to be away", SOON, async || {
        feed.status().away == Some(FeedAway::Broker)
    })
    .await;
    assert!(
        doctor
            .complaints()
            .iter()
            .any(|name| name.starts_with("connection"))
    );
    tokio::time::sleep(OUTAGE).await;
    services.run(&["start", "kafka"]);
    let total = send();
    accounted(&feed, total).await;

    let tally = feed.tally();
    feed.stop().await.unwrap();
    assert_eq!(tally.records(), total);
    let picture = picture(&store).await;
    assert_eq!(picture.outcomes.values().sum::<u64>(), total);
    // Each stored once: as many occurrences as messages, as often seen as accepted.
    assert_eq!(picture.occurrences, total);
    assert_eq!(picture.times_seen(), picture.outcome("accepted"));
    store.close().await;
}

/// Each portion holds problems that are known and some that are new.
fn record(n: u64) -> Outgoing {
    let problem = if n.is_multiple_of(10) {
        1_000 + n
    } else {
        n % 40
    };
    let message = occurrence(n, 1 + problem % 3, problem);
    Outgoing::new(message.to_string()).key(fingerprint(problem))
}

async fn accounted(feed: &Feed, records: u64) {
    wait_until(&format!("{records} records"), SOON, async || {
        feed.tally().records() >= records
    })
    .await;
}

/// `picketctl doctor` with all three in its settings.
struct Doctor {
    settings: PathBuf,
    folder: PathBuf,
}

impl Doctor {
    fn new(folder: &Path, brokers: &str, postgres: &str, redis: &str, topic: &str) -> Self {
        let settings = folder.join("picket.toml");
        let text = format!(
            "store = \"{postgres}\"\n[ingest]\ncounters = \"{redis}\"\n\
             [connections.outages]\nbootstrap_servers = \"{brokers}\"\ntopics = [\"{topic}\"]\n"
        );
        std::fs::write(&settings, text).unwrap();
        Self {
            settings,
            folder: folder.to_owned(),
        }
    }

    /// The checks that fail.
    fn complaints(&self) -> Vec<String> {
        let output = Command::new(program("picketctl"))
            .args(["--json", "doctor", "--config"])
            .arg(&self.settings)
            .env("PICKET_DATA_DIR", &self.folder)
            .output()
            .unwrap();
        let report: serde_json::Value = serde_json::from_slice(&output.stdout).unwrap();
        let checks = report["checks"].as_array().unwrap().iter();
        let failed: Vec<_> = checks
            .filter(|check| check["ok"] == false)
            .map(|check| check["name"].as_str().unwrap().to_owned())
            .collect();
        assert_eq!(output.status.success(), failed.is_empty());
        failed
    }
}
