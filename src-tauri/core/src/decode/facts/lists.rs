//! The fields of an event that have many values: its exceptions and the frames of its stack.

use super::{Source, TEXT_BYTES, json, storable};
use crate::decode::fields::{Object, Value};
use crate::model::{SearchText, cut};
use serde::ser::{Serialize, SerializeMap, Serializer};
use std::borrow::Cow;
use std::collections::HashSet;

/// Different values of one list; further ones are left out.
const MOST_VALUES: usize = 200;
/// Values of a list beyond this many bytes are left out.
const MOST_BYTES: usize = 16 * 1024;

/// Different texts. Nearly always they are few, and looking through them costs less than hashing.
#[derive(Debug, Default)]
struct Distinct<'a> {
    few: Vec<&'a str>,
    many: HashSet<&'a str>,
}

impl<'a> Distinct<'a> {
    const FEW: usize = 32;

    /// Whether the text is new.
    fn insert(&mut self, text: &'a str) -> bool {
        if self.few.contains(&text) {
            return false;
        }
        if self.few.len() < Self::FEW {
            self.few.push(text);
            return true;
        }
        self.many.insert(text)
    }
}

/// Different texts in the order in which they came.
#[derive(Debug, Default)]
struct Texts<'a> {
    list: Vec<Cow<'a, str>>,
    seen: Distinct<'a>,
    bytes: usize,
}

impl<'a> Texts<'a> {
    fn push(&mut self, text: Option<&'a str>) {
        let Some(text) = text.filter(|text| !text.is_empty()) else {
            return;
        };
        let text = cut(text, TEXT_BYTES);
        let has_room = self.list.len() < MOST_VALUES && self.bytes + text.len() <= MOST_BYTES;
        if has_room && self.seen.insert(text) {
            self.bytes += text.len();
            self.list.push(storable(text));
        }
    }
}

/// Different numbers in the order in which they came.
#[derive(Debug, Default)]
struct Numbers(Vec<u64>);

impl Numbers {
    fn push(&mut self, number: Option<u64>) {
        if let Some(number) = number
            && self.0.len() < MOST_VALUES
            && !self.0.contains(&number)
        {
            self.0.push(number);
        }
    }
}

/// Everything about exceptions and frames.
#[derive(Debug, Default)]
pub(super) struct Lists<'a> {
    types: Texts<'a>,
    values: Texts<'a>,
    mechanisms: Texts<'a>,
    frames: Frames<'a>,
    /// False where some exception was not handled; nothing where none says.
    pub handled: Option<bool>,
    /// Whether an exception happened in the main thread; nothing where none says in which.
    pub main_thread: Option<bool>,
}

#[derive(Debug, Default)]
struct Frames<'a> {
    abs_paths: Texts<'a>,
    filenames: Texts<'a>,
    packages: Texts<'a>,
    modules: Texts<'a>,
    functions: Texts<'a>,
    in_app: Vec<bool>,
    colnos: Numbers,
    linenos: Numbers,
    levels: Numbers,
}

impl<'a> Lists<'a> {
    pub(super) fn read(source: &Source<'a>) -> Self {
        let mut lists = Self::default();
        let exceptions = entries(source.member("exception"));
        let threads = entries(source.member("threads"));
        for exception in objects(exceptions) {
            lists.exception(exception, threads);
        }
        let mut has_frames = lists.frames.read_all(objects(exceptions));
        if !has_frames {
            has_frames = source
                .object("stacktrace")
                .is_some_and(|trace| lists.frames.read(trace, 0));
        }
        if !has_frames {
            lists.frames.read_all(objects(threads));
        }
        lists
    }

    fn exception(&mut self, exception: &'a Object<'a>, threads: &'a [Value<'a>]) {
        self.types.push(text(exception, "type"));
        self.values.push(text(exception, "value"));
        if let Some(mechanism) = exception.get("mechanism").and_then(Value::as_object) {
            self.mechanisms.push(text(mechanism, "type"));
            let handled = mechanism.get("handled").and_then(flag);
            self.handled = both(self.handled, handled, |one, other| one && other);
        }
        let thread = exception.get("thread_id").filter(|id| !id.is_null());
        let is_main = thread.and_then(|id| {
            let thread = objects(threads).find(|thread| thread.get("id") == Some(id))?;
            Some(thread.get("main").and_then(flag).unwrap_or(false))
        });
        self.main_thread = both(self.main_thread, is_main, |one, other| one || other);
    }

    /// Calls `add` with each key and value that has a term.
    pub(super) fn terms(&self, mut add: impl FnMut(&str, &str)) {
        for (key, texts) in [
            ("error.type", &self.types),
            ("error.mechanism", &self.mechanisms),
        ] {
            texts.list.iter().for_each(|text| add(key, text));
        }
    }

    /// Message, title and exceptions.
    pub(super) fn message(&self, message: &str, title: Option<&str>) -> Option<SearchText> {
        let mut lines = Lines::default();
        lines.add(message);
        lines.add(title.unwrap_or_default());
        let exceptions = self.types.list.iter().chain(&self.values.list);
        exceptions.for_each(|text| lines.add(text));
        let has_lists = ![&self.types, &self.values, &self.mechanisms]
            .iter()
            .all(|texts| texts.list.is_empty());
        lines.finish(has_lists.then(|| json(&OfExceptions(self))))
    }

    /// Culprit, files, functions and modules.
    pub(super) fn stack(&self, culprit: &str) -> Option<SearchText> {
        let frames = &self.frames;
        let mut lines = Lines::default();
        lines.add(culprit);
        let texts = [&frames.filenames, &frames.functions, &frames.modules];
        let texts = texts.into_iter().flat_map(|texts| &texts.list);
        texts.for_each(|text| lines.add(text));
        lines.finish(frames.has_any().then(|| json(frames)))
    }
}

