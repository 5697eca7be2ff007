//! Every table of the store, by name. Names are on disk: never reuse one.

use std::fmt;

macro_rules! tables {
    ($($(#[$doc:meta])* $variant:ident $name:literal;)*) => {
        /// A table.
        #[derive(Clone, Copy, PartialEq, Eq, Debug)]
        pub enum Table { $($(#[$doc])* $variant,)* }

        impl Table {
            pub(crate) const ALL: [Self; [$(Self::$variant),*].len()] = [$(Self::$variant),*];

            pub fn name(self) -> &'static str {
                match self { $(Self::$variant => $name,)* }
            }
        }
    };
}

tables! {
    /// Format, boot epoch, progress.
    Meta "meta";
    /// Event id -> record.
    Journal "journal";
    /// (cause, effect) -> nothing.
    Effects "effects";
    /// Subject -> id of its last journal entry.
    Heads "heads";
    /// Node id -> node.
    Nodes "nodes";
    /// (node id, event id) -> node as of that event, or that it was removed.
    NodeVersions "node_versions";
    /// (from, kind, to) -> since which event.
    EdgesOut "edges_out";
    /// (to, kind, from) -> since which event.
    EdgesIn "edges_in";
    /// (from, kind, to, event id) -> whether it stood from that event on.
    EdgeVersions "edge_versions";
    /// (entity, property) -> last state.
    Last "last";
    /// (owner, name) -> timer.
    Timers "timers";
    /// (owner, key) -> bytes.
    States "states";
    /// SHA-256 -> bytes.
    Blobs "blobs";
    /// Number of a group's first entry -> the samples that came with the group.
    Tail "samples_tail";
    /// (entity, property, first instant, first id) -> up to 256 samples.
    Chunks "samples_chunks";
    /// (space, key) -> bytes of a gateway.
    Spaces "spaces";
    /// (entity, property) -> how far the series has come.
    Series "series";
    /// (entity, property, resolution, first day) -> roll-ups.
    Rolled "samples_rolled";
    /// (entity, property, event id) -> what its samples should have been.
    Corrections "corrections";
    /// Number of a group's last entry -> which journal entries it wrote, and the chain's hash up to it.
    Chain "chain";
    /// (block, part) -> entries of the journal that are folded together.
    Archive "archive";
}

impl fmt::Display for Table {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}
