//! Redis that is away, late or of another opinion.

use super::server::Server;
use super::support::{
    Decision::Opened, IGNORES_3, Item, NOISE_FREE, PATIENT, Place, SHOP, ask, at, decide,
    group_type, keys, wants,
};
use crate::config::Secret;
use crate::limits::{Counters, CountersKind, Grants, RedisCounters, Span, Used, Wants};
use crate::model::{GroupHash, GroupType};
use std::collections::HashSet;
use std::time::{Duration, Instant};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::watch;

const SIX: [Item; 6] = [
    (SHOP, "a", NOISE_FREE),
    (SHOP, "b", NOISE_FREE),
    (SHOP, "c", NOISE_FREE),
    (SHOP, "d", NOISE_FREE),
    (SHOP, "e", NOISE_FREE),
    (SHOP, "f", NOISE_FREE),
];

fn counters(url: &str) -> RedisCounters {
    RedisCounters::new(url, None)
        .unwrap()
        .with_deadline(PATIENT)
}

/// How long a [`hasty`] writer may leave undecided what it took.
const LEASE: Duration = Duration::from_millis(200);

fn hasty(url: &str, prefix: &str) -> Counters {
    let counters = counters(url).with_key_prefix(prefix);
    Counters::Redis(counters.with_lease(LEASE))
}

async fn take(counters: &Counters, seconds: i64) -> Grants {
    counters
        .take(&wants(&HashSet::new(), &SIX), at(seconds))
        .await
}

