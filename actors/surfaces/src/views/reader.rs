//! The graph's reader as a source of views.
