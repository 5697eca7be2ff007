//! `lares forget`.

use lares_graph::{Forgotten, OpenError, forget as erase};
use serde_json::json;

use super::args::{ForgetArgs, Global};
use super::exit::{Failure, Outcome};
use super::out;

pub(super) fn forget(global: &Global, args: &ForgetArgs) -> Outcome {
    let data = global.data()?;
    let name = if args.name.contains(':') { args.name.clone() } else { format!("person:{}", args.name) };
    if !args.yes {
        return Err(Failure::input(format!(
            "what is kept of `{name}` in {} would be erased for good",
            data.display()
        ))
        .hint("say so with --yes"));
    }
    let done = erase(&data, &name).map_err(|e| match e {
        OpenError::InUse { .. } => Failure::failed(e).hint("stop it first: `lares stop`"),
        other => Failure::failed(other),
    })?;
    let Forgotten { entries, nodes, samples, had_key } = done;
    if global.json {
        let erased = json!({ "entries": entries, "nodes": nodes, "samples": samples });
        return out::json(&json!({ "forgotten": name, "erased": erased, "key_erased": had_key }));
    }
    out::line(&format!(
        "forgotten: {name}: {entries} entries of the journal, {nodes} nodes, {samples} samples"
    ))?;
    out::line(if had_key {
        "Their key is erased: what backups hold that was sealed with it can be read no more, unless a copy of the file \
         with the keys is left somewhere. What was written before they had a key still stands in backups of then, as do \
         texts of others that name them."
    } else {
        "They had no key of their own: backups made before still hold theirs. Delete those, and make a new one."
    })
}
