use super::*;
use serde_json::json;

fn titled(title: &str) -> Portrait {
    Portrait::new(ProjectId(1), 1, title)
}

fn portrait(title: &str, types: &[&str], functions: &[&str]) -> Portrait {
    let errors = json!({ "error.type": types, "error.value": ["x"] });
    let stack = json!({ "stack.function": functions, "stack.filename": ["pay/client.rs"], "stack.module": ["pay"] });
    titled(title).with_lists(Some(&errors.to_string()), Some(&stack.to_string()))
}

fn event(frames: &[(&str, &str, bool)]) -> String {
    let frames = frames.iter().map(|(function, filename, in_app)| {
        json!({ "function": function, "filename": filename, "in_app": in_app })
    });
    let frames: Vec<Value> = frames.collect();
    json!({ "exception": { "values": [{ "type": "T", "stacktrace": { "frames": frames } }] } })
        .to_string()
}

const TITLE: &str = "TimeoutError: upstream payments did not answer";
const STACK: [(&str, &str, bool); 3] = [
    ("main", "lib/run.rs", false),
    ("post_order", "pay/client.rs", true),
    ("with_retry", "pay/client.rs", true),
];

fn subject() -> Subject {
    let own = portrait(
        TITLE,
        &["TimeoutError"],
        &["main", "post_order", "with_retry"],
    );
    Subject::new(own, Some(&event(&STACK)))
}

#[track_caller]
fn is_about(score: f64, expected: f64) {
    assert!((score - expected).abs() < 1e-9, "{score} is not {expected}");
}

#[test]
fn the_same_once_more_is_alike_in_all() {
    let subject = subject();
    let likeness = subject.likeness(&subject.portrait);
    is_about(likeness.score, 1.0);
    assert!(subject.in_app && likeness.same_title);
    assert_eq!(likeness.frames, Share { same: 2, of: 2 });
    assert_eq!(likeness.same_type.as_deref(), Some("TimeoutError"));
}

#[test]
fn what_differs_is_weighed() {
    let subject = subject();
    let other_words = portrait(
        "TimeoutError: no route",
        &["TimeoutError"],
        &["post_order", "with_retry"],
    );
    // Of the words upstream, payments, did, not, answer, no, route none is shared.
    is_about(subject.likeness(&other_words).score, 0.8);
    let half_the_frames = portrait(TITLE, &["TimeoutError"], &["with_retry", "other"]);
    is_about(subject.likeness(&half_the_frames).score, 0.75);
    let other_type = portrait(TITLE, &["IoError"], &["post_order", "with_retry"]);
    // The title begins with a type that is none of the other's, so there it is a word: five of six are shared.
    is_about(subject.likeness(&other_type).score, 0.5 + 0.2 * 5.0 / 6.0);
    let elsewhere = Portrait {
        places: BTreeSet::from(["lib/run.rs".to_owned()]),
        ..subject.portrait.clone()
    };
    is_about(subject.likeness(&elsewhere).score, 0.5);
    let nothing = portrait("disk full", &["IoError"], &["write"]);
    is_about(subject.likeness(&nothing).score, 0.0);
}

#[test]
fn what_neither_has_does_not_count() {
    let subject = Subject::new(titled("Job 17 was late"), None);
    is_about(subject.likeness(&titled("Job 18 was late")).score, 1.0);
    assert!(!subject.likeness(&titled("Job 18 was late")).same_title);
    is_about(subject.likeness(&titled("17 18")).score, 0.0);
    // It has no stack, and the other one has.
    let with_stack = portrait("Job 18 was late", &[], &["run"]);
    is_about(subject.likeness(&with_stack).score, 0.2 / 0.7);
    is_about(
        Subject::new(titled("17"), None)
            .likeness(&titled("18"))
            .score,
        0.0,
    );
}

#[test]
fn words_are_no_numbers_no_ids_and_no_types() {
    let own = portrait(
        "ValueError: order 17 of deadbeef for user_7 is_bad",
        &["ValueError"],
        &[],
    );
    let words: Vec<String> = own.words().into_iter().collect();
    assert_eq!(words, ["for", "is_bad", "of", "order", "user_7"]);
}

#[test]
fn own_code_comes_before_libraries_and_each_frame_counts_once() {
    let subject = subject();
    let functions: Vec<&str> = subject.frames.iter().map(|it| &*it.function).collect();
    assert_eq!(functions, ["with_retry", "post_order"]);
    let libraries = [("a", "x", false), ("b", "x", false), ("a", "x", false)];
    let of_libraries = Subject::new(titled(""), Some(&event(&libraries)));
    assert_eq!((of_libraries.frames.len(), of_libraries.in_app), (2, false));
    // Without a body the functions are all there is.
    let light = Subject::new(portrait("t", &[], &["a", "b"]), None);
    assert_eq!(light.frames[0].function, "b");
    assert_eq!(
        light.likeness(&portrait("t", &[], &["a", "b"])).frames.same,
        2
    );
}

#[test]
fn indexes_are_asked_for_little() {
    let many: Vec<(&str, &str, bool)> = vec![("function_name", "file.rs", true); 400];
    let types: Vec<String> = (0..50).map(|number| format!("Error{number}")).collect();
    let types: Vec<&str> = types.iter().map(String::as_str).collect();
    let wide = portrait(&"word ".repeat(500), &types, &[]);
    assert!(Subject::new(wide, Some(&event(&many))).probes().len() <= 10);
    let probes = subject().probes();
    assert_eq!(
        probes,
        [
            Probe::Term(crate::model::Term::of("error.type", "TimeoutError")),
            Probe::Texts(vec!["with_retry".into(), "pay/client.rs".into()]),
            Probe::Texts(vec!["post_order".into(), "pay/client.rs".into()]),
            Probe::Texts(vec!["payments".into()]),
            Probe::Texts(vec!["upstream".into()]),
            Probe::Texts(vec!["answer".into()]),
        ]
    );
    assert_eq!(Subject::new(titled(""), None).probes(), []);
}

#[test]
fn hostile_events_and_lists_are_left_out() {
    for event in [
        "",
        "[",
        "7",
        "[]",
        r#"{"exception":7}"#,
        r#"{"exception":{"values":[7,{"stacktrace":[]}]}}"#,
    ] {
        let subject = Subject::new(titled(""), Some(event));
        assert_eq!(subject.frames, [], "{event}");
    }
    for lists in [
        "",
        "7",
        "[]",
        r#"{"error.type":7,"stack.function":{}}"#,
        r#"{"error.type":[7,null]}"#,
    ] {
        let read = titled("").with_lists(Some(lists), Some(lists));
        assert_eq!(read, titled(""), "{lists}");
    }
}
