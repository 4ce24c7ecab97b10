//! One running window: started on a data folder, driven by keys and clicks, photographed, closed.

use std::fs::File;
use std::net::{TcpListener, TcpStream};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::atomic::{AtomicU32, Ordering};
use std::time::Duration;

use anyhow::{Context, Result, bail};
use picket_tests::program::program;
use picket_tests::service::skip;
use picket_tests::wait::{block_until, wait_for, wait_until};
use serde_json::{Value, json};
use thirtyfour::error::WebDriverErrorInner;
use thirtyfour::prelude::*;
use thirtyfour::{Capabilities, Key};
use tokio::sync::{Mutex, MutexGuard};

/// Generous: two cores, software rendering, an unoptimised build.
pub const SOON: Duration = Duration::from_secs(20);

/// Where a test keeps its files; gone when it is over.
pub struct Desk {
    folder: tempfile::TempDir,
    pictures: PathBuf,
    count: AtomicU32,
    /// Windows share a display, and the keyboard goes to one of them, so tests take turns.
    _turn: MutexGuard<'static, ()>,
}

static TURN: Mutex<()> = Mutex::const_new(());

impl Desk {
    /// A place to run the test `name`, or `None` when this run has no display for it.
    pub async fn new(name: &str) -> Option<Self> {
        match std::env::var("PICKET_E2E").as_deref() {
            Ok("on") => {}
            // `make test` runs this in a step of its own, after the others.
            Ok("later") => return None,
            _ => {
                skip(
                    "the window",
                    "it needs a display, a session bus and a keyring of its own. Run `make e2e`.",
                );
                return None;
            }
        }
        let pictures = std::env::var_os("PICKET_E2E_ARTIFACTS")
            .map_or_else(|| PathBuf::from("artifacts/e2e"), PathBuf::from)
            .join(name);
        std::fs::create_dir_all(&pictures).expect("a folder for the pictures");
        Some(Self {
            folder: tempfile::tempdir().expect("a temporary folder"),
            pictures,
            count: AtomicU32::new(0),
            _turn: TURN.lock().await,
        })
    }

    /// Picket's data folder, the same for every window opened at this desk.
    pub fn data(&self) -> PathBuf {
        self.folder.path().join("data")
    }

    /// Every file the program wrote, the page's own storage included, that contains `needle`.
    pub fn files_containing(&self, needle: &str) -> Vec<PathBuf> {
        fn walk(folder: &Path, needle: &[u8], found: &mut Vec<PathBuf>) {
            for entry in std::fs::read_dir(folder).into_iter().flatten().flatten() {
                let path = entry.path();
                if path.is_dir() {
                    walk(&path, needle, found);
                } else if std::fs::read(&path)
                    .is_ok_and(|bytes| bytes.windows(needle.len()).any(|part| part == needle))
                {
                    found.push(path);
                }
            }
        }
        let mut found = Vec::new();
        walk(self.folder.path(), needle.as_bytes(), &mut found);
        found
    }

    /// Opens the window and waits until its page is there.
    pub async fn open(&self) -> Window<'_> {
        self.open_with(&[]).await
    }

    /// Opens the window with further environment variables.
    pub async fn open_with(&self, environment: &[(&str, &str)]) -> Window<'_> {
        self.opened(environment, &[]).await
    }

    /// Opens the window for a file, as a double click on it does.
    pub async fn open_file(&self, file: &Path) -> Window<'_> {
        self.opened(&[], &[file]).await
    }

    async fn opened(&self, environment: &[(&str, &str)], files: &[&Path]) -> Window<'_> {
        let window = Window::start(self, environment, files)
            .await
            .expect("the window starts");
        window.find("shell").await;
        window
    }
}

pub struct Window<'desk> {
    desk: &'desk Desk,
    pub driver: WebDriver,
    process: DriverProcess,
}

impl<'desk> Window<'desk> {
    async fn start(
        desk: &'desk Desk,
        environment: &[(&str, &str)],
        files: &[&Path],
    ) -> Result<Self> {
        let (port, native_port) = (free_port()?, free_port()?);
        let run = desk.count.fetch_add(1, Ordering::Relaxed);
        let log = File::create(desk.pictures.join(format!("{run:02}-window.log")))?;
        // The driver's environment is the window's.
        let child = Command::new("tauri-driver")
            .args([
                "--port",
                &port.to_string(),
                "--native-port",
                &native_port.to_string(),
            ])
            .env("PICKET_DATA_DIR", desk.data())
            // What the page keeps (where the user was, which theme) lies in WebKit's own folders, below these.
            .env("XDG_DATA_HOME", desk.folder.path().join("home/data"))
            .env("XDG_CONFIG_HOME", desk.folder.path().join("home/config"))
            .env("XDG_CACHE_HOME", desk.folder.path().join("home/cache"))
            .env("XDG_STATE_HOME", desk.folder.path().join("home/state"))
            .env("RUST_BACKTRACE", "1")
            .envs(environment.iter().copied())
            .stdin(Stdio::null())
            .stdout(log.try_clone()?)
            .stderr(log)
            .spawn()
            .context("tauri-driver does not start; `make e2e` installs it")?;
        let process = DriverProcess(child);
        for port in [port, native_port] {
            block_until("the driver to listen", SOON, || {
                TcpStream::connect(("127.0.0.1", port)).is_ok()
            });
        }
        let mut capabilities = Capabilities::new();
        capabilities.set(
            "tauri:options",
            json!({ "application": program("picket"), "args": files }),
        )?;
        let driver = WebDriver::new(format!("http://127.0.0.1:{port}"), capabilities)
            .await
            .context(
                "the window does not open; its own words are in the log beside the pictures",
            )?;
        Ok(Self {
            desk,
            driver,
            process,
        })
    }

