//! The real thing: Postfix and Dovecot as Debian 12 packs them, with everything in one folder, on ports of their own.
//!
//! Mail to `loop.test` (us) and `snv.test` (people) is delivered into Dovecot; anywhere else nobody is known. It needs
//! root, as the servers change their user. Like the test's PostgreSQL they end with this process, however that ends.

use std::net::TcpListener;
use std::os::unix::fs::{PermissionsExt, chown};
use std::os::unix::process::CommandExt;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Output, Stdio};
use std::time::{Duration, Instant};

use tokio::io::{AsyncBufReadExt, AsyncWriteExt, BufReader};
use tokio::net::TcpStream;

use super::tls::Authority;

const PATIENCE: Duration = Duration::from_mins(1);
const WATCHDOG: &str = r#"smtp-sink -u nobody -B '550 5.1.1 no such user' -f rcpt "127.0.0.1:$DONDOC_SINK" 100 &
cat >/dev/null
kill $!
postfix -c "$DONDOC_MAIL/postfix" stop
dovecot -c "$DONDOC_MAIL/dovecot.conf" stop
rm -rf "$DONDOC_MAIL""#;

/// The password of every mailbox.
pub(crate) const PASSWORD: &str = "sesame-4353";

/// Running servers.
pub(crate) struct MailServers {
    /// The authority that vouches for both, as `localhost`.
    pub(crate) ca_pem: String,
    /// Where mail is handed in, with STARTTLS.
    pub(crate) smtp: u16,
    /// Where mailboxes are read, with STARTTLS.
    pub(crate) imap: u16,
    /// Where mailboxes are read, encrypted from the first byte.
    pub(crate) imaps: u16,
    folder: PathBuf,
    _watchdog: Child,
}

impl MailServers {
    /// Starts both and waits until they answer.
    pub(crate) async fn start() -> Self {
        let folder = tempfile::Builder::new()
            .prefix("dondoc-mail-")
            .tempdir()
            .unwrap()
            .keep();
        let authority = Authority::vouching_for("localhost");
        let [smtp, imap, imaps, lmtp, sink] = free_ports();
        lay_out(&folder, &authority);
        let in_folder = |text: &str| text.replace("$T", folder.to_str().unwrap());
        let dovecot = in_folder(DOVECOT)
            .replace("$IMAPS", &imaps.to_string())
            .replace("$IMAP", &imap.to_string())
            .replace("$LMTP", &lmtp.to_string());
        write(&folder.join("dovecot.conf"), &dovecot);
        let postfix = in_folder(POSTFIX)
            .replace("$LMTP", &lmtp.to_string())
            .replace("$SINK", &sink.to_string());
        write(&folder.join("postfix/main.cf"), &postfix);
        write(
            &folder.join("postfix/master.cf"),
            &MASTER.replace("$SMTP", &smtp.to_string()),
        );
        let watchdog = Command::new("sh")
            .args(["-c", WATCHDOG])
            .env("DONDOC_MAIL", &folder)
            .env("DONDOC_SINK", sink.to_string())
            .process_group(0)
            .stdin(Stdio::piped())
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn()
            .unwrap();
        run("dovecot", &["-c"], &folder.join("dovecot.conf"), &[]);
        run("postfix", &["-c"], &folder.join("postfix"), &["start"]);
        let servers = Self {
            ca_pem: authority.ca_pem,
            smtp,
            imap,
            imaps,
            folder,
            _watchdog: watchdog,
        };
        for port in [smtp, imap, imaps, lmtp, sink] {
            servers.wait_until_up(port).await;
        }
        servers
    }

    /// Hands a mail in as somebody else's mail program or server does.
    pub(crate) async fn submit(&self, from: &str, to: &str, raw: &str) {
        let stream = TcpStream::connect(("127.0.0.1", self.smtp)).await.unwrap();
        let mut wire = BufReader::new(stream);
        expect(&mut wire, "220").await;
        for (line, code) in [
            ("HELO snv.test".to_owned(), "250"),
            (format!("MAIL FROM:<{from}>"), "250"),
            (format!("RCPT TO:<{to}>"), "250"),
            ("DATA".to_owned(), "354"),
            (format!("{}\r\n.", raw.trim_end()), "250"),
            ("QUIT".to_owned(), "221"),
        ] {
            wire.write_all(format!("{line}\r\n").as_bytes())
                .await
                .unwrap();
            expect(&mut wire, code).await;
        }
    }

