//! What needs a person: rows that cannot be read, dates that cannot be, and how the plan file settles them.

use chrono::NaiveDate;
use dondoc::domain::plan::{Milestone, MilestoneKind, Task};
use dondoc::domain::resolution::{Decides, Policy};
use dondoc::files::{Loaded, Problem};

use super::Small;

const P: &str = "plan.toml";

fn date(text: &str) -> NaiveDate {
    text.parse().unwrap()
}

fn task<'l>(loaded: &'l Loaded, id: &str) -> &'l Task {
    loaded
        .plan
        .tasks
        .iter()
        .find(|task| task.id.as_str() == id)
        .unwrap()
}

fn due(milestones: &[Milestone]) -> Vec<Option<NaiveDate>> {
    milestones
        .iter()
        .map(|milestone| milestone.due_on)
        .collect()
}

#[test]
fn milestones_are_numbered_and_know_their_last_working_day() {
    let small = Small::new();
    small.edit(P, "\"Quý II/2020\"", "\"Tháng 4/2020\"");
    let loaded = small.load().unwrap();
    let first = &task(&loaded, "I.1").milestones[0];
    assert_eq!(first.id.to_string(), "I.1/1");
    assert_eq!(first.due_on, Some(date("2020-04-30")));
    assert_eq!(first.act_by, Some(date("2020-04-29")));
    assert_eq!(first.written, "Tháng 4/2020");
    let ids: Vec<String> = task(&loaded, "I.2")
        .milestones
        .iter()
        .map(|one| one.id.to_string())
        .collect();
    assert_eq!(ids, ["I.2/1", "I.2/2"]);
}

#[test]
fn a_cell_that_is_not_understood_is_a_warning_and_an_explicit_list_settles_it() {
    let small = Small::new();
    small.edit(P, "\"Quý II/2020\"", "\"Mùa mưa 45/13/2020\"");
    let loaded = small.load().unwrap();
    assert_eq!(task(&loaded, "I.1").milestones, []);
    let [warning] = loaded.warnings.as_slice() else {
        panic!("{:?}", loaded.warnings)
    };
    assert_eq!(warning.line, small.line_of(P, "Mùa mưa"));
    assert_eq!(warning.key, "task[I.1].deadline");
    assert!(warning.remedy.contains("milestones = ["), "{warning}");

    small.edit(P, "product = \"Báo cáo\"", "product = \"Báo cáo\"\nmilestones = [\n  { label = \"Báo cáo\", due_on = \"2020-04-30\", opens_on = \"2020-04-01\" },\n  { kind = \"continuous\" },\n  { kind = \"event\", label = \"Sau khi có Nghị định\" },\n]");
    let loaded = small.load().unwrap();
    assert_eq!(loaded.warnings, []);
    let [first, second, third] = task(&loaded, "I.1").milestones.as_slice() else {
        panic!("three are listed")
    };
    assert_eq!(first.label, "Báo cáo");
    assert_eq!(
        (first.opens_on, first.act_by),
        (Some(date("2020-04-01")), Some(date("2020-04-29")))
    );
    assert_eq!(
        first.rule,
        format!(
            "settled in the plan file, line {}",
            small.line_of(P, "2020-04-30")
        )
    );
    assert_eq!(
        (second.kind, second.opens_on),
        (MilestoneKind::Continuous, Some(date("2020-01-15")))
    );
    assert_eq!((third.kind, third.due_on), (MilestoneKind::Event, None));
}

#[test]
fn an_empty_list_settles_that_nothing_is_followed_up() {
    let small = Small::new();
    small.edit(
        P,
        "product = \"Báo cáo\"",
        "product = \"\"\nmilestones = []",
    );
    small.edit(P, "\"Quý II/2020\"", "\"?\"");
    let loaded = small.load().unwrap();
    assert_eq!(loaded.warnings, []);
    assert_eq!(task(&loaded, "I.1").milestones, []);
}

#[test]
fn a_deadline_older_than_the_plan_is_not_followed_up() {
    let small = Small::new();
    small.edit(P, "2020-01-15", "2020-04-15");
    let loaded = small.load().unwrap();
    assert_eq!(
        due(&task(&loaded, "I.2").milestones),
        [Some(date("2020-12-31"))]
    );
    let [warning] = loaded.warnings.as_slice() else {
        panic!("{:?}", loaded.warnings)
    };
    assert!(
        warning
            .problem
            .contains("2020-03-31 is before the plan was issued (2020-04-15)"),
        "{warning}"
    );
}

