//! Colours: the sixteen of the terminal's own theme, so that light and dark are its matter. Without colours weight and
//! reversal tell the same; words always do.

use ratatui::style::{Color, Modifier, Style};

use crate::tongue::Tongue;

/// How things are shown.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Look {
    /// False with `NO_COLOR`.
    pub colors: bool,
    /// The terminal's language: what there is to say before a household answers is said in it.
    pub tongue: Tongue,
}

/// What a piece of text is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Default)]
pub(super) enum Tone {
    #[default]
    Plain,
    /// Names of columns and sections.
    Head,
    /// What matters less.
    Faint,
    Good,
    Warn,
    Bad,
    /// A key that can be pressed, an event that can be asked for.
    Key,
}

impl Look {
    pub(super) fn style(self, tone: Tone) -> Style {
        let style = Style::new();
        let colored = |color: Color| if self.colors { style.fg(color) } else { style };
        match tone {
            Tone::Plain => style,
            Tone::Head => style.add_modifier(Modifier::BOLD),
            Tone::Faint => style.add_modifier(Modifier::DIM),
            Tone::Good => colored(Color::Green),
            Tone::Warn => colored(Color::Yellow).add_modifier(Modifier::BOLD),
            Tone::Bad => colored(Color::Red).add_modifier(Modifier::BOLD),
            Tone::Key => colored(Color::Cyan),
        }
    }

    /// Over a row or a line as a whole.
    pub(super) fn chosen(self) -> Style {
        Style::new().add_modifier(Modifier::REVERSED)
    }
}
