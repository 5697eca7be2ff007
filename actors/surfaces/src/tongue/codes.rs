//! Reasons about codes that are given along with a wish: English, German.

pub(super) const CODES: &[(&str, &str)] = &[
    (
        "too many wrong codes: none is looked at for {minutes} min",
        "zu viele falsche Codes: {minutes} Minuten lang wird keiner angesehen",
    ),
    (
        "a code is given by a person, on a surface that nobody overhears",
        "einen Code gibt ein Mensch, dort wo niemand mithört",
    ),
    ("a code alone sets nothing", "ein Code allein stellt nichts"),
    ("a code is a text", "ein Code ist ein Text"),
    ("it takes no code", "es nimmt keinen Code"),
];