#[test]
fn a_date_outside_the_year_of_the_plan_is_a_warning() {
    let small = Small::new();
    small.edit(P, "\"Quý II/2020\"", "\"Quý II/2021\"");
    let loaded = small.load().unwrap();
    assert_eq!(
        due(&task(&loaded, "I.1").milestones),
        [Some(date("2021-06-30"))]
    );
    assert!(
        loaded.warnings[0]
            .problem
            .contains("2021-06-30 is not in 2020"),
        "{:?}",
        loaded.warnings
    );
}

#[test]
fn a_label_names_what_the_cell_does_not() {
    let small = Small::new();
    small.edit(
        P,
        "product = \"Báo cáo\"",
        "product = \"\"\nlabel = \"Báo cáo kết quả\"",
    );
    assert_eq!(
        task(&small.load().unwrap(), "I.1").milestones[0].label,
        "Báo cáo kết quả"
    );
    small.edit(P, "\"Quý II/2020\"", "\"định kỳ hằng quý\"");
    let loaded = small.load().unwrap();
    let labels: Vec<&str> = task(&loaded, "I.1")
        .milestones
        .iter()
        .map(|one| one.label.as_str())
        .collect();
    assert_eq!(labels[0], "Báo cáo kết quả quý I");
    assert_eq!(labels.len(), 4);
}

#[test]
fn a_list_of_codes_and_groups_settles_the_lead_cell() {
    let small = Small::new();
    small.edit(
        P,
        "lead = \"Sở Nội vụ\"",
        "lead = \"cơ quan được giao\"\nleads = [\"STP\", \"so\"]",
    );
    let loaded = small.load().unwrap();
    let codes: Vec<&str> = task(&loaded, "I.1")
        .agencies
        .iter()
        .map(dondoc::domain::ids::AgencyCode::as_str)
        .collect();
    assert_eq!(codes, ["STP", "SNV"]);
    assert_eq!(task(&loaded, "I.1").lead, "cơ quan được giao");
}

#[test]
fn a_row_that_only_a_group_without_members_leads_is_a_warning() {
    let small = Small::new();
    small.edit(P, "lead = \"Sở Nội vụ\"", "lead = \"UBND cấp xã\"");
    let loaded = small.load().unwrap();
    assert_eq!(loaded.warnings.len(), 1);
    assert!(
        loaded.warnings[0].problem.contains("names nobody"),
        "{:?}",
        loaded.warnings
    );

    let commune = "\n[[agency]]\ncode = \"TANTHANH\"\nname = \"UBND phường Tân Thạnh\"\nlevel = \"commune\"\ngroups = [\"xa\"]\n";
    small.write("agencies.toml", small.text("agencies.toml") + commune);
    let loaded = small.load().unwrap();
    assert_eq!(task(&loaded, "I.1").agencies[0].as_str(), "TANTHANH");
    assert!(
        loaded.warnings[0]
            .problem
            .contains("TANTHANH leads 1 tasks and has no contact"),
        "{:?}",
        loaded.warnings
    );
}

#[test]
fn unknown_names_among_those_who_co_ordinate_are_no_problem() {
    let small = Small::new();
    small.edit(
        P,
        "coordinate = \"\"",
        "coordinate = \"các Ngân hàng thương mại\"",
    );
    let loaded = small.load().unwrap();
    assert_eq!(loaded.warnings, []);
    assert_eq!(task(&loaded, "I.2").coordinate, "các Ngân hàng thương mại");
}

#[test]
fn the_fingerprint_changes_with_each_of_the_files() {
    let small = Small::new();
    let mut seen = vec![small.load().unwrap().fingerprint];
    assert_eq!(small.load().unwrap().fingerprint, seen[0]);
    for file in ["plan.toml", "agencies.toml", "contacts.toml"] {
        small.write(file, small.text(file) + "# more\n");
        let fingerprint = small.load().unwrap().fingerprint;
        assert!(!seen.contains(&fingerprint));
        seen.push(fingerprint);
    }
}

#[test]
fn a_plan_bounds_its_extensions_or_leaves_them_to_the_monitor() {
    let small = Small::new();
    let free = small.load().unwrap().plan.extensions;
    let within_its_year = Policy {
        latest: Some(date("2020-12-31")),
        ..Policy::default()
    };
    assert_eq!(free, within_its_year);
    assert_eq!(free.decides, Decides::Monitor);
    let group = "[[group]]";
    small.edit(
        P,
        group,
        "[extensions]\nmost = 2\nlatest = \"2020-11-30\"\n\n[[group]]",
    );
    let bound = small.load().unwrap().plan.extensions;
    assert_eq!(
        (bound.most, bound.latest),
        (Some(2), Some(date("2020-11-30")))
    );

    small.edit(P, "latest = \"2020-11-30\"", "latest = \"2019-11-30\"");
    let problems = small.problems();
    let [problem] = problems.as_slice() else {
        panic!("{problems:?}")
    };
    assert_eq!(problem.line, small.line_of(P, "2019-11-30"));
    assert_eq!(problem.key, "extensions.latest");
    assert!(
        problem.problem.contains("when the plan was issued"),
        "{problem}"
    );
}

