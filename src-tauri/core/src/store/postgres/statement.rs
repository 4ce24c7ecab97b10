//! Every statement of this backend, for the test that prepares them.

pub(in crate::store) fn all() -> Vec<String> {
    let fixed = [
        super::hot::STATEMENTS,
        super::hot::WRITES,
        super::ingest::STATEMENTS,
        super::inspect::STATEMENTS,
        super::load::STATEMENTS,
        super::state::STATEMENTS,
        super::projects::STATEMENTS,
        super::query::STATEMENTS,
        super::write::STATEMENTS,
        super::write_states::STATEMENTS,
    ];
    fixed.concat().into_iter().map(str::to_owned).collect()
}
