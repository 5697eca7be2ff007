//! The entries of one table. What was asked for is what is allowed: the rest is unknown, so the two can't drift apart.

use std::cell::RefCell;

use figment::value::Dict;

use super::{Node, suggestion};

pub(crate) struct Fields<'a> {
    pub node: Node<'a>,
    dict: &'a Dict,
    asked: RefCell<Vec<&'static str>>,
}

impl<'a> Fields<'a> {
    pub fn new(node: Node<'a>, dict: &'a Dict) -> Self {
        Self { node, dict, asked: RefCell::default() }
    }

    pub fn get(&self, key: &'static str) -> Option<Node<'a>> {
        if !self.asked.borrow().contains(&key) {
            self.asked.borrow_mut().push(key);
        }
        let value = self.dict.get(key)?;
        Some(Node { cx: self.node.cx, value, path: self.node.path.key(key) })
    }

    pub fn has(&self, key: &str) -> bool {
        self.dict.contains_key(key)
    }

    /// Allows keys that only some forms of the section read.
    pub fn allow(&self, keys: &[&'static str]) {
        for key in keys {
            self.get(key);
        }
    }

    /// The keys that are there of those given.
    pub fn present(&self, keys: &[&'static str]) -> Vec<&'static str> {
        keys.iter().copied().filter(|key| self.has(key)).collect()
    }

    /// Reports if it is missing.
    pub fn required(&self, key: &'static str, help: &str) -> Option<Node<'a>> {
        let found = self.get(key);
        if found.is_none() {
            self.missing(key, help);
        }
        found
    }

    pub fn missing(&self, key: &str, help: &str) {
        self.node.error("missing-key", format!("`{}` has no `{key}`", self.node.path), help);
    }

    /// Reports what another key cannot do without.
    pub fn missing_for(&self, key: &str, of: &'static str, help: &str) {
        if let Some(node) = self.get(of) {
            node.key_error("missing-key", format!("`{of}` needs `{key}`"), help);
        }
    }

    /// A list under this key; empty if it is not there.
    pub fn list(&self, key: &'static str) -> Vec<Node<'a>> {
        self.get(key).and_then(|node| node.list()).unwrap_or_default()
    }

    /// Each entry of this table, whatever its key.
    pub fn each(&self) -> impl Iterator<Item = (&'a str, Node<'a>)> + '_ {
        self.dict.iter().map(|(key, value)| {
            (key.as_str(), Node { cx: self.node.cx, value, path: self.node.path.key(key) })
        })
    }

    /// Reports every key that nobody asked for.
    pub fn finish(self) {
        let asked = self.asked.borrow();
        for (key, node) in self.each().filter(|(key, _)| !asked.contains(key)) {
            let help = suggestion(key, asked.iter().copied());
            let at_root = self.node.path.0.is_empty();
            let (code, what) = if at_root { ("unknown-table", "table") } else { ("unknown-key", "key") };
            node.key_error(code, format!("unknown {what} `{key}`"), help);
        }
    }

    /// Reports keys that can't stand together with `with`.
    pub fn refuse(&self, keys: &[&'static str], with: &str) {
        for key in self.present(keys) {
            if let Some(node) = self.get(key) {
                let message = format!("`{key}` can't stand beside `{with}`");
                node.key_error("conflict", message, "leave one of them out");
            }
        }
    }
}
