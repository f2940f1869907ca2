//! What a device does next: a state machine without I/O. Every state that waits has a deadline, so no
//! lost message can hold it; one request is under way at a time, so a later entry never overtakes an
//! earlier one.

use crate::backoff::wait_ms;

/// A request that has not been answered for so long is taken as lost, ms.
const PATIENCE_MS: i64 = 300_000;
/// How often a device asks, when nothing pokes it, ms.
const IDLE_MS: i64 = 60_000;
/// How often it looks for itself whether what stopped it is over, ms: another may have brought the server up to date.
const STOPPED_MS: i64 = 3_600_000;

/// What happened.
#[derive(Clone, Debug, PartialEq)]
pub enum Event {
    /// Time went by.
    Tick,
    /// The network came back, the machine woke, somebody asked: try now.
    Now,
    /// The books got a new entry.
    Entry,
    /// The server has news.
    Poke,
    /// The server greeted: how much it has, and where its log ends.
    Greeted {
        /// The newest sequence number of this device that it has.
        server_has: u64,
        /// Where its log ends.
        head: i64,
    },
    /// The server took a push.
    Taken {
        /// The newest sequence number it has now.
        server_has: u64,
        /// Where its log ends.
        head: i64,
    },
    /// There was nothing to push.
    NothingToPush,
    /// A stretch of the log was followed.
    Followed {
        /// Where the device stands now.
        cursor: i64,
        /// Where the log ends.
        head: i64,
        /// Whether entries of this device are still pending.
        waiting: bool,
    },
    /// The books came anew, or a new epoch began.
    Renewed {
        /// Where the device stands now.
        cursor: i64,
    },
    /// What was asked for failed.
    Failed(Failure),
}

/// How a request failed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Failure {
    /// No answer, or one that says to come back later.
    Unreachable,
    /// The push does not continue what the server has, or what somebody may read changed: greet again.
    OutOfStep,
    /// The server has other entries under this device's name: a new epoch.
    Forked(i64),
    /// The server's log is another one, rows are not the server's, or the device may hold more of them: the
    /// rows must come anew.
    Lost,
    /// The stretch must come with all rows.
    NeedFull,
    /// The run must come with all that its entries said.
    NeedWords,
    /// The session ended: somebody must sign in again.
    SignedOut,
    /// This program is too old or too new for the server.
    Version,
    /// The server refused for a reason that waiting does not mend.
    Refused,
}

/// What to do.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Action {
    /// Greet the server.
    Greet,
    /// Push the run after this sequence number.
    Push {
        /// What the server has.
        after: u64,
        /// With all that the entries said.
        whole: bool,
    },
    /// Follow the log from where the device stands.
    Pull {
        /// With all rows.
        full: bool,
    },
    /// Get the rows anew.
    Rejoin,
    /// Put what is pending under a new epoch.
    BeginEpoch(i64),
    /// Nothing until this time, unless something happens.
    Wait {
        /// ms on the caller's clock.
        until_ms: i64,
    },
}

/// How a device stands, for the person at it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Status {
    /// Everything is with the server, and everything of the server is here.
    InStep,
    /// Work is waiting or under way.
    Waiting,
    /// The server could not be reached since then (ms).
    Offline {
        /// ms on the caller's clock.
        since_ms: i64,
    },
    /// Somebody must do something: sign in, update.
    NeedsYou(Failure),
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum State {
    /// Before the first greeting, or after a failure that needs a new one.
    Strange,
    /// Nothing is under way.
    Idle,
    /// A request is under way since then.
    Asking { since_ms: i64 },
    /// After a failure, until then.
    Resting { until_ms: i64 },
    /// Until somebody acts; it looks for itself now and then.
    Stopped(Failure),
}

/// The machine.
#[derive(Clone, Debug)]
pub struct Machine {
    state: State,
    known: bool,
    server_has: u64,
    cursor: i64,
    head: i64,
    more_to_push: bool,
    full: bool,
    whole: bool,
    failures: u32,
    offline_since_ms: Option<i64>,
    asked_at_ms: i64,
    look_again_ms: i64,
}

impl Machine {
    /// A device that has the log up to `cursor`; it knows nothing of its server yet.
    pub fn new(cursor: i64) -> Self {
        Machine {
            state: State::Strange,
            known: false,
            server_has: 0,
            cursor,
            head: cursor,
            more_to_push: true,
            full: false,
            whole: false,
            failures: 0,
            offline_since_ms: None,
            asked_at_ms: i64::MIN / 2,
            look_again_ms: 0,
        }
    }

