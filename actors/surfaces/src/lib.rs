//! lares-surfaces
