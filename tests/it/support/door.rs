//! The port of a fake, which can be shut: whoever knocks then is refused, and nobody else gets the port meanwhile.

use std::net::SocketAddr;
use std::time::Duration;

use tokio::net::{TcpListener, TcpSocket, TcpStream};
use tokio::sync::watch;

/// The handle of the door.
pub(crate) struct Door {
    is_open: watch::Sender<bool>,
}

/// Where connections come in.
pub(crate) struct Entrance {
    address: SocketAddr,
    is_open: watch::Receiver<bool>,
    listener: Option<TcpListener>,
    /// Bound and not listening: keeps the port, and refuses.
    kept: Option<TcpSocket>,
}

impl Door {
    /// An open one on a port of the loopback.
    pub(crate) async fn new() -> (Self, Entrance) {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let (is_open, seen) = watch::channel(true);
        let entrance = Entrance {
            address: listener.local_addr().unwrap(),
            is_open: seen,
            listener: Some(listener),
            kept: None,
        };
        (Self { is_open }, entrance)
    }

    /// From now on whoever connects is refused. Connections that are open stay so.
    pub(crate) fn shut(&self) {
        self.is_open.send_replace(false);
    }

    /// Lets people in again.
    pub(crate) fn open(&self) {
        self.is_open.send_replace(true);
    }
}

impl Entrance {
    pub(crate) fn address(&self) -> SocketAddr {
        self.address
    }

    /// The next connection.
    pub(crate) async fn next(&mut self) -> TcpStream {
        loop {
            if *self.is_open.borrow_and_update() {
                if let Some(kept) = self.kept.take() {
                    self.listener = Some(kept.listen(128).unwrap());
                }
                let listener = self.listener.as_ref().unwrap();
                tokio::select! {
                    accepted = listener.accept() => if let Ok((stream, _)) = accepted {
                        return stream;
                    },
                    changed = self.is_open.changed() => if changed.is_err() {
                        std::future::pending::<()>().await;
                    },
                }
            } else {
                self.listener = None;
                self.kept = Some(keep(self.address).await);
                if self.is_open.changed().await.is_err() {
                    std::future::pending::<()>().await;
                }
            }
        }
    }
}

/// Binds the port. A child that is just being started may hold the listener a moment longer than we do.
async fn keep(address: SocketAddr) -> TcpSocket {
    for _ in 0..200 {
        let socket = TcpSocket::new_v4().unwrap();
        socket.set_reuseaddr(true).unwrap();
        if socket.bind(address).is_ok() {
            return socket;
        }
        tokio::time::sleep(Duration::from_millis(5)).await;
    }
    panic!("{address} is taken by somebody else");
}

impl axum::serve::Listener for Entrance {
    type Io = TcpStream;
    type Addr = SocketAddr;

    async fn accept(&mut self) -> (TcpStream, SocketAddr) {
        let stream = self.next().await;
        let address = stream.peer_addr().unwrap_or(self.address);
        (stream, address)
    }

    fn local_addr(&self) -> std::io::Result<SocketAddr> {
        Ok(self.address)
    }
}
