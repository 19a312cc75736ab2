use proptest::option::of;
use proptest::prelude::*;

use super::*;

fn line() -> Line {
    Line {
        event: 7,
        plan: "quang-nam-2020".to_owned(),
        about: Some(About {
            obligation: 5,
            task: "II.2".to_owned(),
            milestone: 1,
            agency: "STP".to_owned(),
        }),
        at: 1_583_109_000_000_000,
        actor: "contact:stp.officer".to_owned(),
        kind: "done".to_owned(),
        payload: r#"{"document":"12/KH-STP"}"#.to_owned(),
        source: Some("inbox:17".to_owned()),
    }
}

/// Reads an encoding back: what can be read back in one way only was written from one line only.
struct Reader<'a>(&'a [u8]);

impl<'a> Reader<'a> {
    fn take(&mut self, count: usize) -> &'a [u8] {
        let (taken, rest) = self.0.split_at(count);
        self.0 = rest;
        taken
    }

    fn number(&mut self) -> i64 {
        i64::from_be_bytes(self.take(8).try_into().unwrap())
    }

    fn text(&mut self) -> String {
        let length = usize::try_from(self.number()).unwrap();
        String::from_utf8(self.take(length).to_vec()).unwrap()
    }

    fn optional<T>(&mut self, read: impl FnOnce(&mut Self) -> T) -> Option<T> {
        match self.take(1) {
            [0] => None,
            [1] => Some(read(self)),
            other => panic!("{other:?}"),
        }
    }

    fn all(mut self) -> (Hash, i64, Line) {
        assert_eq!(self.take(TAG.len()), TAG);
        let previous = Hash(self.take(32).try_into().unwrap());
        let place = self.number();
        let line = Line {
            event: self.number(),
            plan: self.text(),
            about: self.optional(|reader| About {
                obligation: reader.number(),
                task: reader.text(),
                milestone: reader.number(),
                agency: reader.text(),
            }),
            at: self.number(),
            actor: self.text(),
            kind: self.text(),
            payload: self.text(),
            source: self.optional(Self::text),
        };
        assert_eq!(self.0, b"");
        (previous, place, line)
    }
}

fn any_line() -> impl Strategy<Value = Line> {
    let text = || "[a\\x00\u{1}/é ệ]{0,6}";
    let about = (any::<i64>(), text(), any::<i64>(), text());
    let about = about.prop_map(|(obligation, task, milestone, agency)| About {
        obligation,
        task,
        milestone,
        agency,
    });
    let first = (any::<i64>(), text(), of(about), any::<i64>());
    let second = (text(), text(), text(), of(text()));
    (first, second).prop_map(
        |((event, plan, about, at), (actor, kind, payload, source))| Line {
            event,
            plan,
            about,
            at,
            actor,
            kind,
            payload,
            source,
        },
    )
}

proptest! {
    #[test]
    fn an_encoding_is_of_one_line_at_one_place_only(
        line in any_line(), previous in any::<[u8; 32]>(), place in any::<i64>()
    ) {
        let encoded = line.encoded(&Hash(previous), place);
        prop_assert_eq!(Reader(&encoded).all(), (Hash(previous), place, line));
    }

    #[test]
    fn a_hash_reads_back(bytes in any::<[u8; 32]>()) {
        prop_assert_eq!(Hash::parse(&Hash(bytes).to_string()), Some(Hash(bytes)));
    }
}

#[test]
fn the_encoding_stays_what_it_was_when_ledgers_were_sealed_with_it() {
    // Worked out by hand with Python's hashlib from the description in docs/evidence.md.
    let expected = "006bc5a0b11afe11b03d93cdcd26fa8f029c7b0ca674fd9f69363b949708bca7";
    assert_eq!(line().hash(&Hash::NOTHING, 1).to_string(), expected);
}

#[test]
fn every_field_counts() {
    let whole = line().hash(&Hash::NOTHING, 1);
    let changes: [fn(&mut Line); 13] = [
        |line| line.event += 1,
        |line| line.plan.push('1'),
        |line| line.about = None,
        |line| line.about.as_mut().unwrap().obligation += 1,
        |line| line.about.as_mut().unwrap().task.push('1'),
        |line| line.about.as_mut().unwrap().milestone += 1,
        |line| line.about.as_mut().unwrap().agency = "SNV".to_owned(),
        |line| line.at += 1,
        |line| line.actor = "system".to_owned(),
        |line| line.kind = "reopened".to_owned(),
        |line| line.payload.push(' '),
        |line| line.source = None,
        |line| line.source = Some(String::new()),
    ];
    for (number, change) in changes.iter().enumerate() {
        let mut other = line();
        change(&mut other);
        assert_ne!(other.hash(&Hash::NOTHING, 1), whole, "change {number}");
    }
    assert_ne!(line().hash(&Hash::NOTHING, 2), whole);
    assert_ne!(line().hash(&Hash([1; 32]), 1), whole);
}

#[test]
fn what_is_no_hash_is_not_read() {
    for text in [
        "",
        "00",
        &"g".repeat(64),
        &"0".repeat(63),
        &"0".repeat(65),
        &"é".repeat(32),
    ] {
        assert_eq!(Hash::parse(text), None, "{text}");
    }
    assert_eq!(Hash::parse(&"AB".repeat(32)), Some(Hash([0xab; 32])));
}
