//! Which kinds of node an edge may lie between.

use super::NodeKind as N;
use super::{EdgeDescriptor, EdgeKind, NodeKind};

const fn edge(
    kind: EdgeKind,
    from: &'static [NodeKind],
    to: &'static [NodeKind],
    says: &'static str,
) -> EdgeDescriptor {
    EdgeDescriptor { kind, says, from, to }
}

const PLACES: &[NodeKind] = &[N::Household, N::Floor, N::Room, N::Zone];
const WHO: &[NodeKind] = &[N::Person, N::Contact];
const WORK: &[NodeKind] =
    &[N::Goal, N::Project, N::Task, N::Habit, N::Event, N::Batch, N::PrintJob, N::Plan, N::Run];
const GOODS: &[NodeKind] = &[N::Resource, N::InventoryItem, N::Harvest, N::Batch];
const TIMES: &[NodeKind] = &[N::Event, N::Plan, N::Run];

pub(super) const EDGES: &[EdgeDescriptor] = &[
    edge(EdgeKind::LocatedIn, &[], PLACES, "is in a room, on a floor, in a zone"),
    edge(
        EdgeKind::PartOf,
        &[],
        &[],
        "is a part of: an entity of a device, a room of a floor, a task of a project",
    ),
    edge(EdgeKind::Via, &[N::Device, N::Link], &[N::Device, N::Link], "hangs on a bridge or link"),
    edge(EdgeKind::MemberOf, &[], &[], "belongs to a set: a room of a zone, a person of a club"),
    edge(EdgeKind::Owns, WHO, &[], "is the owner of"),
    edge(EdgeKind::ResponsibleFor, WHO, &[], "sees to it"),
    edge(EdgeKind::DependsOn, &[], &[], "needs the other first"),
    edge(EdgeKind::Blocks, &[], &[], "keeps the other from going on"),
    edge(EdgeKind::Produces, &[], GOODS, "makes"),
    edge(EdgeKind::Consumes, &[], GOODS, "uses up"),
    edge(EdgeKind::RequiresSkill, WORK, &[N::Skill], "only who can this can do it"),
    edge(EdgeKind::ScheduledAt, WORK, TIMES, "is to be done then"),
    edge(EdgeKind::MeasuredBy, &[], &[N::Device, N::Entity], "is measured by"),
    edge(EdgeKind::Controls, &[], &[], "moves it: a rule a lamp, a device a system"),
    edge(EdgeKind::DerivedFrom, &[], &[], "was made out of"),
    edge(EdgeKind::Mentions, &[], &[], "speaks of"),
    edge(EdgeKind::Supersedes, &[], &[], "stands in place of an older one"),
    edge(EdgeKind::About, &[], &[], "is about"),
    edge(EdgeKind::Attends, WHO, &[N::Event], "takes part in"),
    edge(EdgeKind::PrescribedTo, &[N::HealthRecord], &[N::Person], "was prescribed to"),
    edge(EdgeKind::Follows, &[], &[], "comes after, or follows a person"),
    edge(EdgeKind::Knows, WHO, WHO, "knows"),
    edge(EdgeKind::Can, WHO, &[N::Skill], "has this skill"),
    edge(EdgeKind::Serves, &[], &[N::Goal], "helps to reach"),
    edge(EdgeKind::Uses, &[], &[], "is made with: a batch a recipe, a task a tool"),
    edge(EdgeKind::PaidFrom, &[N::Transaction, N::Budget], &[N::Account], "is paid from"),
    edge(EdgeKind::ParentOf, WHO, WHO, "is a parent of"),
];
