//! `lares people`, `lares tokens`: who may log in, and with what.

use lares_surfaces::auth::{GuestView, PersonAccess, TokenKind, TokenView};
use lares_surfaces::control::{Request, View};
use lares_surfaces::views::{Telling, plain, table};

use super::args::{Global, PeopleArgs, PeopleCommand, TokensArgs, TokensCommand};
use super::ask::{Answered, order, running, unexpected};
use super::exit::Outcome;
use super::out;
use super::show::envelope;

/// The store answers in milliseconds; a busy disk may take longer.
const DEADLINE: std::time::Duration = std::time::Duration::from_secs(20);

pub(super) async fn people(global: &Global, args: PeopleArgs) -> Outcome {
    let request = match args.command {
        None => Request::People,
        Some(PeopleCommand::Invite { person }) => Request::Invite { person },
        Some(PeopleCommand::Link { name, rooms, lasts }) => {
            Request::MakeGuest { name, rooms, lasts_s: lasts.as_secs() }
        }
        Some(PeopleCommand::Links) => Request::Guests,
        Some(PeopleCommand::Unlink { guest }) => Request::EndGuest { guest },
    };
    let mut client = running(&global.data()?).await?;
    let Answered { told, view } = order(&mut client, &request, DEADLINE).await?;
    match view {
        View::People(people) if global.json => out::json(&envelope(&told, "people", &people)),
        View::People(people) => out::text(&people_text(&people)),
        View::Invited { person, code } if global.json => {
            out::json(&envelope(&told, "invited", &serde_json::json!({ "person": person, "code": code })))
        }
        View::Invited { person, code } => out::text(&format!(
            "{code}\n\nOn the dashboard, at \"I have a code\", {person} chooses a password with it: once, within a day.\n"
        )),
        View::GuestMade { guest, code, path } if global.json => {
            let made = serde_json::json!({ "guest": guest, "code": code, "path": path });
            out::json(&envelope(&told, "made", &made))
        }
        View::GuestMade { guest, code, path } => out::text(&format!(
            "{code}\n\nWhoever opens {path} below the dashboard's address, or types the code at \"I am a guest\", sees and moves \
             things in {}, until {}.\n",
            guest.rooms.join(", "),
            told.clock(guest.ends.0),
        )),
        View::Guests(guests) if global.json => out::json(&envelope(&told, "guests", &guests)),
        View::Guests(guests) => out::text(&guests_text(&guests, &told)),
        _ => Err(unexpected()),
    }
}

fn guests_text(guests: &[GuestView], told: &Telling) -> String {
    if guests.is_empty() {
        return "no guest links\n".to_owned();
    }
    let rows = guests.iter().map(|g| {
        let until = format!("until {}", told.clock(g.ends.0));
        let open = format!("{} sessions", g.sessions);
        vec![plain(&g.key), plain(&g.name), g.rooms.join(", "), until, format!("by {}", plain(&g.by)), open]
    });
    table(&rows.collect::<Vec<_>>())
}

pub(super) async fn tokens(global: &Global, args: TokensArgs) -> Outcome {
    let request = match args.command {
        None => Request::Tokens,
        Some(TokensCommand::End { id }) => Request::EndToken { id },
    };
    let mut client = running(&global.data()?).await?;
    let Answered { told, view } = order(&mut client, &request, DEADLINE).await?;
    let View::Tokens(tokens) = view else { return Err(unexpected()) };
    if global.json {
        out::json(&envelope(&told, "tokens", &tokens))
    } else {
        out::text(&tokens_text(&tokens, &told))
    }
}

fn people_text(people: &[PersonAccess]) -> String {
    if people.is_empty() {
        return "nobody: write [person.<key>] tables in the home\n".to_owned();
    }
    let rows = people.iter().map(|p| {
        let can = match (p.account, p.invited) {
            (true, true) => "has a password; a code is out",
            (true, false) => "has a password",
            (false, true) => "a code is out",
            (false, false) => "cannot log in yet",
        };
        let open = format!("{} sessions, {} tokens", p.sessions, p.devices);
        vec![plain(&p.key), plain(&p.name), p.role.clone(), can.to_owned(), open]
    });
    table(&rows.collect::<Vec<_>>())
}

fn tokens_text(tokens: &[TokenView], told: &Telling) -> String {
    if tokens.is_empty() {
        return "no sessions and no tokens\n".to_owned();
    }
    let rows = tokens.iter().map(|t| {
        let kind = match t.kind {
            TokenKind::Session => "session",
            TokenKind::Device => "token",
        };
        let used = format!("used {}", told.ago(t.used.0));
        vec![t.id.clone(), plain(&t.person), kind.to_owned(), used, plain(&t.name)]
    });
    table(&rows.collect::<Vec<_>>())
}
