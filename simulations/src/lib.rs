//! lares-sim
