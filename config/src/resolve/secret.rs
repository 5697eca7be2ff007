//! Secrets are named, never written: the files of a home are kept for as long as a decision refers to them.

use std::fs;
use std::path::PathBuf;

use super::Scope;
use crate::decode::{Fields, Node};
use crate::home::Secret;

/// The keys of a secret: written down, which is refused, and by reference.
struct Keys {
    what: &'static str,
    written: &'static str,
    file: &'static str,
    env: &'static str,
}

const PASSWORD: Keys =
    Keys { what: "a password", written: "password", file: "password_file", env: "password_env" };
const ENCRYPTION_KEY: Keys =
    Keys { what: "a key", written: "encryption_key", file: "encryption_key_file", env: "encryption_key_env" };

const ASSISTANT_TOKEN: Keys = Keys {
    what: "a token",
    written: "music_assistant_token",
    file: "music_assistant_token_file",
    env: "music_assistant_token_env",
};

/// `password_file` or `password_env` of this table.
pub(crate) fn secret(fields: &Fields<'_>, scope: &Scope<'_>) -> Option<Secret> {
    referred(fields, scope, &PASSWORD)
}

/// `encryption_key_file` or `encryption_key_env` of this table.
pub(crate) fn encryption_key(fields: &Fields<'_>, scope: &Scope<'_>) -> Option<Secret> {
    referred(fields, scope, &ENCRYPTION_KEY)
}

/// `music_assistant_token_file` or `music_assistant_token_env` of this table.
pub(crate) fn assistant_token(fields: &Fields<'_>, scope: &Scope<'_>) -> Option<Secret> {
    referred(fields, scope, &ASSISTANT_TOKEN)
}

fn referred(fields: &Fields<'_>, scope: &Scope<'_>, keys: &Keys) -> Option<Secret> {
    fields.allow(&[keys.file, keys.env]);
    // Known but not allowed: it is told what to do instead.
    if fields.has(keys.written)
        && let Some(node) = fields.get(keys.written)
    {
        written_down(&node, keys);
    }
    if let Some(node) = fields.get(keys.file) {
        fields.refuse(&[keys.env], keys.file);
        return file(&node, scope).map(Secret::File);
    }
    let node = fields.get(keys.env)?;
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

/// Reports a password that is written down.
pub(crate) fn inline(node: &Node<'_>) {
    written_down(node, &PASSWORD);
}

fn written_down(node: &Node<'_>, keys: &Keys) {
    let Keys { what, file, env, .. } = keys;
    node.key_error(
        "secret-inline",
        format!("{what} must not stand in the configuration, which is kept with every decision"),
        format!("write it to a file of its own and name that: {file} = \"...\", or {env} = \"NAME\""),
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
