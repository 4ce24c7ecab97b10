//! Switches of the web view that have to be set before it starts.

/// Without a display the toolkit would end the program with a backtrace instead of a sentence.
pub fn require_display() -> anyhow::Result<()> {
    #[cfg(target_os = "linux")]
    {
        let is_set = |name| std::env::var_os(name).is_some_and(|value| !value.is_empty());
        anyhow::ensure!(
            is_set("DISPLAY") || is_set("WAYLAND_DISPLAY"),
            "There is no display: neither DISPLAY nor WAYLAND_DISPLAY is set. Start it in a desktop session, or use \
             picketctl, which needs none."
        );
    }
    Ok(())
}

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
    let Ok(program) = std::env::current_exe() else {
        return;
    };
    // Returns only when it fails; the window then opens with the renderer's own choice.
    let error = std::process::Command::new(program)
        .args(std::env::args_os().skip(1))
        .env(variable, value)
        .exec();
    tracing::warn!(%error, "the renderer switch could not be set");
}
