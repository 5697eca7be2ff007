//! The service unit.

use std::path::PathBuf;

use super::Finding;
use super::machine::program;
use crate::cli::args::Global;
use crate::cli::exit::{Failure, Outcome};
use crate::cli::out;

const NAME: &str = "lares.service";

pub(super) fn installed() -> Finding {
    let mut places =
        ["/etc/systemd/system", "/usr/lib/systemd/system", "/lib/systemd/system"].map(PathBuf::from).to_vec();
    places.extend(std::env::home_dir().map(|h| h.join(".config/systemd/user")));
    if let Some(unit) = places.into_iter().map(|p| p.join(NAME)).find(|p| p.is_file()) {
        return Finding::ok("service", format!("{} is there", unit.display()));
    }
    if program("systemctl").is_none() {
        return Finding::warn(
            "service",
            "there is no systemd here",
            "let something else start `lares run` with the machine",
        );
    }
    Finding::warn(
        "service",
        "lares does not start with the machine",
        "`lares doctor --unit > ~/.config/systemd/user/lares.service && systemctl --user enable --now lares`",
    )
}

/// Prints a unit for this binary and these folders.
pub(in crate::cli) fn unit(global: &Global) -> Outcome {
    let binary = std::env::current_exe()
        .map_err(|e| Failure::failed(format!("where this binary is, is unknown: {e}")))?;
    let (home, data) = (global.home()?, global.data()?);
    let quoted = |p: PathBuf| quoted(&p.display().to_string());
    out::text(&format!(
        "\
[Unit]
Description=Lares, the household's operating system
Documentation=man:systemd.service(5)
After=network-online.target
Wants=network-online.target

[Service]
Type=notify
ExecStart={} run --home {} --data {}
ExecReload=/bin/kill -HUP $MAINPID
Restart=always
RestartSec=1
WatchdogSec=30
TimeoutStopSec=90
UMask=0077
NoNewPrivileges=true

[Install]
WantedBy=default.target
",
        quoted(binary),
        quoted(home),
        quoted(data)
    ))
}

/// As systemd reads it: in quotes, with its own signs doubled or escaped.
fn quoted(text: &str) -> String {
    let escaped = text.replace('\\', "\\\\").replace('"', "\\\"").replace('%', "%%").replace('$', "$$");
    format!("\"{escaped}\"")
}

#[cfg(test)]
mod tests {
    #[test]
    fn odd_paths_survive() {
        assert_eq!(super::quoted("/srv/a b/100%"), "\"/srv/a b/100%%\"");
        assert_eq!(super::quoted("/x\"$y"), "\"/x\\\"$$y\"");
    }
}
