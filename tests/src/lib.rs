//! lares-tests
