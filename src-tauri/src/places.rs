//! Where files of the user lie.

use crate::error::{CommandError, CommandResult};
use picket_core::ErrorKind;
use std::path::{Path, PathBuf};
use tauri::{AppHandle, Manager};
use tauri_plugin_dialog::FilePath;
use tokio::sync::oneshot;

/// Names that are tried before the first one is offered although it is taken.
const MOST_NAMES: u32 = 1_000;

/// The folder of downloads, or the home of a user who has none.
///
/// # Errors
/// Where the system knows neither.
pub fn downloads(app: &AppHandle) -> CommandResult<PathBuf> {
    let downloads = app.path().download_dir().ok().filter(|path| path.is_dir());
    downloads
        .or_else(|| app.path().home_dir().ok())
        .ok_or_else(|| {
            CommandError::new(
                ErrorKind::InvalidInput,
                "The system names no folder of downloads and no home. Give the whole path of the file.",
            )
        })
}

/// The file that a path typed by the user names: `~` is their home, and what begins at no root lies in the folder of
/// downloads.
///
/// # Errors
/// Where nothing is typed, or a folder that is needed is not known.
pub fn target(app: &AppHandle, typed: &str) -> CommandResult<PathBuf> {
    let typed = typed.trim();
    if typed.is_empty() {
        return Err(CommandError::new(
            ErrorKind::InvalidInput,
            "There is no file to write to. Give it a name, or choose one.",
        ));
    }
    if Path::new(typed).is_absolute() {
        return Ok(typed.into());
    }
    let home = app.path().home_dir().ok();
    Ok(resolved(typed, home.as_deref(), &downloads(app)?))
}

fn resolved(typed: &str, home: Option<&Path>, downloads: &Path) -> PathBuf {
    let below_home = typed.strip_prefix("~/").or(typed.strip_prefix("~\\"));
    match (below_home, home) {
        (Some(below), Some(home)) => home.join(below),
        _ => downloads.join(typed),
    }
}

/// `name` in `folder`, with a number where that is taken. Only the last part of `name` counts.
pub fn free_path(folder: &Path, name: &str) -> PathBuf {
    let name = Path::new(name).file_name().unwrap_or("picket".as_ref());
    let first = folder.join(name);
    let stem = first.file_stem().unwrap_or_default().to_string_lossy();
    let extension = first.extension().map(|end| end.to_string_lossy());
    let numbered = (2..MOST_NAMES).map(|number| match &extension {
        Some(extension) => folder.join(format!("{stem}-{number}.{extension}")),
        None => folder.join(format!("{stem}-{number}")),
    });
    std::iter::once(first.clone())
        .chain(numbered)
        .find(|path| !path.exists())
        .unwrap_or(first)
}

/// What a dialog hands its answer to: a path, or nothing where the user gives none.
pub type Answer = Box<dyn FnOnce(Option<FilePath>) + Send>;

/// The path that the user gives in a dialog, which `show` opens; nothing where they give none.
pub async fn picked(show: impl FnOnce(Answer)) -> Option<String> {
    let (answer, answered) = oneshot::channel();
    show(Box::new(move |path| {
        let _ = answer.send(path);
    }));
    // A dialog that goes away without a word has no answer.
    let path = answered.await.ok().flatten()?;
    Some(path.to_string())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_begins_at_no_root_lies_in_the_downloads() {
        let downloads = Path::new("/d");
        let of = |typed| resolved(typed, Some(Path::new("/h")), downloads);
        assert_eq!(of("a.csv"), Path::new("/d/a.csv"));
        assert_eq!(of("~/b/a.csv"), Path::new("/h/b/a.csv"));
        assert_eq!(
            resolved("~/a.csv", None, downloads),
            Path::new("/d/~/a.csv")
        );
    }

    #[test]
    fn a_name_that_is_taken_gets_a_number() {
        let folder = tempfile::tempdir().unwrap();
        let path = |name: &str| folder.path().join(name);
        let free = |name| free_path(folder.path(), name);
        assert_eq!(free("a.csv"), path("a.csv"));
        std::fs::write(path("a.csv"), "").unwrap();
        assert_eq!(free("a.csv"), path("a-2.csv"));
        std::fs::write(path("a-2.csv"), "").unwrap();
        assert_eq!(free("a.csv"), path("a-3.csv"));
        assert_eq!(free("../../b"), path("b"), "no way out of the folder");
    }
}
