//! Calls of UPnP (Device Architecture 1.0, section 3.2): a question and its arguments as XML, and what came of it.

use std::collections::BTreeMap;

use super::describe::Service;
use super::http::post;

/// Why nothing came of a call.
#[derive(PartialEq, Eq, Debug)]
pub enum Trouble {
    /// It is there and will not.
    Refused(String),
    /// It cannot be reached.
    Gone(String),
}

/// Calls an action of a service; what it answers, by name.
pub async fn call(
    service: &Service,
    action: &str,
    arguments: &[(&str, &str)],
) -> Result<BTreeMap<String, String>, Trouble> {
    let body = envelope(&service.kind, action, arguments);
    let said = format!("\"{}#{action}\"", service.kind);
    let headers = [("Content-Type", "text/xml; charset=\"utf-8\""), ("SOAPAction", said.as_str())];
    let (status, text) = post(&service.control, &headers, body).await.map_err(Trouble::Gone)?;
    answer(status, action, &text).map_err(Trouble::Refused)
}

fn envelope(kind: &str, action: &str, arguments: &[(&str, &str)]) -> String {
    let arguments: String =
        arguments.iter().map(|(name, value)| format!("<{name}>{}</{name}>", escaped(value))).collect();
    format!(
        "<?xml version=\"1.0\" encoding=\"utf-8\"?>\n\
         <s:Envelope xmlns:s=\"http://schemas.xmlsoap.org/soap/envelope/\" \
         s:encodingStyle=\"http://schemas.xmlsoap.org/soap/encoding/\"><s:Body>\
         <u:{action} xmlns:u=\"{kind}\">{arguments}</u:{action}></s:Body></s:Envelope>"
    )
}

fn answer(status: u16, action: &str, text: &str) -> Result<BTreeMap<String, String>, String> {
    let xml = roxmltree::Document::parse(text)
        .map_err(|_| format!("it answers {status} to {action}, and not as a renderer does"))?;
    let named = |name: &str| {
        let found = xml.descendants().find(|n| n.tag_name().name() == name)?;
        Some(found.text().unwrap_or_default().trim().to_owned())
    };
    let response = format!("{action}Response");
    let found = xml.descendants().find(|n| n.tag_name().name() == response);
    let (200, Some(found)) = (status, found) else {
        let why = named("errorDescription").filter(|why| !why.is_empty());
        let code = named("errorCode").unwrap_or_else(|| status.to_string());
        return Err(format!("it refuses {action}: {} ({code})", why.as_deref().unwrap_or("no reason told")));
    };
    let fields = found.children().filter(roxmltree::Node::is_element);
    Ok(fields
        .map(|n| (n.tag_name().name().to_owned(), n.text().unwrap_or_default().trim().to_owned()))
        .collect())
}

/// A text as XML takes it.
pub fn escaped(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' => out.push_str("&quot;"),
            c if c.is_control() => out.push(' '),
            c => out.push(c),
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_sent_is_read_back_whatever_is_in_it() {
        let sent = envelope("urn:x:1", "SetAVTransportURI", &[("CurrentURI", "http://a/?b=1&c=<\">")]);
        let xml = roxmltree::Document::parse(&sent).unwrap();
        let found = xml.descendants().find(|n| n.tag_name().name() == "CurrentURI").unwrap();
        assert_eq!(found.text(), Some("http://a/?b=1&c=<\">"));
    }

    #[test]
    fn answers_and_refusals_are_told_apart() {
        let good = "<s:Envelope xmlns:s='s'><s:Body><u:GetVolumeResponse xmlns:u='u'><CurrentVolume>12</CurrentVolume>\
            </u:GetVolumeResponse></s:Body></s:Envelope>";
        assert_eq!(answer(200, "GetVolume", good).unwrap()["CurrentVolume"], "12");
        let bad = "<s:Envelope xmlns:s='s'><s:Body><s:Fault><detail><UPnPError><errorCode>714</errorCode>\
            <errorDescription>Illegal MIME-Type</errorDescription></UPnPError></detail></s:Fault></s:Body></s:Envelope>";
        assert_eq!(answer(500, "Play", bad).unwrap_err(), "it refuses Play: Illegal MIME-Type (714)");
        assert_eq!(answer(404, "Play", "<a/>").unwrap_err(), "it refuses Play: no reason told (404)");
        assert!(answer(200, "Play", "no xml").is_err());
        assert!(answer(200, "Play", good).is_err(), "an answer to something else");
    }
}
