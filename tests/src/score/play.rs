//! A made-up recording through a household of its own, in virtual time; what happened on its bus is the answer.

use std::path::Path;
use std::sync::{Arc, Mutex, PoisonError};

use lares_config::Home;
use lares_model::Event;
use lares_sim::{Options, Reports, Source, Watch, replay_watched};

/// A home of one text.
pub fn home(text: String) -> Result<Arc<Home>, String> {
    let files = vec![("home.toml".to_owned(), text)];
    lares_config::load_from(Path::new("/"), files, &[], std::iter::empty())
        .map(|loaded| loaded.home)
        .map_err(|problems| lares_config::render(&problems, false))
}

/// Plays lines through a home. Of each event `pick` keeps what it wants.
pub fn play<T: Send + 'static>(
    home: Arc<Home>,
    lines: &str,
    pick: impl Fn(&Event) -> Option<T> + Send + Sync + 'static,
) -> Result<Vec<T>, String> {
    let folder = tempfile::tempdir().map_err(|e| e.to_string())?;
    let recording = folder.path().join("events.jsonl");
    std::fs::write(&recording, lines).map_err(|e| e.to_string())?;
    let options = Options {
        source: Source::Recording(recording),
        home,
        seed: 1,
        reports: Reports::Manual,
        data: None,
        version: "score".into(),
    };
    let kept: Arc<Mutex<Vec<T>>> = Arc::default();
    let keep = kept.clone();
    let watch: Watch = Arc::new(move |event| {
        if let Some(picked) = pick(event) {
            keep.lock().unwrap_or_else(PoisonError::into_inner).push(picked);
        }
    });
    replay_watched(&options, &watch).map_err(|e| e.to_string())?;
    let mut kept = kept.lock().unwrap_or_else(PoisonError::into_inner);
    Ok(std::mem::take(&mut *kept))
}
