//! The order of releases, and what it says about resolved issues (occurrences spec, section 14.2).

use crate::model::ResolutionKind;
use chrono::{DateTime, Utc};

/// How many of a project's latest releases say whether it uses semantic versions.
pub const RELEASES_LOOKED_AT: usize = 10;

/// The largest number a semantic version may hold: what a signed 64-bit column can store.
const LARGEST_NUMBER: u64 = i64::MAX.unsigned_abs();

/// The order of a release whose version is semantic, such as `shop@2.1.0-beta.3+907`.
///
/// Only what counts in the order is kept, so two releases are *equal* when neither precedes the other, whatever their
/// packages and builds: `shop@2.1+907` equals `web@2.1.0`. Compare the versions' texts to learn whether they are the
/// same release.
///
/// Numbers decide first, then the pre-release. A version without pre-release is greater than all its pre-releases;
/// two pre-releases compare identifier by identifier: numbers by value and below texts, texts by their bytes, and if
/// one ends first it is the lower one.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct SemverRelease {
    /// Major, minor, patch and revision.
    numbers: [u64; 4],
    stage: Stage,
}

/// The variants are in the order of their precedence.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
enum Stage {
    PreRelease(Vec<Identifier>),
    Released,
}

/// The variants are in the order of their precedence.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
enum Identifier {
    /// A number of any size without leading zeros: of two, the one with more digits is larger.
    Number {
        length: usize,
        digits: String,
    },
    Text(String),
}

impl SemverRelease {
    /// Reads the version of a release; nothing if it is not semantic.
    ///
    /// A semantic one is `package@` and one to four numbers separated by dots, of which missing ones are 0; then, each
    /// optional, a pre-release after `-` or beginning with a letter, and a build after `+`. Pre-release and build are
    /// identifiers of ASCII letters, digits and `-`, separated by dots. Not semantic are numbers above 2⁶³−1, numbers
    /// with leading zeros inside a pre-release, and a commit hash in place of a version.
    #[must_use]
    pub fn parse(version: &str) -> Option<Self> {
        let version = without_package(version)?;
        let version = match version.split_once('+') {
            Some((version, build)) => build.split('.').all(is_identifier).then_some(version)?,
            None => version,
        };
        let end_of_numbers = version
            .find(|character: char| !character.is_ascii_digit() && character != '.')
            .unwrap_or(version.len());
        let (numbers, rest) = version.split_at(end_of_numbers);
        Some(Self {
            numbers: parse_numbers(numbers)?,
            stage: parse_stage(rest)?,
        })
    }
}

/// What follows the `@` after the package. A package may itself begin with an `@`, as those of npm do.
fn without_package(version: &str) -> Option<&str> {
    let unscoped = version.strip_prefix('@').unwrap_or(version);
    let (package, version) = unscoped.split_once('@')?;
    (!package.is_empty()).then_some(version)
}

fn parse_numbers(text: &str) -> Option<[u64; 4]> {
    let mut numbers = [0; 4];
    let mut slots = numbers.iter_mut();
    for part in text.split('.') {
        // An empty part is no number and a fifth one has no slot.
        let number: u64 = part.parse().ok()?;
        *slots.next()? = (number <= LARGEST_NUMBER).then_some(number)?;
    }
    Some(numbers)
}

fn parse_stage(text: &str) -> Option<Stage> {
    if text.is_empty() {
        return Some(Stage::Released);
    }
    let identifiers = match text.strip_prefix('-') {
        Some(identifiers) => identifiers,
        None => text
            .starts_with(|first: char| first.is_ascii_alphabetic())
            .then_some(text)?,
    };
    identifiers
        .split('.')
        .map(parse_identifier)
        .collect::<Option<_>>()
        .map(Stage::PreRelease)
}

fn parse_identifier(text: &str) -> Option<Identifier> {
    if !is_identifier(text) {
        return None;
    }
    if !text.bytes().all(|byte| byte.is_ascii_digit()) {
        return Some(Identifier::Text(text.to_owned()));
    }
    let leading_zero = text.len() > 1 && text.starts_with('0');
    (!leading_zero).then(|| Identifier::Number {
        length: text.len(),
        digits: text.to_owned(),
    })
}

fn is_identifier(text: &str) -> bool {
    let allowed = |byte: u8| byte.is_ascii_alphanumeric() || byte == b'-';
    !text.is_empty() && text.bytes().all(allowed)
}

