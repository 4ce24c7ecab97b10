//! The frames of a stored event that one wants to see first.

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
    /// What of the frame says its place; nothing where nothing does, or where that is too long to be shown.
    pub named_by: Option<NamedBy>,
}

/// A field of a frame and all of its text, by which a search finds the frame.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NamedBy {
    /// `filename`, `module`, `abs_path` or `package`.
    pub field: &'static str,
    /// Its text.
    pub text: String,
}

/// The newest frame of those that [`top_frames`] are.
#[must_use]
pub fn top_frame(event: &Value) -> Option<TopFrame> {
    top_frames(event, 1).pop()
}

/// The frames of the sender's own code, or all of them where none is marked as that: at most `most`, the newest one
/// first. What has another shape than expected is passed over, so that hostile events have no frame at most. Of several
/// exceptions the last one counts, which is the outermost; an event without any has a stack of its own, or threads.
#[must_use]
pub fn top_frames(event: &Value, most: usize) -> Vec<TopFrame> {
    let of_exceptions = values_of(&event["exception"]).iter().rev();
    let of_threads = values_of(&event["threads"]).iter().rev();
    let carriers = of_exceptions.chain([event]).chain(of_threads);
    let mut stacks = carriers.filter_map(|carrier| carrier["stacktrace"]["frames"].as_array());
    let Some(frames) = stacks.find(|frames| !frames.is_empty()) else {
        return Vec::new();
    };
    let newest_first = || frames.iter().rev();
    let is_own = |frame: &&Value| frame["in_app"] == true;
    let own = newest_first().filter(is_own).filter_map(shown);
    let own: Vec<_> = own.take(most).collect();
    if own.is_empty() {
        newest_first().filter_map(shown).take(most).collect()
    } else {
        own
    }
}

/// `{ "values": […] }` or the list itself; senders write both.
fn values_of(part: &Value) -> &[Value] {
    let list = part.as_array().or_else(|| part["values"].as_array());
    list.map_or(&[], Vec::as_slice)
}

fn shown(frame: &Value) -> Option<TopFrame> {
    let text = |name: &str| frame[name].as_str().filter(|text| !text.is_empty());
    let function = text("function").unwrap_or_default();
    let named_by = PLACES.into_iter().find_map(|field| {
        text(field).map(|text| NamedBy {
            field,
            text: text.to_owned(),
        })
    });
    let mut place = brief(named_by.as_ref().map_or("", |named| &named.text));
    if let Some(line) = frame["lineno"].as_u64() {
        place = format!("{place}:{line}");
    }
    let frame = TopFrame {
        function: brief(function),
        place,
        named_by: named_by.filter(|named| named.text.chars().nth(LONGEST).is_none()),
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
    fn as_many_as_asked_for_are_answered_with_what_finds_them() {
        let own = json!({"function": "a", "module": "shop", "lineno": 1, "in_app": true});
        let frames = json!([own, {"function": "b", "in_app": true}, {"function": "lib"}]);
        let event = json!({"stacktrace": {"frames": frames}});
        let shop = NamedBy {
            field: "module",
            text: "shop".to_owned(),
        };
        let named = |most| -> Vec<_> {
            let frames = top_frames(&event, most).into_iter();
            frames
                .map(|frame| (frame.function, frame.named_by))
                .collect()
        };
        let (newest, next) = (("b".to_owned(), None), ("a".to_owned(), Some(shop)));
        assert_eq!(named(9), [newest.clone(), next]);
        assert_eq!(named(1), [newest]);
        // None is marked as own, and one has a name that nobody would read.
        let long = "x".repeat(LONGEST + 1);
        let foreign = json!([{"function": "c"}, {"filename": long}, {"module": "m"}]);
        let event = json!({"stacktrace": {"frames": foreign}});
        let frames = top_frames(&event, 2);
        assert_eq!(frames[0].place, "m");
        assert_eq!(frames[1].place.len(), LONGEST);
        assert_eq!((frames.len(), &frames[1].named_by), (2, &None));
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
