//! A reply in plain Vietnamese -> what its sender wants or says.
//!
//! Structure first, words second. Raw text is cleaned (`clean`, `quotation`) and becomes tokens, with tasks, dates, per cents and
//! document numbers as tokens of their own (`lexer`, `numerals`, `typos`, `keys`). Phrases of the [`Lexicon`] are found
//! among them by exact or plain spelling (`lexicon`, `view`), tokens become sentences and clauses (`clauses`, `frame`), clauses say
//! whether something is finished (`completion`) and what else is meant by patterns of classes (`grammar`). The clauses'
//! findings add up to one intent (`evidence`, `parts`) in the order of [`Intent`], with its fields (`fields`, `dates`,
//! `periods`, `select`). Which words and patterns there are is data: `messages/vi/lexicon/`.
//!
//! It guards DESIGN rule 13: a false "done" is the worst error. A linear model (`model`, `features`) gives a second
//! opinion that settles most ties, but a "done" is sure only when no rule contradicts it *and* the model agrees: the less
//! plainly the structure says it (`plainness`, `doubts`; `told` where each word has its place in a report), the surer the model must
//! be. It must not know plans, obligations, or what follows from a reply.
//!
//! How well it reads is measured at first look: on replies that others wrote and labelled, before anything was mended or
//! learnt for them. Afterwards they are learnt from, except those that are called `held_out`.
//!
//! | replies | intents | sure "done" right, of true ones | sure "done" wrong |
//! |---|---|---|---|
//! | `replies_learnt_03`, 600 | 87 % | 69 of 126 | 3 |
//! | `replies_learnt_05`, 1 000, many of them near misses | 90 % | 179 of 300 | 6 |
//! | `replies_learnt_06`, 300, chat of the Centre | 97 % | 75 of 102 | 0 |
//! | `replies_learnt_07`, 300, formal, of the North | 95 % | 85 of 117 | 0 |
//! | `replies_learnt_09`, 400, mixed | 94 % | 121 of 156 | 1 |
//! | `replies_learnt_12`, 600, of two authors | 97 % | 178 of 215 | 1 |
//! | `replies_learnt_13`, 600, of two others | 97 % | 198 of 219 | 1 |
//! | `replies_learnt_14`, 637, of two more | 98 % | 207 of 235 | 0 |
//! | `replies_learnt_15`, 640, nearly half of them traps | 94 % | 189 of 236 | 1 |
//! | `replies_learnt_16` and `17`, 660, of two more | 96 % | 182 of 224 | 0 |
//! | `replies_learnt_18`, 600, mixed as the examples are | 95 % | 110 of 128 | 0 |
//! | `replies_held_out_01`, 600 of another author, mixed so too | 96 % | 108 of 128 | 0 |
//! | `replies_learnt_23` and `24`, 1 200 of two more, nearly half of them traps | 95 % | 324 of 399 | 2 |
//! | `replies_held_out_02`, 600 of another author, of ordinary days | 98 % | 117 of 128 | 0 |
//! | `replies_held_out_03`, 600 of one more, of ordinary days | 95 % | 115 of 128 | 0 |
//! | `replies_learnt_25`, 621 of another, a quarter of them mails | 95 % | 114 of 132 | 2 |
//! | `replies_learnt_26`, 600 of one more, of many voices | 97 % | 140 of 155 | 1 |
//! | `replies_learnt_27`, 600 of one more, of sixty persons | 94.8 % | 135 of 150 | 2 |
//! | `replies_learnt_28`, 600 of one more, mixed as the examples are | 96 % | 116 of 132 | 2 |
//! | `replies_learnt_29`, 600 of one more, of forty persons | 96.7 % | 113 of 128 | 0 |
//! | `replies_learnt_30`, 500 of one more, two of five a "done" in words that others do not use | 95.2 % | 167 of 201 | 0 |
//! | `replies_learnt_31`, 500 of one more, four of five what looks done and is not | 95.0 % | 96 of 100 | 3 |
//! | `replies_held_out_04`, 600 of one more, of fifty persons | 96.7 % | 129 of 153 | 0 |
//! | `replies_held_out_05`, 600 of one more, after the model had learnt from `25` to `31` | 97.5 % | 121 of 130 | 0 |
//! | `replies_held_out_06`, 600 of one more, with the same weights; of 174 dones 161 that need no question back | 97.8 % | 147 of 161 | 0 |
//! | `replies_held_out_07`, 400 of one more, half in speech and without diacritics; of 115 dones 112 that need no question back | 95.2 % | 101 of 112 | 0 |
//! | `replies_held_out_08`, 400 of one more, half of the dones in words that no other file has | 96.8 % | 114 of 140 | 0 |
//! | `replies_learnt_32`, 400 of one more, who tells stories and changes his mind | 93.2 % | 104 of 117 | 3 |
//! | `replies_near_dones_held_out_02`, 800 of two more, none a "done", who were asked for what would be taken for one | – | – | 10 |
//!
//! Rules alone find 79 to 88 % of the intents of the later ones. Of `held_out_03`, tasks were right in 100 %, per cents in 99.3 %,
//! dates in 96.2 %, document numbers in 99.7 % and parts in 99.5 %. Both wrong ones of `25` were read from the mail that was
//! quoted below; four replies that can be read either way are left out of it. Only the rules have been mended for it: weights that
//! learnt from it as well found fewer sure dones in two of the files that are held out (108 and 113).
//!
//! Rules that are mended for one set help little in the next: each time the classes of its errors were mended, and the next
//! was read hardly better. What helps is to learn from more replies of others: the 660 of `16` and `17` were read so before
//! the model had learnt from `08` to `15`; after that, 97 %, 195 and none wrong. `19` to `22`, 2 800 replies of four authors
//! who were asked for what is hard, were only learnt from. In cross-validation over 20 580 replies of others, nine of ten dones
//! are sure, ten of 13 365 others, and eight of 1 941 that were written to look done. After the model had learnt from `25` to
//! `31` and each kind of doubt had a threshold of its own, the first four files that are held out have 96.8 % of intents, 480 of 537
//! sure dones (89 %) and none wrong of 1 863; the rules had been mended for three of them. One of the two wrong ones of `23` and `24`, "xong 2/3 rồi", can be read
//! either way; it is asked back now, and is not learnt from.
//!
//! Most dones that are not sure are told in jest or as a story, answer "Rồi" without a word of the work, or stand beside a
//! word that a rule takes for a denial. Jests and hearsay are what the wrong ones were.

