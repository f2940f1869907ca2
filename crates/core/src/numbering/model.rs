//! The rows of numbering.

use crate::shared::context::DeviceId;
use crate::shared::id::CommandId;
use crate::shared::{Code, Date, Id, Name, field};
use crate::{choice, record};

choice! {
    /// Who gave the numbers of a series.
    pub enum Origin {
        /// Daybook: gapless from 1.
        Daybook = "daybook",
        /// Another program, before the import: unique, with the gaps it had.
        Imported = "imported",
    }
}

record! {
    /// A series of numbers.
    pub struct Series in "number_series" key 1 {
        /// The id.
        id: Id<Series>,
        /// The document type: `invoice`, `credit_note`, `entry:SAL` …
        document: Name = field().listed(),
        /// The device that writes it.
        device: DeviceId = field().to("device"),
        /// The year.
        year: i64 = field().listed(),
        /// How a number is written: `{yy}-{device}-{n}`.
        pattern: Name = field().listed(),
        /// The newest number; 0 before the first.
        last: i64 = field().listed(),
        /// Hash of the newest number.
        last_hash: Code,
        /// Who gives the numbers.
        origin: Origin = field().listed(),
    }
}

record! {
    /// A place of a series whose document is not in the books, though its number is out in the world.
    pub struct Held in "number_held" key 2 removable {
        /// The series.
        series: Id<Series> = field().to("number_series"),
        /// Its place in the series.
        n: i64 = field().listed(),
        /// The command of the entry that took the number, or of the one that came after it.
        command: CommandId = field().listed(),
    }
}

record! {
    /// A number that was given out.
    pub struct Issued in "number_issued" key 2 {
        /// The series.
        series: Id<Series> = field().to("number_series"),
        /// Its place in the series, from 1.
        n: i64 = field().listed(),
        /// As printed.
        text: Name = field().listed(),
        /// The document type.
        document: Name,
        /// The document.
        subject: Id<()>,
        /// The document's date.
        issued_on: Date = field().listed(),
        /// Hash of what the document says.
        content: Code,
        /// Hash of the number before it in its series.
        prev: Code,
        /// Hash of this one.
        hash: Code,
    }
}
