//! The one list of commands and events that the window sees.

use crate::commands::{
    app, bulk, bundle, connections, dead_letters, export, feed, issues, query, triage, views,
    window,
};
use crate::events::{EngineStatus, StoreChanged, StoreOpened};
use picket_core::view::IssueSort;
use specta_typescript::semantic;
use tauri::Wry;
use tauri_specta::{Builder, collect_commands, collect_events};

/// The commands and events, for the application and for the bindings test.
pub fn builder() -> Builder<Wry> {
    Builder::new()
        // What the window sends and what it gets have the same shape: no type has fields for one direction only.
        .disable_serde_phases()
        // Counts, times and rates are finite, so a number is never sent as null.
        .semantic_types(semantic::Configuration::empty().enable_lossless_floats())
        // Orders cross as text; the words in it are of this type.
        .typ::<IssueSort>()
        .commands(collect_commands![
            app::app_info,
            bulk::bulk_change,
            bulk::job_cancel,
            bulk::job_resume,
            bulk::jobs,
            bulk::issue_opened,
            bulk::journal,
            bulk::journal_issues,
            bulk::journal_undo,
            bulk::selection_summary,
            bulk::labels,
            bulk::standings,
            bundle::bundle_close,
            bundle::bundle_given,
            bundle::bundle_open,
            bundle::pick_bundle,
            connections::connection_delete,
            connections::connection_list,
            connections::connection_save,
            connections::connection_test,
            dead_letters::dead_letter,
            dead_letters::dead_letters,
            dead_letters::dead_letters_discard,
            dead_letters::dead_letters_replay,
            dead_letters::dead_letters_restore,
            dead_letters::outcomes,
            export::export_preview,
            export::export_run,
            export::export_text,
            export::pick_save_path,
            export::suggested_save_path,
            feed::feed_start,
            feed::feed_status,
            feed::feed_stop,
            issues::group_trends,
            issues::issue_changes,
            issues::issue_detail,
            issues::issue_extras,
            issues::issue_head,
            issues::issue_count,
            issues::issue_rows,
            issues::issue_similar,
            issues::issue_snapshot,
            issues::occurrence_detail,
            issues::question_withdraw,
            query::query_check,
            query::query_complete,
            query::query_explain,
            triage::issue_activities,
            triage::people,
            triage::project_releases,
            views::view_counts,
            views::view_delete,
            views::view_save,
            views::views,
            views::views_reorder,
            window::window_open,
        ])
        .events(collect_events![EngineStatus, StoreChanged, StoreOpened])
}

#[cfg(test)]
#[allow(clippy::unwrap_used, reason = "a test should stop where it fails")]
mod tests {
    use super::*;
    use specta_typescript::Typescript;
    use std::collections::BTreeSet;
    use std::path::Path;

    /// Set to rewrite the bindings in place of comparing them.
    const UPDATE: &str = "PICKET_UPDATE_BINDINGS";

    #[test]
    fn the_bindings_of_the_ui_are_current() {
        let checked_in = Path::new(env!("CARGO_MANIFEST_DIR")).join("ui/src/bindings.ts");
        let folder = tempfile::tempdir().unwrap();
        let target = match std::env::var_os(UPDATE) {
            Some(_) => checked_in.clone(),
            None => folder.path().join("bindings.ts"),
        };
        builder().export(Typescript::default(), &target).unwrap();
        let (current, expected) = (
            std::fs::read_to_string(&checked_in).unwrap(),
            std::fs::read_to_string(&target).unwrap(),
        );
        assert!(
            current == expected,
            "ui/src/bindings.ts is not what the commands say. Run `make bindings`."
        );
    }

    #[test]
    fn the_window_may_call_every_command_and_nothing_else() {
        let permissions = include_str!("../permissions/window.toml");
        let allowed: BTreeSet<_> = permissions
            .lines()
            .filter_map(|line| line.trim().strip_prefix('"')?.strip_suffix("\","))
            .collect();
        let folder = tempfile::tempdir().unwrap();
        let target = folder.path().join("bindings.ts");
        builder().export(Typescript::default(), &target).unwrap();
        let bindings = std::fs::read_to_string(&target).unwrap();
        let commands: BTreeSet<_> = bindings
            .split("__TAURI_INVOKE")
            .filter_map(|call| {
                // What answers nothing says so.
                let call = call.strip_prefix("<void>").unwrap_or(call);
                call.strip_prefix("(\"")?.split('"').next()
            })
            .collect();
        assert!(!commands.is_empty());
        assert_eq!(allowed, commands);
    }
}
