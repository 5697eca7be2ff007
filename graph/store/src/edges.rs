//! Edges as they are stored: since when, what they say, and whose they are.

use std::borrow::Cow;

use heed::{PutFlags, RoTxn, RwTxn};
use lares_model::{Edge, EdgeInfo, EventId};

use crate::{
    DecodeError, StoreError,
    codec::{Kind, content, decode, encode_bytes, header},
    core::{Core, unreadable},
    key,
    table::Table,
};

impl Core {
    /// Since when an edge stands, and what it says; by the key of its way out.
    pub(crate) fn edge_since(
        &self,
        txn: &RoTxn<'_>,
        out: &[u8],
    ) -> Result<Option<(EventId, EdgeInfo)>, StoreError> {
        let found = self.table(Table::EdgesOut).get(txn, out)?;
        found.map(|stored| self.read_since(Table::EdgesOut, out, stored)).transpose()
    }

    pub(crate) fn read_since(
        &self,
        table: Table,
        k: &[u8],
        stored: &[u8],
    ) -> Result<(EventId, EdgeInfo), StoreError> {
        let plain = self.edge_plain(table, k, stored)?;
        let broken = |e: DecodeError| unreadable(table, k, e);
        match header(&plain).map_err(broken)?.0 {
            fact if fact == Kind::EdgeFact as u16 => decode(Kind::EdgeFact, &plain).map_err(broken),
            _ => Ok((decode(Kind::EdgeSince, &plain).map_err(broken)?, EdgeInfo::default())),
        }
    }

    /// What an edge said from a version on; none: it ended.
    pub(crate) fn read_edge_version(&self, k: &[u8], stored: &[u8]) -> Result<Option<EdgeInfo>, StoreError> {
        let plain = self.edge_plain(Table::EdgeVersions, k, stored)?;
        let broken = |e: DecodeError| unreadable(Table::EdgeVersions, k, e);
        match header(&plain).map_err(broken)?.0 {
            fact if fact == Kind::EdgeFactVersion as u16 => {
                decode(Kind::EdgeFactVersion, &plain).map(Some).map_err(broken)
            }
            _ => {
                let stands: bool = decode(Kind::EdgeVersion, &plain).map_err(broken)?;
                Ok(stands.then(EdgeInfo::default))
            }
        }
    }

    /// Seals what an edge says for whom it is about: for one end or for both, so that neither's can be read once they are
    /// forgotten.
    pub(crate) fn put_edge(
        &self,
        txn: &mut RwTxn<'_>,
        edge: Edge,
        (table, key): (Table, &[u8]),
        plain: &[u8],
        scratch: &mut Vec<u8>,
    ) -> Result<(), StoreError> {
        let owners = [self.codec.owner_of(edge.from), self.codec.owner_of(edge.to)];
        let [Some(one), Some(other)] = owners else {
            let owner = owners.into_iter().flatten().next();
            return self.put_for(txn, owner, (table, key), plain, PutFlags::empty(), scratch);
        };
        if one == other {
            return self.put_for(txn, Some(one), (table, key), plain, PutFlags::empty(), scratch);
        }
        let mut inner = Vec::new();
        let sealed = self.codec.seal_for(Some(one), table.name(), key, plain, &mut inner);
        sealed.map_err(|e| unreadable(table, key, e))?;
        let both = encode_bytes(Kind::EdgeOfTwo, &inner);
        self.put_for(txn, Some(other), (table, key), &both, PutFlags::empty(), scratch)
    }

    fn edge_plain<'a>(&self, table: Table, k: &[u8], stored: &'a [u8]) -> Result<Cow<'a, [u8]>, StoreError> {
        let plain = self.plain(table, k, stored)?;
        let broken = |e: DecodeError| unreadable(table, k, e);
        if header(&plain).map_err(broken)?.0 != Kind::EdgeOfTwo as u16 {
            return Ok(plain);
        }
        let inner = content(Kind::EdgeOfTwo, &plain).map_err(broken)?;
        Ok(Cow::Owned(self.plain(table, k, inner)?.into_owned()))
    }
}

/// Seals all edges anew for whom they are about. For a migration.
pub(crate) fn seal_for_their_own(core: &Core, txn: &mut RwTxn<'_>) -> Result<(), StoreError> {
    for table in [Table::EdgesOut, Table::EdgesIn, Table::EdgeVersions] {
        let mut own = Vec::new();
        for entry in core.table(table).iter(txn)? {
            let (k, stored) = entry?;
            let (a, kind, b) = key::read_edge(k.get(..18).unwrap_or(k))
                .map_err(|source| StoreError::BadKey { table, source })?;
            let (from, to) = if table == Table::EdgesIn { (b, a) } else { (a, b) };
            if core.codec.owner_of(from).or(core.codec.owner_of(to)).is_some() {
                let plain = core.edge_plain(table, k, stored)?.into_owned();
                own.push((Edge { from, kind, to }, k.to_vec(), plain));
            }
        }
        for (edge, k, plain) in own {
            core.put_edge(txn, edge, (table, &k), &plain, &mut Vec::new())?;
        }
    }
    Ok(())
}
