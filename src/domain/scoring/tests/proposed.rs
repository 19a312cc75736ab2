//! Whom a ranking speaks for and against.

use super::*;

#[test]
fn what_nobody_was_told_of_takes_no_points_for_answers() {
    let untold = |id| Written {
        is_told: false,
        ..owed(id, "STP", day(3, 2))
    };
    let answers = |written: &[Written]| {
        let ranking = of_quarter(written);
        let score = only(&ranking).clone();
        let part = score.parts.iter().find(|one| one.part == Part::Answers);
        (score.untold(), part.map(|one| one.share), score.points())
    };
    let none = answers(&[untold(1), untold(2)]);
    assert_eq!((none.0, none.1), (2, None));
    let silent = answers(&[owed(1, "STP", day(3, 2)), owed(2, "STP", day(3, 2))]);
    assert_eq!(silent.1, Some(Share { part: 0, whole: 2 }));
    assert!(none.2 > silent.2, "{none:?} {silent:?}");
    // Of two things, one was told and answered: that is all that could be.
    let one = answers(&[untold(1), owed(2, "STP", day(3, 2)).said(day(3, 3))]);
    assert_eq!((one.0, one.1), (1, Some(Share { part: 1, whole: 1 })));
    // What was answered all the same was heard, however its agency came to know of it.
    let heard = answers(&[untold(1).said(day(3, 3)), untold(2)]);
    assert_eq!((heard.0, heard.1), (1, Some(Share { part: 1, whole: 1 })));
}

#[test]
fn what_was_taken_back_is_no_answer_that_holds() {
    let answers = |written: Written| only(&of_quarter(&[written])).answers();
    let said = || owed(1, "STP", day(3, 2)).said(day(3, 3));
    assert_eq!(answers(said()), (1, 1));
    assert_eq!(answers(said().took_back(day(3, 4))), (0, 1));
    let again = said().took_back(day(3, 4)).said(day(3, 5));
    assert_eq!(answers(again), (1, 1));
    assert_eq!(answers(said().took_back(day(3, 4)).done(day(3, 6))), (1, 1));
}

#[test]
fn whom_a_ranking_speaks_for_and_against() {
    let good = |id| owed(id, "STP", day(3, 2)).done(day(3, 2));
    let ranking = of_quarter(&[
        good(1),
        good(2),
        good(3),
        owed(4, "STC", day(3, 2)).done(day(3, 2)),
        owed(5, "STC", day(3, 2)).done(day(3, 2)),
        owed(6, "SXD", day(3, 30)),
        owed(7, "SXD", day(3, 30)),
        owed(8, "TAMKY", day(3, 2)),
    ]);
    let names = |proposals: &[Proposal]| -> Vec<(String, Vec<Reason>)> {
        let each = proposals.iter();
        each.map(|one| (one.score.agency.to_string(), one.reasons.clone()))
            .collect()
    };
    // STC has the same points, but two things alone are no merit.
    let commended = vec![Reason::Points(Points(1000)), Reason::Late(0)];
    assert_eq!(names(&ranking.commend), [("STP".to_owned(), commended)]);
    // One thing is too few for a rank and enough for a criticism when it lies for weeks.
    let few = vec![Reason::FewPoints(
        ranking.find(&"SXD".into()).unwrap().0.points().unwrap(),
    )];
    assert_eq!(
        names(&ranking.criticise),
        [
            ("SXD".to_owned(), few),
            ("TAMKY".to_owned(), vec![Reason::Overdue(22)])
        ]
    );
}

#[test]
fn whom_it_speaks_against_stands_table_by_table_and_equal_ones_as_the_directory_has_them() {
    let late = |agency: &str, id| {
        let due = day(3, 2);
        [owed(id, agency, due), owed(id + 1, agency, due)]
    };
    // Of the district, and of two that are known in the order STP, STC, with as many points each.
    let written = [late("TAMKY", 1), late("STC", 3), late("STP", 5)].concat();
    let ranking = of_quarter(&written);
    let names: Vec<&str> = ranking
        .criticise
        .iter()
        .map(|one| one.score.agency.as_str())
        .collect();
    assert_eq!(names, ["STP", "STC", "TAMKY"]);
}

#[test]
fn who_was_never_told_is_not_criticised_for_silence() {
    let untold = |id, agency| Written {
        is_told: false,
        ..owed(id, agency, day(3, 2))
    };
    let names = |ranking: &Ranking| -> (Vec<String>, Vec<String>) {
        let proposed = ranking
            .criticise
            .iter()
            .map(|one| one.score.agency.to_string());
        let spared = ranking.untold.iter().map(ToString::to_string);
        (proposed.collect(), spared.collect())
    };
    let own = |names: &[&str]| names.iter().map(ToString::to_string).collect::<Vec<_>>();
    let ranking = of_quarter(&[
        untold(1, "STP"),
        untold(2, "STP"),
        untold(3, "TAMKY"),
        owed(4, "STC", day(3, 2)),
        untold(5, "STC"),
    ]);
    assert_eq!(names(&ranking), (own(&["STC"]), own(&["STP", "TAMKY"])));
    let table = ranking.find(&"STC".into()).unwrap().0.points().unwrap();
    let reasons = vec![Reason::Overdue(22)];
    assert_eq!(
        ranking.criticise[0].reasons, reasons,
        "one thing alone has no points: {table:?}"
    );
    // An answer shows that it was heard of, whatever brought the news.
    let answered = untold(1, "TAMKY").said(day(3, 3));
    assert_eq!(names(&of_quarter(&[answered])), (own(&["TAMKY"]), own(&[])));
}
