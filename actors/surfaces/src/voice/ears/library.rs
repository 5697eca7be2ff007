//! `libvosk`, which is opened when a household listens and linked to by nothing. The only place that calls C.
#![allow(
    unsafe_code,
    reason = "a C library that may not be there cannot be called otherwise; each call says why it is sound"
)]

use std::ffi::{CStr, CString, c_char, c_float, c_int, c_short, c_void};
use std::path::{Path, PathBuf};
use std::sync::Arc;

use libloading::Library;

/// Why nothing can be heard.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum NoEars {
    #[error("no voice is configured: write [voice] with model = the folder of a vosk model")]
    NotWanted,
    #[error("the ears are being opened")]
    NotYet,
    #[error(
        "libvosk.so is not there (looked for: {looked}): `pip install vosk` brings it; write [voice] library = \
         \".../vosk/libvosk.so\", or put it at {data}"
    )]
    NoLibrary { looked: String, data: String },
    #[error("{path} is no libvosk: {what}")]
    NotVosk { path: String, what: String },
    #[error(
        "{path} is no model of vosk: {what}; models of many languages are at alphacephei.com/vosk/models"
    )]
    NoModel { path: String, what: String },
    #[error("no more can be heard at once: {0} are being recognised")]
    Busy(usize),
    #[error("it was spoken for too long: at most {0} s are recognised at once")]
    TooLong(u64),
    #[error("the recogniser failed; the log says why")]
    Failed,
}

type Handle = *mut c_void;

/// The functions of vosk's C API that are used.
pub struct Api {
    model_new: unsafe extern "C" fn(*const c_char) -> Handle,
    model_free: unsafe extern "C" fn(Handle),
    find_word: unsafe extern "C" fn(Handle, *const c_char) -> c_int,
    new: unsafe extern "C" fn(Handle, c_float) -> Handle,
    new_grm: unsafe extern "C" fn(Handle, c_float, *const c_char) -> Handle,
    free: unsafe extern "C" fn(Handle),
    set_words: unsafe extern "C" fn(Handle, c_int),
    accept: unsafe extern "C" fn(Handle, *const c_short, c_int) -> c_int,
    result: unsafe extern "C" fn(Handle) -> *const c_char,
    final_result: unsafe extern "C" fn(Handle) -> *const c_char,
    reset: unsafe extern "C" fn(Handle),
    /// Never closed while one of the above can be called.
    _library: Library,
}

impl Api {
    /// Opens the library where it is configured, or else in the data folder or the system.
    ///
    /// # Errors
    /// It is nowhere, or something else.
    pub fn open(configured: Option<&Path>, data: &Path) -> Result<Arc<Self>, NoEars> {
        let own = data.join("voice").join("libvosk.so");
        let places: Vec<PathBuf> = match configured {
            Some(path) => vec![path.to_owned()],
            None => vec![own.clone(), PathBuf::from("libvosk.so")],
        };
        for place in &places {
            // A name alone is looked for by the system.
            if place.is_absolute() && !place.exists() {
                continue;
            }
            // SAFETY: a library runs its initialisers when it is opened. The owner of this home put it there by name.
            match unsafe { Library::new(place) } {
                Ok(library) => return Self::bind(library, place).map(Arc::new),
                Err(_) if !place.is_absolute() => {}
                Err(e) => {
                    return Err(NoEars::NotVosk { path: place.display().to_string(), what: e.to_string() });
                }
            }
        }
        let looked: Vec<String> = places.iter().map(|p| p.display().to_string()).collect();
        Err(NoEars::NoLibrary { looked: looked.join(", "), data: own.display().to_string() })
    }

    fn bind(library: Library, path: &Path) -> Result<Self, NoEars> {
        let wrong =
            |e: libloading::Error| NoEars::NotVosk { path: path.display().to_string(), what: e.to_string() };
        // SAFETY: the types are those of vosk_api.h of 0.3.45, and the same in all versions since 0.3.32.
        unsafe {
            if let Ok(set_log_level) = library.get::<unsafe extern "C" fn(c_int)>(c"vosk_set_log_level") {
                set_log_level(-1);
            }
            Ok(Self {
                model_new: *library.get(c"vosk_model_new").map_err(wrong)?,
                model_free: *library.get(c"vosk_model_free").map_err(wrong)?,
                find_word: *library.get(c"vosk_model_find_word").map_err(wrong)?,
                new: *library.get(c"vosk_recognizer_new").map_err(wrong)?,
                new_grm: *library.get(c"vosk_recognizer_new_grm").map_err(wrong)?,
                free: *library.get(c"vosk_recognizer_free").map_err(wrong)?,
                set_words: *library.get(c"vosk_recognizer_set_words").map_err(wrong)?,
                accept: *library.get(c"vosk_recognizer_accept_waveform_s").map_err(wrong)?,
                result: *library.get(c"vosk_recognizer_result").map_err(wrong)?,
                final_result: *library.get(c"vosk_recognizer_final_result").map_err(wrong)?,
                reset: *library.get(c"vosk_recognizer_reset").map_err(wrong)?,
                _library: library,
            })
        }
    }
}

