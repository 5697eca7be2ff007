//! Keys, the mouse and answers to what is asked and drawn. No terminal, no socket.

mod drawing;
mod house;
mod keys;
mod polling;
mod waits;
mod wishes;