#[test]
fn a_plan_names_who_decides_on_extensions() {
    let decides = |word: &str| {
        let small = Small::new();
        let table = format!("[extensions]\ndecides = {word}\n\n[[group]]");
        small.edit(P, "[[group]]", &table);
        small
    };
    for (word, expected) in [
        ("\"monitor\"", Decides::Monitor),
        ("\"monitor-head\"", Decides::MonitorHead),
        ("\"leader\"", Decides::Leader),
    ] {
        let loaded = decides(word).load().unwrap();
        assert_eq!(loaded.plan.extensions.decides, expected, "{word}");
    }
    let small = decides("\"leaders\"");
    let problems = small.problems();
    let [problem] = problems.as_slice() else {
        panic!("{problems:?}")
    };
    assert_eq!(problem.key, "extensions.decides");
    assert_eq!(problem.line, small.line_of(P, "\"leaders\""));
    assert!(problem.remedy.contains("leader"), "{problem}");
    let far = decides("\"quoc-hoi\"").problems();
    assert_eq!(
        far[0].remedy, "write “monitor”, “monitor-head” or “leader”",
        "{far:?}"
    );
    let kind = decides("3").problems();
    assert_eq!(kind[0].key, "extensions.decides", "{kind:?}");
}

#[test]
fn extensions_that_nobody_is_there_to_decide_are_told_of() {
    let small = Small::new();
    small.edit(
        P,
        "[[group]]",
        "[extensions]\ndecides = \"leader\"\n\n[[group]]",
    );
    let asks = |warning: &Problem| warning.problem.contains("decides on extensions");
    let told: Vec<_> = small
        .load()
        .unwrap()
        .warnings
        .into_iter()
        .filter(asks)
        .collect();
    let [warning] = told.as_slice() else {
        panic!("{told:?}")
    };
    assert!(warning.file.ends_with("contacts.toml"), "{warning}");
    let remedy = "add a [[contact]] with agency = \"UBND\" and role = \"head\" or \"deputy\"";
    assert!(warning.remedy.starts_with(remedy), "{warning}");
    let leader = "\n[[contact]]\nid = \"ubnd.head\"\nagency = \"UBND\"\nrole = \"head\"\ntitle = \"Lãnh đạo\"\nchannels = [\"email\"]\nemail = \"lanhdao@province.example\"\n";
    small.write("contacts.toml", small.text("contacts.toml") + leader);
    assert!(!small.load().unwrap().warnings.iter().any(asks));
}

#[test]
fn a_cell_with_days_for_some_lays_each_on_its_own_and_a_list_can_say_so_too() {
    let owners = |loaded: &Loaded| -> Vec<Vec<String>> {
        let task = task(loaded, "I.1");
        let own = task.milestones.iter().map(|one| task.owed_by(one));
        own.map(|codes| codes.iter().map(ToString::to_string).collect())
            .collect()
    };
    let both = "leads = [\"STP\", \"SNV\"]\ncoordinate";
    let small = Small::new();
    small.edit(P, "coordinate", both);
    small.edit(
        P,
        "\"Quý II/2020\"",
        "\"Sở Tư pháp: trước 15/5; Sở Nội vụ: trước 15/6\"",
    );
    let loaded = small.load().unwrap();
    assert_eq!(owners(&loaded), [["STP"], ["SNV"]]);
    assert_eq!(
        task(&loaded, "I.1").milestones[0].label,
        "",
        "a name is no title"
    );

    small.edit(P, "Sở Nội vụ: trước 15/6", "các hội: trước 15/6");
    let loaded = small.load().unwrap();
    assert_eq!(owners(&loaded)[1], ["STP", "SNV"]);
    let warned = loaded
        .warnings
        .iter()
        .any(|one| one.problem.contains("“các hội” is laid on all"));
    assert!(warned, "{:?}", loaded.warnings);

    let list = "milestones = [ { due_on = \"2020-05-14\", leads = [\"STP\"] }, { due_on = \"2020-06-14\" } ]\nleads";
    small.edit(P, "leads", list);
    let loaded = small.load().unwrap();
    assert_eq!(owners(&loaded), [vec!["STP"], vec!["STP", "SNV"]]);
    small.edit(P, "leads = [\"STP\"] }", "leads = [\"UBND\"] }");
    let problems = small.problems();
    assert!(
        problems
            .iter()
            .any(|one| one.problem.contains("UBND does not lead the row")),
        "{problems:?}"
    );
}