/// An open model. Recognisers on many threads share it.
pub struct OpenModel {
    api: Arc<Api>,
    handle: Handle,
}

// SAFETY: vosk only reads an open model, and counts its users atomically.
unsafe impl Send for OpenModel {}
// SAFETY: as above.
unsafe impl Sync for OpenModel {}

impl OpenModel {
    /// Takes as long as the model is large: not for a thread that serves. `None`: vosk does not take it, and says why on
    /// standard error only.
    pub fn open(api: Arc<Api>, folder: &Path) -> Option<Self> {
        let path = CString::new(folder.as_os_str().as_encoded_bytes()).ok()?;
        // SAFETY: the path ends with a zero and lives through the call.
        let handle = unsafe { (api.model_new)(path.as_ptr()) };
        (!handle.is_null()).then_some(Self { api, handle })
    }

    pub fn knows(&self, word: &str) -> bool {
        let Ok(word) = CString::new(word) else { return false };
        // SAFETY: the model is open until it is dropped.
        unsafe { (self.api.find_word)(self.handle, word.as_ptr()) >= 0 }
    }
}

impl Drop for OpenModel {
    fn drop(&mut self) {
        // SAFETY: nobody has the handle any more; recognisers hold the model by a count of vosk's own.
        unsafe { (self.api.model_free)(self.handle) }
    }
}

/// One recogniser. It stays on its thread.
pub struct Recogniser {
    handle: Handle,
    model: Arc<OpenModel>,
}

impl Recogniser {
    /// `grammar`: what can be said, as a JSON list of phrases; `None`: all that the model knows. `None` is given back if vosk does
    /// not take it.
    pub fn new(model: &Arc<OpenModel>, rate: u32, grammar: Option<&str>) -> Option<Self> {
        let (api, model) = (model.api.clone(), model.clone());
        let handle = match grammar {
            None => {
                // SAFETY: the model is open.
                unsafe { (api.new)(model.handle, rate as c_float) }
            }
            Some(grammar) => {
                let grammar = CString::new(grammar).ok()?;
                // SAFETY: the model is open, and the grammar ends with a zero and lives through the call.
                unsafe { (api.new_grm)(model.handle, rate as c_float, grammar.as_ptr()) }
            }
        };
        if handle.is_null() {
            return None;
        }
        // SAFETY: the recogniser was made just now.
        unsafe { (api.set_words)(handle, 1) };
        Some(Self { handle, model })
    }

    /// Takes samples; gives what was said (JSON) where vosk finds a sentence's end.
    pub fn accept(&mut self, samples: &[i16]) -> Option<String> {
        let length = c_int::try_from(samples.len()).ok()?;
        // SAFETY: the samples live through the call, and there are so many of them.
        let ended = unsafe { (self.model.api.accept)(self.handle, samples.as_ptr(), length) };
        (ended == 1).then(|| self.text(self.model.api.result))
    }

    /// What was said since the last end (JSON); it begins anew.
    pub fn finish(&mut self) -> String {
        let text = self.text(self.model.api.final_result);
        // SAFETY: the recogniser is open.
        unsafe { (self.model.api.reset)(self.handle) };
        text
    }

    fn text(&self, of: unsafe extern "C" fn(Handle) -> *const c_char) -> String {
        // SAFETY: vosk gives a text that ends with a zero and stays until its next call, or null.
        unsafe {
            let text = of(self.handle);
            if text.is_null() { String::new() } else { CStr::from_ptr(text).to_string_lossy().into_owned() }
        }
    }
}

impl Drop for Recogniser {
    fn drop(&mut self) {
        // SAFETY: it was made by the same library, and nobody has the handle any more.
        unsafe { (self.model.api.free)(self.handle) }
    }
}
