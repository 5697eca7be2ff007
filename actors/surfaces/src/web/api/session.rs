//! Coming in and going out.

use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use lares_config::{Care, Home, trusted};
use lares_model::Timestamp;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::auth::Entered;
use crate::displays::display_of;
use crate::views::Moment;
use crate::web::call::{Answered, Call, done};
use crate::web::problem::Problem;
use crate::web::visitor::{COOKIE, Visitor, visitor};

/// What can be known before login.
#[derive(Serialize, JsonSchema)]
pub(in crate::web) struct Door {
    /// False: the one-time code that `lares run` prints makes the owner.
    pub owned: bool,
}

#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(in crate::web) struct LogIn {
    /// Key of a person of the home.
    #[schemars(length(min = 1, max = 64))]
    pub person: String,
    #[schemars(length(min = 1, max = 256))]
    pub password: String,
}

#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(in crate::web) struct Join {
    /// The one-time code: of `lares run` for the first owner, of an invitation for everybody else.
    #[schemars(length(min = 1, max = 64))]
    pub code: String,
    /// At least 8 characters.
    #[schemars(length(min = 8, max = 256))]
    pub password: String,
    /// Needed only where the home has several owners and none has an account.
    #[serde(default)]
    pub person: Option<String>,
}

/// Who is logged in.
#[derive(Serialize, JsonSchema)]
pub(in crate::web) struct Me {
    /// Key of the person.
    pub person: String,
    pub name: String,
    /// `owner`, `adult`, `child` or `guest`.
    pub role: String,
    /// The most careful kind of thing that the door lets them move: `everyday`, `comfort`, `dangerous`. For showing; the door
    /// decides.
    pub trusted: String,
    /// Whether they see every room; else there is no journal and no house for them.
    pub everywhere: bool,
    /// When their rights end by themselves.
    pub ends: Option<Moment>,
    pub version: String,
    /// What the household speaks: `en`, `de`, ...
    pub language: String,
    /// Key of the room whose wall display this is, if the home says that it is one.
    pub wall: Option<String>,
}

impl Me {
    fn of(visitor: &Visitor, call: &Call) -> Self {
        let trusted = match trusted(visitor.role) {
            Care::Everyday => "everyday",
            Care::Comfort => "comfort",
            Care::Dangerous => "dangerous",
        };
        Self {
            person: visitor.person.clone(),
            name: visitor.name.clone(),
            role: visitor.role.name().to_owned(),
            trusted: trusted.to_owned(),
            everywhere: visitor.sees(None),
            ends: ends(visitor, &call.shared.home()),
            version: call.shared.asked.setup.version.clone(),
            language: call.shared.home().household.language.clone(),
            wall: display_of(&call.shared.home(), &visitor.person).map(|display| display.room.clone()),
        }
    }
}

/// The end of a grant, which the home says in its own time.
fn ends(visitor: &Visitor, home: &Home) -> Option<Moment> {
    let local = visitor.grant.until?.to_zoned(home.household.zone.clone()).ok()?;
    Some(Moment(Timestamp(local.timestamp().as_microsecond())))
}

pub(in crate::web) async fn door(call: Call) -> Answered {
    let owned = call.shared.access().is_owned(&call.shared.home());
    call.show(&Door { owned })
}

pub(in crate::web) async fn log_in(call: Call) -> Answered {
    let body: LogIn = call.json()?;
    let access = call.shared.access();
    let entered = access.log_in(&body.person, &body.password, call.peer.address, &call.agent()).await?;
    enter(&call, entered, None)
}

pub(in crate::web) async fn join(call: Call) -> Answered {
    let body: Join = call.json()?;
    let (home, access) = (call.shared.home(), call.shared.access());
    let first = !access.is_owned(&home);
    let code = (body.code.as_str(), body.person.as_deref());
    let entered = access.join(&home, code, &body.password, call.peer.address, &call.agent()).await?;
    let what = if first { "made the first account, as the owner" } else { "chose a password" };
    call.shared.audit(&entered.person, format!("{} {what}, on the dashboard", entered.person));
    enter(&call, entered, None)
}

/// Lets somebody in, until then at the latest.
pub(super) fn enter(call: &Call, entered: Entered, ends: Option<Moment>) -> Answered {
    let (home, now) = (call.shared.home(), call.shared.asked.world.clock().now());
    let visitor = visitor(call.shared.access(), &home, now, Some(&entered.token))?;
    let mut response = done(StatusCode::CREATED, &Me::of(&visitor, call))?;
    let lasts = ends.map_or(30 * 24 * 3600, |ends| ends.0.since(now).as_secs());
    set_cookie(&mut response, &format!("{COOKIE}={}; Max-Age={lasts}", entered.token), call)?;
    Ok(response)
}

pub(in crate::web) async fn log_out(call: Call) -> Answered {
    let visitor = call.visitor()?;
    call.shared.access().end(&visitor.token, Some(&visitor.person)).await?;
    let mut response = StatusCode::NO_CONTENT.into_response();
    set_cookie(&mut response, &format!("{COOKIE}=; Max-Age=0"), &call)?;
    Ok(response)
}

pub(in crate::web) async fn me(call: Call) -> Answered {
    let visitor = call.visitor()?;
    call.show(&Me::of(visitor, &call))
}

fn set_cookie(response: &mut Response, cookie: &str, call: &Call) -> Result<(), Problem> {
    // Behind a proxy that speaks TLS, its word that it does is enough to ask more of the browser, never less.
    let secure = call.peer.secure || call.headers.get("x-forwarded-proto").is_some_and(|p| p == "https");
    let secure = if secure { "; Secure" } else { "" };
    let cookie = format!("{cookie}; Path=/; HttpOnly; SameSite=Strict{secure}");
    response
        .headers_mut()
        .insert(header::SET_COOKIE, HeaderValue::from_str(&cookie).map_err(Problem::failed)?);
    Ok(())
}
