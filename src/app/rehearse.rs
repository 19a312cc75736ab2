//! The briefs of a day worded for trial, after a process has died: each is noted before it is touched.
//!
//! Planning words all of them and stores them together; a process that died of one would die of it at each start. Whoever it is
//! about is found out here, and planning then parks that brief.

use std::collections::BTreeSet;

use chrono::NaiveDate;

use super::AppError;
use super::caution::{Hands, Thing};
use super::deliver::Deliverer;
use super::hearing::Heeded;
use super::ladders::Ladders;
use super::writing::prepare;
use crate::clock::instant;
use crate::store::{in_hand, obligations};

/// So many are noted together as long as nobody has died of one of them; after that each is alone.
const AT_ONCE: usize = 64;

/// Words the briefs of `today` and keeps nothing but whose words have ended the program too often.
///
/// # Errors
/// When the database fails.
pub(super) async fn rehearse(deliverer: &Deliverer, today: NaiveDate) -> Result<(), AppError> {
    let Deliverer {
        db,
        setup,
        origin,
        clock,
        beat,
        ..
    } = deliverer;
    let mut tx = db.snapshot().await?;
    let due = obligations::due_for_planning(&mut tx, today).await?;
    let ladders = Ladders::of(&mut tx, setup, &due).await?;
    let at = instant(today.and_time(setup.ladder.from)).max(clock.now());
    let (briefs, desk) = prepare(&mut tx, setup, origin, &due, &ladders, today, at).await?;
    let noted: BTreeSet<String> = in_hand::list(&mut tx, Thing::BRIEFS)
        .await?
        .into_iter()
        .collect();
    drop(tx);
    let thing = |one: &Heeded| Thing::Brief(one.contact.id.clone());
    let (suspects, mut fresh): (Vec<Heeded>, Vec<Heeded>) = briefs
        .into_iter()
        .partition(|one| noted.contains(&thing(one).to_string()));
    let hands = Hands::of(deliverer);
    while !fresh.is_empty() {
        let group: Vec<Heeded> = fresh.drain(..AT_ONCE.min(fresh.len())).collect();
        let things: Vec<Thing> = group.iter().map(thing).collect();
        hands.take_fresh(&things).await?;
        for one in group {
            drop(desk.word(one, setup));
        }
        hands.strike_out(&things).await?;
        beat.now();
    }
    for one in suspects {
        let thing = thing(&one);
        if hands.take(&thing).await? {
            drop(desk.word(one, setup));
            hands.strike_out(&[thing]).await?;
        }
        beat.now();
    }
    Ok(())
}
