//! Arguments of the commands that only look.

use clap::{Args, Subcommand};
use lares_graph::exchange::Format;
use lares_surfaces::views::Every;

#[derive(Args, Debug)]
pub(in crate::cli) struct TreeArgs {
    /// Show every actor, also where many are well
    #[arg(long)]
    pub all: bool,
}

#[derive(Args, Debug)]
pub(in crate::cli) struct DevicesArgs {
    /// Also devices that were removed
    #[arg(long)]
    pub all: bool,
    /// Only what is not in the home files yet
    #[arg(long)]
    pub new: bool,
    /// Only what is in no room
    #[arg(long)]
    pub unplaced: bool,
    /// Only what cannot be reached, or has fallen silent
    #[arg(long)]
    pub ill: bool,
    /// Only what is low on battery
    #[arg(long)]
    pub low: bool,
    /// Only what has newer firmware to be installed
    #[arg(long)]
    pub outdated: bool,
}

#[derive(Args, Debug)]
pub(in crate::cli) struct WhyArgs {
    /// An entity, device, room, person or rule by its key, or an event by its id
    pub what: String,
    /// Also the rule's text as it was, other causes, origins, and what it led to
    #[arg(long, conflicts_with = "line")]
    pub full: bool,
    /// One line only
    #[arg(long)]
    pub line: bool,
    /// The other way round: everything that an event led to
    #[arg(long, conflicts_with_all = ["full", "line"])]
    pub effects: bool,
}

#[derive(Args, Debug)]
pub(in crate::cli) struct HistoryArgs {
    /// An entity, or a device that has one
    pub entity: String,
    /// Which property, such as `brightness` [default: the entity's main one]
    #[arg(long, value_name = "NAME")]
    pub property: Option<String>,
    /// From when: `10m` (ago), `18:00`, `2026-11-22`, `2026-11-22T18:00` [default: a day ago]
    #[arg(long, value_name = "WHEN")]
    pub from: Option<String>,
    /// Until when [default: now]
    #[arg(long, value_name = "WHEN")]
    pub to: Option<String>,
    /// A row for each `sample`, or for each 5m, 15m, 1h, 1d [default: as fits the span]
    #[arg(long, value_name = "STEP")]
    pub every: Option<Every>,
    /// Comma-separated values, for spreadsheets
    #[arg(long)]
    pub csv: bool,
}

#[derive(Args, Debug)]
pub(in crate::cli) struct LogArgs {
    /// Go on with what comes
    #[arg(short, long)]
    pub follow: bool,
    /// Only what is about this entity, device (with its entities), room, person, rule or link
    #[arg(long, value_name = "NAME")]
    pub entity: Option<String>,
    /// Only this kind of event (`reading`, `decision`, `receipt`, ...); may be repeated
    #[arg(long, value_name = "KIND")]
    pub kind: Vec<String>,
    /// Only what this rule did, did not do, or failed at
    #[arg(long, value_name = "RULE")]
    pub rule: Option<String>,
    /// Not before: `10m` ago, `18:00` today, `2026-11-22`, `2026-11-22T18:00`
    #[arg(long, value_name = "WHEN")]
    pub since: Option<String>,
    /// Before: as `--since`
    #[arg(long, value_name = "WHEN")]
    pub until: Option<String>,
    /// At most so many, the newest [default: 50, or 1000 with --since]
    #[arg(short = 'n', long)]
    pub limit: Option<usize>,
}

/// Instants of a question.
#[derive(Args, Debug, Default)]
pub(in crate::cli) struct AtArgs {
    /// As it was known then: `10m` ago, `2026-05-03`, `2026-05-03T18:00`
    #[arg(long, value_name = "WHEN")]
    pub as_of: Option<String>,
    /// What was so in the world then
    #[arg(long, value_name = "WHEN")]
    pub valid_at: Option<String>,
}

/// Who says it.
#[derive(Args, Debug)]
pub(in crate::cli) struct ByArgs {
    /// Say it as this person of the home
    #[arg(long = "as", value_name = "PERSON")]
    pub person: Option<String>,
}

fn format(text: &str) -> Result<Format, String> {
    Format::parse(text).ok_or_else(|| format!("there are {}", Format::words().join(", ")))
}

