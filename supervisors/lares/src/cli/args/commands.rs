//! The commands.

use std::path::PathBuf;

use clap::Subcommand;

use super::access::{HomeArgs, PeopleArgs, TokensArgs};
use super::act::{AckArgs, AnswerArgs, HearArgs, ReleaseArgs, SayArgs, SceneArgs, SetArgs, UndoArgs};
use super::calls::CallsArgs;
use super::files::{AdoptArgs, CheckArgs, InitArgs, ReplaceArgs, RoomsArgs};
use super::keep::{BackupArgs, ForgetArgs, KeyCommand};
use super::questions::{DevicesArgs, GraphCommand, HistoryArgs, LogArgs, TreeArgs, WhyArgs};
use super::replay::{RecordArgs, ReplayArgs};
use super::rule::RuleCommand;
use super::series::SeriesCommand;
use super::timer::TimerArgs;

#[derive(Subcommand, Debug)]
pub(in crate::cli) enum Command {
    /// Run the household
    ///
    /// Runs until it is told to stop (`lares stop`, SIGTERM, Ctrl-C). Prints one line when it is ready and tells the
    /// service manager. SIGHUP and `lares reload` read the home folder again.
    Run {
        /// Start the home's simulated devices beside it, and say what to try
        #[arg(long)]
        demo: bool,
        /// Reload when a file of the home folder is saved; what has mistakes changes nothing
        #[arg(long)]
        watch: bool,
        #[command(flatten)]
        day: DayArgs,
    },
    /// Run the simulated devices of a home over MQTT
    ///
    /// A process of its own, as real devices are: it goes on when the household is stopped or killed.
    Twins {
        /// The broker, as HOST:PORT
        #[arg(long, value_name = "HOST:PORT")]
        broker: String,
        #[command(flatten)]
        day: DayArgs,
    },
    /// Find the problems of a home folder, all at once
    ///
    /// Each problem comes with file, line, column, what is allowed and the nearest right name. Nothing is started and
    /// nothing is written.
    Check(CheckArgs),
    /// Show the tree of actors
    ///
    /// Of a running household: state, restarts, waiting messages and the last error of each. When none runs: the
    /// planned tree.
    Tree(TreeArgs),
    /// Show the household at a glance
    Status,
    /// Watch the household on this terminal: rooms, devices, journal, tree, plan, why
    ///
    /// By keys and mouse; `?` shows them. Needs 60 columns and 14 lines, and looks best from 80 and 24. Goes on when the household
    /// is started anew.
    Top,
    /// List devices and their entities, with their states
    #[command(after_help = "\
Examples:
  lares devices --new            what announces itself and is not in the home yet
  lares devices --ill --low      what needs somebody's hand")]
    Devices(DevicesArgs),
    /// Place a device in a room: writes the home files, as you would have, and reloads
    ///
    /// Comments and order stay. With `--key` a device that the home knows is called otherwise, wherever it is named.
    #[command(after_help = "\
Examples:
  lares adopt hue-motion --room kitchen
  lares adopt hue-motion --room kitchen --name 'Kitchen motion' --key kitchen-motion")]
    Adopt(AdoptArgs),
    /// Put a new device in the place of an old one: its key, its room and every rule stay
    Replace(ReplaceArgs),
    /// Tell why something is as it is, or why it did not come about
    ///
    /// Prints the chain of causes from the journal: reading, rule with file and line, its conditions as they were, the
    /// claim, who else claimed, the command and its receipt. Works after a restart, and for what was refused or
    /// overridden.
    #[command(after_help = "\
Examples:
  lares why hall-lamp         a device, by its key
  lares why hall-lamp.light   one of its entities
  lares why hall-light        a rule: what it did last, or which condition was not met
  lares why e3-1042           an event, by the id that `lares log` shows
  lares why e3-1042 --effects what came of it")]
    Why(WhyArgs),
    /// Show the journal, newest last
    #[command(after_help = "\
Examples:
  lares log --since 10m
  lares log -f --entity hall-lamp
  lares log --kind decision --kind receipt --since 18:00 --json")]
    Log(LogArgs),
    /// Show what an entity was over time
    ///
    /// Samples as they came, or what they come to: smallest, mean and largest, the average over time, and for counters how
    /// much they rose, set-backs left out. Days are the household's. What is old is kept in wider rows, and told so.
    #[command(after_help = "\
Examples:
  lares history hall-motion.illuminance
  lares history meter.energy --from 2026-11-01 --every 1d
  lares history kitchen.temperature --from 6h --every sample --csv")]
    History(HistoryArgs),
    /// What was measured, out and in as comma-separated values
    #[command(subcommand)]
    Series(SeriesCommand),
    /// Show what is held, what runs and what comes next
    Plan,
    /// List durable timers, also those of rules
    Timers,
    /// List timers that somebody set; set one, change it, end it
    ///
    /// It is told on every surface when it is over, and said aloud in its room. One that ended while nothing ran is told at once.
    #[command(after_help = "\
Examples:
  lares timer
  lares timer set 10m pizza --room kitchen
  lares timer add pizza 2m
  lares timer pause pizza
  lares timer cancel --all")]
    Timer(TimerArgs),
    /// List who called by telephone, what they said and what became of it
    #[command(after_help = "\
Examples:
  lares calls
  lares calls sound 5d0f3c1b9a7e2468 message.wav
  lares why call:5d0f3c1b9a7e2468")]
    Calls(CallsArgs),
    /// Say a sentence to the house: it does it, or answers
    ///
    /// In English, German, Spanish, French or Dutch. What opens a door or a valve is asked back first: `--yes` means it.
    #[command(after_help = "\
Examples:
  lares say turn on the kitchen light
  lares say --room bedroom set the lights to 20 percent
  lares say --language de wie warm ist es im Wohnzimmer")]
    Say(SayArgs),
    /// Say what is in a WAV file to the house: it is recognised, and then a sentence like any other
    Hear(HearArgs),
    /// Take back what was done last, or an event, as far as nobody else has moved it since
    ///
    /// The last hour's last wish of the command line, or of the person of `--as`. A lock is never unlocked by it.
    #[command(after_help = "\
Examples:
  lares undo
  lares undo --as anna
  lares undo e1-1042
  lares undo rule:away-heating")]
    Undo(UndoArgs),
    /// List rules, try one without moving anything, list what they can be made of
    #[command(subcommand)]
    Rule(RuleCommand),
    /// Set a scene of the home, let it go, or list all of them
    #[command(after_help = "\
Examples:
  lares scene
  lares scene evening
  lares scene film --hold 2h
  lares scene film --release")]
    Scene(SceneArgs),
    /// List interlocks: what each forbids now, since when and why
    Interlocks,
    /// Clear a latched interlock
    ///
    /// Refused while its condition still holds, and in the name of a child or a guest.
    #[command(after_help = "\
Example:
  lares ack washer-leak")]
    Ack(AckArgs),
    /// List what the household asks and waits for an answer to
    Questions,
    /// List what the household does by itself because it was trusted with it
    ///
    /// By who is asked, the kind of thing and what is done with it. What is not listed each rule does as its file says.
    Trust,
    /// Answer a question; silence is no
    ///
    /// Yes is for whoever may do themselves what it is about.
    #[command(after_help = "\
Examples:
  lares answer 0a1b2c yes
  lares answer 0a1b2c no --as anna")]
    Answer(AnswerArgs),
    /// Look at nodes of the life graph
    #[command(subcommand)]
    Graph(GraphCommand),
    /// Set properties of a device, an entity, a group or a room
    ///
    /// The wish has a person's priority. It competes once, unless it is held. Answers with what came of it as the
    /// device reports it.
    #[command(after_help = "\
Examples:
  lares set hall-lamp on=true brightness=40
  lares set bath-heating target_temperature=22 --hold 30m
  lares set room:kitchen/light on=false
  lares set group:downstairs on=false")]
    Set(SetArgs),
    /// End your holds on a device, an entity, a group or a room
    Release(ReleaseArgs),
    /// List the persons of the home, and who can log in; invite them, and let guests in for a while
    #[command(args_conflicts_with_subcommands = true)]
    People(PeopleArgs),
    /// List what was changed of the home's files on the dashboard; confirm it, or take it back
    #[command(args_conflicts_with_subcommands = true)]
    Home(HomeArgs),
    /// List sessions and device tokens of the dashboard and the API, and end them
    #[command(args_conflicts_with_subcommands = true)]
    Tokens(TokensArgs),
    /// Let the running household read its home folder again
    ///
    /// Only what changed is applied. A home with problems is refused and the old one goes on.
    Reload,
    /// Stop the running household, in order
    Stop,
    /// Run a recorded day through a home, in virtual time
    ///
    /// Nothing real moves. The same recording, home and seed give the same journal hash on every machine. With `--data`
    /// the journal stays in that (new or empty) folder, to be asked as that of any household.
    #[command(after_help = "\
Examples:
  lares replay --since 24h --home ~/draft
  lares replay --since 2026-11-20 --until 2026-11-21 --home ~/draft --against ~/my-home
  lares replay day.jsonl.gz --home ~/my-home
  lares replay day.jsonl.gz --home ~/my-home --full
  lares replay day.jsonl.gz --home ~/my-home --data /tmp/day && lares why hall-lamp --data /tmp/day")]
    Replay(ReplayArgs),
    /// Keep what comes in on the wires of the running household, for `lares replay`
    ///
    /// Every message goes into the file byte for byte with its time, so that drivers and discovery are replayed too. It
    /// begins with what brokers keep for those who come late. It ends with `--stop`, or when the household stops.
    #[command(after_help = "\
Examples:
  lares record day.jsonl
  lares record --stop
  lares replay day.jsonl --home ~/my-home")]
    Record(RecordArgs),
    /// Write a sample home into a new folder
    Init(InitArgs),
    /// Write a generated home of N rooms, for load
    Rooms(RoomsArgs),
    /// Copy the data of a household, also while it runs, and prove that the copy is good
    ///
    /// The copy is made beside the others in the folder, opened and checked in full; only then it counts. Of the proven
    /// ones the newest are kept.
    #[command(after_help = "\
Examples:
  lares backup /mnt/stick/lares
  lares backup /mnt/stick/lares --keep 30")]
    Backup(BackupArgs),
    /// Check a backup in full: that it opens, is whole, and is what was proven when it was made
    Verify {
        /// A backup, or a folder of backups (then the newest)
        #[arg(value_name = "BACKUP")]
        from: PathBuf,
    },
    /// Make a new data folder from a backup
    ///
    /// The backup is checked first, and what was written is checked again. An existing household is never written over.
    #[command(after_help = "\
Example:
  lares restore /mnt/stick/lares --data ~/restored && lares run --data ~/restored")]
    Restore {
        /// A backup, or a folder of backups (then the newest)
        #[arg(value_name = "BACKUP")]
        from: PathBuf,
    },
    /// Write everything the data holds as JSON Lines, also while the household runs
    ///
    /// The way to other programs and across formats of the data; a backup is `lares backup`. What is written is NOT sealed:
    /// whoever has it can read all of it.
    #[command(after_help = "\
Examples:
  lares dump house.jsonl
  lares dump - | age --recipient age1... > house.jsonl.age")]
    Dump {
        /// A new file; `-` is standard output
        #[arg(value_name = "FILE")]
        to: PathBuf,
    },
    /// Make a new data folder from what `lares dump` wrote, sealed with the key of --data
    ///
    /// All of it or nothing: a line that does not fit is told with its number. Then the whole folder is checked.
    #[command(after_help = "\
Example:
  lares load house.jsonl --data ~/loaded && lares run --data ~/loaded")]
    Load {
        /// The file; `-` is standard input
        #[arg(value_name = "FILE")]
        from: PathBuf,
    },
    /// The household's key: show it for paper, write it from paper, change it
    #[command(subcommand)]
    Key(KeyCommand),
    /// Erase a person, or a part of life with a key of its own; the household must be stopped
    ///
    /// Readings, states, entries of the journal and the person are erased from the data folder, and their key, so that
    /// backups made before tell nothing of them either. The journal keeps the places of their entries: its order and its
    /// chain still hold.
    #[command(after_help = "\
Examples:
  lares forget anna --yes
  lares forget domain:health --yes")]
    Forget(ForgetArgs),
    /// Find what is missing on this machine, and how to get it
    Doctor {
        /// Print a systemd unit for this binary, home and data folder instead
        #[arg(long)]
        unit: bool,
    },
    /// Read and write the Opus of one call by standard input and output; the telephone starts it
    #[command(hide = true)]
    Opus,
    /// Print completions for a shell
    #[command(
        after_help = "Example:\n  lares completions bash > ~/.local/share/bash-completion/completions/lares"
    )]
    Completions { shell: clap_complete::Shell },
}

