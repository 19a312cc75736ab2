//! The code of an agency, as somebody types it.

use super::exit::WrongInput;
use crate::app::setup::{Charge, Setup};
use crate::domain::ids::AgencyCode;
use crate::files::nearest::nearest;

/// The agency that is meant by `typed`, in capitals or not.
///
/// # Errors
/// When no plan has such an agency; those of the most alike codes, or else of that name, are offered.
pub fn agency(setup: &Setup, typed: &str) -> Result<AgencyCode, WrongInput> {
    among(&setup.charges, typed)
}

/// The agency of one plan that is meant by `typed`.
///
/// # Errors
/// As [`agency`].
pub fn agency_of(charge: &Charge, typed: &str) -> Result<AgencyCode, WrongInput> {
    among(std::slice::from_ref(charge), typed)
}

fn among(charges: &[Charge], typed: &str) -> Result<AgencyCode, WrongInput> {
    let all = || {
        let charges = charges.iter();
        charges.flat_map(|charge| charge.directory.agencies())
    };
    let wanted = typed.trim().to_lowercase();
    if let Some(found) = all().find(|one| one.code.as_str().to_lowercase() == wanted) {
        return Ok(found.code.clone());
    }
    let codes = nearest(typed, all().map(|one| one.code.as_str()));
    let offered: Vec<String> = if codes.is_empty() {
        let names = nearest(typed, all().map(|one| one.name.as_str()));
        let named = names
            .into_iter()
            .filter_map(|name| all().find(|one| one.name == name));
        named
            .map(|one| format!("{} ({})", one.code, one.name))
            .collect()
    } else {
        codes.into_iter().map(ToOwned::to_owned).collect()
    };
    let remedy = if offered.is_empty() {
        "`dondoc contact list` and agencies.toml show the codes".to_owned()
    } else {
        format!("did you mean {}?", offered.join(" or "))
    };
    Err(WrongInput(format!("no such agency: {typed}; {remedy}")))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::app::open;

    fn said(typed: &str) -> String {
        let loaded = open::load(None).unwrap();
        match agency(&loaded.setup, typed) {
            Ok(code) => code.to_string(),
            Err(WrongInput(problem)) => problem,
        }
    }

    #[test]
    fn a_code_is_known_in_any_case_and_only_a_likely_one_is_offered() {
        assert_eq!(said("stp"), "STP");
        assert_eq!(said(" STP "), "STP");
        let near = said("STPP");
        assert!(
            near.starts_with("no such agency: STPP; did you mean STP"),
            "{near}"
        );
        let named = said("Sở Tư pháp");
        assert!(named.contains("did you mean STP (Sở Tư pháp)"), "{named}");
        for wild in ["ZZ", "@@"] {
            let none = said(wild);
            assert!(
                none.starts_with(&format!("no such agency: {wild};")),
                "{none}"
            );
            assert!(!none.contains("did you mean"), "{none}");
        }
    }
}
