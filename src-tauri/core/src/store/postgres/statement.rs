//! Lists of the statements of this backend, for tests.

/// Every statement, for the test that prepares them.
pub(in crate::store) fn all() -> Vec<String> {
    let fixed = [
        super::actions::STATEMENTS,
        super::hot::WRITES,
        super::ingest::STATEMENTS,
        super::inspect::STATEMENTS,
        super::journal::STATEMENTS,
        super::load::STATEMENTS,
        super::state::STATEMENTS,
        super::people::STATEMENTS,
        super::projects::STATEMENTS,
        super::query::STATEMENTS,
        super::search_index::STATEMENTS,
        super::triage::STATEMENTS,
        super::velocity::STATEMENTS,
        super::write::STATEMENTS,
        super::write_actions::STATEMENTS,
        super::write_beside::STATEMENTS,
        super::write_merge::STATEMENTS,
        super::write_search::STATEMENTS,
        super::write_states::STATEMENTS,
    ];
    let all = fixed.concat().into_iter().chain(served());
    all.map(str::to_owned).collect()
}

/// Those of them that must not read a whole table, for the test that looks at their plans.
pub(in crate::store) fn served() -> Vec<&'static str> {
    let served = [
        super::hot::STATEMENTS,
        super::actions::SERVED,
        super::dead_letters::SERVED,
        super::load_beside::SERVED,
        super::purge::SERVED,
        super::purge::SERVED_SATELLITES,
        super::write_actions::SERVED,
        super::write_beside::SERVED,
        super::write_merge::SERVED,
        super::projects::SERVED,
        super::query::SERVED,
        super::search_index::SERVED,
        super::triage::SERVED,
        super::velocity::SERVED,
        super::write_search::SERVED,
    ];
    served.concat()
}
