//! Identifiers. Each is a type of its own, so that an issue id cannot be passed where a project id is meant.

use serde::{Deserialize, Serialize};
use std::{fmt, str::FromStr};
use uuid::Uuid;

macro_rules! integer_id {
    ($(#[$doc:meta])* $name:ident) => {
        $(#[$doc])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
        #[serde(transparent)]
        pub struct $name(pub i64);

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                self.0.fmt(f)
            }
        }

        impl FromStr for $name {
            type Err = std::num::ParseIntError;

            fn from_str(text: &str) -> Result<Self, Self::Err> {
                text.parse().map(Self)
            }
        }
    };
}

integer_id! {
    /// A project, numbered by whoever produces the records.
    ProjectId
}
integer_id! {
    /// An issue, numbered by the store.
    IssueId
}

macro_rules! hex_id {
    ($(#[$doc:meta])* $name:ident) => {
        $(#[$doc])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub struct $name(pub Uuid);

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                self.0.as_simple().fmt(f)
            }
        }

        impl FromStr for $name {
            type Err = uuid::Error;

            fn from_str(text: &str) -> Result<Self, Self::Err> {
                Uuid::try_parse(text).map(Self)
            }
        }

        impl Serialize for $name {
            fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                serializer.collect_str(self)
            }
        }

        impl<'de> Deserialize<'de> for $name {
            fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                let text = String::deserialize(deserializer)?;
                text.parse().map_err(serde::de::Error::custom)
            }
        }
    };
}

hex_id! {
    /// An event; 32 lowercase hex digits as text.
    EventId
}
hex_id! {
    /// An occurrence; 32 lowercase hex digits as text. Two occurrences are the same if their ids are.
    OccurrenceId
}
hex_id! {
    /// The digest of one fingerprint part; 32 lowercase hex digits as text.
    GroupHash
}

hex_id! {
    /// Something that a person did, however many transactions it took; 32 lowercase hex digits as text.
    TransactionId
}

impl TransactionId {
    /// One that nothing else has.
    #[must_use]
    pub fn random() -> Self {
        Self(Uuid::new_v4())
    }

    /// The part of it that is about one project, the same each time.
    #[must_use]
    pub fn of_project(self, project: ProjectId) -> Self {
        Self(GroupHash::of(&format!("{self}:{project}")).0)
    }
}

impl GroupHash {
    /// The MD5 digest of a fingerprint part (occurrences spec, section 3.1).
    #[must_use]
    pub fn of(part: &str) -> Self {
        use md5::{Digest, Md5};
        Self(Uuid::from_bytes(Md5::digest(part.as_bytes()).into()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_fingerprint_part_becomes_its_md5() {
        for (part, digest) in [
            ("touch-id", "85345ea2b9abf72d3d7a39737524235c"),
            ("some-fingerprint", "1e41941742fbafe6d3311138a1f270d5"),
            ("hi", "49f68a5c8493ec2c0bf489821c21fc3b"),
            ("é", "66ddcd97cfdeabb2f6fb8a999b4bc76f"),
        ] {
            assert_eq!(GroupHash::of(part).to_string(), digest);
        }
    }
}
