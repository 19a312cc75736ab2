//! The documents as other programs read them: `LibreOffice`, openpyxl and python-docx. `./test` installs them and runs
//! these tests, which are ignored otherwise; where a program is missing they fail and name it.

mod pages;
mod readers;
mod written;
