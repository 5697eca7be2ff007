//! With which bytes a part of a template can begin, and whether it may take nothing: most parts are put aside by their first byte.

use super::compile::{Language, Node};
use super::lists::List;

/// Which bytes a text can begin with.
pub type First = [u64; 4];

impl Language {
    pub(super) fn find_first(&mut self) {
        // Children come before their parents, so one pass is enough.
        for i in 0..self.nodes.len() {
            let (first, nullable) = self.first_of(i);
            self.first.push(first);
            self.nullable.push(nullable);
        }
    }

    fn first_of(&self, i: usize) -> (First, bool) {
        let mut first = [0; 4];
        let get = |n: u32| {
            let n = n as usize;
            (
                self.first.get(n).copied().unwrap_or([u64::MAX; 4]),
                self.nullable.get(n).copied().unwrap_or(true),
            )
        };
        let nullable = match self.nodes.get(i) {
            Some(Node::Word(word)) => {
                add(&mut first, word.first().copied().unwrap_or(0));
                false
            }
            Some(Node::Space) => {
                add(&mut first, b' ');
                true
            }
            Some(Node::Seq(parts)) => parts.iter().all(|&part| {
                let (f, nullable) = get(part);
                join(&mut first, &f);
                nullable
            }),
            Some(Node::Either(parts)) => parts.iter().fold(false, |any, &part| {
                let (f, nullable) = get(part);
                join(&mut first, &f);
                any | nullable
            }),
            Some(Node::AnyOrder(parts)) => parts.iter().fold(true, |all, &part| {
                let (f, nullable) = get(part);
                join(&mut first, &f);
                all & nullable
            }),
            Some(Node::Maybe(part)) => {
                join(&mut first, &get(*part).0);
                true
            }
            Some(Node::Rule(rule)) => {
                let (f, nullable) = get(self.rules.get(*rule as usize).copied().unwrap_or(u32::MAX));
                first = f;
                nullable
            }
            Some(Node::List { list, .. }) => match self.lists.get(*list as usize) {
                Some(List::Values(values)) => {
                    for (node, _) in values {
                        join(&mut first, &get(*node as u32).0);
                    }
                    false
                }
                Some(List::Range { .. }) => {
                    for byte in b"-+0123456789/" {
                        add(&mut first, *byte);
                    }
                    for (byte, bucket) in (0_u8..=255).zip(&self.numbers) {
                        if !bucket.is_empty() {
                            add(&mut first, byte);
                        }
                    }
                    false
                }
                _ => {
                    first = [u64::MAX; 4];
                    false
                }
            },
            None => true,
        };
        (first, nullable)
    }
}

fn add(first: &mut First, byte: u8) {
    if let Some(word) = first.get_mut(usize::from(byte >> 6)) {
        *word |= 1 << (byte & 63);
    }
}

fn join(first: &mut First, other: &First) {
    for (a, b) in first.iter_mut().zip(other) {
        *a |= b;
    }
}
