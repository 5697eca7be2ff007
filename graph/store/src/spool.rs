//! The spool: what was appended and is not yet in the tables. Written without a sync, so it survives a kill of the
//! process at the cost of microseconds; the tables' synced commit then makes it superfluous.
//!
//! Two files take turns: while one fills, the other is emptied once all in it is committed.

use std::fs::{File, OpenOptions};
use std::io::{BufReader, Read};
use std::os::unix::fs::FileExt;
use std::path::{Path, PathBuf};

use crate::{
    StoreError,
    frame::{HEAD, MAX_PAYLOAD, split},
};

/// A file larger than this is left for the other one as soon as that is empty; a smaller one is not worth emptying.
const TURN_BYTES: u64 = 256 << 10;

/// The two files.
pub struct Spool {
    files: [SpoolFile; 2],
    active: usize,
}

struct SpoolFile {
    file: File,
    path: PathBuf,
    len: u64,
    last_seq: u64,
}

/// What a spool had to tell at start.
#[derive(Debug, Default, PartialEq, Eq)]
pub(crate) struct Replayed {
    /// Entries that were not yet in the tables.
    pub fresh: usize,
    /// The last frame was broken, or one was missing: what followed was cut off.
    pub torn: bool,
}

impl Spool {
    pub(crate) fn open(folder: &Path) -> Result<Self, StoreError> {
        let files = [SpoolFile::open(folder.join("spool-a"))?, SpoolFile::open(folder.join("spool-b"))?];
        Ok(Self { files, active: 0 })
    }

    /// Gives the payload of each entry after number `applied` to `each`, in order, up to the first that is broken or
    /// missing. An error of `each` ends it.
    pub(crate) fn replay(
        &self,
        applied: u64,
        mut each: impl FnMut(u64, &[u8]) -> Result<(), StoreError>,
    ) -> Result<Replayed, StoreError> {
        let mut order: Vec<(u64, &SpoolFile)> = Vec::new();
        let mut told = Replayed::default();
        for file in self.files.iter().filter(|f| f.len > 0) {
            match file.frames()?.next()? {
                Some((seq, _)) => order.push((seq, file)),
                None => told.torn = true,
            }
        }
        order.sort_by_key(|(first, _)| *first);
        let mut last = applied;
        for (_, file) in order {
            let mut frames = file.frames()?;
            while let Some((seq, payload)) = frames.next()? {
                if seq <= last {
                    continue;
                }
                if seq != last + 1 {
                    told.torn = true;
                    return Ok(told);
                }
                each(seq, payload)?;
                last = seq;
                told.fresh += 1;
            }
            told.torn |= frames.at < file.len;
        }
        Ok(told)
    }

    /// Writes frames, the last of number `last_seq`. On failure nothing of them is kept.
    pub fn append(&mut self, frames: &[u8], last_seq: u64) -> Result<(), StoreError> {
        let full = self.files.get(self.active).is_some_and(|f| f.len >= TURN_BYTES);
        if full && self.files.get(1 - self.active).is_some_and(|f| f.len == 0) {
            self.active = 1 - self.active;
        }
        match self.files.get_mut(self.active) {
            Some(file) => file.append(frames, last_seq),
            None => Ok(()),
        }
    }

    /// All up to number `seq` is synced in the tables: empties what is not needed any more. `all`: small files too.
    pub fn covered(&mut self, seq: u64, all: bool) -> Result<(), StoreError> {
        let done = |f: &&mut SpoolFile| f.len > 0 && f.last_seq <= seq && (all || f.len >= TURN_BYTES);
        self.files.iter_mut().filter(done).try_for_each(SpoolFile::empty)
    }

    pub fn bytes(&self) -> u64 {
        self.files.iter().map(|f| f.len).sum()
    }
}

impl SpoolFile {
    fn open(path: PathBuf) -> Result<Self, StoreError> {
        let opened = OpenOptions::new().read(true).write(true).create(true).truncate(false).open(&path);
        let file = opened.map_err(|source| StoreError::Io { what: "open", path: path.clone(), source })?;
        let len = file.metadata().map(|m| m.len());
        let len = len.map_err(|source| StoreError::Io { what: "read", path: path.clone(), source })?;
        Ok(Self { file, path, len, last_seq: 0 })
    }

    fn failed(&self, what: &'static str, source: std::io::Error) -> StoreError {
        StoreError::Io { what, path: self.path.clone(), source }
    }

    fn append(&mut self, frames: &[u8], last_seq: u64) -> Result<(), StoreError> {
        if let Err(e) = self.file.write_all_at(frames, self.len) {
            // Half a frame must not stand before the next one. If this fails too, the next write goes over it.
            let _ = self.file.set_len(self.len);
            return Err(self.failed("write", e));
        }
        self.len += frames.len() as u64;
        self.last_seq = last_seq;
        Ok(())
    }

    fn empty(&mut self) -> Result<(), StoreError> {
        self.file.set_len(0).map_err(|e| self.failed("empty", e))?;
        self.len = 0;
        Ok(())
    }

    fn frames(&self) -> Result<Frames<'_>, StoreError> {
        Ok(Frames {
            input: BufReader::new(Positioned { file: self, at: 0 }),
            file: self,
            at: 0,
            payload: Vec::new(),
        })
    }
}

/// Reads a file from a place of its own, so that two readers do not move each other.
struct Positioned<'a> {
    file: &'a SpoolFile,
    at: u64,
}

