//! A section: its paper, its margins, and that its pages count from one.

use super::form::{BOTTOM, LEFT, PAGE, RIGHT, TOP};

/// The properties of a section whose first page has no number. The form wants the pages of an annex to count from one again.
pub(super) fn section() -> String {
    let (wide, high) = PAGE;
    format!(
        "<w:sectPr><w:headerReference w:type=\"default\" r:id=\"rId2\"/><w:headerReference w:type=\"first\" r:id=\"rId3\"/>\
         <w:pgSz w:w=\"{wide}\" w:h=\"{high}\"/><w:pgMar w:top=\"{TOP}\" w:right=\"{RIGHT}\" w:bottom=\"{BOTTOM}\" \
         w:left=\"{LEFT}\" w:header=\"567\" w:footer=\"567\" w:gutter=\"0\"/><w:pgNumType w:start=\"1\"/><w:titlePg/></w:sectPr>"
    )
}
