//! Topics and filters: MQTT 3.1.1 section 4.7. Pure.

/// What can be published to.
pub fn is_topic(topic: &str) -> bool {
    !topic.is_empty() && !topic.contains(['+', '#', '\0'])
}

/// What can be subscribed to.
pub fn is_filter(filter: &str) -> bool {
    let mut levels = filter.split('/').peekable();
    while let Some(level) = levels.next() {
        let good = match level {
            "#" => levels.peek().is_none(),
            "+" => true,
            other => !other.contains(['+', '#', '\0']),
        };
        if !good {
            return false;
        }
    }
    !filter.is_empty()
}

/// A wildcard in the first level does not reach the topics that belong to brokers.
pub fn is_hidden(topic: &str) -> bool {
    topic.starts_with('$')
}

pub fn matches(filter: &str, topic: &str) -> bool {
    if is_hidden(topic) && filter.starts_with(['+', '#']) {
        return false;
    }
    let (mut wanted, mut levels) = (filter.split('/'), topic.split('/'));
    loop {
        match (wanted.next(), levels.next()) {
            (Some("#"), _) => return true,
            (Some("+"), Some(_)) => {}
            (Some(want), Some(level)) if want == level => {}
            (None, None) => return true,
            _ => return false,
        }
    }
}

/// Whether all that `narrow` matches is also matched by `wide`: whoever may read `wide` may subscribe to `narrow`.
pub fn covers(wide: &str, narrow: &str) -> bool {
    if narrow.starts_with('$') && wide.starts_with(['+', '#']) {
        return false;
    }
    let (mut may, mut wants) = (wide.split('/'), narrow.split('/'));
    loop {
        match (may.next(), wants.next()) {
            (Some("#"), _) => return true,
            (_, Some("#")) => return false,
            (Some("+"), Some(_)) => {}
            (Some(may), Some(want)) if may == want => {}
            (None, None) => return true,
            _ => return false,
        }
    }
}

/// What every topic that matches begins with: where a search in ordered topics may start.
pub fn literal_prefix(filter: &str) -> &str {
    match filter.find(['+', '#']) {
        // `a/#` also matches `a`.
        Some(at) => filter[..at].strip_suffix('/').unwrap_or(&filter[..at]),
        None => filter,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn filters_match_as_the_standard_says() {
        for (filter, topic, expected) in [
            ("a/b", "a/b", true),
            ("a/b", "a/b/c", false),
            ("a/+", "a/b", true),
            ("a/+", "a", false),
            ("a/+", "a/", true),
            ("a/#", "a", true),
            ("a/#", "a/b/c", true),
            ("a/#", "ab", false),
            ("+/+", "/a", true),
            ("+", "/a", false),
            ("#", "a/b", true),
            ("#", "$SYS/a", false),
            ("+/a", "$SYS/a", false),
            ("$SYS/#", "$SYS/a", true),
            ("a//b", "a//b", true),
            ("a/+/b", "a//b", true),
        ] {
            assert_eq!(matches(filter, topic), expected, "{filter} {topic}");
            assert!(!expected || topic.starts_with(literal_prefix(filter)), "{filter} {topic}");
        }
        for good in ["#", "+", "a/#", "+/+/#", "/", "a//b", "$SYS/#"] {
            assert!(is_filter(good), "{good}");
        }
        for bad in ["", "a#", "a/#/b", "a+", "+a/b", "#/a", "a\0"] {
            assert!(!is_filter(bad), "{bad}");
        }
    }

    #[test]
    fn a_right_covers_only_what_lies_within_it() {
        for (wide, narrow, expected) in [
            ("#", "a/b", true),
            ("#", "#", true),
            ("#", "$SYS/#", false),
            ("a/#", "a", true),
            ("a/#", "a/+/c/#", true),
            ("a/#", "#", false),
            ("a/#", "+/b", false),
            ("a/+", "a/b", true),
            ("a/+", "a/+", true),
            ("a/+", "a/#", false),
            ("a/b", "a/+", false),
            ("a/+/c", "a/b/c", true),
        ] {
            assert_eq!(covers(wide, narrow), expected, "{wide} {narrow}");
        }
    }

    proptest::proptest! {
        #[test]
        fn what_a_covered_filter_matches_the_right_matches(
            wide in "[ab+$]{1,2}(/[ab+]){0,2}(/#)?",
            narrow in "[ab+$]{1,2}(/[ab+]){0,2}(/#)?",
            topic in "[ab$]{1,2}(/[ab]){0,3}",
        ) {
            if is_filter(&wide) && is_filter(&narrow) && covers(&wide, &narrow) && matches(&narrow, &topic) {
                proptest::prop_assert!(matches(&wide, &topic));
            }
        }
    }
}
