//! Puts the sample homes into the binary: `lares init` copies them out again. And takes the names of functions out of it: eight of
//! forty megabytes, and a panic tells its file and line without them.

use std::fmt::Write as _;
use std::path::{Path, PathBuf};
use std::{env, fs, io};

fn main() -> io::Result<()> {
    println!("cargo::rustc-link-arg-bins=-Wl,--strip-all");
    let examples = Path::new(&env::var("CARGO_MANIFEST_DIR").map_err(io::Error::other)?)
        .join("../../config/examples")
        .canonicalize()?;
    println!("cargo::rerun-if-changed={}", examples.display());
    let mut code = String::from("&[");
    for home in sorted(&examples)?.iter().filter(|p| p.is_dir()) {
        let mut files = Vec::new();
        collect(home, &mut files)?;
        for file in files {
            println!("cargo::rerun-if-changed={}", file.display());
            let path = file.strip_prefix(&examples).map_err(io::Error::other)?;
            let _ = writeln!(
                code,
                "({:?}, include_str!({:?})),",
                path.display().to_string(),
                file.display().to_string()
            );
        }
    }
    code.push(']');
    let out = PathBuf::from(env::var("OUT_DIR").map_err(io::Error::other)?);
    fs::write(out.join("examples.rs"), code)
}

fn sorted(folder: &Path) -> io::Result<Vec<PathBuf>> {
    let mut paths = fs::read_dir(folder)?.map(|e| Ok(e?.path())).collect::<io::Result<Vec<_>>>()?;
    paths.sort();
    Ok(paths)
}

fn collect(folder: &Path, files: &mut Vec<PathBuf>) -> io::Result<()> {
    for path in sorted(folder)? {
        if path.is_dir() {
            collect(&path, files)?;
        } else {
            files.push(path);
        }
    }
    Ok(())
}
