//! Whether the data is whole: everything decodes, every entry that another one names is there, the chain holds, roll-ups
//! are what their samples tell, the counts agree.

mod series;

use std::collections::{BTreeMap, BTreeSet};

use heed::RoTxn;
use lares_model::{EventId, Node, NodeId, Timer};
use sha2::{Digest, Sha256};

use crate::{
    Counters, LastState, Reader, StoreError,
    archive::Place,
    chain,
    codec::Kind,
    gone::Entry,
    key,
    meta::Progress,
    series::{SeriesInfo, check_correction, check_rolled},
    table::Table,
};

/// Problems beyond this many are counted, not told.
const TOLD: usize = 100;

/// What a check found.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct CheckReport {
    pub events: u64,
    pub samples: u64,
    /// Causes that are no journal entry but a sample: readings that were named after they had left the ring.
    pub causes_only_sampled: u64,
    /// Causes that are kept no longer.
    pub causes_let_go: u64,
    /// Entries that are folded together in archives.
    pub archived: u64,
    /// Entries of which only place and hash are left.
    pub gone: u64,
    /// Entries and values of those who were forgotten since this copy was made: nobody can read them.
    pub forgotten: u64,
    /// Entries that the chain holds: each was found as it was written.
    pub chained: u64,
    /// Days of series whose roll-ups were compared with their samples.
    pub rolled_days: u64,
    /// In words; at most 100.
    pub problems: Vec<String>,
    /// How many there are in all.
    pub problem_count: u64,
}

impl CheckReport {
    pub fn is_good(&self) -> bool {
        self.problem_count == 0
    }

    pub(crate) fn problem(&mut self, what: impl Into<String>) {
        self.problem_count += 1;
        if self.problems.len() < TOLD {
            self.problems.push(what.into());
        }
    }
}

impl Reader {
    /// Reads everything once. Fails only if the database itself does.
    pub fn check(&self) -> Result<CheckReport, StoreError> {
        let mut report = CheckReport::default();
        self.core.read(|txn| {
            let progress = Progress::read(&self.core, txn)?;
            let missing = self.check_journal(txn, &progress, &mut report)?;
            self.check_archive(txn, &progress, &mut report)?;
            self.check_chain(txn, &progress, &mut report)?;
            let sampled = self.check_samples(txn, &mut report);
            self.check_rolled(txn, &mut report)?;
            self.check_causes(missing, sampled, &progress, &mut report);
            self.check_tables(txn, &mut report)?;
            self.check_counters(txn, &mut report)
        })?;
        Ok(report)
    }

    /// Data of an older format has no chain before its next start.
    fn check_chain(
        &self,
        txn: &RoTxn<'_>,
        progress: &Progress,
        report: &mut CheckReport,
    ) -> Result<(), StoreError> {
        if !self.core.has_chain() {
            return Ok(());
        }
        report.chained = chain::check(&self.core, txn, progress, report)?;
        if report.chained + report.archived != report.events {
            let (events, chained) = (report.events, report.chained + report.archived);
            report.problem(format!("the journal has {events} entries, and the chain {chained}"));
        }
        Ok(())
    }

