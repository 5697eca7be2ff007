//! lares-config
