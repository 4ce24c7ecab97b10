//! Light and dark: the window follows the desktop.

use picket_tests::wait::wait_until;
use serde_json::json;

use crate::window::{Desk, SOON, Window};

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn light_and_dark() {
    let Some(desk) = Desk::new("looks").await else {
        return;
    };
    let mut brightness = Vec::new();
    for (name, theme) in [("light", "Adwaita"), ("dark", "Adwaita:dark")] {
        let window = desk.open_with(&[("GTK_THEME", theme)]).await;
        // The second window begins where the first one ended.
        window.click("nav-inbox").await;
        if name == "light" {
            window.click("start-demo").await;
        }
        window.find("issue-row").await;
        window.picture(&format!("inbox-{name}")).await;
        brightness.push(background(&window).await);
        window.keys("?").await;
        window.find("help-sheet").await;
        window.picture(&format!("help-{name}")).await;
        window.key(thirtyfour::Key::Escape).await;
        window.gone("help-sheet").await;
        for screen in ["live", "connections", "settings"] {
            window.click(&format!("nav-{screen}")).await;
            let open = format!("nav-{screen}");
            wait_until(&format!("the screen {screen}"), SOON, async || {
                window.attribute(&open, "aria-current").await.as_deref() == Some("page")
            })
            .await;
            if screen == "live" {
                // The sum below the outcomes: they have been read and add up to something.
                window.find_css("tfoot td[colspan='2']").await;
            }
            window.picture(&format!("{screen}-{name}")).await;
        }
        window.close().await;
    }
    assert!(
        brightness[0] > 160.0,
        "light has a dark background: {brightness:?}"
    );
    assert!(
        brightness[1] < 96.0,
        "dark has a light background: {brightness:?}"
    );
}

/// The locale of a container or a minimal system. WebKit makes the language tag "C" of it, which is none: whatever on
/// the page asks for dates or numbers in the user's language has to survive that.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_system_without_a_language() {
    let Some(desk) = Desk::new("locale").await else {
        return;
    };
    let window = desk.open_with(&[("LC_ALL", "C.UTF-8")]).await;
    window.find("start-demo").await;
    window.picture("welcome").await;
    window.close().await;
}

/// Mean brightness of what is behind the text, from 0 to 255.
async fn background(window: &Window<'_>) -> f64 {
    let script = "for (let e = document.querySelector(`[data-testid='issue-list']`); e; e = e.parentElement) { \
                    const c = document.createElement('canvas').getContext('2d'); \
                    c.fillStyle = getComputedStyle(e).backgroundColor; c.fillRect(0, 0, 1, 1); \
                    const [r, g, b, a] = c.getImageData(0, 0, 1, 1).data; \
                    if (a > 0) return (r + g + b) / 3; } return 255;";
    let value = window.script(script, vec![]).await;
    value.as_f64().unwrap_or_else(|| {
        panic!(
            "no brightness but {value}, expected a number like {}",
            json!(255)
        )
    })
}
