//! A ranking as its templates are told it.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use serde::Serialize;

use super::count::{Counted, Papers};
use crate::app::compose::{named, plan_ref};
use crate::app::register::letter_agency;
use crate::app::setup::{Charge, Setup};
use crate::domain::ids::{AgencyCode, ObligationId};
use crate::domain::obligation::Standing;
use crate::domain::scoring::{
    LeftOut, Mark, Part, PartScore, Place, Proposal, Ranking, Reason, Rules, Score, Share, Table,
};
use crate::messages::{
    RankingAgency, RankingCommend, RankingContext, RankingCriticise, RankingJoined, RankingLeftOut,
    RankingLine, RankingMost, RankingPart, RankingPeriod, RankingProposal, RankingReason,
    RankingRules, RankingShare, RankingStanding, RankingTable, RankingTask, RankingWeight,
};

impl Counted {
    /// What the templates, the files and programs are told.
    #[must_use]
    pub fn context(&self, setup: &Setup, charge: &Charge) -> RankingContext {
        let teller = Teller {
            charge,
            papers: &self.papers,
            given_by: &self.given_by,
        };
        let ranking = &self.ranking;
        let plan = &charge.plan;
        let unranked =
            |scores: &[Score]| scores.iter().map(|one| teller.agency(one, None)).collect();
        let proposals = |proposals: &[Proposal]| -> Vec<RankingProposal> {
            let each = proposals.iter();
            each.map(|one| teller.proposal(ranking, one)).collect()
        };
        RankingContext {
            id: plan.id.to_string(),
            plan: plan_ref(charge),
            monitor: charge.agency_name(&plan.monitor),
            issued_on: plan.issued_on,
            sender: letter_agency(setup, charge, &plan.monitor),
            addressee: letter_agency(setup, charge, &plan.issuer),
            period: RankingPeriod {
                year: ranking.period.year,
                quarter: ranking.period.quarter,
                from: ranking.period.from,
                to: ranking.period.to,
                is_over: ranking.day > ranking.period.to,
            },
            on: ranking.day,
            rules: teller.rules(&setup.scoring),
            tables: ranking.tables.iter().map(|one| teller.table(one)).collect(),
            too_few: unranked(&ranking.too_few),
            nothing_due: unranked(&ranking.nothing_due),
            given_away: unranked(&ranking.given_away),
            given_by: {
                let agencies = ranking.given_away.iter();
                let documents = agencies.filter_map(|one| self.given_by.get(&one.agency));
                let documents: BTreeSet<&String> = documents.flatten().collect();
                documents.into_iter().cloned().collect()
            },
            left_out: left_out(ranking),
            commend: proposals(&ranking.commend),
            criticise: proposals(&ranking.criticise),
            untold: ranking
                .untold
                .iter()
                .map(|code| charge.agency_name(code))
                .collect(),
            tasks: teller.tasks(ranking.commend.iter().chain(&ranking.criticise)),
        }
    }
}

/// What names and documents are looked up in.
struct Teller<'a> {
    charge: &'a Charge,
    papers: &'a HashMap<ObligationId, Papers>,
    given_by: &'a BTreeMap<AgencyCode, BTreeSet<String>>,
}

