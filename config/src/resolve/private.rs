//! `[private.*]`.

use std::collections::BTreeMap;

use super::Scope;
use super::names::sections;
use crate::decode::Fields;
use crate::home::PrivateConfig;

pub(crate) fn private(top: &Fields<'_>, scope: &Scope<'_>) -> BTreeMap<String, PrivateConfig> {
    let mut out = BTreeMap::new();
    for (key, fields) in sections(top, "private") {
        let place = fields.node.place();
        let of = fields.required("of", "name its devices and entities: of = [\"scale\", \"bed.presence\"]");
        let of = of.map(|node| node.filled_list("a private part without devices")).unwrap_or_default();
        let of = of.iter().filter_map(|node| node.entity(scope)).collect();
        fields.finish();
        out.insert(key, PrivateConfig { place, of });
    }
    out
}
