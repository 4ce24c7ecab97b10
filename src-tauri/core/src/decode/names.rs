//! Names with rules: releases, environments, platforms and SDKs.

use super::tree::Value;

/// Longest release version, in characters.
const RELEASE_LENGTH: usize = 250;

/// Longest environment name, in characters.
const ENVIRONMENT_LENGTH: usize = 64;

/// Whether a release may have this version (events spec, section 5.1).
pub(super) fn is_valid_release(version: &str) -> bool {
    let forbidden = |character| matches!(character, '\r' | '\n' | '\u{c}' | '\t' | '/' | '\\');
    let reserved = matches!(version, "." | "..") || version.eq_ignore_ascii_case("latest");
    !(version.trim().is_empty()
        || reserved
        || version.contains(forbidden)
        || version.chars().count() > RELEASE_LENGTH)
}

/// Whether an environment may have this name (events spec, section 5.2). The empty name is valid: it is the default
/// environment.
pub(super) fn is_valid_environment(name: &str) -> bool {
    let forbidden = |character| matches!(character, '\r' | '\n' | '\u{c}' | '/');
    !name.contains(forbidden) && name.chars().count() <= ENVIRONMENT_LENGTH
}

/// The version, where it is a valid one.
pub(super) fn valid_release(version: Option<&str>) -> Option<&str> {
    version.filter(|version| is_valid_release(version))
}

/// The name, where it is a valid one and not that of the default environment.
pub(super) fn valid_environment(name: Option<&str>) -> Option<&str> {
    name.filter(|name| !name.is_empty() && is_valid_environment(name))
}

/// Platforms an inline event keeps (occurrences spec, section 5.2). Sorted.
const PLATFORMS: [&str; 19] = [
    "as3",
    "c",
    "cfml",
    "cocoa",
    "csharp",
    "elixir",
    "go",
    "groovy",
    "haskell",
    "java",
    "javascript",
    "native",
    "node",
    "objc",
    "other",
    "perl",
    "php",
    "python",
    "ruby",
];

/// The platform word an inline event is stored with: its own if it is known, else `other`.
pub(super) fn known_platform(platform: &str) -> &'static str {
    PLATFORMS
        .binary_search(&platform)
        .map_or("other", |index| PLATFORMS[index])
}

/// Names of one SDK that were given up for another (events spec, section 13.3, E29).
const SDK_SYNONYMS: [(&str, &str); 10] = [
    ("sentry.cordova", "sentry.javascript.cordova"),
    ("sentry.electron", "sentry.javascript.electron"),
    ("sentry.javascript.angular.ivy", "sentry.javascript.angular"),
    (
        "sentry.javascript.node.experimental",
        "sentry.javascript.node",
    ),
    ("sentry.javascript.react.expo", "sentry.javascript.react"),
    (
        "sentry.javascript.react.native.expo",
        "sentry.javascript.react.native",
    ),
    ("sentry.laravel", "sentry.php.laravel"),
    ("sentry.react", "sentry.javascript.react"),
    ("sentry.symfony", "sentry.php.symfony"),
    ("sentry.unity", "sentry.native.unity"),
];

/// The SDKs that are told apart.
const SDKS: [&str; 36] = [
    "sentry.cocoa",
    "sentry.dart",
    "sentry.dotnet",
    "sentry.elixir",
    "sentry.go",
    "sentry.java",
    "sentry.kubernetes",
    "sentry.objc",
    "sentry.perl",
    "sentry.php",
    "sentry.powershell",
    "sentry.python",
    "sentry.ruby",
    "sentry.rust",
    "sentry.swift",
    "sentry.javascript.angular",
    "sentry.javascript.browser",
    "sentry.javascript.capacitor",
    "sentry.javascript.cordova",
    "sentry.javascript.deno",
    "sentry.javascript.electron",
    "sentry.javascript.ember",
    "sentry.javascript.gatsby",
    "sentry.javascript.nextjs",
    "sentry.javascript.node",
    "sentry.javascript.react",
    "sentry.javascript.react.native",
    "sentry.javascript.remix",
    "sentry.javascript.serverless",
    "sentry.javascript.svelte",
    "sentry.javascript.sveltekit",
    "sentry.javascript.vue",
    "sentry.native.android",
    "sentry.native.dotnet",
    "sentry.native.unity",
    "sentry.native.unreal",
];