mod asides;
mod bygone;
mod classes;
mod clauses;
mod clean;
mod closing;
mod completion;
mod dates;
mod details;
mod doubts;
mod elsewhere;
mod evidence;
mod features;
mod fields;
mod frame;
mod grammar;
mod hashing;
mod impossible;
mod intent;
mod just_now;
mod keys;
mod left_out;
mod left_over;
mod lexer;
mod lexicon;
mod markers;
mod model;
mod narrowing;
mod numerals;
mod overdue;
mod papers;
mod parts;
mod periods;
mod plainness;
mod questions;
mod quotation;
mod reader;
mod reasons;
mod remainder;
mod roles;
mod says;
mod second_thought;
mod select;
mod series;
mod shares;
mod shortfall;
mod speaker;
mod spell;
mod supposition;
mod timing;
mod token;
mod told;
mod topic;
mod typos;
mod view;
mod weekdays;
mod weighed;
mod works;
mod writer;

pub use classes::{Class, MOST_CLASSES};
pub use details::{Asks, Beside, Details, Ended};
pub use doubts::Plainness;
pub use grammar::{Pattern, PatternError, Sense};
pub use intent::{Intent, Part, Understanding};
pub use lexicon::Lexicon;
pub use model::{Model, Weights};
pub use periods::Period;
pub use quotation::{attribution, begins_quotation};
pub use reader::{Reader, Ruling};
pub use reasons::Reason;
pub use roles::Role;
pub use says::Says;
pub use works::{Time, Work};
pub use writer::{Units, Writer};

#[cfg(test)]
mod tests;