    /// Gives the causes that are no journal entries, each with an effect.
    fn check_journal(
        &self,
        txn: &RoTxn<'_>,
        progress: &Progress,
        report: &mut CheckReport,
    ) -> Result<BTreeMap<EventId, EventId>, StoreError> {
        let journal = self.core.table(Table::Journal);
        let effects = self.core.table(Table::Effects);
        let mut missing = BTreeMap::new();
        let mut heads: BTreeMap<NodeId, BTreeSet<EventId>> = BTreeMap::new();
        for entry in journal.iter(txn)? {
            let (k, stored) = entry?;
            report.events += 1;
            report.archived += u64::from(Place::of(stored).is_some());
            let read = key::read_event(k).map_err(|e| e.to_string());
            let id = match read {
                Ok(id) => id,
                Err(e) => {
                    report.problem(e);
                    continue;
                }
            };
            let entry = match self.entry(txn, id, stored).map(|entry| (id, entry)) {
                Ok((_, Entry::Whole(entry))) => entry,
                Ok((id, Entry::Gone(gone))) => {
                    report.gone += 1;
                    if gone.subject != NodeId(0) {
                        heads.entry(gone.subject).or_default().insert(id);
                    }
                    continue;
                }
                Err(e) if e.is_forgotten() => {
                    report.forgotten += 1;
                    continue;
                }
                Err(e) => {
                    report.problem(e.to_string());
                    continue;
                }
            };
            let id = entry.event.id;
            let open = heads.entry(entry.event.subject).or_default();
            open.insert(id);
            if let Some(previous) = entry.previous {
                match self.about(txn, previous) {
                    Ok(Some((subject, _))) if subject == entry.event.subject => {}
                    Ok(None) if previous <= progress.archived => {}
                    Err(e) if e.is_forgotten() => {}
                    Ok(Some(_)) => {
                        report.problem(format!("{id}: {previous}, before it, is about another thing"))
                    }
                    Ok(None) => report.problem(format!("{id}: {previous}, before it, is missing")),
                    Err(e) => report.problem(e.to_string()),
                }
            }
            for cause in &entry.event.causes {
                if journal.get(txn, &key::event(*cause))?.is_none() {
                    missing.entry(*cause).or_insert(id);
                }
                if effects.get(txn, &key::pair(cause.0, id.0))?.is_none() {
                    report.problem(format!("{id}: is not listed as an effect of {cause}"));
                }
            }
        }
        self.check_heads(txn, &heads, report)?;
        Ok(missing)
    }

    /// Every subject's chain must reach all of its entries.
    fn check_heads(
        &self,
        txn: &RoTxn<'_>,
        entries: &BTreeMap<NodeId, BTreeSet<EventId>>,
        report: &mut CheckReport,
    ) -> Result<(), StoreError> {
        for (subject, ids) in entries {
            let mut next = self.core.value(txn, Table::Heads, &key::node(*subject), Kind::Head)?;
            let mut reached = 0_usize;
            while let Some(id) = next
                && reached <= ids.len()
            {
                // The chain of a copy cannot be followed through what was forgotten.
                let about = self.about(txn, id);
                if about.as_ref().is_err_and(StoreError::is_forgotten) {
                    reached = ids.len();
                    break;
                }
                if !ids.contains(&id) {
                    break;
                }
                reached += 1;
                next = about.ok().flatten().and_then(|(_, previous)| previous);
            }
            if reached != ids.len() {
                report.problem(format!("{subject}: its chain has {reached} of {} entries", ids.len()));
            }
        }
        Ok(())
    }

    fn check_samples(&self, txn: &RoTxn<'_>, report: &mut CheckReport) -> BTreeSet<EventId> {
        let mut ids = BTreeSet::new();
        let (mut count, mut twice) = (0, 0);
        let tails = self.each_tail(txn, |tail| {
            count += tail.len() as u64;
            twice += tail.read()?.into_iter().filter(|(_, s)| !ids.insert(s.id)).count() as u64;
            Ok(())
        });
        // What was brought of the past has the id of the event that brought it, and never lies in the tail. In chunks only
        // their order tells whether one of those stands twice.
        let tailed = ids.clone();
        let mut brought: BTreeMap<EventId, u64> = BTreeMap::new();
        let mut last = None;
        let mut disorder = 0_u64;
        let chunks = self.each_chunk(txn, |name, samples| {
            count += samples.len() as u64;
            for sample in &samples {
                let place = (name, sample.at, sample.id);
                disorder += u64::from(last.is_some_and(|last| place <= last));
                last = Some(place);
            }
            for id in samples.into_iter().map(|s| s.id).filter(|id| !ids.insert(*id)) {
                match tailed.contains(&id) {
                    true => twice += 1,
                    false => *brought.entry(id).or_default() += 1,
                }
            }
        });
        for (id, more) in brought {
            if !self.core.has(txn, Table::Journal, &key::event(id)).unwrap_or(false) {
                twice += more;
            }
        }
        for e in [tails, chunks].into_iter().filter_map(Result::err) {
            report.problem(e.to_string());
        }
        if disorder > 0 && self.core.ordered_chunks() {
            report.problem(format!("{disorder} samples are not in their order"));
        }
        if twice > 0 {
            report.problem(format!("{twice} samples stand twice"));
        }
        report.samples = count;
        ids
    }

