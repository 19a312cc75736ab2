//! A few words, read in the light of a question that waits or of a list that was shown.
//!
//! "15 ngày 12/3" to "which number?", "thêm 1 tuần" to "until when?", "1 xong" below a numbered list: none of them is a
//! sentence, and each says something only there. They are read by closed grammars: where a word is left over, nothing is
//! found, and the reader of replies has the only word.

mod all_but;
mod counted;
mod files;
mod number;
mod pieces;
mod place;
mod shift;
mod words;

pub use all_but::Excepted;
pub use counted::Several;
pub use number::{Corrected, Given};
pub use pieces::{Line, listed, marker};
pub use shift::Shift;
pub use words::{Frame, Sense, Terse};

#[cfg(test)]
mod tests;
