//! From the merged tree to the resolved home. Each section's reader reports all that is wrong with it and goes on with
//! what is left; a home with an error is never handed out.

mod action;
mod autonomy;
mod backup;
mod blueprint;
mod condition;
mod declared;
mod device;
mod display;
mod field;
mod flow;
mod happening;
mod household;
mod interlock;
mod interlock_parts;
mod media;
mod media_devices;
mod names;
mod notice;
mod odd;
mod people;
mod phone;
mod private;
mod quantity;
mod refs;
mod retention;
mod rule;
mod scene;
mod secret;
mod spaces;
mod template;
mod trigger;
mod voice;
mod web;
mod wires;

use std::cell::RefCell;
use std::path::Path;

use crate::decode::{Context, Fields, Node};
use crate::home::{Home, HomeFile};
use crate::source::KeyPath;
use names::Names;

pub use happening::EVENTS;

/// What is the same for all sections.
pub(crate) struct Scope<'a> {
    pub root: &'a Path,
    /// Names of variables that are set.
    pub env_names: &'a [String],
    pub names: Names,
    /// Ids of the triggers of the rule that is being read.
    pub ids: RefCell<Vec<String>>,
}

/// Reads everything; problems are in the context afterwards, and with one of them the home is not to be used.
pub(crate) fn resolve(
    cx: &Context,
    root: &Path,
    env_names: &[String],
    files: Vec<HomeFile>,
    snapshot: [u8; 32],
) -> Home {
    let tree = Node { cx, value: &cx.layers.root, path: KeyPath::default() };
    let empty = figment::value::Dict::new();
    let top = Fields::new(tree.clone(), tree.dict().unwrap_or(&empty));
    let scope = Scope { root, env_names, names: Names::collect(&top), ids: RefCell::default() };
    let mqtt = wires::mqtt(&top, &scope);
    let people = people::people(&top, &scope);
    let voice = voice::voice(&top, &scope);
    let satellites = voice::satellites(&top, &scope, voice.as_ref());
    let media = media::media(&top, &scope);
    let players = media::players(&top, &scope);
    let streams = media::streams(&top, &scope);
    let mut devices = device::devices(&top, &scope);
    voice::devices(&satellites, &mut devices);
    media_devices::devices(&players, &streams, scope.names.default_link().as_deref(), &mut devices);
    let home = Home {
        snapshot,
        files,
        root: root.to_owned(),
        household: household::household(&top),
        floors: spaces::floors(&top),
        rooms: spaces::rooms(&top, &scope),
        zones: spaces::zones(&top, &scope),
        receivers: spaces::receivers(&top, &scope),
        web: web::web(&top, &scope, &people),
        people,
        devices,
        groups: refs::groups(&top, &scope),
        scenes: scene::scenes(&top, &scope),
        rules: rule::rules(&top, &scope),
        blueprints: blueprint::blueprints(&top),
        interlocks: interlock::interlocks(&top, &scope),
        broker: wires::broker(&top, &scope, &mqtt),
        mqtt,
        displays: display::displays(&top, &scope),
        voice,
        satellites,
        media,
        players,
        streams,
        phone: phone::phone(&top, &scope),
        backup: backup::backup(&top, &scope),
        retention: retention::retention(&top, &scope),
        private: private::private(&top, &scope),
        autonomy: autonomy::limit(&top, &scope),
        fields: field::fields(&top),
    };
    // Read before: what they make stands in the rules.
    top.allow(&["routine"]);
    top.finish();
    // What is broken is told alone: its steps are not all there.
    if !cx.has_errors() {
        odd::rules(&tree, &home);
    }
    home
}
