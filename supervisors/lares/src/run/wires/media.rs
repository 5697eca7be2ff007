//! The wire of music as an actor.

use std::sync::Arc;

use lares_config::{Home, MEDIA, MUSIC_ASSISTANT};
use lares_gateways::media::{
    self, AssistantOptions, MediaGateway, MediaOptions, MpdOptions, PlayerAt, PlayerWire, StreamWire,
};
use lares_household::House;
use lares_household::links::LinkSink;
use lares_kernel::wire::Sink;
use lares_kernel::{Behavior, Context, Fault};
use tokio::runtime::Handle;

use super::broker::{Nothing, read_secret};

/// Runs the connections to the Snapcast server, to renderers, to Music Assistant and to the Music Player Daemons.
pub struct MediaWire {
    house: House,
    gateway: Option<Arc<MediaGateway>>,
}

impl MediaWire {
    pub fn new(house: House) -> Self {
        Self { house, gateway: None }
    }
}

fn options(home: &Home) -> Result<MediaOptions, String> {
    let players = home.players.iter().filter(|(_, player)| !player.twin);
    let streams = home.streams.iter().filter(|(_, stream)| !stream.twin);
    let at = |player: &lares_config::PlayerConfig| match (&player.dlna, &player.assistant) {
        (Some(description), _) => PlayerAt::Renderer(description.clone()),
        (None, Some(called)) => PlayerAt::Assistant(called.clone()),
        (None, None) => PlayerAt::Client(player.client.clone()),
    };
    let players = players.map(|(key, player)| PlayerWire { key: key.clone(), at: at(player) }).collect();
    let stream = |(key, stream): (&String, &lares_config::StreamConfig)| {
        let mpd = stream.mpd.as_ref().map(|mpd| {
            let password = mpd.password.as_ref().map(read_secret).transpose()?;
            Ok::<_, String>(MpdOptions { host: mpd.host.clone(), port: mpd.port, password })
        });
        let (id, url) = (stream.stream.clone(), stream.url.clone());
        Ok(StreamWire { key: key.clone(), id, url, mpd: mpd.transpose()? })
    };
    let streams = streams.map(stream).collect::<Result<_, String>>()?;
    let assistant = home.media.assistant.as_ref().map(|server| {
        let token = server.token.as_ref().map(read_secret).transpose()?;
        Ok::<_, String>(AssistantOptions { host: server.host.clone(), port: server.port, token })
    });
    let server = home.media.server.clone();
    Ok(MediaOptions { server, assistant: assistant.transpose()?, players, streams })
}

impl Behavior for MediaWire {
    type Message = Nothing;

    async fn started(&mut self, context: &mut Context<Nothing>) -> Result<(), Fault> {
        let options = options(&self.house.home()).map_err(Fault::new)?;
        let world = &context.world;
        let sink = |link| Arc::new(LinkSink::new(self.house.link(link), world.load().clone()));
        let sinks = (sink(MEDIA) as Arc<dyn Sink>, sink(MUSIC_ASSISTANT) as Arc<dyn Sink>);
        let kept = self.house.graph().map(MEDIA);
        let (clock, chance) = (world.clock().clone(), world.chance().clone());
        let gateway = media::start(options, clock, chance, sinks, kept, &Handle::current());
        for link in [MEDIA, MUSIC_ASSISTANT] {
            self.house.set_gateway(link, gateway.clone());
        }
        self.gateway = Some(gateway);
        Ok(())
    }

    async fn handle(&mut self, message: Nothing, _: &mut Context<Nothing>) -> Result<(), Fault> {
        match message {}
    }

    async fn stopping(&mut self, _: &mut Context<Nothing>) {
        if let Some(gateway) = self.gateway.take() {
            gateway.stop();
        }
    }
}
