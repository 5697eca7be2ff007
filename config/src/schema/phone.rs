//! What may be written of the telephone.
#![allow(dead_code, reason = "only the schema of these types is used")]

use std::collections::BTreeMap;

use schemars::JsonSchema;
use serde::Deserialize;

/// The telephone: calls by SIP are answered.
#[derive(JsonSchema, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Phone {
    /// Address to listen on; beyond loopback only with `from` or `trunk`.
    listen: Option<String>,
    /// 5060; 0 is one that is free.
    port: Option<u16>,
    /// Address that callers send sound to. Default: the one that is listened on.
    address: Option<String>,
    /// Addresses that may call, beside the trunk and this machine.
    from: Option<Vec<String>>,
    /// The exchange that it registers with: `192.168.1.1:5060`.
    trunk: Option<String>,
    /// As whom it registers.
    user: Option<String>,
    password_file: Option<String>,
    password_env: Option<String>,
    /// As whose telephone it answers. Default: the household's name.
    name: Option<String>,
    /// Calls at once; 4.
    #[schemars(range(min = 1, max = 32))]
    at_once: Option<u8>,
    /// `g711` and `opus`, the one that is liked best first. Default: both, in this order.
    #[schemars(length(min = 1))]
    codecs: Option<Vec<String>>,
    /// Two letters: what is usual there when somebody is recorded.
    country: Option<String>,
    /// `notice`: callers are told. `consent`: they agree with the key 1. `text`: no sound is kept.
    recording: Option<String>,
    /// The longest message; `60s`.
    message_for: Option<String>,
    /// What callers are called, by number.
    names: Option<BTreeMap<String, String>>,
    /// Numbers that are turned away; `+49900*` is all that begin so, `anonymous` those without.
    blocked: Option<Vec<String>>,
    /// Words that make a call urgent.
    urgent: Option<Vec<String>>,
    /// Persons who are asked whether they take an urgent call. Default: all owners and adults.
    people: Option<Vec<String>>,
    /// How long that question stands; `30s`.
    ask_for: Option<String>,
    /// The extension that an urgent call is handed to.
    transfer: Option<String>,
    /// Doors with a bell that calls.
    #[serde(default)]
    door: BTreeMap<String, Door>,
}

#[derive(JsonSchema, Deserialize)]
#[serde(deny_unknown_fields)]
struct Door {
    name: Option<String>,
    /// What it calls itself.
    caller: String,
    /// The image that shows who is there: `porch.image`.
    camera: Option<String>,
}
