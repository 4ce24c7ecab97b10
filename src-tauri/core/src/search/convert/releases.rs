//! Versions: the newest one, and the order of semantic ones (search spec, sections 5.3 and 7.3).

use super::{order, values};
use crate::model::ProjectId;
use crate::query::{Filter, Op, Problem, ProblemCode, Value};
use crate::search::condition::{Order, TextTest};
use crate::search::known::{Known, KnownRelease, LATEST};
use crate::triage::{SemverRelease, uses_semver};
use std::cmp::{Ordering, Reverse};

/// The most versions a comparison stands for; those closest to the bound count.
const MOST_VERSIONS: usize = 1_000;

/// The versions a filter names, `latest` resolved.
pub(super) fn versions(filter: &Filter, known: &Known) -> Result<Vec<TextTest>, Problem> {
    values::only_equality(filter)?;
    let mut versions = Vec::new();
    for value in filter.value.each() {
        match value {
            Value::Text(text) if text.text == LATEST => {
                versions.extend(latest(known).into_iter().map(TextTest::Is));
            }
            Value::Text(text) => versions.push(values::text_test(text)),
            other => versions.push(TextTest::Is(match other {
                Value::Number(number) => number.to_string(),
                _ => String::new(),
            })),
        }
    }
    Ok(versions)
}

/// The newest release of each selected project, among those seen in the selected environments; without any, a version
/// that nothing has.
pub(super) fn latest(known: &Known) -> Vec<String> {
    let newest: Vec<_> = known
        .projects
        .iter()
        .filter_map(|project| newest_of(project.id, known))
        .collect();
    if newest.is_empty() {
        return vec![String::new()];
    }
    newest
}

fn newest_of(project: ProjectId, known: &Known) -> Option<String> {
    let is_seen = |release: &&&KnownRelease| match &known.environments {
        Some(selected) => selected
            .iter()
            .any(|environment| release.environments.contains(environment)),
        None => true,
    };
    let releases = known.releases.iter();
    let of_project: Vec<_> = releases
        .filter(|release| release.project == project.0)
        .collect();
    let seen = || {
        of_project
            .iter()
            .filter(is_seen)
            .map(|release| &*release.version)
    };
    let semantic = |version| Some((SemverRelease::parse(version)?, version));
    // Whether versions have an order is a habit of the whole project, and says nothing about those that have none.
    let recent: Vec<&str> = of_project.iter().map(|release| &*release.version).collect();
    if let Some((_, highest)) = seen().filter_map(semantic).max()
        && uses_semver(&recent, highest)
    {
        return Some(highest.to_owned());
    }
    seen().next().map(str::to_owned)
}

/// The versions that a filter on a part of semantic versions stands for.
pub(super) fn semantic(part: &str, filter: &Filter, known: &Known) -> Result<Vec<String>, Problem> {
    if matches!(filter.op, Op::In | Op::NotIn) && matches!(part, "version" | "build") {
        return Err(values::problem(
            ProblemCode::SemverIn,
            filter,
            format!("`{}` takes one value. Join several with OR.", filter.key),
        ));
    }
    let words = values::words(filter);
    let word = words.first().map(String::as_str).unwrap_or_default();
    let mut versions = match part {
        "version" => by_version(word, filter, known)?,
        "package" => with(known, |parts| {
            words.iter().any(|word| parts.package == *word)
        }),
        "build" => by_build(word, filter, known),
        _ => {
            values::only_equality(filter)?;
            with(known, |parts| {
                let stage = stage_of(parts);
                words
                    .iter()
                    .any(|word| stage == Some(word.to_lowercase().as_str()))
            })
        }
    };
    versions.truncate(MOST_VERSIONS);
    Ok(versions)
}

/// The parts of a version's text.
struct Parts<'a> {
    package: &'a str,
    numbers: &'a str,
    stage: &'a str,
    build: &'a str,
}

impl<'a> Parts<'a> {
    fn of(version: &'a str) -> Option<Self> {
        SemverRelease::parse(version)?;
        let at = version.rfind('@')?;
        let (package, rest) = (&version[..at], &version[at + 1..]);
        let (rest, build) = rest.split_once('+').unwrap_or((rest, ""));
        let end = rest
            .find(|character: char| !character.is_ascii_digit() && character != '.')
            .unwrap_or(rest.len());
        Some(Self {
            package,
            numbers: &rest[..end],
            stage: rest[end..].trim_start_matches('-'),
            build,
        })
    }
}

