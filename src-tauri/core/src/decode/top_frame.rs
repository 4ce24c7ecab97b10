//! The frame of a stored event that one wants to see first.

use serde_json::Value;

/// What says where a frame is, the most telling first.
const PLACES: [&str; 4] = ["filename", "module", "abs_path", "package"];
/// Characters of a function or a place that are shown.
const LONGEST: usize = 200;

/// A frame in a short look.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TopFrame {
    /// Its function, empty where it has none.
    pub function: String,
    /// Its file, or what stands for that, with the line; empty where it has none.
    pub place: String,
}

/// The newest frame of the sender's own code, or the newest of all where none is marked as that. What has another shape
/// than expected is passed over, so that hostile events have no frame at most. Of several exceptions the last one counts,
/// which is the outermost; an event without any has a stack of its own, or threads.
#[must_use]
pub fn top_frame(event: &Value) -> Option<TopFrame> {
    let of_exceptions = values_of(&event["exception"]).iter().rev();
    let of_threads = values_of(&event["threads"]).iter().rev();
    let carriers = of_exceptions.chain([event]).chain(of_threads);
    let mut stacks = carriers.filter_map(|carrier| carrier["stacktrace"]["frames"].as_array());
    let frames = stacks.find(|frames| !frames.is_empty())?;
    let newest_first = || frames.iter().rev();
    let is_own = |frame: &&Value| frame["in_app"] == true;
    let own = newest_first().filter(is_own).find_map(shown);
    own.or_else(|| newest_first().find_map(shown))
}

/// `{ "values": […] }` or the list itself; senders write both.
fn values_of(part: &Value) -> &[Value] {
    let list = part.as_array().or_else(|| part["values"].as_array());
    list.map_or(&[], Vec::as_slice)
}

fn shown(frame: &Value) -> Option<TopFrame> {
    let text = |name: &str| frame[name].as_str().filter(|text| !text.is_empty());
    let function = text("function").unwrap_or_default();
    let mut place = brief(PLACES.into_iter().find_map(text).unwrap_or_default());
    if let Some(line) = frame["lineno"].as_u64() {
        place = format!("{place}:{line}");
    }
    let frame = TopFrame {
        function: brief(function),
        place,
    };
    (!frame.function.is_empty() || !frame.place.is_empty()).then_some(frame)
}

fn brief(text: &str) -> String {
    text.chars().take(LONGEST).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn top(event: &Value) -> Option<(String, String)> {
        top_frame(event).map(|frame| (frame.function, frame.place))
    }

    fn frame(function: &str, place: &str) -> Option<(String, String)> {
        Some((function.to_owned(), place.to_owned()))
    }

    #[test]
    fn the_newest_frame_of_own_code_comes_first() {
        let frames = json!([
            {"function": "main", "filename": "app.py", "lineno": 3, "in_app": true},
            {"function": "pay", "module": "shop.pay", "lineno": 44, "in_app": true},
            {"function": "send", "filename": "lib.py", "lineno": 9, "in_app": false},
        ]);
        for event in [
            json!({"exception": {"values": [{"stacktrace": {"frames": frames}}]}}),
            json!({"exception": [{"stacktrace": {"frames": frames}}]}),
            json!({"stacktrace": {"frames": frames}}),
            json!({"threads": {"values": [{"stacktrace": {"frames": frames}}]}}),
        ] {
            assert_eq!(top(&event), frame("pay", "shop.pay:44"), "{event}");
        }
        let foreign = json!({"stacktrace": {"frames": [{"function": "a"}, {"filename": "b.c"}]}});
        assert_eq!(top(&foreign), frame("", "b.c"));
    }

    #[test]
    fn the_last_stack_that_has_frames_counts() {
        let stack = |function: &str| json!({"stacktrace": {"frames": [{"function": function}]}});
        let values = json!([stack("cause"), stack("outer"), {"stacktrace": {"frames": []}}]);
        let event = json!({"exception": {"values": values}, "threads": [stack("of a thread")]});
        assert_eq!(top(&event), frame("outer", ""));
    }

    #[test]
    fn odd_shapes_have_no_frame() {
        let long = "x".repeat(5_000);
        for event in [
            json!(null),
            json!([1, 2]),
            json!({"exception": 7, "threads": "no", "stacktrace": []}),
            json!({"stacktrace": {"frames": {"function": "a"}}}),
            json!({"stacktrace": {"frames": [null, 3, {"function": 4, "filename": []}, {"lineno": -2}]}}),
        ] {
            assert_eq!(top(&event), None, "{event}");
        }
        let event = json!({"stacktrace": {"frames": [{"function": long}]}});
        assert_eq!(top_frame(&event).unwrap().function.len(), LONGEST);
    }
}
