//! The frames of an event that say where it happened.

use super::Portrait;
use serde_json::Value;

/// Frames of one issue that are compared: those nearest to where it happened.
const MOST_FRAMES: usize = 20;

/// A place in code.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Frame {
    /// Its function.
    pub function: String,
    /// Its file or module; nothing where neither is known.
    pub place: Option<String>,
}

impl Frame {
    /// Whether the stack of an issue has its function, and its file or module.
    pub(super) fn is_in(&self, other: &Portrait) -> bool {
        let has_place = |place: &String| other.places.contains(place);
        other.functions.contains(&self.function) && self.place.as_ref().is_none_or(has_place)
    }
}

/// The frames of a stored event, each once, the innermost first, and whether they are those of the sender's own code.
/// Whatever has another shape than expected is left out.
pub(super) fn of_event(event: &Value) -> (Vec<Frame>, bool) {
    let stacks = [
        stacks(&event["exception"]),
        vec![&event["stacktrace"]["frames"]],
        stacks(&event["threads"]),
    ];
    let has_frames = |stack: &&Value| stack.as_array().is_some_and(|frames| !frames.is_empty());
    let Some(stacks) = stacks
        .into_iter()
        .find(|stacks| stacks.iter().any(has_frames))
    else {
        return (Vec::new(), false);
    };
    let all = || {
        let stacks = stacks.iter().rev().filter_map(|stack| stack.as_array());
        stacks.flat_map(|frames| frames.iter().rev())
    };
    let own = distinct(all().filter(|frame| frame["in_app"] == true));
    let is_own = !own.is_empty();
    (if is_own { own } else { distinct(all()) }, is_own)
}

/// The frames of an event whose body is not stored: its functions, wherever they stand.
pub(super) fn of_functions(portrait: &Portrait) -> Vec<Frame> {
    let functions = portrait.functions.iter().rev().take(MOST_FRAMES);
    let frame = |function: &String| Frame {
        function: function.clone(),
        place: None,
    };
    functions.map(frame).collect()
}

/// The frames of everything that carries a stack: `{ values: […] }`, or the list itself.
fn stacks(carriers: &Value) -> Vec<&Value> {
    let list = carriers.get("values").unwrap_or(carriers).as_array();
    let carriers = list.into_iter().flatten();
    carriers
        .map(|carrier| &carrier["stacktrace"]["frames"])
        .collect()
}

fn distinct<'a>(frames: impl Iterator<Item = &'a Value>) -> Vec<Frame> {
    let mut found: Vec<Frame> = Vec::new();
    for frame in frames {
        let Some(frame) = read(frame) else { continue };
        if found.len() == MOST_FRAMES {
            break;
        }
        if !found.contains(&frame) {
            found.push(frame);
        }
    }
    found
}

fn read(frame: &Value) -> Option<Frame> {
    let text = |key| frame[key].as_str().filter(|text: &&str| !text.is_empty());
    Some(Frame {
        function: text("function")?.to_owned(),
        place: text("filename")
            .or_else(|| text("module"))
            .map(str::to_owned),
    })
}
