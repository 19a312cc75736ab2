//! Numbers in words: "mười lăm", "bốn mươi lăm".

/// The numbers from 1 to 99 in words; "năm" alone is left out, because it is the year.
pub(super) fn numerals() -> impl Iterator<Item = (u32, String)> {
    const UNITS: [(u32, &str); 12] = [
        (1, "một"),
        (1, "mốt"),
        (2, "hai"),
        (3, "ba"),
        (4, "bốn"),
        (4, "tư"),
        (5, "lăm"),
        (5, "nhăm"),
        (6, "sáu"),
        (7, "bảy"),
        (8, "tám"),
        (9, "chín"),
    ];
    const TENS: [(u32, &str); 9] = [
        (10, "mười"),
        (20, "hai mươi"),
        (30, "ba mươi"),
        (40, "bốn mươi"),
        (50, "năm mươi"),
        (60, "sáu mươi"),
        (70, "bảy mươi"),
        (80, "tám mươi"),
        (90, "chín mươi"),
    ];
    let alone = |word: &str| !matches!(word, "mốt" | "tư" | "lăm" | "nhăm");
    let units = UNITS
        .into_iter()
        .filter(move |(_, word)| alone(word))
        .map(|(value, word)| (value, word.to_owned()));
    let tens = TENS
        .into_iter()
        .map(|(value, word)| (value, word.to_owned()));
    let both = TENS.into_iter().flat_map(|(ten, tens)| {
        UNITS
            .into_iter()
            .map(move |(unit, word)| (ten + unit, format!("{tens} {word}")))
    });
    units.chain(tens).chain(both)
}
