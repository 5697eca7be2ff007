//! The parts of a rule in the household's words, for `why`, logs and messages.

use std::fmt;
use std::time::Duration;

use jiff::civil::Time;
use lares_model::{Presence, Property};

use super::{
    Change, Condition, Days, EntityRef, Other, People, Reach, SunEvent, SunPosition, Target, Test, Trigger,
};

/// `2h30m`, `90s`, `1d`: as it may be written in a file.
pub fn duration_words(d: Duration) -> String {
    let (mut rest, mut out) = (d.as_secs(), String::new());
    for (unit, length) in [("d", 86_400), ("h", 3_600), ("m", 60), ("s", 1)] {
        if rest >= length {
            out.push_str(&format!("{}{unit}", rest / length));
            rest %= length;
        }
    }
    if d.subsec_millis() > 0 {
        out.push_str(&format!("{}ms", d.subsec_millis()));
    }
    if out.is_empty() { "0s".into() } else { out }
}

impl fmt::Display for EntityRef {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.slug {
            Some(slug) => write!(f, "{}.{slug}", self.device),
            None => f.write_str(&self.device),
        }
    }
}

impl fmt::Display for Target {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Entity(entity) => entity.fmt(f),
            Self::Group(key) => write!(f, "group {key}"),
            Self::Room { room, component: Some(c) } => write!(f, "every {} in {room}", c.name()),
            Self::Room { room, component: None } => write!(f, "everything in {room}"),
            Self::Find(filter) => write!(f, "everything that fits `{filter}`"),
        }
    }
}

impl fmt::Display for Trigger {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Entity { entity, property, change, lasting } => {
                write!(f, "{}{}", Named(entity, *property), change)?;
                lasting_words(f, *lasting)
            }
            Self::Room { room, occupied, lasting } => {
                write!(f, "{room} became {}", occupied_word(*occupied))?;
                lasting_words(f, *lasting)
            }
            Self::Zone { zone, occupied, lasting } => {
                write!(f, "{zone} became {}", occupied_word(*occupied))?;
                lasting_words(f, *lasting)
            }
            Self::Person { person, to, within, lasting } => {
                match within {
                    Some(within) => write!(f, "{person} entered {within}")?,
                    None => {
                        write!(f, "{person} {}", if *to == Presence::Home { "came home" } else { "left" })?
                    }
                }
                lasting_words(f, *lasting)
            }
            Self::People { people, lasting } => {
                f.write_str(people_words(*people))?;
                lasting_words(f, *lasting)
            }
            Self::Device { device, reach, lasting } => {
                write!(f, "{device} went {}", reach.word())?;
                lasting_words(f, *lasting)
            }
            Self::Event { kind, about } => {
                f.write_str(&kind.name().replace('_', " "))?;
                about.as_ref().map_or(Ok(()), |about| write!(f, " of {}", about.text))
            }
            Self::Time { at, days } => write!(f, "at {}{days}", Clock(*at)),
            Self::Every { period } => write!(f, "every {}", duration_words(*period)),
            Self::Template { template, lasting } => {
                write!(f, "`{}` became true", template.source)?;
                lasting.map_or(Ok(()), |d| write!(f, " for {}", duration_words(d)))
            }
            Self::Calendar { filter, offset } => {
                let filter = filter.text();
                match offset.as_secs() {
                    0 => write!(f, "`{filter}` is due"),
                    s if s < 0 => write!(f, "`{filter}` is due in {}", duration_words(offset.unsigned_abs())),
                    _ => write!(f, "`{filter}` was due {} ago", duration_words(offset.unsigned_abs())),
                }
            }
            Self::Sun { event, offset } => {
                let name = if *event == SunEvent::Sunset { "sunset" } else { "sunrise" };
                match offset.as_secs() {
                    0 => f.write_str(name),
                    s => {
                        let when = if s < 0 { "before" } else { "after" };
                        write!(f, "{} {when} {name}", duration_words(offset.unsigned_abs()))
                    }
                }
            }
        }
    }
}