/// The SDK a name stands for, `other` where it is none of those that are told apart (events spec, section 13.3).
pub(super) fn normalized_sdk(name: &str) -> &'static str {
    const OTHER: &str = "other";
    let dotted = dotted(name);
    let name = SDK_SYNONYMS
        .iter()
        .find(|(synonym, _)| *synonym == dotted)
        .map_or(dotted.as_str(), |(_, name)| name);
    let mut parts = name.split('.');
    let kept = match (parts.next(), parts.next()) {
        (Some("sentry"), Some("javascript")) => usize::MAX,
        (Some("sentry"), Some("native")) => 3,
        (Some("sentry"), Some(_)) => 2,
        _ => return OTHER,
    };
    let family = name
        .match_indices('.')
        .nth(kept.saturating_sub(1))
        .map_or(name, |(end, _)| &name[..end]);
    SDKS.iter()
        .find(|sdk| **sdk == family)
        .map_or(OTHER, |sdk| sdk)
}

/// Every run of characters that are neither letters nor digits becomes one dot.
fn dotted(name: &str) -> String {
    let mut dotted = String::with_capacity(name.len());
    for character in name.chars() {
        if character.is_alphanumeric() {
            dotted.push(character);
        } else if !dotted.ends_with('.') {
            dotted.push('.');
        }
    }
    dotted
}

/// Name and normalised name of an event's `sdk`; nothing where the event has none. An SDK without a name is called
/// `unknown` (occurrences spec, section 9.4).
pub(super) fn sdk_names(sdk: Option<&Value<'_>>) -> Option<(String, String)> {
    let sdk = sdk?.as_object()?;
    let name = sdk
        .get("name")
        .and_then(Value::as_str)
        .filter(|name| !name.is_empty())
        .unwrap_or("unknown");
    Some((name.to_owned(), normalized_sdk(name).to_owned()))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::decode::tree::tree;

    #[test]
    fn release_versions() {
        let longest = "r".repeat(250);
        for version in [
            "1.0",
            "app@1.0.0+build",
            "LATEST-1",
            "...",
            " 1",
            "é",
            longest.as_str(),
        ] {
            assert!(is_valid_release(version), "{version:?}");
        }
        let too_long = "é".repeat(251);
        for version in [
            "", "  ", ".", "..", "latest", "LaTeSt", "a/b", "a\\b", "a\nb", "a\rb", "a\tb",
            "a\u{c}b", &too_long,
        ] {
            assert!(!is_valid_release(version), "{version:?}");
        }
    }

    #[test]
    fn environment_names() {
        let longest = "é".repeat(64);
        for name in ["", "prod", "a b", "a\\b", longest.as_str()] {
            assert!(is_valid_environment(name), "{name:?}");
        }
        let too_long = "e".repeat(65);
        for name in ["a/b", "a\nb", "a\rb", "a\u{c}b", too_long.as_str()] {
            assert!(!is_valid_environment(name), "{name:?}");
        }
    }

    #[test]
    fn platforms() {
        assert!(PLATFORMS.is_sorted());
        assert_eq!(known_platform("python"), "python");
        for platform in ["genesis", "", "Python", "other", "csharp2"] {
            assert_eq!(known_platform(platform), "other");
        }
    }

    #[test]
    fn sdk_families() {
        for (name, family) in [
            ("sentry.python", "sentry.python"),
            ("sentry.python.django", "sentry.python"),
            ("sentry-ruby", "sentry.ruby"),
            ("sentry__go", "sentry.go"),
            ("sentry.javascript.vue", "sentry.javascript.vue"),
            (
                "sentry.javascript.react-native",
                "sentry.javascript.react.native",
            ),
            (
                "sentry.javascript.react.native.expo",
                "sentry.javascript.react.native",
            ),
            ("sentry.javascript.angular-ivy", "sentry.javascript.angular"),
            ("sentry.javascript.vue.router", "other"),
            ("sentry.react", "sentry.javascript.react"),
            ("sentry.symfony", "sentry.php"),
            ("sentry.unity", "sentry.native.unity"),
            ("sentry.native.unreal.crashreporter", "sentry.native.unreal"),
            ("sentry.native", "other"),
            ("sentry.javascript", "other"),
            ("sentry.cordova", "sentry.javascript.cordova"),
            ("sentry.cobol", "other"),
            ("sentry", "other"),
            ("sentrypython", "other"),
            ("raven-java", "other"),
            ("", "other"),
            ("...", "other"),
        ] {
            assert_eq!(normalized_sdk(name), family, "{name}");
        }
    }

    #[test]
    fn an_event_names_its_sdk() {
        let names = |sdk: Value<'_>| sdk_names(Some(&sdk));
        let pair = |name: &str, normalized: &str| Some((name.to_owned(), normalized.to_owned()));
        assert_eq!(
            names(tree!({"name": "sentry.rust", "version": "1.0"})),
            pair("sentry.rust", "sentry.rust")
        );
        assert_eq!(
            names(tree!({"name": null, "version": null})),
            pair("unknown", "other")
        );
        assert_eq!(names(tree!({"name": ""})), pair("unknown", "other"));
        assert_eq!(names(tree!(null)), None);
        assert_eq!(sdk_names(None), None);
    }
}
