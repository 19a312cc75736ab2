//! What a delivery is and where it stands, as words of its columns.

/// An enum whose every value is one word of a column.
macro_rules! words {
    ($(#[$doc:meta])* $name:ident { $($(#[$value_doc:meta])* $value:ident = $word:literal,)* }) => {
        $(#[$doc])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub enum $name {
            $($(#[$value_doc])* $value,)*
        }

        impl $name {
            /// The word in the database and in JSON.
            #[must_use]
            pub fn as_str(self) -> &'static str {
                match self {
                    $(Self::$value => $word,)*
                }
            }

            /// The value of that word.
            #[must_use]
            pub fn find(word: &str) -> Option<Self> {
                match word {
                    $($word => Some(Self::$value),)*
                    _ => None,
                }
            }
        }
    };
}

words! {
    /// What a message is.
    DeliveryKind {
        /// What a person must hear on a day.
        Brief = "brief",
        /// The answer to a reply.
        Receipt = "receipt",
        /// The summary for the monitor.
        Digest = "digest",
        /// Anything else that is said once: a code to link a chat, a line to a stranger.
        Notice = "notice",
    }
}

words! {
    /// Where a delivery stands.
    DeliveryState {
        /// Waits for its time.
        Queued = "queued",
        /// Somebody is sending it.
        Leased = "leased",
        /// The provider took it.
        Sent = "sent",
        /// Given up, with a reason.
        Failed = "failed",
        /// It may or may not have arrived, and is not tried again.
        Unknown = "unknown",
        /// Nothing was left to say.
        Cancelled = "cancelled",
    }
}
