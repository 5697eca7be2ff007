//! lares-tree
