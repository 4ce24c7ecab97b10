//! Writes a search as text, in one way for each meaning. What is written reads back as the same tree.

use super::config::{IsValue, SearchConfig};
use super::filter::{Filter, Instant, Key, Op, TagKey, Value};
use super::parser::parse;
use super::scan::Scan;
use super::text::TextValue;
use super::tree::{Item, Node};
use chrono::{DateTime, Days, NaiveTime, SecondsFormat, SubsecRound, TimeDelta, Utc};

/// Writes items as they would be typed. A written AND appears where bare words would otherwise run into what follows.
#[must_use]
pub fn print(items: &[Item], config: &SearchConfig) -> String {
    let as_typed = Writer::write(items, config, false);
    if as_typed.closes_a_quote() {
        return Writer::write(items, config, true).text;
    }
    as_typed.text
}

struct Writer<'c> {
    config: &'c SearchConfig,
    /// Whether bare words that begin with a quote are put in quotes.
    careful: bool,
    text: String,
    /// Where bare words begin with a quote, which is none as long as no other follows.
    open_quotes: Vec<usize>,
}

impl<'c> Writer<'c> {
    fn write(items: &[Item], config: &'c SearchConfig, careful: bool) -> Self {
        let mut writer = Self {
            config,
            careful,
            text: String::new(),
            open_quotes: Vec::new(),
        };
        writer.items(items);
        writer
    }

    fn closes_a_quote(&self) -> bool {
        self.open_quotes.iter().any(|&at| {
            let scan = Scan {
                text: &self.text,
                extensions: false,
            };
            scan.quoted(at).is_some()
        })
    }

    fn items(&mut self, items: &[Item]) {
        for (place, item) in items.iter().enumerate() {
            if place > 0 {
                self.text.push(' ');
                if self.config.allow_boolean && runs_on(&items[place - 1], item) {
                    self.text.push_str("AND ");
                }
            }
            self.item(item);
        }
    }

    fn item(&mut self, item: &Item) {
        match item {
            Item::Filter(filter) => self.filter(filter),
            Item::Range(filters) => match around(filters) {
                Some(date) => {
                    let key = key(&filters[0].key);
                    self.text.push_str(&format!("{key}:{date}"));
                }
                None => self.group(&filters.clone().map(Item::Filter)),
            },
            Item::Group(items) => self.group(items),
            Item::And => self.text.push_str("AND"),
            Item::Or => self.text.push_str("OR"),
            Item::Not => self.text.push_str("NOT"),
        }
    }

    fn group(&mut self, items: &[Item]) {
        self.text.push('(');
        if items.is_empty() {
            // A group holds something; this counts for nothing.
            self.text.push_str("\"\"");
        }
        self.items(items);
        self.text.push(')');
    }

    fn filter(&mut self, filter: &Filter) {
        let text = filter.value.as_text().map_or("", |text| &text.text);
        if is_bare(filter) && text.starts_with('"') {
            if self.careful {
                self.text.push_str(&quoted(text));
                return;
            }
            self.open_quotes.push(self.text.len());
        }
        self.text.push_str(&self::filter(filter, self.config));
    }
}

/// Writes a tree with as few parentheses as possible.
#[must_use]
pub fn print_tree(tree: &Node, config: &SearchConfig) -> String {
    print(&tree.to_items(), config)
}

/// Writes a value so that it can stand after a colon and is looked for literally. The language cannot say every value:
/// a backslash before a star, or at the end of what needs quotes.
#[must_use]
pub fn literal_value(value: &str) -> Option<String> {
    let text = value.replace('*', "\\*");
    if TextValue::bare(text.as_str()).literal().as_deref() != Some(value) {
        return None;
    }
    let stays = text.starts_with(|first: char| first.is_alphanumeric())
        && !text.contains(|c: char| c.is_whitespace() || matches!(c, '(' | ')' | '"' | ',' | ']'));
    if stays {
        return Some(text);
    }
    (!text.ends_with('\\')).then(|| quoted(&text))
}

/// A key as the operand of `has:`, in quotes where the filter would else be read as a number or a date.
pub(super) fn has_operand(name: &str) -> String {
    let scan = Scan {
        text: name,
        extensions: false,
    };
    let is_value = scan.flag(0).is_some()
        || scan.number(0).is_some()
        || scan.duration(0).is_some()
        || scan.size(0).is_some()
        || scan.iso_date(0).is_some()
        || scan.relative_date(0).is_some();
    if is_value {
        return quoted(name);
    }
    self::name(name)
}

/// Whether `next` would be read as part of the bare words before it.
fn runs_on(before: &Item, next: &Item) -> bool {
    let takes = match next {
        Item::Filter(filter) => filter.free_text,
        Item::Group(_) => true,
        Item::Range(_) | Item::And | Item::Or | Item::Not => false,
    };
    takes && matches!(before, Item::Filter(filter) if is_bare(filter))
}

/// Whether it is free text without quotes.
fn is_bare(filter: &Filter) -> bool {
    let text = filter.value.as_text();
    filter.free_text && text.is_some_and(|text| !text.quoted)
}

/// The date without an operator that means this range.
fn around([from, until]: &[Filter; 2]) -> Option<String> {
    let (Value::Instant(from), Value::Instant(until)) = (&from.value, &until.value) else {
        return None;
    };
    if from.at.time() == NaiveTime::MIN && from.at.checked_add_days(Days::new(1)) == Some(until.at)
    {
        return Some(from.at.format("%Y-%m-%d").to_string());
    }
    (until.at - from.at == TimeDelta::minutes(11)).then(|| time(from.at + TimeDelta::minutes(5)))
}

