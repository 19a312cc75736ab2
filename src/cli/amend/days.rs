//! Which due days a document may give: what is more often a slip than meant has to be said with purpose.

use clap::Args;

use crate::domain::amendment::{EarlyDay, FarDay, PastDay};

/// Whether the new due day may have passed, or lie beyond the plan.
#[derive(Debug, Args)]
pub(super) struct PastArgs {
    /// The new due day has passed and is meant: the document came late. What is owed then is late at once; without this, such
    /// a day is refused as a slip
    #[arg(long)]
    past: bool,
    /// The new due day lies beyond the year of the plan and is meant: the document says so. Without this, such a day is
    /// refused as a slip
    #[arg(long)]
    beyond: bool,
}

/// Whether what has a due day may have another that is earlier, too.
#[derive(Debug, Args)]
pub(super) struct MovedArgs {
    #[command(flatten)]
    past: PastArgs,
    /// The new due day is earlier than the one that holds and is meant: the document brings it forward. Without this, such a
    /// day is refused as a slip
    #[arg(long)]
    earlier: bool,
}

impl From<&PastArgs> for (PastDay, FarDay, EarlyDay) {
    fn from(args: &PastArgs) -> Self {
        let past = if args.past {
            PastDay::Meant
        } else {
            PastDay::Refused
        };
        let far = if args.beyond {
            FarDay::Meant
        } else {
            FarDay::Refused
        };
        (past, far, EarlyDay::Refused)
    }
}

impl From<&MovedArgs> for (PastDay, FarDay, EarlyDay) {
    fn from(args: &MovedArgs) -> Self {
        let (past, far, _) = (&args.past).into();
        let early = if args.earlier {
            EarlyDay::Meant
        } else {
            EarlyDay::Refused
        };
        (past, far, early)
    }
}
