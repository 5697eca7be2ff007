//! lares-gateways
