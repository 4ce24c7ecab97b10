//! The real window, driven the way a person uses it: `tauri-driver` starts the built program, WebKit's own driver
//! presses its keys and takes its pictures.
//!
//! `make e2e` brings the display, the session bus and the unlocked keyring; without them these tests are left out.
//! What the tests find their way by (`data-testid` and its companions) is listed in `ui/src/lib/testIds.ts`.
//! Pictures: `artifacts/e2e/<test>/NN-<step>.png`.

// Every line here is a test's; the helpers outside of `#[test]` functions are only hidden from clippy.
#![allow(clippy::expect_used, clippy::panic, clippy::unwrap_used)]

mod bundle;
mod close_look;
mod connections;
mod find_and_act;
mod journey;
mod listed;
mod looks;
mod order_and_views;
mod steps;
mod thousands;
mod triage;
mod triage_mode;
mod window;
mod window_look;
mod wording;
