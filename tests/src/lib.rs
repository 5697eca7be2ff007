//! What the tests share. The promises themselves are modules of the targets under `tests/`.
//!
//! **Absent on purpose:** anything that the product needs.