    /// The next mail in a person's mailbox; it is taken out.
    pub(crate) async fn next_mail(&self, mailbox: &str) -> Vec<u8> {
        let new = self.folder.join("mail").join(mailbox).join("new");
        let since = Instant::now();
        loop {
            if let Some(entry) = std::fs::read_dir(&new).into_iter().flatten().next() {
                let path = entry.unwrap().path();
                let raw = std::fs::read(&path).unwrap();
                std::fs::remove_file(path).unwrap();
                return raw;
            }
            assert!(
                since.elapsed() < PATIENCE,
                "no mail for {mailbox}\n{}",
                self.logs()
            );
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
    }

    async fn wait_until_up(&self, port: u16) {
        let since = Instant::now();
        while TcpStream::connect(("127.0.0.1", port)).await.is_err() {
            assert!(
                since.elapsed() < PATIENCE,
                "nobody answers on {port}\n{}",
                self.logs()
            );
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
    }

    /// What both have logged.
    pub(crate) fn logs(&self) -> String {
        ["postfix.log", "dovecot.log"]
            .map(|name| std::fs::read_to_string(self.folder.join(name)).unwrap_or_default())
            .join("\n")
    }
}

async fn expect(wire: &mut BufReader<TcpStream>, code: &str) {
    let mut line = String::new();
    wire.read_line(&mut line).await.unwrap();
    assert!(line.starts_with(code), "{line}");
}

/// Ports that nobody listens on now.
fn free_ports() -> [u16; 5] {
    let listeners: [TcpListener; 5] =
        std::array::from_fn(|_| TcpListener::bind("127.0.0.1:0").unwrap());
    listeners.map(|listener| listener.local_addr().unwrap().port())
}

/// The folders and who may write into them.
fn lay_out(folder: &Path, authority: &Authority) {
    std::fs::set_permissions(folder, PermissionsExt::from_mode(0o755)).unwrap();
    for name in ["run", "mail", "postfix", "queue", "data"] {
        std::fs::create_dir(folder.join(name)).unwrap();
    }
    for (name, user) in [("mail", "mail"), ("data", "postfix")] {
        chown(folder.join(name), Some(id_of(user)), None).unwrap();
    }
    write(&folder.join("certificate.pem"), &authority.server_pem.0);
    write(&folder.join("key.pem"), &authority.server_pem.1);
    std::fs::copy(
        "/etc/postfix/postfix-files",
        folder.join("postfix/postfix-files"),
    )
    .unwrap();
}

fn id_of(user: &str) -> u32 {
    let output = Command::new("id").args(["-u", user]).output().unwrap();
    assert_succeeded("id", &output);
    String::from_utf8(output.stdout)
        .unwrap()
        .trim()
        .parse()
        .unwrap()
}

fn write(path: &Path, text: &str) {
    std::fs::write(path, text).unwrap();
}

fn run(program: &str, before: &[&str], config: &Path, after: &[&str]) {
    // Their processes live on, and must not keep our pipes open.
    let status = Command::new(program)
        .args(before)
        .arg(config)
        .args(after)
        .stdin(Stdio::null())
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .status();
    let status = status.unwrap_or_else(|error| panic!("{program}: {error}; ./test installs it"));
    assert!(status.success(), "{program} does not start (it needs root)");
}

fn assert_succeeded(what: &str, output: &Output) {
    let said = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{what} failed: {said}");
}

const DOVECOT: &str = "\
base_dir = $T/run
state_dir = $T/run
log_path = $T/dovecot.log
listen = 127.0.0.1
protocols = imap lmtp
ssl = required
ssl_cert = <$T/certificate.pem
ssl_key = <$T/key.pem
mail_location = maildir:$T/mail/%u
mail_uid = mail
mail_gid = mail
first_valid_uid = 1
recipient_delimiter = +
passdb {
  driver = static
  args = password=sesame-4353
}
userdb {
  driver = static
  args = uid=mail gid=mail home=$T/mail/%u allow_all_users=yes
}
service imap-login {
  inet_listener imap {
    port = $IMAP
  }
  inet_listener imaps {
    port = $IMAPS
    ssl = yes
  }
}
service lmtp {
  inet_listener lmtp {
    address = 127.0.0.1
    port = $LMTP
  }
}
service anvil {
  chroot =
}
service stats {
  chroot =
}
protocol lmtp {
  postmaster_address = postmaster@loop.test
}
namespace inbox {
  inbox = yes
}
";

const POSTFIX: &str = "\
compatibility_level = 3.6
queue_directory = $T/queue
data_directory = $T/data
command_directory = /usr/sbin
daemon_directory = /usr/lib/postfix/sbin
mail_owner = postfix
setgid_group = postdrop
myhostname = mail.loop.test
mydestination =
inet_interfaces = 127.0.0.1
inet_protocols = ipv4
mynetworks = 127.0.0.0/8
smtpd_relay_restrictions = permit_mynetworks, reject
virtual_mailbox_domains = loop.test, snv.test
virtual_mailbox_maps = static:ok
virtual_transport = lmtp:inet:127.0.0.1:$LMTP
lmtp_destination_recipient_limit = 1
recipient_delimiter = +
default_transport = smtp:[127.0.0.1]:$SINK
relay_transport = smtp:[127.0.0.1]:$SINK
disable_dns_lookups = yes
smtp_host_lookup = native
alias_maps =
alias_database =
maillog_file = $T/postfix.log
maillog_file_prefixes = $T
smtpd_tls_cert_file = $T/certificate.pem
smtpd_tls_key_file = $T/key.pem
smtpd_tls_security_level = may
";

/// Debian's services without chroot.
const MASTER: &str = "\
127.0.0.1:$SMTP inet n - n - - smtpd
pickup unix n - n 60 1 pickup
cleanup unix n - n - 0 cleanup
qmgr unix n - n 300 1 qmgr
tlsmgr unix - - n 1000? 1 tlsmgr
rewrite unix - - n - - trivial-rewrite
bounce unix - - n - 0 bounce
defer unix - - n - 0 bounce
trace unix - - n - 0 bounce
verify unix - - n - 1 verify
flush unix n - n 1000? 0 flush
proxymap unix - - n - - proxymap
smtp unix - - n - - smtp
relay unix - - n - - smtp
showq unix n - n - - showq
error unix - - n - - error
retry unix - - n - - error
discard unix - - n - - discard
lmtp unix - - n - - lmtp
anvil unix - - n - 1 anvil
scache unix - - n - 1 scache
postlog unix-dgram n - n - 1 postlogd
";
