//! A mail that has only HTML, as lines: without style, script and what it quotes.
//!
//! One pass over the tags, without a tree: mails are broken in every way, and a tag that is never closed may at worst
//! drop what follows it. That is the safe side: words of somebody else are never taken for the sender's.

use mail_parser::decoders::html::add_html_token;

/// Elements whose content is not the sender's words.
const SILENT: [&str; 7] = [
    "blockquote",
    "head",
    "script",
    "select",
    "style",
    "template",
    "title",
];

/// Elements that begin on a line of their own.
const BLOCKS: [&str; 17] = [
    "address", "article", "br", "center", "dd", "div", "dt", "h1", "h2", "h3", "h4", "hr", "li",
    "ol", "p", "tr", "ul",
];

/// Classes of what a mail program quotes or signs with: Gmail, Yahoo, Thunderbird.
const SILENT_CLASSES: [&str; 8] = [
    "gmail_attr",
    "gmail_quote",
    "gmail_signature",
    "moz-cite-prefix",
    "moz-signature",
    "yahoo_quoted",
    "gmail_quote_container",
    "protonmail_quote",
];

/// Ids of where the quoted mail begins; it follows to the end. Outlook, its phone program, Zimbra.
const LAST_IDS: [&str; 4] = [
    "divrplyfwdmsg",
    "appendonsend",
    "zwchr",
    "mail-editor-reference-message-container",
];

/// The lines of a text in HTML.
pub(super) fn text_of(html: &str) -> String {
    let mut page = Page::default();
    let mut rest = html;
    let mut quotes = Quotes::Open;
    // Behind the last `>` there is no tag, however many `<` there are.
    let last = html.rfind('>').unwrap_or(0);
    while let Some(at) = rest.find('<') {
        if html.len() - rest.len() + at > last {
            break;
        }
        page.text(&rest[..at]);
        rest = &rest[at..];
        if let Some(comment) = rest.strip_prefix("<!--") {
            rest = comment.split_once("-->").map_or("", |(_, after)| after);
            continue;
        }
        let Some((tag, after)) = Tag::parse(rest, &mut quotes) else {
            page.text("<");
            rest = &rest[1..];
            continue;
        };
        rest = after;
        if tag.is_last() && page.silent.is_none() {
            return page.finish();
        }
        // What stands in these is no HTML: it ends only at their own end.
        if !tag.closes && matches!(tag.name.as_str(), "script" | "style") {
            rest = skip_raw(rest, &tag.name);
            continue;
        }
        page.tag(&tag);
    }
    page.text(rest);
    page.finish()
}

/// What follows the end tag of a raw element.
fn skip_raw<'a>(text: &'a str, name: &str) -> &'a str {
    let mut rest = text;
    while let Some(at) = rest.find("</") {
        rest = &rest[at + 2..];
        let is_end = rest
            .get(..name.len())
            .is_some_and(|start| start.eq_ignore_ascii_case(name));
        if is_end {
            return rest.find('>').map_or("", |end| &rest[end + 1..]);
        }
    }
    ""
}

/// A tag.
struct Tag {
    name: String,
    closes: bool,
    /// The id and the classes, in lower case.
    id: String,
    classes: Vec<String>,
}

impl Tag {
    /// The tag that `text` starts with, and what follows; `None` when the `<` is only a sign.
    fn parse<'a>(text: &'a str, quotes: &mut Quotes) -> Option<(Self, &'a str)> {
        let inner = text.strip_prefix('<')?;
        let (closes, inner) = match inner.strip_prefix('/') {
            Some(inner) => (true, inner),
            None => (false, inner),
        };
        inner
            .chars()
            .next()
            .filter(|c| c.is_ascii_alphabetic() || matches!(c, '!' | '?'))?;
        let end = end_of_tag(inner, quotes)?;
        let body = &inner[..end];
        let name_end = body
            .find(|c: char| c.is_ascii_whitespace() || c == '/')
            .unwrap_or(body.len());
        let attributes = &body[name_end..];
        let classes = attribute(attributes, "class").unwrap_or_default();
        let tag = Self {
            name: body[..name_end].to_ascii_lowercase(),
            closes,
            id: attribute(attributes, "id").unwrap_or_default(),
            classes: classes
                .split_ascii_whitespace()
                .map(str::to_owned)
                .collect(),
        };
        Some((tag, &inner[end + 1..]))
    }

    /// Whether everything from here on is quoted. Outlook puts `x_` before the ids of a mail that it quotes again.
    fn is_last(&self) -> bool {
        !self.closes && LAST_IDS.contains(&self.id.trim_start_matches("x_"))
    }

    fn is_silent(&self) -> bool {
        SILENT.contains(&self.name.as_str())
            || self
                .classes
                .iter()
                .any(|class| SILENT_CLASSES.contains(&class.trim_start_matches("x_")))
    }
}