    /// Takes an event and says what to do now. `dice` is any number, for the jitter.
    pub fn step(&mut self, event: &Event, now_ms: i64, dice: u64) -> Action {
        self.take(event, now_ms, dice);
        self.next(now_ms)
    }
    /// How the device stands.
    pub fn status(&self) -> Status {
        match (self.state, self.offline_since_ms) {
            (State::Stopped(failure), _) => Status::NeedsYou(failure),
            (_, Some(since_ms)) => Status::Offline { since_ms },
            (State::Idle, None) if !self.more_to_push && self.cursor >= self.head => Status::InStep,
            _ => Status::Waiting,
        }
    }

    fn take(&mut self, event: &Event, now_ms: i64, dice: u64) {
        match event {
            Event::Tick => self.tick(now_ms, dice),
            Event::Now => self.wake(),
            Event::Entry => self.more_to_push = true,
            Event::Poke => self.head = self.head.max(self.cursor + 1),
            Event::Greeted { server_has, head } => {
                (self.known, self.server_has, self.head) = (true, *server_has, *head);
                self.more_to_push = true;
                self.answered();
            }
            Event::Taken { server_has, head } => {
                (self.server_has, self.head) = (*server_has, self.head.max(*head));
                self.answered();
            }
            Event::NothingToPush => {
                (self.more_to_push, self.whole) = (false, false);
                self.answered();
            }
            Event::Followed { cursor, head, waiting } => {
                (self.cursor, self.head, self.full) = (*cursor, *head, false);
                self.answered();
                // What the server has must have come by the end of its log: it has it no more.
                self.known &= !(*waiting && !self.more_to_push && cursor >= head);
            }
            Event::Renewed { cursor } => {
                (self.known, self.full, self.cursor) = (false, false, *cursor);
                self.answered();
            }
            Event::Failed(failure) => self.failed(*failure, now_ms, dice),
        }
    }

    /// A request that was not answered in time is taken as lost; a rest ends.
    fn tick(&mut self, now_ms: i64, dice: u64) {
        match self.state {
            State::Asking { since_ms } if now_ms - since_ms >= PATIENCE_MS => self.failed(Failure::Unreachable, now_ms, dice),
            State::Resting { until_ms } if now_ms >= until_ms => self.state = State::Idle,
            State::Stopped(_) if now_ms >= self.look_again_ms => self.strange(),
            _ => {}
        }
    }
    fn wake(&mut self) {
        if matches!(self.state, State::Resting { .. } | State::Stopped(_)) {
            self.state = State::Idle;
        }
        (self.more_to_push, self.failures, self.asked_at_ms) = (true, 0, i64::MIN / 2);
    }
    fn answered(&mut self) {
        (self.state, self.failures, self.offline_since_ms) = (State::Idle, 0, None);
    }
    fn failed(&mut self, failure: Failure, now_ms: i64, dice: u64) {
        match failure {
            Failure::Unreachable => {
                self.failures = self.failures.saturating_add(1);
                self.offline_since_ms.get_or_insert(now_ms);
                self.known = false;
                self.state = State::Resting { until_ms: now_ms + wait_ms(self.failures, dice) };
            }
            Failure::OutOfStep => self.strange(),
            Failure::Forked(_) | Failure::Lost => self.state = State::Stopped(failure),
            Failure::NeedFull => {
                self.full = true;
                self.state = State::Idle;
            }
            Failure::NeedWords => {
                // What else is pending will hardly fit either: all of it goes whole.
                self.whole = true;
                self.state = State::Idle;
            }
            Failure::SignedOut | Failure::Version | Failure::Refused => {
                self.look_again_ms = now_ms + STOPPED_MS;
                self.state = State::Stopped(failure);
            }
        }
    }
    fn strange(&mut self) {
        (self.state, self.known) = (State::Strange, false);
    }

    fn next(&mut self, now_ms: i64) -> Action {
        let action = match self.state {
            State::Asking { since_ms } => return Action::Wait { until_ms: since_ms + PATIENCE_MS },
            State::Resting { until_ms } => return Action::Wait { until_ms },
            State::Stopped(Failure::Forked(epoch)) => Action::BeginEpoch(epoch),
            State::Stopped(Failure::Lost) => Action::Rejoin,
            State::Stopped(_) => return Action::Wait { until_ms: self.look_again_ms },
            State::Strange | State::Idle if !self.known => Action::Greet,
            _ if self.full => Action::Pull { full: true },
            _ if self.more_to_push => Action::Push { after: self.server_has, whole: self.whole },
            _ if self.cursor < self.head || now_ms - self.asked_at_ms >= IDLE_MS => Action::Pull { full: false },
            _ => return Action::Wait { until_ms: self.asked_at_ms + IDLE_MS },
        };
        if matches!(action, Action::Pull { .. }) {
            self.asked_at_ms = now_ms;
        }
        self.state = State::Asking { since_ms: now_ms };
        action
    }
}
