//! The way from a folder to a home.

use std::path::Path;
use std::sync::Arc;

use sha2::{Digest, Sha256};

use crate::decode::Context;
use crate::diagnostic::{Diagnostic, Severity};
use crate::expand;
use crate::home::{Home, HomeFile};
use crate::resolve::resolve;
use crate::source::{Layers, Override, SourceText, read_folder};

/// A home that can be used, and what is odd about it.
#[derive(Clone, Debug)]
pub struct Loaded {
    pub home: Arc<Home>,
    pub warnings: Vec<Diagnostic>,
}

/// Variables of the environment that begin so are settings: `LARES__mqtt__main__host`.
const ENV_PREFIX: &str = "LARES__";

/// Reads the home folder `root` and lays the environment and then `overrides` (flags: dotted key, value) over it.
///
/// # Errors
/// All problems found, in the order of the files, warnings among them.
pub fn load(
    root: &Path,
    overrides: &[(String, String)],
    env: impl Iterator<Item = (String, String)>,
) -> Result<Loaded, Vec<Diagnostic>> {
    load_texts(root, read_folder(root)?, overrides, env)
}

/// [`load`] of texts that are already in memory, as (relative path, text); `root` is only where secrets are looked for.
///
/// # Errors
/// All problems found.
pub fn load_from(
    root: &Path,
    mut files: Vec<(String, String)>,
    overrides: &[(String, String)],
    env: impl Iterator<Item = (String, String)>,
) -> Result<Loaded, Vec<Diagnostic>> {
    files.sort();
    let texts = files.into_iter().map(|(name, text)| Arc::new(SourceText::new(name.into(), text.into())));
    load_texts(root, texts.collect(), overrides, env)
}

fn load_texts(
    root: &Path,
    texts: Vec<Arc<SourceText>>,
    overrides: &[(String, String)],
    env: impl Iterator<Item = (String, String)>,
) -> Result<Loaded, Vec<Diagnostic>> {
    let mut env: Vec<(String, String)> = env.collect();
    env.sort();
    let settings = settings(&env, overrides);
    let files: Vec<HomeFile> = texts
        .iter()
        .map(|t| HomeFile {
            path: t.name.clone(),
            hash: Sha256::digest(t.text.as_bytes()).into(),
            text: t.text.clone(),
        })
        .collect();
    let snapshot = snapshot(&files, &settings);
    let own = SourceText::new(expand::OWN_FILE.into(), expand::OWN.into());
    let texts: Vec<_> = texts.into_iter().chain([Arc::new(own)]).collect();
    let mut cx = Context::new(Layers::build(&texts, &settings)?);
    cx.layers.root = expand::expand(&cx);
    let env_names: Vec<String> = env.into_iter().map(|(name, _)| name).collect();
    let home = resolve(&cx, root, &env_names, files, snapshot);
    let mut problems = cx.into_problems();
    problems.sort_by(|a, b| (&a.file, a.line, a.column, a.code).cmp(&(&b.file, b.line, b.column, b.code)));
    if problems.iter().any(|p| p.severity == Severity::Error) {
        return Err(problems);
    }
    Ok(Loaded { home: Arc::new(home), warnings: problems })
}

fn settings(env: &[(String, String)], flags: &[(String, String)]) -> Vec<Override> {
    let of_env = env.iter().filter_map(|(name, raw)| {
        let keys = name.strip_prefix(ENV_PREFIX)?.split("__").map(str::to_owned).collect();
        Some(Override { layer: "environment", name: name.clone(), keys, raw: raw.clone() })
    });
    let of_flags = flags.iter().map(|(name, raw)| Override {
        layer: "flag",
        name: name.clone(),
        keys: name.split('.').map(str::to_owned).collect(),
        raw: raw.clone(),
    });
    of_env.chain(of_flags).collect()
}

/// Each part with its length before it, so that no two homes give the same bytes.
fn snapshot(files: &[HomeFile], settings: &[Override]) -> [u8; 32] {
    let mut hash = Sha256::new();
    let mut part = |bytes: &[u8]| {
        hash.update((bytes.len() as u64).to_be_bytes());
        hash.update(bytes);
    };
    part(b"lares-home-1");
    for file in files {
        part(file.path.as_bytes());
        part(&file.hash);
    }
    for setting in settings {
        part(setting.layer.as_bytes());
        part(setting.name.as_bytes());
        part(setting.raw.as_bytes());
    }
    hash.finalize().into()
}
