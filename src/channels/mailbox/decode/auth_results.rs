//! What our own mail server found out about a mail: the topmost `Authentication-Results` (RFC 8601).
//!
//! Anybody can write such a header. Only the topmost counts, and only under the name of our own server, which has to
//! remove others of that name at the border (RFC 8601, 5).

/// What the server says of the author's domain.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Finding {
    /// The mail comes from the domain in `From`.
    Passed,
    /// The owner of the domain says that it does not.
    Failed,
    /// Nothing.
    Unknown,
}

/// Reads the header for the author's domain. `authserv_id` is the name of our own server.
pub(super) fn finding(header: &str, authserv_id: &str, from_domain: &str) -> Finding {
    let header = without_comments(header);
    let mut parts = header.split(';');
    // The version may stand behind the name.
    let server = parts.next().and_then(|id| id.split_whitespace().next());
    if !server.is_some_and(|server| server.eq_ignore_ascii_case(authserv_id)) {
        return Finding::Unknown;
    }
    let results: Vec<MethodResult> = parts.filter_map(MethodResult::parse).collect();
    let is_author = |domain: &str| domain.eq_ignore_ascii_case(from_domain);
    let dmarc = |result: &&MethodResult| {
        result.method == "dmarc" && result.property("header.from").is_some_and(is_author)
    };
    // One that says "fail" weighs more than one that says "pass": a server that checks twice has been fooled once.
    if results.iter().filter(dmarc).any(|one| one.result == "fail") {
        return Finding::Failed;
    }
    let passes = results
        .iter()
        .filter(|one| one.result == "pass")
        .any(|one| dmarc(&one) || one.is_aligned(from_domain));
    if passes {
        Finding::Passed
    } else {
        Finding::Unknown
    }
}

/// `dkim=pass header.d=snv.example`.
struct MethodResult {
    method: String,
    result: String,
    properties: Vec<(String, String)>,
}

impl MethodResult {
    fn parse(text: &str) -> Option<Self> {
        // "dmarc = pass" is allowed as well.
        let text = text.replace(" =", "=").replace("= ", "=");
        let mut words = text.split_whitespace();
        let (method, result) = words.next()?.split_once('=')?;
        let method = method.split('/').next()?;
        let properties = words
            .filter_map(|word| word.split_once('='))
            .map(|(name, value)| {
                (
                    name.to_ascii_lowercase(),
                    value.trim_matches('"').to_owned(),
                )
            })
            .collect();
        Some(Self {
            method: method.to_ascii_lowercase(),
            result: result.to_ascii_lowercase(),
            properties,
        })
    }

    /// The value of a property that is given once.
    fn property(&self, name: &str) -> Option<&str> {
        let mut values = self.properties.iter().filter(|(key, _)| key == name);
        let (_, value) = values.next()?;
        values.next().is_none().then_some(value)
    }

    /// Whether it speaks of the author's domain, or of one above it: `quangnam.gov.vn` answers for
    /// `snv.quangnam.gov.vn`. (DMARC's relaxed alignment needs the list of public suffixes to go the other way.)
    fn is_aligned(&self, from_domain: &str) -> bool {
        let domain = match self.method.as_str() {
            "dkim" => self
                .property("header.d")
                .or_else(|| self.property("header.i").and_then(domain_of)),
            // The sender's name at the greeting is not the sender.
            "spf" => self
                .property("smtp.mailfrom")
                .map(|value| domain_of(value).unwrap_or(value)),
            _ => None,
        };
        domain.is_some_and(|domain| is_same_or_above(domain, from_domain))
    }
}

fn domain_of(address: &str) -> Option<&str> {
    address.rsplit_once('@').map(|(_, domain)| domain)
}

fn is_same_or_above(domain: &str, of: &str) -> bool {
    let (domain, of) = (domain.to_ascii_lowercase(), of.to_ascii_lowercase());
    let is_below = of
        .strip_suffix(&domain)
        .is_some_and(|rest| rest.ends_with('.'));
    !domain.is_empty() && (domain == of || is_below && domain.contains('.'))
}

