//! A reply in plain Vietnamese -> what its sender wants or says.
//!
//! Structure first, words second. Raw text is cleaned (`clean`) and becomes tokens, with tasks, dates, per cents and
//! document numbers as tokens of their own (`lexer`, `numerals`, `typos`, `keys`). Phrases of the [`Lexicon`] are found
//! among them by exact or plain spelling (`lexicon`, `view`), tokens become sentences and clauses (`clauses`), clauses say
//! whether something is finished (`completion`) and what else is meant by patterns of classes (`grammar`). The clauses'
//! findings add up to one intent (`evidence`, `parts`) in the order of [`Intent`], with its fields (`fields`, `dates`,
//! `periods`, `select`). Which words and patterns there are is data: `messages/vi/lexicon/`.
//!
//! It guards DESIGN rule 13: a false "done" is the worst error. A linear model (`model`, `features`) gives a second
//! opinion that settles most ties, but a "done" is sure only when no rule contradicts it *and* the model agrees: the less
//! plainly the structure says it (`plainness`; `told` where each word has its place in a report), the surer the model must
//! be. It must not know plans, obligations, or what follows from a reply.
//!
//! Measured on text never seen before (first look, before anything was mended; 100 replies each, written by others):
//!
//! | replies | rules alone | intents | sure "done" right, of true ones | sure "done" wrong |
//! |---|---|---|---|---|
//! | `replies_learnt_02`, 600 | 68 % | – | – | – |
//! | `replies_learnt_03` 1–100 | 69 % | 77 % | 1 of 13 | 1 |
//! | 101–200 | 75 % | 83 % | 18 of 26 | 1 |
//! | 201–300 | 65 % | 87 % | 9 of 17 | 1 |
//! | 301–400 | 67 % | 87 % | 11 of 18 | 0 |
//! | 401–500 | 75 % | 92 % | 12 of 24 | 0 |
//! | 501–600 | 73 % | 88 % | 20 of 28 | 0 |
//! | held-out 600, first run | 74 % | 90 % | 86 of 128 | 3 |
//! | held-out 600, second run | 74 % | 92 % | 83 of 128 | 0 |
//! | `replies_learnt_05`, 1 000, many of them near misses | 76 % | 90 % | 179 of 300 | 6 |
//! | `replies_learnt_06`, 300, chat of the Centre | – | 97 % | 75 of 102 | 0 |
//! | `replies_learnt_07`, 300, formal, of the North | – | 95 % | 85 of 117 | 0 |
//! | `replies_held_out_02`, 400, mixed, first run | – | 94 % | 121 of 156 | 1 |
//! | `replies_held_out_02`, second run | – | 96 % | 129 of 156 | 0 |
//! | `replies_held_out_05`, 600, of two authors | 88 % | 97 % | 178 of 215 | 1 |
//! | `replies_held_out_06`, 600, of two others | 87 % | 97 % | 198 of 219 | 1 |
//! | `replies_held_out_07`, 637, of two more | 86 % | 98 % | 207 of 235 | 0 |
//! | `replies_held_out_08`, 640, of two more, nearly half of them traps | 83 % | 94 % | 189 of 236 | 1 |
//!
//! Between the two runs of held-out 600 only the classes of the three wrong dones were mended and 200 replies of our own
//! were added. In the last run tasks were right in 99.7 %, per cents in 99.7 %, dates in 95.2 %, document numbers in 99.8 %.
//! From `replies_learnt_06` on, the last two columns count dones of one task only. Of held-out 2 nobody read a text before the
//! second run; between its runs the classes of errors in `replies_learnt_06` and `replies_learnt_07` were mended and learnt from. In the
//! second run tasks were right in 100 %, per cents in 99.2 %, dates in 97.2 %, document numbers in 99.2 %, and the parts
//! of 26 of 28 replies about several tasks. On the 400 of `replies_held_out_01` it finds 93 % and is sure of 60 of 85
//! dones and of no other.
//!
//! Since then the slots of a report (`told`), what stands beside it (asides), steps that go on to their end and units
//! that sign were added. Held-out 2 is now 96 %, 130 of 156 and none wrong; `replies_held_out_01` 93 %, 62 of 85 and
//! none wrong. `replies_held_out_03`, 209 of our own that were written before, gave 98 %, 78 of 98 and none wrong at
//! first sight, and 97 % and 76 after the model was trained anew; its writer had read the lexicon, so it is too kind.
//!
//! Then came who writes (`writer`), verbs that share one sign of the past and the means of work (`series`), what is only
//! asked of another task, and what may be lacking all the same (`shortfall`); 644 replies of our own were learnt from.
//! `replies_held_out_04`, 127 of our own that were labelled before anything was changed and never learnt from, gave at
//! first sight 93 %, 41 of 46 and one wrong (irony, mended since; before the changes it was 94 %, 39 and the same one
//! wrong). Held-out 2 is now 96 %, 134 of 160 and none wrong; `replies_held_out_01` 93 %, 64 of 85 and none wrong
//! (three intents fewer than before);
//! `replies_held_out_03` 98 %, 85 of 98 and none wrong. Here all dones count, also those beside other tasks.
//!
//! `replies_held_out_05` was read before and `replies_held_out_06` after these were mended, each once: what a report says
//! beside it of others, of what did not go wrong and of the form that is wanted; names of work that look like a step or
//! like somebody who leaves; a task that was given to others beside one that is done (the wrong done of the first); and
//! what is told later of other things, which is a remark where the model hardly doubts (`Opposed`). Here all dones count.
//! In the second tasks were right in 100 %, per cents in 99.7 %, dates in 97.8 %, document numbers in 99.3 % and parts in
//! 99.8 %; its wrong done was a joke ("hoàn thành rồi, trong mơ ấy"). Then its classes were mended as well, so that it
//! measures no more: 97 %, 205 of 219 and none wrong; the first is 98 %, 199 of 215 and none wrong, `replies_held_out_02`
//! 96 %, 137 of 160, `replies_held_out_01` 93 %, 67 of 85, both with none wrong. None of them is learnt from.
//!
//! `replies_held_out_07`, 637 by two more authors, was read once after all of that, before anything was mended for it: tasks were
//! right in 99 %, per cents and document numbers in 100 %, dates in 97 % and parts in 99 %; it is sure of 207 of 235 dones (111 of 120
//! of the ordinary half, 96 of 115 of the one full of jests and excuses) and of no other.
//!
//! Then its classes were mended by rules and words, the model untouched: tasks as they are spoken ("mục hai phần năm"), what
//! tells how the only named task came, what one denial lists, a reminder that was received, places that look like reasons,
//! and jests (what is kept back behind a pause, what happened in a dream, tiny parts, rhetorical denials). It is now
//! 98.6 %, 218 of 235 and none wrong, and measures no more; `replies_held_out_05` 99.3 %, 203 of 215, `06` 97.7 %, 207 of
//! 219, `02` 96 %, 137 of 160, `01` 94.5 %, 67 of 85, all with none wrong. Of 189 near dones of our own against these changes
//! 7 of 131 and 9 of 58 were wrongly sure at first sight, most of them jests, after each of which the classes were mended
//! (`replies_near_dones_02`); of 28 true dones of these classes (`replies_own_05`) 27 were sure at first sight.
//!
//! `replies_held_out_08`, 640 by two more authors who were asked for traps in nearly half of them, was read after that: 605
//! intents, 189 of 236 dones and one other, news of a town that an officer passes on ("đọc báo thấy … hoàn thành phố đi bộ").
//! Before that mending it was 601, 190 and two, the other a wish; so what was mended for one set helps little in the next.
//! Tasks were right in 99.5 %, per cents in 99 %, dates in 97 %, document numbers in 99.5 %, parts in 99 %. Only the words of
//! hearsay were added since.
//!
//! Five-fold cross-validation over the 3 750 replies of others finds 94 % of the intents and is sure of 848 of 977 true
//! dones and of one other; that is too kind, for the rules have seen these texts. Of all 9 947 replies that are learnt from
//! it is sure of 2 028 of 2 373 true dones and of six others; before the last changes it was 1 951 of 2 295 and six. Of near
//! dones of our own, read on first sight, 25 of 546, 19 of 306, 12 of 140 and 0 of 140 were wrongly sure, then 7 of 116 and
//! 5 of 98, and of those written against later changes 2 of 116, 3 of 123 and 0 of 98, after each of which its classes were
//! mended. Text without diacritics is understood less well: 94 % of `replies_held_out_02`, 133 of 160 and none wrong; 97 %
//! of `replies_held_out_05` and `06`, 375 of 434 and one wrong, a joke. Most dones that are not sure are told in jest, name
//! their own unit like another's, or stand beside a word that a rule takes for a denial.

mod classes;
mod clauses;
mod clean;
mod completion;
mod dates;
mod evidence;
mod features;
mod fields;
mod grammar;
mod hashing;
mod intent;
mod keys;
mod lexer;
mod lexicon;
mod model;
mod narrowing;
mod numerals;
mod parts;
mod periods;
mod plainness;
mod reader;
mod reasons;
mod roles;
mod select;
mod series;
mod shortfall;
mod speaker;
mod spell;
mod timing;
mod token;
mod told;
mod typos;
mod view;
mod writer;

pub use classes::{Class, MOST_CLASSES};
pub use grammar::{Pattern, PatternError, Sense};
pub use intent::{Intent, Part, Understanding};
pub use lexicon::Lexicon;
pub use model::{Model, Weights};
pub use plainness::Plainness;
pub use reader::{Reader, Ruling};
pub use reasons::Reason;
pub use roles::Role;
pub use writer::Writer;

#[cfg(test)]
mod tests;
