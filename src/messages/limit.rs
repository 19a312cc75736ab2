//! How long a message may be on a channel.

use crate::domain::delivery::Channel;

/// The longest text that a channel takes, in the unit in which that channel counts.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Limit {
    /// As long as need be.
    Free,
    /// Unicode code points, as Telegram counts.
    CodePoints(usize),
    /// UTF-16 units: the stricter reading of Zalo's "2000 characters".
    Utf16(usize),
}

impl Limit {
    /// The limit of a channel (`channels.md` 1.4, 3a.2, 3b).
    #[must_use]
    pub fn of(channel: Channel) -> Self {
        match channel {
            Channel::Telegram => Self::CodePoints(4096),
            Channel::ZaloBot | Channel::ZaloOa => Self::Utf16(2000),
            Channel::Email | Channel::Console => Self::Free,
        }
    }

    /// The greatest size; `None` when there is none.
    #[must_use]
    pub fn max(self) -> Option<usize> {
        match self {
            Self::Free => None,
            Self::CodePoints(max) | Self::Utf16(max) => Some(max),
        }
    }

    /// The size of the text in the unit of this limit (bytes where there is no limit).
    #[must_use]
    pub fn size(self, text: &str) -> usize {
        match self {
            Self::Free => text.len(),
            Self::CodePoints(_) => text.chars().count(),
            Self::Utf16(_) => text.encode_utf16().count(),
        }
    }

    /// Whether the text fits.
    #[must_use]
    pub fn admits(self, text: &str) -> bool {
        self.max().is_none_or(|max| self.size(text) <= max)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn telegram_counts_code_points_and_zalo_counts_utf16_units() {
        assert!(Limit::CodePoints(2).admits("ế😀"));
        assert!(!Limit::Utf16(2).admits("ế😀"));
        assert!(Limit::Utf16(3).admits("ế😀"));
        assert!(Limit::Free.admits(&"ế".repeat(10_000)));
    }
}
