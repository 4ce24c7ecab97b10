//! Files that are no bundle, or one that somebody has spoilt.

use super::*;
use proptest::prelude::*;
use proptest::test_runner::{Config, TestRunner};

#[tokio::test]
async fn a_line_that_is_not_what_it_should_be_is_named() {
    type Change = fn(&mut Vec<Value>);
    let good = lines().await;
    assert_eq!(good.len(), 11);
    let cases: [(&str, Change, u64, &str); 22] = [
        (
            "an issue without a title",
            |l| drop(l[1]["data"].as_object_mut().unwrap().remove("title")),
            2,
            "title",
        ),
        (
            "a status nobody knows",
            |l| l[1]["data"]["status"] = json!("melted"),
            2,
            "melted",
        ),
        (
            "a finer state nobody knows",
            |l| l[1]["data"]["substatus"] = json!("wet"),
            2,
            "wet",
        ),
        (
            "a type nobody knows",
            |l| l[1]["data"]["issueType"] = json!("leak"),
            2,
            "its type",
        ),
        (
            "a level nobody knows",
            |l| l[1]["data"]["level"] = json!("loud"),
            2,
            "its level",
        ),
        (
            "a reason nobody knows",
            |l| l[1]["data"]["state"]["inbox"] = json!({"reason": "why", "since": 0}),
            2,
            "why",
        ),
        (
            "an activity nobody knows",
            |l| l[1]["data"]["activities"] = json!([{"kind": "JUMP", "at": 0, "data": {}}]),
            2,
            "JUMP",
        ),
        (
            "half an instant",
            |l| l[1]["data"]["state"]["resolvedAt"] = json!(1.5),
            2,
            "not whole",
        ),
        (
            "an instant before all time",
            |l| l[1]["data"]["state"]["resolvedAt"] = json!(-9e15),
            2,
            "time",
        ),
        (
            "the end of all time",
            |l| l[1]["data"]["lastSeen"] = json!("+262142-12-31T23:59:59Z"),
            2,
            "time",
        ),
        (
            "less than nothing",
            |l| l[1]["data"]["count"] = json!("-1"),
            2,
            "less than nothing",
        ),
        (
            "a project that is none",
            |l| l[1]["data"]["project"]["id"] = json!("-4"),
            2,
            "project",
        ),
        (
            "a short id of another project",
            |l| l[1]["data"]["shortId"] = json!("MOON-1"),
            2,
            "short id",
        ),
        (
            "an issue that stands there twice",
            |l| l.insert(2, l[1].clone()),
            3,
            "twice",
        ),
        (
            "an issue behind the occurrences",
            |l| l.insert(9, l[1].clone()),
            10,
            "behind the occurrences",
        ),
        (
            "an occurrence of no issue",
            |l| l[6]["data"]["issueId"] = json!("99"),
            7,
            "not in the bundle",
        ),
        (
            "an occurrence that stands there twice",
            |l| l.insert(7, l[6].clone()),
            8,
            "twice",
        ),
        (
            "an occurrence without an id",
            |l| l[6]["data"]["occurrence"] = json!("x"),
            7,
            "its id",
        ),
        (
            "a record that is none",
            |l| l[6]["data"]["record"] = json!([1]),
            7,
            "occurrence",
        ),
        (
            "a kind of line nobody knows",
            |l| l[6]["kind"] = json!("ghost"),
            7,
            "ghost",
        ),
        (
            "numbers that do not fit",
            |l| l[10]["data"]["occurrences"] = json!(7),
            11,
            "7",
        ),
        (
            "something behind the end",
            |l| l.push(l[6].clone()),
            12,
            "behind the end",
        ),
    ];
    for (name, spoil, at, says) in cases {
        let mut lines = good.clone();
        spoil(&mut lines);
        let refused = opened(&text(&lines)).await;
        let Err(error @ BundleError::Damaged { line, .. }) = refused else {
            panic!("{name}: {refused:?}");
        };
        let words = error.to_string();
        assert_eq!(line, at, "{name}: {words}");
        assert!(words.contains(says), "{name}: {words}");
        assert!(words.contains(&format!("line {at}")), "{words}");
        assert!(words.ends_with("Export it again."), "{words}");
    }
}

#[tokio::test]
async fn a_bundle_that_is_cut_anywhere_is_not_opened() {
    let text = text(&lines().await);
    for cut in (0..text.len()).step_by(997).chain([text.len() - 1]) {
        match opened(&text[..cut]).await {
            Err(BundleError::Cut { line, .. }) => {
                let whole = text[..cut].iter().filter(|&&byte| byte == b'\n').count();
                assert!((whole as u64..=whole as u64 + 1).contains(&line), "{cut}");
            }
            // Within the first line it cannot be told from any other file.
            Err(BundleError::NotABundle { .. }) => assert!(!text[..cut].contains(&b'\n')),
            other => panic!("{cut}: {other:?}"),
        }
    }
}

