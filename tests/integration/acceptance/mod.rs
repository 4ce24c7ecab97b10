//! What is promised of occurrences and of the states of issues, played on SQLite in memory and on PostgreSQL.

mod assignees;
mod entry;
mod parsing;
mod paths;
mod pruning;
mod repetition;
mod schema;
mod values;
mod world;

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

on_both_stores! {
    assignees::a_later_occurrence_assigns_nobody,
    assignees::a_person_assigns_and_takes_back,
    assignees::an_assignee_is_looked_up_in_its_project,
    assignees::an_assignment_is_noted,
    assignees::an_identifier_names_a_member_or_a_team,
    entry::a_batch_ends_when_it_is_full,
    entry::a_batch_is_sorted_by_project_and_fingerprint,
    entry::a_message_becomes_an_issue_and_garbage_stops_nothing,
    entry::the_first_part_decides_the_bucket,
    entry::the_payload_type_selects_what_happens,
    entry::what_cannot_be_read_leaves_the_rest_of_its_batch_alone,
    entry::without_a_fingerprint_a_message_has_no_place_in_a_batch,
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
    paths::what_is_dropped_late_is_stored,
    paths::without_post_processing_nothing_follows,
    pruning::a_change_moves_behind_what_came_after_it,
    pruning::a_pruned_change_leaves_no_trace,
    pruning::each_project_and_fingerprint_is_pruned_for_itself,
    pruning::one_by_one_nothing_is_pruned,
    pruning::pruning_comes_before_repetitions,
    pruning::the_last_change_stays_and_comes_last,
    pruning::what_is_no_change_of_a_known_project_is_not_pruned,
    pruning::without_pruning_changes_stay_where_they_are,
    repetition::a_change_without_an_id_is_always_applied,
    repetition::a_mark_lasts_for_300_seconds,
    repetition::ids_are_compared_as_what_they_are,
    repetition::the_mark_of_the_first_counts_to_the_microsecond,
    repetition::the_second_of_two_is_skipped,
    repetition::what_failed_is_not_marked,
    repetition::what_is_repaired_is_processed,
    repetition::what_was_dropped_in_order_is_marked,
    schema::only_known_members_survive,
    schema::the_current_schema_is_tried_first,
    schema::the_legacy_schema_lets_pass_what_the_current_one_refuses,
    schema::what_fits_neither_is_refused,
    values::a_first_occurrence_fills_every_column,
    values::an_issue_takes_occurrences_of_its_category,
    values::an_untitled_issue_is_called_untitled,
    values::culprit_and_platform_are_cut,
    values::feedback_says_more,
    values::the_message_is_augmented_by_what_it_lacks,
    values::the_message_is_one_short_line,
    values::the_sdk_is_noted_at_creation,
}
