//! Broken wires and broken TOML.

use super::{Case, case};

pub const CASES: &[Case] = &[
    // Wires.
    case("port = 1884", "port = 70000", "out-of-range", "70000", "from 1 to 65535"),
    case("port = 1884", "port = 0", "out-of-range", "0", "from 1 to 65535"),
    case("port = 1884", "port = 1883.5", "out-of-range", "1883.5", "whole number"),
    case("port = 1884", "port = \"1884\"", "out-of-range", "\"1884\"", "whole number"),
    case("port = 1884", "prot = 1884", "unknown-key", "prot", "did you mean \"port\""),
    case("host = \"broker.lan\"", "", "missing-key", "[mqtt.mqtt]", "has no `host`"),
    case(
        "host = \"broker.lan\"",
        "host = \"mqtt://broker.lan\"",
        "bad-text",
        "\"mqtt://broker.lan\"",
        "a name or an address alone",
    ),
    case(
        "host = \"broker.lan\"\nport = 1884",
        "embedded = true\nport = 1884",
        "conflict",
        "port",
        "beside `embedded`",
    ),
    case(
        "port = 1884",
        "username = \"u\"\npassword = \"s3cret\"",
        "secret-inline",
        "password",
        "password_file",
    ),
    case(
        "port = 1884",
        "username = \"u\"\npassword_file = \"not-there\"",
        "secret-missing",
        "\"not-there\"",
        "can't read",
    ),
    case("port = 1884", "discovery_prefix = \"home/#\"", "bad-text", "\"home/#\"", "without + and #"),
    case("enabled = true", "enabled = \"true\"", "wrong-type", "\"true\"", "true or false"),
    case(
        "listen = \"127.0.0.1\"",
        "listen = \"0.0.0.0\"",
        "open-broker",
        "\"0.0.0.0\"",
        "without credentials",
    ),
    case(
        "listen = \"127.0.0.1\"",
        "listen = \"192.168.1.9\"",
        "open-broker",
        "\"192.168.1.9\"",
        "listen on 127.0.0.1",
    ),
    case("listen = \"127.0.0.1\"", "listen = \"::\"", "open-broker", "\"::\"", "without credentials"),
    case("listen = \"127.0.0.1\"", "listen = \"localhost\"", "bad-text", "\"localhost\"", "no IP address"),
    case("listen = \"127.0.0.1\"", "users = {}", "empty-list", "{}", "nobody could connect"),
    case("listen = \"127.0.0.1\"", "users = { tv = {} }", "missing-key", "{}", "needs password_file"),
    case("listen = \"127.0.0.1\"", "users = { tv = \"x\" }", "secret-inline", "tv", "must not stand"),
    case("listen = \"127.0.0.1\"", "passwords_file = \"gone\"", "secret-missing", "\"gone\"", "can't read"),
    case("port = 1885", "port = -1", "out-of-range", "-1", "from 1 to 65535"),
    case(
        "room = \"kitchen\"\ntopic",
        "room = \"cellar\"\ntopic",
        "dangling-reference",
        "\"cellar\"",
        "hall or kitchen",
    ),
    case(
        "room = \"kitchen\"\ntopic = \"lares/hall\"",
        "topic = \"lares/hall\"",
        "missing-key",
        "[display.hall-panel]",
        "has no `room`",
    ),
    case("topic = \"lares/hall\"", "topic = \"lares/+\"", "bad-text", "\"lares/+\"", "no topic to write to"),
    case(
        "",
        "\n[display.two]\nroom = \"hall\"\ntopic = \"lares/hall\"\n",
        "duplicate-binding",
        "\"lares/hall\"",
        "topic of its own",
    ),
    // TOML.
    case("name = \"Test\"", "name = Test", "toml-syntax", "Test", "not TOML"),
    case("name = \"Test\"", "x = 1\nname = \"Test\"\n\"name\" = 1", "toml-syntax", "\"name\"", "not TOML"),
];
