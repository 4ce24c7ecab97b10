//! The registry of group types (occurrences spec, section 4).

use super::Priority;
use std::collections::BTreeSet;
use std::time::Duration;

/// What kind of problem a group type stands for. An issue never changes its category.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Category {
    /// Errors.
    Error = 1,
    /// Performance problems.
    Performance = 2,
    /// Missed or failed scheduled jobs.
    Cron = 4,
    /// Problems found in session replays.
    Replay = 5,
    /// What users wrote.
    Feedback = 6,
    /// Unreachable sites.
    Uptime = 7,
}

impl Category {
    /// Every category in use. Number 3 is retired.
    pub const ALL: [Self; 6] = [
        Self::Error,
        Self::Performance,
        Self::Cron,
        Self::Replay,
        Self::Feedback,
        Self::Uptime,
    ];

    /// The number of the category.
    #[must_use]
    pub fn number(self) -> i16 {
        self as i16
    }

    /// The category with this number.
    #[must_use]
    pub fn from_number(number: i16) -> Option<Self> {
        Self::ALL
            .into_iter()
            .find(|category| category.number() == number)
    }

    /// The lower-case word.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Error => "error",
            Self::Performance => "performance",
            Self::Cron => "cron",
            Self::Replay => "replay",
            Self::Feedback => "feedback",
            Self::Uptime => "uptime",
        }
    }
}

/// How many occurrences of an unknown fingerprint are ignored before an issue is opened.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct NoiseLimit {
    /// The occurrence with this number opens the issue.
    pub ignore_limit: u32,
    /// How long an ignored occurrence keeps counting.
    pub expiry: Duration,
}

/// One registered group type.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct GroupType {
    /// Number on the wire.
    pub id: u16,
    /// Stable word.
    pub slug: &'static str,
    /// Words for people.
    pub description: &'static str,
    /// Its category.
    pub category: Category,
    /// Noise reduction, where the type has one.
    pub noise: Option<NoiseLimit>,
    /// Priority of an occurrence that names none.
    pub default_priority: Priority,
    /// Whether it is processed without its features being switched on.
    pub released: bool,
    /// Whether old issues of this type resolve themselves.
    pub auto_resolve: bool,
    /// Whether a rise in its rate reopens an archived issue.
    pub escalation_detection: bool,
    /// Issues of this type that may be opened per project and hour.
    pub creation_quota: u32,
}

/// The group type of user feedback.
pub const FEEDBACK: u16 = 6001;

impl GroupType {
    /// The type with this number on the wire.
    #[must_use]
    pub fn by_id(id: u16) -> Option<&'static Self> {
        REGISTRY
            .binary_search_by_key(&id, |group_type| group_type.id)
            .ok()
            .map(|index| &REGISTRY[index])
    }

    /// The type with this slug. Retired aliases share the slug of the type they stood for; the lowest number wins
    /// (occurrences spec, section 4, D15).
    #[must_use]
    pub fn by_slug(slug: &str) -> Option<&'static Self> {
        REGISTRY.iter().find(|group_type| group_type.slug == slug)
    }

    /// Every registered type by ascending number.
    #[must_use]
    pub fn all() -> &'static [Self] {
        REGISTRY
    }

    /// The types of one category, by ascending number.
    pub fn in_category(category: Category) -> impl Iterator<Item = &'static Self> {
        REGISTRY
            .iter()
            .filter(move |group_type| group_type.category == category)
    }

    /// The feature that lets occurrences of an unreleased type in (occurrences spec, section 4.1).
    #[must_use]
    pub fn ingest_feature(&self) -> String {
        self.feature("ingest")
    }

    /// The feature that shows issues of an unreleased type.
    #[must_use]
    pub fn visible_feature(&self) -> String {
        self.feature("visible")
    }

    /// The feature that post-processes occurrences of an unreleased type.
    #[must_use]
    pub fn post_process_feature(&self) -> String {
        self.feature("post-process-group")
    }

    /// Whether occurrences of this type are let in, given the features that are switched on.
    #[must_use]
    pub fn allows_ingest(&self, features: &BTreeSet<String>) -> bool {
        self.released || features.contains(&self.ingest_feature())
    }

    /// Whether occurrences of this type are post-processed, given the features that are switched on.
    #[must_use]
    pub fn allows_post_process(&self, features: &BTreeSet<String>) -> bool {
        self.released || features.contains(&self.post_process_feature())
    }

    fn feature(&self, purpose: &str) -> String {
        format!("organizations:{}-{purpose}", self.slug.replace('_', "-"))
    }
}

/// How long an ignored occurrence keeps counting, for every type that has noise reduction.
const NOISE_EXPIRY: Duration = Duration::from_secs(24 * 60 * 60);

/// The columns of a row that differ from the defaults, as chained calls, so that a row reads like the table it is.
impl GroupType {
    const fn new(
        category: Category,
        id: u16,
        slug: &'static str,
        description: &'static str,
    ) -> Self {
        Self {
            id,
            slug,
            description,
            category,
            noise: None,
            default_priority: Priority::Medium,
            released: false,
            auto_resolve: true,
            escalation_detection: true,
            creation_quota: 5,
        }
    }

