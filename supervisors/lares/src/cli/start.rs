//! From arguments to an exit code.

use std::future::Future;
use std::io::Write as _;
use std::process::ExitCode;

use clap::{CommandFactory, Parser};

use super::args::{Cli, Command, Global};
use super::exit::{Failure, Outcome};
use crate::run::RunError;

use super::{
    DayArgs, RunArgs, access, act, adopt, backup, calls, check, doctor, dump, forget, graph, hear, home,
    init, key, logs, replay, rooms, rule, series, show, timer, top,
};

/// The command. Everything that `lares` does begins here.
pub fn main() -> ExitCode {
    let cli = match Cli::try_parse() {
        Ok(cli) => cli,
        Err(e) => {
            // Help and version come this way too.
            let code = if e.use_stderr() { 2 } else { 0 };
            let _ = e.print();
            return ExitCode::from(code);
        }
    };
    let default = match cli.command {
        // It is told nothing, and tells nobody but the house.
        Command::Opus => return lares_gateways::phone::opus_worker(),
        Command::Run { .. } | Command::Twins { .. } => "info",
        // Its screen is where the log would go.
        Command::Top => "off",
        _ => "warn",
    };
    let outcome = match logs::start(&cli.global, default) {
        Ok(()) => execute(cli),
        Err(e) => Err(Failure::input(e)),
    };
    match outcome {
        Ok(()) => ExitCode::SUCCESS,
        Err(failure) => {
            complain(&failure);
            failure.exit_code()
        }
    }
}

fn complain(failure: &Failure) {
    let mut err = std::io::stderr().lock();
    if let Some(message) = &failure.message {
        let _ = writeln!(err, "lares: {message}");
    }
    if let Some(hint) = &failure.hint {
        let _ = writeln!(err, "       {hint}");
    }
}

fn execute(cli: Cli) -> Outcome {
    let global = cli.global;
    match cli.command {
        Command::Run { demo, watch, day } => run(&global, demo, watch, day),
        Command::Twins { broker, day } => twins(&global, &broker, &day),
        Command::Check(args) => check::check(&global, &args),
        Command::Init(args) => init::init(&args),
        Command::Rooms(args) => rooms::rooms(&args),
        // It was taken care of before there was a log.
        Command::Opus => Ok(()),
        Command::Completions { shell } => completions(shell),
        Command::Backup(args) => backup::backup(&global, &args),
        Command::Verify { from } => backup::verify(&global, &from),
        Command::Dump { to } => dump::dump(&global, &to),
        Command::Load { from } => dump::load(&global, &from),
        Command::Restore { from } => backup::restore(&global, &from),
        Command::Forget(args) => forget::forget(&global, &args),
        Command::Key(command) => key::key(&global, &command),
        Command::Doctor { unit: true } => doctor::unit(&global),
        Command::Doctor { unit: false } => block_on(doctor::doctor(&global)),
        Command::Tree(args) => block_on(show::tree(&global, &args)),
        Command::Top => block_on(top::top(&global)),
        Command::Status => block_on(show::status(&global)),
        Command::Devices(args) => block_on(show::devices(&global, &args)),
        Command::Adopt(args) => block_on(adopt::adopt(&global, &args)),
        Command::Replace(args) => block_on(adopt::replace(&global, &args)),
        Command::Why(args) => block_on(show::why(&global, &args)),
        Command::Log(args) => block_on(show::log(&global, &args)),
        Command::History(args) => block_on(show::history(&global, &args)),
        Command::Series(command) => block_on(series::series(&global, command)),
        Command::Plan => block_on(show::plan(&global)),
        Command::Timers => block_on(show::timers(&global)),
        Command::Calls(args) => block_on(calls::calls(&global, args)),
        Command::Timer(args) => block_on(timer::timer(&global, args)),
        Command::Rule(command) => block_on(rule::rule(&global, command)),
        Command::Hear(args) => block_on(hear::hear(&global, args)),
        Command::Say(args) => block_on(act::say(&global, args)),
        Command::Undo(args) => block_on(act::undo(&global, args)),
        Command::Scene(args) => block_on(act::scene(&global, args)),
        Command::Interlocks => block_on(show::interlocks(&global)),
        Command::Ack(args) => block_on(act::ack(&global, args)),
        Command::Questions => block_on(show::questions(&global)),
        Command::Trust => block_on(show::trust(&global)),
        Command::Answer(args) => block_on(act::answer(&global, args)),
        Command::Graph(args) => block_on(graph::graph(&global, args)),
        Command::Set(args) => block_on(act::set(&global, args)),
        Command::Release(args) => block_on(act::release(&global, args)),
        Command::People(args) => block_on(access::people(&global, args)),
        Command::Home(args) => block_on(home::home(&global, args)),
        Command::Tokens(args) => block_on(access::tokens(&global, args)),
        Command::Reload => block_on(act::reload(&global)),
        Command::Stop => block_on(act::stop(&global)),
        Command::Record(args) => block_on(act::record(&global, &args)),
        Command::Replay(args) => replay::replay(&global, &args),
    }
}

