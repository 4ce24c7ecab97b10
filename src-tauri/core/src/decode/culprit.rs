//! Where an event happened, in one line (occurrences spec, section 5.2; events spec, section 10.3).

use super::fields::{Object, Value, text};

/// Longest culprit that is made up from a stack trace or a URL, in characters.
const LENGTH: usize = 200;

/// The culprit of an event body: its transaction, else its stack trace's crash site, else its request URL, else empty.
pub(super) fn culprit(body: &Object<'_>, platform: &str) -> String {
    if let Some(transaction) = text(body, "transaction") {
        return transaction.to_owned();
    }
    let generated = body
        .get("stacktrace")
        .and_then(|trace| crash_site(trace, platform))
        .or_else(|| body.get("request")?.get("url")?.as_str().map(str::to_owned));
    generated.map_or_else(String::new, |culprit| truncated(culprit, LENGTH))
}

/// Cuts a text to `length` characters, the last three being dots where something was cut.
pub(super) fn truncated(mut text: String, length: usize) -> String {
    // A text cannot have more characters than bytes.
    if text.len() > length && text.chars().nth(length).is_some() {
        let end = text
            .char_indices()
            .nth(length - 3)
            .map_or(text.len(), |(end, _)| end);
        text.truncate(end);
        text.push_str("...");
    }
    text
}

/// The last in-app frame that yields a text, else what the last other frame yields. Nothing where that is empty.
fn crash_site(trace: &Value<'_>, platform: &str) -> Option<String> {
    let mut outside_app = None;
    for frame in trace
        .get("frames")?
        .as_array()?
        .iter()
        .rev()
        .filter_map(Value::as_object)
    {
        if frame.get("in_app") == Some(&Value::Bool(true)) {
            if let Some(site) = frame_text(frame, platform) {
                return Some(site);
            }
        } else if outside_app.is_none() {
            outside_app = Some(frame_text(frame, platform));
        }
    }
    outside_app.flatten()
}

fn frame_text(frame: &Object<'_>, event_platform: &str) -> Option<String> {
    let function = text(frame, "function").unwrap_or("?");
    let place = || text(frame, "module").or_else(|| text(frame, "filename"));
    match text(frame, "platform").unwrap_or(event_platform) {
        "objc" | "cocoa" | "native" => Some(function.to_owned()),
        "javascript" | "node" => place().map(|place| format!("{function}({place})")),
        _ => place().map(|place| format!("{place} in {function}")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::decode::tree::tree;

    #[allow(
        clippy::needless_pass_by_value,
        reason = "reads better with tree!(…) at the call"
    )]
    fn of(body: Value<'_>) -> String {
        culprit(body.as_object().unwrap(), "python")
    }

    #[allow(
        clippy::needless_pass_by_value,
        reason = "reads better with tree!(…) at the call"
    )]
    fn of_frames(frames: Value<'_>) -> String {
        of(tree!({"stacktrace": {"frames": frames}, "request": {"url": "http://a"}}))
    }

    #[test]
    fn the_transaction_wins_and_is_never_cut() {
        let long = "t".repeat(300);
        assert_eq!(
            of(tree!({"transaction": long, "request": {"url": "http://a"}})),
            long
        );
        assert_eq!(
            of(tree!({"transaction": "", "request": {"url": "http://a"}})),
            "http://a"
        );
        assert_eq!(of(tree!({})), "");
    }

    #[test]
    fn the_last_in_app_frame_wins() {
        assert_eq!(
            of_frames(tree!([
                {"module": "app.first", "function": "f", "in_app": true},
                {"module": "app.last", "function": "g", "in_app": true},
                {"in_app": true, "function": "says nothing about its place"},
                null,
                {"module": "library", "function": "h"},
            ])),
            "app.last in g"
        );
    }

    #[test]
    fn without_one_the_last_other_frame_speaks() {
        assert_eq!(
            of_frames(tree!([{"filename": "a.py"}, {"filename": "b.py", "in_app": false}])),
            "b.py in ?"
        );
        // Only the last one is asked; the URL comes next.
        assert_eq!(
            of_frames(tree!([{"filename": "a.py"}, {"function": "nowhere"}])),
            "http://a"
        );
        assert_eq!(of_frames(tree!([])), "http://a");
        assert_eq!(of_frames(tree!(null)), "http://a");
    }

    #[test]
    fn the_form_follows_the_platform_of_the_frame() {
        for (platform, text) in [
            ("javascript", "g(m)"),
            ("node", "g(m)"),
            ("objc", "g"),
            ("cocoa", "g"),
            ("native", "g"),
            ("ruby", "m in g"),
            ("", "m in g"),
        ] {
            let frame = tree!({"module": "m", "filename": "n", "function": "g", "platform": platform, "in_app": true});
            assert_eq!(of_frames(tree!([frame])), text, "{platform}");
        }
        assert_eq!(of_frames(tree!([{"platform": "native"}])), "?");
        assert_eq!(
            of_frames(tree!([{"platform": "node", "module": "", "filename": "n.js"}])),
            "?(n.js)"
        );
    }

    #[test]
    fn long_places_are_cut_by_characters() {
        let url = of(tree!({"request": {"url": "é".repeat(201)}}));
        assert_eq!(url, "é".repeat(197) + "...");
        assert_eq!(
            of(tree!({"request": {"url": "é".repeat(200)}})),
            "é".repeat(200)
        );
        let site = of_frames(tree!([{"module": "m".repeat(500), "in_app": true}]));
        assert_eq!(site, "m".repeat(197) + "...");
    }

    #[test]
    fn odd_shapes_yield_nothing() {
        for body in [
            tree!({"transaction": 5}),
            tree!({"stacktrace": "x"}),
            tree!({"stacktrace": {"frames": {"0": {}}}}),
            tree!({"request": {"url": ["a"]}}),
            tree!({"request": null}),
        ] {
            assert_eq!(of(body), "");
        }
    }
}