impl<'a> Frames<'a> {
    /// Reads the stacks of exceptions or threads. Answers whether there was a frame.
    fn read_all(&mut self, carriers: impl Iterator<Item = &'a Object<'a>>) -> bool {
        let mut has_frames = false;
        for (level, carrier) in (0..).zip(carriers) {
            if let Some(trace) = carrier.get("stacktrace").and_then(Value::as_object) {
                has_frames |= self.read(trace, level);
            }
        }
        has_frames
    }

    fn read(&mut self, trace: &'a Object<'a>, level: u64) -> bool {
        let frames = trace.get("frames").and_then(Value::as_array);
        let mut has_frames = false;
        for frame in objects(frames.unwrap_or_default()) {
            has_frames = true;
            self.abs_paths.push(text(frame, "abs_path"));
            self.filenames.push(text(frame, "filename"));
            self.packages.push(text(frame, "package"));
            self.modules.push(text(frame, "module"));
            self.functions.push(text(frame, "function"));
            if let Some(in_app) = frame.get("in_app").and_then(flag)
                && !self.in_app.contains(&in_app)
            {
                self.in_app.push(in_app);
            }
            self.colnos.push(frame.get("colno").and_then(Value::as_u64));
            self.linenos
                .push(frame.get("lineno").and_then(Value::as_u64));
        }
        if has_frames {
            self.levels.push(Some(level));
        }
        has_frames
    }

    fn has_any(&self) -> bool {
        !self.levels.0.is_empty()
    }
}

struct OfExceptions<'a>(&'a Lists<'a>);

impl Serialize for OfExceptions<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut map = serializer.serialize_map(None)?;
        for (key, texts) in [
            ("error.type", &self.0.types),
            ("error.value", &self.0.values),
            ("error.mechanism", &self.0.mechanisms),
        ] {
            if !texts.list.is_empty() {
                map.serialize_entry(key, &texts.list)?;
            }
        }
        map.end()
    }
}

impl Serialize for Frames<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut map = serializer.serialize_map(None)?;
        for (key, texts) in [
            ("stack.abs_path", &self.abs_paths),
            ("stack.filename", &self.filenames),
            ("stack.package", &self.packages),
            ("stack.module", &self.modules),
            ("stack.function", &self.functions),
        ] {
            if !texts.list.is_empty() {
                map.serialize_entry(key, &texts.list)?;
            }
        }
        if !self.in_app.is_empty() {
            map.serialize_entry("stack.in_app", &self.in_app)?;
        }
        for (key, numbers) in [
            ("stack.colno", &self.colnos),
            ("stack.lineno", &self.linenos),
            ("stack.stack_level", &self.levels),
        ] {
            if !numbers.0.is_empty() {
                map.serialize_entry(key, &numbers.0)?;
            }
        }
        map.end()
    }
}

/// Different lines of a text to search in.
#[derive(Default)]
struct Lines<'a> {
    text: String,
    seen: Distinct<'a>,
}

impl<'a> Lines<'a> {
    fn add(&mut self, line: &'a str) {
        let has_room = self.text.len() < SearchText::MOST_BYTES;
        if !line.is_empty() && has_room && self.seen.insert(line) {
            if !self.text.is_empty() {
                self.text.push('\n');
            }
            self.text.push_str(cut(line, SearchText::MOST_BYTES));
        }
    }

    fn finish(self, facts: Option<String>) -> Option<SearchText> {
        let has_any = !self.text.is_empty() || facts.is_some();
        has_any.then(|| SearchText::new(&self.text, facts))
    }
}

/// The entries of a member that holds `values`, or is such a list itself (E10).
fn entries<'a>(member: Option<&'a Value<'a>>) -> &'a [Value<'a>] {
    let list = match member {
        Some(Value::Object(holder)) => holder.get("values").and_then(Value::as_array),
        Some(Value::Array(list)) => Some(list.as_slice()),
        _ => None,
    };
    list.unwrap_or_default()
}

fn objects<'a>(entries: &'a [Value<'a>]) -> impl Iterator<Item = &'a Object<'a>> {
    entries.iter().filter_map(Value::as_object)
}

fn text<'a>(object: &'a Object<'a>, key: &str) -> Option<&'a str> {
    object.get(key)?.as_str()
}

/// Truth values are also written as 0 and 1.
fn flag(value: &Value<'_>) -> Option<bool> {
    match value {
        Value::Bool(flag) => Some(*flag),
        _ => match value.as_u64()? {
            0 => Some(false),
            1 => Some(true),
            _ => None,
        },
    }
}

fn both(one: Option<bool>, other: Option<bool>, of: impl Fn(bool, bool) -> bool) -> Option<bool> {
    match (one, other) {
        (Some(one), Some(other)) => Some(of(one, other)),
        (one, other) => one.or(other),
    }
}
