//! A Redis of a test's own, to be taken away.

use super::support::{PATIENT, skipped};
use std::net::TcpListener;
use std::process::{Child, Command, Stdio};
use std::time::Instant;
use tempfile::TempDir;

/// A small Redis on a free port; not running at first.
pub struct Server {
    port: u16,
    folder: TempDir,
    running: Option<Child>,
}

impl Server {
    /// Nothing, and a line that cannot be missed, where Redis is not installed or must not be used.
    pub fn new(case: &str) -> Option<Self> {
        if std::env::var_os("PICKET_TEST_REDIS").is_none() {
            skipped(case, "PICKET_TEST_REDIS=redis://…");
            return None;
        }
        let installed = Command::new("redis-server")
            .arg("--version")
            .stdout(Stdio::null())
            .status();
        if installed.is_err() {
            skipped(case, "a PATH with redis-server");
            return None;
        }
        // Bound and left, so free for now.
        let port = TcpListener::bind("127.0.0.1:0")
            .unwrap()
            .local_addr()
            .unwrap()
            .port();
        Some(Self {
            port,
            folder: tempfile::tempdir().unwrap(),
            running: None,
        })
    }

    pub fn url(&self) -> String {
        format!("redis://127.0.0.1:{}", self.port)
    }

    /// Starts the server and waits until it answers.
    pub fn start(&mut self, options: &[&str]) {
        assert!(self.running.is_none());
        let port = self.port.to_string();
        let child = Command::new("redis-server")
            .args([
                "--bind",
                "127.0.0.1",
                "--port",
                &port,
                "--save",
                "",
                "--appendonly",
                "no",
            ])
            .args(["--daemonize", "no", "--dir"])
            .arg(self.folder.path())
            .args(options)
            .stdout(Stdio::null())
            .spawn()
            .unwrap();
        self.running = Some(child);
        let begun = Instant::now();
        while std::net::TcpStream::connect(("127.0.0.1", self.port)).is_err() {
            assert!(begun.elapsed() < PATIENT, "redis-server does not start");
            std::thread::sleep(std::time::Duration::from_millis(20));
        }
    }

    pub fn kill(&mut self) {
        if let Some(mut child) = self.running.take() {
            child.kill().unwrap();
            child.wait().unwrap();
        }
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        if let Some(mut child) = self.running.take() {
            let _ = child.kill();
            let _ = child.wait();
        }
    }
}
