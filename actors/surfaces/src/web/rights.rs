//! Who may do what, as a table for the book: made of the routes and of the door's own rules.

use lares_config::{Role, care, trusted};
use lares_model::Component;

use super::routes::ROUTES;

const ROLES: [(Role, &str); 4] =
    [(Role::Owner, "owner"), (Role::Adult, "adult"), (Role::Child, "child"), (Role::Guest, "guest")];

/// The table of rights as it stands in the docs: every route and every kind of entity, by role.
pub fn rights_table() -> String {
    let mut out =
        String::from("| what | nobody | owner | adult | child | guest |\n|---|---|---|---|---|---|\n");
    let mut row = |what: String, anybody: bool, may: &dyn Fn(Role) -> bool| {
        let mark = |yes: bool| if yes { "yes" } else { "-" };
        let cells: Vec<&str> = ROLES.iter().map(|(role, _)| mark(may(*role))).collect();
        out.push_str(&format!("| {what} | {} | {} |\n", mark(anybody), cells.join(" | ")));
    };
    row("the dashboard's own files".to_owned(), true, &|_| true);
    for route in ROUTES {
        row(format!("`{} {}`", route.method, route.path), route.may(None), &|role| route.may(Some(role)));
    }
    for component in Component::ALL {
        let care = care(*component, None);
        row(format!("move: {}", component.name()), false, &|role| care <= trusted(role));
    }
    let garage = care(Component::Cover, Some("garage"));
    row("move: cover (garage, gate, door)".to_owned(), false, &|role| garage <= trusted(role));
    let whole: Vec<String> =
        ROUTES.iter().filter(|r| r.whole).map(|r| format!("`{} {}`", r.method, r.path)).collect();
    out.push_str(&format!(
        "\nOf the whole house, so refused to whoever may see some rooms only, whatever the role: {}.\n",
        whole.join(", ")
    ));
    out
}