/// Whether quotes in tags are to be believed. Once a tag did not end for their sake they are not, for the rest of the page:
/// it is broken, and each further tag would be looked for to the end of it.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Quotes {
    Open,
    Broken,
}

/// Where the `>` of a tag is, outside of quotes.
fn end_of_tag(inner: &str, quotes: &mut Quotes) -> Option<usize> {
    if *quotes == Quotes::Broken {
        return inner.find('>');
    }
    let mut quote = None;
    for (at, byte) in inner.bytes().enumerate() {
        match (quote, byte) {
            (None, b'>') => return Some(at),
            // A quote opens a value only behind an equals sign; elsewhere it is a slip of the pen.
            (None, b'"' | b'\'') if inner[..at].trim_end().ends_with('=') => quote = Some(byte),
            (Some(open), byte) if open == byte => quote = None,
            _ => {}
        }
    }
    // A quote that never closes: the first `>` ends the tag.
    *quotes = Quotes::Broken;
    inner.find('>')
}

/// The value of an attribute, in lower case.
fn attribute(attributes: &str, name: &str) -> Option<String> {
    let lower = attributes.to_ascii_lowercase();
    let mut from = 0;
    loop {
        let at = from + lower.get(from..)?.find(name)?;
        let is_start = lower[..at]
            .chars()
            .next_back()
            .is_some_and(|c| c.is_ascii_whitespace() || matches!(c, '"' | '\''));
        from = at + name.len();
        let Some(value) = lower[from..]
            .trim_start()
            .strip_prefix('=')
            .filter(|_| is_start)
        else {
            continue;
        };
        let value = value.trim_start();
        let value = match value.chars().next()? {
            quote @ ('"' | '\'') => value[1..].split(quote).next(),
            _ => value.split(|c: char| c.is_ascii_whitespace()).next(),
        };
        return value.map(|value| value.trim().to_owned());
    }
}

/// What has been written so far.
#[derive(Default)]
struct Page {
    out: String,
    /// The element whose content is left out, and how many of its name are open.
    silent: Option<(String, usize)>,
    /// A space is due before the next word.
    space: bool,
}

impl Page {
    fn tag(&mut self, tag: &Tag) {
        if let Some((name, open)) = &mut self.silent {
            if *name == tag.name {
                *open = if tag.closes { *open - 1 } else { *open + 1 };
                if *open == 0 {
                    self.silent = None;
                    self.line();
                }
            }
            return;
        }
        if !tag.closes && tag.is_silent() {
            self.line();
            self.silent = Some((tag.name.clone(), 1));
        } else if tag.name == "br" && self.out.ends_with('\n') {
            self.blank();
        } else if BLOCKS.contains(&tag.name.as_str()) {
            self.line();
            if tag.name == "p" || tag.closes && tag.name.starts_with('h') {
                self.blank();
            }
        } else if matches!(tag.name.as_str(), "td" | "th") {
            self.space = true;
        }
    }

    fn line(&mut self) {
        self.space = false;
        if !self.out.is_empty() && !self.out.ends_with('\n') {
            self.out.push('\n');
        }
    }

    fn blank(&mut self) {
        if !self.out.is_empty() && !self.out.ends_with("\n\n") {
            self.out.push('\n');
        }
    }

    fn text(&mut self, text: &str) {
        if self.silent.is_some() {
            return;
        }
        let decoded = without_entities(text);
        for (i, word) in decoded.split([' ', '\t', '\r', '\n']).enumerate() {
            self.space |= i > 0;
            if word.is_empty() {
                continue;
            }
            if self.space && !self.out.is_empty() && !self.out.ends_with('\n') {
                self.out.push(' ');
            }
            self.space = false;
            self.out.push_str(word);
        }
    }

    fn finish(self) -> String {
        self.out.trim().to_owned()
    }
}