    fn check_causes(
        &self,
        missing: BTreeMap<EventId, EventId>,
        sampled: BTreeSet<EventId>,
        progress: &Progress,
        report: &mut CheckReport,
    ) {
        for (cause, effect) in missing {
            if sampled.contains(&cause) {
                report.causes_only_sampled += 1;
            } else if cause <= progress.let_go || cause <= progress.archived {
                report.causes_let_go += 1;
            } else {
                report.problem(format!("{effect}: its cause {cause} is missing"));
            }
        }
    }

    fn check_tables(&self, txn: &RoTxn<'_>, report: &mut CheckReport) -> Result<(), StoreError> {
        let core = &self.core;
        for table in Table::ALL {
            let mut read_through = 0;
            for entry in core.table(table).iter(txn)? {
                let (k, stored) = entry?;
                read_through += 1;
                let bytes = |kind| core.opened_bytes(table, k, stored, kind);
                let read = match table {
                    Table::Nodes => core.decoded::<Node>(table, k, stored, Kind::Node).map(drop),
                    Table::NodeVersions => {
                        core.decoded::<Option<Node>>(table, k, stored, Kind::NodeVersion).map(drop)
                    }
                    Table::EdgesOut | Table::EdgesIn => {
                        self.check_other_end(txn, table, k, report)?;
                        core.read_since(table, k, stored).map(drop)
                    }
                    Table::EdgeVersions => core.read_edge_version(k, stored).map(drop),
                    Table::Last => core.decoded::<LastState>(table, k, stored, Kind::LastState).map(drop),
                    Table::Timers => core.decoded::<Timer>(table, k, stored, Kind::Timer).map(drop),
                    Table::States => bytes(Kind::State).map(drop),
                    Table::Spaces => bytes(Kind::SpaceValue).map(drop),
                    Table::Blobs => core.entry(table, k, stored).and_then(|(hash, _)| {
                        if Sha256::digest(bytes(Kind::Blob)?).as_slice() != &*hash {
                            report.problem("a blob is not what its hash says");
                        }
                        Ok(())
                    }),
                    Table::Series => core.decoded::<SeriesInfo>(table, k, stored, Kind::SeriesInfo).map(drop),
                    Table::Rolled => check_rolled(core, k, stored),
                    Table::Corrections => check_correction(core, k, stored).map(drop),
                    // Looked at above, or bare.
                    Table::Meta | Table::Journal | Table::Effects | Table::Heads => Ok(()),
                    Table::Tail | Table::Chunks | Table::Chain | Table::Archive => Ok(()),
                };
                match read {
                    Ok(()) => {}
                    Err(e) if e.is_forgotten() => report.forgotten += 1,
                    Err(e) => report.problem(e.to_string()),
                }
            }
            // The database counts apart from its pages: a page that is not reached any more shows here.
            let counted = core.table(table).len(txn)?;
            if counted != read_through {
                report.problem(format!(
                    "table {table}: {read_through} entries can be read, and {counted} are counted"
                ));
            }
        }
        Ok(())
    }

    /// Each edge stands at both of its ends.
    fn check_other_end(
        &self,
        txn: &RoTxn<'_>,
        table: Table,
        k: &[u8],
        report: &mut CheckReport,
    ) -> Result<(), StoreError> {
        let (a, kind, b) = self.good_key(table, key::read_edge(k))?;
        let other = if table == Table::EdgesOut { Table::EdgesIn } else { Table::EdgesOut };
        if self.core.table(other).get(txn, &key::edge(b, kind, a))?.is_none() {
            report.problem(format!("{a} {} {b}: stands in {table} and not in {other}", kind.name()));
        }
        Ok(())
    }

    fn check_counters(&self, txn: &RoTxn<'_>, report: &mut CheckReport) -> Result<(), StoreError> {
        let told = Progress::read(&self.core, txn)?.counters;
        let count = |table| self.core.table(table).len(txn);
        let found = Counters {
            events: report.events,
            nodes: count(Table::Nodes)?,
            edges: count(Table::EdgesOut)?,
            samples: report.samples,
            timers: count(Table::Timers)?,
        };
        // Samples that cannot be read cannot be counted.
        let found = if report.forgotten > 0 { Counters { samples: told.samples, ..found } } else { found };
        if told != found {
            report.problem(format!("the counts are {found:?}, and {told:?} is kept"));
        }
        if count(Table::EdgesIn)? != found.edges {
            report.problem("edges in and out differ in number");
        }
        Ok(())
    }
}
