//! The built programs, run the way a user runs them.

use std::path::PathBuf;

/// The path of a program of this workspace, for example `picketctl`, from the same build as the running test.
///
/// # Panics
/// When it has not been built: cargo builds another package's programs only when asked for the whole workspace.
#[must_use]
pub fn program(name: &str) -> PathBuf {
    let test = std::env::current_exe().expect("the running test has a path");
    // target/<profile>/deps/<test>: the programs are one folder up.
    let folder = test
        .ancestors()
        .nth(2)
        .expect("a test sits in target/<profile>/deps");
    let path = folder.join(name);
    assert!(
        path.is_file(),
        "{} is not there. Build the whole workspace first: cargo build --workspace --all-targets",
        path.display()
    );
    path
}
