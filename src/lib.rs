//! Dondoc (*đôn đốc*: to press until assigned work is done) makes a province keep its own plan.
//!
//! # The way of the data
//! ```text
//! seeds/ ─▶ plan ─▶ milestones ─▶ obligations ┐
//! schedules/ ─▶ calendar, ladder, cron ───────┴▶ brief (person, day) ─▶ outbox ─▶ channel ─▶ person
//!                                                                                               │
//!        ledger of events ◀── decide(obligation, statement) ◀── understand(text) ◀── inbox ◀────┘
//!          │       ▲
//!          │       ├── resolve(obligation, what the monitor decides) ─▶ outbox
//!          │       └── amend(obligation, what a document changes) ─▶ brief
//!          └─▶ history ─┬▶ digest (plan, week) ─▶ outbox
//!                       ├▶ register (plan, morning) ─▶ workbook, letters
//!                       └▶ ranking (plan, period, morning) ─▶ words, workbook, draft letter
//! ```
//! A brief is a pure function of the person, the day, the obligations, the ladder and the calendar. Its key, person
//! and day, is unique in the database: planning twice, on two machines, or after a week's outage never sends two.
//!
//! # Words
//! | word | Vietnamese | meaning |
//! |---|---|---|
//! | plan | kế hoạch | one decision of one province for one year |
//! | task | nhiệm vụ | one row of the appendix, cells kept verbatim; id `II.2` |
//! | milestone | mốc | one thing due, derived from the deadline cell; id `II.2/1` |
//! | agency | cơ quan | code, official name, aliases, level, groups |
//! | contact | cán bộ | a person in a role: head, deputy, officer |
//! | obligation | việc phải làm | milestone × lead agency: tracked, answered, scored |
//! | watch | ngày bắt đầu theo dõi | since when an obligation is followed that was due before, and until when its agency is asked |
//! | rung | nấc | one step of the ladder: when, and who hears of it |
//! | brief | bản nhắc việc | all that one person must hear on one day, in one message |
//! | register | bảng theo dõi | the whole plan on one morning, each obligation with its official word |
//! | ground | căn cứ | the document by which an obligation is not as the plan had it |
//! | letter | văn bản | a draft after Nghị định 30/2020/NĐ-CP; a person completes, signs and sends it |
//! | digest | bản tổng hợp | how a plan stands on a Monday, beside the Monday before; counted from the ledger |
//! | ranking | bảng xếp hạng | how each agency kept its days in a quarter or a year; counted from the ledger |
//! | mark | việc được tính | one obligation as it counts in a ranking |
//! | amendment | thay đổi kế hoạch | what a numbered document changes of a running plan; announced once |
//! | resolution | quyết định của cơ quan theo dõi | an extension granted or refused, a completion accepted or returned |
//! | delivery | lượt gửi | one message to one address on one channel, with its attempts |
//! | reply, statement | trả lời, nội dung báo cáo | what came in; one claim understood from it |
//! | event | sự kiện | one line of the append-only ledger |
//! | seal, head | mắt xích, đầu chuỗi | the hash of a line and of the one before it; where the chain of a plan ends |
//!
//! # Layers
//! `main → cli → {app, config, clock, web}`, `web → app`, `app → {config, store, channels, messages, documents, files, clock, domain}`,
//! `config → files`, `messages → documents` (a template becomes a letter), each of those → [`domain`], and `domain →` and
//! [`documents`] `→` nothing of ours. `cli` also calls `files`, `messages`, `documents` and `domain` for the commands that only read or
//! write files (`check`, `deadline`, `calendar`, `understand`, `draft`). `store`, `channels` and `messages` never import one another. The
//! test `architecture` fails on any other arrow.
//!
//! [`domain`] is pure: no async, no clock, no randomness, no input or output. A shell function reads: load, call a pure
//! function with `now` or `today`, store the result, act.

pub mod app;
pub mod channels;
pub mod cli;
pub mod clock;
pub mod config;
pub mod documents;
pub mod domain;
pub mod files;
pub mod messages;
pub mod store;
pub mod web;