fn with(known: &Known, wanted: impl Fn(&Parts<'_>) -> bool) -> Vec<String> {
    let releases = known.releases.iter();
    releases
        .filter(|release| Parts::of(&release.version).is_some_and(|parts| wanted(&parts)))
        .map(|release| release.version.clone())
        .collect()
}

/// How far a release is rolled out is not known here; what its version says about it is.
fn stage_of<'a>(parts: &Parts<'a>) -> Option<&'a str> {
    (!parts.stage.is_empty()).then_some(parts.stage)
}

fn by_build(word: &str, filter: &Filter, known: &Known) -> Vec<String> {
    let asked: Option<u64> = word.parse().ok();
    with(known, |parts| match (asked, parts.build.parse::<u64>()) {
        (Some(asked), Ok(build)) => compares(build.cmp(&asked), order(filter.op)),
        _ => order(filter.op) == Order::Equal && matches(parts.build, word),
    })
}

fn by_version(word: &str, filter: &Filter, known: &Known) -> Result<Vec<String>, Problem> {
    let (package, numbers) = match word.rsplit_once('@') {
        Some((package, numbers)) => (Some(package), numbers),
        None => (None, word),
    };
    let of_package = |parts: &Parts<'_>| package.is_none_or(|package| parts.package == package);
    if let Some(prefix) = prefix_of(numbers) {
        values::only_equality(filter)?;
        return Ok(with(known, |parts| {
            of_package(parts) && has_prefix(parts.numbers, prefix)
        }));
    }
    let asked = SemverRelease::parse(&format!("any@{numbers}")).ok_or_else(|| {
        values::problem(
            ProblemCode::SemverInvalid,
            filter,
            format!("“{word}” is not a version. Write it like 1.2.3, shop@1.2, 2.0.0-beta or 1.*."),
        )
    })?;
    let order = order(filter.op);
    let mut found: Vec<_> = known
        .releases
        .iter()
        .filter(|release| Parts::of(&release.version).is_some_and(|parts| of_package(&parts)))
        .filter_map(|release| Some((SemverRelease::parse(&release.version)?, release)))
        .filter(|(version, _)| compares(version.cmp(&asked), order))
        .collect();
    // Those closest to the bound first.
    match order {
        Order::Less | Order::LessOrEqual => {
            found.sort_by_key(|(version, _)| Reverse(version.clone()));
        }
        _ => found.sort_by_key(|(version, _)| version.clone()),
    }
    let found = found.into_iter();
    Ok(found.map(|(_, release)| release.version.clone()).collect())
}

/// What stands before the wildcard of `1.2.*`, with its dot.
fn prefix_of(numbers: &str) -> Option<&str> {
    let before = numbers
        .strip_suffix('*')
        .or_else(|| numbers.strip_suffix('X'))
        .or_else(|| numbers.strip_suffix('x'))?;
    let only_numbers = before
        .bytes()
        .all(|byte| byte.is_ascii_digit() || byte == b'.');
    (only_numbers && (before.is_empty() || before.ends_with('.'))).then_some(before)
}

/// Whether numbers begin with those of a prefix; missing ones are 0.
fn has_prefix(numbers: &str, prefix: &str) -> bool {
    let number = |part: &str| part.parse::<u64>().ok();
    let mut own = numbers.split('.').map(number);
    let mut wanted = prefix.split_terminator('.').map(number);
    wanted.all(|wanted| own.next().unwrap_or(Some(0)) == wanted)
}

fn compares(found: Ordering, order: Order) -> bool {
    match order {
        Order::Equal => found.is_eq(),
        Order::Greater => found.is_gt(),
        Order::GreaterOrEqual => found.is_ge(),
        Order::Less => found.is_lt(),
        Order::LessOrEqual => found.is_le(),
    }
}

/// A text against one with an optional `*` at its end.
fn matches(text: &str, pattern: &str) -> bool {
    match pattern.strip_suffix('*') {
        Some(prefix) => text.starts_with(prefix),
        None => text == pattern,
    }
}
