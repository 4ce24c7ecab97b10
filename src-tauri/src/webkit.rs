//! Switches of the web view that have to be set before it starts.

/// WebKitGTK's DMABUF renderer shows nothing on some drivers and without a GPU. Where the user has not chosen, and
/// the machine has no render node, the shared-memory renderer is used.
pub fn prepare() {
    #[cfg(target_os = "linux")]
    {
        const SWITCH: &str = "WEBKIT_DISABLE_DMABUF_RENDERER";
        if std::env::var_os(SWITCH).is_none() && !std::path::Path::new("/dev/dri").exists() {
            relaunch_with(SWITCH, "1");
        }
    }
}

/// Starts this program again with one more variable. The environment of a running process cannot be changed safely,
/// and the web view reads it before `main` gets another chance.
#[cfg(target_os = "linux")]
fn relaunch_with(variable: &str, value: &str) {
    use std::os::unix::process::CommandExt;
    let Ok(program) = std::env::current_exe() else { return };
    // Returns only when it fails; the window then opens with the renderer's own choice.
    let error = std::process::Command::new(program).args(std::env::args_os().skip(1)).env(variable, value).exec();
    tracing::warn!(%error, "the renderer switch could not be set");
}