/// `&agrave;`, `&#224;` and `&#xE0;` as letters.
fn without_entities(text: &str) -> String {
    const LONGEST: usize = 32;
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(at) = rest.find('&') {
        out.push_str(&rest[..at]);
        rest = &rest[at..];
        let end = rest
            .bytes()
            .take(LONGEST)
            .position(|byte| byte == b';')
            .filter(|end| {
                rest[1..*end]
                    .bytes()
                    .all(|b| b.is_ascii_alphanumeric() || b == b'#')
            });
        if let Some(end) = end {
            add_html_token(&mut out, &rest.as_bytes()[..=end], false);
            rest = &rest[end + 1..];
        } else {
            out.push('&');
            rest = &rest[1..];
        }
    }
    out.push_str(rest);
    out
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn blocks_are_lines_and_the_rest_is_one_line() {
        for (html, text) in [
            (
                "<div>II.2 <b>chưa</b>\n xong</div><div>II.3 xong</div>",
                "II.2 chưa xong\nII.3 xong",
            ),
            ("<p>II.2</p><p>xong</p>", "II.2\n\nxong"),
            ("<span>II.2</span><br>xong<br/>KH 12", "II.2\nxong\nKH 12"),
            (
                "<table><tr><td>II.2</td><td>xong</td></tr><tr><td>II.3</td></tr></table>",
                "II.2 xong\nII.3",
            ),
            (
                "ti&ecirc;́n &#273;&#x1ED9; &amp; 5 &lt; 6 & 7 &nope; <3",
                "tiê\u{301}n độ & 5 < 6 & 7 &nope; <3",
            ),
        ] {
            assert_eq!(text_of(html), text, "{html}");
        }
    }

    /// With the square of the length this would not end within an hour.
    #[test]
    fn no_page_takes_longer_than_its_length() {
        const LENGTH: usize = 1 << 18;
        for part in [
            "<",
            "</",
            "<a ",
            "<a='>'",
            "<a=\"",
            "<a =' >",
            "<a id=",
            "<!--",
            "<script>",
            "<style></",
            "&",
            "&#",
            "<p>",
            "<b class=x ",
            "<blockquote>",
            "<br>",
            "=\"'>",
        ] {
            for end in ["", ">", "'>", "-->"] {
                let page = format!("II.2{}{end}", part.repeat(LENGTH / part.len()));
                assert!(text_of(&page).starts_with("II.2"), "{part}");
            }
        }
    }

    #[test]
    fn style_script_and_comments_say_nothing() {
        let html = "<html><head><title>xong</title><style>p > a { content: 'II.9 xong' }</style></head>\
            <body><!-- II.9 xong <div> --><script>if (a < b) { '</div>' }</script>II.2</body></html>";
        assert_eq!(text_of(html), "II.2");
    }

    #[test]
    fn what_is_quoted_is_left_out() {
        for quoted in [
            "<blockquote>II.9 xong<blockquote>II.8 xong</blockquote>II.7 xong</blockquote>",
            "<div class=\"gmail_quote\"><div class='gmail_attr'>On … wrote:</div><div>II.9 xong</div></div>",
            "<div dir=ltr class=\"x gmail_quote gmail_quote_container\">II.9 xong</div>",
            "<div id='divRplyFwdMsg' dir='ltr'>From: bot</div><div>II.9 xong</div>",
            "<div id=\"x_divRplyFwdMsg\"></div>II.9 xong",
            "<hr id=zwchr data-marker='__DIVIDER__'>II.9 xong",
            "<div id=appendonsend></div><div>II.9 xong</div>",
            "<blockquote type=cite>II.9 xong",
            "<BLOCKQUOTE title=\"a > b\">II.9 xong</BLOCKQUOTE>",
        ] {
            assert_eq!(
                text_of(&format!("<div>II.2 chưa</div>{quoted}")),
                "II.2 chưa",
                "{quoted}"
            );
        }
        assert_eq!(
            text_of("<blockquote>II.9 xong</blockquote><p>II.2 chưa</p>"),
            "II.2 chưa"
        );
    }

    proptest! {
        #[test]
        fn no_text_breaks_it(html in "\\PC{0,200}") {
            text_of(&html);
        }

        #[test]
        fn no_tags_break_it(parts in proptest::collection::vec(
            prop_oneof!["<", ">", "</", "=", "\"", "'", "&", ";", "#x", "blockquote", "div", "id", " ", "ạ", "<!--", "-->", "style"], 0..60)) {
            text_of(&parts.concat());
        }
    }
}
