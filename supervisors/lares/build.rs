//! Puts the sample homes into the binary: `lares init` copies them out again. And takes the names of functions out of it: eight of
//! forty megabytes, and a panic tells its file and line without them. Functions that are the same are kept once.

use std::fmt::Write as _;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::{env, fs, io};

fn main() -> io::Result<()> {
    println!("cargo::rustc-link-arg-bins=-Wl,--strip-all");
    if links_with_lld() {
        println!("cargo::rustc-link-arg-bins=-Wl,--icf=all");
    }
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

/// Whether the linker is the one that comes with Rust on Linux: it can keep one of several functions whose code is the same, as a map
/// of one type and of another often have. Nobody here asks whether two functions are at one address, and LMDB compares only those
/// that differ. Another linker (one that was chosen, or the system's) may not know the word, and leaves a larger binary.
fn links_with_lld() -> bool {
    println!("cargo::rerun-if-env-changed=RUSTFLAGS");
    let var = |name: &str| env::var(name).unwrap_or_default();
    let chosen = !var("RUSTC_LINKER").is_empty() || var("CARGO_ENCODED_RUSTFLAGS").contains("link");
    if chosen || var("TARGET") != "x86_64-unknown-linux-gnu" || var("HOST") != var("TARGET") {
        return false;
    }
    let asked = Command::new(var("RUSTC")).args(["--print", "sysroot"]).output();
    let sysroot = asked.ok().and_then(|o| String::from_utf8(o.stdout).ok()).unwrap_or_default();
    let lld = Path::new(sysroot.trim()).join("lib/rustlib").join(var("TARGET")).join("bin/gcc-ld/ld.lld");
    lld.is_file()
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
