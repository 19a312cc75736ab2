//! A day as it is written on the command line.

use chrono::NaiveDate;

use super::exit::WrongInput;
use crate::app::setup::{Charge, Setup};
use crate::clock::Clock;

/// `2020-03-31`, or `31/3/2020` as officials write it.
///
/// # Errors
/// When it is neither, or no such day exists.
pub(super) fn day(text: &str) -> Result<NaiveDate, String> {
    ["%Y-%m-%d", "%d/%m/%Y"]
        .into_iter()
        .find_map(|form| NaiveDate::parse_from_str(text.trim(), form).ok())
        .filter(|day| (1900..=9999).contains(&chrono::Datelike::year(day)))
        .ok_or_else(|| "no such day: write 2020-03-31 or 31/3/2020, with the year".to_owned())
}

/// A [`day`] of which figures can be given: today, or one that is over.
///
/// # Errors
/// When it is no day, or has not come: what nobody has answered by then is not known, and would be told as late.
pub(super) fn day_that_has_come(text: &str) -> Result<NaiveDate, String> {
    let day = day(text)?;
    let today = Clock::System.today();
    if day > today {
        return Err(format!(
            "{day} has not come, today is {today}: give today or an earlier day"
        ));
    }
    Ok(day)
}

/// The plans of which something can be told of `day`: those that were issued by then.
///
/// # Errors
/// When none was: figures of nothing would read as if nothing were late.
pub(super) fn issued_by(setup: &Setup, day: NaiveDate) -> Result<Vec<&Charge>, WrongInput> {
    let charges = setup.charges.iter();
    let issued: Vec<&Charge> = charges
        .filter(|charge| charge.plan.issued_on <= day)
        .collect();
    if issued.is_empty() {
        let issues = setup.charges.iter().map(|charge| {
            let (id, issued_on) = (&charge.plan.id, charge.plan.issued_on);
            format!("on {day} plan {id} was not yet issued: that was on {issued_on}")
        });
        let issues: Vec<String> = issues.collect();
        return Err(WrongInput(format!(
            "{}; give a day from then on",
            issues.join("; ")
        )));
    }
    Ok(issued)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_day_is_read_in_both_forms_and_only_with_its_year() {
        let march = NaiveDate::from_ymd_opt(2020, 3, 31);
        for text in ["2020-03-31", "31/3/2020", " 31/03/2020 "] {
            assert_eq!(day(text).ok(), march, "{text}");
        }
        for text in ["31/3", "31/3/20", "3/31/2020", "2020-02-30", "mai", ""] {
            let problem = day(text).unwrap_err();
            assert!(problem.contains("31/3/2020"), "{text}: {problem}");
        }
    }

    #[test]
    fn figures_are_given_of_days_that_have_come() {
        let today = Clock::System.today();
        let tomorrow = today.succ_opt().unwrap();
        assert_eq!(day_that_has_come(&today.to_string()), Ok(today));
        let problem = day_that_has_come(&tomorrow.to_string()).unwrap_err();
        assert!(problem.contains("has not come"), "{problem}");
    }
}
