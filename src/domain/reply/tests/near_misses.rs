//! What comes near to a report that the task is done, each class with its near misses.

use super::super::Intent;
use super::understand;

#[test]
fn a_share_of_the_work_is_no_day() {
    for (text, percent) in [
        ("3/4 rồi", None),
        ("được 2/3 công việc", None),
        ("2/3 công việc đã xong", None),
        ("xong 3/4 khối lượng", None),
        ("xong khoảng 2/3", None),
        ("đã hoàn thành 4/5", None),
        ("mới xong 2/3", None),
        ("làm được 3/4 rồi nha", None),
        ("xong 1/2", Some(50)),
        ("xong 1/2 rồi", Some(50)),
    ] {
        let found = understand(text);
        let read = (found.intent, found.percent, found.date);
        assert_eq!(read, (Intent::Progress, percent, None), "{text}");
    }
    for (text, date) in [
        ("nộp 2/3 rồi", (3, 2)),
        ("xong hôm 2/3", (3, 2)),
        ("dự kiến xong 3/4", (4, 3)),
        ("khoảng 3/4 em nộp", (4, 3)),
        ("3/4 mới xong", (4, 3)),
    ] {
        let day = chrono::NaiveDate::from_ymd_opt(2020, date.0, date.1);
        assert_eq!(understand(text).date, day, "{text}");
    }
    assert_eq!(understand("Bác nghỉ hưu từ 1/2 rồi cháu ơi").percent, None);
}