/// Whether semantic versions decide between `compared` and other releases of a project, whose latest releases by date
/// added are `newest_first`, of which the first [`RELEASES_LOOKED_AT`] count.
///
/// `compared` must be semantic itself, and the project's releases must show the habit: with one or two, the newest is
/// semantic; with three to nine, any of the newest three; with ten, any of the newest three and at least three of all.
#[must_use]
pub fn uses_semver(newest_first: &[&str], compared: &str) -> bool {
    let latest = &newest_first[..newest_first.len().min(RELEASES_LOOKED_AT)];
    let semantic = |releases: &[&str]| {
        releases
            .iter()
            .filter(|release| SemverRelease::parse(release).is_some())
            .count()
    };
    let habit = match latest.len() {
        0 => false,
        1 | 2 => semantic(&latest[..1]) == 1,
        RELEASES_LOOKED_AT => semantic(&latest[..3]) >= 1 && semantic(latest) >= 3,
        _ => semantic(&latest[..3]) >= 1,
    };
    habit && SemverRelease::parse(compared).is_some()
}

/// A release and when the store learnt of it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ReleaseAt<'a> {
    /// The whole version, package included. Within an organisation it names one release.
    pub version: &'a str,
    /// When the release was added, which is not when it was published.
    pub date_added: DateTime<Utc>,
}

/// The resolution record of an issue, as far as coverage depends on it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Resolved<'a> {
    /// What its release means; records of old stores do not say.
    pub kind: Option<ResolutionKind>,
    /// The release it names.
    pub release: ReleaseAt<'a>,
    /// Version of the release that was current for the issue when it was resolved in the next one.
    pub current_release_version: Option<&'a str>,
}

/// What coverage has to know of the project's releases.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct ReleaseFacts<'a> {
    /// Versions of the project's latest releases by date added, newest first; see [`uses_semver`].
    pub newest_first: &'a [&'a str],
    /// When the release of [`Resolved::current_release_version`] was added; nothing if the store does not know it.
    pub current_release_added: Option<DateTime<Utc>>,
}

/// Whether a resolution covers a release, and how that was found out.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Coverage {
    /// An event of a covered release is no regression: its code may be from before the fix.
    pub covered: bool,
    /// The rule for resolutions in the next release decided; such decisions are counted.
    pub by_next_release_rule: bool,
}

/// Whether a resolution covers the release of an event, so that the event is no regression. An event without release
/// is assumed to be of an older one. An issue without resolution record is not covered, which is for the caller to say.
/// Says which rule decided, too.
///
/// An upcoming release is treated like the next one. A current release that cannot be compared, because it is not
/// semantic in a project that uses semantic versions or because the store does not know it, is passed over, and the
/// kind of the resolution decides.
#[must_use]
pub fn coverage(
    resolution: &Resolved<'_>,
    event: Option<ReleaseAt<'_>>,
    facts: &ReleaseFacts<'_>,
) -> Coverage {
    let by_version_or_date = |covered| Coverage {
        covered,
        by_next_release_rule: false,
    };
    let Some(event) = event else {
        return by_version_or_date(true);
    };
    let semver = uses_semver(facts.newest_first, event.version);
    if let Some(current) = resolution.current_release_version
        && let Some(covered) = covered_by_current(current, semver, event, facts)
    {
        return by_version_or_date(covered);
    }
    match resolution.kind {
        Some(ResolutionKind::InRelease) => {
            by_version_or_date(covered_by_release(resolution.release, semver, event))
        }
        None | Some(ResolutionKind::InNextRelease | ResolutionKind::InUpcomingRelease) => {
            let release = resolution.release;
            Coverage {
                covered: release.version == event.version || release.date_added > event.date_added,
                by_next_release_rule: true,
            }
        }
    }
}

/// Covered is everything up to the current release. Nothing if the two cannot be compared.
fn covered_by_current(
    current: &str,
    semver: bool,
    event: ReleaseAt<'_>,
    facts: &ReleaseFacts<'_>,
) -> Option<bool> {
    if semver {
        return Some(SemverRelease::parse(current)? >= SemverRelease::parse(event.version)?);
    }
    if current == event.version {
        return Some(true);
    }
    Some(facts.current_release_added? > event.date_added)
}

/// Covered is everything before the release that has the fix.
fn covered_by_release(release: ReleaseAt<'_>, semver: bool, event: ReleaseAt<'_>) -> bool {
    if release.version == event.version {
        return false;
    }
    if semver
        && let (Some(fixed), Some(seen)) = (
            SemverRelease::parse(release.version),
            SemverRelease::parse(event.version),
        )
    {
        return fixed > seen;
    }
    release.date_added >= event.date_added
}

#[cfg(test)]
mod tests;
