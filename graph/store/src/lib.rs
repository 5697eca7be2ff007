//! lares-store
