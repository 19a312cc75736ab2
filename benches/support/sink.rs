//! Postfix's `smtp-sink`: a relay that takes every mail and throws it away.

use std::net::{TcpListener, TcpStream};
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

const PROGRAM: &str = "/usr/sbin/smtp-sink";

/// A running one, on loopback; it ends with this value.
pub(crate) struct Sink {
    program: Child,
    pub(crate) port: u16,
}

impl Sink {
    /// `None` when it is not installed.
    pub(crate) fn start() -> Option<Self> {
        if !Path::new(PROGRAM).exists() {
            return None;
        }
        let free = TcpListener::bind("127.0.0.1:0").unwrap();
        let port = free.local_addr().unwrap().port();
        drop(free);
        let program = Command::new(PROGRAM)
            .args(["-u", "nobody", &format!("127.0.0.1:{port}"), "128"])
            .stdout(Stdio::null())
            .spawn()
            .unwrap();
        let sink = Self { program, port };
        let since = Instant::now();
        while TcpStream::connect(("127.0.0.1", port)).is_err() {
            assert!(
                since.elapsed() < Duration::from_secs(10),
                "smtp-sink does not listen"
            );
            std::thread::park_timeout(Duration::from_millis(20));
        }
        Some(sink)
    }
}

impl Drop for Sink {
    fn drop(&mut self) {
        // It may have ended by itself.
        let _ = self.program.kill();
        let _ = self.program.wait();
    }
}
