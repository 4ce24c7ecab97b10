//! What people do to issues in bulk, and how it is taken back, on SQLite in memory and on PostgreSQL.

mod arrivals;
mod deletes;
mod desk;
mod details;
mod explained;
mod exports;
mod headless;
mod jobs;
mod kills;
mod merges;
mod selections;
mod sequences;
mod undo_jobs;
mod undos;
mod updates;
mod wording;

macro_rules! on_both_stores {
    ($world:path: $($group:ident::$case:ident,)+) => {
        mod in_memory {
            use $world as world;
            $(#[tokio::test]
            async fn $case() {
                world::in_memory(super::super::$group::$case).await;
            })+
        }
        mod on_postgres {
            use $world as world;
            $(#[tokio::test]
            async fn $case() {
                world::on_postgres(super::super::$group::$case).await;
            })+
        }
    };
}
pub(crate) use on_both_stores;

mod rows {
    on_both_stores! { super::super::desk:
        deletes::a_delete_is_taken_back_while_its_data_is_there,
        deletes::a_delete_takes_effect_at_once,
        deletes::a_delete_that_is_due_can_be_taken_back,
        deletes::a_deletion_is_run_by_one_and_tried_again_later,
        deletes::a_discard_keeps_the_hashes_on_a_tombstone,
        deletes::a_hash_that_is_taken_stays_with_the_newer_issue,
        deletes::a_purge_that_is_interrupted_goes_on,
        deletes::an_issue_with_a_tombstone_is_left_alone,
        deletes::an_undo_says_what_hinders_it,
        deletes::each_project_has_a_job_and_an_entry_of_its_own,
        deletes::one_issue_that_is_no_error_stops_everything,
        deletes::only_those_that_still_wait_come_back,
        deletes::only_what_is_in_scope_goes,
        deletes::the_data_goes_when_its_time_has_come,
        details::a_list_says_what_a_status_waits_for,
        details::a_list_says_who_resolved_in_what,
        details::a_list_says_nothing_of_resolutions_of_before,
        details::what_was_archived_for_too_long_counts_as_resolved,
        exports::a_bundle_of_a_search_is_that_of_a_selection,
        exports::a_bundle_opens_as_the_store_it_comes_from,
        exports::an_export_keeps_the_order_of_the_list,
        exports::a_bundle_holds_all_there_is_of_an_issue_and_says_so,
        exports::a_pattern_that_cannot_be_searched_for_is_refused,
        exports::occurrences_of_a_selection_are_what_was_foreseen,
        exports::what_people_wrote_is_exported_and_redacted,
        exports::what_is_foreseen_of_many_is_the_beginning_of_the_file,
        explained::an_explanation_counts_and_times_each_step,
        jobs::a_delete_goes_on_beside_the_deletion_that_has_begun,
        jobs::a_delete_that_goes_on_later_goes_later,
        jobs::a_few_issues_need_no_job,
        jobs::a_job_of_which_the_rest_is_gone_ends,
        jobs::a_job_that_goes_on_means_the_same_release,
        jobs::a_job_that_goes_on_merges_nothing,
        jobs::a_job_whose_program_ended_is_interrupted,
        jobs::jobs_that_are_done_are_forgotten_with_the_journal,
        jobs::many_issues_are_changed_in_chunks_and_taken_back_at_once,
        jobs::many_issues_are_deleted_project_by_project,
        jobs::what_is_refused_changes_nothing_and_makes_no_job,
        jobs::what_is_stopped_keeps_what_it_did_and_goes_on_later,
        jobs::what_is_stopped_twice_comes_to_every_issue,
        jobs::who_was_silent_for_too_long_stops,
        merges::a_merge_is_taken_back_exactly,
        merges::a_row_says_how_many_are_part_of_it,
        merges::hashes_and_events_of_a_merged_issue_go_with_it_for_good,
        merges::issues_say_which_others_they_are_like,
        merges::merges_into_each_other_are_taken_back_from_the_last_one_on,
        merges::of_equally_seen_ones_the_newest_stays,
        merges::the_issue_seen_most_stays,
        merges::the_issue_that_is_named_stays,
        merges::what_came_since_a_merge_stays_where_it_came,
        merges::what_cannot_be_merged_is_not,
        selections::a_list_tells_what_came_from_what_left,
        selections::a_list_tells_what_time_alone_has_changed,
        selections::a_list_of_another_store_says_nothing,
        selections::a_view_counts_what_was_not_seen,
        selections::a_summary_says_how_old_and_how_new_it_is,
        selections::beyond_the_end_of_its_list_what_has_changed_is_left_out,
        selections::ids_that_are_gone_are_reported,
        selections::the_journal_tells_the_search_and_every_issue,
        selections::what_came_to_match_later_is_not_taken_in,
        selections::what_dropped_out_is_left_alone_and_reported,
        selections::what_no_longer_matches_otherwise_is_reported_as_that,
        selections::without_its_list_what_has_changed_is_left_out,
        undo_jobs::an_entry_is_taken_back_once_at_a_time,
        undo_jobs::an_undo_that_is_stopped_goes_on_later,
        undo_jobs::an_undo_that_was_interrupted_goes_on_and_reports_all_of_it,
        undo_jobs::an_undo_whose_rest_was_taken_back_elsewhere_ends,
        undo_jobs::doing_many_again_is_a_job,
        undos::a_link_goes_with_the_change_that_added_it,
        undos::an_assignment_by_release_is_found_by_its_activity_again,
        undos::an_issue_that_is_gone_is_not_brought_back,
        undos::every_update_is_taken_back_exactly,
        undos::taking_back_is_noted_and_named,
        undos::the_journal_is_read_from_its_end,
        undos::the_journal_is_searched,
        undos::the_journal_forgets_what_is_old_or_too_much,
        undos::a_delete_is_not_forgotten_before_its_data_goes,
        undos::what_has_changed_since_is_left_alone,
        updates::a_chosen_priority_is_kept,
        updates::a_commit_resolves_an_issue,
        updates::a_shared_issue_gets_a_link_of_its_own,
        updates::archiving_keeps_or_drops_the_snooze,
        updates::everything_of_one_request_is_done_in_its_order,
        updates::issues_are_handed_to_members_and_teams_of_every_project,
        updates::members_have_rows_of_their_own,
        updates::resolving_ends_everything_else,
        updates::resolving_in_a_release_takes_one_project_that_has_it,
        updates::resolving_in_the_next_release_waits_for_it,
        updates::the_head_of_an_issue_is_read_as_its_row_is,
        updates::the_inbox_is_left_and_entered,
        updates::unresolving_opens_again,
        updates::what_is_out_of_scope_is_left_alone,
        updates::who_wants_that_gets_what_they_resolve,
        wording::a_delete_keeps_them_until_the_data_goes,
        wording::a_merge_unites_and_its_undo_parts_exactly,
        wording::a_note_is_written_and_taken_back,
        wording::each_label_is_taken_back_by_itself,
        wording::issues_are_found_by_what_was_written_on_them,
        wording::labels_are_put_on_and_taken_off,
        wording::lists_group_by_label_and_choosers_count_them,
        wording::what_is_no_label_or_note_is_refused_by_name,
    }
}

mod feeds {
    on_both_stores! { crate::acceptance::world:
        arrivals::a_purged_event_that_another_issue_shows_stays,
        arrivals::after_a_delete_a_new_issue_opens,
        arrivals::after_a_discard_nothing_comes,
        arrivals::what_comes_for_a_merged_issue_joins_the_one_it_became,
    }
}
