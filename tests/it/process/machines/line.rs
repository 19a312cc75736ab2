//! The way of one node to PostgreSQL, which can be cut: nothing goes through any more, and nobody is told.

use std::net::SocketAddr;
use std::path::{Path, PathBuf};

use tokio::io::{AsyncRead, AsyncReadExt, AsyncWrite, AsyncWriteExt};
use tokio::net::{TcpListener, UnixStream};
use tokio::sync::watch;

/// A line from an address of its own to the server of a test.
pub(super) struct Line {
    address: SocketAddr,
    database: String,
    is_cut: watch::Sender<bool>,
}

impl Line {
    /// To the server and database of this URL, which names the folder of a socket.
    pub(super) async fn to(url: &str) -> Self {
        let (rest, folder) = url.split_once("?host=").unwrap();
        let database = rest.rsplit('/').next().unwrap().to_owned();
        let socket = Path::new(folder).join(".s.PGSQL.5432");
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        let (is_cut, watched) = watch::channel(false);
        tokio::spawn(serve(listener, socket, watched));
        Self {
            address,
            database,
            is_cut,
        }
    }

    /// The URL of the database by this line.
    pub(super) fn url(&self) -> String {
        format!("postgres://dondoc@{}/{}", self.address, self.database)
    }

    /// From now on what is written to it is neither delivered nor refused.
    pub(super) fn cut(&self) {
        self.is_cut.send_replace(true);
    }

    /// What was held up goes on its way.
    pub(super) fn mend(&self) {
        self.is_cut.send_replace(false);
    }
}

async fn serve(listener: TcpListener, socket: PathBuf, is_cut: watch::Receiver<bool>) {
    while let Ok((node, _)) = listener.accept().await {
        let (socket, is_cut) = (socket.clone(), is_cut.clone());
        tokio::spawn(async move {
            let Ok(server) = UnixStream::connect(socket).await else {
                return;
            };
            let (from_node, to_node) = node.into_split();
            let (from_server, to_server) = server.into_split();
            // Both ends are closed when either is, as soon as that can be known.
            tokio::select! {
                () = pass(from_node, to_server, is_cut.clone()) => {}
                () = pass(from_server, to_node, is_cut) => {}
            }
        });
    }
}

async fn pass(
    mut from: impl AsyncRead + Unpin,
    mut to: impl AsyncWrite + Unpin,
    mut is_cut: watch::Receiver<bool>,
) {
    let mut buffer = vec![0; 16 * 1024];
    loop {
        let read = from.read(&mut buffer).await;
        if is_cut.wait_for(|is_cut| !is_cut).await.is_err() {
            return;
        }
        match read {
            Ok(count) if count > 0 && to.write_all(&buffer[..count]).await.is_ok() => {}
            _ => return,
        }
    }
}
