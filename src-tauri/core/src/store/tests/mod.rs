//! Tests of the stores: one body for each case, run on every backend.

mod accounts;
mod ingest;
mod list;
mod navigation;
mod open;
mod plans;
mod race;
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
}
