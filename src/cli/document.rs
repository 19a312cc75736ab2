//! The number of a document, as it is typed.

/// A value parser for clap: `12/KH-SNV`. Every number has a digit; "không số" and "chưa có" are none.
///
/// # Errors
/// What is typed instead, and what would be right.
pub fn document(typed: &str) -> Result<String, String> {
    let number = typed.trim();
    if number.chars().any(|letter| letter.is_ascii_digit()) {
        Ok(number.to_owned())
    } else {
        Err(format!(
            "“{number}” is no number of a document: write it as on the document, 12/KH-SNV, or leave the option out until there is one"
        ))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_number_has_a_digit() {
        assert_eq!(document(" 12/KH-SNV "), Ok("12/KH-SNV".to_owned()));
        for none in ["", " ", "không số", "ko số", "chưa có", "KH-SNV"] {
            assert!(document(none).is_err(), "{none}");
        }
    }
}
