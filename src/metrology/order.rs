//! In which order targets were approached: what turns back is said, never sorted in silence.

use std::collections::BTreeMap;

use super::positioning::Direction;

/// In which order the targets of each run came; in the wide form all runs together.
#[derive(Debug, Default)]
pub(super) struct Order {
    /// For each run and side: the last target, and whether targets rise or fall.
    last: BTreeMap<Option<(bool, u64)>, (i64, i64)>,
    /// Runs in the positive direction of which the targets fall.
    falling: bool,
    /// Where a run turned back first, and how often runs did.
    pub found: Option<(String, usize)>,
}

impl Order {
    /// Whether a target turns back on those before it.
    pub(super) fn breaks(&mut self, run: Option<(Direction, u64)>, target: i64) -> bool {
        let up = run.is_some_and(|(direction, _)| direction == Direction::Up);
        let key = run.map(|(direction, run)| (direction == Direction::Up, run));
        let Some((last, trend)) = self.last.get(&key).copied() else {
            self.last.insert(key, (target, 0));
            return false;
        };
        let step = (target - last).signum();
        self.last.insert(key, (target, if step == 0 { trend } else { step }));
        self.falling |= up && step < 0;
        trend != 0 && step != 0 && step != trend
    }

    /// What is odd about the order.
    pub(super) fn remarks(self) -> Vec<String> {
        let mut remarks = Vec::new();
        if let Some((first, count)) = self.found {
            let more = match count {
                1 => String::new(),
                2 => " (and at 1 more place)".to_owned(),
                count => format!(" (and at {} more places)", count - 1),
            };
            remarks.push(format!("{first}: the run turns back: targets out of order{more}"));
        } else if self.falling {
            let text = "runs ↑ whose targets fall: are the directions those of the approach?";
            remarks.push(text.to_owned());
        }
        remarks
    }
}