/// Takes once and again until Redis was asked.
async fn take_when_back(counters: &Counters, seconds: i64) -> Grants {
    let begun = Instant::now();
    loop {
        let grants = take(counters, seconds).await;
        if !grants.is_open() {
            return grants;
        }
        assert!(begun.elapsed() < PATIENT, "{:?}", counters.status());
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn without_redis_everything_is_allowed_and_counted() {
    let Some(mut server) = Server::new("without_redis_everything_is_allowed_and_counted") else {
        return;
    };
    let counters = Counters::Redis(counters(&server.url()));
    assert_eq!(counters.status().away_since, None);
    for (seconds, decided_without) in [(10, 6), (20, 12)] {
        let grants = take(&counters, seconds).await;
        assert!(grants.is_open());
        let (decisions, used) = decide(&grants, &mut HashSet::new(), &SIX);
        assert_eq!(decisions, [Opened; 6]);
        assert_eq!(counters.rows(&grants, &used), []);
        counters.settle(grants, &used, at(seconds)).await;
        let status = counters.status();
        assert_eq!(status.kind, CountersKind::Redis);
        assert_eq!(status.away_since, Some(at(10)));
        assert_eq!(status.decided_without, decided_without);
        let reason = status.reason.unwrap();
        assert!(
            reason.contains(&server.url()) && reason.contains("Start it"),
            "{reason}"
        );
    }
    assert!(counters.check().await.unwrap_err().contains("Start it"));

    server.start(&[]);
    counters.check().await.unwrap();
    let grants = take_when_back(&counters, 30).await;
    assert_eq!(grants.quota(SHOP, group_type(NOISE_FREE).slug), 5);
    counters.settle(grants, &Used::default(), at(30)).await;
    let status = counters.status();
    assert_eq!((status.away_since, status.reason), (None, None));
    let decided_without = status.decided_without;
    assert!(decided_without >= 12);

    // What was taken before a crash is settled on a server that knows nothing of it.
    let before = take(&counters, 40).await;
    server.kill();
    server.start(&[]);
    counters.settle(before, &Used::default(), at(40)).await;
    let grants = take_when_back(&counters, 50).await;
    assert_eq!(grants.quota(SHOP, group_type(NOISE_FREE).slug), 5);
    counters.settle(grants, &Used::default(), at(50)).await;

    server.kill();
    assert!(take(&counters, 60).await.is_open());
    let status = counters.status();
    assert_eq!(status.away_since, Some(at(60)));
    assert!(status.decided_without >= decided_without + 6);
}

#[tokio::test]
async fn a_connection_that_was_closed_is_replaced_at_once() {
    let Some(mut server) = Server::new("a_connection_that_was_closed_is_replaced_at_once") else {
        return;
    };
    server.start(&[]);
    let counters = Counters::Redis(counters(&server.url()));
    for seconds in 0..3 {
        let grants = take(&counters, seconds).await;
        assert!(!grants.is_open(), "{:?}", counters.status());
        counters.settle(grants, &Used::default(), at(seconds)).await;
        let mut kill = redis::cmd("CLIENT");
        kill.arg("KILL")
            .arg("TYPE")
            .arg("normal")
            .arg("SKIPME")
            .arg("yes");
        let closed: i64 = ask(&server.url(), &kill).await;
        assert!(closed >= 1);
    }
    assert_eq!(counters.status().decided_without, 0);
}

#[tokio::test]
async fn a_wrong_password_is_told_and_never_shown() {
    let Some(mut server) = Server::new("a_wrong_password_is_told_and_never_shown") else {
        return;
    };
    server.start(&["--requirepass", "the-right-0ne"]);
    let wrong = Secret::new("the-wr0ng-one".to_owned());
    for (password, words) in [
        (Some(&wrong), "Correct the user name and password"),
        (None, "asks for a password"),
    ] {
        let redis = RedisCounters::new(&server.url(), password)
            .unwrap()
            .with_deadline(PATIENT);
        let counters = Counters::Redis(redis);
        let told = counters.check().await.unwrap_err();
        assert!(told.contains(words), "{told}");
        assert!(take(&counters, 0).await.is_open());
        let shown = format!("{told} {:?} {counters:?}", counters.status());
        assert!(shown.contains(words), "{shown}");
        assert!(!shown.contains("the-wr0ng-one"), "{shown}");
    }
    let right = Secret::new("the-right-0ne".to_owned());
    let redis = RedisCounters::new(&server.url(), Some(&right))
        .unwrap()
        .with_deadline(PATIENT);
    let counters = Counters::Redis(redis);
    counters.check().await.unwrap();
    assert!(!take(&counters, 0).await.is_open());
}

#[tokio::test]
async fn a_server_without_memory_is_told() {
    let Some(mut server) = Server::new("a_server_without_memory_is_told") else {
        return;
    };
    server.start(&["--maxmemory", "1"]);
    let counters = Counters::Redis(counters(&server.url()));
    assert!(take(&counters, 0).await.is_open());
    let reason = counters.status().reason.unwrap();
    assert!(reason.contains("Raise its maxmemory"), "{reason}");
}

#[tokio::test]
async fn tls_with_a_server_that_speaks_none_is_an_error_in_words() {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!("rediss://:s3cret@{}", listener.local_addr().unwrap());
    tokio::spawn(async move {
        while let Ok((mut stream, _)) = listener.accept().await {
            let _ = stream.write_all(b"-ERR what is this\r\n").await;
        }
    });
    let counters = Counters::Redis(counters(&url));
    let told = counters.check().await.unwrap_err();
    assert!(
        told.contains("rediss://127.0.0.1") && told.contains("speaks TLS"),
        "{told}"
    );
    assert!(!told.contains("s3cret"), "{told}");
}

#[tokio::test]
async fn a_silent_server_holds_a_batch_up_only_until_the_deadline() {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!("redis://{}", listener.local_addr().unwrap());
    // The connection is made by the system; nobody ever answers.
    let counters = Counters::Redis(RedisCounters::new(&url, None).unwrap());
    assert!(take(&counters, 0).await.is_open());
    let reason = counters.status().reason.unwrap();
    assert!(reason.contains("within 50 ms"), "{reason}");
    drop(listener);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_a_late_answer_granted_is_given_back() {
    let Some(Place::Redis { url, prefix }) =
        Place::redis("what_a_late_answer_granted_is_given_back")
    else {
        return;
    };
    let (gate, proxy_url) = slow_proxy(&url).await;
    let counters = RedisCounters::new(&proxy_url, None)
        .unwrap()
        .with_key_prefix(&prefix)
        .with_patience(PATIENT);
    let counters = Counters::Redis(counters);
    // Until the connection stands and the scripts are known.
    let grants = take_when_back(&counters, 0).await;
    counters.settle(grants, &Used::default(), at(0)).await;
    until(async || keys(&url, &prefix).await.is_empty()).await;

    // An answer is held back after the server has done its part.
    gate.send_replace(false);
    let grants = take(&counters, 0).await;
    assert!(grants.is_open());
    until(async || !keys(&url, &prefix).await.is_empty()).await;
    gate.send_replace(true);
    until(async || keys(&url, &prefix).await.is_empty()).await;
}

#[tokio::test]
async fn what_a_killed_writer_took_is_given_back() {
    let Some(Place::Redis { url, prefix }) =
        Place::redis("what_a_killed_writer_took_is_given_back")
    else {
        return;
    };
    let writer = || hasty(&url, &prefix);
    // Of a quota of five, three are used and two more taken by a writer that never settles.
    let first = writer();
    let grants = first.take(&quotas(3), at(0)).await;
    let mut spending = grants.spend();
    for _ in 0..3 {
        assert!(spending.takes_quota(SHOP, REGEX));
    }
    let used = spending.finish();
    first.settle(grants, &used, at(0)).await;
    let lost = writer().take(&quotas(2), at(1)).await;
    assert_eq!(lost.quota(SHOP, REGEX), 2);

    let next = writer();
    let during = next.take(&quotas(2), at(2)).await;
    assert_eq!(during.quota(SHOP, REGEX), 0);
    next.settle(during, &Used::default(), at(2)).await;
    tokio::time::sleep(2 * LEASE).await;
    let after = next.take(&quotas(2), at(3)).await;
    assert_eq!(after.quota(SHOP, REGEX), 2);
    next.settle(after, &Used::default(), at(3)).await;

    // Who settles after the lease has nothing to give back any more.
    first.settle(lost, &Used::default(), at(4)).await;
    let again = next.take(&quotas(9), at(5)).await;
    assert_eq!(again.quota(SHOP, REGEX), 2);
    next.settle(again, &Used::default(), at(5)).await;
}

#[tokio::test]
async fn who_begins_with_the_same_records_gets_back_what_was_taken_for_them() {
    let Some(place) =
        Place::redis("who_begins_with_the_same_records_gets_back_what_was_taken_for_them")
    else {
        return;
    };
    let (killed, next) = (place.writer(), place.writer());
    let hash = GroupHash::of("a");
    let noisy = GroupType::by_id(IGNORES_3).unwrap();
    let quiet = GroupType::by_slug(REGEX).unwrap();
    // Two occurrences of a hash, and three new issues, in so many records of a partition.
    let batch = |partition: &str, from: i64, to: i64| {
        let quiet = (0..3).map(|n| (SHOP, GroupHash::of(&n.to_string()), quiet));
        let span = Span {
            partition: partition.to_owned(),
            from,
            to,
        };
        Wants {
            spans: vec![span],
            ..Wants::of([(SHOP, hash, noisy); 2].into_iter().chain(quiet))
        }
    };
    let lost = killed.take(&batch("0", 100, 200), at(0)).await;
    assert_eq!(
        (lost.noise_before(SHOP, hash), lost.quota(SHOP, REGEX)),
        (0, 3)
    );
    let left = async |wants: Wants| {
        let grants = next.take(&wants, at(1)).await;
        let left = (grants.noise_before(SHOP, hash), grants.quota(SHOP, REGEX));
        next.settle(grants, &Used::default(), at(1)).await;
        left
    };
    // Other records say nothing about these.
    assert_eq!(left(batch("1", 100, 150)).await, (2, 2));
    assert_eq!(left(batch("0", 150, 300)).await, (0, 3));
    // Who was not dead after all gives nothing back a second time.
    killed.settle(lost, &Used::default(), at(2)).await;
    assert_eq!(left(batch("0", 150, 300)).await, (0, 3));
    let held = next.take(&batch("0", 150, 300), at(3)).await;
    assert_eq!(left(batch("1", 0, 1)).await, (2, 2));
    // Neither does who begins behind it: it was stored. Nobody knows what it used, so all of it stays taken.
    assert_eq!(left(batch("0", 300, 400)).await, (2, 2));
    next.settle(held, &Used::default(), at(3)).await;
    assert_eq!(left(batch("0", 400, 500)).await, (2, 2));
    place.clear().await;
}

#[tokio::test]
async fn who_goes_on_behind_a_killed_writer_settles_by_what_that_one_decided() {
    let Some(Place::Redis { url, prefix }) =
        Place::redis("who_goes_on_behind_a_killed_writer_settles_by_what_that_one_decided")
    else {
        return;
    };
    let writer = || hasty(&url, &prefix);
    let (killed, next) = (writer(), writer());
    let batch = |from: i64, to: i64| Wants {
        spans: vec![Span {
            partition: "0".to_owned(),
            from,
            to,
        }],
        ..quotas(3)
    };
    // Of three issues that might have been opened one was, and its batch was stored before the writer was killed.
    let taken = killed.take(&batch(100, 200), at(0)).await;
    let mut spending = taken.spend();
    assert!(spending.takes_quota(SHOP, REGEX));
    let used = spending.finish();
    killed.decided(&taken, &used, at(0)).await;

    // Time alone does not tell whether it was stored.
    tokio::time::sleep(2 * LEASE).await;
    let elsewhere = next.take(&quotas(9), at(1)).await;
    assert_eq!(elsewhere.quota(SHOP, REGEX), 2);
    next.settle(elsewhere, &Used::default(), at(1)).await;
    // Who goes on behind it knows.
    let behind = next.take(&batch(200, 300), at(2)).await;
    assert_eq!(behind.quota(SHOP, REGEX), 3);
    next.settle(behind, &Used::default(), at(2)).await;
    let free = next.take(&quotas(9), at(3)).await;
    assert_eq!(free.quota(SHOP, REGEX), 4);
    next.settle(free, &Used::default(), at(3)).await;

    // Who was not dead after all gives nothing back a second time.
    killed.settle(taken, &Used::default(), at(4)).await;
    // What was decided and not stored is given back whole to who begins with the same records.
    let taken = killed.take(&batch(300, 400), at(5)).await;
    killed.decided(&taken, &used, at(5)).await;
    let again = next.take(&batch(300, 350), at(6)).await;
    assert_eq!(again.quota(SHOP, REGEX), 3);
    next.settle(again, &Used::default(), at(6)).await;
    let free = next.take(&quotas(9), at(7)).await;
    assert_eq!(free.quota(SHOP, REGEX), 4);
    next.settle(free, &Used::default(), at(7)).await;
}

const REGEX: &str = "profile_regex_main_thread";

/// So many new fingerprints of a type without noise reduction.
fn quotas(fingerprints: u32) -> Wants {
    let group_type = GroupType::by_slug(REGEX).unwrap();
    let hashes = (0..fingerprints).map(|n| GroupHash::of(&n.to_string()));
    Wants::of(hashes.map(|hash| (SHOP, hash, group_type)))
}

async fn until(mut done: impl AsyncFnMut() -> bool) {
    let begun = Instant::now();
    while !done().await {
        assert!(begun.elapsed() < PATIENT);
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
}

/// Passes requests on at once, and answers only while the gate is open.
async fn slow_proxy(url: &str) -> (watch::Sender<bool>, String) {
    let server = url::Url::parse(url).unwrap();
    let upstream = (
        server.host_str().unwrap().to_owned(),
        server.port().unwrap_or(6379),
    );
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let mut proxied = server.clone();
    proxied.set_host(Some("127.0.0.1")).unwrap();
    proxied
        .set_port(Some(listener.local_addr().unwrap().port()))
        .unwrap();
    let (gate, open) = watch::channel(true);
    tokio::spawn(async move {
        while let Ok((client, _)) = listener.accept().await {
            let server = TcpStream::connect((&*upstream.0, upstream.1))
                .await
                .unwrap();
            let (mut from_client, mut to_client) = client.into_split();
            let (mut from_server, mut to_server) = server.into_split();
            let mut open = open.clone();
            tokio::spawn(async move { tokio::io::copy(&mut from_client, &mut to_server).await });
            tokio::spawn(async move {
                let mut buffer = [0; 4096];
                while let Ok(length @ 1..) = from_server.read(&mut buffer).await {
                    if open.wait_for(|open| *open).await.is_err() {
                        return;
                    }
                    if to_client.write_all(&buffer[..length]).await.is_err() {
                        return;
                    }
                }
            });
        }
    });
    (gate, proxied.into())
}
