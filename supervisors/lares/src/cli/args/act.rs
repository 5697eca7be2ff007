//! Arguments of the commands that move something.

use std::path::PathBuf;
use std::time::Duration;

use clap::Args;
use lares_surfaces::views::duration;

use super::global::key_value;

#[derive(Args, Debug)]
pub(in crate::cli) struct SetArgs {
    /// `hall-lamp`, `hall-lamp.light`, `group:NAME`, `room:NAME` or `room:NAME/light`
    pub target: String,
    /// Properties and values, such as `on=true`, `brightness=40`, `color=#ff8800`; for an alarm `code=1234`, or `code=-`: read from
    /// the standard input
    #[arg(required = true, value_name = "KEY=VALUE", value_parser = key_value)]
    pub values: Vec<(String, String)>,
    /// Hold it for so long (`30m`, `1h30m`), or `release`: until it is released
    #[arg(long, value_name = "TIME", value_parser = hold)]
    pub hold: Option<Hold>,
    /// Let it take so long to get there
    #[arg(long, value_name = "TIME", value_parser = duration)]
    pub transition: Option<Duration>,
    /// Wish as this person of the home
    #[arg(long = "as", value_name = "PERSON")]
    pub person: Option<String>,
}

/// How long a wish stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::cli) enum Hold {
    For(Duration),
    UntilReleased,
}

fn hold(text: &str) -> Result<Hold, String> {
    match text {
        "release" | "released" => Ok(Hold::UntilReleased),
        other => duration(other).map(Hold::For),
    }
}

#[derive(Args, Debug)]
pub(in crate::cli) struct AckArgs {
    /// Key of the interlock, as `lares interlocks` shows it
    pub interlock: String,
    /// In the name of this person
    #[arg(long = "as", value_name = "PERSON")]
    pub person: Option<String>,
}

#[derive(Args, Debug)]
pub(in crate::cli) struct AnswerArgs {
    /// Id of the question, as `lares questions` shows it
    pub question: String,
    /// Whether it may
    #[arg(value_enum)]
    pub answer: YesNo,
    /// In the name of this person
    #[arg(long = "as", value_name = "PERSON")]
    pub person: Option<String>,
}

#[derive(Clone, Copy, PartialEq, Eq, Debug, clap::ValueEnum)]
pub(in crate::cli) enum YesNo {
    Yes,
    No,
}

#[derive(Args, Debug)]
pub(in crate::cli) struct ReleaseArgs {
    /// As for `set`
    pub target: String,
    /// Only the holds on these properties
    pub properties: Vec<String>,
    /// Release the holds of this person
    #[arg(long = "as", value_name = "PERSON")]
    pub person: Option<String>,
}

#[derive(Args, Debug)]
pub(in crate::cli) struct SayArgs {
    /// The sentence
    #[arg(required = true)]
    pub words: Vec<String>,
    /// Key of the room that it is said in
    #[arg(long)]
    pub room: Option<String>,
    /// `en`, `de`, `es`, `fr` or `nl` [default: the household's]
    #[arg(long)]
    pub language: Option<String>,
    /// Do it though it opens something
    #[arg(long)]
    pub yes: bool,
    /// As this person of the home
    #[arg(long = "as", value_name = "PERSON")]
    pub person: Option<String>,
}

#[derive(Args, Debug)]
pub(in crate::cli) struct HearArgs {
    /// A WAV file of at most a minute: PCM of any rate, or floating point. `[voice]` in the home names vosk and its model
    pub file: PathBuf,
    /// Key of the room that it is said in
    #[arg(long)]
    pub room: Option<String>,
    /// `en`, `de`, `es`, `fr` or `nl` [default: the one of `[voice]`, or the household's]
    #[arg(long)]
    pub language: Option<String>,
    /// Do it though it opens something
    #[arg(long)]
    pub yes: bool,
    /// As this person of the home
    #[arg(long = "as", value_name = "PERSON")]
    pub person: Option<String>,
}

#[derive(Args, Debug)]
pub(in crate::cli) struct UndoArgs {
    /// A decision of the journal, or `rule:KEY` for what that rule did last [default: what was done last]
    pub event: Option<String>,
    /// As this person of the home
    #[arg(long = "as", value_name = "PERSON")]
    pub person: Option<String>,
}

#[derive(Args, Debug)]
pub(in crate::cli) struct SceneArgs {
    /// Key of the scene [default: list all of them]
    pub scene: Option<String>,
    /// Hold it for so long (`30m`, `1h30m`), or `release`: until it is released
    #[arg(long, value_name = "TIME", value_parser = hold, requires = "scene")]
    pub hold: Option<Hold>,
    /// Let go of what it holds
    #[arg(long, requires = "scene", conflicts_with = "hold")]
    pub release: bool,
    /// Wish as this person of the home
    #[arg(long = "as", value_name = "PERSON")]
    pub person: Option<String>,
}