#[derive(Subcommand, Debug)]
pub(in crate::cli) enum GraphCommand {
    /// All nodes of a kind: device, entity, room, person, rule, ...
    Nodes { kind: String },
    /// Read everything once and verify it: every value, every chain, every index, the counts
    Check,
    /// One node with its edges and last states, by any of its names or its id
    Get { name: String },
    /// The nodes that fit a filter
    ///
    /// Everything that is said must fit; `-` before a term: it must not. Free words are looked for in names.
    #[command(after_help = "\
Examples:
  lares graph find 'kind:device room:kitchen'
  lares graph find 'kind:entity component:light value:on'
  lares graph find 'status:offline,quarantined'
  lares graph find 'near:hall-lamp -kind:entity'
  lares graph find 'kitch lamp' -n 5")]
    Find {
        /// The filter
        filter: String,
        /// At most so many, the best first
        #[arg(short = 'n', long, default_value_t = 100)]
        limit: usize,
        #[command(flatten)]
        at: AtArgs,
    },
    /// What begins, is due or happens between two days, by time [default: the next seven days]
    #[command(after_help = "\
Examples:
  lares graph agenda
  lares graph agenda today
  lares graph agenda 2026-12-01 2026-12-24 --only 'who:anna'")]
    Agenda {
        /// The first day or instant: `today`, `2026-12-01`
        from: Option<String>,
        /// The last one [default: the first]
        to: Option<String>,
        /// Only what fits this filter
        #[arg(long, value_name = "FILTER", default_value = "")]
        only: String,
    },
    /// The kinds of node and edge, with their properties; of one kind, everything
    Kinds { kind: Option<String> },
    /// Say something of a node; one that is not there is made
    ///
    /// What a property may be is told by `lares graph kinds KIND`; what begins with `my_` is your own. A key without a value takes the
    /// property away.
    #[command(after_help = "\
Examples:
  lares graph put task:dough name='Knead the dough' due=tomorrow minutes=20 labels=bakery
  lares graph put task:dough status=done --as anna
  lares graph put inventory_item:flour amount=3 unit=kg --since 2026-11-20
  lares graph put hall-lamp my_colour=brass")]
    Put {
        /// `KIND:KEY`, or any name of a node that is there
        node: String,
        /// `key=value`; `name=` is the label
        #[arg(value_name = "KEY=VALUE", value_parser = super::global::key_value)]
        values: Vec<(String, String)>,
        /// It is so since then; what was so before stays known
        #[arg(long, value_name = "WHEN")]
        since: Option<String>,
        #[command(flatten)]
        by: ByArgs,
    },
    /// Connect two nodes
    #[command(after_help = "\
Examples:
  lares graph link anna responsible_for task:dough
  lares graph link task:dough in kitchen
  lares graph link anna knows contact:bob --since 2019-05-01")]
    Link {
        from: String,
        /// A kind of edge, or its name from the other end
        edge: String,
        to: String,
        /// What the edge says beside: `role=guest`, `my_note=...`
        #[arg(value_name = "KEY=VALUE", value_parser = super::global::key_value)]
        values: Vec<(String, String)>,
        /// It is so in the world since then
        #[arg(long, value_name = "WHEN")]
        since: Option<String>,
        /// It was so until then
        #[arg(long, value_name = "WHEN")]
        until: Option<String>,
        #[command(flatten)]
        by: ByArgs,
    },
    /// End a connection of two nodes
    Unlink {
        from: String,
        edge: String,
        to: String,
        /// It was so until then; without, it never was
        #[arg(long, value_name = "WHEN")]
        since: Option<String>,
        #[command(flatten)]
        by: ByArgs,
    },
    /// Two nodes are the same thing: what the first has goes to the second
    Merge {
        from: String,
        into: String,
        #[command(flatten)]
        by: ByArgs,
    },
    /// Take a node and its edges away; its history stays
    Remove {
        node: String,
        #[command(flatten)]
        by: ByArgs,
    },
    /// Write nodes in a format that others read
    ///
    /// One file on standard output or with `--out`; `markdown` writes a folder.
    #[command(after_help = "\
Examples:
  lares graph export jsonl --out graph.jsonl
  lares graph export ical 'kind:event,task' --out calendar.ics
  lares graph export markdown --out ~/vault/home")]
    Export {
        #[arg(value_parser = format)]
        format: Format,
        /// Only what fits this filter
        #[arg(default_value = "")]
        filter: String,
        /// A file, or a folder for `markdown`
        #[arg(long, value_name = "PATH")]
        out: Option<std::path::PathBuf>,
        #[command(flatten)]
        at: AtArgs,
    },
    /// Take in files that others wrote: all of it or nothing
    #[command(after_help = "\
Examples:
  lares graph import calendar.ics
  lares graph import ~/vault/home --format markdown
  lares graph import contacts.vcf --as anna")]
    Import {
        /// A file, or a folder for `markdown`
        path: std::path::PathBuf,
        /// What it is [default: by the end of its name]
        #[arg(long, value_parser = format)]
        format: Option<Format>,
        /// Only read it and say what it would come to
        #[arg(long)]
        dry_run: bool,
        #[command(flatten)]
        by: ByArgs,
    },
    /// Answer a question in a read-only subset of openCypher
    ///
    /// What is not supported is refused with its place. A question may take a million expansions and two seconds.
    #[command(after_help = "\
Examples:
  lares graph match \"MATCH (r:room)<-[:in]-(d:device) RETURN r.name, count(d) AS n ORDER BY n DESC\"
  lares graph match \"MATCH (d:device)-[:has]->(e) WHERE d.status = 'offline' RETURN d.name, collect(e.slug)\"
  lares graph match \"MATCH (d:device) WHERE d.room = 'hall' RETURN d.name AS OF '2026-05-03'\"")]
    Match {
        /// The question
        query: String,
    },
    /// What a node is connected with, the newest first
    Neighbours {
        /// Any of its names or its id
        name: String,
        /// Only edges that lead to it
        #[arg(long = "in", conflicts_with = "outwards")]
        inwards: bool,
        /// Only edges that leave it
        #[arg(long = "out")]
        outwards: bool,
        /// Only this kind of edge (`located_in`, `part_of`, ...; `has` is `part_of` from its other end)
        #[arg(long, value_name = "KIND")]
        kind: Option<String>,
    },
    /// Every change of a node and its edges, with who said so
    History {
        /// Any of its names or its id
        name: String,
    },
}
