//! Plans that are whole and make no sense: another year, secrets, milestones settled against reason, nothing at all.

use super::{Small, case, check};

#[test]
fn a_plan_of_the_wrong_year_is_refused() {
    const P: &str = "plan.toml";
    check(&[
        case(
            P,
            ["year = 2020", "year = 2022"],
            ["issued_on", "plan.issued_on"],
            [
                "a plan for 2022 was not issued on 2020-01-15",
                "issued from 2021-07-01 to 2022-12-31",
            ],
        ),
        case(
            P,
            ["2020-01-15", "2021-01-15"],
            ["issued_on", "plan.issued_on"],
            [
                "a plan for 2020 was not issued on 2021-01-15",
                "`year` on line 6",
            ],
        ),
        case(
            P,
            ["year = 2020", "year = 20200"],
            ["year =", "plan.year"],
            ["for the year 20200", "2000 to 2199"],
        ),
    ]);
}

#[test]
fn what_is_marked_secret_is_refused() {
    const P: &str = "plan.toml";
    check(&[
        case(
            P,
            ["12/QĐ-UBND", "12/QĐ-UBND (M)"],
            ["(M)", "plan.number"],
            ["marked “(M)”", "on paper"],
        ),
        case(
            P,
            ["monitor", "secrecy = \"Tối mật\"\nmonitor"],
            ["secrecy", "plan.secrecy"],
            ["marked “Tối mật”", "on paper"],
        ),
        case(
            P,
            ["Rà soát văn bản.", "(MẬT) Rà soát"],
            ["(MẬT)", "task[I.1].content"],
            ["marked “MẬT”", "on paper"],
        ),
    ]);
    let small = Small::new();
    small.edit(
        P,
        "Rà soát văn bản.",
        "Rà soát (không bao gồm văn bản có nội dung mật).",
    );
    assert!(small.load().is_ok());
}

#[test]
fn a_milestone_settled_against_reason_is_refused() {
    const P: &str = "plan.toml";
    const ROW: &str = "product = \"Báo cáo\"";
    check(&[
        case(
            P,
            [ROW, "product = \"\"\nmilestones = [{ label = \"x\" }]"],
            ["milestones", "task[I.1].milestones[1]"],
            ["no `due_on`", "add due_on"],
        ),
        case(
            P,
            [
                ROW,
                "product = \"\"\nmilestones = [{ kind = \"event\", due_on = \"2020-03-31\" }]",
            ],
            ["milestones", "task[I.1].milestones[1]"],
            ["kind “event” has no due date", "remove `due_on`"],
        ),
        case(
            P,
            [
                ROW,
                "product = \"\"\nmilestones = [{ due_on = \"2020-01-02\" }]",
            ],
            ["milestones", "task[I.1].milestones[1].due_on"],
            ["before the plan was issued", "correct the date"],
        ),
        case(
            P,
            [
                ROW,
                "product = \"\"\nmilestones = [{ due_on = \"2020-03-31\", opens_on = \"2020-04-01\" }]",
            ],
            ["milestones", "task[I.1].milestones[1].due_on"],
            ["opens later", "exchange"],
        ),
        case(
            P,
            [
                ROW,
                "product = \"\"\nmilestones = [{ kind = \"do\", due_on = \"2020-03-31\" }]",
            ],
            ["milestones", "task[I.1].milestones[1].kind"],
            ["not one of the words", "“due”"],
        ),
        case(
            P,
            [ROW, "product = \"\"\nmilestones = [\"2020-03-31\"]"],
            ["milestones", "task[I.1].milestones[1]"],
            ["a text, not a table", "{ key = value"],
        ),
    ]);
}

#[test]
fn an_empty_file_says_what_belongs_in_it() {
    let small = Small::new();
    for file in ["plan.toml", "agencies.toml", "contacts.toml"] {
        small.write(file, "");
    }
    let problems = small.problems();
    let shown: Vec<&str> = problems
        .iter()
        .map(|problem| problem.problem.as_str())
        .collect();
    assert_eq!(
        shown,
        [
            "the plan has no task",
            "the key `plan` is missing",
            "the file lists no agency"
        ]
    );
}
