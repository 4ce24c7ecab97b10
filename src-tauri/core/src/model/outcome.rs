//! Why a record did not become part of an issue (occurrences spec, section 16.2).

use serde::{Deserialize, Serialize};

macro_rules! words {
    ($(#[$doc:meta])* $name:ident { $($(#[$variant_doc:meta])* $variant:ident => $word:literal,)+ }) => {
        $(#[$doc])*
        #[derive(
            Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, specta::Type,
        )]
        pub enum $name {
            $($(#[$variant_doc])* #[serde(rename = $word)] $variant,)+
        }

        impl $name {
            /// Every one, in the order of this list.
            pub const ALL: &'static [Self] = &[$(Self::$variant,)+];

            /// The one a word names.
            #[must_use]
            pub fn from_word(word: &str) -> Option<Self> {
                Self::ALL.iter().copied().find(|known| known.as_str() == word)
            }

            /// The word used in stores, counts and on the wire.
            #[must_use]
            pub fn as_str(self) -> &'static str {
                match self { $(Self::$variant => $word,)+ }
            }
        }

        impl std::fmt::Display for $name {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.write_str(self.as_str())
            }
        }
    };
}

words! {
    /// An orderly end: the record was understood and is not wanted. It is counted, not kept.
    DropReason {
        /// The group type is not released and its feature is off.
        FeatureDisabled => "feature_disabled",
        /// The fingerprint belongs to an issue of another category.
        CategoryMismatch => "category_mismatch",
        /// Too few occurrences of an unknown fingerprint so far to open an issue.
        NoiseReduction => "noise_reduction",
        /// The project has opened its share of issues of this type for the hour.
        RateLimited => "rate_limited",
        /// The same message was processed a short while ago.
        Duplicate => "duplicate",
        /// A later status change of the same batch makes this one pointless.
        StatusChangePruned => "status_change_pruned",
        /// A status change for a fingerprint that leads to no issue.
        StatusChangeGroupNotFound => "status_change_group_not_found",
        /// The fingerprint is that of an issue somebody discarded.
        Discarded => "discarded",
        /// A status change to a status and substatus that do not go together or cannot be set this way.
        StatusChangeInvalid => "status_change_invalid",
    }
}

words! {
    /// The record could not be processed. It is kept as a dead letter, so that it can be looked at.
    RejectReason {
        /// Not UTF-8 or not JSON.
        InvalidJson => "invalid_json",
        /// JSON, but a field is missing or of the wrong kind, or ids contradict each other.
        InvalidPayload => "invalid_payload",
        /// The event body passes neither schema.
        InvalidEventSchema => "invalid_event_schema",
        /// `payload_type` is neither an occurrence nor a status change.
        InvalidPayloadType => "invalid_payload_type",
        /// `type` names no registered group type.
        UnknownGroupType => "unknown_group_type",
        /// The project does not exist.
        ProjectNotFound => "project_not_found",
        /// The event an occurrence refers to is not stored.
        EventLookupFailed => "event_lookup_failed",
        /// The store refused this record although it looked right.
        InternalError => "internal_error",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_word_names_one_reason() {
        for &reason in RejectReason::ALL {
            assert_eq!(RejectReason::from_word(reason.as_str()), Some(reason));
        }
        for &reason in DropReason::ALL {
            assert_eq!(DropReason::from_word(reason.as_str()), Some(reason));
        }
        assert_eq!(RejectReason::ALL.len(), 8);
        assert_eq!(DropReason::from_word("invalid_json"), None);
    }
}