    /// Closes the window as a person would, and waits until the program has ended: what it still had to save is saved.
    pub async fn close(self) {
        // WebKit writes what a page keeps (here: the place to come back to) half a second after the page said so, and
        // not at all when the window is closed before. A person is not as quick as this test.
        tokio::time::sleep(Duration::from_secs(1)).await;
        let program = self.process.descendant_named("picket");
        // The driver loses its window with this, which some versions report as an error.
        let _ = self.driver.close_window().await;
        if let Some(pid) = program {
            let folder = PathBuf::from(format!("/proc/{pid}"));
            let gone = "the program to end after its window was closed";
            wait_until(gone, SOON, async || !alive(&folder)).await;
        }
        let _ = self.driver.clone().quit().await;
    }

    /// Keeps a picture of the window. Numbered, so that the folder tells the story in order.
    pub async fn picture(&self, name: &str) {
        // What the page is made of by now has to be painted first.
        let painted = "const [done] = arguments; requestAnimationFrame(() => requestAnimationFrame(() => done()));";
        let frame = self.driver.execute_async(painted, vec![]).await;
        frame.expect("the page to be painted");
        let number = self.desk.count.fetch_add(1, Ordering::Relaxed);
        let path = self.desk.pictures.join(format!("{number:02}-{name}.png"));
        self.driver
            .screenshot(&path)
            .await
            .expect("a picture of the window");
    }

    // ---- finding -----------------------------------------------------------------------------------------------

    /// The element with this test id, as soon as it is there and shown.
    pub async fn find(&self, id: &str) -> WebElement {
        self.find_css(&format!("[data-testid='{id}']")).await
    }

    pub async fn find_css(&self, css: &str) -> WebElement {
        wait_for(&format!("{css} to be shown"), SOON, async || {
            let element = self.driver.find(By::Css(css)).await.ok()?;
            element.is_displayed().await.ok()?.then_some(element)
        })
        .await
    }

    /// The button, link or tab with this text.
    pub async fn find_named(&self, name: &str) -> WebElement {
        let path = format!(
            "//*[self::button or self::a or @role='button' or @role='menuitem' or @role='tab']\
             [contains(normalize-space(.), '{name}') or contains(@aria-label, '{name}')]"
        );
        wait_for(
            &format!("a control called “{name}”"),
            SOON,
            async || {
                let element = self.driver.find(By::XPath(path.as_str())).await.ok()?;
                element.is_displayed().await.ok()?.then_some(element)
            },
        )
        .await
    }

    pub async fn exists(&self, id: &str) -> bool {
        let script = "return document.querySelector(`[data-testid='${arguments[0]}']`) !== null;";
        self.script(script, vec![json!(id)]).await == json!(true)
    }

    pub async fn gone(&self, id: &str) {
        wait_until(&format!("{id} to be gone"), SOON, async || {
            !self.exists(id).await
        })
        .await;
    }

    /// An attribute of the first element with this test id; `None` without the element or the attribute.
    pub async fn attribute(&self, id: &str, name: &str) -> Option<String> {
        let script = "return document.querySelector(`[data-testid='${arguments[0]}']`)?.getAttribute(arguments[1]) ?? null;";
        self.script(script, vec![json!(id), json!(name)])
            .await
            .as_str()
            .map(str::to_owned)
    }

    /// The text of the first element with this test id, empty without one.
    pub async fn text(&self, id: &str) -> String {
        let script =
            "return document.querySelector(`[data-testid='${arguments[0]}']`)?.textContent ?? '';";
        self.script(script, vec![json!(id)])
            .await
            .as_str()
            .unwrap_or_default()
            .to_owned()
    }

