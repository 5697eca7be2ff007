//! What has parameters, and what it is given for them.

use std::collections::BTreeMap;

use figment::value::{Dict, Value};

use crate::decode::{Node, suggestion};
use crate::source::KeyPath;

/// All blueprints, or all routines.
pub(crate) struct Templates<'a> {
    /// `blueprint` or `routine`.
    pub kind: &'static str,
    all: BTreeMap<&'a str, Template<'a>>,
}

/// Something with parameters.
pub(crate) struct Template<'a> {
    pub node: Node<'a>,
    pub dict: &'a Dict,
    params: BTreeMap<&'a str, Param<'a>>,
}

struct Param<'a> {
    default: Option<&'a Value>,
    says: Option<&'a str>,
}

/// What a parameter is, and where that is written.
pub(crate) type Args = BTreeMap<String, (Value, KeyPath)>;

impl<'a> Templates<'a> {
    pub fn read(tree: &Node<'a>, kind: &'static str) -> Self {
        let mut all = BTreeMap::new();
        let table = tree.dict().and_then(|d| d.get(kind)).and_then(Value::as_dict);
        for (key, value) in table.into_iter().flatten() {
            let node = Node { cx: tree.cx, value, path: tree.path.key(kind).key(key) };
            let Some(dict) = node.dict() else {
                node.wrong_type("a table");
                continue;
            };
            let template = Template { params: params(&node, dict), node, dict };
            template.check_names();
            all.insert(key.as_str(), template);
        }
        Self { kind, all }
    }

    /// The one of this name.
    pub fn find(&self, name: &Node<'_>) -> Option<&Template<'a>> {
        let text = name.text()?;
        let found = self.all.get(text);
        if found.is_none() {
            name.dangling(self.kind, text, self.all.keys().copied());
        }
        found
    }
}

fn params<'a>(node: &Node<'a>, dict: &'a Dict) -> BTreeMap<&'a str, Param<'a>> {
    let Some(value) = dict.get("params") else { return BTreeMap::new() };
    let table = Node { cx: node.cx, value, path: node.path.key("params") };
    let Some(fields) = table.fields() else { return BTreeMap::new() };
    let param = |(name, node): (&'a str, Node<'a>)| {
        let fields = node.fields()?;
        let says = fields.get("says").and_then(|n| n.text());
        let default = fields.get("default").map(|n| n.value);
        fields.finish();
        Some((name, Param { default, says }))
    };
    fields.each().filter_map(param).collect()
}

impl Template<'_> {
    /// What each parameter is: as `with` says, or its default.
    pub fn args(&self, user: &Node<'_>, with: Option<&Node<'_>>) -> Option<Args> {
        let mut args = Args::new();
        let mut whole = true;
        if let Some(given) = with {
            for (name, node) in given.fields()?.each() {
                if self.params.contains_key(name) {
                    args.insert(name.to_owned(), (node.value.clone(), node.path));
                    continue;
                }
                whole = false;
                let message = format!("`{}` has no parameter `{name}`", self.node.path.last_key());
                node.key_error("unknown-key", message, suggestion(name, self.params.keys().copied()));
            }
        }
        let own = self.node.path.key("params");
        for (name, param) in self.params.iter().filter(|(name, _)| !given(with, name)) {
            if let Some(default) = param.default {
                args.insert((*name).to_owned(), (default.clone(), own.key(name).key("default")));
                continue;
            }
            whole = false;
            let what = param.says.map(|says| format!(": {says}")).unwrap_or_default();
            let message = format!("`{}` needs `{name}`{what}", self.node.path.last_key());
            with.unwrap_or(user).error("missing-key", message, format!("write with = {{ {name} = ... }}"));
        }
        whole.then_some(args)
    }

    /// Reports names after `$` that are no parameter.
    fn check_names(&self) {
        let skip = ["params", "says"];
        for (key, value) in self.dict.iter().filter(|(key, _)| !skip.contains(&key.as_str())) {
            self.check(&Node { cx: self.node.cx, value, path: self.node.path.key(key) });
        }
    }

    fn check(&self, node: &Node<'_>) {
        match node.value {
            Value::String(_, text) => {
                for name in super::fill::names(text).filter(|name| !self.params.contains_key(name)) {
                    let known = self.params.keys().copied();
                    node.dangling("parameter", name, known);
                }
            }
            Value::Array(..) => node.items().iter().for_each(|item| self.check(item)),
            Value::Dict(_, dict) => {
                for (key, value) in dict {
                    self.check(&Node { cx: node.cx, value, path: node.path.key(key) });
                }
            }
            _ => {}
        }
    }
}

fn given(with: Option<&Node<'_>>, name: &str) -> bool {
    with.and_then(Node::dict).is_some_and(|dict| dict.contains_key(name))
}