impl Read for Positioned<'_> {
    fn read(&mut self, out: &mut [u8]) -> std::io::Result<usize> {
        let n = self.file.file.read_at(out, self.at)?;
        self.at += n as u64;
        Ok(n)
    }
}

struct Frames<'a> {
    input: BufReader<Positioned<'a>>,
    file: &'a SpoolFile,
    /// End of the last good frame.
    at: u64,
    payload: Vec<u8>,
}

impl Frames<'_> {
    /// The next good frame's number and payload; `None` at the end or at the first broken one.
    fn next(&mut self) -> Result<Option<(u64, &[u8])>, StoreError> {
        let (mut length, mut sum) = ([0; 4], [0; 4]);
        if !self.fill(&mut length)? || !self.fill(&mut sum)? {
            return Ok(None);
        }
        let length = u32::from_le_bytes(length) as usize;
        // An empty frame is what a hole of zeros looks like.
        let left = self.file.len.saturating_sub(self.at + HEAD as u64);
        if length == 0 || length > MAX_PAYLOAD || length as u64 > left {
            return Ok(None);
        }
        let mut payload = std::mem::take(&mut self.payload);
        payload.resize(length, 0);
        let whole = self.fill(&mut payload)?;
        self.payload = payload;
        if !whole || crc32fast::hash(&self.payload) != u32::from_le_bytes(sum) {
            return Ok(None);
        }
        self.at += (HEAD + length) as u64;
        Ok(split(&self.payload).ok().map(|(seq, _, _)| (seq, self.payload.as_slice())))
    }

    fn fill(&mut self, out: &mut [u8]) -> Result<bool, StoreError> {
        match self.input.read_exact(out) {
            Ok(()) => Ok(true),
            Err(e) if e.kind() == std::io::ErrorKind::UnexpectedEof => Ok(false),
            Err(e) => Err(self.file.failed("read", e)),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Group;

    fn frame(seq: u64) -> Vec<u8> {
        let mut group = Group::default();
        group.push_map(seq, "s".into(), vec![(vec![seq as u8], Some(vec![7; 20]))]).unwrap().to_vec()
    }

    fn numbers(spool: &Spool, applied: u64) -> (Vec<u64>, Replayed) {
        let mut seen = Vec::new();
        let told = spool.replay(applied, |seq, _| {
            seen.push(seq);
            Ok(())
        });
        (seen, told.unwrap())
    }

    #[test]
    fn every_cut_and_every_flipped_byte_leaves_a_prefix() {
        let dir = tempfile::tempdir().unwrap();
        let whole: Vec<u8> = (1..=3).flat_map(frame).collect();
        let one = frame(1).len();
        for cut in 0..whole.len() {
            std::fs::write(dir.path().join("spool-a"), &whole[..cut]).unwrap();
            let (seen, told) = numbers(&Spool::open(dir.path()).unwrap(), 0);
            assert_eq!(seen, (1..=(cut / one) as u64).collect::<Vec<_>>(), "cut at {cut}");
            assert_eq!(told.torn, cut % one != 0, "cut at {cut}");
        }
        for at in 0..whole.len() {
            let mut bad = whole.clone();
            bad[at] ^= 0x40;
            std::fs::write(dir.path().join("spool-a"), &bad).unwrap();
            let (seen, told) = numbers(&Spool::open(dir.path()).unwrap(), 0);
            assert_eq!(seen, (1..=(at / one) as u64).collect::<Vec<_>>(), "flipped {at}");
            assert!(told.torn);
        }
    }

    #[test]
    fn a_hole_of_zeros_and_a_missing_entry_end_the_replay() {
        let dir = tempfile::tempdir().unwrap();
        let holed = [frame(1), vec![0; 64], frame(2)].concat();
        std::fs::write(dir.path().join("spool-a"), holed).unwrap();
        assert_eq!(
            numbers(&Spool::open(dir.path()).unwrap(), 0),
            (vec![1], Replayed { fresh: 1, torn: true })
        );
        std::fs::write(dir.path().join("spool-a"), [frame(1), frame(3)].concat()).unwrap();
        assert_eq!(
            numbers(&Spool::open(dir.path()).unwrap(), 0),
            (vec![1], Replayed { fresh: 1, torn: true })
        );
        assert_eq!(
            numbers(&Spool::open(dir.path()).unwrap(), 2),
            (vec![3], Replayed { fresh: 1, torn: false })
        );
    }

    #[test]
    fn files_take_turns_and_are_read_in_order() {
        let dir = tempfile::tempdir().unwrap();
        let mut spool = Spool::open(dir.path()).unwrap();
        let size = frame(1).len() as u64;
        let turn = TURN_BYTES.div_ceil(size);
        for seq in 1..=turn + 5 {
            spool.append(&frame(seq), seq).unwrap();
        }
        assert_eq!(spool.files[1].len, 5 * size, "the second file took over");
        let again = Spool::open(dir.path()).unwrap();
        assert_eq!(numbers(&again, 0).0, (1..=turn + 5).collect::<Vec<_>>());
        assert_eq!(numbers(&again, turn + 2).0, vec![turn + 3, turn + 4, turn + 5]);
        spool.covered(turn - 1, false).unwrap();
        assert_eq!(spool.bytes(), (turn + 5) * size, "not all of it was covered");
        spool.covered(turn, false).unwrap();
        assert_eq!(spool.bytes(), 5 * size);
        spool.covered(turn + 5, false).unwrap();
        assert_eq!(spool.bytes(), 5 * size, "a small file is left alone");
        spool.covered(turn + 5, true).unwrap();
        assert_eq!(spool.bytes(), 0);
    }
}
