//! The issue search (search spec, sections 5 to 9) on SQLite in memory and on PostgreSQL.

mod bad_input;
mod base;
mod deletes;
mod generate;
mod groups;
mod inbox;
mod keys;
mod lists;
mod meanings;
mod model;
mod property;
mod shelf;
mod terms;

mod rows {
    crate::actions::on_both_stores! { super::super::shelf:
        bad_input::a_cursor_of_another_list_is_a_place_by_its_number,
        bad_input::many_wildcards_cost_little,
        bad_input::nul_is_a_character_like_others,
        bad_input::parameters_are_no_way_in,
        bad_input::texts_are_looked_for_as_they_stand,
        bad_input::what_is_out_of_scope_stays_out,
        bad_input::what_is_too_much_is_refused,
        deletes::a_delete_by_query_takes_the_first_thousand,
        deletes::a_delete_without_a_query_takes_what_a_list_shows,
        deletes::an_action_has_the_window_of_a_search,
        deletes::what_a_list_refuses_an_action_refuses,
        groups::a_header_shows_the_trend_of_what_was_found,
        groups::a_search_comes_in_groups,
        groups::a_text_without_sense_has_no_groups,
        inbox::an_empty_window_is_answered_before_anything_is_checked,
        inbox::mine_and_nobodys,
        inbox::pages_of_an_inbox_that_grows,
        inbox::rows_of_the_inbox_have_an_order_of_their_own,
        inbox::rows_within_a_millisecond_are_all_shown,
        inbox::the_inbox_minds_projects_and_environments,
        inbox::the_inbox_reaches_back_a_week,
        inbox::the_inbox_takes_few_terms,
        inbox::what_was_resolved_meanwhile_is_counted_only,
        keys::a_tag_stands_in_for_what_is_not_said,
        keys::every_key_finds_what_an_event_says,
        lists::a_list_shows_the_unresolved_that_matter,
        lists::a_page_has_a_hundred_issues_at_most,
        lists::a_short_id_is_looked_up_on_request,
        lists::a_text_that_cannot_be_understood_is_refused,
        lists::an_empty_query_shows_everything,
        lists::an_event_id_finds_its_issue_anywhere,
        lists::named_issues_stand_for_a_search,
        lists::numbers_are_of_events_that_match_in_every_respect,
        lists::numbers_are_told_of_named_issues_alone,
        lists::no_selected_environment_is_not_an_empty_selection,
        lists::parameters_that_cannot_be_used_are_refused,
        lists::an_environment_of_another_project_is_known,
        lists::times_are_equal_or_not,
        lists::what_resolved_by_itself_is_dropped,
        lists::words_join_terms,
        meanings::a_field_that_is_missing_is_not_the_empty_text,
        meanings::a_list_may_hold_nothing_or_very_much,
        meanings::a_number_in_a_tag_is_written_plainly,
        meanings::a_pattern_minds_no_case_of_any_alphabet,
        meanings::a_removed_event_leaves_its_time,
        meanings::a_time_beyond_all_years_is_answered,
        meanings::has_asks_for_any_of_them,
        meanings::the_newest_release_is_found_among_issues,
    }
}