#[tokio::test]
async fn another_version_is_refused_with_what_to_do() {
    let mut lines = lines().await;
    lines[0]["data"]["version"] = json!(2);
    let refused = opened(&text(&lines)).await.unwrap_err();
    assert!(
        matches!(refused, BundleError::OtherVersion { version: 2, .. }),
        "{refused:?}"
    );
    let words = refused.to_string();
    assert!(
        words.contains("version 2") && words.contains("newer Picket"),
        "{words}"
    );
}

#[tokio::test]
async fn what_is_no_bundle_is_refused() {
    for bytes in [
        &b""[..],
        b"\n",
        b"id,title\n1,Lamp\n",
        b"{}\n",
        b"{\"kind\":\"bundle\",\"data\":{}}\n",
        b"\xff\xfe\x00\n",
        b"[[[[[[\n",
    ] {
        let refused = opened(bytes).await;
        assert!(
            matches!(refused, Err(BundleError::NotABundle { .. })),
            "{bytes:?}: {refused:?}"
        );
    }
    let folder = tempfile::tempdir().unwrap();
    let refused = open(folder.path(), now()).await;
    assert!(refused.is_err(), "a folder");
    let missing = open(&folder.path().join("none"), now()).await.unwrap_err();
    assert!(
        matches!(missing, BundleError::Unreadable { .. }),
        "{missing:?}"
    );
    let error = crate::Error::from(missing);
    assert_eq!(error.kind, crate::ErrorKind::InvalidInput);
}

#[tokio::test]
async fn a_line_without_an_end_is_not_read_to_its_end() {
    let mut text = text(&lines().await[..1]);
    text.extend(std::iter::repeat_n(b'[', 17 << 20));
    let refused = opened(&text).await;
    let Err(BundleError::Damaged {
        line: 2, problem, ..
    }) = refused
    else {
        panic!("{refused:?}");
    };
    assert!(problem.contains("longer than"), "{problem}");
}

#[cfg(unix)]
#[tokio::test]
async fn a_device_is_not_read() {
    let refused = open(Path::new("/dev/zero"), now()).await;
    assert!(
        matches!(refused, Err(BundleError::NotABundle { .. })),
        "{refused:?}"
    );
}

#[tokio::test]
async fn a_file_that_is_too_large_is_not_begun() {
    let file = written(&[]);
    let large = std::fs::File::create(&file.path).unwrap();
    // Without content, so it takes no room.
    large.set_len(MOST_BYTES + 1).unwrap();
    let refused = open(&file.path, now()).await;
    assert!(
        matches!(refused, Err(BundleError::TooLarge { .. })),
        "{refused:?}"
    );
}

/// Whatever a byte becomes, a bundle opens or is refused, and one that opens can be looked at.
#[test]
fn no_byte_makes_it_panic() {
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_time()
        .build()
        .unwrap();
    let good = runtime.block_on(async { text(&lines().await) });
    let config = Config {
        cases: 100,
        ..Config::default()
    };
    let changes = prop::collection::vec((0..good.len(), any::<u8>()), 1..4);
    let checked = TestRunner::new(config).run(&changes, |changes| {
        let mut bytes = good.clone();
        for (place, byte) in changes {
            bytes[place] = byte;
        }
        runtime.block_on(async {
            match opened(&bytes).await {
                Ok(bundle) => drop(shown(&bundle.store, "").await),
                Err(error) => assert!(error.to_string().ends_with('.'), "{error}"),
            }
        });
        Ok(())
    });
    checked.unwrap();
}

/// The same for numbers and texts that are what they should be, and more than anybody meant.
#[tokio::test]
async fn no_value_makes_it_panic() {
    let good = lines().await;
    let odd = [
        json!(null),
        json!(i64::MAX),
        json!(-1e300),
        json!(""),
        json!("\u{0}"),
        json!("9223372036854775807"),
        json!("9999-12-31T23:59:59.999999999Z"),
        json!({}),
        json!([[]]),
    ];
    let mut tried = 0;
    for (at, line) in good.iter().enumerate() {
        let Some(members) = line["data"].as_object() else {
            continue;
        };
        // Lines of one kind have the same members.
        if !matches!(at, 0 | 1 | 6 | 10) {
            continue;
        }
        for name in members.keys() {
            for odd in &odd {
                let mut lines = good.clone();
                lines[at]["data"][name] = odd.clone();
                if let Ok(bundle) = opened(&text(&lines)).await {
                    drop(shown(&bundle.store, "").await);
                }
                tried += 1;
            }
        }
    }
    assert!(tried > 200, "{tried}");
}
