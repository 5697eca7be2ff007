//! From the path of a value to its bytes in the file.

use std::fmt;
use std::ops::Range;

use toml_edit::Item;

/// One step down.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(crate) enum Seg {
    Key(String),
    Index(usize),
}

/// The way from the root to a value.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub(crate) struct KeyPath(pub Vec<Seg>);

/// What of an entry is meant.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum At {
    Key,
    Value,
}

impl KeyPath {
    pub fn key(&self, key: &str) -> Self {
        self.with(Seg::Key(key.to_owned()))
    }

    pub fn index(&self, index: usize) -> Self {
        self.with(Seg::Index(index))
    }

    fn with(&self, seg: Seg) -> Self {
        let mut path = Vec::with_capacity(self.0.len() + 1);
        path.extend_from_slice(&self.0);
        path.push(seg);
        Self(path)
    }

    pub fn last_key(&self) -> &str {
        let keys = self.0.iter().rev();
        keys.filter_map(|s| if let Seg::Key(k) = s { Some(k.as_str()) } else { None }).next().unwrap_or("")
    }
}

impl fmt::Display for KeyPath {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (i, seg) in self.0.iter().enumerate() {
            match seg {
                Seg::Key(key) if i == 0 => f.write_str(key)?,
                Seg::Key(key) => write!(f, ".{key}")?,
                Seg::Index(index) => write!(f, "[{index}]")?,
            }
        }
        Ok(())
    }
}

/// The bytes of the entry at `path`, if it is in this document.
pub(crate) fn find(root: &Item, path: &KeyPath, at: At) -> Option<Range<usize>> {
    let mut here = Step::Item(root);
    let mut key_span = None;
    for seg in &path.0 {
        key_span = match seg {
            Seg::Key(key) => here.key_span(key),
            Seg::Index(_) => None,
        };
        here = here.down(seg)?;
    }
    match at {
        At::Key => key_span.or_else(|| here.span()),
        // A table that is only implied by its children has no bytes of its own.
        At::Value => here.span().or(key_span),
    }
}

/// An item or a value inside an array, which toml_edit keeps apart.
enum Step<'a> {
    Item(&'a Item),
    Value(&'a toml_edit::Value),
    Table(&'a toml_edit::Table),
}

impl<'a> Step<'a> {
    fn down(&self, seg: &Seg) -> Option<Step<'a>> {
        match (self, seg) {
            (Self::Item(item), Seg::Key(key)) => Some(Self::Item(item.as_table_like()?.get(key)?)),
            (Self::Item(item), Seg::Index(i)) => match item {
                Item::ArrayOfTables(tables) => Some(Self::Table(tables.get(*i)?)),
                _ => Some(Self::Value(item.as_array()?.get(*i)?)),
            },
            (Self::Value(value), Seg::Key(key)) => Some(Self::Value(value.as_inline_table()?.get(key)?)),
            (Self::Value(value), Seg::Index(i)) => Some(Self::Value(value.as_array()?.get(*i)?)),
            (Self::Table(table), Seg::Key(key)) => Some(Self::Item(table.get(key)?)),
            (Self::Table(_), Seg::Index(_)) => None,
        }
    }

    fn key_span(&self, key: &str) -> Option<Range<usize>> {
        match self {
            Self::Item(item) => item.as_table_like()?.key(key)?.span(),
            Self::Value(value) => value.as_inline_table()?.key(key)?.span(),
            Self::Table(table) => table.key(key)?.span(),
        }
    }

    fn span(&self) -> Option<Range<usize>> {
        match self {
            Self::Item(item) => item.span(),
            Self::Value(value) => value.span(),
            Self::Table(table) => table.span(),
        }
    }
}
