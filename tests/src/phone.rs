//! Real callers: `sipp`, which does what a scenario says, and `baresip`, which has ears. Both on loopback, on ports of the system's choice.

use std::net::{TcpListener, UdpSocket};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::atomic::{AtomicU16, Ordering};

use lares_kernel::wire::Law;
use lares_surfaces::voice::sound::{Sound, read_wav, wav};

use crate::{Place, at_rate, wait_some};

/// Samples a second of a telephone.
pub const RATE: u32 = 8_000;
/// What baresip's Opus takes.
const OPUS_RATE: u32 = 48_000;

/// A port for datagrams.
pub fn free_udp_port() -> u16 {
    UdpSocket::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port()
}

/// The first of four in a row for a caller's sound: below those that the system gives out by itself, so that nobody takes one before
/// the caller does.
fn free_sound_ports() -> u16 {
    static NEXT: AtomicU16 = AtomicU16::new(0);
    let mut tries = std::iter::repeat_with(|| 12_000 + NEXT.fetch_add(8, Ordering::SeqCst) % 16_000);
    let free = |port: &u16| (0..4).all(|n| UdpSocket::bind(("127.0.0.1", port + n)).is_ok());
    tries.find(free).unwrap()
}

/// The first of two in a row that baresip listens on for calls, by datagram and by stream, the second of them for TLS; below those that
/// the system gives out by itself, too.
fn free_call_ports() -> u16 {
    static NEXT: AtomicU16 = AtomicU16::new(0);
    let mut tries = std::iter::repeat_with(|| 28_000 + NEXT.fetch_add(2, Ordering::SeqCst) % 4_000);
    let at = |port: u16| ("127.0.0.1", port);
    let free = |port: &u16| {
        (0..2).all(|n| UdpSocket::bind(at(port + n)).is_ok() && TcpListener::bind(at(port + n)).is_ok())
    };
    tries.find(free).unwrap()
}

/// What a caller does once they are answered.
pub enum Deed<'a> {
    /// Plays a file of theirs.
    Play(&'a Path),
    Pause {
        ms: u64,
    },
    /// A key, as its RFC 4733 packets come out of a file that sipp brings along.
    Key(char),
    HangUp,
    /// Waits for the other end to hang up.
    IsLeft,
    /// Expects to be handed on, says whether that went well, and is left.
    IsHandedOn {
        code: u16,
    },
}

/// One kind of call.
pub struct Calls<'a> {
    pub to: u16,
    pub from: &'a str,
    pub deeds: Vec<Deed<'a>>,
    pub count: usize,
    pub at_once: usize,
}

impl<'a> Calls<'a> {
    pub fn one(to: u16, from: &'a str, deeds: Vec<Deed<'a>>) -> Self {
        Self { to, from, deeds, count: 1, at_once: 1 }
    }

    /// Begins to call.
    pub fn begin(&self, place: &Place, name: &str) -> Sipp {
        let file = place.path().join(format!("{name}.xml"));
        std::fs::write(&file, self.scenario()).unwrap();
        self.run(place, name, &file)
    }

    /// Calls, and expects to be turned away.
    pub fn refused(&self, place: &Place, name: &str, code: u16) -> Sipp {
        let file = place.path().join(format!("{name}.xml"));
        let text = format!(
            "{HEAD}{}<recv response=\"100\" optional=\"true\"/><recv response=\"180\" optional=\"true\"/>\
             <recv response=\"{code}\"/>{}</scenario>",
            invite(self.from),
            message("ACK", "ACK", self.from, "", ""),
        );
        std::fs::write(&file, text).unwrap();
        self.run(place, name, &file)
    }

