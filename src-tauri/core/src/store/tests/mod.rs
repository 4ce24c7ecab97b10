//! Tests of the stores: one body for each case, run on every backend.

mod accounts;
mod apply;
mod ingest;
mod list;
mod messages;
mod navigation;
mod open;
mod plans;
mod race;
mod race_apply;
mod sightings;
mod states;
mod support;

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
    apply::an_invalid_pair_is_refused_and_nothing_written,
    apply::given_up_hashes_lead_nowhere,
    apply::hidden_issues_are_in_no_list,
    apply::issues_are_changed_by_their_ids,
    apply::issues_that_wait_are_loaded_for_a_new_release_only,
    apply::records_need_a_source,
    apply::releases_come_newest_first,
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
    list::changes_add_up_to_the_new_count,
    list::filters_select_what_they_say,
    list::rows_come_in_the_order_asked_for,
    list::snapshots_are_totally_ordered,
    list::the_head_of_an_issue_is_complete,
    list::wildcards_in_a_search_are_plain_characters,
    messages::counters_add_up_until_they_expire,
    messages::dead_letters_are_tried_again,
    messages::messages_are_recognised_for_exactly_five_minutes,
    navigation::a_replaced_occurrence_keeps_its_place,
    navigation::occurrences_are_stepped_through_in_order,
    navigation::what_an_occurrence_shows_comes_from_its_record_and_event,
    open::a_newer_schema_is_refused,
    open::a_store_knows_its_schema,
    plans::every_statement_can_be_prepared,
    plans::hot_statements_read_no_whole_table,
    race::issues_opened_at_once_are_numbered_without_gaps,
    race::one_new_hash_in_two_batches_makes_one_issue,
    race::two_hashes_of_one_issue_lose_no_count,
    race::writers_of_the_same_rows_never_wait_in_a_circle,
    race_apply::batches_and_people_lose_nothing_of_each_other,
    race_apply::issues_are_deleted_while_batches_run,
    race_apply::no_issue_misses_the_release_it_waits_for,
    race_apply::dead_letters_are_tried_again_while_they_come,
    sightings::nothing_is_counted_that_nobody_asks_for,
    sightings::spans_end_where_they_should,
    sightings::users_are_known_by_the_newest_time,
    states::a_line_of_history_points_to_what_it_undoes,
    states::a_resolution_finds_the_activity_that_announced_it,
    states::details_that_make_no_sense_are_no_details,
    states::lines_of_several_issues_at_once_find_their_own,
    states::rows_beside_an_issue_are_put_replaced_and_taken,
    states::what_happened_is_kept_in_order,
    states::what_people_set_on_an_issue_is_kept,
}
