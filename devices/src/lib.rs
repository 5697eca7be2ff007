//! lares-devices
