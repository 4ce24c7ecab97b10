//! More windows on the same store.

use crate::error::{CommandError, CommandResult};
use picket_core::{Error, ErrorKind};
use tauri::utils::config::WindowConfig;
use tauri::{AppHandle, Manager, WebviewUrl, WebviewWindowBuilder};

/// Longest place that a window is opened at, in bytes.
const LONGEST_PLACE: usize = 32 * 1024;
/// Windows that can be open at once: each has a page and lists of its own.
const MOST_WINDOWS: usize = 12;

/// Opens another window at a place of the router, such as `/inbox?q=is:unresolved`. It looks like the first one did.
#[tauri::command]
#[specta::specta]
pub async fn window_open(app: AppHandle, place: String) -> CommandResult<()> {
    let invalid = |message: String| CommandError::new(ErrorKind::InvalidInput, message);
    if !is_place(&place) {
        return Err(invalid("This is no place of Picket.".to_owned()));
    }
    let open = app.webview_windows();
    if open.len() >= MOST_WINDOWS {
        return Err(invalid(format!(
            "{MOST_WINDOWS} windows are open, and no more can be. Close one first."
        )));
    }
    let first = app.config().app.windows.first().cloned();
    let config = WindowConfig {
        // At most as many are taken as there are windows.
        label: (2..=MOST_WINDOWS + 1)
            .map(|number| format!("window-{number}"))
            .find(|label| !open.contains_key(label))
            .unwrap_or_default(),
        url: WebviewUrl::App(format!("index.html#{place}").into()),
        ..first.unwrap_or_default()
    };
    let builder = WebviewWindowBuilder::from_config(&app, &config);
    builder
        .and_then(WebviewWindowBuilder::build)
        .map_err(|error| {
            let message = "The system did not open another window. Close some and try again.";
            Error::caused(ErrorKind::Internal, message, error)
        })?;
    Ok(())
}

/// Whether a text names a place of the router, and not of another site.
fn is_place(text: &str) -> bool {
    let is_path = text.starts_with('/') && !text.starts_with("//");
    is_path && text.len() <= LONGEST_PLACE && !text.contains(|sign: char| sign.is_control())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_places_of_the_router_are_opened() {
        for place in [
            "/inbox",
            "/inbox?q=is%3Aunresolved&sort=events",
            "/issues/7",
        ] {
            assert!(is_place(place), "{place}");
        }
        let long = format!("/{}", "x".repeat(LONGEST_PLACE));
        for other in [
            "",
            "inbox",
            "//example.org",
            "https://example.org",
            "/a\nb",
            &long,
        ] {
            assert!(!is_place(other), "{other}");
        }
    }
}
