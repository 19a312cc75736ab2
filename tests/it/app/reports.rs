//! Reports of a quarter: of which day they are, beside the ranking of the quarter, and what they leave out.

use chrono::DateTime;
use dondoc::app::as_of::list_as_of;
use dondoc::app::ranking::count;
use dondoc::app::register::{Wanted, draft};
use dondoc::documents::docx;
use dondoc::domain::obligation::Standing;
use dondoc::domain::period::Period;
use dondoc::messages::RegisterLine;
use dondoc::store::obligations::Filter;

use super::golden::words_of;
use super::stage::{Stage, day};
use crate::support::db::on_both_databases;

on_both_databases! {
    /// Whoever reads both papers of one office, or asks for the same day on the command line, reads one number.
    async fn the_report_of_a_quarter_and_its_ranking_name_one_day_and_count_alike(test: TestDb) {
        let stage = Stage::at(test, "2020-03-16T09:00:00").await;
        stage.set_time("2020-04-01T10:00:00");
        stage.done("II.2", 1, "STP", "2020-04-01").await;
        let deliverer = &stage.daemon.deliverer;
        let (db, setup) = (&deliverer.db, &deliverer.setup);
        let period = Period::of_quarter(2020, 1).unwrap();
        let report = async |on: Option<&str>, today: &str| {
            let wanted = Wanted::Report { agency: None, quarter: "1".parse().unwrap(), on: on.map(day) };
            draft(db, setup, &wanted, day(today)).await.unwrap().remove(0)
        };
        let late = async |on: &str| {
            let stood = list_as_of(db, setup, &Filter::default(), day(on)).await.unwrap();
            stood.iter().filter(|one| one.word == Some(Standing::OpenLate)).count()
        };
        // Asked for whenever, on the day itself and later: of the day after the period.
        for today in ["2020-04-01", "2020-04-20"] {
            let drafted = report(None, today).await;
            let words = words_of(&drafted.bytes, "word/document.xml");
            let ranked = count(db, setup, &setup.charges[0], period, period.counted_on(day(today))).await.unwrap();
            let ranking = ranked.context(setup, &setup.charges[0]);
            let tells = docx(&setup.messages.ranking_letter(&ranking, DateTime::UNIX_EPOCH).unwrap()).unwrap();
            let named = "số liệu tính đến ngày 01 tháng 4 năm 2020";
            for words in [words, words_of(&tells, "word/document.xml")] {
                assert!(words.contains(named) && !words.contains("tính đến hết"), "{words}");
            }
            let scores = ranked.ranking.scores();
            let open = scores.map(|score| score.count(Standing::OpenLate)).sum::<usize>();
            assert_eq!(drafted.context.counts.open_late as usize + 1, open, "but for itself");
            assert_eq!(late("2020-04-01").await, open);
        }
        // At the end of the last day what is due on it is not late yet, by the report as by the list.
        let eve = report(Some("2020-03-31"), "2020-04-20").await.context;
        assert_eq!(eve.counts.open_late as usize, late("2020-03-31").await);
        assert!(eve.late.iter().all(|line| line.due_on < Some(day("2020-03-31")) && line.days_late > 0));
        assert!(eve.counts.open_on_time > 50, "{:?}", eve.counts);
    }

    /// A report that is being written cannot be late in itself; those of other offices, and others of the same, can.
    async fn a_report_of_a_quarter_does_not_count_itself(test: TestDb) {
        let stage = Stage::at(test, "2020-03-16T09:00:00").await;
        stage.link("2020-03-16T09:10:00", "syt.officer").await;
        stage.answers("2020-03-17T09:00:00", "IV.1.a/1 vướng kinh phí").await;
        stage.answers("2020-03-17T09:10:00", "IV.1.b vướng, chưa có hướng dẫn").await;
        stage.answers("2020-03-24T09:10:00", "IV.1.b vướng, chưa có hướng dẫn").await;
        let deliverer = &stage.daemon.deliverer;
        let drafted = async |agency: Option<&str>, quarter: &str, on: &str| {
            let agency = agency.map(Into::into);
            let wanted = Wanted::Report { agency, quarter: quarter.parse().unwrap(), on: Some(day(on)) };
            draft(&deliverer.db, &deliverer.setup, &wanted, day(on)).await.unwrap().remove(0)
        };
        let ids = |lines: &[RegisterLine]| lines.iter().map(|line| line.id.clone()).collect::<Vec<_>>();
        let of_syt = drafted(Some("SYT"), "1", "2020-04-01").await;
        let own = &of_syt.context;
        assert_eq!(own.this_report, "IV.1.a/1");
        for lines in [&own.lines, &own.late] {
            let ids = ids(lines);
            assert!(!ids.contains(&"IV.1.a/1".to_owned()) && ids.contains(&"IV.1.c/1".to_owned()), "{ids:?}");
        }
        assert_eq!(own.counts.total as usize, own.lines.len());
        // Nor is it among the difficulties; what was said twice is told of the day on which it was said last, as in the digest.
        let told: Vec<_> = own.difficulties.iter().map(|line| (line.id.as_str(), line.said_on)).collect();
        assert_eq!(told, [("IV.1.b", Some(day("2020-03-24")))]);
        let words = words_of(&of_syt.bytes, "word/document.xml");
        assert!(words.contains("không tính báo cáo này (IV.1.a/1)"), "{words}");
        // The report of the half-year is another one than that of the first quarter, which is late in it.
        let half = drafted(Some("SYT"), "2", "2020-07-01").await.context;
        assert_eq!(half.this_report, "IV.1.a/2");
        let half = ids(&half.late);
        assert!(half.contains(&"IV.1.a/1".to_owned()) && !half.contains(&"IV.1.a/2".to_owned()), "{half:?}");

        let of_all = drafted(None, "1", "2020-04-01").await;
        let of = |name: &str| of_all.context.late.iter().any(|line| line.id == "IV.1.a/1" && line.agency == name);
        assert!(of("Sở Y tế") && !of("Sở Nội vụ"));
        let words = words_of(&of_all.bytes, "word/document.xml");
        assert!(words.contains("không tính báo cáo này (IV.1.a/1)"), "{words}");
    }
}
