//! How many there are of something, for an administrator.

use std::fmt::Display;

/// `1 brief`, `2 briefs`, `1 address`, `0 addresses`.
pub fn counted(count: impl Display, noun: &str) -> String {
    let count = count.to_string();
    let ending = match noun {
        _ if count == "1" => "",
        _ if noun.ends_with("ss") => "es",
        _ => "s",
    };
    format!("{count} {noun}{ending}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_is_not_told_as_many() {
        assert_eq!(counted(1, "brief"), "1 brief");
        assert_eq!(counted(0, "brief"), "0 briefs");
        assert_eq!(counted(1_u64, "address"), "1 address");
        assert_eq!(counted(11, "address"), "11 addresses");
    }
}
