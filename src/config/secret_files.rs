//! The files that hold a secret: what a backup needs besides the database, and what nobody else may read.

use std::path::PathBuf;

use super::{Config, SecretSource, TelegramReceive, ZaloBotReceive};

impl Config {
    /// Every file that holds a secret by the word of the configuration, whether it is there or not; each once. The configuration
    /// itself is one where the URL of the database has a password in it.
    #[must_use]
    pub fn secret_files(&self) -> Vec<PathBuf> {
        let key = self.key();
        let mut sources: Vec<&SecretSource> = Vec::new();
        sources.extend(
            self.email
                .iter()
                .filter_map(|email| email.login.as_ref())
                .map(|(_, password)| password),
        );
        sources.extend(self.imap.iter().map(|imap| &imap.password));
        sources.push(key.source());
        if let Some(telegram) = &self.telegram {
            sources.push(&telegram.token);
            if let TelegramReceive::Webhook { secret, .. } = &telegram.receive {
                sources.push(secret);
            }
        }
        if let Some(bot) = &self.zalo_bot {
            sources.push(&bot.token);
            if let ZaloBotReceive::Webhook { secret, .. } = &bot.receive {
                sources.push(secret);
            }
        }
        if let Some(account) = &self.zalo_oa {
            sources.push(&account.app_secret);
            sources.extend(&account.refresh_token);
            sources.extend(&account.oa_secret);
        }
        let database = self.database.secret_file().map(std::path::Path::to_owned);
        let own = self
            .file
            .clone()
            .filter(|_| self.database.has_password_in_url());
        let mut files: Vec<PathBuf> = database
            .into_iter()
            .chain(own)
            .chain(
                sources
                    .into_iter()
                    .filter_map(SecretSource::file)
                    .map(Into::into),
            )
            .collect();
        files.sort_unstable();
        files.dedup();
        files
    }
}

#[cfg(test)]
mod tests {
    use std::fs;

    use crate::config::load;

    #[test]
    fn a_configuration_with_a_password_in_it_is_a_secret_file() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("dondoc.toml");
        for (url, is_secret) in [
            ("postgres://dondoc:geheim@localhost/dondoc", true),
            ("postgres://dondoc@localhost/dondoc?password=geheim", true),
            ("postgres://dondoc@localhost/dondoc", false),
        ] {
            fs::write(&file, format!("database = \"{url}\"\n")).unwrap();
            let config = load(Some(&file)).unwrap();
            assert_eq!(config.secret_files().contains(&file), is_secret, "{url}");
        }
    }
}