    /// What a script that only looks answers. Once in a while WebKit's driver loses an answer and calls that an unknown
    /// error; then it is asked again, once and aloud.
    pub async fn script(&self, script: &str, arguments: Vec<Value>) -> Value {
        let mut answer = self.driver.execute(script, arguments.clone()).await;
        if let Err(error) = &answer
            && matches!(**error, WebDriverErrorInner::UnknownError(_))
        {
            eprintln!("asked again, because the driver failed: {error}");
            answer = self.driver.execute(script, arguments).await;
        }
        answer
            .unwrap_or_else(|error| panic!("the page does not answer {script:?}: {error}"))
            .json()
            .clone()
    }

    // ---- acting ------------------------------------------------------------------------------------------------

    pub async fn click(&self, id: &str) {
        self.find(id)
            .await
            .click()
            .await
            .unwrap_or_else(|error| panic!("{id} cannot be clicked: {error}"));
    }

    /// Clicks on what a selector finds while Shift is held.
    pub async fn shift_click(&self, css: &str) {
        let element = self.find_css(css).await;
        let clicked = self
            .driver
            .action_chain()
            .key_down(Key::Shift)
            .click_element(&element)
            .key_up(Key::Shift)
            .perform()
            .await;
        clicked.unwrap_or_else(|error| panic!("{css} cannot be clicked with Shift: {error}"));
    }

    /// Presses keys one after the other, wherever the focus is: real key events, not text put into a field.
    pub async fn keys(&self, keys: impl AsRef<str>) {
        self.driver
            .action_chain()
            .send_keys(keys.as_ref())
            .perform()
            .await
            .unwrap_or_else(|error| panic!("keys cannot be pressed: {error}"));
    }

    pub async fn key(&self, key: Key) {
        self.keys(char::from(key).to_string()).await;
    }

    /// Presses a key while Control is held.
    pub async fn control(&self, key: char) {
        self.chord(&[Key::Control], key).await;
    }

    /// Presses a letter while Shift is held. A capital letter alone comes without Shift, as with caps lock.
    pub async fn shift(&self, letter: char) {
        self.chord(&[Key::Shift], letter).await;
    }

    /// Presses a key while Alt is held.
    pub async fn alt(&self, key: Key) {
        self.chord(&[Key::Alt], key.into()).await;
    }

    /// Presses a key while others are held.
    pub async fn chord(&self, held: &[Key], key: char) {
        let mut chain = self.driver.action_chain();
        for modifier in held {
            chain = chain.key_down(modifier.clone());
        }
        chain = chain.send_keys(key.to_string());
        for modifier in held {
            chain = chain.key_up(modifier.clone());
        }
        let pressed = chain.perform().await;
        pressed.unwrap_or_else(|error| panic!("{held:?} and {key} cannot be pressed: {error}"));
    }

    /// The text of the field that has the focus, empty where none has it.
    pub async fn focused_value(&self) -> String {
        let value = self
            .script("return document.activeElement?.value ?? '';", vec![])
            .await;
        value.as_str().unwrap_or_default().to_owned()
    }

    /// Replaces the text of the field that has the focus.
    pub async fn retype(&self, text: &str) {
        self.control('a').await;
        self.key(Key::Delete).await;
        self.keys(text).await;
    }

    /// Fills a field of a form: a choice where it offers choices, text otherwise.
    pub async fn fill(&self, id: &str, value: &str) {
        let field = self.find(id).await;
        let tag = field.tag_name().await.unwrap_or_default();
        let role = field.attr("role").await.ok().flatten().unwrap_or_default();
        field.scroll_into_view().await.ok();
        if tag == "button" || role == "combobox" {
            field
                .click()
                .await
                .unwrap_or_else(|error| panic!("{id} does not open: {error}"));
            let option = format!(
                "//*[@role='listbox'][not(@data-closed)]//*[@role='option'][starts-with(normalize-space(.), '{value}')]"
            );
            wait_for(&format!("{id} to offer {value}"), SOON, async || {
                let option = self.driver.find(By::XPath(option.as_str())).await.ok()?;
                option.click().await.ok()
            })
            .await;
            let chosen = format!("{id} to be {value} and the list of choices to be closed");
            wait_until(&chosen, SOON, async || {
                self.text(id).await == value
                    && self.attribute(id, "aria-expanded").await.as_deref() == Some("false")
            })
            .await;
        } else {
            field
                .click()
                .await
                .unwrap_or_else(|error| panic!("{id} cannot be clicked: {error}"));
            self.retype(value).await;
        }
    }

    // ---- the inbox ---------------------------------------------------------------------------------------------

    /// The exact number of results, once the current query has been answered.
    pub async fn total(&self) -> u64 {
        wait_for("the result count", SOON, async || {
            if self.attribute("result-count", "data-stale").await.is_some() {
                return None;
            }
            self.attribute("result-count", "data-total")
                .await?
                .parse()
                .ok()
        })
        .await
    }