impl Teller<'_> {
    fn rules(&self, rules: &Rules) -> RankingRules {
        let own = rules
            .weights
            .heavier
            .iter()
            .filter(|one| one.plan == self.charge.plan.id);
        let known = rules
            .joined
            .iter()
            .filter(|one| self.charge.directory.find(&one.agency).is_some());
        RankingRules {
            work: rules.weights.work,
            report: rules.weights.report,
            heavier: own
                .map(|one| RankingWeight {
                    tasks: one.tasks.iter().map(ToString::to_string).collect(),
                    weight: one.weight,
                })
                .collect(),
            parts: Part::ALL
                .map(|part| RankingMost {
                    part: part.as_str().to_owned(),
                    most: rules.most(part),
                })
                .into(),
            longest: rules.longest,
            fewest: rules.fewest,
            among: word(&rules.among),
            commend: RankingCommend {
                tenths: rules.commend.points.0,
                late: rules.commend.late,
                due: rules.commend.due,
            },
            criticise: RankingCriticise {
                tenths: rules.criticise.points.0,
                overdue: rules.criticise.overdue,
            },
            joined: known
                .map(|one| RankingJoined {
                    name: self.charge.agency_name(&one.agency),
                    on: one.on,
                    document: one.document.clone(),
                })
                .collect(),
        }
    }

    fn table(&self, table: &Table) -> RankingTable {
        let places = table.places.iter();
        RankingTable {
            level: table.level.as_ref().map(word),
            agencies: places
                .map(|one| self.agency(&one.score, Some(one)))
                .collect(),
        }
    }

    fn proposal(&self, ranking: &Ranking, proposal: &Proposal) -> RankingProposal {
        let place = ranking
            .find(&proposal.score.agency)
            .and_then(|(_, place)| place);
        let reasons = proposal.reasons.iter().map(|reason| match *reason {
            Reason::Points(points) => RankingReason::Points(points.0),
            Reason::Late(late) => RankingReason::Late(late),
            Reason::FewPoints(points) => RankingReason::FewPoints(points.0),
            Reason::Overdue(days) => RankingReason::Overdue(days),
        });
        RankingProposal {
            agency: self.agency(&proposal.score, place),
            reasons: reasons.collect(),
        }
    }

    /// What counts for or against somebody.
    fn tasks<'p>(&self, proposals: impl Iterator<Item = &'p Proposal>) -> Vec<RankingTask> {
        let marks = proposals.flat_map(|one| &one.score.marks);
        let counting = marks.filter(|mark| mark.done_on.is_some() || mark.days_late > 0);
        let by_place: BTreeMap<_, _> = counting
            .map(|mark| {
                let place = self.charge.place_of(&mark.milestone);
                ((place, &mark.milestone), mark.original_due_on)
            })
            .collect();
        let task = |((_, milestone), due_on)| {
            let (id, title) = named(self.charge, milestone);
            RankingTask { id, title, due_on }
        };
        by_place.into_iter().map(task).collect()
    }

    fn agency(&self, score: &Score, place: Option<&Place>) -> RankingAgency {
        let (on_time, reports) = score.reports();
        let each = |count: &dyn Fn(Standing) -> usize| RankingStanding {
            done_on_time: count(Standing::DoneOnTime),
            done_late: count(Standing::DoneLate),
            open_on_time: count(Standing::OpenOnTime),
            open_late: count(Standing::OpenLate),
            waiting: count(Standing::Waiting),
            unclear: count(Standing::Unclear),
        };
        let share_of = |standing| share(score.share(standing));
        // What has no rank has no points: of one thing they would be 0 or 100.
        let parts = if place.is_some() {
            score.parts.as_slice()
        } else {
            &[]
        };
        let given_by = self.given_by.get(&score.agency).into_iter().flatten();
        RankingAgency {
            given_by: given_by.cloned().collect(),
            code: score.agency.to_string(),
            name: self.charge.agency_name(&score.agency),
            rank: place.map(|place| place.rank),
            is_shared: place.is_some_and(|place| place.is_shared),
            points: place.map(|place| f64::from(place.points.0) / 10.0),
            due: score.due(),
            standing: each(&|standing| score.count(standing)),
            shares: RankingStanding {
                done_on_time: share_of(Standing::DoneOnTime),
                done_late: share_of(Standing::DoneLate),
                open_on_time: share_of(Standing::OpenOnTime),
                open_late: share_of(Standing::OpenLate),
                waiting: share_of(Standing::Waiting),
                unclear: share_of(Standing::Unclear),
            },
            reports: counted(on_time, reports),
            days_late: score.days_late(),
            answered: {
                let (answered, asked) = score.answers();
                counted(answered, asked)
            },
            untold: score.untold(),
            extended: score.extended(),
            parts: parts.iter().map(part).collect(),
            lines: score.marks.iter().map(|mark| self.line(mark)).collect(),
        }
    }

    fn line(&self, mark: &Mark) -> RankingLine {
        let (id, title) = named(self.charge, &mark.milestone);
        let papers = self
            .papers
            .get(&mark.obligation)
            .cloned()
            .unwrap_or_default();
        let said = mark.said.as_ref();
        RankingLine {
            id,
            title,
            due_on: mark.due_on,
            original_due_on: mark.original_due_on,
            done_on: mark.done_on,
            standing: word(&mark.standing),
            days_late: mark.days_late,
            weight: mark.weight,
            is_report: mark.is_report,
            document: papers
                .completion
                .filter(|_| mark.done_on.is_some())
                .unwrap_or_default(),
            is_extended: mark.is_extended(),
            moved_by: papers
                .moved
                .filter(|_| mark.due_on != mark.original_due_on)
                .unwrap_or_default(),
            asked_by: mark.asked_by,
            is_untold: mark.is_untold,
            quote: said.map(|said| said.quote.clone()).unwrap_or_default(),
            said_on: said.map(|said| said.on),
            takes_back: said.and_then(|said| said.takes_back),
            returned: said.and_then(|said| said.returned.clone()),
            awaits: mark.undecided.map(|(pending, _)| pending),
            asked: mark.undecided.and_then(|(_, day)| day),
        }
    }
}

fn part(one: &PartScore) -> RankingPart {
    RankingPart {
        part: one.part.as_str().to_owned(),
        most: one.most,
        share: share(one.share),
        hundredths: one.hundredths,
    }
}

fn counted(part: usize, whole: usize) -> RankingShare {
    share(Share {
        part: part as u64,
        whole: whole as u64,
    })
}

fn share(share: Share) -> RankingShare {
    RankingShare {
        part: share.part,
        whole: share.whole,
        permille: share.permille(),
    }
}

fn left_out(ranking: &Ranking) -> RankingLeftOut {
    let of_all = |standing| ranking.scores().map(|one| one.count(standing)).sum();
    RankingLeftOut {
        continuous: ranking.count_left_out(LeftOut::Continuous),
        asleep: ranking.count_left_out(LeftOut::Asleep),
        suspended: ranking.count_left_out(LeftOut::Suspended),
        cancelled: ranking.count_left_out(LeftOut::Cancelled),
        transferred: ranking.count_left_out(LeftOut::Transferred),
        waiting: of_all(Standing::Waiting),
        unclear: of_all(Standing::Unclear),
        before_joining: ranking.count_left_out(LeftOut::BeforeJoining),
        gone: ranking.count_left_out(LeftOut::Gone),
        moved_beyond: ranking.count_left_out(LeftOut::MovedBeyond),
    }
}

/// The word by which a value is known in JSON.
fn word(value: &impl Serialize) -> String {
    let value = serde_json::to_value(value).unwrap_or_default();
    value.as_str().unwrap_or_default().to_owned()
}