impl fmt::Display for Condition {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Entity { entity, property, test, .. } => write!(f, "{}{test}", Named(entity, *property)),
            Self::Room { room: space, occupied } | Self::Zone { zone: space, occupied } => {
                write!(f, "{space} is {}", occupied_word(*occupied))
            }
            Self::Person { person, within: Some(within), .. } => write!(f, "{person} is in {within}"),
            Self::Person { person, is, .. } => {
                write!(f, "{person} is {}", if *is == Presence::Home { "home" } else { "away" })
            }
            Self::People { people } => f.write_str(people_words(*people)),
            Self::Device { device, reach } => write!(f, "{device} is {}", reach.word()),
            Self::Compare { entity, property, above, below, .. } => {
                Named(entity, *property).fmt(f)?;
                for (word, other) in [("above", above), ("below", below)] {
                    if let Some(other) = other {
                        write!(f, " {word} {other}")?;
                    }
                }
                Ok(())
            }
            Self::Trigger { id } => write!(f, "set off by {id}"),
            Self::Time { after, before, days } => {
                f.write_str("the time is")?;
                if let Some(after) = after {
                    write!(f, " after {}", Clock(*after))?;
                }
                if let Some(before) = before {
                    write!(f, " before {}", Clock(*before))?;
                }
                days.fmt(f)
            }
            Self::Sun { position: SunPosition::Up } => f.write_str("the sun is up"),
            Self::Sun { position: SunPosition::Down } => f.write_str("the sun is down"),
            Self::Template { template } => write!(f, "`{}`", template.source),
            Self::Find { filter, above: None, below: None } => {
                write!(f, "something fits `{}`", filter.text())
            }
            Self::Find { filter, above, below } => {
                write!(f, "what fits `{}` is", filter.text())?;
                limits(f, "", *above, *below)
            }
            Self::Held { condition, time } => {
                write!(f, "{condition} for {}", crate::duration_words(*time))
            }
            Self::Any(parts) => joined(f, parts, " or "),
            Self::All(parts) => joined(f, parts, " and "),
            Self::Not(part) => write!(f, "not {part}"),
        }
    }
}

impl fmt::Display for Change {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if let Some(from) = &self.from {
            write!(f, " from {from}")?;
        }
        if let Some(to) = &self.to {
            write!(f, " became {to}")?;
        }
        limits(f, " went", self.above, self.below)?;
        if self.hysteresis > 0.0 {
            write!(f, " (and {} back before again)", self.hysteresis)?;
        }
        if *self == Self::default() { f.write_str(" changed") } else { Ok(()) }
    }
}

impl fmt::Display for Test {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if let Some(is) = &self.is {
            write!(f, " is {is}")?;
        }
        limits(f, "", self.above, self.below)
    }
}

impl fmt::Display for Days {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if *self == Self::ALL {
            return Ok(());
        }
        write!(f, " on {}", self.names().collect::<Vec<_>>().join(", "))
    }
}

/// `07:00`; with seconds only where there are some.
struct Clock(Time);

impl fmt::Display for Clock {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self(at) = self;
        write!(f, "{:02}:{:02}", at.hour(), at.minute())?;
        if at.second() == 0 { Ok(()) } else { write!(f, ":{:02}", at.second()) }
    }
}

impl Reach {
    pub fn word(self) -> &'static str {
        match self {
            Self::Online => "online",
            Self::Offline => "offline",
        }
    }
}

impl fmt::Display for Other {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        Named(&self.entity, self.property).fmt(f)?;
        match self.plus {
            0.0 => Ok(()),
            n if n < 0.0 => write!(f, " - {}", -n),
            n => write!(f, " + {n}"),
        }
    }
}

struct Named<'a>(&'a EntityRef, Option<Property>);

impl fmt::Display for Named<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)?;
        self.1.map_or(Ok(()), |p| write!(f, " {}", p.name()))
    }
}

fn limits(f: &mut fmt::Formatter<'_>, verb: &str, above: Option<f64>, below: Option<f64>) -> fmt::Result {
    if let Some(above) = above {
        write!(f, "{verb} above {above}")?;
    }
    below.map_or(Ok(()), |below| write!(f, "{verb} below {below}"))
}

pub(super) fn joined(f: &mut fmt::Formatter<'_>, parts: &[Condition], with: &str) -> fmt::Result {
    if let [only] = parts {
        return fmt::Display::fmt(only, f);
    }
    let words: Vec<String> = parts.iter().map(ToString::to_string).collect();
    write!(f, "({})", words.join(with))
}

fn lasting_words(f: &mut fmt::Formatter<'_>, lasting: Option<Duration>) -> fmt::Result {
    lasting.map_or(Ok(()), |d| write!(f, " for {}", duration_words(d)))
}

fn occupied_word(occupied: bool) -> &'static str {
    if occupied { "occupied" } else { "empty" }
}

fn people_words(people: People) -> &'static str {
    match people {
        People::NobodyHome => "nobody is home",
        People::AnybodyHome => "somebody is home",
    }
}
