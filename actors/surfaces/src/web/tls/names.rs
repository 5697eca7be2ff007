//! What the household's own authority may speak for: names and addresses that are of a home and nobody's on the internet, and the
//! names that the household had when the authority was made. It stands in the authority's certificate (RFC 5280, 4.2.1.10), so
//! that its key, in whoever's hands, makes no bank and no shop.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

use rcgen::{CidrSubnet, GeneralSubtree, NameConstraints};

/// Endings that no name on the internet has (RFC 6761, 6762, 8375; ICANN's `internal`), and those that routers give out.
const ENDINGS: &[&str] =
    &["localhost", "local", "lan", "home", "home.arpa", "internal", "intranet", "private", "test"];

/// Networks of a home (RFC 1918, 3927, 4193, 6598), and the machine itself, with the bits that count.
const NETWORKS: &[(IpAddr, u8)] = &[
    (v4(127, 0, 0, 0), 8),
    (v4(10, 0, 0, 0), 8),
    (v4(172, 16, 0, 0), 12),
    (v4(192, 168, 0, 0), 16),
    (v4(169, 254, 0, 0), 16),
    (v4(100, 64, 0, 0), 10),
    (IpAddr::V6(Ipv6Addr::LOCALHOST), 128),
    (v6(0xfc00), 7),
    (v6(0xfe80), 10),
];

const fn v4(a: u8, b: u8, c: u8, d: u8) -> IpAddr {
    IpAddr::V4(Ipv4Addr::new(a, b, c, d))
}

const fn v6(first: u16) -> IpAddr {
    IpAddr::V6(Ipv6Addr::new(first, 0, 0, 0, 0, 0, 0, 0))
}

/// The endings that an authority made now speaks for.
pub(super) fn endings(hosts: &[String]) -> Vec<String> {
    let known = ENDINGS.iter().map(|e| (*e).to_owned());
    let beside = hosts.iter().map(|h| h.to_lowercase()).filter(|h| !under(ENDINGS, h));
    known.chain(beside).collect()
}

pub(super) fn constraints(endings: &[String]) -> NameConstraints {
    let names = endings.iter().cloned().map(GeneralSubtree::DnsName);
    let networks = NETWORKS
        .iter()
        .map(|(address, bits)| GeneralSubtree::IpAddress(CidrSubnet::from_addr_prefix(*address, *bits)));
    NameConstraints { permitted_subtrees: names.chain(networks).collect(), excluded_subtrees: Vec::new() }
}

pub(super) fn under<T: AsRef<str>>(endings: &[T], name: &str) -> bool {
    let name = name.to_lowercase();
    endings
        .iter()
        .map(AsRef::as_ref)
        .any(|e| name.strip_suffix(e).is_some_and(|before| before.is_empty() || before.ends_with('.')))
}

pub(super) fn at_home(address: IpAddr) -> bool {
    NETWORKS.iter().any(|(network, bits)| match (network, address) {
        (IpAddr::V4(network), IpAddr::V4(address)) => {
            same(network.to_bits().into(), address.to_bits().into(), 32 - bits)
        }
        (IpAddr::V6(network), IpAddr::V6(address)) => same(network.to_bits(), address.to_bits(), 128 - bits),
        _ => false,
    })
}

/// But for the last bits.
fn same(one: u128, other: u128, last: u8) -> bool {
    (one ^ other).checked_shr(last.into()).unwrap_or(0) == 0
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_is_under_an_ending_by_whole_parts() {
        let all = endings(&["Lares.Example.org".to_owned(), "lares.lan".to_owned(), "server".to_owned()]);
        assert_eq!(all.len(), ENDINGS.len() + 2, "what an ending covers is not there twice: {all:?}");
        for name in ["lares.lan", "LAN", "a.home.arpa", "lares.example.org", "server"] {
            assert!(under(&all, name), "{name}");
        }
        for name in ["example.org", "vlan", "bank.example", "home.arpa.evil.example", "arpa", ""] {
            assert!(!under(&all, name), "{name}");
        }
    }

    #[test]
    fn addresses_of_a_home_are_told_from_others() {
        for at in
            ["127.0.0.1", "10.9.8.7", "172.31.0.1", "192.168.1.5", "100.64.0.1", "::1", "fd12::1", "fe80::1"]
        {
            assert!(at_home(at.parse().unwrap()), "{at}");
        }
        for at in ["8.8.8.8", "172.32.0.1", "192.169.0.1", "100.128.0.1", "2001:db8::1", "::2"] {
            assert!(!at_home(at.parse().unwrap()), "{at}");
        }
    }
}