fn filter(filter: &Filter, config: &SearchConfig) -> String {
    if filter.free_text {
        return free_text(filter, config);
    }
    let key = key(&filter.key);
    let bang = if filter.op.is_negative() { "!" } else { "" };
    let op = if filter.op.is_ordering() {
        filter.op.as_str()
    } else {
        ""
    };
    match &filter.value {
        Value::Text(text) if text.text.is_empty() && !text.quoted => {
            let bang = if filter.op == Op::Equal { "!" } else { "" };
            let operand = match &filter.key {
                Key::Name(name) => has_operand(name),
                _ => key,
            };
            format!("{bang}has:{operand}")
        }
        Value::Text(text) if filter.key.is_aggregate() => aggregate_text(&key, &text.text),
        Value::Text(text) => {
            let written = written(text);
            // With `=` an operator or a bracket at its beginning is text, whatever follows it.
            let explicit = format!("{bang}{key}:={written}");
            let short = format!("{bang}{key}:{op}{written}");
            let candidates = if written.starts_with('[') && op.is_empty() {
                [&explicit, &explicit]
            } else {
                [&short, &explicit]
            };
            candidates
                .into_iter()
                .find(|candidate| reads_back(candidate, filter, config))
                .cloned()
                .unwrap_or_else(|| format!("{bang}{key}:{op}{}", quoted(&text.text)))
        }
        Value::List(values) => {
            let list = |write: fn(&Value) -> String| {
                let values: Vec<_> = values.iter().map(write).collect();
                format!("{bang}{key}:[{}]", values.join(", "))
            };
            let as_typed = list(element);
            if reads_back(&as_typed, filter, config) {
                return as_typed;
            }
            list(|value| match value {
                Value::Text(text) => quoted(&text.text),
                other => element(other),
            })
        }
        Value::Instant(instant) => {
            format!("{key}:{}", self::instant(filter.op, instant))
        }
        value => match is_word(filter, config) {
            Some(word) => format!("{bang}is:{word}"),
            None if config.is_boolean(&filter.key) => {
                format!("{key}:{}", *value == Value::Number(1.0))
            }
            None => format!("{bang}{key}:{op}{}", element(value)),
        },
    }
}

fn free_text(filter: &Filter, config: &SearchConfig) -> String {
    let Value::Text(text) = &filter.value else {
        return element(&filter.value);
    };
    if !text.quoted && reads_back(&text.text, filter, config) {
        return text.text.clone();
    }
    quoted(&text.text)
}

/// The first word of the `is:` table with this meaning.
fn is_word(filter: &Filter, config: &SearchConfig) -> Option<&'static str> {
    let means = |value: IsValue| match (value, &filter.value) {
        (IsValue::Flag(flag), Value::Flag(own)) => flag == *own,
        (IsValue::Number(number), Value::Number(own)) => f64::from(number) == *own,
        _ => false,
    };
    let mut words = config.is_words.iter();
    words
        .find(|known| filter.key.is(known.key) && means(known.value))
        .map(|known| known.word)
}

/// Only a percentage of an aggregate that is none becomes text without its sign.
fn aggregate_text(key: &str, text: &str) -> String {
    let number = text.trim_start_matches(['<', '>', '=', '!']);
    let scan = Scan {
        text: number,
        extensions: false,
    };
    let percent = if scan.unsigned(0) == Some(number.len()) {
        "%"
    } else {
        ""
    };
    format!("{key}:{text}{percent}")
}

fn instant(op: Op, instant: &Instant) -> String {
    match (op, instant.ago) {
        (Op::GreaterOrEqual, Some(ago)) => format!("-{}{}", ago.count, ago.unit),
        (Op::LessOrEqual, Some(ago)) => format!("+{}{}", ago.count, ago.unit),
        (op, _) => format!("{}{}", op.as_str(), time(instant.at)),
    }
}

fn time(at: DateTime<Utc>) -> String {
    at.trunc_subsecs(6)
        .to_rfc3339_opts(SecondsFormat::AutoSi, true)
}

fn element(value: &Value) -> String {
    match value {
        Value::Text(text) => written(text),
        Value::Number(number) => number.to_string(),
        Value::Flag(flag) => flag.to_string(),
        Value::Instant(instant) => time(instant.at),
        Value::List(values) => {
            let values: Vec<_> = values.iter().map(element).collect();
            format!("[{}]", values.join(", "))
        }
    }
}

fn written(text: &TextValue) -> String {
    if text.quoted {
        quoted(&text.text)
    } else {
        text.text.replace('"', "\\\"")
    }
}

fn quoted(text: &str) -> String {
    format!("\"{}\"", text.replace('"', "\\\""))
}

fn key(key: &Key) -> String {
    match key {
        Key::Name(name) => self::name(name),
        Key::Tag(tag) => {
            let shown = TagKey {
                name: self::name(&tag.name),
                ..tag.clone()
            };
            shown.to_string()
        }
        Key::Aggregate(aggregate) => aggregate.text.clone(),
    }
}

fn name(name: &str) -> String {
    let scan = Scan {
        text: name,
        extensions: false,
    };
    if scan.bare(0) == Some(name.len()) {
        name.to_owned()
    } else {
        quoted(name)
    }
}

/// Whether the text is read as exactly this filter.
fn reads_back(text: &str, filter: &Filter, config: &SearchConfig) -> bool {
    let Ok(query) = parse(text, config, DateTime::UNIX_EPOCH) else {
        return false;
    };
    matches!(
        query.items.as_slice(),
        [Item::Filter(found)] if found.key == filter.key
            && found.op == filter.op
            && found.value == filter.value
            && found.free_text == filter.free_text
    )
}