    fn run(&self, place: &Place, name: &str, file: &Path) -> Sipp {
        let log = place.path().join(format!("{name}.log"));
        let rtp = free_sound_ports();
        let mut command = Command::new("sipp");
        command.arg(format!("127.0.0.1:{}", self.to)).arg("-sf").arg(file);
        command.args(["-i", "127.0.0.1", "-mi", "127.0.0.1", "-p", &free_udp_port().to_string()]);
        command.args(["-mp", &rtp.to_string()]);
        command.args(["-m", &self.count.to_string(), "-l", &self.at_once.to_string(), "-r", "20"]);
        command
            .args(["-nostdin", "-timeout", "240", "-timeout_error", "-trace_err", "-error_file"])
            .arg(&log);
        let sipp = command.stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null()).spawn();
        Sipp { child: sipp.expect("sipp: run tests/setup.sh"), log }
    }

    fn scenario(&self) -> String {
        let from = self.from;
        let mut text = format!(
            "{HEAD}{}<recv response=\"100\" optional=\"true\"/><recv response=\"180\" optional=\"true\"/>\
             <recv response=\"200\" rrs=\"true\"/>{}",
            invite(from),
            message("ACK", "ACK", from, "", ""),
        );
        let ok = || {
            "<send><![CDATA[\nSIP/2.0 200 OK\n[last_Via:]\n[last_From:]\n[last_To:]\n[last_Call-ID:]\n[last_CSeq:]\n\
             Content-Length: 0\n\n]]></send>"
                .to_owned()
        };
        for deed in &self.deeds {
            text.push_str(&match deed {
                Deed::Play(file) => format!(
                    "<nop><action><exec rtp_stream=\"{},1,0\"/></action></nop>",
                    file.display()
                ),
                Deed::Pause { ms } => format!("<pause milliseconds=\"{ms}\"/>"),
                Deed::Key(key) => {
                    let body = format!("Signal={key}\nDuration=160\n");
                    let info = message("INFO", "INFO", from, "application/dtmf-relay", &body);
                    format!("{info}<recv response=\"200\"/>")
                }
                Deed::HangUp => {
                    format!("{}<recv response=\"200\"/>", message("BYE", "BYE", from, "", ""))
                }
                Deed::IsLeft => format!("<recv request=\"BYE\" timeout=\"120000\"/>{}", ok()),
                Deed::IsHandedOn { code } => {
                    let accepted = ok().replace("200 OK", "202 Accepted");
                    let frag = format!("SIP/2.0 {code} Answer\n");
                    let notify = message("NOTIFY", "NOTIFY", from, "message/sipfrag", &frag).replace(
                        "Max-Forwards: 70\n",
                        "Max-Forwards: 70\nEvent: refer\nSubscription-State: terminated;reason=noresource\n",
                    );
                    // Its answer and the end of the call may come in either order.
                    format!(
                        "<recv request=\"REFER\" timeout=\"120000\"/>{accepted}{notify}<recv response=\"200\" optional=\"true\"/>\
                         <recv request=\"BYE\" timeout=\"120000\"/>{}",
                        ok()
                    )
                }
            });
        }
        text + "</scenario>"
    }
}

const HEAD: &str = "<?xml version=\"1.0\" encoding=\"ISO-8859-1\" ?>\n<scenario name=\"call\">\n";

fn invite(from: &str) -> String {
    format!(
        "<send retrans=\"500\"><![CDATA[\nINVITE sip:house@[remote_ip]:[remote_port] SIP/2.0\n\
         Via: SIP/2.0/[transport] [local_ip]:[local_port];branch=[branch]\n\
         From: <sip:{from}@[local_ip]:[local_port]>;tag=[pid]T[call_number]\n\
         To: <sip:house@[remote_ip]:[remote_port]>\nCall-ID: [call_id]\nCSeq: 1 INVITE\n\
         Contact: <sip:{from}@[local_ip]:[local_port]>\nMax-Forwards: 70\n\
         Content-Type: application/sdp\nContent-Length: [len]\n\n\
         v=0\no=u 1 1 IN IP[local_ip_type] [local_ip]\ns=-\nc=IN IP[media_ip_type] [media_ip]\nt=0 0\n\
         m=audio [rtpstream_audio_port] RTP/AVP 0\na=rtpmap:0 PCMU/8000\n]]></send>\n"
    )
}

