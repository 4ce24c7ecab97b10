//! Tests of the counters: one body for each case, run on those in memory and on real Redis.

mod away;
mod mirror;
mod model;
mod noise;
mod quota;
mod redis_keys;
mod server;
mod support;

/// Runs each case on counters in memory and on Redis.
macro_rules! everywhere {
    ($($group:ident::$case:ident,)+) => {
        mod in_memory {
            $(#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
            async fn $case() {
                super::$group::$case(&super::support::Place::memory()).await;
            })+
        }
        mod in_redis {
            $(#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
            async fn $case() {
                if let Some(place) = super::support::Place::redis(stringify!($case)) {
                    super::$group::$case(&place).await;
                    place.clear().await;
                }
            })+
        }
    };
}

everywhere! {
    noise::a_batch_that_is_not_stored_leaves_no_trace,
    noise::a_count_expires_a_day_after_the_last_ignored_occurrence,
    noise::a_count_that_others_are_prolonging_does_not_expire,
    noise::a_hash_that_stays_noise_takes_no_quota,
    noise::a_late_settlement_does_not_touch_a_count_that_began_anew,
    noise::a_type_without_noise_reduction_is_not_counted,
    noise::an_occurrence_over_the_limit_neither_resets_nor_prolongs,
    noise::batches_that_overlap_and_are_not_stored_leave_no_trace,
    noise::every_ignored_occurrence_restarts_the_day,
    noise::expiry_is_judged_to_the_millisecond,
    noise::limits_of_none_and_one_ignore_nothing,
    noise::one_of_two_overlapping_batches_is_stored,
    noise::the_occurrence_at_the_limit_opens,
    noise::types_that_share_a_hash_share_its_count,
    noise::what_a_batch_did_not_need_is_given_back,
    noise::what_is_not_settled_counts_for_others,
    noise::what_the_quota_refuses_stays_counted,
    quota::a_big_batch_is_decided_like_a_small_one,
    quota::a_refusal_takes_nothing,
    quota::a_unit_is_free_again_with_the_start_of_a_minute,
    quota::a_writer_whose_clock_is_behind_sees_what_others_took,
    quota::giving_back_after_an_hour_changes_nothing,
    quota::projects_and_slugs_have_quotas_of_their_own,
    quota::the_sixth_issue_is_refused,
    quota::types_with_one_slug_share_a_quota,
    quota::units_come_free_as_they_were_taken,
    quota::what_is_given_back_late_goes_where_it_came_from,
    quota::what_is_not_used_is_given_back,
    quota::writers_together_get_the_limit_and_no_more,
}
