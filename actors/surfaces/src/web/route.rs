//! What a route is. One table of them makes the router, the OpenAPI document and the table of rights in the docs.

use std::future::Future;
use std::pin::Pin;

use lares_config::Role;
use schemars::{JsonSchema, Schema, SchemaGenerator};

use super::call::{Answered, Call};
use crate::files::LONGEST;

/// A handler's answer on its way.
pub(super) type Answering = Pin<Box<dyn Future<Output = Answered> + Send>>;
pub(super) type Handler = fn(Call) -> Answering;
pub(super) type Shape = fn(&mut SchemaGenerator) -> Schema;

/// Who may ask. There is no route without it.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Least {
    /// Anybody who reaches the port: what is needed to log in.
    Anybody,
    /// This role, and those that may do more.
    Role(Role),
}

/// A parameter of a query.
#[derive(Clone, Copy)]
pub(super) struct Param {
    pub name: &'static str,
    pub about: &'static str,
    pub kind: Kind,
    pub required: bool,
}

#[derive(Clone, Copy)]
pub(super) enum Kind {
    Text,
    /// Any of these, separated by commas.
    Words,
    Whole {
        min: usize,
        max: usize,
    },
    /// RFC 3339.
    Instant,
}

/// What a route answers with when all is well.
#[derive(Clone, Copy)]
pub(super) enum Reply {
    Json(u16, Shape),
    /// 204.
    Nothing,
    /// 200 of this media type.
    Other(&'static str),
}

/// A wish with many values is a few hundred bytes.
const LONGEST_BODY: usize = 64 * 1024;

/// A route.
pub(super) struct Route {
    pub method: &'static str,
    pub path: &'static str,
    pub least: Least,
    /// Whether it tells of the whole house: then it is refused to somebody who may see some rooms only, whatever their role.
    pub whole: bool,
    pub about: &'static str,
    pub query: &'static [Param],
    pub body: Option<Shape>,
    /// Whether it takes an `Idempotency-Key`.
    pub once: bool,
    /// Whether it says by `If-Match` or `If-None-Match` which text it is based on.
    pub based: bool,
    /// The longest body, in bytes.
    pub longest: usize,
    pub reply: Reply,
    pub handler: Handler,
}

pub(super) const fn get(
    path: &'static str,
    least: Role,
    about: &'static str,
    reply: Shape,
    handler: Handler,
) -> Route {
    let (least, reply) = (Least::Role(least), Reply::Json(200, reply));
    Route {
        method: "GET",
        path,
        least,
        whole: false,
        about,
        query: &[],
        body: None,
        once: false,
        based: false,
        longest: LONGEST_BODY,
        reply,
        handler,
    }
}

pub(super) const fn post(
    path: &'static str,
    least: Role,
    about: &'static str,
    reply: Reply,
    handler: Handler,
) -> Route {
    let least = Least::Role(least);
    Route {
        method: "POST",
        path,
        least,
        whole: false,
        about,
        query: &[],
        body: None,
        once: false,
        based: false,
        longest: LONGEST_BODY,
        reply,
        handler,
    }
}

impl Route {
    pub(super) const fn with(self, query: &'static [Param]) -> Self {
        Self { query, ..self }
    }

    pub(super) const fn takes(self, body: Shape) -> Self {
        Self { body: Some(body), ..self }
    }

    pub(super) const fn open(self) -> Self {
        Self { least: Least::Anybody, ..self }
    }

    pub(super) const fn whole(self) -> Self {
        Self { whole: true, ..self }
    }

    pub(super) const fn once(self) -> Self {
        Self { once: true, ..self }
    }

    /// The text of a file, each sign of it escaped at worst.
    pub(super) const fn long(self) -> Self {
        Self { longest: 2 * LONGEST + LONGEST_BODY, ..self }
    }

    pub(super) const fn based(self) -> Self {
        Self { based: true, ..self }
    }

    pub(super) const fn deletes(self) -> Self {
        Self { method: "DELETE", reply: Reply::Nothing, ..self }
    }

    pub(super) const fn gives(self, media: &'static str) -> Self {
        Self { reply: Reply::Other(media), ..self }
    }
}

pub(super) fn shape<T: JsonSchema>(generator: &mut SchemaGenerator) -> Schema {
    generator.subschema_for::<T>()
}

pub(super) const fn text(name: &'static str, about: &'static str) -> Param {
    Param { name, about, kind: Kind::Text, required: false }
}

pub(super) const fn whole(name: &'static str, about: &'static str, min: usize, max: usize) -> Param {
    Param { name, about, kind: Kind::Whole { min, max }, required: false }
}

impl Param {
    pub(super) const fn required(self) -> Self {
        Self { required: true, ..self }
    }

    pub(super) const fn kind(self, kind: Kind) -> Self {
        Self { kind, ..self }
    }

    /// Whether a value is one that is allowed; the error says what is.
    pub(super) fn check(&self, value: &str) -> Result<(), String> {
        match self.kind {
            Kind::Text | Kind::Words => match value.chars().count() {
                0 => Err(format!("`{}` is empty", self.name)),
                1..=200 => Ok(()),
                n => Err(format!("`{}` has {n} characters; allowed: 200", self.name)),
            },
            Kind::Whole { min, max } => {
                let digits = !value.is_empty() && value.chars().all(|c| c.is_ascii_digit());
                let number = value.parse::<usize>().ok().filter(|_| digits);
                number.is_some_and(|n| (min..=max).contains(&n)).then_some(()).ok_or_else(|| {
                    format!("`{}` can't be `{value}`; allowed: a whole number from {min} to {max}", self.name)
                })
            }
            Kind::Instant => {
                let moment = value.parse::<crate::views::Moment>().map(drop);
                moment.map_err(|e| format!("`{}`: {e}; allowed: 2026-11-25T18:00:00Z", self.name))
            }
        }
    }
}

impl Route {
    /// Names of the parts of the path that vary.
    pub(super) fn parts(&self) -> impl Iterator<Item = &'static str> {
        self.path.split('{').skip(1).filter_map(|rest| rest.split('}').next())
    }

    pub(super) fn may(&self, role: Option<Role>) -> bool {
        match self.least {
            Least::Anybody => true,
            Least::Role(least) => role.is_some_and(|role| role <= least),
        }
    }
}
