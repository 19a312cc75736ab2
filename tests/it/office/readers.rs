//! Programs that read documents.

use std::path::Path;
use std::process::Command;

use serde_json::Value;

/// What openpyxl finds in a workbook, as JSON.
const XLSX: &str = r#"
import json, sys, openpyxl
book = openpyxl.load_workbook(sys.argv[1])
def sheet(ws):
    cells = [c for row in ws.iter_rows() for c in row]
    return {
        "name": ws.title,
        "freeze": ws.freeze_panes,
        "filter": ws.auto_filter.ref,
        "repeat": ws.print_title_rows,
        "landscape": ws.page_setup.orientation,
        "paper": int(ws.page_setup.paperSize),
        "fit": [ws.sheet_properties.pageSetUpPr.fitToPage, ws.page_setup.fitToWidth or 1, ws.page_setup.fitToHeight],
        "formulas": sum(c.data_type == "f" for c in cells),
        "dates": sum(c.is_date for c in cells if c.value is not None),
        "rows": [[str(c.value) if c.value is not None else "" for c in row] for row in ws.iter_rows()],
    }
print(json.dumps([sheet(ws) for ws in book.worksheets], ensure_ascii=True))
"#;

/// What python-docx finds in a letter, as JSON.
const DOCX: &str = r#"
import json, sys, docx
from docx.oxml.ns import qn
letter = docx.Document(sys.argv[1])
page = letter.sections[0]
def table(t):
    return {
        "repeated": len(t._tbl.findall(".//" + qn("w:tblHeader"))),
        "rows": [[c.text for c in row.cells] for row in t.rows],
    }
print(json.dumps({
    "page": [round(page.page_width.mm), round(page.page_height.mm)],
    "margins": [round(m.mm) for m in (page.top_margin, page.bottom_margin, page.left_margin, page.right_margin)],
    "first_differs": page.different_first_page_header_footer,
    "font": letter.styles.element.find(".//" + qn("w:rFonts")).get(qn("w:ascii")),
    "title": letter.core_properties.title,
    "created": letter.core_properties.created.isoformat(),
    "paragraphs": [p.text for p in letter.paragraphs],
    "tables": [table(t) for t in letter.tables],
}, ensure_ascii=True))
"#;

pub(super) fn openpyxl(file: &Path) -> Value {
    python(XLSX, file)
}

pub(super) fn python_docx(file: &Path) -> Value {
    python(DOCX, file)
}

/// The distribution's own Python: another one has not the distribution's packages.
fn python(script: &str, file: &Path) -> Value {
    let mut command = Command::new("/usr/bin/python3");
    let text = run(command.arg("-c").arg(script).arg(file));
    serde_json::from_str(&text).unwrap()
}

/// The text of a document as `LibreOffice` lays it out on pages, which are parted by form feeds.
pub(super) fn laid_out(file: &Path) -> String {
    printed(file, "-layout")
}

/// The smallest letters of a document as `LibreOffice` prints it, in points.
pub(super) fn smallest_letters(file: &Path) -> f64 {
    // What Times New Roman of one point takes from the top of its line to the bottom.
    const LINE: f64 = 1.1745;
    let words = printed(file, "-bbox");
    let number = |word: &str, name: &str| -> Option<f64> {
        let (_, rest) = word.split_once(name)?;
        rest.split_once('"')?.0.parse().ok()
    };
    let heights = words
        .split("<word ")
        .filter_map(|word| Some(number(word, "yMax=\"")? - number(word, "yMin=\"")?));
    heights.fold(f64::INFINITY, f64::min) / LINE
}

/// What `pdftotext` says of a document that was printed to PDF.
fn printed(file: &Path, form: &str) -> String {
    let folder = tempfile::tempdir().unwrap();
    let profile = format!(
        "-env:UserInstallation=file://{}/profile",
        folder.path().display()
    );
    let mut office = Command::new("soffice");
    run(office
        .args([&profile, "--headless", "--convert-to", "pdf", "--outdir"])
        .arg(folder.path())
        .arg(file));
    let pdf = folder
        .path()
        .join(file.with_extension("pdf").file_name().unwrap());
    run(Command::new("pdftotext").arg(form).arg(pdf).arg("-"))
}

#[track_caller]
fn run(command: &mut Command) -> String {
    let program = command.get_program().to_string_lossy().into_owned();
    let output = command.output().unwrap_or_else(|error| {
        panic!("{program} cannot be run, see ./test for what it needs: {error}")
    });
    let said = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{program}: {said}");
    String::from_utf8(output.stdout).unwrap()
}
