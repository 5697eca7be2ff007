//! What a renderer says of itself: the device description of UPnP Device Architecture 1.0, section 2.1.

use super::http::{At, get};

/// What is needed to speak to a renderer.
#[derive(Clone, PartialEq, Debug)]
pub struct Described {
    pub transport: Service,
    pub rendering: Service,
    /// Its loudest; a volume of ours is percent of it.
    pub loudest: f64,
}

/// Where a service takes its calls, and its type with the version.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Service {
    pub kind: String,
    pub control: At,
}

const TRANSPORT: &str = "urn:schemas-upnp-org:service:AVTransport:";
const RENDERING: &str = "urn:schemas-upnp-org:service:RenderingControl:";
/// Where nothing is said of it.
const LOUDEST: f64 = 100.0;

/// Asks it who it is.
pub async fn describe(at: &At) -> Result<Described, String> {
    let text = get(at).await?;
    let (mut described, scpd) = read(&text, at)?;
    // Renderers are loud up to 30, 100 or 255; one that keeps it to itself is taken as 100.
    if let Some(scpd) = scpd
        && let Ok(text) = get(&scpd).await
    {
        described.loudest = loudest(&text).unwrap_or(LOUDEST);
    }
    Ok(described)
}

/// Reads a description; beside it where the rendering service tells its ranges.
fn read(text: &str, at: &At) -> Result<(Described, Option<At>), String> {
    let wrong = || "what answers there is no media renderer".to_owned();
    let xml = roxmltree::Document::parse(text).map_err(|_| wrong())?;
    let base = child(xml.root_element(), "URLBase").and_then(|base| At::parse(base).ok());
    let base = base.as_ref().unwrap_or(at);
    let service = |kind: &str| {
        let services = xml.descendants().filter(|n| n.tag_name().name() == "service");
        let mut fitting = services.filter(|n| child(*n, "serviceType").is_some_and(|k| k.starts_with(kind)));
        let node = fitting.next().ok_or_else(wrong)?;
        let control = child(node, "controlURL").ok_or_else(wrong)?;
        let service = Service {
            kind: child(node, "serviceType").unwrap_or_default().to_owned(),
            control: base.join(control)?,
        };
        Ok::<_, String>((service, child(node, "SCPDURL").and_then(|url| base.join(url).ok())))
    };
    let ((transport, _), (rendering, scpd)) = (service(TRANSPORT)?, service(RENDERING)?);
    Ok((Described { transport, rendering, loudest: LOUDEST }, scpd))
}

/// The highest value of `Volume`.
fn loudest(text: &str) -> Option<f64> {
    let xml = roxmltree::Document::parse(text).ok()?;
    let volume = xml.descendants().find(|n| n.tag_name().name() == "name" && n.text() == Some("Volume"))?;
    let most = volume.parent()?.descendants().find(|n| n.tag_name().name() == "maximum")?;
    most.text()?.trim().parse().ok().filter(|most| *most >= 1.0)
}

fn child<'a>(node: roxmltree::Node<'a, '_>, name: &str) -> Option<&'a str> {
    let found = node.children().find(|n| n.tag_name().name() == name)?;
    found.text().map(str::trim).filter(|text| !text.is_empty())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn services_are_found_wherever_they_stand_and_their_addresses_are_made_whole() {
        let text = r#"<?xml version="1.0"?><root xmlns="urn:schemas-upnp-org:device-1-0"><device><deviceList><device>
            <serviceList>
              <service><serviceType>urn:schemas-upnp-org:service:AVTransport:1</serviceType>
                <controlURL>/control/transport</controlURL><SCPDURL>t.xml</SCPDURL></service>
              <service><serviceType>urn:schemas-upnp-org:service:RenderingControl:2</serviceType>
                <controlURL>control?a=b</controlURL><SCPDURL>http://10.0.0.2/r.xml</SCPDURL></service>
            </serviceList></device></deviceList></device></root>"#;
        let (found, scpd) =
            read(text, &At::parse("http://10.0.0.1:49152/dev/description.xml").unwrap()).unwrap();
        assert_eq!(found.transport.control.to_string(), "http://10.0.0.1:49152/control/transport");
        assert_eq!(found.rendering.control.to_string(), "http://10.0.0.1:49152/dev/control?a=b");
        assert_eq!(found.rendering.kind, "urn:schemas-upnp-org:service:RenderingControl:2");
        assert_eq!(scpd.unwrap().to_string(), "http://10.0.0.2:80/r.xml");
        let at = At::parse("http://10.0.0.1/").unwrap();
        for wrong in ["", "<html></html>", &text.replace("RenderingControl", "ContentDirectory")] {
            assert_eq!(read(wrong, &at).unwrap_err(), "what answers there is no media renderer");
        }
    }

    #[test]
    fn the_loudest_is_what_it_says() {
        let scpd = "<scpd><serviceStateTable><stateVariable><name>Mute</name></stateVariable><stateVariable>\
            <name>Volume</name><allowedValueRange><minimum>0</minimum><maximum>30</maximum></allowedValueRange>\
            </stateVariable></serviceStateTable></scpd>";
        assert_eq!(loudest(scpd), Some(30.0));
        assert_eq!(loudest(&scpd.replace("30", "0")), None);
        assert_eq!(loudest("<scpd/>"), None);
    }
}
