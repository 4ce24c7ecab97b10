//! What is promised of occurrences and of the states of issues, played on SQLite in memory and on PostgreSQL.

mod assignees;
mod creation;
mod entry;
mod forecasts;
mod limits;
mod noted;
mod parsing;
mod paths;
mod people_act;
mod pruning;
mod regression;
mod repetition;
mod resolution;
mod rows;
mod schema;
mod snoozes;
mod status_changes;
mod tasks;
mod updates;
mod values;
mod velocity;
pub mod world;

macro_rules! on_both_stores {
    ($($group:ident::$case:ident,)+) => {
        mod in_memory {
            $(#[tokio::test]
            async fn $case() {
                super::world::in_memory(super::$group::$case).await;
            })+
        }
        mod on_postgres {
            $(#[tokio::test]
            async fn $case() {
                super::world::on_postgres(super::$group::$case).await;
            })+
        }
    };
}

mod on_a_server {
    #[tokio::test]
    async fn who_waits_too_long_for_a_number_is_set_aside() {
        super::world::on_postgres(super::creation::who_waits_too_long_for_a_number_is_set_aside)
            .await;
    }
}

on_both_stores! {
    assignees::a_later_occurrence_assigns_nobody,
    assignees::a_person_assigns_and_takes_back,
    assignees::an_assignee_is_looked_up_in_its_project,
    assignees::an_assignment_is_noted,
    assignees::an_identifier_names_a_member_or_a_team,
    creation::a_counter_is_followed_where_it_can_be,
    creation::a_counter_that_fell_behind_is_corrected,
    creation::a_release_is_seen_in_steps_of_a_minute,
    creation::a_released_hash_is_free,
    creation::an_invalid_version_is_no_release,
    creation::issues_are_numbered_by_project,
    creation::one_of_two_opens_the_issue,
    creation::releases_count_what_began_with_them,
    entry::a_batch_ends_when_it_is_full,
    entry::a_batch_is_sorted_by_project_and_fingerprint,
    entry::a_message_becomes_an_issue_and_garbage_stops_nothing,
    entry::the_first_part_decides_the_bucket,
    entry::the_payload_type_selects_what_happens,
    entry::what_cannot_be_read_leaves_the_rest_of_its_batch_alone,
    entry::without_a_fingerprint_a_message_has_no_place_in_a_batch,
    forecasts::a_batch_escalates_once,
    forecasts::a_forecast_is_made_from_a_week,
    forecasts::a_forecast_of_zero_is_no_limit,
    forecasts::a_full_week_is_calculated,
    forecasts::a_message_makes_no_forecast,
    forecasts::an_old_forecast_is_none,
    forecasts::one_more_than_forecast_escalates,
    forecasts::only_events_of_the_current_hour_count,
    forecasts::the_day_decides_about_the_limit,
    forecasts::the_task_renews_forecasts,
    forecasts::without_a_forecast_ten_is_the_limit,
    limits::a_batch_counts_like_single_messages,
    limits::a_unit_is_free_an_hour_after_its_minute,
    limits::an_issue_is_opened_by_the_occurrence_with_the_number_of_its_limit,
    limits::five_issues_an_hour,
    limits::ignored_occurrences_are_forgotten_after_a_day,
    limits::the_count_outlives_its_issue,
    limits::the_noise_test_is_passed_once,
    limits::the_window_slides,
    limits::types_of_one_slug_share_a_budget,
    noted::a_line_of_history_names_the_release,
    noted::a_list_reads_twice_its_length,
    noted::activities_are_listed_newest_first,
    noted::lines_of_history_undo_earlier_ones,
    noted::only_what_says_the_same_is_a_repetition,
    parsing::an_unknown_type_is_an_unknown_type,
    parsing::evidence_is_kept_as_text,
    parsing::ids_may_be_written_in_many_ways,
    parsing::inline_events_are_held_to_the_clock,
    parsing::levels_are_words_in_lower_case,
    parsing::parts_of_a_fingerprint_are_hashed_and_only_the_first_decides,
    parsing::priorities_are_25_50_and_75,
    parsing::the_event_may_name_the_id_alone,
    parsing::the_first_failure_decides,
    parsing::times_honour_their_offset,
    parsing::what_is_left_out_has_its_default,
    parsing::what_is_missing_or_of_the_wrong_kind_is_refused,
    paths::a_light_event_belongs_where_its_tags_say,
    paths::a_light_event_is_not_stored,
    paths::a_look_up_finds_an_event_of_its_batch,
    paths::a_look_up_takes_what_is_stored,
    paths::an_id_is_stored_once,
    paths::an_inline_event_is_stored_as_generic,
    paths::an_unreleased_type_needs_its_feature,
    paths::differing_ids_store_nothing,
    paths::the_culprit_of_an_event_is_computed,
    paths::the_mix_of_frames_is_counted,
    paths::what_is_dropped_late_is_stored,
    paths::without_post_processing_nothing_follows,
    people_act::a_snooze_row_remembers_what_it_needs,
    people_act::adding_to_the_inbox,
    people_act::an_archive_without_conditions_has_no_snooze_row,
    people_act::archiving_from_anywhere,
    people_act::choosing_a_priority,
    people_act::deleting,
    people_act::resolving_ends_everything_else,
    people_act::reviewing_settles_what_is_open,
    people_act::reviewing_what_is_not_in_the_inbox,
    people_act::the_program_acts_where_there_are_no_people,
    people_act::unresolving,
    people_act::unresolving_a_resolved_issue,
    people_act::unresolving_an_old_archived_issue,
    pruning::a_change_moves_behind_what_came_after_it,
    pruning::a_pruned_change_leaves_no_trace,
    pruning::each_project_and_fingerprint_is_pruned_for_itself,
    pruning::one_by_one_nothing_is_pruned,
    pruning::pruning_comes_before_repetitions,
    pruning::the_last_change_stays_and_comes_last,
    pruning::what_is_no_change_of_a_known_project_is_not_pruned,
    pruning::without_pruning_changes_stay_where_they_are,
    regression::a_batch_regresses_once,
    regression::a_quiet_issue_counts_as_resolved,
    regression::an_archived_issue_does_not_regress,
    regression::an_event_from_before_the_resolution_reopens,
    regression::an_event_must_be_more_than_five_seconds_later,
    regression::an_issue_comes_back_with_what_brought_it,
    regression::an_occurrence_that_changed_nothing_still_moves_the_last_sighting,
    regression::the_rest_of_an_issue_is_untouched,
    regression::what_was_resolved_by_age_comes_back,
    repetition::a_change_without_an_id_is_always_applied,
    repetition::a_mark_lasts_for_300_seconds,
    repetition::ids_are_compared_as_what_they_are,
    repetition::the_mark_of_the_first_counts_to_the_microsecond,
    repetition::the_second_of_two_is_skipped,
    repetition::what_failed_is_not_marked,
    repetition::what_is_repaired_is_processed,
    repetition::what_was_dropped_in_order_is_marked,
    resolution::a_later_resolution_takes_the_place_of_an_earlier_one,
    resolution::a_resolution_and_its_activity_know_each_other,
    resolution::an_event_of_the_awaited_release_reopens,
    resolution::an_event_without_a_release_is_covered,
    resolution::an_older_release_settles_nothing,
    resolution::in_a_next_release_that_is_not_there_yet,
    resolution::in_the_next_release_by_date,
    resolution::in_the_next_release_of_semantic_versions,
    resolution::of_semantic_versions_older_ones_are_covered,
    resolution::only_a_release_that_exists_can_be_chosen,
    resolution::other_versions_are_covered_by_their_date,
    resolution::the_newest_releases_tell_whether_versions_have_an_order,
    resolution::versions_are_compared_without_their_package,
    schema::only_known_members_survive,
    schema::the_current_schema_is_tried_first,
    schema::the_legacy_schema_lets_pass_what_the_current_one_refuses,
    schema::what_fits_neither_is_refused,
    snoozes::a_batch_ends_a_snooze_where_it_is_reached,
    snoozes::a_count_beside_a_time_ends_as_ongoing,
    snoozes::a_count_in_a_window,
    snoozes::a_count_of_users,
    snoozes::a_count_of_users_in_a_window,
    snoozes::a_regression_that_ends_a_row_stays_out_of_the_inbox,
    snoozes::a_row_on_an_issue_that_is_not_archived,
    snoozes::a_time_ends_as_ongoing,
    snoozes::a_valid_row_on_an_issue_that_is_not_archived,
    snoozes::a_window_within_one_batch,
    snoozes::archived_forever_stays,
    snoozes::feedback_from_where_it_counts,
    snoozes::the_first_condition_decides,
    snoozes::the_task_only_wakes_what_is_archived,
    snoozes::the_third_further_occurrence_escalates,
    snoozes::types_without_escalation,
    snoozes::users_of_light_events_count,
    status_changes::a_change_finds_its_issue_by_project_and_fingerprint,
    status_changes::a_chosen_priority_stays,
    status_changes::a_type_that_is_switched_off_can_be_changed,
    status_changes::priority_goes_up_and_back,
    status_changes::rows_beside_the_issue,
    status_changes::the_table_decides,
    status_changes::what_is_no_change_is_invalid,
    tasks::a_chosen_priority_survives_settling,
    tasks::a_first_occurrence_is_new_and_in_the_inbox,
    tasks::a_row_of_the_inbox_stays_as_it_is,
    tasks::archived_issues_are_not_resolved_by_age,
    tasks::new_issues_settle_after_a_week,
    tasks::other_states_do_not_settle,
    tasks::quiet_issues_are_resolved,
    tasks::regressed_and_escalating_issues_settle,
    tasks::tasks_are_due_in_their_intervals,
    tasks::the_inbox_is_cleared_after_a_week,
    updates::a_batch_updates_what_it_opened,
    updates::data_is_merged,
    updates::level_and_culprit_are_replaced,
    updates::no_title_gives_way_to_a_real_one,
    updates::some_columns_never_change,
    updates::the_message_follows_if_it_says_something,
    updates::the_type_of_the_event_follows,
    updates::times_and_counts_follow_every_occurrence,
    updates::titles_that_say_nothing_give_way,
    values::a_first_occurrence_fills_every_column,
    values::an_issue_takes_occurrences_of_its_category,
    values::an_untitled_issue_is_called_untitled,
    values::culprit_and_platform_are_cut,
    values::feedback_says_more,
    values::the_message_is_augmented_by_what_it_lacks,
    values::the_message_is_one_short_line,
    values::the_sdk_is_noted_at_creation,
    velocity::a_batch_brings_a_new_error_to_escalate,
    velocity::a_new_error_that_comes_too_fast_escalates,
    velocity::a_threshold_holds_for_two_days,
    velocity::a_young_archived_issue_stays_away,
    velocity::early_escalation_is_off_by_default,
    velocity::thresholds_are_measured_every_day,
}
