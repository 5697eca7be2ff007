//! `[web]`.

use std::collections::BTreeMap;

use super::wires::address;
use super::{Scope, secret};
use crate::decode::{Fields, Node};
use crate::home::{Person, Role, TlsConfig, WebConfig};

pub(crate) fn web(top: &Fields<'_>, scope: &Scope<'_>, people: &BTreeMap<String, Person>) -> WebConfig {
    let mut config = WebConfig::standard();
    let Some(fields) = top.get("web").and_then(|node| node.fields()) else { return config };
    config.place = fields.node.place();
    if let Some(enabled) = fields.get("enabled").and_then(|n| n.bool()) {
        config.enabled = enabled;
    }
    let listen = fields.get("listen");
    if let Some(found) = listen.as_ref().and_then(address) {
        config.listen = found;
    }
    if let Some(port) = fields.get("port").and_then(|n| n.number_within(None, 0.0, 65_535.0)) {
        config.port = port as u16;
    }
    config.tls = tls(&fields, scope);
    config.hosts = fields.list("hosts").iter().filter_map(host).collect();
    let owned = people.values().any(|p| p.role == Role::Owner);
    if let Some(node) = listen
        && !config.listen.is_loopback()
        && !owned
    {
        let message = format!(
            "the web surface would listen on {}, and nobody is the owner of this home",
            config.listen
        );
        let help = "write a [person.<key>] with role = \"owner\", or listen on 127.0.0.1";
        node.error("open-web", message, help);
    }
    fields.finish();
    config
}

/// `tls = true` alone means the household's own authority; a certificate is given with its key.
fn tls(fields: &Fields<'_>, scope: &Scope<'_>) -> TlsConfig {
    let wanted = fields.get("tls");
    let on = wanted.as_ref().and_then(|n| n.bool());
    let (certificate, key) = (fields.get("certificate_file"), fields.get("key_file"));
    if on == Some(false) {
        fields.refuse(&["certificate_file", "key_file"], "tls = false");
        return TlsConfig::Off;
    }
    match (certificate, key) {
        (None, None) if on == Some(true) => TlsConfig::Own,
        (None, None) => TlsConfig::Off,
        (Some(certificate), Some(key)) => {
            match (secret::file(&certificate, scope), secret::file(&key, scope)) {
                (Some(certificate), Some(key)) => TlsConfig::Given { certificate, key },
                // The home is refused anyway.
                _ => TlsConfig::Own,
            }
        }
        (Some(_), None) => {
            fields.missing_for("key_file", "certificate_file", "name the file of its key, in PEM");
            TlsConfig::Own
        }
        (None, Some(_)) => {
            fields.missing_for("certificate_file", "key_file", "name the file of the certificate, in PEM");
            TlsConfig::Own
        }
    }
}

/// A name as it stands in a browser's address line, without port.
fn host(node: &Node<'_>) -> Option<String> {
    let text = node.label()?.to_lowercase();
    if !text.chars().all(|c| c.is_ascii_alphanumeric() || "-_.".contains(c)) {
        let help = "allowed: a name alone, such as \"lares.lan\"; the port is not part of it";
        node.error("bad-text", format!("{text:?} is no name of a host"), help);
        return None;
    }
    Some(text)
}