/// A message within the call. Each has a number of its own in it: sipp counts them.
fn message(method: &str, cseq: &str, from: &str, kind: &str, body: &str) -> String {
    let kind = if kind.is_empty() { String::new() } else { format!("Content-Type: {kind}\n") };
    let number = if method == "ACK" { "1".to_owned() } else { "[cseq]".to_owned() };
    let retrans = if method == "ACK" { "" } else { " retrans=\"500\"" };
    format!(
        "<send{retrans}><![CDATA[\n{method} [next_url] SIP/2.0\nVia: SIP/2.0/[transport] [local_ip]:[local_port];branch=[branch]\n\
         From: <sip:{from}@[local_ip]:[local_port]>;tag=[pid]T[call_number]\n\
         To: <sip:house@[remote_ip]:[remote_port]>[peer_tag_param]\nCall-ID: [call_id]\nCSeq: {number} {cseq}\n\
         Contact: <sip:{from}@[local_ip]:[local_port]>\nMax-Forwards: 70\n{kind}Content-Length: [len]\n\n{body}]]></send>\n"
    )
    .replace(" [next_url] ", if method == "ACK" { " sip:house@[remote_ip]:[remote_port] " } else { " [next_url] " })
}

/// A caller that calls.
pub struct Sipp {
    child: Child,
    log: PathBuf,
}

impl Sipp {
    /// Waits until all is done as the scenario says.
    pub fn done(mut self) {
        let ended = wait_some("sipp", || self.child.try_wait().unwrap());
        self.is_fine(ended.success());
    }

    /// As [`Sipp::done`], for what takes its time.
    pub fn done_at_last(mut self) {
        let ended = self.child.wait().unwrap();
        self.is_fine(ended.success());
    }

    fn is_fine(&self, fine: bool) {
        let log = std::fs::read_to_string(&self.log).unwrap_or_default();
        assert!(fine, "the caller did not meet what they expected:\n{log}");
    }

    /// As if their telephone lost its power.
    pub fn kill(mut self) {
        self.child.kill().unwrap();
        self.child.wait().unwrap();
    }
}

impl Drop for Sipp {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// Sound as sipp plays it: mu-law, without a head. Each part is so many seconds after the one before, or a sound.
pub enum Part {
    Silence(f64),
    Sound(Sound),
}

pub fn telephone(parts: &[Part]) -> Vec<i16> {
    let mut all = Vec::new();
    for part in parts {
        match part {
            Part::Silence(seconds) => all.extend(vec![0; (seconds * f64::from(RATE)) as usize]),
            Part::Sound(sound) => all.extend(at_rate(sound, RATE).samples),
        }
    }
    all
}

pub fn telephone_file(place: &Place, name: &str, samples: &[i16]) -> PathBuf {
    let path = place.path().join(name);
    std::fs::write(&path, Law::Mu.encode(samples)).unwrap();
    path
}

/// `baresip`: calls, plays a file, and keeps what it heard.
pub struct Baresip {
    child: Child,
    folder: PathBuf,
}

impl Baresip {
    /// Calls from the beginning of its file on.
    pub fn call(place: &Place, to: u16, number: &str, samples: &[i16]) -> Self {
        let says = wav(&Sound { rate: RATE, samples: samples.to_vec() });
        Self::speaking("g711", "PCMA/8000/1", (place, to, number), &says)
    }

    /// The same, and offers Opus alone.
    pub fn with_opus(place: &Place, to: u16, number: &str, samples: &[i16]) -> Self {
        let says = two_channels(&at_rate(&Sound { rate: RATE, samples: samples.to_vec() }, OPUS_RATE));
        Self::speaking("opus", "opus/48000/2", (place, to, number), &says)
    }

