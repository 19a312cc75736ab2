//! What a check found.

use serde::Serialize;

/// The check of what the daemon reads before it starts, and would refuse to start with.
pub const CONFIGURATION: &str = "configuration";

/// How it stands with one thing.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Verdict {
    /// Well.
    Ok,
    /// It works, and somebody should look at it.
    Warn,
    /// It does not work, or will not for long.
    Fail,
}

impl Verdict {
    /// As the table shows it.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Ok => "OK",
            Self::Warn => "WARN",
            Self::Fail => "FAIL",
        }
    }
}

/// What a check found.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Finding {
    /// Which check.
    pub check: &'static str,
    /// How it stands.
    pub verdict: Verdict,
    /// What was seen.
    pub what: String,
    /// What to do; `None` where all is well.
    pub remedy: Option<String>,
}

impl Finding {
    pub(super) fn ok(check: &'static str, what: impl Into<String>) -> Self {
        Self {
            check,
            verdict: Verdict::Ok,
            what: what.into(),
            remedy: None,
        }
    }

    pub(super) fn warn(
        check: &'static str,
        what: impl Into<String>,
        remedy: impl Into<String>,
    ) -> Self {
        Self {
            check,
            verdict: Verdict::Warn,
            what: what.into(),
            remedy: Some(remedy.into()),
        }
    }

    pub(super) fn fail(
        check: &'static str,
        what: impl Into<String>,
        remedy: impl Into<String>,
    ) -> Self {
        Self {
            verdict: Verdict::Fail,
            ..Self::warn(check, what, remedy)
        }
    }
}
