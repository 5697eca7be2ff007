//! lares-graph
