//! A plain table for the terminal: columns as wide as their widest cell, two spaces between.

use std::io::{self, Write};

use crate::app::setup::Setup;
use crate::domain::ids::PlanId;

/// Rows to be printed under a heading.
#[derive(Debug)]
pub struct Table {
    rows: Vec<Vec<String>>,
    /// Whether the rows of [`Table::row_of`] begin with the plan.
    names_plans: bool,
}

impl Table {
    /// A table with this heading.
    pub fn new(heading: &[&str]) -> Self {
        Self {
            rows: vec![heading.iter().map(|cell| (*cell).to_owned()).collect()],
            names_plans: false,
        }
    }

    /// A table whose rows belong to plans, each told by [`Table::row_of`]. Where several are loaded, a column in front names
    /// them: two years' plans number their tasks alike.
    pub fn of_plans(setup: &Setup, heading: &[&str]) -> Self {
        let names_plans = setup.charges.len() > 1;
        let plan = names_plans.then_some("plan");
        let all: Vec<&str> = plan.into_iter().chain(heading.iter().copied()).collect();
        Self {
            names_plans,
            ..Self::new(&all)
        }
    }

    /// Adds a row of this plan.
    pub fn row_of(&mut self, plan: &PlanId, cells: impl IntoIterator<Item = String>) {
        let plan = self.names_plans.then(|| plan.to_string());
        self.rows.push(plan.into_iter().chain(cells).collect());
    }

    /// Adds a row.
    pub fn row(&mut self, cells: impl IntoIterator<Item = String>) {
        self.rows.push(cells.into_iter().collect());
    }

    /// Prints it. Widths are counted in characters; Vietnamese text in NFC has one for each letter.
    pub fn print(&self, out: &mut impl Write) -> io::Result<()> {
        let columns = self.rows.iter().map(Vec::len).max().unwrap_or(0);
        let width = |column: usize| {
            self.rows
                .iter()
                .filter_map(|row| row.get(column))
                .map(|cell| cell.chars().count())
                .max()
        };
        let widths: Vec<usize> = (0..columns).filter_map(width).collect();
        for row in &self.rows {
            let cells: Vec<String> = row
                .iter()
                .zip(&widths)
                .map(|(cell, width)| format!("{cell:<width$}"))
                .collect();
            writeln!(out, "{}", cells.join("  ").trim_end())?;
        }
        Ok(())
    }
}