    const fn ignoring(mut self, ignore_limit: u32) -> Self {
        self.noise = Some(NoiseLimit {
            ignore_limit,
            expiry: NOISE_EXPIRY,
        });
        self
    }

    const fn low(mut self) -> Self {
        self.default_priority = Priority::Low;
        self
    }

    const fn high(mut self) -> Self {
        self.default_priority = Priority::High;
        self
    }

    const fn released(mut self) -> Self {
        self.released = true;
        self
    }

    const fn never_resolving(mut self) -> Self {
        self.auto_resolve = false;
        self
    }

    const fn never_escalating(mut self) -> Self {
        self.escalation_detection = false;
        self
    }

    const fn quota(mut self, per_hour: u32) -> Self {
        self.creation_quota = per_hour;
        self
    }
}

const fn error(id: u16, slug: &'static str, description: &'static str) -> GroupType {
    GroupType::new(Category::Error, id, slug, description)
}

const fn performance(id: u16, slug: &'static str, description: &'static str) -> GroupType {
    GroupType::new(Category::Performance, id, slug, description)
}

const fn cron(id: u16, slug: &'static str, description: &'static str) -> GroupType {
    GroupType::new(Category::Cron, id, slug, description)
}

const fn replay(id: u16, slug: &'static str, description: &'static str) -> GroupType {
    GroupType::new(Category::Replay, id, slug, description)
}

const fn feedback(id: u16, slug: &'static str, description: &'static str) -> GroupType {
    GroupType::new(Category::Feedback, id, slug, description)
}

const fn uptime(id: u16, slug: &'static str, description: &'static str) -> GroupType {
    GroupType::new(Category::Uptime, id, slug, description)
}

/// Sorted by number, which the look-ups rely on.
#[rustfmt::skip]
static REGISTRY: &[GroupType] = &[
    error(1, "error", "Error").released(),

    performance(1001, "performance_slow_db_query", "Slow DB Query").low().ignoring(100).released(),
    performance(1004, "performance_render_blocking_asset_span", "Large Render Blocking Asset").low().ignoring(3).released(),
    performance(1006, "performance_n_plus_one_db_queries", "N+1 Query").low().ignoring(3).released(),
    performance(1007, "performance_consecutive_db_queries", "Consecutive DB Queries").low().ignoring(15).released(),
    performance(1008, "performance_file_io_main_thread", "File IO on Main Thread").low().ignoring(3).released(),
    performance(1009, "performance_consecutive_http", "Consecutive HTTP").low().ignoring(5).released(),
    performance(1010, "performance_n_plus_one_api_calls", "N+1 API Call").low().released(),
    performance(1011, "performance_m_n_plus_one_db_queries", "MN+1 Query").low().ignoring(3).released(),
    performance(1012, "performance_uncompressed_assets", "Uncompressed Asset").low().ignoring(100).released(),
    performance(1013, "performance_db_main_thread", "DB on Main Thread").low().ignoring(3).released(),
    performance(1015, "performance_large_http_payload", "Large HTTP payload").low().ignoring(3).released(),
    performance(1016, "performance_http_overhead", "HTTP/1.1 Overhead").low().ignoring(20),
    performance(1017, "performance_duration_regression", "Transaction Duration Regression (Experimental)").low().never_resolving().never_escalating(),
    performance(1018, "performance_p95_endpoint_regression", "Endpoint Regression").released().never_resolving().never_escalating(),
    performance(1019, "performance_streamed_spans_exp", "Streamed Spans (Experimental)").low().never_resolving().never_escalating(),

    // 2000 and 2005 are retired.
    performance(2001, "profile_file_io_main_thread", "File I/O on Main Thread").low(),
    performance(2002, "profile_image_decode_main_thread", "Image Decoding on Main Thread").low(),
    performance(2003, "profile_json_decode_main_thread", "JSON Decoding on Main Thread").low(),
    performance(2004, "profile_core_data_main_exp", "Core Data on Main Thread").low(),
    performance(2006, "profile_view_is_slow_experimental", "View Render/Layout/Update is slow").low(),
    performance(2007, "profile_regex_main_thread", "Regex on Main Thread").low().released(),
    performance(2008, "profile_frame_drop_experimental", "Frame Drop").low(),
    performance(2009, "profile_frame_drop", "Frame Drop").low().ignoring(2000).released(),
    performance(2010, "profile_function_regression_exp", "Function Duration Regression (Experimental)").low().never_resolving(),
    performance(2011, "profile_function_regression", "Function Regression").released().never_resolving(),

    // 4002 and 4003 are retired aliases of 4001.
    cron(4001, "monitor_check_in_failure", "Crons Monitor Failed").high().released().quota(60_000),
    cron(4002, "monitor_check_in_failure", "Crons Monitor Failed").high().released().quota(60_000),
    cron(4003, "monitor_check_in_failure", "Crons Monitor Failed").high().released().quota(60_000),

    replay(5001, "replay_click_dead", "Dead Click Detected"),
    replay(5002, "replay_click_rage", "Rage Click Detected"),
    replay(5003, "replay_hydration_error", "Hydration Error Detected"),

    feedback(FEEDBACK, "feedback", "Feedback").quota(1_000),

    uptime(7001, "uptime_domain_failure", "Uptime Domain Monitor Failure").high().never_resolving().never_escalating().quota(1_000),
];

