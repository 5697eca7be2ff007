//! Secrets are named, never written: the files of a home are kept for as long as a decision refers to them.

use std::fs;
use std::path::PathBuf;

use super::Scope;
use crate::decode::{Fields, Node};
use crate::home::Secret;

/// `password_file` or `password_env` of this table.
pub(crate) fn secret(fields: &Fields<'_>, scope: &Scope<'_>) -> Option<Secret> {
    fields.allow(&["password_file", "password_env"]);
    // Known but not allowed: it is told what to do instead.
    if fields.has("password")
        && let Some(node) = fields.get("password")
    {
        inline(&node);
    }
    if let Some(node) = fields.get("password_file") {
        fields.refuse(&["password_env"], "password_file");
        return file(&node, scope).map(Secret::File);
    }
    let node = fields.get("password_env")?;
    let name = node.label()?;
    if !scope.env_names.contains(&name) {
        node.warn(
            "secret-missing",
            format!("the variable {name} is not set here"),
            "set it where the household runs",
        );
    }
    Some(Secret::Env(name))
}

/// Reports a secret that is written down.
pub(crate) fn inline(node: &Node<'_>) {
    node.key_error(
        "secret-inline",
        "a password must not stand in the configuration, which is kept with every decision",
        "write it to a file of its own and name that: password_file = \"...\", or password_env = \"NAME\"",
    );
}

/// A file below the home folder (or an absolute path) that is there and holds something.
pub(crate) fn file(node: &Node<'_>, scope: &Scope<'_>) -> Option<PathBuf> {
    let path = scope.root.join(node.label()?);
    let path = std::path::absolute(&path).unwrap_or(path);
    match fs::metadata(&path) {
        Ok(meta) if meta.is_file() && meta.len() > 0 => Some(path),
        Ok(_) => {
            node.error(
                "secret-missing",
                format!("{} is empty or no file", path.display()),
                "put the secret there",
            );
            None
        }
        Err(error) => {
            let message = format!("can't read {}: {error}", path.display());
            node.error("secret-missing", message, "the path is taken from the home folder");
            None
        }
    }
}
