//! Templates of `messages/` -> text for a channel; a typed context per kind of message.
//!
//! All words that people read stand in `messages/vi`; this layer orders, groups, counts and fits. It knows the domain
//! and nothing of databases, channels' wires or the clock.

mod absence;
mod blocks;
mod changes;
mod check;
mod context;
mod decision;
mod digest;
mod docket;
mod engine;
mod examples;
mod export;
mod files;
mod headline;
mod item_view;
mod letter;
mod limit;
mod notice;
mod problem;
mod ranking;
mod ranking_cleaned;
mod ranking_context;
mod ranking_files;
mod receipt;
mod register;
mod register_context;
mod render;
mod samples;
mod sections;
#[cfg(test)]
mod tests;
mod text;
mod view;
mod words;

pub use absence::{AbsenceContext, AbsenceGap, AbsenceKind, AbsenceOption};
pub use context::{
    Answer, Answers, BriefContext, BriefItem, ChangeNote, ChangedItem, DaysOff, Decider, DueBefore,
    EndedAgency, Held, History, NextStep, PlanRef, Reader, StandsIn, StatusRequest, ZaloWindow,
};
pub use decision::DecisionContext;
pub use digest::{
    DigestAgency, DigestContext, DigestDue, DigestFiles, DigestFinding, DigestLine, DigestLong,
    DigestOwing, DigestPerson, DigestTask, DigestTitle, DigestTransfer, DigestUnchanged,
    DigestWorst,
};
pub use docket::{
    DocketCard, DocketChoice, DocketContext, DocketElsewhere, DocketNote, DocketRecord,
    DocketRefusal, DocketStand,
};
pub use engine::{Messages, fitting};
pub use letter::{LetterAgency, LetterContext, LetterCounts, LetterKind, LetterTally, LetterTask};
pub use limit::Limit;
pub use notice::{NoticeContext, NoticeKind};
pub use problem::{LoadError, Problem, RenderError};
pub use ranking_context::{
    RankingAgency, RankingCommend, RankingContext, RankingCriticise, RankingJoined, RankingLeftOut,
    RankingLine, RankingMost, RankingPart, RankingPeriod, RankingProposal, RankingReason,
    RankingRules, RankingShare, RankingStanding, RankingTable, RankingTask, RankingWeight,
};
pub use receipt::{
    AmendedDay, ReceiptContext, ReceiptHold, ReceiptItem, ReceiptKind, ReceiptNote, ReceiptOption,
    ReceiptQuestion, ReceiptRecord, ReceiptRefusal, ReceiptUndone,
};
pub use register_context::{RegisterContext, RegisterGround, RegisterGroup, RegisterLine};
pub use render::Rendered;
