//! The desktop shell of Picket: a window around [`picket_core`].
//!
//! Nothing is decided here. Commands take typed arguments, call one function of the core and convert the error;
//! events are hints that something has changed.

mod bindings;
mod bundle;
mod commands;
mod error;
mod events;
mod places;
mod questions;
mod runs;
mod session;
mod state;
mod take_over;
mod webkit;

use anyhow::{Context as _, Result, bail};
use state::AppState;
use std::ffi::OsString;
use std::path::PathBuf;
use tauri::{Manager, RunEvent, WindowEvent};

/// Opens the window and runs until it is closed. `arguments` are those of the command line without the program.
///
/// # Errors
/// Arguments that are not understood, settings that cannot be read, or a system that shows no windows.
pub fn run(arguments: impl IntoIterator<Item = OsString>) -> Result<()> {
    let arguments = Arguments::parse(arguments)?;
    init_logging();
    webkit::require_display()?;
    webkit::prepare();
    let bindings = bindings::builder();
    let app = tauri::Builder::default()
        .plugin(tauri_plugin_dialog::init())
        .invoke_handler(bindings.invoke_handler())
        .on_window_event(|window, event| {
            if let WindowEvent::Destroyed = event
                && let Some(state) = window.try_state::<AppState>()
            {
                state.questions.window_closed(window.label());
            }
        })
        .setup(move |app| {
            bindings.mount_events(app);
            let handle = app.handle().clone();
            let state =
                tauri::async_runtime::block_on(AppState::open(arguments.settings, arguments.demo))?;
            if let Some(bundle) = arguments.bundle {
                state.bundles.give(bundle);
            }
            app.manage(state);
            tauri::async_runtime::block_on(app.state::<AppState>().keep_up(&handle));
            if arguments.demo {
                tauri::async_runtime::spawn(async move {
                    if let Err(error) = commands::feed::start(&handle, state::DEMO).await {
                        tracing::error!(message = error.message, "the demo did not start");
                    }
                });
            }
            Ok(())
        })
        .build(tauri::generate_context!())
        .context("The window cannot be opened. Is there a display?")?;
    app.run(|app, event| {
        if let RunEvent::ExitRequested { api, code, .. } = event {
            // The first request drains the feed; `exit` below asks again, with a code.
            if code.is_none() {
                api.prevent_exit();
                drain_then_exit(app.clone());
            }
        }
    });
    Ok(())
}

/// Stores what has been read, closes the store, and leaves.
fn drain_then_exit(app: tauri::AppHandle) {
    tauri::async_runtime::spawn(async move {
        app.state::<AppState>().shut_down().await;
        app.exit(0);
    });
}

struct Arguments {
    demo: bool,
    settings: Option<PathBuf>,
    /// A bundle to look at, by its whole path.
    bundle: Option<PathBuf>,
}

impl Arguments {
    fn parse(arguments: impl IntoIterator<Item = OsString>) -> Result<Self> {
        let mut parsed = Self {
            demo: false,
            settings: std::env::var_os("PICKET_CONFIG").map(PathBuf::from),
            bundle: None,
        };
        let mut arguments = arguments.into_iter();
        while let Some(argument) = arguments.next() {
            match argument.to_str() {
                Some("--demo") => parsed.demo = true,
                Some("--config") => {
                    parsed.settings = Some(
                        arguments
                            .next()
                            .context("--config needs the name of a file")?
                            .into(),
                    );
                }
                Some(text) if text.starts_with('-') => bail!(
                    "{text} is not an argument. Picket knows --demo, --config FILE and the name of a bundle.",
                ),
                // What a desktop starts a program with for a file. Whether it is a bundle is said in the window.
                _ if parsed.bundle.is_none() => {
                    let path = std::path::absolute(&argument);
                    parsed.bundle = Some(path.unwrap_or_else(|_| PathBuf::from(&argument)));
                }
                _ => bail!(
                    "{} is one file too many. Picket opens one bundle at a time.",
                    argument.display()
                ),
            }
        }
        Ok(parsed)
    }
}

fn init_logging() {
    let filter = tracing_subscriber::EnvFilter::try_from_env("PICKET_LOG")
        .unwrap_or_else(|_| tracing_subscriber::EnvFilter::new("warn"));
    tracing_subscriber::fmt()
        .with_writer(std::io::stderr)
        .with_env_filter(filter)
        .init();
}
