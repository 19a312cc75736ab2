//! What drives the tests that draw what happens.

/// A number of the environment.
#[expect(
    clippy::disallowed_methods,
    reason = "./test long asks by the environment for more, a person for one seed"
)]
fn number(variable: &str) -> Option<u64> {
    let text = std::env::var(variable).ok()?;
    Some(
        text.parse()
            .unwrap_or_else(|_| panic!("{variable} is {text:?}, not a number")),
    )
}

/// The one seed that is asked for.
pub(crate) fn seed() -> Option<u64> {
    number("CAMPAIGN_SEED")
}

/// The seeds of a campaign: `CAMPAIGN_SEED` alone, or the first `CAMPAIGN_SEEDS` ones, by default `few`.
pub(crate) fn seeds(few: u64) -> Vec<u64> {
    seeds_of("CAMPAIGN_SEEDS", few)
}

/// The same where another variable says how many.
pub(crate) fn seeds_of(variable: &str, few: u64) -> Vec<u64> {
    match seed() {
        Some(seed) => vec![seed],
        None => (1..=number(variable).unwrap_or(few)).collect(),
    }
}
