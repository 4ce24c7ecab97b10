//! Names and connections, without the client library: each with a time limit of its own.

use super::settings::split_host_port;
use std::net::{SocketAddr, TcpStream, ToSocketAddrs};
use std::sync::mpsc;
use std::time::Duration;

/// How long names may take to be looked up.
const LOOKUP: Duration = Duration::from_secs(5);
/// How long a connection may take to be opened.
const CONNECT: Duration = Duration::from_secs(3);

/// Addresses of a server, or why there are none. The system's look-up knows no time limit, so it gets a thread.
pub(super) fn resolve(server: &str) -> Result<Vec<SocketAddr>, String> {
    let Some((host, port)) = split_host_port(server) else {
        return Err(format!("{server} is no address."));
    };
    let (sender, receiver) = mpsc::channel();
    let target = (host.to_owned(), port);
    std::thread::spawn(move || {
        // Too late an answer finds nobody listening.
        let _ = sender.send(target.to_socket_addrs().map(Iterator::collect::<Vec<_>>));
    });
    match receiver.recv_timeout(LOOKUP) {
        Ok(Ok(addresses)) if !addresses.is_empty() => Ok(addresses),
        Ok(_) => Err(format!("There is no address for {host}.")),
        Err(_) => Err(format!("The look-up of {host} got no answer.")),
    }
}

/// A server with the outcome of connecting to it.
pub(super) type Opened = (String, Result<(), String>);

/// Connects to all servers at the same time.
pub(super) fn open_all(servers: &[(String, Vec<SocketAddr>)]) -> Vec<Opened> {
    std::thread::scope(|scope| {
        let attempts: Vec<_> = servers
            .iter()
            .map(|(server, addresses)| (server, scope.spawn(move || open(server, addresses))))
            .collect();
        attempts
            .into_iter()
            .map(|(server, attempt)| {
                let result = attempt
                    .join()
                    .unwrap_or_else(|_| Err(format!("{server} could not be tried.")));
                (server.clone(), result)
            })
            .collect()
    })
}

fn open(server: &str, addresses: &[SocketAddr]) -> Result<(), String> {
    let mut problem = format!("{server} has no address.");
    for address in addresses {
        match TcpStream::connect_timeout(address, CONNECT) {
            Ok(_) => return Ok(()),
            Err(error) if error.kind() == std::io::ErrorKind::ConnectionRefused => {
                problem = format!(
                    "{} answers, but nothing listens on port {}.",
                    address.ip(),
                    address.port()
                );
            }
            Err(error) if error.kind() == std::io::ErrorKind::TimedOut => {
                problem = format!(
                    "No answer from {server} within {} seconds.",
                    CONNECT.as_secs()
                );
            }
            Err(error) => problem = format!("{server} cannot be reached: {error}."),
        }
    }
    Err(problem)
}