/// The day that simulated devices live.
#[derive(clap::Args, Clone, Debug)]
pub struct DayArgs {
    /// A recording of a day (see `lares record`): the simulated sensors tell what is in it, over and over
    #[arg(long, value_name = "FILE")]
    pub day: Option<PathBuf>,
    /// How fast the recorded day passes: 12 is a day in two hours
    #[arg(long, value_name = "FACTOR", default_value = "1", requires = "day", value_parser = speed)]
    pub speed: f64,
}

fn speed(text: &str) -> Result<f64, String> {
    let factor = text.parse::<f64>().ok().filter(|f| (0.1..=3600.0).contains(f));
    factor.ok_or_else(|| "allowed: 0.1 to 3600".to_owned())
}

/// What `run` was asked for.
#[derive(Clone, Debug)]
pub struct RunArgs {
    /// The home folder.
    pub home: PathBuf,
    /// The data folder.
    pub data: PathBuf,
    /// Settings from flags: dotted key, value.
    pub overrides: Vec<(String, String)>,
    /// The line that says it is ready is JSON.
    pub json: bool,
    /// Simulated devices run beside it.
    pub demo: bool,
    /// What day they live.
    pub day: DayArgs,
    /// A saved file of the home folder is a reload.
    pub watch: bool,
}
