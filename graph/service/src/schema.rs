//! What the data is made of, stored with it: all kinds of node and edge with their properties, and those of the household's
//! own. So what is kept can be read by who was never compiled against it.

use lares_model::{EDGES, FEATURES, KINDS, OWN_PROPS, OwnProp, SCHEMA_OWNER, Write};
use lares_store::{Reader, StoreError};
use serde_json::json;

/// The writes that bring what is stored to what is so now; none if it is.
pub fn schema<'a>(own: impl Iterator<Item = &'a OwnProp>, reader: &Reader) -> Result<Vec<Write>, StoreError> {
    let features: serde_json::Map<String, serde_json::Value> =
        FEATURES.iter().map(|(name, kinds)| ((*name).to_owned(), json!(kinds))).collect();
    let own: Vec<&OwnProp> = own.collect();
    let mut writes = Vec::new();
    for (key, value) in [(OWN_PROPS, json!(own)), (KINDS, json!({ "kinds": features, "edges": EDGES }))] {
        let value = value.to_string().into_bytes();
        if reader.state(SCHEMA_OWNER, key)?.as_ref() != Some(&value) {
            writes.push(Write::PutState { owner: SCHEMA_OWNER.into(), key: key.into(), value: Some(value) });
        }
    }
    Ok(writes)
}

/// Properties of the household's own, as they are stored.
pub fn own_props(reader: &Reader) -> Result<Vec<OwnProp>, StoreError> {
    let kept = reader.state(SCHEMA_OWNER, OWN_PROPS)?;
    let read = kept.map(|bytes| serde_json::from_slice(&bytes)).transpose();
    Ok(read
        .map_err(|e| StoreError::Encode(format!("the household's own properties: {e}")))?
        .unwrap_or_default())
}
