//! A cluster is entered once: its settings are kept in a file, its password in the keyring and nowhere else.

use crate::window::Desk;

const PASSWORD: &str = "kx7-Very-Secret-91";

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_connection_is_kept_without_its_password() {
    let Some(desk) = Desk::new("connections").await else {
        return;
    };
    let window = desk.open().await;
    window.find("add-connection").await;
    window.click("add-connection").await;

    for (field, value) in [
        ("name", "staging-eu"),
        (
            "bootstrap_servers",
            "broker-1.example:9093,broker-2.example:9093",
        ),
        ("security", "SASL_SSL"),
        ("sasl_mechanism", "SCRAM-SHA-512"),
        ("username", "picket-reader"),
        ("password", PASSWORD),
        ("topics", "ingest-occurrences"),
    ] {
        window.fill(&format!("connection-{field}"), value).await;
    }
    window.picture("filled").await;
    window.click("connection-save").await;
    window.find_named("staging-eu").await;
    window.picture("saved").await;
    window.close().await;

    // Whatever the program wrote, log files and the page's own storage included.
    let leaks = desk.files_containing(PASSWORD);
    assert!(leaks.is_empty(), "the password is in {leaks:?}");
    assert!(
        !desk.files_containing("broker-1.example").is_empty(),
        "the settings are in a file"
    );

    let window = desk.open().await;
    window.click("nav-connections").await;
    window
        .find_named("staging-eu")
        .await
        .click()
        .await
        .expect("the saved connection opens");
    let servers = window.find("connection-bootstrap_servers").await;
    assert_eq!(
        servers.prop("value").await.ok().flatten().as_deref(),
        Some("broker-1.example:9093,broker-2.example:9093")
    );
    let user = window.find("connection-username").await;
    assert_eq!(
        user.prop("value").await.ok().flatten().as_deref(),
        Some("picket-reader")
    );
    // The page is told that there is a password, and never which.
    assert!(window.text("connection-password").await.contains("stored"));
    assert!(
        !window
            .driver
            .source()
            .await
            .unwrap_or_default()
            .contains(PASSWORD)
    );
    window.picture("after-restart").await;
    window.close().await;
}
