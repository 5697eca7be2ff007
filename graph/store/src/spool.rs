//! The spool: what was appended and is not yet in the tables. Written without a sync, so it survives a kill of the
//! process at the cost of microseconds; the tables' synced commit then makes it superfluous.
//!
//! Two files take turns: while one fills, the other is emptied once all in it is committed. Each write is one record:
//! length (u32) and CRC-32 (u32) of what follows, both little-endian, then the frames of `frame`, sealed.

use std::fs::{File, OpenOptions};
use std::io::{BufReader, Read};
use std::os::unix::fs::FileExt;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use crate::{
    Codec, DecodeError, StoreError,
    frame::{HEAD, MAX_PAYLOAD, split},
};

/// What a record is authenticated as.
const PLACE: &str = "spool";

/// A file larger than this is left for the other one as soon as that is empty; a smaller one is not worth emptying.
const TURN_BYTES: u64 = 256 << 10;

/// The two files.
pub struct Spool {
    files: [SpoolFile; 2],
    active: usize,
    codec: Arc<dyn Codec>,
    record: Vec<u8>,
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
    pub(crate) fn open(folder: &Path, codec: Arc<dyn Codec>) -> Result<Self, StoreError> {
        let files = [SpoolFile::open(folder.join("spool-a"))?, SpoolFile::open(folder.join("spool-b"))?];
        Ok(Self { files, active: 0, codec, record: Vec::new() })
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
            match file.frames(&*self.codec).next()? {
                Some((seq, _)) => order.push((seq, file)),
                None => told.torn = true,
            }
        }
        order.sort_by_key(|(first, _)| *first);
        let mut last = applied;
        for (_, file) in order {
            let mut frames = file.frames(&*self.codec);
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
        self.record.clear();
        self.record.resize(HEAD, 0);
        let sealed = self.codec.seal(PLACE, &[], frames, &mut self.record);
        sealed.map_err(|e| StoreError::Encode(e.to_string()))?;
        if let Some((head, content)) = self.record.split_first_chunk_mut::<HEAD>() {
            let length = u32::try_from(content.len()).map_err(|e| StoreError::Encode(e.to_string()))?;
            let sum = crc32fast::hash(content);
            *head = (u64::from(length) | (u64::from(sum) << 32)).to_le_bytes();
        }
        match self.files.get_mut(self.active) {
            Some(file) => file.append(&self.record, last_seq),
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

    fn frames<'a>(&'a self, codec: &'a dyn Codec) -> Frames<'a> {
        let input = BufReader::new(Positioned { file: self, at: 0 });
        Frames { input, file: self, codec, at: 0, record: Vec::new(), open: Vec::new(), taken: 0 }
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
    codec: &'a dyn Codec,
    /// End of the last good record.
    at: u64,
    record: Vec<u8>,
    /// The frames of that record, and how many bytes of them were given.
    open: Vec<u8>,
    taken: usize,
}

impl Frames<'_> {
    /// The next good frame's number and payload; `None` at the end or at the first broken one.
    fn next(&mut self) -> Result<Option<(u64, &[u8])>, StoreError> {
        if self.taken >= self.open.len() && !self.next_record()? {
            return Ok(None);
        }
        let rest = self.open.get(self.taken..).unwrap_or_default();
        let Some((length, sum, rest)) = head(rest) else { return Ok(None) };
        let Some(payload) = rest.get(..length).filter(|_| length > 0 && length <= MAX_PAYLOAD) else {
            return Ok(None);
        };
        self.taken += HEAD + length;
        let whole = crc32fast::hash(payload) == sum;
        Ok(split(payload).ok().filter(|_| whole).map(|(seq, _, _)| (seq, payload)))
    }

    /// Reads and opens a record; false at the end or if it is broken.
    fn next_record(&mut self) -> Result<bool, StoreError> {
        let mut first = [0; HEAD];
        if !fill(&mut self.input, self.file, &mut first)? {
            return Ok(false);
        }
        let Some((length, sum, _)) = head(&first) else { return Ok(false) };
        // An empty record is what a hole of zeros looks like.
        let left = self.file.len.saturating_sub(self.at + HEAD as u64);
        if length == 0 || length as u64 > left {
            return Ok(false);
        }
        self.record.resize(length, 0);
        if !fill(&mut self.input, self.file, &mut self.record)? || crc32fast::hash(&self.record) != sum {
            return Ok(false);
        }
        match self.codec.open(PLACE, &[], &self.record) {
            Ok(frames) => self.open = frames.into_owned(),
            Err(DecodeError::Sealed | DecodeError::Short) => return Ok(false),
            Err(e) => return Err(StoreError::Encode(format!("{}: {e}", self.file.path.display()))),
        }
        self.taken = 0;
        self.at += (HEAD + length) as u64;
        Ok(true)
    }
}

/// Length, check sum and the rest.
fn head(bytes: &[u8]) -> Option<(usize, u32, &[u8])> {
    let (length, rest) = bytes.split_first_chunk::<4>()?;
    let (sum, rest) = rest.split_first_chunk::<4>()?;
    Some((u32::from_le_bytes(*length) as usize, u32::from_le_bytes(*sum), rest))
}

fn fill(input: &mut impl Read, file: &SpoolFile, out: &mut [u8]) -> Result<bool, StoreError> {
    match input.read_exact(out) {
        Ok(()) => Ok(true),
        Err(e) if e.kind() == std::io::ErrorKind::UnexpectedEof => Ok(false),
        Err(e) => Err(file.failed("read", e)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        Group, HouseholdKey, Plain,
        seal::{Private, Ring, Sealed},
    };

    /// As a record of the file, plain.
    fn record(seq: u64) -> Vec<u8> {
        let content = [vec![0], frame(seq)].concat();
        let (length, sum) = (content.len() as u32, crc32fast::hash(&content));
        [&length.to_le_bytes()[..], &sum.to_le_bytes(), &content].concat()
    }

    fn open(folder: &Path) -> Spool {
        Spool::open(folder, Arc::new(Plain)).unwrap()
    }

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
        let whole: Vec<u8> = (1..=3).flat_map(record).collect();
        let one = record(1).len();
        for cut in 0..whole.len() {
            std::fs::write(dir.path().join("spool-a"), &whole[..cut]).unwrap();
            let (seen, told) = numbers(&open(dir.path()), 0);
            assert_eq!(seen, (1..=(cut / one) as u64).collect::<Vec<_>>(), "cut at {cut}");
            assert_eq!(told.torn, cut % one != 0, "cut at {cut}");
        }
        for at in 0..whole.len() {
            let mut bad = whole.clone();
            bad[at] ^= 0x40;
            std::fs::write(dir.path().join("spool-a"), &bad).unwrap();
            let (seen, told) = numbers(&open(dir.path()), 0);
            assert_eq!(seen, (1..=(at / one) as u64).collect::<Vec<_>>(), "flipped {at}");
            assert!(told.torn);
        }
    }

    #[test]
    fn a_hole_of_zeros_and_a_missing_entry_end_the_replay() {
        let dir = tempfile::tempdir().unwrap();
        let holed = [record(1), vec![0; 64], record(2)].concat();
        std::fs::write(dir.path().join("spool-a"), holed).unwrap();
        assert_eq!(numbers(&open(dir.path()), 0), (vec![1], Replayed { fresh: 1, torn: true }));
        std::fs::write(dir.path().join("spool-a"), [record(1), record(3)].concat()).unwrap();
        assert_eq!(numbers(&open(dir.path()), 0), (vec![1], Replayed { fresh: 1, torn: true }));
        assert_eq!(numbers(&open(dir.path()), 2), (vec![3], Replayed { fresh: 1, torn: false }));
    }

    #[test]
    fn files_take_turns_and_are_read_in_order() {
        let dir = tempfile::tempdir().unwrap();
        let mut spool = open(dir.path());
        let size = record(1).len() as u64;
        let turn = TURN_BYTES.div_ceil(size);
        for seq in 1..=turn + 5 {
            spool.append(&frame(seq), seq).unwrap();
        }
        assert_eq!(spool.files[1].len, 5 * size, "the second file took over");
        let again = open(dir.path());
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

    #[test]
    fn sealed_frames_are_read_back_with_their_key_only() {
        let dir = tempfile::tempdir().unwrap();
        let key = HouseholdKey::generate().unwrap();
        let sealed = || {
            let (mut ring, _) = Ring::create(&key).unwrap();
            ring.salts_for_test();
            Arc::new(Sealed::new(ring, Some(1), Private::default()))
        };
        let (codec, other) = (sealed(), sealed());
        let mut spool = Spool::open(dir.path(), codec.clone()).unwrap();
        spool.append(&[frame(1), frame(2)].concat(), 2).unwrap();
        spool.append(&frame(3), 3).unwrap();
        let bytes = std::fs::read(dir.path().join("spool-a")).unwrap();
        assert!(!bytes.windows(20).any(|w| w == [7; 20]), "the content stands there plain");
        assert_eq!(numbers(&Spool::open(dir.path(), codec).unwrap(), 0).0, [1, 2, 3]);
        let (seen, told) = numbers(&Spool::open(dir.path(), other).unwrap(), 0);
        assert!(seen.is_empty() && told.torn);
    }
}
