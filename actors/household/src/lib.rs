//! lares-household
