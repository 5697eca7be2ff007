//! Takes the dashboard's built files into the binary, if they were built. Without them everything else still builds.

use std::fmt::Write as _;
use std::fs;
use std::path::{Path, PathBuf};

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let built = Path::new(&std::env::var("CARGO_MANIFEST_DIR")?).join("web/dist");
    println!("cargo::rerun-if-changed=web/dist");
    let mut files = Vec::new();
    collect(&built, &mut files);
    files.sort();
    let mut code = String::from("static ASSETS: &[Asset] = &[\n");
    for file in files.iter().filter(|f| f.extension().is_none_or(|e| e != "br")) {
        let inside = file.strip_prefix(&built)?.to_string_lossy().replace('\\', "/");
        let beside = PathBuf::from(format!("{}.br", file.display()));
        let brotli =
            if beside.is_file() { format!("Some(include_bytes!({beside:?}))") } else { "None".to_owned() };
        let tag = tag(&fs::read(file)?);
        writeln!(
            code,
            "    Asset {{ path: {:?}, media: {:?}, bytes: include_bytes!({file:?}), brotli: {brotli}, tag: {tag:?} }},",
            format!("/{inside}"),
            media(file),
        )?;
    }
    code.push_str("];\n");
    fs::write(Path::new(&std::env::var("OUT_DIR")?).join("assets.rs"), code)?;
    Ok(())
}

fn collect(folder: &Path, files: &mut Vec<PathBuf>) {
    for entry in fs::read_dir(folder).into_iter().flatten().flatten() {
        let path = entry.path();
        if path.is_dir() { collect(&path, files) } else { files.push(path) }
    }
}

/// FNV-1a: it only has to change when the file does.
fn tag(bytes: &[u8]) -> String {
    let hash = bytes
        .iter()
        .fold(0xcbf2_9ce4_8422_2325_u64, |h, b| (h ^ u64::from(*b)).wrapping_mul(0x0100_0000_01b3));
    format!("\"{hash:016x}\"")
}

fn media(file: &Path) -> &'static str {
    match file.extension().and_then(|e| e.to_str()) {
        Some("html") => "text/html; charset=utf-8",
        Some("js") => "text/javascript; charset=utf-8",
        Some("css") => "text/css; charset=utf-8",
        Some("svg") => "image/svg+xml",
        Some("png") => "image/png",
        Some("webmanifest") => "application/manifest+json",
        Some("woff2") => "font/woff2",
        Some("json") => "application/json",
        _ => "application/octet-stream",
    }
}
