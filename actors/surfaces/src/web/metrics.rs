//! Figures for Prometheus, in its text format.

use std::fmt::{Display, Write};
use std::sync::atomic::Ordering;

use axum::http::{HeaderValue, header};
use axum::response::IntoResponse;
use lares_kernel::ChildState;

use super::call::{Answered, Call};
use super::problem::Problem;
use crate::control::{Request, View};

/// Of this media type.
pub(super) const TEXT: &str = "text/plain; version=0.0.4; charset=utf-8";

struct Page(String);

impl Page {
    fn head(&mut self, name: &str, kind: &str, help: &str) {
        let _ = writeln!(self.0, "# HELP {name} {help}\n# TYPE {name} {kind}");
    }

    fn value(&mut self, name: &str, labels: &[(&str, &str)], value: impl Display) {
        let escaped = |v: &str| v.replace('\\', "\\\\").replace('"', "\\\"").replace('\n', "\\n");
        let labels: Vec<String> = labels.iter().map(|(k, v)| format!("{k}=\"{}\"", escaped(v))).collect();
        let labels = if labels.is_empty() { String::new() } else { format!("{{{}}}", labels.join(",")) };
        let _ = writeln!(self.0, "{name}{labels} {value}");
    }
}

pub(super) async fn metrics(call: Call) -> Answered {
    let View::Status(status) = call.ask(Request::Status).await? else {
        return Err(Problem::failed("the household answered something else than was asked"));
    };
    let report = call.shared.asked.live().report;
    let mut page = Page(String::new());
    page.head("lares_uptime_seconds", "gauge", "Time since the start");
    page.value("lares_uptime_seconds", &[], status.uptime_s.unwrap_or(0.0));
    page.head("lares_journal_events", "gauge", "Events in the journal");
    page.value("lares_journal_events", &[], status.events);
    page.head("lares_data_bytes", "gauge", "Size of the database");
    page.value("lares_data_bytes", &[], status.bytes.unwrap_or(0));
    let process = status.process.as_ref();
    page.head("lares_commits_total", "counter", "Group commits since the start");
    page.value("lares_commits_total", &[], process.and_then(|p| p.commits).unwrap_or(0));
    page.head("lares_store_failing", "gauge", "1 while nothing can be kept");
    page.value("lares_store_failing", &[], u8::from(process.is_some_and(|p| p.trouble.is_some())));
    page.head("lares_devices", "gauge", "Devices by status");
    let d = status.devices;
    for (word, count) in
        [("online", d.online), ("offline", d.offline), ("quarantined", d.quarantined), ("unknown", d.unknown)]
    {
        page.value("lares_devices", &[("status", word)], count);
    }
    page.head("lares_link_up", "gauge", "1 for a link that is online");
    for link in &status.links {
        page.value("lares_link_up", &[("link", &link.link)], u8::from(link.status == "online"));
    }
    page.head("lares_actor_restarts_total", "counter", "Restarts of an actor");
    for child in &report {
        page.value("lares_actor_restarts_total", &[("path", &child.path)], child.restarts);
    }
    page.head("lares_actor_quarantined", "gauge", "1 for an actor that was set aside");
    for child in &report {
        let quarantined = u8::from(child.state == ChildState::Quarantined);
        page.value("lares_actor_quarantined", &[("path", &child.path)], quarantined);
    }
    page.head("lares_actor_waiting_messages", "gauge", "Messages in an actor's mailbox");
    for child in &report {
        page.value("lares_actor_waiting_messages", &[("path", &child.path)], child.waiting);
    }
    page.head("lares_actor_messages_total", "counter", "Messages that an actor handled");
    for child in &report {
        page.value("lares_actor_messages_total", &[("path", &child.path)], child.handled);
    }
    let counts = &call.shared.counts;
    page.head("lares_web_requests_total", "counter", "Answers of the web surface");
    for (word, counter) in [("fine", &counts.fine), ("refused", &counts.refused), ("failed", &counts.failed)]
    {
        page.value("lares_web_requests_total", &[("outcome", word)], counter.load(Ordering::Relaxed));
    }
    page.head("lares_web_connections", "gauge", "Open connections");
    page.value("lares_web_connections", &[], counts.connections.load(Ordering::Relaxed));
    page.head("lares_web_streams", "gauge", "Clients that listen to live changes");
    page.value("lares_web_streams", &[], counts.streams.load(Ordering::Relaxed));
    let mut response = page.0.into_response();
    response.headers_mut().insert(header::CONTENT_TYPE, HeaderValue::from_static(TEXT));
    Ok(response)
}
