//! A "Thời gian hoàn thành" cell -> milestones.
//!
//! A grammar, not a list of phrases: characters become tokens (`lexer`, over the words of `lexicon`), tokens become
//! expressions of time (`terms`) among plain words (`scan`), expressions and words become clauses (`clauses`, `pairs`),
//! and clauses become dates in the light of one plan (`sentence`, `fixed`, `recurring`, `cell`, `row`).
//!
//! It guards DESIGN rules 2 to 9. A wrong date is the one thing it must not give: a number or a word of time that no
//! rule accounts for makes the whole cell *not understood*, which is a normal state with a human fix. It must not know
//! agencies, ladders, or what day it is.

mod afters;
mod asides;
mod cell;
mod clauses;
mod contradictions;
mod counted;
mod counts;
mod cursor;
mod cycles;
mod days;
mod deciding;
mod denials;
mod edges;
mod enumerations;
mod events;
mod exceptions;
mod figures;
mod fixed;
mod fronts;
mod guards;
mod lexer;
mod lexicon;
mod limits;
mod lines;
mod names;
mod neighbours;
mod numerals;
mod order;
mod ordinals;
mod outcome;
mod owners;
mod pairs;
mod periods;
mod places;
mod recurring;
mod remarks;
mod repairs;
mod restated;
mod row;
mod scan;
mod segments;
mod sentence;
mod separators;
mod sources;
mod spans;
mod strokes;
mod term;
mod terms;
#[cfg(test)]
mod tests;
mod text;
mod things;
mod times;
mod weekdays;
mod weeks;
mod years;

pub use cell::parse_cell;
pub use outcome::{Context, Draft, NotUnderstood};
pub use row::parse_row;