    /// Its file must have the rate and the channels of the codec.
    fn speaking(module: &str, codec: &str, (place, to, number): (&Place, u16, &str), file: &[u8]) -> Self {
        let folder = place.path().join(format!("baresip-{number}"));
        std::fs::create_dir_all(&folder).unwrap();
        let says = folder.join("says.wav");
        std::fs::write(&says, file).unwrap();
        let (at, listen) = (folder.display(), free_call_ports());
        let config = format!(
            "module_path /usr/lib/baresip/modules\nsip_listen 127.0.0.1:{listen}\nsnd_path {at}\n\
             audio_player aubridge,null\naudio_source aufile,{at}/says.wav\naudio_alert aubridge,null\n\
             rtp_ports 20000-60000\nrtp_stats no\nmodule {module}.so\nmodule aubridge.so\nmodule aufile.so\n\
             module sndfile.so\nmodule_tmp account.so\nmodule_app menu.so\nnet_interface 127.0.0.1\n"
        );
        std::fs::write(folder.join("config"), config).unwrap();
        let account = format!("<sip:{number}@127.0.0.1>;regint=0;audio_codecs={codec}\n");
        std::fs::write(folder.join("accounts"), account).unwrap();
        std::fs::write(folder.join("contacts"), "").unwrap();
        let log = std::fs::File::create(folder.join("log")).unwrap();
        let mut command = Command::new("baresip");
        command.arg("-f").arg(&folder).args(["-e", &format!("/dial sip:house@127.0.0.1:{to}")]);
        command.stdin(Stdio::null()).stdout(log.try_clone().unwrap()).stderr(log);
        Self { child: command.spawn().expect("baresip: run tests/setup.sh"), folder }
    }

    pub fn log(&self) -> String {
        std::fs::read_to_string(self.folder.join("log")).unwrap_or_default()
    }

    /// All that it heard so far.
    pub fn heard(&self) -> Vec<i16> {
        let mut files = std::fs::read_dir(&self.folder).unwrap().map(|f| f.unwrap().path());
        let dump = files.find(|path| path.to_string_lossy().ends_with("-dec.wav"));
        let bytes = dump.map(|path| std::fs::read(path).unwrap()).unwrap_or_default();
        read_wav(&bytes).map(|sound| at_rate(&sound, RATE).samples).unwrap_or_default()
    }

    pub fn end(&mut self) {
        let _ = Command::new("kill").arg(self.child.id().to_string()).status();
        let _ = self.child.wait();
    }
}

impl Drop for Baresip {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// A WAV file with the same on both of two channels.
fn two_channels(sound: &Sound) -> Vec<u8> {
    let samples = sound.samples.iter().flat_map(|s| [*s, *s]).collect();
    let mut file = wav(&Sound { rate: sound.rate, samples });
    file[22..24].copy_from_slice(&2_u16.to_le_bytes());
    file[28..32].copy_from_slice(&(sound.rate * 4).to_le_bytes());
    file[32..34].copy_from_slice(&4_u16.to_le_bytes());
    file
}

/// How much of a sound is in another one, 0 to 1, wherever it begins there.
pub fn likeness(sound: &[i16], within: &[i16]) -> f64 {
    // The loudest second tells; a coarse look over energies finds where it may be, and each place is looked at sample by sample.
    let sound: Vec<f64> = sound.iter().take(RATE as usize * 2).map(|s| f64::from(*s)).collect();
    let within: Vec<f64> = within.iter().map(|s| f64::from(*s)).collect();
    let norm = |v: &[f64]| v.iter().map(|s| s * s).sum::<f64>().sqrt();
    let length = norm(&sound);
    let mut best = 0.0_f64;
    for start in 0..within.len().saturating_sub(sound.len()) {
        let there = &within[start..start + sound.len()];
        // A first look at every sixteenth sample: most places are nothing like it.
        let rough: f64 = sound.iter().zip(there).step_by(16).map(|(a, b)| a * b).sum();
        let (a, b) = (sound.iter().step_by(16), there.iter().step_by(16));
        let (a, b): (f64, f64) = (a.map(|s| s * s).sum(), b.map(|s| s * s).sum());
        if rough / (a * b).sqrt().max(1.0) < best.max(0.3) {
            continue;
        }
        let exact: f64 = sound.iter().zip(there).map(|(a, b)| a * b).sum();
        best = best.max(exact / (length * norm(there)).max(1.0));
    }
    best
}