#[cfg(test)]
mod tests {
    use super::*;

    fn by_id(id: u16) -> &'static GroupType {
        GroupType::by_id(id).expect("registered")
    }

    #[test]
    fn numbers_ascend_without_repetition() {
        assert!(GroupType::all().is_sorted_by(|a, b| a.id < b.id));
        assert_eq!(GroupType::all().len(), 34);
        for group_type in GroupType::all() {
            assert_eq!(GroupType::by_id(group_type.id), Some(group_type));
        }
    }

    #[test]
    fn retired_and_unknown_numbers_are_not_registered() {
        for id in [0, 2, 300, 1000, 1014, 2000, 2005, u16::MAX] {
            assert_eq!(GroupType::by_id(id), None, "{id}");
        }
    }

    #[test]
    fn a_shared_slug_names_its_lowest_number() {
        assert_eq!(
            GroupType::by_slug("monitor_check_in_failure").map(|group_type| group_type.id),
            Some(4001)
        );
        assert_eq!(
            GroupType::by_slug("profile_regex_main_thread").map(|group_type| group_type.id),
            Some(2007)
        );
        assert_eq!(GroupType::by_slug("profile-regex-main-thread"), None);
    }

    #[test]
    fn rows_carry_their_columns() {
        assert_eq!(
            by_id(1018),
            &GroupType {
                id: 1018,
                slug: "performance_p95_endpoint_regression",
                description: "Endpoint Regression",
                category: Category::Performance,
                noise: None,
                default_priority: Priority::Medium,
                released: true,
                auto_resolve: false,
                escalation_detection: false,
                creation_quota: 5,
            }
        );
        let limits = [
            (1001, 100),
            (1006, 3),
            (1007, 15),
            (1009, 5),
            (1012, 100),
            (1016, 20),
            (2009, 2000),
        ];
        for (id, ignore_limit) in limits {
            let noise = by_id(id).noise.expect("noise reduction");
            assert_eq!(
                (noise.ignore_limit, noise.expiry.as_secs()),
                (ignore_limit, 86_400),
                "{id}"
            );
        }
        assert_eq!(by_id(1010).noise, None);
        assert_eq!(
            GroupType::all()
                .iter()
                .filter(|group_type| group_type.noise.is_some())
                .count(),
            12
        );
        assert_eq!(
            (by_id(2010).auto_resolve, by_id(2010).escalation_detection),
            (false, true)
        );
        assert_eq!(
            (by_id(4003).default_priority, by_id(4003).creation_quota),
            (Priority::High, 60_000)
        );
        assert_eq!(
            (by_id(6001).default_priority, by_id(6001).creation_quota),
            (Priority::Medium, 1_000)
        );
    }

    #[test]
    fn unreleased_types_are_listed() {
        let unreleased: Vec<u16> = GroupType::all()
            .iter()
            .filter(|group_type| !group_type.released)
            .map(|group_type| group_type.id)
            .collect();
        assert_eq!(
            unreleased,
            [
                1016, 1017, 1019, 2001, 2002, 2003, 2004, 2006, 2008, 2010, 5001, 5002, 5003, 6001,
                7001
            ]
        );
    }

    #[test]
    fn categories_have_their_members() {
        let ids = |category| {
            GroupType::in_category(category)
                .map(|group_type| group_type.id)
                .collect::<Vec<_>>()
        };
        assert_eq!(ids(Category::Cron), [4001, 4002, 4003]);
        assert_eq!(ids(Category::Error), [1]);
        assert_eq!(ids(Category::Replay), [5001, 5002, 5003]);
        assert!(
            ids(Category::Performance)
                .iter()
                .all(|id| (1001..=2011).contains(id))
        );
        assert_eq!(ids(Category::Performance).len(), 25);
        assert_eq!(Category::from_number(3), None);
        for category in Category::ALL {
            assert_eq!(Category::from_number(category.number()), Some(category));
        }
    }

    #[test]
    fn an_unreleased_type_needs_a_feature_for_each_purpose() {
        let group_type = by_id(2001);
        assert_eq!(
            group_type.ingest_feature(),
            "organizations:profile-file-io-main-thread-ingest"
        );
        assert_eq!(
            group_type.visible_feature(),
            "organizations:profile-file-io-main-thread-visible"
        );
        assert_eq!(
            group_type.post_process_feature(),
            "organizations:profile-file-io-main-thread-post-process-group"
        );
        let none = BTreeSet::new();
        let ingest_only = BTreeSet::from([group_type.ingest_feature()]);
        assert!(!group_type.allows_ingest(&none));
        assert!(group_type.allows_ingest(&ingest_only));
        assert!(!group_type.allows_post_process(&ingest_only));
        assert!(by_id(2007).allows_ingest(&none) && by_id(2007).allows_post_process(&none));
    }
}