    /// The issue the cursor is on.
    pub async fn cursor(&self) -> Option<Row> {
        let script = "const row = document.querySelector(`[data-testid='issue-row'][data-cursor]`); \
                      return row && { id: row.dataset.issueId, index: Number(row.dataset.index), top: row.getBoundingClientRect().top };";
        serde_json::from_value(self.script(script, vec![]).await)
            .expect("a row has an id and an index")
    }

    /// The issue the cursor is on, once it is on one.
    pub async fn cursor_row(&self) -> Row {
        wait_for("the cursor to be on a row", SOON, async || {
            self.cursor().await
        })
        .await
    }

    /// Waits until the cursor has reached the row with this index.
    pub async fn cursor_at(&self, index: u64) -> Row {
        wait_for(
            &format!("the cursor to be on row {index}"),
            SOON,
            async || self.cursor().await.filter(|row| row.index == index),
        )
        .await
    }

    /// Replaces the query by typing it.
    pub async fn search(&self, query: &str) {
        self.key(Key::Escape).await;
        self.keys("/").await;
        wait_until("the search field to have the focus", SOON, async || {
            let script =
                "return document.activeElement?.closest(`[data-testid='query-input']`) !== null;";
            self.script(script, vec![]).await == json!(true)
        })
        .await;
        self.retype(query).await;
    }
}

impl Drop for Window<'_> {
    /// A test that fails leaves a picture of what it saw last, and the page as it was.
    fn drop(&mut self) {
        if !std::thread::panicking() {
            return;
        }
        let (driver, folder) = (self.driver.clone(), self.desk.pictures.clone());
        // In a thread with its own runtime: the test's is on its way out.
        let pictured = std::thread::spawn(move || -> Result<()> {
            tokio::runtime::Builder::new_current_thread()
                .enable_all()
                .build()?
                .block_on(async {
                    driver.screenshot(&folder.join("failed.png")).await?;
                    std::fs::write(folder.join("failed.html"), driver.source().await?)?;
                    Ok(())
                })
        })
        .join();
        if !matches!(pictured, Ok(Ok(()))) {
            eprintln!("there is no picture of the failure: {pictured:?}");
        }
    }
}

#[derive(Clone, Debug, PartialEq, serde::Deserialize)]
pub struct Row {
    pub id: String,
    pub index: u64,
    /// Distance from the top of the window; where on the screen the row is.
    pub top: f64,
}

/// `tauri-driver`, and with it WebKit's driver and the window.
struct DriverProcess(Child);

impl DriverProcess {
    /// A program started by the driver, or by one it started.
    fn descendant_named(&self, name: &str) -> Option<u32> {
        let mut family = vec![self.0.id()];
        // Parents have lower places in the list than their children, so one pass over it is enough.
        let mut at = 0;
        while at < family.len() {
            let parent = family[at];
            for entry in std::fs::read_dir("/proc").into_iter().flatten().flatten() {
                let Some(pid) = entry
                    .file_name()
                    .to_str()
                    .and_then(|text| text.parse::<u32>().ok())
                else {
                    continue;
                };
                let Ok(stat) = std::fs::read_to_string(entry.path().join("stat")) else {
                    continue;
                };
                // "pid (name) state parent …"; the name may hold spaces and brackets.
                let Some((head, tail)) = stat.rsplit_once(')') else {
                    continue;
                };
                if tail
                    .split_whitespace()
                    .nth(1)
                    .and_then(|text| text.parse().ok())
                    != Some(parent)
                {
                    continue;
                }
                if head.split_once('(').is_some_and(|(_, found)| found == name) {
                    return Some(pid);
                }
                family.push(pid);
            }
            at += 1;
        }
        None
    }
}

impl Drop for DriverProcess {
    fn drop(&mut self) {
        // Asked politely, it takes WebKit's driver and the window along; killed, it would leave them behind.
        let asked = Command::new("kill")
            .args(["-s", "TERM", &self.0.id().to_string()])
            .status();
        if !asked.is_ok_and(|status| status.success()) {
            let _ = self.0.kill();
        }
        let _ = self.0.wait();
    }
}

fn alive(process: &Path) -> bool {
    let Ok(stat) = std::fs::read_to_string(process.join("stat")) else {
        return false;
    };
    // A process that has ended keeps its place until its parent has looked. But its first thread may have ended while
    // others are still on their way out, and the lock of the store is theirs, too.
    let ended = stat
        .rsplit_once(')')
        .is_some_and(|(_, tail)| tail.trim_start().starts_with('Z'));
    let threads = std::fs::read_dir(process.join("task")).map_or(0, Iterator::count);
    !ended || threads > 1
}

fn free_port() -> Result<u16> {
    let port = TcpListener::bind(("127.0.0.1", 0))?.local_addr()?.port();
    if port == 0 {
        bail!("the system has no free port");
    }
    Ok(port)
}