fn run(global: &Global, demo: bool, watch: bool, day: DayArgs) -> Outcome {
    if day.day.is_some() && !demo {
        return Err(Failure::input(
            "a recorded day is lived by simulated devices: `--day` goes with `--demo`",
        ));
    }
    let args = RunArgs {
        home: global.home()?,
        data: global.data()?,
        overrides: global.overrides.clone(),
        json: global.json,
        demo,
        day,
        watch,
    };
    block_on(async {
        crate::run::run(&args).await.map_err(|e| match e {
            RunError::Home(problems) => {
                let color = std::io::IsTerminal::is_terminal(&std::io::stderr());
                let _ = write!(std::io::stderr(), "{}", lares_config::render(&problems, color));
                Failure::input("the home cannot run like this").hint("`lares check` shows the problems again")
            }
            other => Failure::failed(other),
        })
    })
}

fn twins(global: &Global, broker: &str, day: &DayArgs) -> Outcome {
    let address = broker.rsplit_once(':').and_then(|(host, port)| Some((host, port.parse::<u16>().ok()?)));
    let (host, port) = address.ok_or_else(|| Failure::input(format!("`{broker}` is not HOST:PORT")))?;
    let loaded = lares_config::load(&global.home()?, &global.overrides, std::env::vars());
    let home = loaded.map_err(|p| Failure::input(lares_config::render(&p, false)))?.home;
    block_on(async { crate::twins::run(&home, host, port, day).await.map_err(Failure::failed) })
}

fn block_on<F: Future<Output = Outcome>>(work: F) -> Outcome {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build();
    runtime.map_err(|e| Failure::failed(format!("failed to start: {e}")))?.block_on(work)
}

fn completions(shell: clap_complete::Shell) -> Outcome {
    let mut script = Vec::new();
    clap_complete::generate(shell, &mut Cli::command(), "lares", &mut script);
    super::out::text(&String::from_utf8_lossy(&script))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn arguments_are_consistent() {
        Cli::command().debug_assert();
    }

    #[test]
    fn every_command_says_what_it_is_for() {
        for command in Cli::command().get_subcommands() {
            assert!(command.get_about().is_some(), "{}", command.get_name());
            for argument in command.get_arguments().filter(|a| a.get_id() != "help" && a.get_id() != "shell")
            {
                let known = argument.get_help().is_some() || command.get_name() == "graph";
                assert!(known, "{} {}", command.get_name(), argument.get_id());
            }
        }
    }

    #[test]
    fn what_is_typed_is_understood() {
        let cli = Cli::try_parse_from([
            "lares",
            "set",
            "hall-lamp",
            "on=true",
            "--hold",
            "30m",
            "--data",
            "/d",
            "--set",
            "mqtt.main.port=1884",
        ])
        .unwrap();
        assert_eq!(cli.global.overrides, [("mqtt.main.port".to_owned(), "1884".to_owned())]);
        assert_eq!(cli.global.data().unwrap().to_str(), Some("/d"));
        let Command::Set(set) = cli.command else { panic!("{:?}", cli.command) };
        assert_eq!(set.values, [("on".to_owned(), "true".to_owned())]);
        for bad in [
            vec!["lares", "set", "hall-lamp"],
            vec!["lares", "set", "hall-lamp", "on"],
            vec!["lares", "set", "hall-lamp", "on=true", "--hold", "soon"],
            vec!["lares", "why"],
            vec!["lares", "why", "x", "--full", "--line"],
            vec!["lares", "rooms", "0", "/d"],
        ] {
            assert!(Cli::try_parse_from(&bad).is_err(), "{bad:?}");
        }
    }
}
