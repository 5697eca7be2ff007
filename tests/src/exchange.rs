//! A real exchange: `kamailio` as a registrar with a password, which hands all calls to the extension 620. On loopback.

use std::path::PathBuf;
use std::process::{Child, Command, Stdio};

use crate::Place;
use crate::phone::free_udp_port;

/// What it knows as the password of 620.
pub const PASSWORD: &str = "the word of six hundred and twenty";

/// A registrar.
pub struct Exchange {
    pub port: u16,
    child: Child,
    log: PathBuf,
}

impl Exchange {
    pub fn start(place: &Place) -> Self {
        let folder = place.path().join("exchange");
        std::fs::create_dir_all(&folder).unwrap();
        let port = free_udp_port();
        let modules = std::fs::read_dir("/usr/lib").unwrap().flatten();
        let modules = modules.map(|e| e.path().join("kamailio/modules")).find(|path| path.is_dir());
        let modules = modules.expect("the modules of kamailio: run tests/setup.sh");
        let names = ["tm", "sl", "pv", "usrloc", "registrar", "auth", "textops"];
        let load: String = names.iter().map(|name| format!("loadmodule \"{name}.so\"\n")).collect();
        let config = format!(
            "#!KAMAILIO\ndebug=1\nlog_stderror=yes\nchildren=1\ndisable_tcp=yes\nauto_aliases=no\n\
             listen=udp:127.0.0.1:{port}\nalias=\"127.0.0.1:{port}\"\nmpath=\"{}/\"\n{load}\
             modparam(\"usrloc\", \"db_mode\", 0)\n\
             request_route {{\n\
             if (is_method(\"REGISTER\")) {{\n\
             if (!pv_www_authenticate(\"exchange\", \"{PASSWORD}\", \"0\")) {{ www_challenge(\"exchange\", \"0\"); exit; }}\n\
             if (!save(\"location\")) sl_reply_error();\n\
             exit;\n}}\n\
             $rU = \"620\";\n\
             if (!lookup(\"location\")) {{ sl_send_reply(\"404\", \"Not Found\"); exit; }}\n\
             t_relay();\n}}\n",
            modules.display()
        );
        let (file, log) = (folder.join("kamailio.cfg"), folder.join("log"));
        std::fs::write(&file, config).unwrap();
        let out = std::fs::File::create(&log).unwrap();
        let program =
            if PathBuf::from("/usr/sbin/kamailio").exists() { "/usr/sbin/kamailio" } else { "kamailio" };
        let mut command = Command::new(program);
        command.arg("-f").arg(&file).args(["-DD", "-E", "-w"]).arg(&folder).arg("-Y").arg(&folder);
        command.stdin(Stdio::null()).stdout(out.try_clone().unwrap()).stderr(out);
        Self { port, child: command.spawn().expect("kamailio: run tests/setup.sh"), log }
    }

    pub fn log(&self) -> String {
        std::fs::read_to_string(&self.log).unwrap_or_default()
    }
}

impl Drop for Exchange {
    /// Asked to end, it takes its other processes along.
    fn drop(&mut self) {
        let _ = Command::new("kill").arg(self.child.id().to_string()).status();
        let _ = self.child.wait();
    }
}
