//! Hands the configuration and the permissions of the window to Tauri.

fn main() {
    // Tauri only looks after the folders it would have chosen itself.
    println!("cargo::rerun-if-changed=src-tauri/permissions");
    let manifest =
        tauri_build::AppManifest::new().permissions_path_pattern("src-tauri/permissions/*.toml");
    if let Err(error) =
        tauri_build::try_build(tauri_build::Attributes::new().app_manifest(manifest))
    {
        println!("cargo::error=tauri-build: {error:#}");
    }
}
