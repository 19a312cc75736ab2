//! The key of the installation: it signs reply addresses, and without it no code can be told from its hash.
//!
//! It is kept outside the database, so that a copy of the database alone is of no use to whoever looks for an open code.

use std::io::Write as _;
use std::path::{Path, PathBuf};

use data_encoding::BASE32_NOPAD;
use rand::TryRng as _;
use secrecy::{ExposeSecret as _, SecretString};

use super::Config;
use super::load::Paths;
use super::secret::{SecretError, SecretSource};
use crate::files::private;

/// Where it is kept, when nothing else is named.
const FILE: &str = "dondoc-reply.key";

/// How many characters it has at least: fewer could be guessed.
const SHORTEST: usize = 16;

/// Where the key is kept. Machines that serve together need the same.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct InstallationKey(SecretSource);

impl InstallationKey {
    /// The usual file in the folder of the configuration.
    pub(super) fn beside(paths: &Paths<'_>) -> Self {
        Self::in_folder(&paths.resolve(""))
    }

    /// The usual file in that folder.
    #[must_use]
    pub fn in_folder(folder: &Path) -> Self {
        Self(SecretSource::in_file(folder.join(FILE)))
    }

    /// Where it is kept.
    pub(super) fn source(&self) -> &SecretSource {
        &self.0
    }

    /// The key.
    ///
    /// # Errors
    /// That it is not there, or could be guessed.
    pub fn reveal(&self) -> Result<SecretString, SecretError> {
        let key = self.0.reveal()?;
        if key.expose_secret().len() < SHORTEST {
            let problem = format!("the key is shorter than {SHORTEST} characters");
            let remedy = "put a longer one there: `openssl rand -hex 32` prints one";
            return Err(self.0.problem(problem, remedy));
        }
        Ok(key)
    }

    /// The key. A file that is not there is made, readable by its owner only, with a key of 256 random bits.
    ///
    /// # Errors
    /// That it cannot be read or made, or could be guessed.
    pub fn reveal_or_create(&self) -> Result<SecretString, SecretError> {
        if let Some(path) = self.0.file() {
            match create(path) {
                Err(error) if error.kind() != std::io::ErrorKind::AlreadyExists => {
                    tracing::debug!(path = %path.display(), "no key of the installation was made: {error}");
                }
                Ok(()) => {
                    tracing::info!(path = %path.display(), "made a key of the installation: every machine that serves it needs the same");
                }
                Err(_) => {}
            }
        }
        self.reveal()
    }
}

impl Config {
    /// The key of the installation: the one that `[imap]` names, else the one beside the configuration.
    #[must_use]
    pub fn key(&self) -> InstallationKey {
        let named = self.imap.as_ref().map(|imap| imap.token_key.clone());
        let folder = self.file.as_deref().and_then(Path::parent);
        named.unwrap_or_else(|| InstallationKey::in_folder(folder.unwrap_or(Path::new(""))))
    }
}

impl From<SecretSource> for InstallationKey {
    fn from(source: SecretSource) -> Self {
        Self(source)
    }
}

/// Makes the file whole or not at all: another process may look for it at the same moment.
fn create(path: &Path) -> std::io::Result<()> {
    if path.exists() {
        return Err(std::io::ErrorKind::AlreadyExists.into());
    }
    let mut key = [0_u8; 32];
    rand::rngs::SysRng
        .try_fill_bytes(&mut key)
        .map_err(std::io::Error::other)?;
    let mut name = path.as_os_str().to_owned();
    name.push(format!(".{}", std::process::id()));
    let beside = PathBuf::from(name);
    let mut file = private().create(true).truncate(true).open(&beside)?;
    let written = writeln!(file, "{}", BASE32_NOPAD.encode(&key))
        .and_then(|()| file.sync_all())
        .and_then(|()| std::fs::hard_link(&beside, path));
    let removed = std::fs::remove_file(&beside);
    written.and(removed)
}
