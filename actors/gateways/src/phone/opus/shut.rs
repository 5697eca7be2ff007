//! What this process may do from now on: read and write what it has open, hold memory, and end. Whoever takes it over by a packet gets no file, no
//! socket, no other process.

use std::collections::BTreeMap;

use seccompiler::{
    BpfProgram, SeccompAction, SeccompCmpArgLen, SeccompCmpOp, SeccompCondition, SeccompFilter, SeccompRule,
    apply_filter,
};

/// What an allocator, a pipe and the end of a program need.
const MAY: &[libc::c_long] = &[
    libc::SYS_read,
    libc::SYS_write,
    libc::SYS_brk,
    libc::SYS_munmap,
    libc::SYS_mremap,
    libc::SYS_madvise,
    libc::SYS_futex,
    libc::SYS_rt_sigreturn,
    libc::SYS_rt_sigprocmask,
    libc::SYS_sigaltstack,
    libc::SYS_restart_syscall,
    libc::SYS_exit,
    libc::SYS_exit_group,
];
/// All that it may hold in memory: a hundred times what it needs.
const MEMORY: u64 = 256 * 1_024 * 1_024;

/// From here on, for good. Whatever else is tried ends the process.
///
/// # Errors
/// This machine cannot: in words. Then nothing that a stranger sent may be read.
pub fn shut_in() -> Result<(), String> {
    use rustix::process::{Resource, Rlimit, setrlimit};
    let memory = Rlimit { current: Some(MEMORY), maximum: Some(MEMORY) };
    setrlimit(Resource::Data, memory).map_err(|e| format!("its memory cannot be bounded: {e}"))?;
    let filter = filter().map_err(|e| format!("it cannot be shut in: {e}"))?;
    apply_filter(&filter).map_err(|e| format!("it cannot be shut in: {e}"))
}

fn filter() -> Result<BpfProgram, seccompiler::BackendError> {
    let mut rules: BTreeMap<i64, Vec<SeccompRule>> = MAY.iter().map(|call| (*call, Vec::new())).collect();
    // Memory is for data.
    let runs = SeccompCmpOp::MaskedEq(libc::PROT_EXEC as u64);
    let no_program = SeccompCondition::new(2, SeccompCmpArgLen::Dword, runs, 0)?;
    rules.insert(libc::SYS_mmap, vec![SeccompRule::new(vec![no_program])?]);
    let target = std::env::consts::ARCH.try_into()?;
    SeccompFilter::new(rules, SeccompAction::KillProcess, SeccompAction::Allow, target)?.try_into()
}

#[cfg(test)]
mod tests {
    use std::os::unix::process::ExitStatusExt;
    use std::process::{Command, ExitStatus, Stdio};

    use super::*;

    const TRIES: &str = "LARES_TEST_SHUT_IN";

    /// Not a test of its own: the process that is shut in, and tries what it may not.
    #[test]
    #[allow(clippy::disallowed_methods, reason = "a process that may nothing cannot be left through main")]
    fn child() {
        let Ok(tries) = std::env::var(TRIES) else { return };
        shut_in().unwrap();
        match tries.as_str() {
            "nothing" => {
                let held = vec![1_u8; 8 * 1_024 * 1_024];
                std::process::exit(i32::from(held.contains(&0)));
            }
            "file" => drop(std::fs::read("/etc/hostname")),
            "socket" => drop(std::net::UdpSocket::bind("127.0.0.1:0")),
            "remove" => drop(std::fs::remove_file("/nowhere")),
            "program" => drop(Command::new("true").status()),
            "memory" => drop(std::hint::black_box(vec![1_u8; 2 * MEMORY as usize])),
            other => panic!("{other}"),
        }
        std::process::exit(0);
    }

    fn ends(tries: &str) -> ExitStatus {
        let name = format!("{}::child", module_path!().split_once("::").unwrap().1);
        let mut child = Command::new(std::env::current_exe().unwrap());
        child.args(["--exact", &name]).env(TRIES, tries).stdout(Stdio::null()).stderr(Stdio::null());
        child.status().unwrap()
    }

    #[test]
    fn whoever_takes_it_over_gets_nothing() {
        assert!(ends("nothing").success(), "{}", ends("nothing"));
        for tries in ["file", "socket", "remove", "program"] {
            assert_eq!(ends(tries).signal(), Some(libc::SIGSYS), "{tries}: {}", ends(tries));
        }
        assert!(!ends("memory").success());
    }
}
