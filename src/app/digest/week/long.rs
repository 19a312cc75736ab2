//! What is late for long, in numbers: what the short form of a digest says of it.

use std::cmp::Reverse;
use std::collections::HashMap;

use crate::app::setup::Charge;
use crate::domain::digest::Digest;
use crate::domain::ids::AgencyCode;
use crate::messages::{DigestLong, DigestWorst};

/// So many agencies are named.
const WORST: usize = 3;

/// What was late before this digest's days, with news or without, and the agencies that are late the longest; those who owe
/// more come first among equals, and then those whom the directory names first.
pub(super) fn long(charge: &Charge, digest: &Digest) -> DigestLong {
    let late = digest.long_late.iter().chain(&digest.unchanged);
    let mut of_each: HashMap<&AgencyCode, (i64, usize)> = HashMap::new();
    for line in late.flat_map(|one| &one.lines) {
        let (days_late, count) = of_each.entry(&line.agency).or_default();
        *days_late = line.days_late.max(*days_late);
        *count += 1;
    }
    let places = charge.agency_places();
    let mut worst: Vec<(&AgencyCode, (i64, usize))> = of_each.into_iter().collect();
    worst.sort_by_key(|(agency, found)| (Reverse(*found), places.get(agency).copied()));
    DigestLong {
        count: worst.iter().map(|(_, (_, count))| count).sum(),
        agencies: worst.len(),
        worst: worst
            .into_iter()
            .take(WORST)
            .map(|(agency, (days_late, count))| DigestWorst {
                name: charge.agency_name(agency),
                count,
                days_late,
            })
            .collect(),
    }
}
