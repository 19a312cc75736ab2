//! One mistake at a time: where it is reported, and with which words.

mod refused;

use super::Small;

/// A mistake, and what is said of it.
struct Case {
    file: &'static str,
    from: &'static str,
    to: &'static str,
    /// Words that stand on the line named.
    line: &'static str,
    key: &'static str,
    problem: &'static str,
    remedy: &'static str,
}

const fn case(
    file: &'static str,
    [from, to]: [&'static str; 2],
    [line, key]: [&'static str; 2],
    [problem, remedy]: [&'static str; 2],
) -> Case {
    Case {
        file,
        from,
        to,
        line,
        key,
        problem,
        remedy,
    }
}

#[track_caller]
fn check(cases: &[Case]) {
    for case in cases {
        let small = Small::new();
        small.edit(case.file, case.from, case.to);
        let problems = small.problems();
        let shown: Vec<String> = problems.iter().map(ToString::to_string).collect();
        let [problem] = problems.as_slice() else {
            panic!(
                "{:?} gives {} problems: {shown:#?}",
                case.to,
                problems.len()
            );
        };
        assert!(problem.file.ends_with(case.file), "{shown:?}");
        assert_eq!(
            problem.line,
            small.line_of(case.file, case.line),
            "{shown:?}"
        );
        assert_eq!(problem.key, case.key, "{shown:?}");
        assert!(problem.problem.contains(case.problem), "{shown:?}");
        assert!(problem.remedy.contains(case.remedy), "{shown:?}");
    }
}

#[test]
fn the_small_plan_itself_has_no_problem() {
    let loaded = Small::new().load().unwrap();
    assert_eq!(loaded.warnings, []);
    assert_eq!(loaded.plan.tasks.len(), 2);
    assert_eq!(loaded.contacts.len(), 2);
}

#[test]
fn what_is_wrong_with_toml_is_told_in_plain_words() {
    const P: &str = "plan.toml";
    check(&[
        case(
            P,
            ["\"2020-01-15\"", "2020-01-15"],
            ["2020-01-15", ""],
            ["a date must stand in quotes", "\"2020-01-15\""],
        ),
        case(
            P,
            ["\"UBND\"", "UBND"],
            ["= UBND", ""],
            ["a text must stand in quotes", "key = "],
        ),
        case(
            P,
            ["\"small-2020\"", "\"small-2020"],
            ["small-2020", ""],
            ["no closing quote", "close it"],
        ),
        case(
            P,
            ["\"SNV\"", "\"S\\NV\""],
            ["NV", ""],
            ["a \\ that means nothing", "\\\\"],
        ),
        case(
            P,
            ["year = 2020", "year = 2020\nyear = 2021"],
            ["2021", ""],
            ["`year` stands here twice", "on line 6"],
        ),
        case(
            P,
            ["year = 2020", "year : 2020"],
            ["year :", ""],
            ["not TOML", "toml.io"],
        ),
        case(
            P,
            ["[plan]", "[plan"],
            ["[plan", ""],
            ["not TOML", "toml.io"],
        ),
    ]);
}

#[test]
fn keys_and_values_that_do_not_fit_are_told() {
    const P: &str = "plan.toml";
    const C: &str = "contacts.toml";
    check(&[
        case(
            P,
            ["monitor", "acceptence = \"trust\"\nmonitor"],
            ["acceptence", "plan.acceptence"],
            ["not known here", "did you mean “acceptance”"],
        ),
        case(
            P,
            ["[[group]]", "zzz = 1\n[[group]]"],
            ["zzz", "plan.zzz"],
            ["not known here", "the keys here are id, number"],
        ),
        case(
            P,
            ["year = 2020\n", ""],
            ["[plan]", "plan.year"],
            ["`year` is missing", "add year = 5"],
        ),
        case(
            P,
            ["year = 2020", "year = \"2020\""],
            ["year =", "plan.year"],
            [
                "a text, not a whole number",
                "write 2020 without quotation marks",
            ],
        ),
        case(
            P,
            ["year = 2020", "year = 99999999999"],
            ["year =", "plan.year"],
            ["too small or too large", "write a number from"],
        ),
        case(
            P,
            ["2020-01-15", "15/01/2020"],
            ["15/01", "plan.issued_on"],
            ["“15/01/2020” is not a date", "year-month-day"],
        ),
        case(
            P,
            ["2020-01-15", "2020-02-30"],
            ["02-30", "plan.issued_on"],
            ["not a date", "year-month-day"],
        ),
        case(
            P,
            ["monitor", "before = \"inclusiv\"\nmonitor"],
            ["inclusiv", "plan.before"],
            ["not one of the words", "“inclusive”"],
        ),
        case(
            P,
            ["Rà soát văn bản.", " "],
            ["content = \" \"", "task[I.1].content"],
            ["the text is empty", "write it"],
        ),
        case(
            P,
            ["content = \"Rà soát văn bản.\"\n", ""],
            ["[[task]]", "task[I.1].content"],
            ["`content` is missing", "add content"],
        ),
        case(
            C,
            ["\"head\"", "\"boss\""],
            ["boss", "contact[stp.head].role"],
            ["“boss” is not one", "“head”, “deputy” or “officer”"],
        ),
        case(
            C,
            ["[\"email\"]", "\"email\""],
            ["channels = \"email\"", "contact[stp.head].channels"],
            ["not a list", "channels = ["],
        ),
    ]);
}

#[test]
fn a_name_that_stands_twice_is_told_with_its_first_place() {
    const P: &str = "plan.toml";
    const A: &str = "agencies.toml";
    check(&[
        case(
            P,
            ["\"I.2\"", "\"I.1\" # again"],
            ["again", "task[2].id"],
            [
                "the task “I.1” stands here a second time",
                "on line 15 (task[1].id)",
            ],
        ),
        case(
            P,
            [
                "[[task]]",
                "[[group]]\nid = \"I\" # again\ntitle = \"T\"\n[[task]]",
            ],
            ["again", "group[2].id"],
            ["the group “I”", "on line 11"],
        ),
        case(
            A,
            [
                "\"STP\"",
                "\"SNV\" # again\nname = \"Sở Y\"\nlevel = \"province\"\n[[agency]]\ncode = \"STP\"",
            ],
            ["again", "agency[3].code"],
            ["the agency “SNV”", "on line 15"],
        ),
        case(
            A,
            ["\"xa\"", "\"so\" # again"],
            ["again", "group[2].code"],
            ["the group “so”", "on line 2"],
        ),
        case(
            A,
            [
                "name = \"Sở Tư pháp\"",
                "name = \"Sở Tư pháp\"\naliases = [\"SO  NỘI VỤ\", \"sở nội vụ\"]",
            ],
            ["aliases = [\"SO", "agency[STP].aliases"],
            ["the name “sở nội vụ”", "on line 16 (agency[SNV].name)"],
        ),
        case(
            "contacts.toml",
            ["\"stp.head\"", "\"snv.officer\" # again"],
            ["again", "contact[2].id"],
            ["the contact “snv.officer”", "on line 2"],
        ),
    ]);
}

#[test]
fn what_names_nothing_is_told_with_the_nearest_names() {
    const P: &str = "plan.toml";
    check(&[
        case(
            P,
            ["\"Sở Nội vụ, Sở Tư pháp\"", "\"Sở Nội vụ, Sở Tư phap\""],
            ["Tư phap", "task[I.2].lead"],
            ["“Sở Tư phap” names no agency", "“Sở Tư pháp”"],
        ),
        case(
            P,
            ["\"Sở Nội vụ\"", "\"\""],
            ["lead = \"\"", "task[I.1].lead"],
            ["the lead cell is empty", "leads = ["],
        ),
        case(
            P,
            ["monitor = \"SNV\"", "monitor = \"SNVV\""],
            ["SNVV", "plan.monitor"],
            ["no agency “SNVV”", "“SNV”"],
        ),
        case(
            P,
            ["\"I.2\"", "\"II.2\""],
            ["II.2", "task[2].id"],
            ["the plan has no group “II”", "“I”"],
        ),
        case(
            P,
            [
                "lead = \"Sở Nội vụ\"",
                "lead = \"x\"\nleads = [\"SNV\", \"SNB\"]",
            ],
            ["SNB", "task[I.1].leads"],
            ["no agency or group “SNB”", "“SNV”"],
        ),
        case(
            "agencies.toml",
            ["groups = [\"so\"]", "groups = [\"soo\"]"],
            ["soo", "agency[SNV].groups"],
            ["no group “soo”", "“so”"],
        ),
        case(
            "contacts.toml",
            ["\"STP\"", "\"SPT\""],
            ["SPT", "contact[stp.head].agency"],
            ["no agency “SPT”", "“STP”"],
        ),
    ]);
}

#[test]
fn a_contact_needs_an_agency_and_an_address_per_channel() {
    const C: &str = "contacts.toml";
    let small = Small::new();
    small.edit(C, "agency = \"STP\"\n", "");
    let problems = small.problems();
    assert_eq!(problems.len(), 1);
    assert_eq!(
        (problems[0].line, problems[0].key.as_str()),
        (10, "contact[stp.head].agency")
    );
    check(&[
        case(
            C,
            ["giamdoc.stp@province.example", "giamdoc.stp@"],
            ["giamdoc.stp@\"", "contact[stp.head].email"],
            [
                "“giamdoc.stp@” is not a mail address",
                "noivu@province.example",
            ],
        ),
        case(
            C,
            ["telegram = 123456789", "telegram = \"@snv\""],
            ["@snv", "contact[snv.officer].telegram"],
            ["“@snv” is not a Telegram chat id", "number of the chat"],
        ),
        case(
            C,
            ["telegram = 123456789\n", ""],
            ["telegram", "contact[snv.officer].channels"],
            ["telegram is listed without an address", "add telegram ="],
        ),
        case(
            C,
            ["[\"email\"]", "[]"],
            ["[]", "contact[stp.head].channels"],
            ["no channel", "channels = ["],
        ),
        case(
            C,
            ["[\"email\"]", "[\"email\", \"email\"]"],
            ["\"email\", \"email\"", "contact[stp.head].channels"],
            ["the channel “email”", "keep one"],
        ),
    ]);
}