/// The header on one line, without comments; what stands in quotes loses the signs that would part it.
fn without_comments(header: &str) -> String {
    let mut out = String::with_capacity(header.len());
    let mut depth = 0_usize;
    let mut is_quoted = false;
    let mut letters = header.chars();
    while let Some(c) = letters.next() {
        match c {
            '\\' if depth > 0 || is_quoted => {
                letters.next();
            }
            '"' if depth == 0 => is_quoted = !is_quoted,
            '(' if !is_quoted => depth += 1,
            ')' if !is_quoted && depth > 0 => {
                depth -= 1;
                out.push(' ');
            }
            _ if depth > 0 => {}
            // A quoted value must not open a result of its own.
            ';' | '=' if is_quoted => out.push('_'),
            c if is_quoted && c.is_whitespace() => out.push('_'),
            c if c.is_control() || c.is_whitespace() => out.push(' '),
            c => out.push(c),
        }
    }
    // Something was opened and never closed: nothing of it is believed.
    if depth > 0 || is_quoted {
        return String::new();
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn of(header: &str) -> Finding {
        finding(header, "mx.noivu.example", "snv.quangnam.example")
    }

    #[test]
    fn an_aligned_pass_of_our_own_server_is_believed() {
        for header in [
            "mx.noivu.example; dmarc=pass header.from=snv.quangnam.example",
            "MX.NOIVU.EXAMPLE 1; dmarc=pass (p=NONE sp=none dis=none) header.from=SNV.quangnam.example",
            "mx.noivu.example; dkim=pass header.d=snv.quangnam.example header.s=a",
            "mx.noivu.example; dkim=pass (2048-bit key; unprotected) header.i=@snv.quangnam.example",
            "mx.noivu.example; dkim=pass header.d=quangnam.example",
            "mx.noivu.example;\r\n\tspf=fail smtp.mailfrom=x@evil.example;\r\n\tdkim=pass\r\n header.d=snv.quangnam.example",
            "mx.noivu.example; spf=pass smtp.mailfrom=an@snv.quangnam.example",
            "mx.noivu.example; spf=pass reason=\"good\" smtp.mailfrom=snv.quangnam.example",
            "mx.noivu.example; dkim/1=pass header.d=snv.quangnam.example",
        ] {
            assert_eq!(of(header), Finding::Passed, "{header}");
        }
    }

    #[test]
    fn another_server_another_domain_and_another_result_say_nothing() {
        for header in [
            "",
            "mx.noivu.example",
            "mx.noivu.example; none",
            "mx.evil.example; dmarc=pass header.from=snv.quangnam.example",
            "mx.noivu.example.evil.example; dmarc=pass header.from=snv.quangnam.example",
            "(mx.noivu.example) mx.evil.example; dmarc=pass header.from=snv.quangnam.example",
            "mx.noivu.example; dmarc=pass",
            "mx.noivu.example; dmarc=pass header.from=evil.example",
            "mx.noivu.example; dmarc=pass header.from=evil.example header.from=snv.quangnam.example",
            "mx.noivu.example; dmarc=none header.from=snv.quangnam.example",
            "mx.noivu.example; dkim=pass header.d=evil.example",
            "mx.noivu.example; dkim=pass header.d=xquangnam.example",
            "mx.noivu.example; dkim=pass header.d=example",
            "mx.noivu.example; dkim=pass header.d=mail.snv.quangnam.example",
            "mx.noivu.example; dkim=fail header.d=snv.quangnam.example",
            "mx.noivu.example; spf=pass smtp.helo=snv.quangnam.example",
            "mx.noivu.example; spf=softfail smtp.mailfrom=snv.quangnam.example",
            "mx.noivu.example; arc=pass header.d=snv.quangnam.example",
        ] {
            assert_eq!(of(header), Finding::Unknown, "{header}");
        }
    }

    #[test]
    fn comments_and_quotes_smuggle_nothing_in() {
        for header in [
            "mx.noivu.example; spf=fail (; dmarc=pass header.from=snv.quangnam.example)",
            "mx.noivu.example; spf=fail (a(b); dmarc=pass header.from=snv.quangnam.example )",
            "mx.noivu.example; spf=fail reason=\"; dmarc=pass header.from=snv.quangnam.example\"",
            "mx.noivu.example; spf=fail reason=\"a\\\"; dmarc=pass header.from=snv.quangnam.example\"",
            "mx.noivu.example; spf=fail (\\) ; dmarc=pass header.from=snv.quangnam.example)",
            "mx.noivu.example; spf=pass smtp.mailfrom=\"x@snv.quangnam.example\"@evil.example",
            "mx.noivu.example; dmarc=pass header.from=snv.quangnam.example (",
        ] {
            assert_eq!(of(header), Finding::Unknown, "{header}");
        }
    }

    #[test]
    fn a_failure_weighs_more_than_a_pass() {
        let header = "mx.noivu.example; spf=pass smtp.mailfrom=snv.quangnam.example; \
            dmarc=fail (p=REJECT) header.from=snv.quangnam.example";
        assert_eq!(of(header), Finding::Failed);
    }

    proptest! {
        #[test]
        fn no_header_breaks_it(header in "\\PC{0,120}") {
            of(&header);
        }
    }
}
