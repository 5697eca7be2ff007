//! A model's folder, looked at before vosk does: vosk only says that it failed.

use std::path::Path;

use super::library::NoEars;

/// What a model can do.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Kind {
    /// It can be told at any time what will be said.
    pub grammar: bool,
}

/// Looks whether all is there that vosk needs.
///
/// # Errors
/// What is missing.
pub fn look(folder: &Path) -> Result<Kind, NoEars> {
    let wrong = |what: String| NoEars::NoModel { path: folder.display().to_string(), what };
    if !folder.is_dir() {
        return Err(wrong("there is no such folder".to_owned()));
    }
    let there = |file: &str| folder.join(file).is_file();
    // The older layout has all in one folder.
    let flat = there("final.mdl");
    let one_of = |files: &[&str]| match files.iter().any(|f| there(f)) {
        true => Ok(()),
        false => Err(wrong(format!("it lacks {}", files.join(" or ")))),
    };
    if flat {
        one_of(&["HCLG.fst", "HCLr.fst"])?;
        return Ok(Kind { grammar: there("HCLr.fst") && there("Gr.fst") });
    }
    one_of(&["am/final.mdl"])?;
    one_of(&["conf/model.conf"])?;
    one_of(&["conf/mfcc.conf", "conf/fbank.conf"])?;
    one_of(&["graph/HCLG.fst", "graph/HCLr.fst"])?;
    if !there("graph/HCLG.fst") {
        one_of(&["graph/Gr.fst"])?;
        one_of(&["graph/disambig_tid.int"])?;
    }
    Ok(Kind { grammar: !there("graph/HCLG.fst") })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn told(folder: &Path) -> String {
        look(folder).unwrap_err().to_string()
    }

    #[test]
    fn what_is_missing_is_told_by_name() {
        let at = tempfile::tempdir().unwrap();
        let put = |file: &str| {
            let path = at.path().join(file);
            std::fs::create_dir_all(path.parent().unwrap()).unwrap();
            std::fs::write(path, "x").unwrap();
        };
        assert!(told(&at.path().join("gone")).contains("no such folder"));
        for (file, missing) in [
            ("am/final.mdl", "am/final.mdl"),
            ("conf/model.conf", "conf/model.conf"),
            ("conf/fbank.conf", "conf/mfcc.conf or conf/fbank.conf"),
            ("graph/HCLr.fst", "graph/HCLG.fst or graph/HCLr.fst"),
            ("graph/Gr.fst", "graph/Gr.fst"),
            ("graph/disambig_tid.int", "graph/disambig_tid.int"),
        ] {
            assert!(told(at.path()).contains(missing), "{}", told(at.path()));
            put(file);
        }
        assert_eq!(look(at.path()).unwrap(), Kind { grammar: true });
        put("graph/HCLG.fst");
        assert_eq!(look(at.path()).unwrap(), Kind { grammar: false });
    }
}
