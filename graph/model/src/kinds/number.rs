//! The numbers and words of kinds of node and edge. Numbers are stored, and so is the order of the lines: a new kind goes to the end.

use serde::{Deserialize, Serialize};

/// Which way an edge is followed.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Serialize, Deserialize)]
pub enum Direction {
    /// From the node in hand to the other.
    Out,
    /// From the other to the node in hand.
    In,
}

impl Direction {
    pub fn turned(self) -> Self {
        match self {
            Self::Out => Self::In,
            Self::In => Self::Out,
        }
    }
}

macro_rules! node_kinds {
    ($($variant:ident = $number:literal $name:literal;)*) => {
        /// Kind of a node. Numbers are stored: never reuse one.
        #[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Serialize, Deserialize)]
        #[serde(rename_all = "snake_case")]
        #[repr(u16)]
        pub enum NodeKind { $($variant = $number,)* }

        impl NodeKind {
            pub const ALL: &[Self] = &[$(Self::$variant,)*];

            pub fn name(self) -> &'static str {
                match self { $(Self::$variant => $name,)* }
            }
        }
    };
}

node_kinds! {
    Household = 1 "household";
    Floor = 2 "floor";
    Room = 3 "room";
    Zone = 4 "zone";
    Person = 5 "person";
    Device = 6 "device";
    Entity = 7 "entity";
    Rule = 8 "rule";
    Group = 9 "group";
    Link = 10 "link";
    Goal = 11 "goal";
    Project = 12 "project";
    Task = 13 "task";
    Habit = 14 "habit";
    Event = 15 "event";
    Contact = 16 "contact";
    Message = 17 "message";
    Call = 18 "call";
    Resource = 19 "resource";
    InventoryItem = 20 "inventory_item";
    Skill = 21 "skill";
    HealthRecord = 22 "health_record";
    Account = 23 "account";
    Transaction = 24 "transaction";
    Budget = 25 "budget";
    ProductionSystem = 26 "production_system";
    Batch = 27 "batch";
    Recipe = 28 "recipe";
    Harvest = 29 "harvest";
    PrintJob = 30 "print_job";
    Document = 31 "document";
    Note = 32 "note";
    Run = 33 "run";
    Plan = 34 "plan";
    Decision = 35 "decision";
}

impl NodeKind {
    pub fn parse(name: &str) -> Option<Self> {
        Self::ALL.iter().copied().find(|k| k.name() == name)
    }

    /// What the home folder or a wire describes: people may add to it, and neither make it nor take it away.
    pub fn is_described(self) -> bool {
        (self as u16) <= Self::Link as u16
    }
}

macro_rules! edge_kinds {
    ($($(#[$doc:meta])* $variant:ident = $number:literal $name:literal $inverse:literal;)*) => {
        /// Type of an edge, read from `from` to `to`. Numbers are stored: never reuse one.
        #[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Serialize, Deserialize)]
        #[serde(rename_all = "snake_case")]
        #[repr(u16)]
        pub enum EdgeKind { $($(#[$doc])* $variant = $number,)* }

        impl EdgeKind {
            pub const ALL: &[Self] = &[$(Self::$variant,)*];

            pub fn name(self) -> &'static str {
                match self { $(Self::$variant => $name,)* }
            }

            /// What the same edge is called from its other end: an entity is `part_of` a device that `has` it.
            pub fn inverse(self) -> &'static str {
                match self { $(Self::$variant => $inverse,)* }
            }
        }

        impl TryFrom<u16> for EdgeKind {
            type Error = u16;
            fn try_from(number: u16) -> Result<Self, u16> {
                match number { $($number => Ok(Self::$variant),)* other => Err(other) }
            }
        }
    };
}

edge_kinds! {
    /// A device, entity or person is in a room.
    LocatedIn = 1 "located_in" "holds";
    /// An entity of a device, a room of a floor or zone.
    PartOf = 2 "part_of" "has";
    /// A device hangs on a bridge or link.
    Via = 3 "via" "carries";
    MemberOf = 4 "member_of" "members";
    Owns = 5 "owns" "owned_by";
    ResponsibleFor = 6 "responsible_for" "responsibility_of";
    DependsOn = 7 "depends_on" "needed_by";
    Blocks = 8 "blocks" "blocked_by";
    Produces = 9 "produces" "produced_by";
    Consumes = 10 "consumes" "consumed_by";
    RequiresSkill = 11 "requires_skill" "skill_for";
    ScheduledAt = 12 "scheduled_at" "time_for";
    MeasuredBy = 13 "measured_by" "measures";
    Controls = 14 "controls" "controlled_by";
    DerivedFrom = 15 "derived_from" "source_of";
    Mentions = 16 "mentions" "mentioned_by";
    Supersedes = 17 "supersedes" "superseded_by";
    About = 18 "about" "subject_of";
    Attends = 19 "attends" "attended_by";
    PrescribedTo = 20 "prescribed_to" "takes";
    Follows = 21 "follows" "followed_by";
    Knows = 22 "knows" "known_by";
    Can = 23 "can" "skill_of";
    Serves = 24 "serves" "served_by";
    Uses = 25 "uses" "used_by";
    PaidFrom = 26 "paid_from" "pays";
    ParentOf = 27 "parent_of" "child_of";
}

impl EdgeKind {
    /// A kind by its name, by its name from the other end (then the direction is turned), or `in` for `located_in`.
    pub fn parse(word: &str) -> Option<(Self, Direction)> {
        if word == "in" {
            return Some((Self::LocatedIn, Direction::Out));
        }
        Self::ALL.iter().find_map(|k| match word {
            w if w == k.name() => Some((*k, Direction::Out)),
            w if w == k.inverse() => Some((*k, Direction::In)),
            _ => None,
        })
    }

    /// Every word that [`EdgeKind::parse`] understands.
    pub fn words() -> impl Iterator<Item = &'static str> {
        Self::ALL.iter().flat_map(|k| [k.name(), k.inverse()]).chain(["in"])
    }
}
