//! The socket's file: made so that nobody but the owner can ever open it, whatever the umask.

use std::fs::{self, File, Permissions};
use std::io;
use std::os::fd::AsRawFd;
use std::os::unix::fs::{MetadataExt, PermissionsExt};
use std::path::{Path, PathBuf};

use tokio::net::{UnixListener, UnixStream};

/// Name of the socket in the data folder.
pub const SOCKET: &str = "lares.sock";

/// Longest path that fits into a socket address on every Unix, with some room for the new name.
const LONGEST: usize = 96;

/// A path under which a socket in `folder` can be named, however deep the folder lies: a long one goes through the
/// process's own open folder. The folder must stay open meanwhile.
fn reachable(folder: &Path, name: &str) -> io::Result<(PathBuf, Option<File>)> {
    let path = folder.join(name);
    if path.as_os_str().len() <= LONGEST {
        return Ok((path, None));
    }
    let open = File::open(folder)?;
    Ok((PathBuf::from(format!("/proc/self/fd/{}/{name}", open.as_raw_fd())), Some(open)))
}

/// Listens, and says who owns the socket. One that was left behind is replaced: who calls this holds the data
/// folder's lock, so nobody listens on it any more.
pub(super) fn listen(data: &Path) -> io::Result<(UnixListener, u32)> {
    let name = format!("{SOCKET}.new");
    let fresh = data.join(&name);
    match fs::remove_file(&fresh) {
        Err(e) if e.kind() != io::ErrorKind::NotFound => return Err(e),
        _ => {}
    }
    let (path, _open) = reachable(data, &name)?;
    let listener = UnixListener::bind(path)?;
    fs::set_permissions(&fresh, Permissions::from_mode(0o600))?;
    let owner = fs::metadata(&fresh)?.uid();
    fs::rename(&fresh, data.join(SOCKET))?;
    Ok((listener, owner))
}

pub(super) async fn connect(data: &Path) -> io::Result<UnixStream> {
    let (path, _open) = reachable(data, SOCKET)?;
    UnixStream::connect(path).await
}

/// Whether the one at the other end is the owner. The superuser could read the data anyway, and `sudo lares status` is
/// what an administrator types.
pub(super) fn is_owner(stream: &UnixStream, owner: u32) -> bool {
    stream.peer_cred().is_ok_and(|peer| peer.uid() == owner || peer.uid() == 0)
}

/// The process that holds the data folder, as its lock file says; none if it says nothing.
pub fn lock_holder(data: &Path) -> Option<u32> {
    fs::read_to_string(data.join("lock")).ok()?.trim().parse().ok()
}
