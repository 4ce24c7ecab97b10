//! Tests of the stores: one body for each case, run on every backend.

mod accounts;
mod apply;
mod dead_letters;
mod export;
mod extras;
mod groups;
mod ingest;
mod journal;
mod list;
mod messages;
mod navigation;
mod open;
mod orders;
mod people;
mod persons;
mod plans;
mod race;
mod race_apply;
pub(super) mod search;
mod search_backlog;
mod sightings;
mod similar;
mod states;
pub(super) mod support;
mod triage;
mod turns;
mod velocity;
mod views;

use super::search::tests as walks;

/// Runs each case on SQLite in memory, on a SQLite file and on PostgreSQL.
macro_rules! on_every_backend {
    ($($group:ident::$case:ident,)+) => {
        mod sqlite_memory {
            $(#[tokio::test]
            async fn $case() {
                super::support::in_memory(super::$group::$case).await;
            })+
        }
        mod sqlite_file {
            $(#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
            async fn $case() {
                super::support::in_a_file(super::$group::$case).await;
            })+
        }
        mod postgres {
            $(#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
            async fn $case() {
                super::support::in_postgres(stringify!($case), super::$group::$case).await;
            })+
        }
    };
}

on_every_backend! {
    accounts::counted_outcomes_add_up,
    accounts::dead_letters_keep_their_bytes,
    accounts::the_summary_counts_what_is_there,
    dead_letters::a_dead_letter_is_moved_by_one_of_many,
    dead_letters::a_dead_letter_moves_from_the_state_it_is_in,
    dead_letters::an_empty_store_has_an_empty_list_of_dead_letters,
    dead_letters::dead_letters_are_listed_and_counted_by_state_and_reason,
    dead_letters::records_of_dead_letters_are_exact,
    dead_letters::words_of_another_program_are_shown_as_they_are,
    apply::what_an_issue_says_is_written_only_when_it_changes,
    apply::an_invalid_pair_is_refused_and_nothing_written,
    apply::issues_stand_as_they_are_changed_however_many_there_are,
    apply::given_up_hashes_lead_nowhere,
    apply::hidden_issues_are_in_no_list,
    apply::issues_are_changed_by_their_ids,
    apply::issues_that_wait_are_loaded_for_a_new_release_only,
    apply::records_need_a_source,
    apply::releases_come_newest_first,
    export::a_row_of_a_table_says_what_a_list_says,
    export::jobs_are_read_page_by_page,
    export::an_exported_occurrence_tells_what_its_record_and_event_say,
    export::exported_occurrences_match_the_plan,
    export::occurrences_are_exported_in_their_order_and_in_slices,
    export::tags_are_those_of_the_newest_event,
    export::values_of_a_tag_come_with_their_numbers,
    ingest::a_batch_is_read_back_as_it_was_written,
    ingest::a_failed_batch_leaves_nothing,
    ingest::a_fold_that_panics_leaves_nothing,
    ingest::a_gap_is_skipped_and_counted,
    ingest::a_hash_without_an_issue_is_free,
    ingest::a_short_id_counter_that_fell_behind_heals,
    ingest::big_batches_are_stored_whole,
    ingest::characters_a_database_refuses_do_not_stop_a_batch,
    ingest::events_are_found_by_project_and_id,
    ingest::offsets_move_with_the_data_and_fence_late_writers,
    ingest::short_ids_count_per_project,
    journal::a_journal_leaves_nothing_out,
    journal::the_newest_note_is_the_last_one_written,
    groups::a_group_keeps_every_order,
    groups::a_header_sums_the_trends_of_its_issues,
    groups::a_key_is_a_text_like_others,
    extras::columns_show_what_events_and_issues_have,
    extras::an_event_that_cannot_be_read_has_no_frame,
    extras::many_occurrences_are_estimated_by_the_newest,
    groups::trends_of_groups_add_up_to_those_of_rows,
    groups::each_issue_is_in_one_group,
    groups::the_newest_event_says_which_service_and_trace,
    list::changes_add_up_to_the_new_count,
    list::changes_by_id_tell_what_came_from_what_left,
    list::rows_come_in_the_order_asked_for,
    list::rows_say_what_ends_their_state,
    list::snapshots_are_totally_ordered,
    list::the_head_of_a_list_is_how_it_begins,
    list::the_head_of_an_issue_is_complete,
    messages::counters_add_up_until_they_expire,
    messages::dead_letters_are_tried_again,
    messages::messages_are_recognised_for_exactly_five_minutes,
    navigation::a_replaced_occurrence_keeps_its_place,
    navigation::occurrences_are_stepped_through_in_order,
    navigation::what_an_occurrence_shows_comes_from_its_record_and_event,
    open::a_newer_schema_is_refused,
    open::a_store_knows_its_schema,
    orders::every_order_is_a_plain_sort,
    orders::groups_have_the_order_of_their_list,
    orders::orders_hold_where_sums_are_asked_for,
    people::a_forecast_that_cannot_be_read_is_reported,
    people::a_project_has_the_rules_it_was_named_with,
    people::a_resolution_names_its_release,
    people::directories_that_are_set_at_once_do_not_mix,
    people::releases_of_a_project_come_newest_first,
    people::the_directory_is_what_was_set_last_in_its_order,
    people::the_head_of_an_issue_shows_how_it_stands,
    people::what_happened_to_an_issue_is_listed_newest_first,
    persons::a_user_is_found_by_each_text_that_tells_who_it_is,
    persons::another_start_finds_who_was_seen_before_and_again,
    persons::what_many_people_have_in_common_narrows_nothing_and_is_found,
    plans::bits_of_terms_are_looked_at_in_the_index,
    plans::every_statement_can_be_prepared,
    plans::groups_are_formed_by_walking_issues_only,
    plans::hot_statements_read_no_whole_table,
    plans::lists_are_read_from_an_index_alone,
    plans::lists_by_words_look_at_each_issue_once,
    plans::no_statement_reads_all_issues_or_events,
    plans::searches_read_no_whole_table,
    plans::a_search_is_planned_for_what_it_looks_for,
    plans::sums_are_formed_by_walking_issues_only,
    plans::what_is_not_remembered_is_found_in_one_pass,
    race::issues_opened_at_once_are_numbered_without_gaps,
    race::one_new_hash_in_two_batches_makes_one_issue,
    race::two_hashes_of_one_issue_lose_no_count,
    race::writers_of_the_same_rows_never_wait_in_a_circle,
    triage::a_full_inbox_is_cleared_whole,
    triage::a_snooze_is_due_at_its_end_whatever_the_status,
    triage::a_task_is_claimed_once_in_its_time,
    triage::archived_until_escalating_is_due_while_it_is_seen,
    triage::much_that_is_over_is_forgotten_whole,
    triage::new_issues_are_due_from_their_first_sighting_on_oldest_first,
    triage::nothing_is_due_in_an_empty_store,
    triage::of_many_that_claim_a_task_at_once_one_gets_it,
    triage::old_rows_leave_the_inbox_and_lists_notice,
    triage::quiet_issues_are_found_by_project_type_and_last_sighting,
    triage::the_next_issue_follows_the_number_that_was_set,
    triage::what_came_back_is_due_by_its_newest_row_of_that_kind,
    triage::what_is_over_is_forgotten_to_the_microsecond,
    turns::a_turn_starts_from_what_was_read_for_it,
    turns::a_turn_that_fails_reads_nothing_ahead,
    turns::batches_between_turns_lose_nothing,
    turns::each_turn_has_the_issues_it_named,
    turns::what_was_written_between_two_turns_is_kept,
    velocity::a_threshold_is_kept_until_the_next,
    velocity::velocities_count_a_span_of_one_project,
    views::a_view_comes_back_as_it_was_saved,
    views::the_columns_of_a_view_keep_their_order,
    views::the_look_of_a_view_is_kept,
    walks::an_index_is_listed_or_asked_with_one_result,
    walks::many_issues_behind_the_window_hide_nothing,
    walks::a_sample_tells_what_many_have,
    walks::bits_are_those_of_the_last_facts,
    walks::terms_in_different_events_are_no_hit,
    walks::choices_know_the_rest_of_the_query_in_time,
    walks::tags_are_offered_as_keys,
    walks::the_most_frequent_values_come_first,
    walks::values_are_counted_round_by_round,
    walks::values_of_a_search_are_those_of_its_hits_in_time,
    walks::two_readers_find_what_one_does,
    walks::what_has_no_bits_is_found,
    walks::what_takes_too_long_is_given_up,
    walks::what_nobody_waits_for_is_given_up,
    walks::pages_in_both_directions_are_cut_from_one_list,
    race_apply::batches_and_people_lose_nothing_of_each_other,
    race_apply::issues_are_deleted_while_batches_run,
    race_apply::a_release_is_created_once,
    race_apply::batches_that_create_different_releases_meet,
    race_apply::no_issue_misses_the_release_it_waits_for,
    race_apply::dead_letters_are_tried_again_while_they_come,
    search::a_batch_writes_what_searches_read,
    search::a_key_has_a_limited_number_of_values,
    search::a_replaced_occurrence_has_the_facts_of_the_new_one,
    search::an_event_is_found_by_its_id,
    search::an_issue_that_is_renamed_points_to_its_new_text,
    search::another_start_finds_what_was_written,
    search::facts_follow_events_to_another_issue_and_back,
    search::the_facts_of_deleted_issues_go,
    search::terms_of_deleted_issues_are_swept_out,
    search::what_is_known_is_not_written_again,
    search::writers_of_the_same_facts_lose_none,
    search_backlog::batches_and_the_backlog_meet,
    search_backlog::what_was_stored_before_becomes_known,
    sightings::nothing_is_counted_that_nobody_asks_for,
    sightings::spans_end_where_they_should,
    sightings::users_are_known_by_the_newest_time,
    similar::a_merged_issue_is_found_by_what_it_took_over,
    similar::issues_are_found_by_what_they_share,
    similar::only_what_can_be_merged_is_compared,
    similar::the_newest_event_speaks_for_its_issue,
    states::a_line_of_history_points_to_what_it_undoes,
    states::a_resolution_finds_the_activity_that_announced_it,
    states::details_that_make_no_sense_are_no_details,
    states::lines_of_several_issues_at_once_find_their_own,
    states::rows_beside_an_issue_are_put_replaced_and_taken,
    states::what_happened_is_kept_in_order,
    states::what_people_set_on_an_issue_is_kept,
}
