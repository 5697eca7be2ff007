//! A home of any number of rooms, for load. Its devices announce themselves with one identifier a room (`room001`) and four
//! entities each: motion, illuminance, temperature and light.

use std::fmt::Write as _;

/// The light is switched on below this, in lux.
const DARK_BELOW: u32 = 50;

/// The files of a home of `rooms` rooms, as (relative path, text). Room numbers have at least three digits.
pub fn generate(rooms: usize) -> Vec<(String, String)> {
    let width = rooms.to_string().len().max(3);
    let mut devices = String::from("# One device a room, bound by its identifier.\n");
    let mut rules = String::from("# Two rules a room.\n");
    for number in 1..=rooms {
        let key = format!("room{number:0width$}");
        room(&mut devices, &key, number);
        pair_of_rules(&mut rules, &key);
    }
    let home = format!("[household]\nname = \"{rooms} rooms\"\ntime_zone = \"UTC\"\n");
    vec![("devices.toml".into(), devices), ("home.toml".into(), home), ("rules.toml".into(), rules)]
}

fn room(out: &mut String, key: &str, number: usize) {
    // Writing to a String can't fail.
    let _ = write!(
        out,
        "\n[room.{key}]\nname = \"Room {number}\"\n\n[device.{key}]\nname = \"Devices of room {number}\"\n\
         room = \"{key}\"\nidentifiers = [\"{key}\"]\n"
    );
}

fn pair_of_rules(out: &mut String, key: &str) {
    let _ = write!(
        out,
        "\n[rule.{key}-light]\nwhen = [{{ entity = \"{key}.motion\", to = true }}]\n\
         if   = [{{ entity = \"{key}.illuminance\", below = {DARK_BELOW} }}]\n\
         then = [{{ set = \"{key}.light\", on = true }}]\n\
         \n[rule.{key}-light-off]\nwhen = [{{ entity = \"{key}.motion\", to = false }}]\n\
         then = [{{ set = \"{key}.light\", on = false }}]\n"
    );
}
