//! Commands for those who like them: `/viec`, `/viec II.2`, `/trogiup`, `/huy`. `/xong II.2` and `/giahan II.2 15/4` are
//! sentences with a slash before them and are read as such.

/// A command that is no statement about a task.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Command {
    /// `/viec`: what my agency still owes.
    List,
    /// `/viec II.2`, `/viec 5`: one task in full, by its name or its number in the list that was shown.
    Show(String),
    /// `/trogiup`, `/help`: how to answer.
    Help,
    /// `/huy`: drop what was asked.
    Cancel,
}

/// The command that a text is, and the text as a sentence: `/xong II.2` is read as "II.2 xong". The bot's name
/// behind an "@", which groups add, is dropped.
///
/// # Errors
/// The text as a sentence, when it is no command.
pub fn parse_command(text: &str) -> Result<Command, String> {
    let text = text.trim();
    let Some(rest) = text.strip_prefix('/') else {
        return Err(text.to_owned());
    };
    let (word, rest) = rest
        .split_once(char::is_whitespace)
        .map_or((rest, ""), |(word, rest)| (word, rest.trim()));
    let word = word.split('@').next().unwrap_or(word).to_lowercase();
    match word.as_str() {
        // Keyboards for Vietnamese put the marks by themselves.
        "viec" | "việc" if rest.is_empty() => Ok(Command::List),
        "viec" | "việc" if rest.bytes().all(|byte| byte.is_ascii_digit()) => {
            Ok(Command::Show(format!("#{rest}")))
        }
        "viec" | "việc" => Ok(Command::Show(rest.to_uppercase())),
        "trogiup" | "help" | "start" => Ok(Command::Help),
        "huy" | "hủy" | "huỷ" => Ok(Command::Cancel),
        // Known words without their diacritics, as commands are written.
        "giahan" => Err(format!("xin gia hạn {rest}")),
        "xong" => Err(format!("{rest} xong")),
        _ => Err(format!("{word} {rest}")),
    }
}
